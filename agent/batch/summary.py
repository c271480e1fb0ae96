"""``summary.json``: a batch in figures, gathered row by row."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.batch.rows import Row, RowStatus
from agent.batch.totals import with_cost
from agent.refinement import versions
from prompts.usage import Usage

_SCORES = ("reward", "first_reward", "gain", "similarity", "first_similarity")
_EPSILON = 1e-9
_MESSAGES = 10_000
"""Different messages that are told apart; further ones are counted together."""

_SHOWN = 100
_EXAMPLES = 3
_LONGEST = 500
_SHORT_NAME = 2
"""Letters of a name up to which it may be any word of a message."""


class Scores:
    """The scores of items that have their code: eight bytes each, for the medians."""

    def __init__(self) -> None:
        """Begin with none."""
        self._values = {name: array("d") for name in _SCORES}
        self._improved = 0

    def add(self, row: Row) -> None:
        """Take a row in; one whose best or first draft nobody judged has no score to take."""
        scores = {name: getattr(row, name) for name in _SCORES}
        if None in scores.values():
            return
        for name, values in self._values.items():
            values.append(scores[name])
        rises = scores["gain"], scores["similarity"] - scores["first_similarity"]
        self._improved += max(rises) > _EPSILON

    def to_json(self) -> dict[str, Any]:
        """How many, the share that the loop improved, mean and median of each score; None where none are.

        Improved are items whose best has more reward than the first draft, or as much and more similarity.
        """
        count = len(self._values["reward"])
        figures: dict[str, Any] = {"items": count, "improved": self._improved / count if count else None}
        for name, values in self._values.items():
            figures[name] = {
                "mean": fmean(values) if count else None,
                "median": float(np.median(values)) if count else None,
            }
        return figures


@dataclass(slots=True)
class _Failure:
    count: int = 0
    examples: list[str] = field(default_factory=list)


class Failures:
    """Failed items, grouped by what is said of them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: dict[str, _Failure] = {}

    def add(self, row: Row) -> None:
        """Take a failed row in."""
        message = message_of(row)
        if message not in self._groups and len(self._groups) >= _MESSAGES:
            message = "other messages"
        group = self._groups.setdefault(message, _Failure())
        group.count += 1
        if len(group.examples) < _EXAMPLES:
            group.examples.append(row.id)

    def to_json(self) -> list[dict[str, Any]]:
        """The groups, largest first."""
        largest = sorted(self._groups.items(), key=lambda item: -item[1].count)
        return [
            {"message": message, "items": group.count, "examples": group.examples}
            for message, group in largest[:_SHOWN]
        ]

    def __len__(self) -> int:
        """How many different messages there are."""
        return len(self._groups)


def message_of(row: Row) -> str:
    """Why a row failed, in one line, without what only names the item: its equals are grouped by it."""
    line = " ".join(row.error.split()) or "no reason was recorded"
    for name in (row.source, PurePosixPath(row.source).name, row.id):
        if len(name) > _SHORT_NAME:
            line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


class Summary:
    """All that ``summary.json`` says."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._statuses: Counter[str] = Counter()
        self._stops: Counter[str] = Counter()
        self._kinds: dict[str, Scores] = {}
        self._kind_counts: dict[str, Counter[str]] = {}
        self._scores = Scores()
        self._failures = Failures()
        self._usage: Counter[str] = Counter()
        self._cost: float | None = None
        self._seconds = array("d")
        self._rewards = array("f")

    def add(self, row: Row) -> None:
        """Take a row in."""
        kind = row.kind.value if row.kind else "unknown"
        done = row.status is RowStatus.DONE
        self._statuses[row.status.value] += 1
        self._stops[row.stop_reason.value if row.stop_reason else "none"] += 1
        self._kind_counts.setdefault(kind, Counter())[row.status.value] += 1
        self._usage.update({name: getattr(row.usage, name) for name in Usage.model_fields})
        self._cost = with_cost(self._cost, row.cost)
        self._seconds.append(row.seconds)
        self._rewards.append(row.reward or 0.0 if done else 0.0)
        if done:
            self._scores.add(row)
            self._kinds.setdefault(kind, Scores()).add(row)
        else:
            self._failures.add(row)

    @property
    def rewards(self) -> NDArray[np.float32]:
        """Each row's reward in the order of the rows; 0 where it failed or was not judged."""
        return np.asarray(self._rewards, dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        """The object that ``summary.json`` holds: scripts rely on its keys."""
        items = len(self._rewards)
        seconds = self._seconds
        return {
            "items": items,
            "status": _by_status(self._statuses),
            "stop_reason": dict(self._stops.most_common()),
            "scores": self._scores.to_json(),
            "kinds": {
                kind: {"status": _by_status(counts), "scores": self._kinds.get(kind, Scores()).to_json()}
                for kind, counts in sorted(self._kind_counts.items())
            },
            "usage": {
                **{name: self._usage[name] for name in Usage.model_fields if name != "seconds"},
                "tokens": self._usage["prompt_tokens"] + self._usage["completion_tokens"],
                "model_seconds": float(self._usage["seconds"]),
                "cost": self._cost,
            },
            "seconds": {
                "sum": float(sum(seconds)),
                "mean": fmean(seconds) if items else None,
                "median": float(np.median(seconds)) if items else None,
            },
            "failures": self._failures.to_json(),
            "failure_messages": len(self._failures),
            "versions": versions(),
        }


def _by_status(counts: Counter[str]) -> dict[str, int]:
    return {status.value: counts[status.value] for status in RowStatus}
