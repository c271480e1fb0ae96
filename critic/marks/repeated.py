"""Lines that were read twice, as where they cross and their colours blend: kept once."""

from __future__ import annotations

from collections.abc import Sequence

from critic.marks.base import Mark
from critic.marks.geometry import off_path
from critic.marks.line import Line
from critic.marks.planes import Plane
from critic.marks.scales import TINT
from critic.reading.chart.colours import apart

_ALONG, _MOSTLY = 1.5, 0.95
"""Pixels from a line, and the share of another one's points within them, from which both are the same."""


def once(marks: Sequence[Mark], plane: Plane) -> list[Mark]:
    """The marks of an axes without lines that run along others of their colour.

    Args:
        marks: All of them.
        plane: Where they are drawn.
    """
    kept = list(marks)
    for mark in marks:
        others = [other for other in kept if other is not mark]
        if any(_repeats(mark, other, plane) for other in others):
            kept = others
    return kept


def _repeats(mark: Mark, other: Mark, plane: Plane) -> bool:
    """Whether all of a line lies along another one."""
    if not isinstance(mark, Line) or not isinstance(other, Line) or bool(mark.marker) != bool(other.marker):
        return False
    if mark.label not in ("", other.label) or apart(mark.colour, other.colour) > TINT:
        return False
    own, path = plane.path(mark.x, mark.y), plane.path(other.x, other.y)
    return len(own) > 1 and bool((off_path(own, path) <= _ALONG).mean() >= _MOSTLY)
