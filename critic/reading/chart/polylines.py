"""Few points for a traced curve: straight stretches keep their ends, smooth curves become even samples."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.float64]

_TOLERANCE = 0.45
"""Pixels that a straight piece may lie off the traced middle."""
_SMOOTH = 14
"""So many vertices of a curve without corners are better written as even samples."""
_HIDDEN = 4
"""Columns without a trace that are a gap."""
_ENDS, _BENT = 2, 3
"""Points of a path that is only its two ends, and from which one lies between them."""
_APART = 2
"""Steps along a path from one vertex to the next from which there is a point between them."""
_LEAST_TURNS = 4
"""Turns up to which a share of them says nothing of the whole curve."""
_GENTLE, _SHARPEST = 0.4, 0.7
"""Radians, 23 and 40 degrees: of a smooth curve nine of ten turns are less than the first, and all than
the second."""
_LEAST_FITTED = 4
"""Points from which a fit evens out the steps of pixels: a parabola goes through any three."""
_TRIMMED = 5
"""One of so many points at each end of a side is left out of its fit: there the next side's ink begins."""
_LEAST_RUN = 2
"""Pixels across within which a side's slope is lost in the rounding of its ends."""
_MOVED = 4
"""Pixels across that a vertex may go to where its sides meet; farther off, they are nearly parallel."""
_STEEPEST = 4
"""Pixels down for one across above which the row of an end says less than where the trace ends."""
_PARALLEL = 0.04
"""Difference in slope below which the place where two sides meet is decided by noise."""


def simplified(path: Path, stroke: float, coarseness: float = 1.0) -> Path:
    """Vertices of a traced path, in pixels.

    Args:
        path: Points a column apart.
        stroke: Width of the line in pixels.
        coarseness: Scales the tolerance.
    """
    tolerance = _TOLERANCE * coarseness
    if len(path) < _BENT:
        return path
    index = _ramer(path, tolerance)
    if len(index) > _SMOOTH and _without_corners(path[index]):
        even = _even(path, tolerance, len(index))
        if even is not None:
            return even
    return _met(path, index, stroke)


def corners(path: Path, coarseness: float = 1.0) -> list[int]:
    """Indices of the vertices that a path needs, whichever way it runs."""
    return _ramer(path, _TOLERANCE * coarseness) if len(path) > _ENDS else list(range(len(path)))


def _ramer(path: Path, tolerance: float) -> list[int]:
    """Indices that Ramer, Douglas and Peucker keep."""
    kept = {0, len(path) - 1}
    spans = [(0, len(path) - 1)]
    while spans:
        a, b = spans.pop()
        if b - a < _APART:
            continue
        way = path[b] - path[a]
        rel = path[a + 1 : b] - path[a]
        off = np.abs(rel[:, 0] * way[1] - rel[:, 1] * way[0]) / max(float(np.hypot(*way)), 1e-9)
        worst = a + 1 + int(off.argmax())
        if off.max() > tolerance:
            kept.add(worst)
            spans += [(a, worst), (worst, b)]
    return sorted(kept)


def _without_corners(points: Path) -> bool:
    """Whether the direction turns a little at each vertex, rather than much at a few."""
    ways = np.diff(points, axis=0)
    angles = np.arctan2(ways[:, 1], ways[:, 0])
    turns = np.abs(np.diff(angles))
    return bool(len(turns) > _LEAST_TURNS and np.percentile(turns, 90) < _GENTLE and turns.max() < _SHARPEST)


def _even(path: Path, tolerance: float, most: int) -> Path | None:
    """Samples at even steps across, as few as stay within the tolerance; None where too many are needed."""
    x, y = path[:, 0], path[:, 1]
    for count in sorted({*range(12, 2 * most, 4)}):
        at = np.linspace(x[0], x[-1], count)
        rows = _smoothed(x, y, at)
        if np.percentile(np.abs(np.interp(x, at, rows) - y), 97) <= tolerance:
            return np.stack([at, rows], axis=1)
    return None


def _smoothed(x: Path, y: Path, at: Path) -> Path:
    """The curve at some places, each from a parabola through its neighbours."""
    half = max(2.0, float(at[1] - at[0]) / 3)
    rows = []
    for place in at:
        near = np.abs(x - place) <= half
        if near.sum() < _LEAST_FITTED:
            rows.append(float(np.interp(place, x, y)))
            continue
        fit = np.polyfit(x[near] - place, y[near], 2)
        rows.append(float(fit[2]))
    return np.array(rows)


def _met(path: Path, index: list[int], stroke: float) -> Path:
    """Each vertex put where lines through its two sides meet; ends where their side runs to."""
    simple = path[index].copy()
    sides = []
    for a, b in itertools.pairwise(index):
        trim = min(3, (b - a) // _TRIMMED) if b - a >= _TRIMMED else 0
        xs, ys = path[a + trim : b + 1 - trim, 0], path[a + trim : b + 1 - trim, 1]
        sides.append(np.polyfit(xs, ys, 1) if len(xs) >= _LEAST_FITTED and np.ptp(xs) > _LEAST_RUN else None)
    for k in range(1, len(simple) - 1):
        meeting = _meeting(sides[k - 1], sides[k])
        if meeting is None:
            continue
        x, y = meeting
        if abs(x - simple[k, 0]) < _MOVED and abs(y - simple[k, 1]) < 2 + 2 * stroke:
            simple[k] = x, y
    gaps = [k for k in range(1, len(index) - 2) if index[k + 1] - index[k] == 1]
    across = [k for k in gaps if simple[k + 1, 0] - simple[k, 0] > _HIDDEN]
    for k in reversed(across):
        meeting = _meeting(sides[k - 1], sides[k + 1])
        if meeting is not None and simple[k, 0] - 3 <= meeting[0] <= simple[k + 1, 0] + 3:
            # The corner lies where the line runs hidden behind another.
            simple = np.concatenate([simple[:k], [meeting], simple[k + 2 :]])
    for k, side in ((0, sides[0]), (-1, sides[-1])):
        if side is not None and abs(side[0]) < _STEEPEST:
            simple[k, 1] = side[0] * simple[k, 0] + side[1]
    return simple


def _meeting(before: Path | None, after: Path | None) -> tuple[float, float] | None:
    """Where two sides (slope and offset) meet; None where they run alike."""
    if before is None or after is None or abs(before[0] - after[0]) < _PARALLEL:
        return None
    x = float((after[1] - before[1]) / (before[0] - after[0]))
    return x, float(before[0] * x + before[1])
