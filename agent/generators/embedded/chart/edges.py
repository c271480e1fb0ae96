"""Filled areas laid on their edges to a fraction of a pixel, from how far the rim's pixels are covered."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.moves import Move, measured_again
from critic.pixel.chart_geometry import path_of, value_at
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Area, Axes, Chart
from critic.reading.chart.numbers import rounded
from renderers.types import Image

Curve = NDArray[np.floating]
Columns = NDArray[np.integer]

_REACH = 4
"""Pixels to either side in which an edge is looked for."""
_COARSE = 0.3
"""Pixels that a simplified edge may be off."""
_SAME = 10.0
"""Channel difference up to which a pixel shows nothing but the colour."""
_ON_BLEND = 30.0
"""A rim's pixel is a blend of the two sides' colours, give or take so much."""
_LEAST_COLUMNS = 8
"""Columns below which an area is too narrow for its edges to be measured."""
_UNCLEAR = 0.5
"""Share of the columns in which an edge must be clear."""
_STEEP = 2
"""Pixels across the blended rim of a steep edge; that of others is one."""
_OVER = 1.05
"""Share of a blend that may be over the whole: rounding of levels."""


def edge_moves(chart: Chart, reference: Image) -> list[Move]:
    """Areas whose edges, measured again, lie elsewhere than they were read."""
    return measured_again(
        chart,
        Area,
        lambda area, axes: _measured(area, axes, reference),
        lambda area, number: (
            f"edges of the area in {area.colour} of axes {number} measured at {len(area.x)} points"
        ),
    )


def _measured(area: Area, axes: Axes, image: Image) -> Area | None:
    upper, lower = path_of(area.x, area.high, axes), path_of(area.x, area.low, axes)
    first, last = float(upper[0, 0]), float(upper[-1, 0])
    columns = np.arange(int(np.ceil(first)), int(np.floor(last)))
    if len(columns) < _LEAST_COLUMNS:
        return None
    at = columns + 0.5
    tops, bottoms = np.interp(at, *upper.T), np.interp(at, *lower.T)
    colour = rgb_of(area.colour).astype(float)
    # A base on the frame's edge, as most have, is exact.
    flat = bool(np.ptp(area.low) == 0)
    high = _edge(image, columns, tops, bottoms, colour)
    low = bottoms if flat else _edge(image, columns, bottoms, tops, colour)
    if high is None or low is None:
        return None
    middles = ((high + low) / 2).astype(int)
    ends = [
        _end(image, columns, middles, colour, first, left=True),
        _end(image, columns, middles, colour, last, left=False),
    ]
    knots = sorted({0, len(columns) - 1, *_knots(at, high), *_knots(at, low)})
    xs = at[knots]
    xs[0], xs[-1] = ends
    unit_x = abs(axes.x.high - axes.x.low) / axes.box.width
    unit_y = abs(axes.y.high - axes.y.low) / axes.box.height
    return area.model_copy(
        update={
            "x": tuple(rounded(value_at(axes.x, axes.box.x0, axes.box.x1, v), unit_x / 10) for v in xs),
            "high": _values(axes, high[knots], unit_y),
            "low": (area.low[0],) * len(knots) if flat else _values(axes, low[knots], unit_y),
        }
    )


def _values(axes: Axes, rows: Curve, unit: float) -> tuple[float, ...]:
    return tuple(rounded(value_at(axes.y, axes.box.y1, axes.box.y0, v), unit / 10) for v in rows)


def _edge(image: Image, columns: Columns, rows: Curve, others: Curve, colour: Curve) -> Curve | None:
    """Where the colour ends in each column near ``rows``, seen from ``others`` inside; None where unclear."""
    found = _sought(image, columns, rows, others, colour, thin=False)
    if np.isnan(found).mean() > _UNCLEAR:
        found = _sought(image, columns, rows, others, colour, thin=True)
    known = ~np.isnan(found)
    if known.mean() < _UNCLEAR:
        return None
    # Unclear columns follow their clear neighbours' correction.
    off = np.interp(columns, columns[known], (found - rows)[known])
    return np.asarray(np.where(known, found, rows + off))


def _sought(
    image: Image, columns: Columns, rows: Curve, others: Curve, colour: Curve, *, thin: bool
) -> Curve:
    """The edge in each column; not a number where it is unclear."""
    height = image.shape[0]
    found = np.full(len(columns), np.nan)
    for k, (column, row, other) in enumerate(zip(columns, rows, others, strict=True)):
        outwards = -1 if row <= other else 1
        inner = min(_REACH, int(abs(row - other)))
        start = int(np.floor(row)) - outwards * inner
        stop = int(np.floor(row)) + outwards * (_REACH + 1)
        if min(start, stop) < 0 or max(start, stop) >= height:
            continue
        line = image[start:stop:outwards, column].astype(float)
        covered = _covered(line, colour, thin=thin)
        if covered is not None:
            # The first pixel begins at its own far edge, seen from inside.
            edge = start if outwards > 0 else start + 1
            found[k] = edge + outwards * covered
    return found


def _covered(line: Curve, colour: Curve, *, thin: bool = False) -> float | None:
    """How many pixels of a line the colour covers before another begins; None where it is no clean edge.

    Args:
        line: Pixels from the inside to the outside.
        colour: That of the inside.
        thin: Something thin may lie beyond, so that the colour is taken to end with its last whole pixel.
    """
    away = np.abs(line - colour).max(axis=1)
    if away[0] > _ON_BLEND or away.max() <= _ON_BLEND:
        return None
    first = int(np.argmax(away > _SAME))
    # A rim is a pixel wide, or two where it is steep; what lies beyond is the other colour.
    clean = [rim for rim in (1, _STEEP) if first + rim < len(line) and _is_blend(line, colour, first, rim)]
    if not clean:
        return float(first) if thin and away[first] > 2 * _ON_BLEND else None
    other = line[first + clean[0]]
    way = other - colour
    share = (line[first : first + clean[0]] - colour) @ way / float(way @ way)
    return first + float((1 - share.clip(0, 1)).sum())


def _is_blend(line: Curve, colour: Curve, first: int, rim: int) -> bool:
    """Whether the pixels of a rim lie between the colour and what comes after them."""
    way = line[first + rim] - colour
    length = float(way @ way)
    if length < _ON_BLEND**2:
        return False
    share = (line[first : first + rim] - colour) @ way / length
    off = np.abs(line[first : first + rim] - colour - share[:, None] * way).max()
    beyond = first + rim + 1
    steady = (
        rim == _STEEP or beyond >= len(line) or np.abs(line[beyond] - line[first + rim]).max() < _ON_BLEND
    )
    return bool(off < _ON_BLEND and share.max() < _OVER and steady)


def _end(image: Image, columns: Columns, rows: Columns, colour: Curve, at: float, *, left: bool) -> float:
    """Where the area ends at its left or right: the median over a few rows."""
    row = int(rows[0 if left else -1])
    outwards = -1 if left else 1
    found = []
    for y in range(row - 2, row + 3):
        start, stop = int(at) - outwards * _REACH, int(at) + outwards * (_REACH + 1)
        if not (min(start, stop) >= 0 and max(start, stop) < image.shape[1] and 0 <= y < image.shape[0]):
            continue
        covered = _covered(image[y, start:stop:outwards].astype(float), colour)
        if covered is not None:
            found.append((start if outwards > 0 else start + 1) + outwards * covered)
    return float(np.median(found)) if found else at


def _knots(at: Curve, rows: Curve) -> list[int]:
    points = np.stack([at, rows], axis=1).astype(np.float32).reshape(-1, 1, 2)
    simple = cv2.approxPolyDP(points, _COARSE, False).reshape(-1, 2)
    return [int(v) for v in np.searchsorted(at, simple[:, 0] - 0.25).clip(0, len(at) - 1)]
