"""What stands further left or right because of something else in its row: a part of that finding.

A link that is gone from a menu moves the others, and so does a check box in front of its label. What is to be
mended is the one; the others are then in place.
"""

from __future__ import annotations

from collections.abc import Sequence

from critic.elements import shift
from critic.types import Box, Cause, Discrepancy

_PUSHES = frozenset(
    {Cause.MISSING, Cause.EXTRA, Cause.UNEXPLAINED, Cause.TEXT, Cause.RESIZED, Cause.FACE, Cause.WEIGHT}
)
"""What changes how wide a thing is, or that it is there at all; what the pushed one covers is unexplained."""

_LEVEL = 2
"""CSS pixels by which rounding may move a thing up or down."""

_OF_ROW = 0.5
"""Share of the lower one's height by which two things overlap that stand in one row."""

_AS_HIGH = 3
"""Times the height of the other one up to which both are things of one row, and not a block beside a line."""


def pushed_aside(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Findings without those of things that something in their row pushed aside; it has their places.

    Args:
        found: All of a page.
    """
    told = [item for item in found if not _is_aside(item)]
    for item in found:
        if not _is_aside(item):
            continue
        causes = [
            index for index, other in enumerate(told) if other.cause in _PUSHES and _in_row(other, item)
        ]
        if not causes:
            told.append(item)
            continue
        nearest = min(causes, key=lambda index: _apart(told[index], item))
        places = (*_places(told[nearest]), *_places(item))
        told[nearest] = told[nearest].model_copy(update={"places": places})
    return told


def _is_aside(item: Discrepancy) -> bool:
    """Whether a thing only stands further left or right."""
    if item.cause is not Cause.MOVED or item.reference is None or item.render is None:
        return False
    way = shift(item.reference, item.render)
    return way is not None and abs(way[1]) <= _LEVEL < abs(way[0])


def _in_row(one: Discrepancy, other: Discrepancy) -> bool:
    if one.box is None or other.box is None:
        return False
    heights = sorted((one.box.height, other.box.height))
    both = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
    return both >= _OF_ROW * heights[0] and heights[1] <= _AS_HIGH * heights[0]


def _places(item: Discrepancy) -> tuple[Box, ...]:
    return item.places or ((item.box,) if item.box else ())


def _apart(one: Discrepancy, other: Discrepancy) -> float:
    return one.box.distance(other.box) if one.box and other.box else 0.0
