"""What a revision changed, change by change, and code with some of the changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

MOST = 8
"""Changes that one revision is taken apart into: each is drawn alone. More are joined, the nearest first."""

_KEPT = 0.5
"""Share of the code that a revision leaves as it was, below which it is another program and has no parts."""

_PIECES = re.compile(r"(?<=[\n}>])|(?=<)")
"""Code is compared by lines, by tags and what stands between them, and by rules of CSS."""

_MOVED = 0.5
"""Share of the letters that are taken out in one place and put in at another, above which they moved."""

_WORDS = re.compile(r"\w+|\W")
_LONG = 2_000
"""Words and signs of an edit above which it is not compared word by word: that takes time by their square,
more than a second for an outline of 7,000 letters."""


@dataclass(frozen=True, slots=True)
class Span:
    """One place where a revision differs from the code before.

    Attributes:
        start: Number of the first piece of the code before that it replaces.
        end: Number of the piece after the last.
        pieces: What stands there instead.
    """

    start: int
    end: int
    pieces: tuple[str, ...]

    def touches(self, other: Span) -> bool:
        """Whether the two replace the same pieces or begin at the same place: they cannot both be made."""
        shared = self.start < other.end and other.start < self.end
        return shared or self.start == other.start


@dataclass(frozen=True, slots=True)
class Change:
    """Places that are changed together, such as the two that a piece is moved from and to.

    Attributes:
        spans: The places, in order.
    """

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """All that stands there instead."""
        return "".join(piece for span in self.spans for piece in span.pieces)

    def touches(self, other: Change) -> bool:
        """Whether a place of one touches one of the other."""
        return any(one.touches(two) for one in self.spans for two in other.spans)


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The changes, ``MOST`` at most, that make one code of another; none of a program that is another.

    What does the same to several places is one change (all cells of a row in another colour), and so is what
    takes a piece away and puts it in elsewhere: half of it is a repair of nothing.
    """
    old, new = _PIECES.split(before), _PIECES.split(after)
    spans = [
        Span(start, end, tuple(new[first:last]))
        for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    if len(old) - sum(item.end - item.start for item in spans) < _KEPT * len(old):
        return ()
    return tuple(_fewer(_together(old, spans)))


def _fewer(found: list[Change]) -> list[Change]:
    """``MOST`` changes at most: those with the fewest pieces between them are one.

    What stands between the nearest two never has a place of a third: so only neighbours are looked at.
    """
    owners = {span: change for change in found for span in change.spans}
    neighbours = pairwise(sorted(owners, key=lambda span: span.start))
    for one, two in sorted(neighbours, key=lambda pair: pair[1].start - pair[0].end):
        first, second = sorted((owners[one], owners[two]), key=lambda change: change.spans[0].start)
        if len(found) > MOST and first is not second:
            joined = _joined(first, second)
            owners.update(dict.fromkeys(joined.spans, joined))
            found = [joined if item is first else item for item in found if item is not second]
    return found


def _together(old: Sequence[str], spans: Sequence[Span]) -> list[Change]:
    """The spans, those that do the same and those of one move together."""
    alike: dict[frozenset[str], list[Span]] = {}
    for span in spans:
        alike.setdefault(_edit("".join(old[span.start : span.end]), "".join(span.pieces)), []).append(span)
    found: list[Change] = []
    for change in (Change(tuple(group)) for group in alike.values()):
        partner = next((other for other in found if _moves(old, change, other)), None)
        if partner is None:
            found.append(change)
        else:
            found[found.index(partner)] = _joined(partner, change)
    return found


def _edit(removed: str, added: str) -> frozenset[str]:
    """What an edit does, wherever it does it: the words that it takes out and puts in."""
    old, new = _WORDS.findall(removed), _WORDS.findall(added)
    if len(old) + len(new) > _LONG:
        return frozenset((f"-{removed}", f"+{added}"))
    return frozenset(
        text
        for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
        for text in ("-" + "".join(old[start:end]), "+" + "".join(new[first:last]))
    )


def _moves(old: Sequence[str], one: Change, two: Change) -> bool:
    """Whether what one of the two takes out is mostly what the other puts in."""
    return any(
        _alike(old[taken.start : taken.end], put.pieces)
        for first, second in ((one, two), (two, one))
        for taken in first.spans
        for put in second.spans
    )


def _alike(taken: Sequence[str], put: Sequence[str]) -> bool:
    if set(taken).isdisjoint(put):
        return False
    out, into = Counter(taken), Counter(put)
    shared, *both = (
        sum(len(piece.strip()) * count for piece, count in found.items()) for found in (out & into, out, into)
    )
    return shared > _MOVED * max(both)


def _joined(one: Change, two: Change) -> Change:
    return Change(tuple(sorted((*one.spans, *two.spans), key=lambda span: span.start)))


def with_changes(before: str, made: Iterable[Change]) -> str:
    """The code with these changes, no two of which touch each other."""
    old, code, done = _PIECES.split(before), list[str](), 0
    for item in sorted((span for change in made for span in change.spans), key=lambda span: span.start):
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
