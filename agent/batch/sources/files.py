"""The files that a source is made of: a file, a folder's in order, or those that a pattern names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from agent.errors import InputError

_MAGIC = re.compile(r"[*?\[]")
_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")
_MOST_BRACED = 1_000_000
_EMPTY_SET = "[]"
"""What names no character of a set, and so stands for itself."""


def is_pattern(spec: str) -> bool:
    """Whether a source is given as a pattern rather than as a path."""
    return not Path(spec).exists() and bool(_MAGIC.search(spec) or _BRACES.search(spec))


def walk(root: Path, without: Path | None = None) -> Iterator[Path]:
    """The files below a folder in order of their names, a folder at a time in memory.

    What begins with a dot is left out, and a folder that links back to one above it.

    Args:
        root: The folder.
        without: A folder that is passed over.

    Raises:
        InputError: A folder cannot be read.
    """
    passed_over = without.resolve() if without is not None else None
    return _walk(root, passed_over, ())


def _walk(folder: Path, without: Path | None, above: tuple[Path, ...]) -> Iterator[Path]:
    real = folder.resolve()
    if real == without or real in above:
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(
                (entry.name, entry.is_dir()) for entry in found if not entry.name.startswith(".")
            )
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from error
    for name, is_folder in entries:
        if is_folder:
            yield from _walk(folder / name, without, (*above, real))
        else:
            yield folder / name


def matching(pattern: str, without: Path | None = None) -> tuple[Path, Iterator[Path]]:
    """The files that a pattern names, in order, and the folder above all of them.

    ``*``, ``?`` and ``[...]`` stand for parts of a name, ``**`` for any folders; ``{000..003}`` and ``{a,b}``
    are written out, the files then coming in the order written.

    Args:
        pattern: With any of these.
        without: A folder that is passed over.

    Raises:
        InputError: A file that is written out does not exist.
    """
    if not _MAGIC.search(pattern):
        written = [Path(name) for name in _written_out(pattern)]
        for path in written:
            if not path.is_file():
                raise InputError(f"{path}: no such file")
        return Path(os.path.commonpath([path.parent for path in written])), iter(written)
    parts = Path(pattern).parts
    fixed = next(index for index, part in enumerate(parts) if _MAGIC.search(part) or _BRACES.search(part))
    root = Path(*parts[:fixed])
    if not root.is_dir():
        raise InputError(f"{root}: no such folder")
    tests = [re.compile(_expression(Path(name).parts[fixed:])) for name in _written_out(pattern)]
    found = (
        path
        for path in walk(root, without)
        if any(test.fullmatch(path.relative_to(root).as_posix()) for test in tests)
    )
    return root, found


def _written_out(pattern: str) -> list[str]:
    pieces = _BRACES.split(pattern)
    choices = [
        [piece] if index % 2 == 0 else _alternatives(piece, pattern) for index, piece in enumerate(pieces)
    ]
    return ["".join(chosen) for chosen in product(*choices)]


def _alternatives(braced: str, pattern: str) -> list[str]:
    numbers = _RANGE.fullmatch(braced)
    if not numbers:
        return braced.split(",")
    first, last = int(numbers[1]), int(numbers[2])
    if not 0 <= last - first < _MOST_BRACED:
        raise InputError(f"{pattern}: {{{braced}}} should go from a lower to a higher number")
    return [f"{number:0{len(numbers[1])}d}" for number in range(first, last + 1)]


def _expression(parts: tuple[str, ...]) -> str:
    """A regular expression for the parts of a path."""
    pieces = []
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            pieces.append(".*" if last else "(?:.*/)?")
        else:
            pieces.append(_name_expression(part) + ("" if last else "/"))
    return "".join(pieces)


def _name_expression(part: str) -> str:
    pieces = []
    for token in re.findall(r"\[!?\]?[^\]]*\]|.", part):
        if token == "*":
            pieces.append("[^/]*")
        elif token == "?":
            pieces.append("[^/]")
        elif len(token) > len(_EMPTY_SET) and token.startswith("["):
            inside = token[1:-1].replace("\\", "\\\\")
            pieces.append(f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]")
        else:
            pieces.append(re.escape(token))
    return "".join(pieces)
