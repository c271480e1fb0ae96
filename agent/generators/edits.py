"""Edits that a model answers with in place of the program: SEARCH/REPLACE blocks, diffs, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from agent.generators.wrapped import objects, values

_SEARCH, _DIVIDER, _REPLACE = "<<<<<<<", "=======", ">>>>>>>"
_ENDS = ("@@", "--- ", "+++ ", "*** ", "diff ", "```", "~~~")
"""Lines that are no part of a hunk; of those, a hunk follows after the ones below."""

_BEGINS = ("@@", "+++ ", "```diff", "```patch", "~~~diff")
_KEYS = (
    ("search", "replace"),
    ("find", "replace"),
    ("old", "new"),
    ("old_str", "new_str"),
    ("old_string", "new_string"),
    ("old_text", "new_text"),
    ("before", "after"),
    ("original", "replacement"),
    ("original", "updated"),
)
"""What models call the two texts of an edit, many of them from the tools that they were taught."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines to look for, and what to put in their place."""

    old: tuple[str, ...]
    new: tuple[str, ...]


def read_edits(answer: str) -> tuple[Edit, ...]:
    """The edits in an answer, in order; none where it gives none."""
    lines = answer.splitlines()
    return tuple(_blocks(lines)) or tuple(_hunks(lines)) or tuple(_pairs(answer))


def apply_edits(code: str, edits: Sequence[Edit]) -> str | None:
    """The code with all edits done; None where one of them does not fit.

    Space at the ends of lines does not count, nor at their beginnings where the edit does not fit otherwise:
    what is new is then set in as the code is. Where the lines stand several times, those after the edit
    before are meant, as in a diff; the numbers in a diff are not read, for models miscount.
    """
    lines, position = code.splitlines(), 0
    for edit in edits:
        found = _placed(lines, edit, position)
        if found is None:
            return None
        place, edit = found
        lines[place : place + len(edit.old)] = edit.new
        position = place + len(edit.new)
    return "\n".join(lines) + "\n"


def _placed(lines: Sequence[str], edit: Edit, position: int) -> tuple[int, Edit] | None:
    """Where an edit fits, and the edit as it is set in there."""
    for start in (position, 0):
        place = _find(lines, edit.old, start)
        if place is not None:
            return place, edit
    if not any(line.strip() for line in edit.old):
        return None
    place = _find([line.lstrip() for line in lines], [line.lstrip() for line in edit.old], 0)
    return None if place is None else (place, _set_in(edit, lines[place : place + len(edit.old)]))


def _set_in(edit: Edit, lines: Sequence[str]) -> Edit:
    """The edit with what is new indented as the code is that it replaces."""
    there, here = next(
        (_indent(line), _indent(old)) for line, old in zip(lines, edit.old, strict=True) if old.strip()
    )
    new = tuple(there + line.removeprefix(here) if line.strip() else line for line in edit.new)
    return Edit(edit.old, new)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _find(lines: Sequence[str], wanted: Sequence[str], start: int) -> int | None:
    if not wanted:
        return None
    stripped = [line.rstrip() for line in wanted]
    for place in range(start, len(lines) - len(wanted) + 1):
        if all(line.rstrip() == other for line, other in zip(lines[place:], stripped, strict=False)):
            return place
    return None


def _pairs(answer: str) -> Iterator[Edit]:
    """Edits that are written as JSON."""
    for value in values(answer):
        for item in objects(value):
            for search, replace in _KEYS:
                old, new = item.get(search), item.get(replace)
                if isinstance(old, str) and isinstance(new, str) and old.strip() and old != new:
                    yield Edit(tuple(old.strip("\n").split("\n")), tuple(new.strip("\n").split("\n")))
                    break


def _blocks(lines: Sequence[str]) -> Iterator[Edit]:
    """SEARCH/REPLACE blocks that are whole."""
    remaining = iter(lines)
    for line in remaining:
        if line.strip().startswith(_SEARCH):
            old = tuple(takewhile(lambda item: not item.strip().startswith(_DIVIDER), remaining))
            new: list[str] = []
            for item in remaining:
                if item.strip().startswith(_REPLACE):
                    yield Edit(old, tuple(new))
                    break
                new.append(item)


def _hunks(lines: Sequence[str]) -> Iterator[Edit]:
    """The hunks of a diff: unified, without its heads, or as patches for tools are."""
    hunk: list[str] | None = None
    for line in [*lines, "```"]:
        ended = line.startswith(_ENDS)
        if ended and hunk:
            edit = _edit_of(hunk)
            if edit.old != edit.new:
                yield edit
        if ended:
            hunk = [] if line.startswith(_BEGINS) else None
        elif hunk is not None:
            hunk.append(line)


def _edit_of(hunk: Sequence[str]) -> Edit:
    known = [
        line if line[:1] in ("+", "-", " ") else f" {line}" for line in hunk if not line.startswith("\\")
    ]
    old = tuple(line[1:] for line in known if line[0] != "+")
    new = tuple(line[1:] for line in known if line[0] != "-")
    return Edit(old, new)
