"""Discrepancies as a model is told of them: the worst first, what may follow from one within it."""

from __future__ import annotations

from collections.abc import Iterable

from critic.types import Discrepancy

_INSIDE = 0.9
"""Share of a finding's box that lies in another's where it may follow from that."""

Folded = list[tuple[Discrepancy, list[Discrepancy]]]


def folded(found: Iterable[Discrepancy]) -> Folded:
    """Each finding with the milder ones that lie within its box: mending the one may mend them, too."""
    heads: Folded = []
    for item in found:
        parts = next((parts for head, parts in heads if _holds(head, item)), None)
        if parts is None:
            heads.append((item, []))
        else:
            parts.append(item)
    return heads


def _holds(head: Discrepancy, item: Discrepancy) -> bool:
    if head.box is None or item.box is None or head.severity <= item.severity:
        return False
    return head.box.overlap(item.box) >= _INSIDE * item.box.area > 0
