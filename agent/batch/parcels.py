"""A finished run as bytes, from the machine where it was refined to the batch's folder."""

from __future__ import annotations

import io
import shutil
import uuid
import zipfile
from pathlib import Path

from agent.batch.items import Item
from agent.batch.refining import RUNNING


def pack(folder: Path) -> bytes:
    """All files below a folder, what is unfinished left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parcel:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and name.parts[0] != RUNNING:
                parcel.write(path, name)
    return buffer.getvalue()


def unpack(parcel: bytes, item: Item, out: Path) -> None:
    """Put an item's run, or the code that a lean batch keeps of it, into the batch's folder.

    It takes the place of what an earlier attempt left. A kill in the middle leaves an item without a row,
    which is done again.

    Raises:
        OSError: The folder cannot be written.
    """
    partial = out / RUNNING / uuid.uuid4().hex
    try:
        with zipfile.ZipFile(io.BytesIO(parcel)) as files:
            files.extractall(partial)
        if (partial / item.folder).is_dir():
            shutil.rmtree(out / item.folder, ignore_errors=True)
            _move(partial / item.folder, out / item.folder)
        for code in (partial / item.lean_code).parent.glob("*"):
            _move(code, out / Path(item.lean_code).parent / code.name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
