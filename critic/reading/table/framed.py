"""Frames of ruled lines that are apart from each other: tables beside or below one another."""

from __future__ import annotations

from collections.abc import Sequence

from critic.boxes import Box
from critic.reading.table.description import Ruling
from critic.reading.table.ruled import NEAR, coverage
from critic.reading.table.surface import Surface

_WHOLE = 0.9
"""Part of each side of a frame that lines cover."""

_LEAST_LINES = 5
"""Lines of the smallest table: a frame and a line within it."""


def frames_of(surface: Surface) -> list[Box]:
    """The boxes of lines that hang together and close round them, from top to bottom.

    Frames that lie within others are left out.
    """
    lines = [*((line, True) for line in surface.horizontals), *((line, False) for line in surface.verticals)]
    groups: list[list[tuple[Ruling, bool]]] = []
    for item in lines:
        touching = [group for group in groups if any(_touch(item, other) for other in group)]
        joined = [member for group in touching for member in group] + [item]
        groups = [group for group in groups if group not in touching] + [joined]
    found = [box for group in groups if len(group) >= _LEAST_LINES and (box := _frame(group))]
    outer = [box for box in found if not any(other is not box and other.holds(box) for other in found)]
    return sorted(outer, key=lambda box: (box.y0, box.x0))


def _touch(one: tuple[Ruling, bool], other: tuple[Ruling, bool]) -> bool:
    (first, level), (second, other_level) = one, other
    if level == other_level:
        return False
    return _reaches(first, second.position) and _reaches(second, first.position)


def _reaches(line: Ruling, place: float) -> bool:
    return line.start - NEAR <= place <= line.end + NEAR


def _frame(group: Sequence[tuple[Ruling, bool]]) -> Box | None:
    """The box of lines that cover all four of its sides; None where they do not."""
    level = [line for line, is_level in group if is_level]
    upright = [line for line, is_level in group if not is_level]
    if not level or not upright:
        return None
    x0, x1 = min(line.position for line in upright), max(line.position for line in upright)
    y0, y1 = min(line.position for line in level), max(line.position for line in level)
    sides = [coverage(level, y, x0, x1) for y in (y0, y1)] + [coverage(upright, x, y0, y1) for x in (x0, x1)]
    return Box(x0, y0, x1, y1) if min(sides) >= _WHOLE else None
