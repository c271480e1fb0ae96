"""A picture that was sent, and how to refine it: in its run folder before anything is done about it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from agent.studio.forms import Start
from graph.folder import write_atomically
from graph.ownership import MARK, mark
from renderers.pictures import Laid, load_laid

FORM = "sent.json"
"""How it is to be refined. Written last: where it is, the picture is whole."""
_PICTURE = "sent.picture"


def keep(folder: Path, picture: bytes, form: Start) -> None:
    """Keep a picture until its run has begun; whoever is killed before that loses nothing.

    Raises:
        FolderError: The folder cannot be written.
    """
    mark(folder)
    write_atomically(folder / _PICTURE, picture)
    write_atomically(folder / FORM, form.model_dump_json().encode())


def form_of(folder: Path) -> Start | None:
    """How the picture that waits in a folder is to be refined; None where none waits."""
    try:
        return Start.model_validate_json((folder / FORM).read_bytes())
    except (OSError, ValidationError):
        return None


def picture_of(folder: Path, name: str) -> Laid:
    """The picture that waits in a folder.

    Args:
        folder: The run folder.
        name: What to call the picture in an error message.

    Raises:
        PictureError: It cannot be read.
    """
    return load_laid(folder / _PICTURE, name)


def forget(folder: Path) -> None:
    """Remove what waits: the run has begun, and has its picture."""
    for name in (FORM, _PICTURE):
        (folder / name).unlink(missing_ok=True)


def take_back(folder: Path) -> None:
    """Remove what waits and cannot be read, and the folder that was made for it."""
    forget(folder)
    (folder / MARK).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
