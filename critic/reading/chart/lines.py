"""Lines: thin strokes followed from column to column, with their width, dashes and markers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import Line
from critic.reading.chart.frames import runs
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

_REACH = 18
"""A line may vanish behind another, or between dashes, for this many columns."""
_WIDTHS = (0.5, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)


@dataclass
class _Track:
    """A line being followed: its columns, the middle row in each, and the run's height."""

    columns: list[int] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    tall: list[float] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    lower: list[int] = field(default_factory=list)

    def add(self, column: int, top: int, bottom: int) -> None:
        """Take a run of pixels."""
        self.columns.append(column)
        self.rows.append((top + bottom) / 2)
        self.tall.append(bottom - top)
        self.upper.append(top)
        self.lower.append(bottom)

    def expected(self, column: int) -> float:
        """Where the line should be in a column."""
        recent = min(6, len(self.columns))
        if recent < 3:
            return self.rows[-1]
        slope = (self.rows[-1] - self.rows[-recent]) / (self.columns[-1] - self.columns[-recent])
        return self.rows[-1] + slope * min(column - self.columns[-1], _REACH)


def _follow(mask: Mask) -> list[_Track]:
    tracks: list[_Track] = []
    active: list[_Track] = []
    for column in np.where(mask.any(axis=0))[0].tolist():
        active = [t for t in active if column - t.columns[-1] <= _REACH]
        found = runs(mask[:, column])
        taken: set[int] = set()
        for track in sorted(active, key=lambda t: -len(t.columns)):
            best, off = -1, 1e9
            for index, (top, bottom) in enumerate(found):
                gap = _gap(track, column, top, bottom)
                if gap < off:
                    best, off = index, gap
            limit = 3.0 + 0.5 * (column - track.columns[-1])
            if best >= 0 and off <= limit and (best not in taken or off <= 1.0):
                track.add(column, *found[best])
                taken.add(best)
        for index, (top, bottom) in enumerate(found):
            if index not in taken:
                track = _Track()
                track.add(column, top, bottom)
                tracks.append(track)
                active.append(track)
    return tracks


def _gap(track: _Track, column: int, top: int, bottom: int) -> float:
    """Distance of a run from where the line was or should be; 0 where they touch."""
    if column - track.columns[-1] <= 1 and top <= track.lower[-1] and bottom >= track.upper[-1]:
        expected = track.expected(column)
        return 0.2 * min(3.0, max(0.0, top - expected, expected - bottom))
    expected = track.expected(column)
    return max(0.0, top - expected, expected - bottom)


def read_lines(plot: Plot, colour: Colour, mask: Mask) -> list[Line]:
    """All lines of one colour."""
    width = mask.shape[1]
    stroke = _stroke(plot, colour, mask)
    markers, size = find_markers(mask, stroke)
    if len(markers) >= 3:
        ordered = markers[markers[:, 0].argsort()]
        if _joined(ordered, mask, stroke):
            stroke = _across(plot, colour, ordered) or stroke
            return [_marked(plot, colour, ordered, stroke, size, mask)]
    kept: list[_Track] = []
    for track in sorted(_follow(mask), key=lambda t: -len(t.columns)):
        span = track.columns[-1] - track.columns[0]
        if len(track.columns) >= 6 and span >= 0.08 * width and not any(_repeats(track, k) for k in kept):
            kept.append(track)
    return [_line(plot, colour, track, stroke) for track in kept]


def _repeats(track: _Track, other: _Track) -> bool:
    """Whether a track runs along a longer one."""
    rows = np.interp(track.columns, other.columns, other.rows)
    within = (np.array(track.columns) >= other.columns[0]) & (np.array(track.columns) <= other.columns[-1])
    return bool((within & (np.abs(rows - np.array(track.rows)) < 2.5)).mean() > 0.6)


def _stroke(plot: Plot, colour: Colour, mask: Mask) -> float:
    """Width of the stroke in pixels: ink over length, measured across flat and steep parts alike."""
    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)) - 1e-6) & mask
    solid = float(np.percentile(distance[ridge], 25)) * 2 - 1 if ridge.any() else 1.0
    way = (colour - plot.face).astype(float)
    share = ((plot.pixels.astype(float) - plot.face) @ way) / max(float(way @ way), 1.0)
    widths = []
    for column in range(0, mask.shape[1], 3):
        stretches = runs(mask[:, column])
        if len(stretches) == 1:
            top, bottom = stretches[0]
            if bottom - top <= solid + 1.5 and top >= 3 and bottom + 3 <= mask.shape[0]:
                widths.append(float(np.clip(share[top - 3 : bottom + 3, column], 0, 1).sum()))
    return float(np.percentile(widths, 35)) if len(widths) > 4 else max(1.0, solid)


def _across(plot: Plot, colour: Colour, ordered: NDArray[np.float64]) -> float:
    """Width in pixels of the line between markers: ink across it at each middle; 0 where none is free."""
    way = (colour - plot.face).astype(float)
    share = ((plot.pixels.astype(float) - plot.face) @ way) / max(float(way @ way), 1.0)
    height, width = share.shape
    steps = np.arange(-5, 5.01, 0.5)
    found = []
    for (x0, y0), (x1, y1) in itertools.pairwise(ordered):
        length = float(np.hypot(x1 - x0, y1 - y0))
        if length < 8:
            continue
        across = np.array([-(y1 - y0), x1 - x0]) / length
        xs = ((x0 + x1) / 2 + steps * across[0] - 0.5).round().astype(int)
        ys = ((y0 + y1) / 2 + steps * across[1] - 0.5).round().astype(int)
        if xs.min() < 0 or ys.min() < 0 or xs.max() >= width or ys.max() >= height:
            continue
        profile = np.clip(share[ys, xs], 0, 1)
        if profile[0] < 0.1 and profile[-1] < 0.1 and profile.max() > 0.5:
            found.append(float(profile.sum() * 0.5))
    return float(np.median(found)) if len(found) >= 2 else 0.0


def snapped_width(points: float) -> float:
    """The usual line width nearest to a measured one."""
    return min(_WIDTHS, key=lambda w: abs(w - points))


def find_markers(mask: Mask, stroke: float) -> tuple[NDArray[np.float64], float]:
    """Centres (x, y) of round markers that are thicker than the stroke, and their median area."""
    size = max(3, round(stroke) + 3)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, _, stats, centres = cv2.connectedComponentsWithStats(opened, connectivity=4)
    kept = []
    for index in range(1, count):
        _, _, w, h, area = (int(v) for v in stats[index])
        if 4 <= w <= 40 and 0.7 < w / h < 1.4 and 0.6 < area / (w * h) < 0.95:
            kept.append((float(centres[index][0]) + 0.5, float(centres[index][1]) + 0.5, area, (w + h) / 2))
    if len(kept) < 2:
        return np.zeros((0, 2)), 0.0
    table = np.array(kept)
    usual = np.median(table[:, 2])
    table = table[np.abs(table[:, 2] - usual) < 0.4 * usual]
    if len(table) < 2:
        return np.zeros((0, 2)), 0.0
    return table[:, :2], float(np.median(table[:, 3]))


def _joined(ordered: NDArray[np.float64], mask: Mask, stroke: float) -> bool:
    """Whether ink runs between most neighbouring markers."""
    joined, tried = 0, 0
    for (x0, y0), (x1, y1) in itertools.pairwise(ordered):
        steps = max(3, int(max(abs(x1 - x0), abs(y1 - y0)) / 2))
        at = np.linspace(0.25, 0.75, steps)
        xs = np.clip((x0 + at * (x1 - x0)).astype(int), 1, mask.shape[1] - 2)
        ys = np.clip((y0 + at * (y1 - y0)).astype(int), 1, mask.shape[0] - 2)
        hit = [mask[y - 1 : y + 2, x - 1 : x + 2].any() for x, y in zip(xs, ys, strict=True)]
        tried += 1
        joined += int(np.mean(hit) > 0.5)
    return tried > 0 and joined >= 0.5 * tried


def _marked(
    plot: Plot, colour: Colour, ordered: NDArray[np.float64], stroke: float, size: float, mask: Mask
) -> Line:
    x = [_near(plot.at_x(v), 0.3 * plot.x.per_pixel, plot.x.log) for v in ordered[:, 0]]
    y = [_near(plot.at_y(v), 0.3 * plot.y.per_pixel, plot.y.log) for v in ordered[:, 1]]
    gaps = 0
    for (x0, y0), (x1, y1) in itertools.pairwise(ordered):
        steps = int(np.hypot(x1 - x0, y1 - y0))
        at = np.linspace(0, 1, max(steps, 2))
        xs = np.clip((x0 + at * (x1 - x0)).astype(int), 0, mask.shape[1] - 1)
        ys = np.clip((y0 + at * (y1 - y0)).astype(int), 1, mask.shape[0] - 2)
        hit = np.array([mask[y - 1 : y + 2, x].any() for x, y in zip(xs, ys, strict=True)])
        gaps += len(runs(~hit))
    dashed = gaps > 2 * (len(ordered) - 1)
    return Line(
        colour=hex_of(colour),
        x=tuple(x),
        y=tuple(y),
        width=snapped_width(stroke * plot.points),
        style="--" if dashed else "-",
        marker="o",
        marker_size=marker_size(size * plot.points),
    )


def marker_size(points: float) -> float:
    """Matplotlib's marker size: the diameter less its 1 point edge."""
    return max(1.0, float(round(points - 0.4)) if abs(points - 6.4) > 1 else 6.0)


def _near(value: float, slack: float, log: bool) -> float:
    return float(f"{value:.4g}") if log else rounded(value, slack)


def _line(plot: Plot, colour: Colour, track: _Track, stroke: float) -> Line:
    points = _vertices(track, stroke, plot.coarseness)
    style, width = _style(track, stroke), snapped_width(stroke * plot.points)
    x = tuple(_near(plot.at_x(v), 0.1 * plot.x.per_pixel, plot.x.log) for v in points[:, 0])
    y = tuple(_near(plot.at_y(v), 0.1 * plot.y.per_pixel, plot.y.log) for v in points[:, 1])
    return Line(colour=hex_of(colour), x=x, y=y, width=width, style=style)


def _vertices(track: _Track, stroke: float, coarseness: float) -> NDArray[np.float64]:
    """The polyline through a track: simplified, then each vertex put where its two sides meet."""
    columns = np.array(track.columns, dtype=float) + 0.5
    rows = np.array(track.rows, dtype=float)
    path = np.stack([columns, rows], axis=1).astype(np.float32).reshape(-1, 1, 2)
    simple = cv2.approxPolyDP(path, 0.7 * coarseness, False).reshape(-1, 2).astype(float)
    if len(simple) < 3:
        return simple
    index = [int(np.abs(columns - x).argmin()) for x in simple[:, 0]]
    sides = []
    for a, b in itertools.pairwise(index):
        trim = 1 if b - a >= 5 else 0
        xs, ys = columns[a + trim : b + 1 - trim], rows[a + trim : b + 1 - trim]
        sides.append(np.polyfit(xs, ys, 1) if len(xs) >= 3 and np.ptp(xs) > 1 else None)
    for k in range(1, len(simple) - 1):
        before, after = sides[k - 1], sides[k]
        if before is None or after is None or abs(before[0] - after[0]) < 0.15:
            continue
        x = (after[1] - before[1]) / (before[0] - after[0])
        y = before[0] * x + before[1]
        if abs(x - simple[k, 0]) < 3 and abs(y - simple[k, 1]) < 2 + 2 * stroke:
            simple[k] = x, y
    return simple


def _style(track: _Track, stroke: float) -> Literal["-", "--", ":", "-."]:
    """Solid, dashed or dotted, from the lengths of the stretches along the path."""
    columns = np.array(track.columns)
    steps = np.hypot(np.diff(columns), np.diff(track.rows))
    breaks = np.where(np.diff(columns) > 1)[0]
    if len(breaks) < 5 or len(breaks) < np.ptp(columns) / 40:
        return "-"
    ends = np.concatenate(([-1], breaks, [len(columns) - 1]))
    lengths = [float(steps[a + 1 : b].sum()) + 1 for a, b in itertools.pairwise(ends)]
    usual = float(np.median(lengths))
    if usual <= 2.4 * max(stroke, 1.0):
        return ":"
    short = sum(length < 0.5 * usual for length in lengths)
    return "-." if short > 0.3 * len(lengths) else "--"
