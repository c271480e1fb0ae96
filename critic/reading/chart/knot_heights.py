"""The heights of a line at places that are given: straight between them, from all of its ink that shows.

A line that runs behind others, is dashed or carries markers is followed badly from column to column. Where
its points are known across, few numbers are left, and all of its ink tells them: first the cheapest way over
rows at each place, then least squares on how much of each pixel the colour covers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.plot import Mask

Reals = NDArray[np.float64]

_ROWS = 2
"""Working pixels between the rows that are tried at a place; what is between them is fitted."""
_SAMPLES = 40
"""Places along a straight piece at which it is looked at."""
_NONE, _OTHER = -1.0, -0.05
"""What a pixel on the way is worth beside one of the colour: nothing is drawn there, or something else."""
_HALF = 0.4
"""Share of the colour from which a pixel is on the way: two rows may share a thin stroke."""
_REACH = 2.0
"""Working pixels beyond half a stroke within which ink is a piece's own."""
_LEAST_SHARE = 0.15
"""Share of the colour below which a pixel says nothing of the stroke's middle."""
_LEAST_SAMPLES = 4
"""Pixels that settle a straight piece by itself."""
_ROUNDS = 3
"""Times that ink is gathered round the fitted line: the way over rows is off by a row or two at first."""
_HELD = 0.02
"""Weight that keeps a height which no ink tells where it is, beside a pixel of the colour."""
_MARKED = 20.0
"""Pixels of ink that the middle of a marker is worth."""


class Ink(NamedTuple):
    """What is drawn in a colour.

    Attributes:
        shares: How much of each pixel is of the colour.
        other: Where something else is drawn, which may hide it.
        stroke: Working pixels across the line.
    """

    shares: Reals
    other: Mask
    stroke: float


@dataclass(frozen=True)
class Side:
    """A straight piece by itself: where it runs, told by its own ink.

    Attributes:
        slope: Rows per column.
        offset: Its row at column 0.
        weight: Pixels of ink that tell it.
    """

    slope: float
    offset: float
    weight: float


def coarse_heights(ink: Ink, places: Reals) -> Reals:
    """The rows at the places between which straight pieces have most of the colour on them.

    Args:
        ink: What is drawn.
        places: Columns, ascending.
    """
    worth = _worth(ink)
    high = len(worth)
    rows = np.arange(0, high, _ROWS, dtype=float) + 0.5
    total = np.zeros(len(rows))
    came: list[NDArray[np.int_]] = []
    for x0, x1 in itertools.pairwise(places):
        gains = total[:, None] + _between(worth, x0, x1, rows)
        came.append(gains.argmax(axis=0))
        total = gains.max(axis=0)
    now = int(total.argmax())
    found = [now]
    for back in reversed(came):
        now = int(back[now])
        found.append(now)
    return rows[found[::-1]]


def _worth(ink: Ink) -> Reals:
    own = (ink.shares >= _HALF).astype(np.uint8)
    beside = cv2.dilate(own, np.ones((3, 1), np.uint8)).astype(bool)
    return np.where(beside, 1.0, np.where(ink.other, _OTHER, _NONE))


def _between(worth: Reals, x0: float, x1: float, rows: Reals) -> Reals:
    """What the straight pieces from each row at one column to each row at another are worth."""
    at = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    columns = np.clip((x0 + at * (x1 - x0)).astype(int), 0, worth.shape[1] - 1)
    length = np.hypot(x1 - x0, rows[None] - rows[:, None])
    gain = np.zeros((len(rows), len(rows)))
    for share, column in zip(at, columns, strict=True):
        crossed = ((1 - share) * rows[:, None] + share * rows[None]).astype(int)
        gain += worth[crossed, column]
    return gain / _SAMPLES * length


def fitted_heights(ink: Ink, places: Reals, rows: Reals, trim: float, marked: Reals) -> Reals:
    """The rows by least squares over the ink beside each piece.

    Args:
        ink: What is drawn.
        places: Columns, ascending.
        rows: Where the line is about, at each of them.
        trim: Working pixels at the ends of each piece that tell nothing: of joints and markers.
        marked: The row of a marker's middle at each place; not a number where none shows.
    """
    for _ in range(_ROUNDS):
        columns, heights, weights, index = _gathered(ink, places, rows, trim)
        share = (columns - places[index]) / (places[index + 1] - places[index])
        slope = (rows[index + 1] - rows[index]) / (places[index + 1] - places[index])
        scale = np.sqrt(weights) / np.hypot(1.0, slope)
        matrix = np.zeros((len(columns), len(places)))
        at = np.arange(len(columns))
        matrix[at, index], matrix[at, index + 1] = (1 - share) * scale, share * scale
        shown = ~np.isnan(marked)
        held = np.sqrt(np.where(shown, _MARKED, _HELD))
        wanted = np.where(shown, marked, rows)
        matrix = np.concatenate([matrix, np.diag(held)])
        rows = np.linalg.lstsq(matrix, np.concatenate([heights * scale, held * wanted]), rcond=None)[0]
    return rows


def sides(ink: Ink, places: Reals, rows: Reals, trim: float) -> list[Side | None]:
    """Each straight piece by itself; None where too little ink tells it."""
    columns, heights, weights, index = _gathered(ink, places, rows, trim)
    return [
        _side(columns[index == k], heights[index == k], weights[index == k]) for k in range(len(places) - 1)
    ]


def _side(x: Reals, y: Reals, weights: Reals) -> Side | None:
    """The straight line through pixels, nearest across it."""
    total = float(weights.sum())
    if len(x) < _LEAST_SAMPLES or total <= 0:
        return None
    mean = np.array([weights @ x, weights @ y]) / total
    away = np.stack([x, y], axis=1) - mean
    values, vectors = np.linalg.eigh((away * weights[:, None]).T @ away)
    run, rise = vectors[:, int(values.argmax())]
    if abs(run) < 1e-6 * abs(rise):
        return None
    slope = float(rise / run)
    return Side(slope, float(mean[1] - slope * mean[0]), total)


def _gathered(
    ink: Ink, places: Reals, rows: Reals, trim: float
) -> tuple[Reals, Reals, Reals, NDArray[np.int_]]:
    """The middles of the pixels beside each piece, how much each tells, and the piece that it is beside."""
    free = ~cv2.dilate(ink.other.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    down, across = np.where((ink.shares > _LEAST_SHARE) & free)
    x, y = across.astype(np.float64) + 0.5, down.astype(np.float64) + 0.5
    index = np.clip(np.searchsorted(places, x) - 1, 0, len(places) - 2)
    x0, y0 = places[index], rows[index]
    way = np.stack([places[index + 1] - x0, rows[index + 1] - y0], axis=1)
    length = np.hypot(way[:, 0], way[:, 1])
    along = ((x - x0) * way[:, 0] + (y - y0) * way[:, 1]) / length
    off = np.abs((y - y0) * way[:, 0] - (x - x0) * way[:, 1]) / length
    cut = np.minimum(trim, length / 3)
    kept = (off <= ink.stroke / 2 + _REACH) & (along >= cut) & (along <= length - cut)
    return x[kept], y[kept], ink.shares[down, across][kept], index[kept]
