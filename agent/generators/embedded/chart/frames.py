"""Frames and limits from where tick labels lie: unlike spines and marks they stand at fractions of pixels."""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import NamedTuple

import numpy as np

from agent.generators.embedded.chart.limits import (
    Row,
    has_meaning,
    marks_beside,
    met,
    shares_of_marks,
)
from agent.generators.embedded.chart.moves import Move, axes_of, with_axes
from agent.generators.embedded.chart.shifts import Grey, grey, shift_of
from critic.pixel.chart_geometry import around
from critic.reading.chart.description import Axes, Chart, Scale
from critic.types import Box
from renderers.types import Image

_NEAR = 0.04
"""Pixels by which an end may be off before anything is moved."""
_FAR = 1.2
"""And by which it may be off for labels to be the same ones."""
_SPREAD = 0.3
"""Share of a side that labels must span to tell both of its ends."""
_DOUBT, _STEP = 0.2, 0.02
"""Pixels by which labels may tell an end wrong, and the step in which marks tell better."""
_WITHIN = 0.49
"""Pixels round the middle of its pixel in which a spine is drawn there."""
_SAME_PLACE = 1e-6
"""Share of a side below which two labels are at one place and tell no slope."""
_MET, _MORE = 0.5, 0.3
"""Share of the ticks that must meet marks, and how many marks more than now others must meet."""


class Ends(NamedTuple):
    """By how many pixels the drawing must move at the low and at the high end of a side."""

    low: float
    high: float


class _Lie(NamedTuple):
    """How the labels of one side lie off: along it, and away from it."""

    along: Ends | None
    away: float


class Framing(NamedTuple):
    """One axes' frame and limits, elsewhere than they were."""

    place: int
    before: Axes
    box: Box
    x: Scale
    y: Scale
    stays: bool = True
    """Whether what is drawn stays in its place, so that its values change."""

    @property
    def name(self) -> str:
        """Of the axes' frame."""
        return f"frame of axes {self.place + 1}"

    @property
    def move(self) -> Move:
        """It as a move."""
        after = self.before.model_copy(update={"box": self.box, "x": self.x, "y": self.y})

        def change(chart: Chart) -> Chart:
            series = chart.axes[self.place].series
            if self.stays:
                series = tuple(item.moved(self.before.plane, after.plane) for item in series)
            return with_axes(chart, self.place, box=self.box, x=self.x, y=self.y, series=series)

        places = ", ".join(f"{v:.2f}" for v in self.box)
        limits = f"{self.x.low:.5g} to {self.x.high:.5g} and {self.y.low:.5g} to {self.y.high:.5g}"
        drawn = ", what is drawn stays" if self.stays else ""
        reason = f"axes {self.place + 1} set to {places}, limits {limits}, as the labels lie{drawn}"
        return Move(reason, change, _place(self.before), ("data_error", "style_error", "text_error"))


def frames_by_labels(chart: Chart, reference: Image, render: Image) -> list[list[Framing]]:
    """Ways to lay the labels where they should lie, each with all axes that are off.

    A label tells where its value lies, not whether an edge or a limit is to blame for that. The first way
    moves the edges along which labels lie off; the second moves those that labels stand beside, and sets the
    limits by the rest; the third sets the limits alone.
    """
    ways: list[list[Framing]] = [[], [], []]
    greys = grey(reference), grey(render)
    for index, axes in axes_of(chart):
        if not axes.visible or any(s.traits.explains for s in axes.series):
            continue
        lies = {name: _lie(axes, name, *greys) for name in ("x", "y")}
        for name, lie in lies.items():
            if lie.along is not None:
                marks = marks_beside(reference, axes, name, chart.background)
                lies[name] = lie._replace(along=_on_marks(axes, name, marks, lie.along))
        for way, framed in zip(ways, (_edges, _both, _limits), strict=True):
            moved = framed(axes, lies)
            if moved != (axes.box, axes.x, axes.y):
                way.append(Framing(index, axes, *moved))
    return ways


Moved = tuple[Box, Scale, Scale]


def _place(axes: Axes) -> Box:
    """An axes with its tick labels."""
    boxes = [t.box for scale in (axes.x, axes.y) for t in scale.ticks if t.box is not None]
    return around([axes.box, *boxes])


def _lie(axes: Axes, name: str, reference: Grey, render: Grey) -> _Lie:
    scale, direction = (axes.x, 0) if name == "x" else (axes.y, 1)
    start, end = _sides(axes, name)
    at, along, away = [], [], []
    for tick in scale.ticks:
        shift = shift_of(reference, render, [tick.box]) if tick.box is not None else None
        if shift is not None:
            at.append((tick.pixel - start) / (end - start))
            along.append(shift[direction])
            away.append(shift[1 - direction])
    if len(at) <= 1 or max(at) - min(at) < _SPREAD:
        return _Lie(None, median(away) if away else 0.0)
    return _Lie(_line(at, along), median(away))


def _line(at: list[float], off: list[float]) -> Ends | None:
    """The line through points (Theil and Sen: what is misread at single ones does not count)."""
    pairs = combinations(zip(at, off, strict=True), 2)
    slope = median((d - b) / (c - a) for (a, b), (c, d) in pairs if abs(c - a) > _SAME_PLACE)
    low = median(b - slope * a for a, b in zip(at, off, strict=True))
    return Ends(low, low + slope) if max(abs(low), abs(low + slope)) <= _FAR else None


def _on_marks(axes: Axes, name: str, marks: Row, ends: Ends) -> Ends:
    """The ends nearest to those that the labels tell with which the most marks lie right to the pixel."""
    scale = axes.x if name == "x" else axes.y
    start, end = _sides(axes, name)
    shares = shares_of_marks(scale, scale.plain(scale.low), scale.plain(scale.high))
    steps = np.arange(-_DOUBT, _DOUBT + _STEP / 2, _STEP)
    score = met(marks, shares, start + ends.low + steps, end + ends.high + steps)
    middle = len(steps) // 2
    if score.max() < _MET * len(shares) or score.max() - score[middle, middle] < _MORE:
        return ends
    off = np.argwhere(score > score.max() - 0.05) - middle
    reach = np.abs(off).sum(axis=1)
    low, high = (off[reach <= reach.min() + 4].mean(axis=0) * _STEP).tolist()
    return Ends(ends.low + low, ends.high + high)


def _sides(axes: Axes, name: str) -> tuple[float, float]:
    """Pixels of the low and the high end."""
    return (axes.box.x0, axes.box.x1) if name == "x" else (axes.box.y1, axes.box.y0)


def _edges(axes: Axes, lies: dict[str, _Lie]) -> Moved:
    along_x, along_y = lies["x"].along, lies["y"].along
    ends = (along_x or Ends(0, 0)), (along_y or Ends(0, 0))
    return _with_box(axes, ends[0].low, ends[1].high, ends[0].high, ends[1].low), axes.x, axes.y


def _both(axes: Axes, lies: dict[str, _Lie]) -> Moved:
    """The edges that labels stand beside, and the limits."""
    off = {"x0": 0.0, "y0": 0.0, "x1": 0.0, "y1": 0.0}
    off["x1" if axes.y.side == "right" else "x0"] = lies["y"].away
    off["y0" if axes.x.side == "top" else "y1"] = lies["x"].away
    return _limited(axes, _with_box(axes, off["x0"], off["y0"], off["x1"], off["y1"]), lies)


def _limits(axes: Axes, lies: dict[str, _Lie]) -> Moved:
    return _limited(axes, axes.box, lies)


def _limited(axes: Axes, box: Box, lies: dict[str, _Lie]) -> Moved:
    """The limits under which labels lie right in a box; a limit with a meaning moves its edge instead."""
    moved = axes.model_copy(update={"box": box})
    scales = {}
    for name, scale in (("x", axes.x), ("y", axes.y)):
        along = lies[name].along
        scales[name] = scale
        if along is None:
            continue
        before, after = _sides(axes, name), _sides(moved, name)
        rest = [want - (b - a) for want, a, b in zip(along, before, after, strict=True)]
        kept = [has_meaning(scale, limit) for limit in (scale.low, scale.high)]
        moved = moved.model_copy(update={"box": _with_ends(moved, name, rest, kept)})
        left = [0.0 if k else r for k, r in zip(kept, rest, strict=True)]
        low, high = (scale.plain(v) for v in (scale.low, scale.high))
        unit = (high - low) / ((after[1] - after[0]) or 1.0)
        if max(map(abs, left)) >= _NEAR:
            new = [scale.value_of(v - r * unit) for v, r in zip((low, high), left, strict=True)]
            limits = [o if r == 0 else n for o, n, r in zip((scale.low, scale.high), new, left, strict=True)]
            scales[name] = scale.model_copy(update={"low": limits[0], "high": limits[1]})
    return moved.box, scales["x"], scales["y"]


def _with_ends(axes: Axes, name: str, rest: list[float], kept: list[bool]) -> Box:
    low, high = (r if k else 0.0 for r, k in zip(rest, kept, strict=True))
    return _with_box(axes, low, 0, high, 0) if name == "x" else _with_box(axes, 0, high, 0, low)


def _with_box(axes: Axes, x0: float, y0: float, x1: float, y1: float) -> Box:
    """The box with its edges moved, as far as their spines stay in their pixels."""
    edges = []
    for edge, off in zip(axes.box, (x0, y0, x1, y1), strict=True):
        pixel = float(np.floor(edge + 0.5))
        moved = min(max(edge + off, pixel - _WITHIN), pixel + _WITHIN)
        edges.append(round(moved, 3) if abs(off) >= _NEAR else edge)
    return Box(*edges)
