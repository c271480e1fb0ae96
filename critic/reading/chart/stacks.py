"""Stacked areas, however thin their layers: in every column the same colours lie on each other in one order.

Thin jagged layers are neither solid fillings nor lines by themselves. Here the edges of all layers are sought
at once: the cheapest division of each column into stretches of the colours in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.area import Area
from critic.marks.claims import Layer
from critic.reading.chart.areas import is_solid
from critic.reading.chart.colours import hex_of
from critic.reading.chart.frames import runs
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

_FEWEST = 3
"""Layers that make a stack: two are read one by one."""
_WIDE, _HIGH = 0.5, 2
"""Share of the columns that a layer shows in at least, and pixels that it is high there, usually."""
_WORST = 60
"""Levels beyond which a pixel is as far from a colour as can be: what lies over the areas."""
_FITS = 24
"""Levels within which a pixel has the colour of its layer; blends lie at the edges only."""
_EXPLAINED = 0.95
"""Share of the pixels that have the colour of their layer, or lie at its edge."""
_HELD = 0.8
"""Share of a colour's ink that lies in its layer: lines that cross leave most of theirs outside."""
_COLUMNS = 0.9
"""Share of the columns from the first to the last that hold the stack."""
_LEVEL, _STEPPED = 8, 0.6
"""Columns in which an edge stays on a row, and the share of them from which stacked bars are there."""
_TOLERANCE = 0.6
"""Pixels by which a straight stretch of an edge may lie off it."""
_FINE = 0.12
"""Pixels to which edges are written."""
_LEFT_SPINE, _LOWER_SPINE = 2, 1
"""Pixels from the rim of the plot area to the spines at the left, and at the bottom and the right."""

Edges = NDArray[np.float64]
Order = Sequence[Layer]


def read_stack(plot: Plot, layers: Sequence[Layer]) -> list[Area]:
    """The layers as areas that share their edges; empty where they are no stack, or are read one by one.

    Args:
        plot: The plot area.
        layers: Its colours.
    """
    shown = [layer for layer in layers if _is_layer(layer.mask)]
    if len(shown) < _FEWEST or all(is_solid(layer.mask) for layer in shown):
        return []
    order = sorted(shown, key=cmp_to_key(_higher))
    labels = _divided(plot, order)
    inked = (labels > 0) & (labels <= len(order))
    columns = np.where(inked.any(axis=0))[0]
    if not len(columns) or len(columns) < _COLUMNS * (columns[-1] - columns[0] + 1):
        return []
    if not _explained(plot, order, labels) or not _holds(order, labels) or _is_stepped(inked[:, columns]):
        return []
    edges = _edges(plot, order, labels, columns)
    return _areas(plot, order, edges, columns)


def _is_layer(mask: Mask) -> bool:
    heights = mask.sum(axis=0)
    shown = heights > 0
    return bool(shown.mean() >= _WIDE and np.median(heights[shown]) >= _HIGH)


def _higher(one: Layer, other: Layer) -> int:
    """Whether a layer lies above another where both show: negative for below."""
    both = one.mask.any(axis=0) & other.mask.any(axis=0)
    if not both.any():
        return 0
    rows = np.arange(len(one.mask))[:, None]
    middles = [
        (mask[:, both] * rows).sum(axis=0) / mask[:, both].sum(axis=0) for mask in (one.mask, other.mask)
    ]
    return int(np.sign(np.median(middles[1] - middles[0])))


def _divided(plot: Plot, order: Order) -> NDArray[np.uint8]:
    """For each pixel which layer it is of: 0 for the face below all, then the layers, then the face above.

    Column by column the cheapest way from the lowest row up on which the number never falls.
    """
    colours = [plot.face, *(layer.colour for layer in order), plot.face]
    costs = np.stack([_away(plot, colour) for colour in colours])
    costs[:, plot.hidden] = 0
    count, high, wide = costs.shape
    best = costs[:, -1].copy()
    came = np.zeros((high, count, wide), np.uint8)
    for row in range(high - 2, -1, -1):
        least, where = _running_least(best)
        came[row + 1] = where
        best = least + costs[:, row]
    labels = np.zeros((high, wide), np.uint8)
    now = best.argmin(axis=0)
    across = np.arange(wide)
    for row in range(high):
        labels[row] = now
        if row + 1 < high:
            now = came[row + 1, now, across]
    return labels


def _away(plot: Plot, colour: NDArray[np.int_]) -> Edges:
    away = np.abs(plot.pixels.astype(np.int16) - colour).max(axis=2)
    return np.asarray(np.minimum(away, _WORST), float)


def _running_least(values: Edges) -> tuple[Edges, NDArray[np.uint8]]:
    """The least of each value and those before it, along the first axis, and where it is."""
    least = np.minimum.accumulate(values, axis=0)
    at = np.arange(len(values))[:, None]
    where = np.maximum.accumulate(np.where(values <= least, at, 0), axis=0)
    return least, where.astype(np.uint8)


def _explained(plot: Plot, order: Order, labels: NDArray[np.uint8]) -> bool:
    """Whether nearly all pixels have the colour of their layer."""
    colours = np.array([plot.face, *(layer.colour for layer in order), plot.face])
    fits = np.abs(plot.pixels.astype(np.int16) - colours[labels]).max(axis=2) <= _FITS
    changed = (np.diff(labels.astype(np.int16), axis=0) != 0).astype(np.uint8)
    edge = np.zeros(labels.shape, np.uint8)
    edge[1:] |= changed
    edge[:-1] |= changed
    near = cv2.dilate(edge, np.ones((3, 3), np.uint8)) > 0
    inked = (labels > 0) & (labels <= len(order))
    return bool((fits | near | plot.hidden)[inked].mean() >= _EXPLAINED)


def _holds(order: Order, labels: NDArray[np.uint8]) -> bool:
    """Whether each colour lies in its layer."""
    return all((labels == at)[layer.mask].mean() >= _HELD for at, layer in enumerate(order, start=1))


def _is_stepped(inked: Mask) -> bool:
    """Whether the upper edge runs level and jumps, as that of bars does."""
    top = inked.argmax(axis=0)
    level = runs(np.asarray(np.diff(top) == 0))
    return sum(b - a for a, b in level if b - a >= _LEVEL) > _STEPPED * len(top)


def _edges(plot: Plot, order: Order, labels: NDArray[np.uint8], columns: NDArray[np.int_]) -> Edges:
    """The row, to a part of a pixel, above which each layer and the face begin, from the lowest edge up."""
    colours = np.array([plot.face, *(layer.colour for layer in order), plot.face], float)
    high = len(labels)
    edges = np.stack(
        [high - (labels[:, columns] < number).sum(axis=0) for number in range(1, len(order) + 2)]
    ).astype(float)
    whole = edges.copy()
    for number in range(len(edges)):
        below, above = colours[number], colours[number + 1]
        way = above - below
        length = float(way @ way)
        for index, column in enumerate(columns.tolist()):
            row = int(whole[number, index])
            thick = _thickness(whole[:, index], number, high)
            if length and min(thick) > 1 and 1 <= row < high - 1:
                pair = plot.pixels[row - 1 : row + 1, column].astype(float)
                share = ((pair - below) @ way / length).clip(0, 1)
                edges[number, index] = row - 1 + float(share.sum())
    return edges


def _thickness(rows: Edges, number: int, high: int) -> tuple[float, float]:
    """How many rows lie between an edge and the next ones, above and below."""
    below = rows[number - 1] if number else float(high)
    above = rows[number + 1] if number + 1 < len(rows) else 0.0
    return rows[number] - above, below - rows[number]


def _areas(plot: Plot, order: Order, edges: Edges, columns: NDArray[np.int_]) -> list[Area]:
    knots = sorted({0, len(columns) - 1, *(k for edge in edges for k in _knots(edge, plot.coarseness))})
    x = [plot.at_x(float(columns[k]) + 0.5) for k in knots]
    # What reaches the rim of the area goes on to the spines.
    wide, first, last = plot.pixels.shape[1], int(columns[0]), int(columns[-1]) + 1
    x[0] = plot.at_x(float(first if first else -_LEFT_SPINE))
    x[-1] = plot.at_x(float(last if last < wide else wide + _LOWER_SPINE))
    edges = np.where(edges >= len(plot.pixels), len(plot.pixels) + _LOWER_SPINE, edges)
    across = tuple(rounded(value, _FINE * plot.x.per_pixel) for value in x)
    lines = [
        tuple(rounded(plot.at_y(float(edge[k])), _FINE * plot.y.per_pixel) for k in knots) for edge in edges
    ]
    return [
        Area(colour=hex_of(layer.colour), x=across, low=lines[number], high=lines[number + 1])
        for number, layer in enumerate(order)
    ]


def _knots(edge: Edges, coarseness: float) -> list[int]:
    """Where an edge bends."""
    points = np.stack([np.arange(len(edge)), edge], axis=1).astype(np.float32).reshape(-1, 1, 2)
    return [int(v) for v in cv2.approxPolyDP(points, _TOLERANCE * coarseness, False)[:, 0, 0]]
