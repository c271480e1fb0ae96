"""The reward as ms-swift 4 calls it: a class for its ``orms`` (see docs/rewards.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.rewards.shared import score_all
from agent.rewards.trl import numbers, requests


class LookalikeReward:
    """Called with the completions and the data set's columns; made without arguments, or with swift's own."""

    terms = "guarded"
    """See ``agent.rewards.types.TERMS``; a subclass may choose others."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Swift hands over its own arguments; none of them matters here."""

    def __call__(self, completions: Sequence[Any], **columns: Any) -> list[float]:
        """A score for each completion."""
        return numbers(score_all(requests(completions, columns), self.terms))
