"""Pairs of codes of one run, of which one is better beyond doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.report.run_folder import CandidateRecord

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """Two candidates.

    Attributes:
        relation: ``drafts`` of one picture, ``siblings`` with one parent, or ``parent`` and its revision.
    """

    chosen: CandidateRecord
    rejected: CandidateRecord
    relation: Literal["drafts", "siblings", "parent"]

    @property
    def margin(self) -> float:
        """How much more reward the chosen one has."""
        return self.chosen.standing[0] - self.rejected.standing[0]


def pairs(candidates: tuple[CandidateRecord, ...]) -> Iterator[Pair]:
    """The pairs in a run's candidates.

    A revision that was accepted goes before its parent and before the rejected revisions of the same parent;
    a parent goes before its rejected revisions; the best first draft goes before the others. In every pair
    the chosen one has neither less reward nor less similarity, and more of one of them: where reward and
    pixels do not agree, nobody knows which is better.

    Args:
        candidates: Those that have code and were judged.
    """
    by_id = {item.id: item for item in candidates}
    drafts = [item for item in candidates if item.parent is None]
    if drafts:
        best = max(drafts, key=lambda item: (item.accepted, *item.standing, -item.id))
        if best.accepted:
            yield from (Pair(best, item, "drafts") for item in drafts if _better(best, item))
    for item in candidates:
        parent = by_id.get(item.parent) if item.parent is not None else None
        if parent is not None and item.accepted and _better(item, parent):
            yield Pair(item, parent, "parent")
        elif parent is not None and not item.accepted and parent.accepted and _better(parent, item):
            yield Pair(parent, item, "parent")
        if item.accepted and item.parent is not None:
            for other in candidates:
                if other.parent == item.parent and not other.accepted and _better(item, other):
                    yield Pair(item, other, "siblings")


def _better(one: CandidateRecord, other: CandidateRecord) -> bool:
    gains = [more - less for more, less in zip(one.standing, other.standing, strict=True)]
    return min(gains) >= -_EPSILON and max(gains) > _EPSILON
