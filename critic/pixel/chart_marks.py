"""Differences between two series of one type, in data units but judged by their pixels."""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.chart_geometry import apart, around, bar_box, off_path, path_of, pixel_of
from critic.pixel.chart_ink import dashes_of
from critic.pixel.chart_pixels import Mask, count_in, differing, without
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Area, Axes, Bars, Boxes, Grid2D, Line, Points, Ring, Stems
from critic.types import Box, Discrepancy
from renderers.types import Image

SAME = 30
"""Channel difference up to which colours are called the same."""
_ROUND = 9
"""Pixels across the place round a vertex in which pictures are looked at."""
_OFF = 2.5
"""Pixels by which a line may be off."""
_INKED = 60
"""Channel difference up to which a pixel shows a line's colour, thin and paler as it may be."""
FEW = 8
"""So many differing pixels are no difference."""


def compare_bars(
    where: str, ours: Bars, mate: Bars, one: Axes, other: Axes, different: Mask
) -> list[Discrepancy]:
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
            box = around([a, b])
            text = _bar_text(ours, index, mate, pick)
        if count_in(different, box) > FEW:
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
        if count_in(different, box) > 2 * FEW:
            text = f"bar at {mate.positions[index]:g} is not in the reference"
            found.append(
                Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
            )
            without(different, box, 3)
    if len(found) <= 3 or len(found) < 0.6 * len(ours.values):
        return found[:8]
    whole = around([item.box for item in found if item.box])
    said = "; ".join(item.description for item in found[:3])
    text = f"{len(found)} bars in {ours.colour} differ: {said}"
    return [Discrepancy(category="data_error", severity=3, location=where, box=whole, description=text)]


def _middle(box: Box, axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2


def _bar_text(ours: Bars, index: int, mate: Bars, pick: int) -> str:
    at = ours.positions[index]
    if abs(ours.bases[index] - mate.bases[pick]) < 1e-9 or abs(ours.values[index] - mate.values[pick]) > 1e-9:
        return f"bar at {at:g}: reference {ours.values[index]:g}, render {mate.values[pick]:g}"
    return f"bar at {at:g} starts at {ours.bases[index]:g}, the render's at {mate.bases[pick]:g}"


def compare_boxes(where: str, ours: Boxes, mate: Boxes, one: Axes, box: Box) -> Discrepancy | None:
    """The statistics of two box plots, box by box in their order."""
    if len(ours.positions) != len(mate.positions):
        text = f"{len(ours.positions)} boxes in the reference, {len(mate.positions)} in the render"
        return Discrepancy(category="structure_error", severity=3, location=where, box=box, description=text)
    scale, ends = (one.x, (one.box.x0, one.box.x1)) if ours.horizontal else (one.y, (one.box.y1, one.box.y0))
    named = {"lower whisker": "lows", "first quartile": "q1", "median": "medians"}
    named |= {"third quartile": "q3", "upper whisker": "highs"}
    for name, field in named.items():
        for index, (a, b) in enumerate(zip(getattr(ours, field), getattr(mate, field), strict=True)):
            if abs(pixel_of(scale, *ends, a) - pixel_of(scale, *ends, b)) > 2.5:
                text = f"{name} of box {index + 1}: reference {a:g}, render {b:g}"
                return Discrepancy(
                    category="data_error", severity=2, location=where, box=box, description=text
                )
    counts = [sum(len(f) for f in item.fliers) for item in (ours, mate)]
    if abs(counts[0] - counts[1]) > max(1, 0.1 * counts[0]):
        text = f"fliers: reference {counts[0]}, render {counts[1]}"
        return Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
    return None


def compare_lines(
    where: str, ours: Line, mate: Line, one: Axes, other: Axes, box: Box, images: tuple[Image, Image]
) -> Discrepancy | None:
    """The most important difference of two lines."""
    broken = _dashes(where, ours, mate, one, other, box, images)
    if broken is not None:
        return broken
    if bool(ours.marker) != bool(mate.marker):
        have = "has markers" if ours.marker else "has no markers"
        return _style(where, f"the line in {ours.colour} {have} in the reference only", box)
    gap, at = _line_gap(ours, mate, one, other, images)
    if gap > _OFF:
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


def compare_stems(
    where: str, ours: Stems, mate: Stems, one: Axes, other: Axes, box: Box
) -> Discrepancy | None:
    """Number, heights and base of two rows of stems."""
    if len(ours.x) != len(mate.x):
        text = f"{len(ours.x)} stems in the reference, {len(mate.x)} in the render"
        return Discrepancy(category="data_error", severity=3, location=where, box=box, description=text)
    a, b = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, other)
    away = np.hypot(*(a - b).T)
    worst = int(away.argmax())
    if away[worst] > _OFF:
        x, y = a[worst]
        near = around([Box(p - _ROUND, q - _ROUND, p + _ROUND, q + _ROUND) for p, q in ((x, y), b[worst])])
        text = f"stem at {ours.x[worst]:g}: reference {ours.y[worst]:g}, render {mate.y[worst]:g}"
        return Discrepancy(category="data_error", severity=2, location=where, box=near, description=text)
    foot, other_foot = path_of(ours.x[:1], (ours.base,), one), path_of(mate.x[:1], (mate.base,), other)
    if abs(float(foot[0, 1] - other_foot[0, 1])) > _OFF:
        text = f"stems begin at {ours.base:g} in the reference, at {mate.base:g} in the render"
        return Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
    if ours.marker != mate.marker:
        return _style(where, f"markers: reference {ours.marker!r}, render {mate.marker!r}", box)
    return None


def _dashes(
    where: str, ours: Line, mate: Line, one: Axes, other: Axes, box: Box, images: tuple[Image, Image]
) -> Discrepancy | None:
    """Whether one line is broken and the other not, or in other dashes: from the pixels along each path."""
    a = dashes_of(ours, one, images[0], ours.colour)
    b = dashes_of(ours, one, images[1], mate.colour)
    # Where the render's line runs elsewhere its own path must tell.
    b = dashes_of(mate, other, images[1], mate.colour) if b.share < 0.25 else b
    other_length = max(a.length, b.length) > 1.7 * max(1.0, min(a.length, b.length))
    if a.broken != b.broken and abs(a.share - b.share) > 0.05:
        names = ["broken" if d.broken else "solid" for d in (a, b)]
    elif a.broken and b.broken and other_length and ours.style != mate.style:
        names = [repr(ours.style), repr(mate.style)]
    else:
        return None
    return _style(
        where, f"line style of the line in {ours.colour}: reference {names[0]}, render {names[1]}", box
    )


def _style(where: str, text: str, box: Box) -> Discrepancy:
    return Discrepancy(category="style_error", severity=1, location=where, box=box, description=text)


def _line_gap(
    ours: Line, mate: Line, one: Axes, other: Axes, images: tuple[Image, Image]
) -> tuple[float, float]:
    """The largest distance in pixels from the reference's vertices to the render's line, and where.

    Vertices round which the pixels agree were only read otherwise: behind other lines, mostly. And no line
    is farther away than ink of its colour: dashes may have been joined otherwise.
    """
    a, b = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, other)
    if len(a) < 2 or len(b) < 2:
        return 0.0, 0.0
    gaps, back = off_path(a, b), off_path(b, a)
    if max(gaps.max(), back.max()) > _OFF:
        different = differing(*images)
        gaps = np.minimum(gaps, _to_ink(a, images[1], ours.colour)) * _differs_at(a, different)
        back = np.minimum(back, _to_ink(b, images[0], mate.colour)) * _differs_at(b, different)
    if back.max() > gaps.max():
        return float(back.max()), float(mate.x[int(back.argmax())])
    return float(gaps.max()), float(ours.x[int(gaps.argmax())])


def _to_ink(path: np.ndarray, image: Image, colour: str) -> np.ndarray:
    """How far each point of a path is from pixels of a colour."""
    away = cv2.distanceTransform((~near(image, rgb_of(colour), _INKED)).astype(np.uint8), cv2.DIST_L2, 3)
    rows = path[:, 1].round().astype(int).clip(0, away.shape[0] - 1)
    columns = path[:, 0].round().astype(int).clip(0, away.shape[1] - 1)
    return np.asarray(away[rows, columns], dtype=float)


def _differs_at(path: np.ndarray, different: Mask) -> np.ndarray:
    """Whether the pictures differ round each point of a path."""
    counts = cv2.boxFilter(different.astype(np.float32), -1, (_ROUND, _ROUND), normalize=False)
    rows = path[:, 1].round().astype(int).clip(0, counts.shape[0] - 1)
    columns = path[:, 0].round().astype(int).clip(0, counts.shape[1] - 1)
    return np.asarray(counts[rows, columns] > 2)


def compare_points(where: str, ours: Points, mate: Points, one: Axes, box: Box) -> Discrepancy | None:
    """Scattered points: their number, places and sizes."""
    if abs(len(ours.x) - len(mate.x)) > 0.02 * len(ours.x):
        text = f"points: reference {len(ours.x)}, render {len(mate.x)}"
        return Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
    a, b = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, one)
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
        text = f"point size: reference {np.median(ours.sizes):g}, render {np.median(mate.sizes):g}"
        return _style(where, text, box)
    return None


def compare_rings(where: str, ours: Ring, mate: Ring, box: Box) -> Discrepancy | None:
    """Pies: number, shares and colours of the wedges, radius and hole."""
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
        if apart(a, b) > SAME:
            text = f"colour of wedge {k + 1}: reference {a}, render {b}"
            return Discrepancy(category="style_error", severity=2, location=where, box=box, description=text)
    if max(abs(ours.radius - mate.radius), abs(ours.hole - mate.hole)) > 2.5:
        text = (
            f"radius {ours.radius:.0f} and hole {ours.hole:.0f} px, "
            f"in the render {mate.radius:.0f} and {mate.hole:.0f}"
        )
        return _style(where, text, box)
    return None


def compare_heat_maps(
    where: str, ours: Grid2D, mate: Grid2D, one: Axes, different: Mask
) -> list[Discrepancy]:
    """Cell by cell; one discrepancy where most cells changed, which is the colour map."""
    rows, columns = len(ours.colours), len(ours.colours[0]) if ours.colours else 0
    if (rows, columns) != (len(mate.colours), len(mate.colours[0]) if mate.colours else 0):
        text = f"cells: reference {rows} x {columns}, render {len(mate.colours)} rows"
        without(different, one.box, 0)
        return [
            Discrepancy(category="structure_error", severity=3, location=where, box=one.box, description=text)
        ]
    found = []
    high, wide = (one.box.y1 - one.box.y0) / rows, (one.box.x1 - one.box.x0) / columns
    for i in range(rows):
        for j in range(columns):
            x, y = one.box.x0 + j * wide, one.box.y0 + i * high
            box = Box(x, y, x + wide, y + high)
            if count_in(different, box) <= FEW:
                continue
            if apart(ours.colours[i][j], mate.colours[i][j]) > SAME:
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


def compare_areas(where: str, ours: Area, mate: Area, one: Axes, box: Box) -> Discrepancy | None:
    """The largest distance of the edges."""
    xs = np.linspace(max(ours.x[0], mate.x[0]), min(ours.x[-1], mate.x[-1]), 200)
    unit = abs(one.y.high - one.y.low) / max(1.0, one.box.y1 - one.box.y0)
    worst, at, edge = 0.0, xs[0], "upper"
    for name, words in (("high", "upper"), ("low", "lower")):
        ours_at, mate_at = (
            np.interp(xs, ours.x, getattr(ours, name)),
            np.interp(xs, mate.x, getattr(mate, name)),
        )
        gap = np.abs(ours_at - mate_at) / unit
        if gap.max() > worst:
            worst, at, edge = float(gap.max()), float(xs[int(gap.argmax())]), words
    if worst <= 2.5:
        return None
    text = f"the {edge} edge of the area in {ours.colour} is up to {worst:.0f} px off, near x = {at:.4g}"
    return Discrepancy(category="data_error", severity=2, location=where, box=box, description=text)
