"""Pictures and code as the command line names them: a path, or ``-`` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from agent.errors import InputError
from renderers.pictures import load_picture
from renderers.types import Image

STDIN = "-"


def read_picture(argument: str) -> Image:
    """The pixels of a picture given by path or as ``-``.

    Raises:
        PictureError: It cannot be read.
    """
    if argument == STDIN:
        return load_picture(sys.stdin.buffer.read(), "standard input")
    return load_picture(Path(argument))


def read_code(argument: str) -> str:
    """The text of a code file given by path or as ``-``.

    Raises:
        InputError: It cannot be read, or is not text.
    """
    try:
        data = sys.stdin.buffer.read() if argument == STDIN else Path(argument).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise InputError(f"{argument}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{argument}: is not text in UTF-8") from error


def name_of(argument: str) -> str:
    """What to call a picture in its report."""
    return "standard input" if argument == STDIN else Path(argument).name


def stem_of(argument: str) -> str:
    """What to call the folder of a picture's run."""
    return "stdin" if argument == STDIN else (Path(argument).stem or "picture")


def folder_names(arguments: list[str]) -> list[str]:
    """A folder name for each picture; equal names are numbered from the second on."""
    names: list[str] = []
    for argument in arguments:
        stem, name, number = stem_of(argument), stem_of(argument), 2
        while name in names:
            name, number = f"{stem}-{number}", number + 1
        names.append(name)
    return names
