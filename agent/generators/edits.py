"""Edits that a model answers with in place of the whole program: SEARCH/REPLACE blocks and unified diffs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

_SEARCH, _DIVIDER, _REPLACE = "<<<<<<<", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines to look for, and what to put in their place."""

    old: tuple[str, ...]
    new: tuple[str, ...]


def read_edits(answer: str) -> tuple[Edit, ...]:
    """The edits in an answer, in order; none where it gives none."""
    lines = answer.splitlines()
    return tuple(_blocks(lines)) or tuple(_hunks(lines))


def apply_edits(code: str, edits: Sequence[Edit]) -> str | None:
    """The code with all edits done; None where one of them does not fit.

    Space at the ends of lines does not count. Where the lines stand several times, those after the edit
    before are meant, as in a diff; the numbers in a diff are not read, for models miscount.
    """
    lines, position = code.splitlines(), 0
    for edit in edits:
        place = _find(lines, edit.old, position)
        place = _find(lines, edit.old, 0) if place is None else place
        if place is None:
            return None
        lines[place : place + len(edit.old)] = edit.new
        position = place + len(edit.new)
    return "\n".join(lines) + "\n"


def _find(lines: Sequence[str], wanted: Sequence[str], start: int) -> int | None:
    if not wanted:
        return None
    stripped = [line.rstrip() for line in wanted]
    for place in range(start, len(lines) - len(wanted) + 1):
        if all(line.rstrip() == other for line, other in zip(lines[place:], stripped, strict=False)):
            return place
    return None


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
    """The hunks of a unified diff."""
    hunk: list[str] | None = None
    for line in [*lines, "```"]:
        ended = line.startswith(("@@", "--- ", "+++ ", "diff ", "```"))
        if ended and hunk:
            edit = _edit_of(hunk)
            if edit.old != edit.new:
                yield edit
        if ended:
            hunk = [] if line.startswith("@@") else None
        elif hunk is not None:
            hunk.append(line)


def _edit_of(hunk: Sequence[str]) -> Edit:
    known = [
        line if line[:1] in ("+", "-", " ") else f" {line}" for line in hunk if not line.startswith("\\")
    ]
    old = tuple(line[1:] for line in known if line[0] != "+")
    new = tuple(line[1:] for line in known if line[0] != "-")
    return Edit(old, new)
