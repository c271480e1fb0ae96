"""Where the series of an axes lie in pixels, and their colours."""

from __future__ import annotations

import numpy as np

from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    Grid2D,
    Line,
    Points,
    Ring,
    Scale,
    Series,
    Shape,
)
from critic.types import Box


def pixel_of(scale: Scale, start: float, end: float, value: float) -> float:
    """Where a data value lies along an axes side that runs from ``start`` to ``end``."""
    if scale.kind == "log":
        low, high, at = (float(np.log10(max(v, 1e-300))) for v in (scale.low, scale.high, value))
    else:
        low, high, at = scale.low, scale.high, value
    return start + (at - low) / ((high - low) or 1.0) * (end - start)


def value_at(scale: Scale, start: float, end: float, pixel: float) -> float:
    """The data value that lies at a pixel along such a side."""
    share = (pixel - start) / ((end - start) or 1.0)
    if scale.kind == "log":
        low, high = (float(np.log10(max(v, 1e-300))) for v in (scale.low, scale.high))
        return float(10.0 ** (low + share * (high - low)))
    return scale.low + share * (scale.high - scale.low)


def path_of(xs: tuple[float, ...], ys: tuple[float, ...], axes: Axes) -> np.ndarray:
    """Pixels (x, y) of data points."""
    b = axes.box
    return np.array(
        [
            (pixel_of(axes.x, b.x0, b.x1, x), pixel_of(axes.y, b.y1, b.y0, y))
            for x, y in zip(xs, ys, strict=True)
        ]
    ).reshape(-1, 2)


def colours_of(series: Series) -> tuple[str, ...]:
    """The colours a series draws with."""
    if isinstance(series, (Points, Ring)):
        return series.colours
    if isinstance(series, Grid2D):
        return tuple(c for row in series.colours for c in row)
    return (getattr(series, "colour", "#000000"),)


def apart(one: str, other: str) -> int:
    """Largest channel difference of two colours."""
    return max(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5))


def box_of(series: Series, axes: Axes) -> Box:
    """The pixels around a series."""
    if isinstance(series, Ring):
        (cx, cy), r = series.centre, series.radius
        return Box(cx - r, cy - r, cx + r, cy + r)
    if isinstance(series, Bars):
        boxes = [bar_box(series, axes, i) for i in range(len(series.values))]
        return around(boxes) if boxes else axes.box
    if isinstance(series, Area):
        return _span(axes, series.x, (*series.low, *series.high))
    if isinstance(series, (Line, Points, Shape)):
        return _span(axes, series.x, series.y)
    return axes.box


def around(boxes: list[Box]) -> Box:
    """The smallest box around all."""
    return Box(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
    )


def overlap(one: Box, other: Box, margin: float = 0.0) -> bool:
    """Whether two boxes meet, or come as near as a margin."""
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > -margin
        and min(one.y1, other.y1) - max(one.y0, other.y0) > -margin
    )


def _span(axes: Axes, xs: tuple[float, ...], ys: tuple[float, ...]) -> Box:
    if not xs or not ys:
        return axes.box
    columns = [pixel_of(axes.x, axes.box.x0, axes.box.x1, v) for v in (min(xs), max(xs))]
    rows = [pixel_of(axes.y, axes.box.y1, axes.box.y0, v) for v in (min(ys), max(ys))]
    return Box(min(columns) - 4, min(rows) - 4, max(columns) + 4, max(rows) + 4)


def bar_box(bars: Bars, axes: Axes, index: int) -> Box:
    """The pixels of a bar."""
    at, width = bars.positions[index], bars.widths[index]
    ends = (bars.bases[index], bars.bases[index] + bars.values[index])
    along = (at - width / 2, at + width / 2)
    xs, ys = (ends, along) if bars.horizontal else (along, ends)
    return _span(axes, xs, ys)


def off_path(points: np.ndarray, path: np.ndarray) -> np.ndarray:
    """The distance of each point from a polyline, in pixels."""
    if len(path) < 2:
        return np.full(len(points), np.inf)
    start, way = path[:-1], np.diff(path, axis=0)
    length = np.maximum((way**2).sum(axis=1), 1e-9)
    rel = points[:, None, :] - start[None]
    share = np.clip((rel * way[None]).sum(axis=2) / length, 0, 1)
    return np.asarray(np.sqrt(((rel - share[..., None] * way[None]) ** 2).sum(axis=2)).min(axis=1))
