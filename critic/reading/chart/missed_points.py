"""Points of lines whose markers are not found: at the sides of an axes, and in the bends of steep lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.plot import Mask

_SIDE = 2
"""Pixels from a side of the plot area within which a line runs on to it."""
_BEYOND = 1.5
"""Pixels from there to the middle of the spine: the area begins so far inside of it."""
_SLOPE = 6
"""Columns at a line's end from which its course to the side is told."""

_RUNS_ON = 2.0
"""Sizes of a marker by which a line goes on from the outermost one where others were missed: half of one is
its own, and the blended ends of a stroke are shorter."""
_ON_WAY = 0.7
"""Share of the straight way between two markers that has ink where no point lies between them."""
_AROUND = 2
"""Pixels beside that way in which its ink lies: markers are measured to one, lines are two across."""


def with_missed(ordered: NDArray[np.float64], mask: Mask, size: float) -> NDArray[np.float64]:
    """The points, from left to right, with the bends of the line where it leaves the way between two.

    Args:
        ordered: (x, y) of the points.
        mask: The line's ink.
        size: Pixels across a marker.
    """
    found = [ordered[0]]
    for one, other in pairwise(ordered):
        if not _has_ink(one, other, mask):
            found += _bend(one, other, mask, size)
        found.append(other)
    return np.array(found)


def _has_ink(one: NDArray[np.float64], other: NDArray[np.float64], mask: Mask) -> bool:
    """Whether ink runs straight from one point to another."""
    count = max(2, int(np.hypot(*(other - one))))
    way = one + np.linspace(0, 1, count)[:, None] * (other - one)
    columns, rows = (way.astype(int) - _AROUND).T
    reach = 2 * _AROUND + 1
    hits = [
        mask[max(0, row) : max(0, row + reach), max(0, column) : max(0, column + reach)].any()
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return float(np.mean(hits)) >= _ON_WAY


def _bend(
    one: NDArray[np.float64], other: NDArray[np.float64], mask: Mask, size: float
) -> list[NDArray[np.float64]]:
    """Where between two points the line is farthest from the straight way; none where it hardly leaves it."""
    start, end = max(0, int(one[0] + size)), min(mask.shape[1], int(other[0] - size))
    columns = [column for column in range(start, end) if mask[:, column].any()]
    if not columns:
        return []
    rows = np.array([float(np.where(mask[:, column])[0].mean()) + 0.5 for column in columns])
    slope = (other[1] - one[1]) / (other[0] - one[0])
    off = np.abs(rows - one[1] - slope * (np.array(columns) + 0.5 - one[0]))
    at = int(off.argmax())
    return [np.array([columns[at] + 0.5, rows[at]])] if off[at] > size else []


def with_cut_ends(ordered: NDArray[np.float64], mask: Mask, size: float) -> NDArray[np.float64]:
    """The markers, from left to right, with those that a side cuts where the line runs on to it.

    Args:
        ordered: (x, y) of the markers' middles.
        mask: The line's ink.
        size: Pixels across a marker.
    """
    columns = np.where(mask.any(axis=0))[0]
    if not len(columns):
        return ordered
    first, last, wide = int(columns[0]), int(columns[-1]), mask.shape[1]
    ends = [ordered]
    if first <= _SIDE and ordered[0, 0] > first + size:
        ends.insert(0, _end(mask, first, 1, -_BEYOND + 0.5))
    if last >= wide - 1 - _SIDE and ordered[-1, 0] < last - size:
        ends.append(_end(mask, last, -1, wide + _BEYOND - 0.5))
    return np.concatenate(ends)


def runs_on(ordered: NDArray[np.float64], mask: Mask, size: float) -> bool:
    """Whether a line goes on beyond its outermost markers."""
    columns = np.where(mask.any(axis=0))[0]
    beyond = (ordered[0, 0] - columns[0], columns[-1] - ordered[-1, 0]) if len(columns) else (0.0,)
    return bool(max(beyond) > _RUNS_ON * size)


def with_run_on(ordered: NDArray[np.float64], bends: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """The markers, from left to right, with the bends and ends of their line beyond the outermost ones.

    Args:
        ordered: (x, y) of the markers' middles.
        bends: (x, y) of the points between which the line runs straight, from left to right.
        size: Pixels across a marker.
    """
    beyond = bends[(bends[:, 0] < ordered[0, 0] - size) | (bends[:, 0] > ordered[-1, 0] + size)]
    if not len(beyond):
        return ordered
    # The rims of a marker bend the line, too: what lies as near as one is wide is one point.
    groups = np.split(beyond, np.where(np.diff(beyond[:, 0]) > size)[0] + 1)
    middles = [(group.min(axis=0) + group.max(axis=0)) / 2 for group in groups]
    every = np.concatenate([ordered, middles])
    return every[every[:, 0].argsort()]


def _end(mask: Mask, column: int, way: int, at: float) -> NDArray[np.float64]:
    """Where a line that is seen from a column on meets a place beyond it."""
    columns = [c for c in range(column, column + way * _SLOPE, way) if 0 <= c < mask.shape[1]]
    rows = [(c + 0.5, float(np.where(mask[:, c])[0].mean()) + 0.5) for c in columns if mask[:, c].any()]
    x, y = np.array(rows).T
    slope, start = np.polyfit(x, y, 1) if len(rows) > 1 else (0.0, y[0])
    return np.array([[at, start + slope * at]])
