"""Matching without a model: by category, place and words. Deterministic, and the same for every critic.

Two errors are in the *same* place where their boxes agree (intersection over union from a half, or each has
its centre in the other and neither is many times as large), and *near* where one box mostly lies in the
other. Where a side has no box, the words of location and description decide, by the share that they have in
common.

- ``yes``: the same category in the same place; or near, with the particulars in common: a text in quotes, a
  number, a colour.
- ``partial``: the same category near; or another category in the same place with particulars in common.

A critic that answers with boxes of the whole picture so gets no hit for a small part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from critic.rewardbench.matching import Level, Match, Matched, complete
from critic.rewardbench.records import Item
from critic.types import Box, Discrepancy

_SAME_OVERLAP = 0.5
"""Intersection over union that object detection counts as a hit (PASCAL VOC)."""

_SAME_SIZE = 6.0
"""How many times as large one box may be whose centre lies in the other: a bar against it and its label."""

_NEAR_SHARE = 0.5
"""Of the smaller box, that has to lie in the larger one."""

_SAME_WORDS, _NEAR_WORDS = 0.5, 0.25
"""Dice coefficient of the words, where a box is missing."""

_WEIGHTS: Final[dict[Level, float]] = {"yes": 1.0, "partial": 0.4}
"""Of the assignment: two partial matches never take the place of one that is certain."""

_QUOTED = re.compile(r"['\"‘’“”]([^'\"‘’“”]{1,80})['\"‘’“”]")
_FIGURES = re.compile(r"#[0-9a-f]{6}\b|-?\d+(?:[.,]\d+)*%?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_EMPTY_WORDS = {"a", "an", "and", "are", "as", "at", "be", "by", "for", "in", "instead", "is", "it", "not"}
_EMPTY_WORDS |= {"of", "on", "or", "should", "than", "that", "the", "to", "was", "with"}


class _Place(IntEnum):
    ELSEWHERE = 0
    NEAR = 1
    SAME = 2


class RulesMatcher:
    """Matches by the rules above."""

    name = "rules"

    async def match(
        self, item: Item, predicted: Sequence[Discrepancy], known: Sequence[Discrepancy]
    ) -> Matched:
        """Match the two lists one to one, so that as much as possible is certain."""
        return match_by_rules(predicted, known)


def match_by_rules(predicted: Sequence[Discrepancy], known: Sequence[Discrepancy]) -> Matched:
    """Match two lists of errors of one picture."""
    levels = {
        (row, column): level
        for row, said in enumerate(predicted)
        for column, true in enumerate(known)
        if (level := level_of(said, true)) is not None
    }
    scores = np.zeros((len(predicted), len(known)))
    for place, level in levels.items():
        scores[place] = _WEIGHTS[level]
    rows, columns = linear_sum_assignment(scores, maximize=True)
    found = [
        Match(int(row), int(column), levels[row, column])
        for row, column in zip(rows, columns, strict=True)
        if (row, column) in levels
    ]
    return complete(found, len(predicted), len(known))


def level_of(said: Discrepancy, true: Discrepancy) -> Level | None:
    """Whether what was said is what is true; None where it is not."""
    place = _place(said, true)
    if place is _Place.ELSEWHERE:
        return None
    particular = bool(_particulars(said) & _particulars(true))
    if said.category == true.category:
        return "yes" if place is _Place.SAME or particular else "partial"
    return "partial" if place is _Place.SAME and particular else None


def _place(said: Discrepancy, true: Discrepancy) -> _Place:
    if said.box is not None and true.box is not None:
        return _by_boxes(said.box, true.box)
    share = _shared(_text(said), _text(true))
    return _Place.SAME if share >= _SAME_WORDS else _Place.NEAR if share >= _NEAR_WORDS else _Place.ELSEWHERE


def _by_boxes(first: Box, second: Box) -> _Place:
    common, sizes = first.overlap(second), sorted((first.area, second.area))
    if common and common >= _SAME_OVERLAP * (sizes[0] + sizes[1] - common):
        return _Place.SAME
    centred = first.contains(*second.centre) and second.contains(*first.centre)
    if centred and sizes[1] <= _SAME_SIZE * sizes[0]:
        return _Place.SAME
    return _Place.NEAR if common and common >= _NEAR_SHARE * sizes[0] else _Place.ELSEWHERE


def _text(error: Discrepancy) -> str:
    return f"{error.location} {error.description}"


def _particulars(error: Discrepancy) -> set[str]:
    """What only this error would name: quoted texts, numbers, colours."""
    text = _text(error)
    quoted = {" ".join(item.split()).casefold() for item in _QUOTED.findall(text)}
    return quoted | {item.casefold() for item in _FIGURES.findall(text)}


def _shared(first: str, second: str) -> float:
    """Dice coefficient of the words that say something."""
    here, there = (
        Counter(word for word in _WORDS.findall(text.casefold()) if word not in _EMPTY_WORDS)
        for text in (first, second)
    )
    total = here.total() + there.total()
    return 2 * (here & there).total() / total if total else 0.0
