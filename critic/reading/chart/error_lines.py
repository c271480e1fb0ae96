"""Lines with error bars of their own colour: upright strokes that stick out of the line on both sides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import ErrorBars, Line
from critic.reading.chart.lines import read_lines, snapped_width
from critic.reading.chart.numbers import Mapping, rounded
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.strokes import Stroke, covered_by, level_strokes, upright_strokes

_LEAST = 10
"""Pixels of the shortest error bar."""
_OUT = 6
"""Pixels that a bar sticks out of the line at least, to either side."""
_MOST_CAP = 24
_THICK = 3
"""Pixels from the first column of an error bar to its last at most."""
_FEWEST = 3
"""Error bars that a line has at least."""
_MOST_LINES = 2
"""Lines that are left without the bars at most: more are the pieces of something else."""
_GAP = 16
"""Pixels by which the line or its marker parts a bar at most."""
_STEEP = 12
"""Pixels that a line takes in a column beside a bar at most: a steeper one does not tell where."""
_TURN = 10
"""Pixels by which a line goes up or down from one side of a bar to the other at most."""
_OFF_END, _OFF_MIDDLE = 2, 4
"""Pixels by which a cap may lie off the end of its bar, and twice those by which it may be off its middle."""


class _Bar(NamedTuple):
    stroke: Stroke
    middle: float


def read_error_line(plot: Plot, colour: Colour, mask: Mask) -> list[ErrorBars | Line]:
    """The line and its error bars; empty where strokes are not bars on a line."""
    strokes = [s for s in upright_strokes(mask, _LEAST) if s.x1 - s.x0 <= _THICK]
    if len(strokes) < _FEWEST:
        return []
    bare = mask & ~covered_by(mask, strokes, 0)
    bars = [bar for s in _joined(strokes) if (bar := _on_line(bare, s)) is not None]
    if len(bars) < _FEWEST or len(bars) < 0.7 * len(_joined(strokes)):
        return []
    found = [b.stroke for b in bars]
    caps = [c for c in level_strokes(mask, 5) if c.x1 - c.x0 < _MOST_CAP and any(_caps(c, s) for s in found)]
    rest = np.asarray(mask & ~covered_by(mask, found, 0) & ~covered_by(mask, caps, 0))
    lines = next(read_lines(plot, colour, rest))
    if not 0 < len(lines) <= _MOST_LINES:
        return []
    thick = float(np.median([s.x1 - s.x0 + 1 for s in found]))
    cap = float(np.median([c.x1 - c.x0 + 1 for c in caps])) if len(caps) > len(found) else 0.0
    errors = ErrorBars(
        colour=hex_of(colour),
        x=tuple(_value(plot.at_x((s.x0 + s.x1) / 2), plot.x) for s in found),
        y=tuple(_value(plot.at_y(b.middle), plot.y) for b in bars),
        low=tuple(_value(plot.at_y(s.y1 + 0.5), plot.y) for s in found),
        high=tuple(_value(plot.at_y(s.y0 + 0.5), plot.y) for s in found),
        width=snapped_width(thick * plot.points),
        cap=round(cap * plot.points / 2),
    )
    return [errors, *lines]


def _joined(strokes: list[Stroke]) -> list[Stroke]:
    """Strokes in one column, parted by the line or its marker, as one."""
    found: list[Stroke] = []
    for s in sorted(strokes, key=lambda s: (s.x0, s.y0)):
        last = found[-1] if found else None
        if last is not None and abs(s.x0 - last.x0) <= 1 and s.y0 - last.y1 < _GAP:
            found[-1] = Stroke(last.x0, min(last.y0, s.y0), last.x1, max(last.y1, s.y1))
        else:
            found.append(s)
    return found


def _on_line(bare: Mask, bar: Stroke) -> _Bar | None:
    """Where the line crosses a bar: between its ends, seen from both sides."""
    rows = []
    for column in (bar.x0 - 3, bar.x1 + 3):
        if 0 <= column < bare.shape[1]:
            ink = np.where(bare[bar.y0 : bar.y1 + 1, column])[0]
            if len(ink) and np.ptp(ink) < _STEEP:
                rows.append(bar.y0 + float(ink.mean()))
    if not rows or max(rows) - min(rows) > _TURN:
        return None
    middle = float(np.mean(rows))
    return _Bar(bar, middle) if bar.y0 + _OUT <= middle <= bar.y1 - _OUT else None


def _caps(cap: Stroke, bar: Stroke) -> bool:
    at_end = (
        min(abs(cap.y0 - bar.y0), abs(cap.y1 - bar.y1), abs(cap.y0 - bar.y1), abs(cap.y1 - bar.y0))
        <= _OFF_END
    )
    return at_end and abs((cap.x0 + cap.x1) - (bar.x0 + bar.x1)) <= _OFF_MIDDLE


def _value(value: float, scale: Mapping) -> float:
    return float(f"{value:.4g}") if scale.log else rounded(value, 0.3 * scale.per_pixel)
