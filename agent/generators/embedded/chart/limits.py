"""Limits of axes to a fraction of a pixel: ticks are drawn into whole pixels, and all must fall right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.moves import Move, axes_of, with_axes
from critic.pixel.chart_texts import tick_strip
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Axes, Chart, Scale
from renderers.types import Image

Row = NDArray[np.float64]

_REACH, _STEP = 1.5, 0.05
"""Pixels by which each end may be off, and the step between trials."""
_BEYOND = 2
"""Pixels outside the spine where major and minor marks both show."""
_LINED, _SEEN = 30, 8
"""Percentile of a row's or column's pixels that must show a grid line, and levels from the face at which it
does: marks hide the rest."""
_SPREAD = 0.3
"""Share of a side over which marks must be spread to tell both of its ends."""
_MET, _MORE = 0.5, 0.3
"""Share of the ticks that must meet marks, and how many marks more than now others must meet."""
_WITHIN = 0.002
"""Share of a side beyond its ends where a mark still belongs to it: half a pixel of 250."""
_NEAR_EDGE = 0.03
"""Cells by which a limit may be off the edge of a heat map's outermost ones."""
_BETWEEN = 0.5
"""Fraction of the numbers at which one category ends and the next begins."""


class Fit(NamedTuple):
    """Limits of a scale, and by how many pixels the edges of its frame at the low and the high end move."""

    low: float
    high: float
    start: float
    end: float


def limit_moves(chart: Chart, reference: Image) -> list[Move]:
    """Scales whose ticks do not all lie on the reference's marks, with the limits that put them there."""
    found = []
    for index, axes in axes_of(chart):
        if not axes.visible or any(s.traits.explains for s in axes.series):
            continue
        for name, scale in (("x", axes.x), ("y", axes.y)):
            better = fitted(axes, name, scale, marks_beside(reference, axes, name, chart.background))
            if better is not None:
                found.append(_move(index, axes, name, scale, better))
    return found


def _move(index: int, axes: Axes, name: str, scale: Scale, better: Fit) -> Move:
    def change(chart: Chart) -> Chart:
        now = chart.axes[index]
        new = getattr(now, name).model_copy(update={"low": better.low, "high": better.high})
        first, last = ("x0", "x1") if name == "x" else ("y1", "y0")
        edges = {first: getattr(now.box, first) + better.start, last: getattr(now.box, last) + better.end}
        return with_axes(chart, index, box=now.box._replace(**edges), **{name: new})

    reason = f"{name} axis of axes {index + 1} set to {better.low:.5g} to {better.high:.5g}, as its ticks lie"
    categories = ("data_error", "style_error", "text_error")
    return Move(reason, change, tick_strip(axes, name, scale, scale), categories)


def marks_beside(image: Image, axes: Axes, name: str, background: str) -> Row:
    """How strongly each pixel along a side shows a tick mark (or a grid line, where there are no marks)."""
    b, scale = axes.box, axes.x if name == "x" else axes.y
    pixels = image if name == "x" else image.transpose(1, 0, 2)
    near, far = (b.y0, b.y1) if name == "x" else (b.x0, b.x1)
    if scale.marks:
        at = round(near) - _BEYOND if scale.side in ("top", "left") else round(far) + _BEYOND
        if not 0 <= at < len(pixels):
            return np.zeros(pixels.shape[1])
        return np.asarray(np.abs(pixels[at].astype(float) - rgb_of(background)).max(axis=1) / 255.0)
    inside = pixels[round(near) + 2 : round(far) - 1].astype(float)
    if not len(inside):
        return np.zeros(pixels.shape[1])
    away = np.abs(inside - rgb_of(axes.face)).max(axis=2)
    return np.asarray((np.percentile(away, _LINED, axis=0) > _SEEN).astype(float))


def fitted(axes: Axes, name: str, scale: Scale, marks: Row) -> Fit | None:
    """Limits under which the most ticks fall on marks; None where those it has do as well."""
    start, end = (axes.box.x0, axes.box.x1) if name == "x" else (axes.box.y1, axes.box.y0)
    limits = [_cell_edge(axes, scale, v) for v in (scale.low, scale.high)]
    low, high = (scale.plain(v) for v in limits)
    shares = shares_of_marks(scale, low, high)
    if len(shares) <= 1 or np.ptp(shares) < _SPREAD or high == low:
        return None
    steps = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    score = met(marks, shares, start + steps, end + steps)
    middle = len(steps) // 2
    same = limits == [scale.low, scale.high]
    if score.max() < _MET * len(shares) or (same and score.max() - score[middle, middle] < _MORE):
        return None
    off = np.argwhere(score > score.max() - 0.05) - middle
    # The middle of the nearest ones: any of them puts the ticks right.
    reach = np.abs(off).sum(axis=1)
    a, c = (off[reach <= reach.min() + 6].mean(axis=0) * _STEP).tolist()
    unit = (high - low) / (end + c - start - a)
    # A limit with a meaning stays, and the edge of the frame moves instead.
    kept = [has_meaning(scale, v) for v in limits]
    return Fit(
        limits[0] if kept[0] else scale.value_of(low - a * unit),
        limits[1] if kept[1] else scale.value_of(high - c * unit),
        a if kept[0] else 0.0,
        c if kept[1] else 0.0,
    )


def met(marks: Row, shares: Row, starts: Row, ends: Row) -> Row:
    """How many marks are met when a side runs from each of some starts to each of some ends."""
    first, last = (grid[..., None] for grid in np.meshgrid(starts, ends, indexing="ij"))
    # A mark at position p is drawn into the pixel round(p).
    at = np.floor(first + shares * (last - first) + 0.5).astype(int).clip(0, len(marks) - 1)
    return np.asarray(marks[at].sum(axis=2))


def shares_of_marks(scale: Scale, low: float, high: float) -> Row:
    """Where between two limits, as they are measured along the axis, the marks stand: 0 to 1."""
    shares = (np.array([scale.plain(v) for v in scale.drawn_values()]) - low) / ((high - low) or 1.0)
    return shares[(shares > -_WITHIN) & (shares < 1 + _WITHIN)]


def _cell_edge(axes: Axes, scale: Scale, value: float) -> float:
    """The outer edge of a heat map's cells, which are counted from 0."""
    edge = round(value - _BETWEEN) + _BETWEEN
    cells = bool(axes.series) and axes.series[0].traits.celled and not scale.numeric
    return edge if cells and abs(edge - value) < _NEAR_EDGE else value


def has_meaning(scale: Scale, value: float) -> bool:
    """Whether a limit is one that somebody would set: at a tick, or at the edge of a category."""
    near = 1e-9 * abs(scale.high - scale.low)
    return (not scale.numeric and value % 1.0 == _BETWEEN) or any(
        abs(t.value - value) <= near for t in scale.ticks
    )
