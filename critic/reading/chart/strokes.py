"""Upright and level strokes: error bars with their caps and markers."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import ErrorBars, Line
from critic.reading.chart.lines import marker_size
from critic.reading.chart.markers import SNAP, find_markers
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

_LEAST_LONG = 5
"""Pixels of the shortest stroke or cap: a cap size of 3 pt is 8 across."""
_LEAST_BARS = 2
"""Error bars from which there is a series; one stroke alone may be anything."""
_WIDEST_CAP = 24
"""Pixels: longer level strokes are lines; a cap size of 8 pt is 22 across."""
_LEAST_MARKERS = 3
"""Markers that make up for missing caps: fewer may be dots of a broken line."""
_THICK = 1.5
"""Pixels across from which a stroke has 1.5 pt (2.1 px) rather than 1 pt (1.4 px, of which one is solid)."""
_AT_END, _TWICE_OFF = 2, 4
"""Pixels between a cap and its bar's end, and twice those between their middles, which sums of ends are."""
_IN_LINE = 2
"""Pixels between the strokes above and below one marker."""
_ON_BAR = 3
"""Pixels from a bar's middle within which the middle of its marker lies."""


class Stroke(NamedTuple):
    """A thin straight stroke: first and last column and row (inclusive)."""

    x0: int
    y0: int
    x1: int
    y1: int


def _strokes(mask: Mask, length: int, *, level: bool, thick: int = 4) -> list[Stroke]:
    kernel = np.ones((1, length) if level else (length, 1), np.uint8)
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    found = []
    for index in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[index])
        if (h if level else w) <= thick:
            found.append(Stroke(x, y, x + w - 1, y + h - 1))
    return found


def level_strokes(mask: Mask, length: int) -> list[Stroke]:
    """Level strokes at least so long, from the top down."""
    return sorted(_strokes(mask, length, level=True, thick=5), key=lambda s: s.y0)


def upright_strokes(mask: Mask, length: int) -> list[Stroke]:
    """Upright strokes at least so long, from the left."""
    return sorted(_strokes(mask, length, level=False, thick=5), key=lambda s: s.x0)


def covered_by(mask: Mask, strokes: list[Stroke], margin: int = 1) -> Mask:
    """Where strokes lie, with a margin around them."""
    found = np.zeros_like(mask)
    for s in strokes:
        found[max(0, s.y0 - margin) : s.y1 + margin + 1, max(0, s.x0 - margin) : s.x1 + margin + 1] = True
    return found


def read_errors(plot: Plot, colour: Colour, mask: Mask) -> list[ErrorBars | Line]:
    """Error bars and the markers on them; empty where the strokes are something else."""
    markers, size, shape = find_markers(mask, 2.0)
    bare = mask & ~_discs(mask, markers, size)
    upright = [s for s in _strokes(bare, _LEAST_LONG, level=False) if s.y1 - s.y0 >= _LEAST_LONG]
    if len(_merged(upright)) < _LEAST_BARS:
        return []
    stroke = float(np.median([s.x1 - s.x0 + 1 for s in upright]))
    caps = [s for s in _strokes(mask, _LEAST_LONG, level=True) if s.x1 - s.x0 < _WIDEST_CAP]
    explained = covered_by(mask, [*upright, *caps])
    explained |= _discs(mask, markers, size)
    capped = sum(any(_caps(c, s) for c in caps) for s in upright)
    if (mask & ~explained).sum() > 0.1 * mask.sum() or (
        capped < 0.5 * len(upright) and len(markers) < _LEAST_MARKERS
    ):
        return []
    merged = _merged(upright)
    middles = [_middle(s, markers) for s in merged]
    cap = float(np.median([s.x1 - s.x0 + 1 for s in caps])) if caps else 0.0
    found: list[ErrorBars | Line] = [
        ErrorBars(
            colour=hex_of(colour),
            x=tuple(_x(plot, (s.x0 + s.x1) / 2) for s in merged),
            y=tuple(_y(plot, m) for m in middles),
            low=tuple(_y(plot, float(s.y1 + 0.5)) for s in merged),
            high=tuple(_y(plot, float(s.y0 + 0.5)) for s in merged),
            width=1.5 if stroke >= _THICK else 1.0,
            cap=round(cap * plot.points / 2, 0) if cap else 0.0,
        )
    ]
    if len(markers):
        ordered = markers[markers[:, 0].argsort()]
        found.append(
            Line(
                colour=hex_of(colour),
                style="",
                marker=shape,
                marker_size=marker_size(size * plot.points),
                x=tuple(_x(plot, v - SNAP) for v in ordered[:, 0]),
                y=tuple(_y(plot, v - SNAP) for v in ordered[:, 1]),
            )
        )
    return found


def _discs(mask: Mask, markers: np.ndarray, size: float) -> Mask:
    found = np.zeros_like(mask)
    r = int(size / 2) + 2
    for x, y in markers:
        found[max(0, int(y) - r) : int(y) + r + 1, max(0, int(x) - r) : int(x) + r + 1] = True
    return found


def _caps(cap: Stroke, bar: Stroke) -> bool:
    at = min(abs(cap.y0 - bar.y0), abs(cap.y1 - bar.y1), abs(cap.y0 - bar.y1), abs(cap.y1 - bar.y0))
    return at <= _AT_END and abs((cap.x0 + cap.x1) - (bar.x0 + bar.x1)) <= _TWICE_OFF


def _merged(upright: list[Stroke]) -> list[Stroke]:
    """Strokes above and below one marker as one."""
    found: list[Stroke] = []
    for s in sorted(upright, key=lambda s: (s.x0, s.y0)):
        if found and abs(s.x0 - found[-1].x0) <= _IN_LINE:
            last = found.pop()
            s = Stroke(last.x0, min(last.y0, s.y0), last.x1, max(last.y1, s.y1))
        found.append(s)
    return found


def _middle(bar: Stroke, markers: np.ndarray) -> float:
    centre = (bar.x0 + bar.x1) / 2 + 0.5
    near = [float(y) for x, y in markers if abs(x - centre) < _ON_BAR and bar.y0 - 2 <= y <= bar.y1 + 2]
    return near[0] if near else (bar.y0 + bar.y1) / 2 + 0.5


def _x(plot: Plot, column: float) -> float:
    return _value(plot.at_x(column), plot.x.per_pixel, plot.x.log)


def _y(plot: Plot, row: float) -> float:
    return _value(plot.at_y(row), plot.y.per_pixel, plot.y.log)


def _value(value: float, unit: float, log: bool) -> float:
    return float(f"{value:.4g}") if log else rounded(value, 0.3 * unit)
