"""Dashes: the breaks of a line along its path, and its width across it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.frames import runs
from critic.reading.chart.plot import Plot
from critic.reading.chart.tracks import Shares

Style = Literal["-", "--", ":", "-.", ""]
_REACH = 4
"""Pixels to either side of a path that its stroke lies within."""
_BARE = 0.25
"""A pixel on the path that shows less than this of any ink is a break."""
_LEAST = 40
"""Pixels of path on which a pattern may be told."""
_BREAK, _LONGEST_BREAK = 2, 12
"""Pixels of a break at least, and of the usual one at most: longer ones part one line from another."""
_PLACES = 3
"""Places on a path that give it a direction at each."""
_FULL = 0.85
"""Share of ink at the middle of a stroke where it is fully drawn."""
_ENOUGH = 5
"""Places that tell a width must be more than this."""


def pattern_of(lengths: Sequence[float], stroke: float) -> Style:
    """Dashed, dotted or both, from the lengths in pixels of what is drawn between breaks."""
    usual = float(np.median(lengths))
    if usual <= 2.4 * max(stroke, 1.0):
        return ":"
    short = sum(length < 0.5 * usual for length in lengths)
    return "-." if short > 0.3 * len(lengths) else "--"


def broken_along(plot: Plot, points: NDArray[np.float64], shares: Shares) -> tuple[Style, float]:
    """The style of a line and, where it is broken, its width in pixels; 0 for a solid one.

    What other ink covers counts as drawn.
    """
    at, normal = _sampled(points)
    if len(at) < _LEAST:
        return "-", 0.0
    height, width = shares.shape
    columns = np.clip(at[:, 0].astype(int), 0, width - 1)
    rows = np.clip(at[:, 1].astype(int), 0, height - 1)
    away = np.abs(plot.pixels[rows, columns].astype(int) - plot.face).max(axis=1)
    depth = max(1.0, float(np.percentile(away, 90)))
    drawn = np.asarray((away > _BARE * depth) | plot.hidden[rows, columns])
    breaks = [b - a for a, b in runs(~drawn) if b - a >= _BREAK]
    if (
        len(breaks) < max(5, len(at) / 60)
        or np.std(breaks) > 0.6 * np.mean(breaks)
        or np.mean(breaks) > _LONGEST_BREAK
    ):
        return "-", 0.0
    across = _width(at[drawn], normal[drawn], shares)
    lengths = [float(b - a) for a, b in runs(drawn)]
    return pattern_of(lengths, across), across


def _sampled(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points a pixel apart along a polyline, and the direction across it at each."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    way = np.concatenate(([0.0], np.cumsum(steps)))
    along = np.arange(0.0, way[-1], 1.0)
    at = np.stack([np.interp(along, way, points[:, k]) for k in (0, 1)], axis=1)
    if len(at) < _PLACES:
        return at, np.zeros_like(at)
    tangent = np.gradient(at, axis=0)
    length = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)
    return at, np.stack([-tangent[:, 1] / length, tangent[:, 0] / length], axis=1)


def _width(at: NDArray[np.float64], normal: NDArray[np.float64], shares: Shares) -> float:
    """Ink across the path where it is fully drawn."""
    steps = np.arange(-_REACH, _REACH + 0.01, 0.5)
    places = at[:, None, :] + steps[None, :, None] * normal[:, None, :]
    columns = np.clip(places[..., 0].astype(int), 0, shares.shape[1] - 1)
    rows = np.clip(places[..., 1].astype(int), 0, shares.shape[0] - 1)
    profile = shares[rows, columns]
    full = profile[profile.max(axis=1) > _FULL]
    return float(np.median(full.sum(axis=1)) * 0.5) if len(full) > _ENOUGH else 0.0
