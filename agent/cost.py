"""What a run spends on models, by role and round, and in money where the price of tokens is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from graph.types import Candidate
from prompts.price import Price
from prompts.usage import Usage

if TYPE_CHECKING:
    from agent.settings import Settings

_ROLES = ("generator", "critic")
_WHOLE, _LEAST = 1.0, 0.0001
"""Dollars from which cents are enough, and below which nobody counts."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the tokens of each role's model cost; None where nobody said."""

    generator: Price | None = None
    critic: Price | None = None

    @classmethod
    def set_in(cls, settings: Settings) -> Self:
        """Those that the settings name."""
        return cls(*(getattr(settings, role).priced for role in _ROLES))

    def of(self, candidates: Iterable[Candidate]) -> float | None:
        """Dollars for these candidates; None where no price is set, or one is missing for tokens spent."""
        return self._of(_spent(candidates))

    def _of(self, spent: dict[str, Usage]) -> float | None:
        total = None
        for role, usage in spent.items():
            price: Price | None = getattr(self, role)
            if price is not None:
                total = (total or 0.0) + price.of(usage)
            elif usage.tokens:
                return None
        return total

    def by_round(self, candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
        """What generator and critic spent in each round, and the round's cost, as ``run.json`` has it."""
        rounds: dict[int, list[Candidate]] = {}
        for item in candidates:
            rounds.setdefault(item.round, []).append(item)
        return [
            {
                "round": number,
                **{role: usage.model_dump(mode="json") for role, usage in _spent(items).items()},
                "cost": self.of(items),
            }
            for number, items in sorted(rounds.items())
        ]


UNPRICED = Prices()


def _spent(candidates: Iterable[Candidate]) -> dict[str, Usage]:
    found = dict.fromkeys(_ROLES, Usage())
    for item in candidates:
        found["generator"] += item.usage
        found["critic"] += item.critique.usage if item.critique else Usage()
    return found


def dollars(cost: float) -> str:
    """A sum as a person reads it."""
    if 0.0 < cost < _LEAST:
        return f"under ${_LEAST}"
    return f"${cost:,.2f}" if cost >= _WHOLE else f"${cost:.4f}"


def spending(usage: Usage, cost: float | None) -> str:
    """Tokens, and what they cost where that is known; empty where no model was asked."""
    if not usage.calls:
        return ""
    return f"{usage.tokens:,} tokens" + (f", {dollars(cost)}" if cost is not None else "")
