"""What became of each discrepancy between one critique and the next."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from critic.types import Box, Discrepancy

_SAME = 0.5
"""Likeness from which two discrepancies of one category, with places, are the same one."""

_SAME_WORDS = 0.6
"""The same where no place is known on one of the sides, so that words must carry it alone."""

_PLACE_WEIGHT = 0.6
_EQUAL_LOCATION = 0.8
"""An equal location phrase says less than an equal box: several discrepancies share "plot area"."""

_SLACK = 8.0
"""Pixels that a box may always wander between two critiques: readings are that inexact."""

_FAVOUR_PAIRS = 1e-6
_FAVOUR_EQUAL = 1e-8
_WORDS = re.compile(r"\w+(?:\.\d+)?")
_NUMBERS = re.compile(r"\d+")


class Fate(StrEnum):
    """What became of a discrepancy."""

    FIXED = "fixed"
    OPEN = "open"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Fates:
    """The fates of two critiques' discrepancies.

    Attributes:
        before: Fixed or open, one for each earlier discrepancy.
        after: Open or new (a regression), one for each later discrepancy.
        pairs: The open ones: index before, index after.
    """

    before: tuple[Fate, ...]
    after: tuple[Fate, ...]
    pairs: tuple[tuple[int, int], ...]


def fates(before: Sequence[Discrepancy], after: Sequence[Discrepancy]) -> Fates:
    """Match two critiques' discrepancies one to one, and say which were fixed, stayed open or are new.

    Two discrepancies can be the same only within one category; how alike they are is judged by place (the
    boxes, else the location) and by words. Of all ways to pair them, the one with the greatest total
    likeness is taken.
    """
    matched = pairs(before, after)
    kept = {first for first, _ in matched}
    stayed = {second for _, second in matched}
    return Fates(
        before=tuple(Fate.OPEN if index in kept else Fate.FIXED for index in range(len(before))),
        after=tuple(Fate.OPEN if index in stayed else Fate.NEW for index in range(len(after))),
        pairs=matched,
    )


def pairs(before: Sequence[Discrepancy], after: Sequence[Discrepancy]) -> tuple[tuple[int, int], ...]:
    """The discrepancies that are the same in both, matched one to one: index before, index after."""
    if not before or not after:
        return ()
    contents = [tuple(vars(item).values()) for item in after]  # compared twenty times as fast as models
    equal = np.array([[tuple(vars(item).values()) == other for other in contents] for item in before])
    scores = equal.astype(float)
    for row, column in np.argwhere(~equal):
        scores[row, column] = _partial(before[row], after[column])
    # Tiny bonuses settle ties in favour of more pairs, so that the counts do not depend on the order, and
    # among those in favour of equal ones.
    favoured = scores + _FAVOUR_PAIRS + _FAVOUR_EQUAL * equal
    from scipy.optimize import linear_sum_assignment  # half a second to load, and a draft needs none

    rows, columns = linear_sum_assignment(np.where(scores > 0, favoured, 0.0), maximize=True)
    return tuple((int(row), int(col)) for row, col in zip(rows, columns, strict=True) if scores[row, col] > 0)


def likeness(first: Discrepancy, second: Discrepancy) -> float:
    """How alike two discrepancies are, up to 1; 0 where they cannot be the same."""
    return 1.0 if first == second else _partial(first, second)


def _partial(first: Discrepancy, second: Discrepancy) -> float:
    """How alike two unequal discrepancies are."""
    if first.category != second.category:
        return 0.0
    words = _shared_words(first.description, second.description)
    place = _place(first, second)
    if place is None:
        return words if words >= _SAME_WORDS else 0.0
    total = _PLACE_WEIGHT * place + (1.0 - _PLACE_WEIGHT) * words
    return total if total >= _SAME else 0.0


def _place(first: Discrepancy, second: Discrepancy) -> float | None:
    """How near two discrepancies are, 0..1; None where a side does not say where it is."""
    near = [] if first.box is None or second.box is None else [_nearness(first.box, second.box)]
    if first.location and second.location:
        near.append(_EQUAL_LOCATION * _same_location(first.location.casefold(), second.location.casefold()))
    return max(near) if near else None


def _same_location(here: str, there: str) -> float:
    """How alike two location phrases are; not at all where they count to different rows, bars or parts."""
    if here == there:
        return 1.0
    counted = [_NUMBERS.findall(text) for text in (here, there)]
    return 0.0 if all(counted) and counted[0] != counted[1] else _shared_words(here, there)


def _nearness(first: Box, second: Box) -> float:
    """Overlap of two boxes, or how close their centres are for their size, whichever says more."""
    if not all(map(math.isfinite, (*first, *second))):
        return 1.0 if tuple(map(str, first)) == tuple(map(str, second)) else 0.0
    if first == second:
        return 1.0
    apart = math.hypot(
        (first.x0 + first.x1) / 2 - (second.x0 + second.x1) / 2,
        (first.y0 + first.y1) / 2 - (second.y0 + second.y1) / 2,
    )
    reach = _SLACK + min(_diagonal(first), _diagonal(second)) / 2
    return max(_overlap(first, second), 1.0 - apart / reach, 0.0)


def _diagonal(box: Box) -> float:
    return math.hypot(box.width, box.height)


def _overlap(first: Box, second: Box) -> float:
    """Intersection over union."""
    width = max(0.0, min(first.x1, second.x1) - max(first.x0, second.x0))
    height = max(0.0, min(first.y1, second.y1) - max(first.y0, second.y0))
    inside = width * height
    union = _area(first) + _area(second) - inside
    return inside / union if union > 0 and math.isfinite(union) else 0.0


def _area(box: Box) -> float:
    return max(0.0, box.width) * max(0.0, box.height)


def _shared_words(first: str, second: str) -> float:
    """Dice coefficient of the words, each as often as it stands; 1 for equal texts."""
    if first == second:
        return 1.0
    here, there = (Counter(_WORDS.findall(text.casefold())) for text in (first, second))
    total = here.total() + there.total()
    return 2 * (here & there).total() / total if total else 0.0
