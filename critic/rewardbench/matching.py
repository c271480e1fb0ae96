"""What matching a critic's errors with the known ones comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from critic.rewardbench.records import Item
from critic.types import CATEGORIES, Discrepancy

Level = Literal["yes", "partial"]
"""``yes``: the same error. ``partial``: said more generally, or not quite so. As VC-RewardBench has it."""


class Match(NamedTuple):
    """A predicted error and the known one that it is."""

    predicted: int
    known: int
    level: Level


class Matched(BaseModel):
    """All matches of one pair.

    Attributes:
        matches: One to one.
        unmatched_predicted: Predicted errors that are none of the known ones: false positives.
        unmatched_known: Known errors that were not predicted: false negatives.
        failure: Why nobody could tell; nothing is matched then.
    """

    model_config = ConfigDict(frozen=True)

    matches: tuple[Match, ...] = ()
    unmatched_predicted: tuple[int, ...] = ()
    unmatched_known: tuple[int, ...] = ()
    failure: str = ""


class Matcher(Protocol):
    """Says which predicted errors are which known ones."""

    name: str

    async def match(
        self, item: Item, predicted: Sequence[Discrepancy], known: Sequence[Discrepancy]
    ) -> Matched:
        """Match the two lists, given by their places in them."""
        ...


def complete(matches: Sequence[Match], predicted: int, known: int, failure: str = "") -> Matched:
    """Matches with all that they leave over."""
    left = {match.predicted for match in matches}
    right = {match.known for match in matches}
    return Matched(
        matches=tuple(matches),
        unmatched_predicted=tuple(index for index in range(predicted) if index not in left),
        unmatched_known=tuple(index for index in range(known) if index not in right),
        failure=failure,
    )


def countable(item: Item, found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Those of a critic's errors whose category the kind has; others are left out, as published."""
    return [error for error in found if error.category in CATEGORIES[item.kind]]
