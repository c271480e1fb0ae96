"""Many findings told as fewer, so that what is wrong in part weighs less than what is wrong altogether.

Lost things count one by one. But the reward is used up at a sum of severities of 50, and of a page with 200
lines it would be at half of them as at all: beyond a sum that grows with the share of the ink that is wrong,
the least of one cause are told together.
"""

from __future__ import annotations

from collections.abc import Sequence

from critic.boxes import Box
from critic.types import Discrepancy, with_more

_FEW = 20
"""Sum of severities up to which everything is told for itself: as many findings as a revision is given."""

ALL = 48
"""The sum for a render in which all ink is wrong: just within what the reward tells apart (50)."""


def folded(found: Sequence[Discrepancy], wrong: float) -> list[Discrepancy]:
    """Findings whose severities add up to what the share of wrong ink allows, as near as can be.

    Args:
        found: All findings, in any order.
        wrong: Share of the ink of both pictures that visibly differs, 0..1.
    """
    allowed = round(_FEW + (ALL - _FEW) * wrong)
    if sum(item.severity for item in found) <= allowed:
        return list(found)
    ordered = sorted(found, key=lambda item: -item.severity)
    count = max(range(len(ordered)), key=lambda count: _fits(ordered, count, allowed))
    return [*ordered[:count], *_together(ordered[count:])]


def _fits(ordered: Sequence[Discrepancy], count: int, allowed: int) -> int:
    """How many are told for themselves, if the sum with the rest told together is allowed; else none."""
    kept = [*ordered[:count], *_together(ordered[count:])]
    return count if sum(item.severity for item in kept) <= allowed else -1


def _together(rest: Sequence[Discrepancy]) -> list[Discrepancy]:
    """One finding for each category and cause: the first, with the places of all."""
    groups: dict[tuple[str, object], list[Discrepancy]] = {}
    for item in rest:
        groups.setdefault((item.category, item.cause), []).append(item)
    return [_first_of(group) for group in groups.values()]


def _first_of(group: Sequence[Discrepancy]) -> Discrepancy:
    first = group[0]
    if len(group) == 1:
        return first
    places = tuple(box for item in group for box in item.places or ((item.box,) if item.box else ()))
    box = Box.around(places) if places else None
    words = with_more(first, f"and {len(group) - 1} more in this way")
    return first.model_copy(update={"places": places, "box": box, **words})
