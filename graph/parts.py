"""What a revision changed, change by change, and code with some of the changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST = 8
"""Changes that one revision is taken apart into: each is drawn alone. More are joined, the nearest first."""

_KEPT = 0.5
"""Share of the code that a revision leaves as it was, below which it is another program and has no parts."""

_PIECES = re.compile(r"(?<=[\n}>])|(?=<)")
"""Code is compared by lines, by tags and what stands between them, and by rules of CSS."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place where a revision differs from the code before.

    Attributes:
        start: Number of the first piece of the code before that it replaces.
        end: Number of the piece after the last.
        pieces: What stands there instead.
    """

    start: int
    end: int
    pieces: tuple[str, ...]

    def touches(self, other: Change) -> bool:
        """Whether the two replace the same pieces or begin at the same place: they cannot both be made."""
        shared = self.start < other.end and other.start < self.end
        return shared or self.start == other.start


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The changes, ``MOST`` at most, that make one code of another; none of a program that is another."""
    old, new = _PIECES.split(before), _PIECES.split(after)
    found = [
        Change(start, end, tuple(new[first:last]))
        for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    if len(old) - sum(item.end - item.start for item in found) < _KEPT * len(old):
        return ()
    while len(found) > MOST:
        place = min(range(1, len(found)), key=lambda number: found[number].start - found[number - 1].end)
        found[place - 1 : place + 1] = [_joined(old, found[place - 1], found[place])]
    return tuple(found)


def _joined(old: Sequence[str], one: Change, two: Change) -> Change:
    return Change(one.start, two.end, (*one.pieces, *old[one.end : two.start], *two.pieces))


def with_changes(before: str, made: Iterable[Change]) -> str:
    """The code with these changes, no two of which touch each other."""
    old, code, done = _PIECES.split(before), list[str](), 0
    for item in sorted(made, key=lambda change: change.start):
        code += [*old[done : item.start], *item.pieces]
        done = item.end
    return "".join((*code, *old[done:]))


def apart(found: Sequence[Change]) -> tuple[Change, ...]:
    """Those that do not touch one before them in the sequence."""
    kept: list[Change] = []
    for item in found:
        if not any(item.touches(other) for other in kept):
            kept.append(item)
    return tuple(kept)
