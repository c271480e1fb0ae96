"""Differences between the series of two axes, in data units but judged by their pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from critic.pixel.chart_pixels import Mask, count_in, without
from critic.reading.chart.colours import near, rgb_of
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
from critic.types import Box, Discrepancy
from renderers.types import Image

_SAME = 30
"""Channel difference up to which colours are called the same."""
_FEW = 8
_NAMES = {
    "bars": "bars",
    "steps": "steps",
    "line": "line",
    "errors": "error bars",
    "points": "points",
    "area": "area",
    "shape": "region",
    "ring": "pie",
    "heatmap": "heat map",
    "colourbar": "colour bar",
}


def pixel_of(scale: Scale, start: float, end: float, value: float) -> float:
    """Where a data value lies along an axes side that runs from ``start`` to ``end``."""
    if scale.kind == "log":
        low, high, at = (float(np.log10(max(v, 1e-300))) for v in (scale.low, scale.high, value))
    else:
        low, high, at = scale.low, scale.high, value
    return start + (at - low) / ((high - low) or 1.0) * (end - start)


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
        return _around(boxes) if boxes else axes.box
    if isinstance(series, Area):
        return _span(axes, series.x, (*series.low, *series.high))
    if isinstance(series, (Line, Points, Shape)):
        return _span(axes, series.x, series.y)
    return axes.box


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
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


def compare_series(
    where: str, one: Axes, other: Axes, different: Mask, images: tuple[Image, Image]
) -> list[Discrepancy]:
    """Series paired by type and colour, then by place; what they explain is taken out of ``different``."""
    found: list[Discrepancy] = []
    left = list(other.series)
    alone: list[Series] = []
    for ours in one.series:
        mate = _same(ours, left)
        if mate is None:
            alone.append(ours)
            continue
        left.remove(mate)
        found += _pair(where, ours, mate, one, other, different)
    for ours in alone:
        mate = _recoloured(ours, left, one, other)
        box = box_of(ours, one)
        if mate is not None:
            left.remove(mate)
            if count_in(different, box) > _FEW:
                found.append(_colour(where, ours, mate, box))
                without(different, box)
        elif _own(ours, images[0], different, box) > 2 * _FEW and _weight(ours) > 1:
            found.append(_missing(where, ours, left, box))
            without(different, box)
    for theirs in left:
        box = box_of(theirs, other)
        if _own(theirs, images[1], different, box) > 3 * _FEW and _weight(theirs) > 1:
            found.append(
                Discrepancy(
                    category="structure_error",
                    severity=2,
                    location=where,
                    box=box,
                    description=f"{_named(theirs)} not in the reference",
                )
            )
            without(different, box)
    return found


def _own(series: Series, image: Image, different: Mask, box: Box) -> int:
    """Differing pixels in a box that show the series' own colours."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    region, mask = (
        image[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1],
        different[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1],
    )
    if not region.size:
        return 0
    own = np.zeros(mask.shape, bool)
    for colour in set(colours_of(series)[:12]):
        own |= near(region, rgb_of(colour), _SAME)
    return int((own & mask).sum())


def _weight(series: Series) -> int:
    values = getattr(series, "values", None) or getattr(series, "x", None) or (0, 0)
    return len(values)


def _named(series: Series) -> str:
    label = getattr(series, "label", "")
    return (
        f"{_NAMES[series.type]} {label!r} in {colours_of(series)[0]}"
        if label
        else (f"{_NAMES[series.type]} in {colours_of(series)[0]}")
    )


def _same(ours: Series, others: list[Series]) -> Series | None:
    near = [
        o
        for o in others
        if o.type == ours.type
        and (isinstance(ours, (Ring, Grid2D)) or apart(colours_of(ours)[0], colours_of(o)[0]) <= _SAME)
    ]
    return min(
        near, key=lambda o: (_distance(ours, o), apart(colours_of(ours)[0], colours_of(o)[0])), default=None
    )


def _distance(ours: Any, other: Any) -> float:
    if isinstance(ours, Ring):
        return float(abs(ours.radius - other.radius))
    if isinstance(ours, Line):
        return float(abs(np.mean(ours.y) - np.mean(other.y)) + 1e3 * (ours.style != other.style))
    return 0.0


def _recoloured(ours: Series, others: list[Series], one: Axes, other: Axes) -> Series | None:
    a = box_of(ours, one)
    for theirs in others:
        b = box_of(theirs, other)
        if theirs.type == ours.type and all(abs(p - q) <= 6 for p, q in zip(a, b, strict=True)):
            return theirs
    return None


def _colour(where: str, ours: Series, mate: Series, box: Box) -> Discrepancy:
    return Discrepancy(
        category="style_error",
        severity=2,
        location=where,
        box=box,
        description=f"colour of the {_NAMES[ours.type]}: reference {colours_of(ours)[0]}, "
        f"render {colours_of(mate)[0]}",
    )


def _missing(where: str, ours: Series, left: list[Series], box: Box) -> Discrepancy:
    other = next((o for o in left if apart(colours_of(o)[0], colours_of(ours)[0]) <= _SAME), None)
    if other is not None:
        left.remove(other)
        return Discrepancy(
            category="structure_error",
            severity=3,
            location=where,
            box=box,
            description=f"reference has {_named(ours)}, the render {_named(other)}",
        )
    return Discrepancy(
        category="structure_error", severity=3, location=where, box=box, description=f"{_named(ours)} missing"
    )


def _pair(where: str, ours: Series, mate: Any, one: Axes, other: Axes, different: Mask) -> list[Discrepancy]:
    box = _around([box_of(ours, one), box_of(mate, other)])
    if count_in(different, box) <= _FEW:
        return []
    if isinstance(ours, Bars):
        return _bars(where, ours, mate, one, other, different)
    if isinstance(ours, Line):
        said = _line(where, ours, mate, one, other, box, different)
    elif isinstance(ours, Points):
        said = _points(where, ours, mate, one, box)
    elif isinstance(ours, Ring):
        said = _ring(where, ours, mate, box)
    elif isinstance(ours, Grid2D):
        return _heatmap(where, ours, mate, one, different)
    elif isinstance(ours, Area):
        said = _area(where, ours, mate, one, box)
    else:
        said = None
    if said is None:
        return []
    without(different, said.box or box)
    return [said]


def _bars(where: str, ours: Bars, mate: Bars, one: Axes, other: Axes, different: Mask) -> list[Discrepancy]:
    """Bar by bar, paired by position; the render's extra and missing ones too."""
    found: list[Discrepancy] = []
    left = set(range(len(mate.values)))
    for index in range(len(ours.values)):
        a = bar_box(ours, one, index)
        k = 0 if not ours.horizontal else 1
        near = [i for i in left if abs(_middle(a, k) - _middle(bar_box(mate, other, i), k)) < 5]
        pick = min(near, key=lambda i: abs(mate.bases[i] - ours.bases[index]), default=None)
        if pick is None:
            text, box = f"bar {ours.values[index]:g} at {ours.positions[index]:g} is missing", a
        else:
            left.discard(pick)
            b = bar_box(mate, other, pick)
            if max(abs(p - q) for p, q in zip(a, b, strict=True)) < 2.5:
                continue
            box = _around([a, b])
            text = _bar_text(ours, index, mate, pick)
        if count_in(different, box) > _FEW:
            found.append(
                Discrepancy(
                    category="data_error",
                    severity=2 if pick is not None else 3,
                    location=f"{where}, bar {index + 1}",
                    box=box,
                    description=text,
                )
            )
            without(different, box, 3)
    for index in left:
        box = bar_box(mate, other, index)
        if count_in(different, box) > 2 * _FEW:
            found.append(
                Discrepancy(
                    category="data_error",
                    severity=2,
                    location=where,
                    box=box,
                    description=f"bar at {mate.positions[index]:g} is not in the reference",
                )
            )
            without(different, box, 3)
    if len(found) <= 3 or len(found) < 0.6 * len(ours.values):
        return found[:8]
    whole = _around([item.box for item in found if item.box])
    return [
        Discrepancy(
            category="data_error",
            severity=3,
            location=where,
            box=whole,
            description=f"{len(found)} bars in {ours.colour} differ: "
            + "; ".join(i.description for i in found[:3]),
        )
    ]


def _middle(box: Box, axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2


def _bar_text(ours: Bars, index: int, mate: Bars, pick: int) -> str:
    at = ours.positions[index]
    if abs(ours.bases[index] - mate.bases[pick]) < 1e-9 or abs(ours.values[index] - mate.values[pick]) > 1e-9:
        return f"bar at {at:g}: reference {ours.values[index]:g}, render {mate.values[pick]:g}"
    return f"bar at {at:g} starts at {ours.bases[index]:g}, the render's at {mate.bases[pick]:g}"


def _line(
    where: str, ours: Line, mate: Line, one: Axes, other: Axes, box: Box, different: Mask
) -> Discrepancy | None:
    if ours.style != mate.style and bool(ours.style) == bool(mate.style):
        return _style(where, f"line style: reference {ours.style!r}, render {mate.style!r}", box)
    if bool(ours.marker) != bool(mate.marker):
        have = "has markers" if ours.marker else "has no markers"
        return _style(where, f"the line in {ours.colour} {have} in the reference only", box)
    gap, at = _line_gap(ours, mate, one, other)
    if gap > 2.5:
        column = pixel_of(one.x, one.box.x0, one.box.x1, at)
        near = Box(max(box.x0, column - 30), box.y0, min(box.x1, column + 30), box.y1)
        return Discrepancy(
            category="data_error",
            severity=2 if gap < 12 else 3,
            location=f"{where}, line in {ours.colour}",
            box=box if gap > 12 else near,
            description=f"the line is up to {gap:.0f} px off, near x = {at:.4g}",
        )
    if abs(ours.width - mate.width) > 0.45:
        return _style(where, f"line width: reference {ours.width:g}, render {mate.width:g}", box)
    if ours.marker and abs(ours.marker_size - mate.marker_size) > 1:
        return _style(where, f"marker size: reference {ours.marker_size:g}, render {mate.marker_size:g}", box)
    return None


def _style(where: str, text: str, box: Box) -> Discrepancy:
    return Discrepancy(category="style_error", severity=1, location=where, box=box, description=text)


def _line_gap(ours: Line, mate: Line, one: Axes, other: Axes) -> tuple[float, float]:
    """The largest distance in pixels from the reference's vertices to the render's line, and where."""
    a, b = _path(ours, one), _path(mate, other)
    if len(a) < 2 or len(b) < 2:
        return 0.0, 0.0
    gaps = np.maximum(_to_path(a, b), 0.0)
    back = _to_path(b, a)
    if back.max() > gaps.max():
        return float(back.max()), float(mate.x[int(back.argmax())])
    return float(gaps.max()), float(ours.x[int(gaps.argmax())])


def _path(line: Line, axes: Axes) -> np.ndarray:
    b = axes.box
    return np.array(
        [
            (pixel_of(axes.x, b.x0, b.x1, x), pixel_of(axes.y, b.y1, b.y0, y))
            for x, y in zip(line.x, line.y, strict=True)
        ]
    )


def _to_path(points: np.ndarray, path: np.ndarray) -> np.ndarray:
    start, way = path[:-1], np.diff(path, axis=0)
    length = np.maximum((way**2).sum(axis=1), 1e-9)
    rel = points[:, None, :] - start[None]
    share = np.clip((rel * way[None]).sum(axis=2) / length, 0, 1)
    return np.asarray(np.sqrt(((rel - share[..., None] * way[None]) ** 2).sum(axis=2)).min(axis=1))


def _points(where: str, ours: Points, mate: Points, one: Axes, box: Box) -> Discrepancy | None:
    if abs(len(ours.x) - len(mate.x)) > 0.02 * len(ours.x):
        return Discrepancy(
            category="data_error",
            severity=2,
            location=where,
            box=box,
            description=f"points: reference {len(ours.x)}, render {len(mate.x)}",
        )
    a, b = _cloud(ours, one), _cloud(mate, one)
    away = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2)).min(axis=1)
    if (away > 3).sum() > 0.01 * len(a):
        worst = int(away.argmax())
        x, y = a[worst]
        return Discrepancy(
            category="data_error",
            severity=2,
            location=where,
            box=Box(x - 12, y - 12, x + 12, y + 12),
            description=f"{int((away > 3).sum())} points are elsewhere, "
            f"such as ({ours.x[worst]:g}, {ours.y[worst]:g})",
        )
    ratio = float(np.median(ours.sizes)) / max(float(np.median(mate.sizes)), 1e-9)
    if not 0.75 < ratio < 1.33:
        return _style(
            where, f"point size: reference {np.median(ours.sizes):g}, render {np.median(mate.sizes):g}", box
        )
    return None


def _cloud(points: Points, axes: Axes) -> np.ndarray:
    b = axes.box
    return np.array(
        [
            (pixel_of(axes.x, b.x0, b.x1, x), pixel_of(axes.y, b.y1, b.y0, y))
            for x, y in zip(points.x, points.y, strict=True)
        ]
    )


def _ring(where: str, ours: Ring, mate: Ring, box: Box) -> Discrepancy | None:
    if len(ours.fractions) != len(mate.fractions):
        text = f"wedges: reference {len(ours.fractions)}, render {len(mate.fractions)}"
        return Discrepancy(category="data_error", severity=3, location=where, box=box, description=text)
    off = [abs(a - b) for a, b in zip(ours.fractions, mate.fractions, strict=True)]
    if max(off) > 0.006:
        k = int(np.argmax(off))
        text = (
            f"wedge {k + 1}: reference {100 * ours.fractions[k]:.1f}%, render {100 * mate.fractions[k]:.1f}%"
        )
        return Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
    for k, (a, b) in enumerate(zip(ours.colours, mate.colours, strict=True)):
        if apart(a, b) > _SAME:
            text = f"colour of wedge {k + 1}: reference {a}, render {b}"
            return Discrepancy(category="style_error", severity=2, location=where, box=box, description=text)
    if max(abs(ours.radius - mate.radius), abs(ours.hole - mate.hole)) > 2.5:
        text = (
            f"radius {ours.radius:.0f} and hole {ours.hole:.0f} px, "
            f"in the render {mate.radius:.0f} and {mate.hole:.0f}"
        )
        return Discrepancy(category="style_error", severity=1, location=where, box=box, description=text)
    return None


def _heatmap(where: str, ours: Grid2D, mate: Grid2D, one: Axes, different: Mask) -> list[Discrepancy]:
    rows, columns = len(ours.colours), len(ours.colours[0]) if ours.colours else 0
    if (rows, columns) != (len(mate.colours), len(mate.colours[0]) if mate.colours else 0):
        text = f"cells: reference {rows} x {columns}, render {len(mate.colours)} rows"
        return [
            Discrepancy(category="structure_error", severity=3, location=where, box=one.box, description=text)
        ]
    found = []
    high, wide = (one.box.y1 - one.box.y0) / rows, (one.box.x1 - one.box.x0) / columns
    for i in range(rows):
        for j in range(columns):
            box = Box(
                one.box.x0 + j * wide,
                one.box.y0 + i * high,
                one.box.x0 + (j + 1) * wide,
                one.box.y0 + (i + 1) * high,
            )
            if count_in(different, box) <= _FEW:
                continue
            off = apart(ours.colours[i][j], mate.colours[i][j])
            if off > _SAME:
                text = f"cell colour: reference {ours.colours[i][j]}, render {mate.colours[i][j]}"
                place = f"{where}, row {i + 1}, column {j + 1}"
                found.append(
                    Discrepancy(category="data_error", severity=2, location=place, box=box, description=text)
                )
                without(different, box, 0)
    if len(found) > 0.3 * rows * columns:
        text = f"{len(found)} of {rows * columns} cells differ in colour"
        return [
            Discrepancy(category="style_error", severity=2, location=where, box=one.box, description=text)
        ]
    return found[:8]


def _area(where: str, ours: Area, mate: Area, one: Axes, box: Box) -> Discrepancy | None:
    xs = np.linspace(max(ours.x[0], mate.x[0]), min(ours.x[-1], mate.x[-1]), 200)
    unit = abs(one.y.high - one.y.low) / max(1.0, one.box.y1 - one.box.y0)
    worst, at, edge = 0.0, xs[0], "upper"
    for name in ("high", "low"):
        gap = (
            np.abs(np.interp(xs, ours.x, getattr(ours, name)) - np.interp(xs, mate.x, getattr(mate, name)))
            / unit
        )
        if gap.max() > worst:
            worst, at, edge = (
                float(gap.max()),
                float(xs[int(gap.argmax())]),
                "upper" if name == "high" else "lower",
            )
    if worst <= 2.5:
        return None
    text = f"the {edge} edge of the area in {ours.colour} is up to {worst:.0f} px off, near x = {at:.4g}"
    return Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
