"""Pictures and code as the command line names them: a path, or ``-`` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image as PILImage
from PIL import ImageGrab

from agent.commands.failures import complain
from agent.documents.download import download, file_name, is_address
from agent.errors import InputError
from agent.sources import to_laid
from renderers.files import read_bounded, read_regular
from renderers.pictures import MAX_BYTES, Laid, load_laid
from renderers.types import Image

STDIN = "-"
CLIPBOARD = "<clipboard>"
"""Stands among arguments for the picture on the clipboard; no shell takes it for a file."""

_LONGEST_CODE = 50_000_000
"""Bytes: more than any renderer takes."""


def read_picture(argument: str) -> Image:
    """The pixels of a picture given by path or as ``-``; errors as for ``read_laid``."""
    return read_laid(argument).pixels


def read_laid(argument: str) -> Laid:
    """A picture given by path, address, as ``-`` or ``CLIPBOARD``.

    Where it lies on another ground than white, or is one frame of several, that is said.

    Raises:
        PictureError: It cannot be read.
        InputError: There is none on the clipboard, or at the address.
    """
    if argument == STDIN:
        laid = load_laid(_standard_input(MAX_BYTES), "standard input")
    elif is_address(argument):
        laid = load_laid(download(argument), argument)
    elif argument == CLIPBOARD:
        laid = to_laid(_on_clipboard())
    else:
        laid = to_laid(argument)
    if laid.frames > 1:
        complain(f"{argument}: has {laid.frames} frames, of which the first is taken; --pages takes others")
    if laid.ground is not None:
        complain(f"{argument}: white on a transparent ground, which is taken as {laid.ground}")
    return laid


def read_code(argument: str) -> str:
    """The text of a code file given by path or as ``-``.

    Raises:
        InputError: It cannot be read, or is not text.
    """
    try:
        data = (
            _standard_input(_LONGEST_CODE)
            if argument == STDIN
            else read_regular(Path(argument), _LONGEST_CODE)
        )
        return data.decode("utf-8")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise InputError(f"{argument}: is not text in UTF-8") from error
        raise InputError(f"{argument}: cannot be read ({getattr(error, 'strerror', error)})") from error


def _on_clipboard() -> PILImage.Image | Path:
    """The picture on the clipboard, or the first file that was copied there.

    Raises:
        InputError: There is none, or the clipboard cannot be reached.
    """
    try:
        found = ImageGrab.grabclipboard()
    except (NotImplementedError, OSError) as error:  # Pillow asks wl-paste or xclip on Linux
        raise InputError(f"the clipboard: cannot be read ({error})") from error
    if isinstance(found, PILImage.Image):
        return found
    if not found:
        raise InputError("the clipboard: there is no picture on it; copy one first")
    return Path(found[0])


def _standard_input(most: int) -> bytes:
    try:
        return read_bounded(sys.stdin.buffer, most)
    except OSError as error:
        raise InputError(f"standard input: cannot be read ({error.strerror})") from error


def name_of(argument: str) -> str:
    """What to call a picture in its report."""
    named = {STDIN: "standard input", CLIPBOARD: "clipboard"}.get(argument)
    return named or (file_name(argument) if is_address(argument) else Path(argument).name)


def stem_of(argument: str) -> str:
    """What to call the folder of a picture's run."""
    named = {STDIN: "stdin", CLIPBOARD: "clipboard"}.get(argument)
    path = Path(file_name(argument)) if is_address(argument) else Path(argument)
    return named or path.stem or "picture"


def folder_names(arguments: list[str]) -> list[str]:
    """A folder name for each picture; equal names are numbered from the second on."""
    names: list[str] = []
    for argument in arguments:
        stem, name, number = stem_of(argument), stem_of(argument), 2
        while name in names:
            name, number = f"{stem}-{number}", number + 1
        names.append(name)
    return names
