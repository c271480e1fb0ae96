"""A row of any table as an entry: which column holds the picture, and in which form."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from agent.batch.items import Entry
from agent.errors import InputError
from renderers.kinds import KINDS
from renderers.types import Kind

PICTURE_COLUMNS = (
    *("image", "picture", "path", "file_name", "file", "filename", "image_path", "img_path", "picture_path"),
    *("gt_img_path", "images", "img", "png", "jpg"),
)
"""Names under which a picture is looked for, the first found being taken; ``gt_img_path`` is that of
VC-RewardBench, whose ``category`` is the kind."""

_CODE_COLUMNS = ("reference_code", "code")
_REWARD_BENCH = "gt_img_path"
_LONGEST_PATH = 4096
"""Characters of a path that Linux takes (PATH_MAX)."""


class Fault(Exception):  # noqa: N818 - an outcome of one row, never seen outside of the readers
    """Why one row has no picture."""


def picture_column(names: Iterable[str], wanted: str | None, file: Path) -> str:
    """The column that holds the pictures.

    Args:
        names: The columns that there are.
        wanted: The one asked for, if one was.
        file: Where they are.

    Raises:
        InputError: There is none of them; says which there are.
    """
    known = [str(name) for name in names]
    if wanted is not None and wanted in known:
        return wanted
    found = None if wanted is not None else next((name for name in PICTURE_COLUMNS if name in known), None)
    if found is not None:
        return found
    missing = f"no column {wanted!r}" if wanted is not None else "no column of pictures that is known by name"
    raise InputError(
        f"{file}: there is {missing}; the columns are {', '.join(known) or 'none'}; name one with --column"
    )


def other_columns(names: Iterable[str]) -> list[str]:
    """The columns that are read besides the picture's, of those that there are."""
    wanted = ("id", "kind", "category", *_CODE_COLUMNS)
    known = set(names)
    return [name for name in wanted if name in known]


def entry_of(row: Mapping[str, Any], column: str, file: Path, number: int) -> Entry:
    """A row as an entry; what is wrong with it becomes its fault.

    Args:
        row: Its values by column; without the picture's where pictures are not asked for.
        column: Which of them is the picture.
        file: Where the row stands; paths are relative to its folder.
        number: Of the row or line, from 1.
    """
    source = f"{file}: row {number}"
    picture, kind, named, fault = None, None, "", ""
    try:
        kind = kind_in(row.get("category") if column == _REWARD_BENCH else row.get("kind"))
        if column in row:
            picture, named = _picture(row[column], file.parent)
    except Fault as error:
        fault = str(error)
    given = row.get("id")
    known = isinstance(given, str | int | float) and given != ""
    return Entry(
        source=source,
        picture=picture,
        id=str(given) if known else named or f"{file.stem}-{number}",
        kind=kind,
        code=next(
            (row[name] for name in _CODE_COLUMNS if row.get(name) and isinstance(row[name], str)), None
        ),
        fault=fault,
    )


def faulty(file: Path, number: int, fault: str) -> Entry:
    """The entry of a row that cannot be read at all."""
    return Entry(f"{file}: row {number}", None, f"{file.stem}-{number}", fault=fault)


def kind_in(value: Any) -> Kind | None:
    """The kind that a row names; None where it names none.

    Raises:
        Fault: It names something else.
    """
    name = str(value).strip().lower() if value is not None else ""
    if name in ("", "auto"):
        return None
    try:
        return Kind(name)
    except ValueError:
        raise Fault(f"kind {name[:40]!r}: choose one of {', '.join(KINDS.names())}") from None


def _picture(value: Any, base: Path) -> tuple[Path | bytes, str]:
    """A row's picture, and what to call the row after it.

    Text is a path or a data URI; a mapping is what the ``Image`` feature of Hugging Face datasets holds.
    """
    if isinstance(value, list) and value:
        value = value[0]
    name = ""
    if isinstance(value, Mapping):
        name = str(value.get("path") or "")
        value = value["bytes"] if value.get("bytes") or (value.get("bytes") == b"" and not name) else name
    if isinstance(value, bytes):
        if not value:
            raise Fault("the picture is empty: it has no bytes")
        return value, name
    if not isinstance(value, str) or not value.strip():
        raise Fault("the row has no picture")
    if value.startswith("data:"):
        return _from_data_uri(value), ""
    if value.startswith(("http://", "https://")):
        raise Fault(f"{value[:200]}: is an address; fetch the pictures first")
    if "\0" in value or len(value) > _LONGEST_PATH:
        raise Fault(f"{value[:40]!r}...: neither the path of a picture nor a data URI")
    path = base / value
    if not Path(os.path.normpath(path)).is_relative_to(os.path.normpath(base)):
        raise Fault(f"{value[:200]!r}: leads out of the folder {base}; move the table above its pictures")
    return path, value


def _from_data_uri(uri: str) -> bytes:
    head, comma, body = uri.partition(",")
    if not comma:
        raise Fault("a data URI without a comma")
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(f"a damaged data URI ({error})") from None
