"""Thin strokes followed from column to column, with the row of their middle to a fraction of a pixel."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour
from critic.reading.chart.frames import runs
from critic.reading.chart.plot import Mask, Plot

_REACH = 18
"""A line may vanish behind another, or between dashes, for this many columns."""
_JOIN = 60
"""Columns that a line may run behind something else."""
_SLOPED = 3
"""Columns from which a line's slope is told: over fewer, the rounding of rows decides it."""
_PIECE = 2
"""Columns of a piece that may be of a line; in one alone it has no direction."""
_COVERED = 0.7
"""Share of a way that other ink must fill for a line to run hidden on it: its rims are blended."""
_PURE = 30
"""Levels (0..255) by which a pixel may be off the blend of a colour with the face, before another
colour is mixed in."""
_SHORT = 4
"""Columns below which no width can be told from the others."""
_MOST_COVERED = 0.4
"""Share of columns that may be left out as covered; of more, all are kept, as the width was misjudged."""
_LEAST_SHARE = 0.5
"""Pixels of a colour in a column below which their centre is decided by noise."""

Shares = NDArray[np.float64]


@dataclass
class Track:
    """A line being followed: its columns, and in each the middle row and the first and last of its run."""

    columns: list[int] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    lower: list[int] = field(default_factory=list)

    def add(self, column: int, top: int, bottom: int) -> None:
        """Take a run of pixels."""
        self.columns.append(column)
        self.rows.append((top + bottom) / 2)
        self.upper.append(top)
        self.lower.append(bottom)

    def expected(self, column: int) -> float:
        """Where the line should be in a column."""
        recent = min(6, len(self.columns))
        if recent < _SLOPED:
            return self.rows[-1]
        slope = (self.rows[-1] - self.rows[-recent]) / (self.columns[-1] - self.columns[-recent])
        return self.rows[-1] + slope * min(column - self.columns[-1], _REACH)

    def then(self, other: Track) -> Track:
        """This line and its continuation as one."""
        return Track(
            self.columns + other.columns,
            self.rows + other.rows,
            self.upper + other.upper,
            self.lower + other.lower,
        )


def follow(mask: Mask) -> list[Track]:
    """All strokes of a mask, from left to right."""
    tracks: list[Track] = []
    active: list[Track] = []
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
                track = Track()
                track.add(column, top, bottom)
                tracks.append(track)
                active.append(track)
    return tracks


def _gap(track: Track, column: int, top: int, bottom: int) -> float:
    """Distance of a run from where the line was or should be; 0 where they touch."""
    expected = track.expected(column)
    if column - track.columns[-1] <= 1 and top <= track.lower[-1] and bottom >= track.upper[-1]:
        return 0.2 * min(3.0, max(0.0, top - expected, expected - bottom))
    return max(0.0, top - expected, expected - bottom)


def joined(tracks: list[Track], inked: Mask) -> list[Track]:
    """Pieces of one line put together where what lies between them is covered by other ink.

    Args:
        tracks: Pieces of one colour.
        inked: Where anything at all is drawn.
    """
    ordered = sorted((t for t in tracks if len(t.columns) >= _PIECE), key=lambda t: t.columns[0])
    done: list[Track] = []
    for track in ordered:
        ends = [t for t in done if 0 < track.columns[0] - t.columns[-1] <= _JOIN and _hidden(t, track, inked)]
        if not ends:
            done.append(track)
            continue
        nearest = min(ends, key=lambda t: abs(t.expected(track.columns[0]) - track.rows[0]))
        done.remove(nearest)
        done.append(nearest.then(track))
    return done


def _hidden(one: Track, other: Track, inked: Mask) -> bool:
    """Whether the way from one piece to the other runs under ink, without a leap."""
    x0, x1 = one.columns[-1], other.columns[0]
    y0, y1 = one.rows[-1], other.rows[0]
    if abs(other.rows[0] - one.expected(x1)) > 6 + 0.8 * (x1 - x0) and abs(y1 - y0) > 6 + 0.8 * (x1 - x0):
        return False
    steps = max(2, int(max(x1 - x0, abs(y1 - y0))))
    at = np.linspace(0, 1, steps + 1)[1:-1]
    if not len(at):
        return True
    xs = np.round(x0 + at * (x1 - x0)).astype(int)
    ys = np.clip(np.round(y0 + at * (y1 - y0)).astype(int), 0, inked.shape[0] - 1)
    return bool(inked[ys, xs].mean() > _COVERED)


def shares_of(plot: Plot, colour: Colour) -> Shares:
    """How much of each pixel a colour covers: 0 where another colour is mixed in."""
    way = (colour - plot.face).astype(float)
    away = plot.pixels.astype(float) - plot.face
    share = away @ way / max(float(way @ way), 1.0)
    pure = np.abs(away - share[..., None] * way).max(axis=2) < _PURE
    return np.asarray(np.where(pure & ~plot.hidden, np.clip(share, 0, 1), 0.0))


class Traced(NamedTuple):
    """A track to a fraction of a pixel: points (x, y) a column apart, and the width across the stroke."""

    path: NDArray[np.float64]
    stroke: float


def traced(track: Track, shares: Shares, stroke: float) -> Traced:
    """A track's middle, column by column, from how much of each pixel its colour covers.

    At a peak, where the stroke turns back within a column, the middle is half a stroke below the top. Columns
    where something else covers part of the stroke are left out, as their middle is not the stroke's.
    """
    spans = list(zip(track.columns, track.upper, track.lower, strict=True))
    sums = np.array([float(shares[max(0, t - 1) : b + 1, c].sum()) for c, t, b in spans])
    rows = np.array([_centre(shares[:, c], t, b) for c, t, b in spans])
    columns = np.array(track.columns) + 0.5
    if len(rows) < _SHORT:
        return Traced(np.stack([columns, rows], axis=1), stroke)
    steps = np.abs(np.diff(rows) / np.diff(columns))
    slope = np.maximum(np.append(steps, steps[-1]), np.append(steps[0], steps))
    widths = sums / np.hypot(1.0, (np.append(steps, steps[-1]) + np.append(steps[0], steps)) / 2)
    gentle = widths[slope < 1.0]
    # Where a line turns within a column, the column holds more of it than its width.
    rough = len(gentle) < 0.3 * len(widths)
    width = float(np.percentile(widths, 20)) if rough else float(np.median(gentle))
    covered = widths < 0.6 * width
    for k in range(1, len(rows) - 1):
        if track.lower[k] - track.upper[k] <= 1.6 * width + 1:
            continue
        before, after = track.rows[k - 1] - track.rows[k], track.rows[k + 1] - track.rows[k]
        if before > 1 and after > 1:
            rows[k], covered[k] = track.upper[k] + width / 2, False
        elif before < -1 and after < -1:
            rows[k], covered[k] = track.lower[k] - width / 2, False
    kept = ~covered if covered.mean() < _MOST_COVERED else np.ones(len(rows), bool)
    return Traced(np.stack([columns, rows], axis=1)[kept], width)


def _centre(column: NDArray[np.float64], top: int, bottom: int) -> float:
    low, high = max(0, top - 1), min(len(column), bottom + 1)
    weights = column[low:high]
    total = float(weights.sum())
    if total < _LEAST_SHARE:
        return (top + bottom) / 2
    return float((weights * (np.arange(low, high) + 0.5)).sum() / total)


def lengths_of(track: Track) -> list[float]:
    """Lengths of the stretches between breaks along a track."""
    columns = np.array(track.columns)
    steps = np.hypot(np.diff(columns), np.diff(track.rows))
    breaks = np.where(np.diff(columns) > 1)[0]
    ends = np.concatenate(([-1], breaks, [len(columns) - 1]))
    return [float(steps[a + 1 : b].sum()) + 1 for a, b in itertools.pairwise(ends)]
