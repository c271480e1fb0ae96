"""Shapes of a drawing that one change made larger or smaller, told as one.

A path of four squares that is drawn a quarter larger changes four shapes: each is where the same enlargement
about the same point puts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from critic.types import Box, Cause, Discrepancy, with_more

_OFF = 2.0
"""Pixels by which an edge may miss where the others put it: each is rounded to the grid in both pictures."""

_FREE = 2
"""Edges along one direction that some factor and shift always fit: only more of them tell."""

_AT_EDGE = 1.0
"""Pixels from the picture's edge within which a shape may be cut off by it."""

_Edges = NDArray[np.float64]
"""Places of edges in the reference and in the render, edges x 2."""


def together(found: Sequence[Discrepancy], size: tuple[int, int]) -> list[Discrepancy]:
    """Findings with those of one change of size as one, told of the shape that was first.

    Args:
        found: All of them, the gravest first.
        size: Width and height of the pictures.
    """
    told: list[list[Discrepancy]] = []
    for item in found:
        group = next((group for group in told if _fits([*group, item], size)), None)
        if group is None:
            told.append([item])
        else:
            group.append(item)
    return [as_one(group, "more with it") for group in told]


def _fits(group: Sequence[Discrepancy], size: tuple[int, int]) -> bool:
    """Whether one enlargement (a factor and a shift along each direction) puts all shapes where they are."""
    if any(item.cause is not Cause.RESIZED for item in group):
        return False
    sides = [np.array([pair for item in group for pair in _edges(item, axis, size[axis])]) for axis in (0, 1)]
    told = [edges for edges in sides if len(edges) > _FREE]
    return bool(told) and all(np.abs(_misses(edges)).max() <= _OFF for edges in told)


def _edges(item: Discrepancy, axis: int, end: int) -> Iterator[tuple[float, float]]:
    """Where the two edges of a shape are in both pictures, but for those that the picture may cut off."""
    if not (isinstance(item.reference, tuple) and isinstance(item.render, tuple)):
        return
    for place in (axis, axis + 2):
        pair = float(item.reference[place]), float(item.render[place])
        if all(_AT_EDGE < value < end - _AT_EDGE for value in pair):
            yield pair


def _misses(edges: _Edges) -> NDArray[np.float64]:
    """By how much each edge is off the line that fits them best."""
    ground = np.stack([edges[:, 0], np.ones(len(edges))], axis=1)
    fit, *_ = np.linalg.lstsq(ground, edges[:, 1], rcond=None)
    return np.asarray(edges[:, 1] - ground @ fit)


def as_one(group: Sequence[Discrepancy], more: str) -> Discrepancy:
    """The first of some findings, with the places of all and words for how many more there are.

    Args:
        group: Findings of one cause, the gravest first.
        more: What the others are, after their number.
    """
    first = group[0]
    if len(group) == 1:
        return first
    words = with_more(first, f"and {len(group) - 1} {more}")
    places = tuple(place for item in group for place in item.places)
    box = Box.around(item.box for item in group if item.box is not None)
    return first.model_copy(update={"places": places, "box": box, **words})
