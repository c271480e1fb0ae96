"""What the rows of a batch come to, as far as it has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from agent.batch.rows import Row, RowStatus


@dataclass(slots=True)
class Totals:
    """Sums over rows.

    Attributes:
        done: Items that have their code.
        failed: Items that have none.
        judged: Of those done, the items of which reward and gain are known.
        reward: Of those judged, summed up.
        gain: Likewise.
        tokens: Model tokens of all.
        calls: Model calls of all.
        cost: Dollars of all whose cost is known; None where no cost is.
    """

    done: int = 0
    failed: int = 0
    judged: int = 0
    reward: float = 0.0
    gain: float = 0.0
    tokens: int = 0
    calls: int = 0
    cost: float | None = None

    @property
    def items(self) -> int:
        """All rows."""
        return self.done + self.failed

    @property
    def mean_reward(self) -> float:
        """Of the items judged."""
        return self.reward / self.judged if self.judged else 0.0

    @property
    def mean_gain(self) -> float:
        """Of the items judged."""
        return self.gain / self.judged if self.judged else 0.0

    def copy(self) -> Totals:
        """The sums as they are now."""
        return replace(self)

    def add(self, row: Row) -> None:
        """Take a row in."""
        self._add(row.status, row.reward, row.first_reward, row.usage.tokens, row.usage.calls, row.cost)

    def add_json(self, row: dict[str, Any]) -> None:
        """Take a row in as it stands in ``results.jsonl``, which need not be checked to be counted."""
        usage = row.get("usage") or {}
        tokens = usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)
        scores = row.get("reward", 0.0), row.get("first_reward", 0.0)
        self._add(row["status"], *scores, tokens, usage.get("calls", 0), row.get("cost"))

    def _add(
        self,
        status: str,
        reward: float | None,
        first: float | None,
        tokens: int,
        calls: int,
        cost: float | None,
    ) -> None:
        if status == RowStatus.DONE:
            self.done += 1
            if reward is not None and first is not None:
                self.judged += 1
                self.reward += reward
                self.gain += reward - first
        else:
            self.failed += 1
        self.tokens += tokens
        self.calls += calls
        self.cost = with_cost(self.cost, cost)

    def to_json(self) -> dict[str, Any]:
        """The figures that ``--json`` events carry."""
        return {
            "done": self.done,
            "failed": self.failed,
            "mean_reward": round(self.mean_reward, 4),
            "mean_gain": round(self.mean_gain, 4),
            "tokens": self.tokens,
            "calls": self.calls,
            "cost": self.cost,
        }


def with_cost(total: float | None, cost: float | None) -> float | None:
    """A sum of the costs that are known; None where none is."""
    return total if cost is None else (total or 0.0) + cost
