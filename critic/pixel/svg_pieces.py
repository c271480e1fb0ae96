"""Pieces of one thing that a drawing lacks, or has too many of, told as one.

A wing whose feathers are shapes of their own is missing as a whole, and so is a flag's field that a cross
cuts in four. And the blended edge of a thing is no finding of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from critic.pixel.svg_shapes import SAME_COLOUR
from critic.pixel.svg_together import as_one
from critic.reading.page.colours import rgb
from critic.types import Box, Cause, Discrepancy

_NEAR = 0.6
"""How far apart two pieces are at most, in longer sides of the smaller one: feathers of a wing are .2 apart,
the quarters that a cross cuts a flag into .5 (Sweden's); two eyes are one or more of their widths."""

_SLIVER = 2.0
"""Pixels across up to which what differs is the blended edge of something."""


def gathered_pieces(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Findings in their order, those of one thing as one, told of the first.

    Args:
        found: All of them, the gravest first.
    """
    near = np.array([[_of_one(one, other) for other in found] for one in found], dtype=bool)
    if not near.any():
        return list(found)
    count, group_of = connected_components(near, directed=False)
    groups = [[found[i] for i in np.flatnonzero(group_of == group).tolist()] for group in range(count)]
    return [as_one(group, "more pieces of it") for group in groups]


def without_slivers(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Findings with what is as thin as a blended edge as a part of the one that it lies along.

    A shape that the picture's edge cuts has a rim there in a colour of its own.

    Args:
        found: All of them, the gravest first.
    """
    told = [item for item in found if not _is_sliver(item)]
    for item in found:
        if not _is_sliver(item):
            continue
        along = next((index for index, other in enumerate(told) if _lies_along(item, other)), None)
        if along is None:
            told.append(item)
        else:
            places = (*_places_of(told[along]), *_places_of(item))
            told[along] = told[along].model_copy(update={"places": places})
    return told


def _is_sliver(item: Discrepancy) -> bool:
    return item.box is not None and min(item.box.width, item.box.height) <= _SLIVER


def _lies_along(sliver: Discrepancy, item: Discrepancy) -> bool:
    return sliver.box is not None and any(box.grown(_SLIVER).holds(sliver.box) for box in _places_of(item))


def _places_of(item: Discrepancy) -> tuple[Box, ...]:
    return item.places or ((item.box,) if item.box else ())


def _of_one(one: Discrepancy, other: Discrepancy) -> bool:
    if one.cause is not other.cause or one.cause not in (Cause.MISSING, Cause.EXTRA):
        return False
    if not (one.box and other.box and _in_one_colour(one, other)):
        return False
    sides = (max(box.width, box.height) for box in (one.box, other.box))
    return one.box.distance(other.box) <= _NEAR * min(sides)


def _in_one_colour(one: Discrepancy, other: Discrepancy) -> bool:
    colours = [item.element.colour if item.element else None for item in (one, other)]
    if not (colours[0] and colours[1]):
        return False
    return bool(np.abs(rgb(colours[0]) - rgb(colours[1])).max() <= SAME_COLOUR)
