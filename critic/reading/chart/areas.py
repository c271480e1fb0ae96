"""Filled areas between two curves, and outlines of regions that are nothing better."""

from __future__ import annotations

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import Area, Shape
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

_SOLID, _THICK = 10, 3
"""Pixels in a column from which a colour may fill an area, or a region that is nothing better."""
_LARGE = 60
"""Pixels of the smallest region."""
_LEAST_PART = 40
"""Pixels of the smallest part that is an area of its own: smaller ones are the rests of something else."""
_FILLED = 0.93
"""Share of the pixels between its curves that an area fills; what lies over it takes some."""
_CORNERS = 3
"""Corners of an outline that has an inside."""


def read_areas(plot: Plot, colour: Colour, mask: Mask) -> list[Area]:
    """A region as one area, or its parts as one each; empty where they explain too little of it."""
    whole = read_area(plot, colour, mask)
    if whole is not None:
        return [whole]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    found, explained = [], 0
    for index in range(1, count):
        size = int(stats[index][4])
        if size < _LEAST_PART:
            continue
        part = read_area(plot, colour, np.asarray(labels == index), least=0.01)
        if part is not None:
            found.append(part)
            explained += size
    return found if explained > 0.85 * mask.sum() else []


def read_area(plot: Plot, colour: Colour, mask: Mask, least: float = 0.1) -> Area | None:
    """A region that has one stretch in each of its columns; None where it has not."""
    closed = cv2.morphologyEx(
        (mask | plot.hidden).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)
    )
    joined = closed.astype(bool) & (mask | plot.hidden)
    columns = np.where(mask.any(axis=0))[0]
    if len(columns) < max(4, least * mask.shape[1]) or columns[-1] - columns[0] > 1.1 * len(columns):
        return None
    tops = np.array([int(mask[:, c].argmax()) for c in columns])
    bottoms = np.array([mask.shape[0] - int(mask[::-1, c].argmax()) for c in columns])
    filled = np.array([joined[t:b, c].mean() for t, b, c in zip(tops, bottoms, columns, strict=True)])
    if filled.mean() < _FILLED or np.mean(bottoms - tops) < _THICK:
        return None
    upper = np.stack([columns + 0.5, tops.astype(float)], axis=1)
    lower = np.stack([columns + 0.5, bottoms.astype(float)], axis=1)
    knots = sorted({*_knots(upper, plot.coarseness), *_knots(lower, plot.coarseness)})
    index = np.searchsorted(columns, [k - 0.5 for k in knots]).clip(0, len(columns) - 1)
    x = [_at(plot.at_x(columns[i] + 0.5), plot.x.per_pixel) for i in index]
    x[0], x[-1] = (
        _at(plot.at_x(float(columns[0])), plot.x.per_pixel),
        _at(plot.at_x(float(columns[-1]) + 1), plot.x.per_pixel),
    )
    height = mask.shape[0]
    low = [plot.at_y(float(bottoms[i]) + (1 if bottoms[i] >= height else 0)) for i in index]
    high = [plot.at_y(float(tops[i])) for i in index]
    return Area(
        colour=hex_of(colour),
        x=tuple(x),
        low=tuple(_at(v, plot.y.per_pixel) for v in low),
        high=tuple(_at(v, plot.y.per_pixel) for v in high),
    )


def _knots(curve: np.ndarray, coarseness: float) -> list[float]:
    simple = cv2.approxPolyDP(curve.astype(np.float32).reshape(-1, 1, 2), 0.75 * coarseness, False).reshape(
        -1, 2
    )
    return [float(v) for v in simple[:, 0]]


def _at(value: float, unit: float) -> float:
    value = 0.0 if abs(value) < 0.8 * unit else value
    return rounded(value, 0.12 * unit)


def read_shapes(plot: Plot, colour: Colour, mask: Mask, layer: int, least: int = 24) -> list[Shape]:
    """Outlines of a mask's components."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    shapes = []
    for outline in outlines:
        if len(outline) < _CORNERS or cv2.contourArea(outline) + len(outline) / 2 < least:
            continue
        simple = cv2.approxPolyDP(outline, 0.6, True).reshape(-1, 2).astype(float)
        if len(simple) < _CORNERS:
            continue
        middle = simple.mean(axis=0)
        # Contours run through pixel centres: grow half a pixel outwards.
        grown = simple + 0.5 + 0.5 * np.sign(simple - middle)
        shapes.append(
            Shape(
                colour=hex_of(colour),
                layer=layer,
                x=tuple(float(f"{plot.at_x(v):.5g}") for v in grown[:, 0]),
                y=tuple(float(f"{plot.at_y(v):.5g}") for v in grown[:, 1]),
            )
        )
    return shapes


def is_solid(mask: Mask) -> bool:
    """Whether most of a mask is wide both ways, as a filling is and a steep line is not."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return _thickness(mask) > _SOLID and bool(opened.sum() > 0.5 * mask.sum())


def is_thick(mask: Mask) -> bool:
    """Whether a mask is more than strokes."""
    return _thickness(mask) > _THICK and bool(mask.sum() > _LARGE)


def _thickness(mask: Mask) -> float:
    """Pixels in those columns that have any."""
    return float(mask.sum() / max(1, mask.any(axis=0).sum()))
