"""Which series lie on top of which, from the colours that show where their drawings cross."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import cv2
import numpy as np

from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Line, Series
from critic.reading.chart.plot import Mask, Plot

_LEAST = 6
"""Crossing pixels that settle an order."""
_PAIR = 2
"""Lines from which there is an order."""


class _Drawn(NamedTuple):
    """Where a line draws, and where its colour shows."""

    covers: Mask
    shows: Mask


def stacked(plot: Plot, series: list[Series]) -> list[Series]:
    """The same series with their lines in the order in which they were drawn, back to front."""
    places = [i for i, item in enumerate(series) if isinstance(item, Line)]
    if len(places) < _PAIR:
        return series
    drawn = [_drawn(plot, series[i]) for i in places]
    order = _back_to_front(drawn)
    found = list(series)
    for place, k in zip(places, order, strict=True):
        found[place] = series[places[k]]
    return found


def _back_to_front(drawn: list[_Drawn]) -> list[int]:
    """Repeatedly the one that is covered most by those that are left."""
    count = len(drawn)
    over = np.zeros((count, count))
    for a, b in itertools.combinations(range(count), 2):
        cross = drawn[a].covers & drawn[b].covers
        wins = int((cross & drawn[a].shows).sum()) - int((cross & drawn[b].shows).sum())
        if abs(wins) >= _LEAST:
            over[a, b], over[b, a] = wins, -wins
    left, order = list(range(count)), []
    while left:
        lowest = min(left, key=lambda a: (float(np.sign(over[a, left]).sum()), float(over[a, left].sum()), a))
        order.append(lowest)
        left.remove(lowest)
    return order


def _drawn(plot: Plot, line: Series) -> _Drawn:
    assert isinstance(line, Line)
    canvas = np.zeros(plot.pixels.shape[:2], np.uint8)
    points = np.array(
        [
            (plot.x.pixel(x) - plot.left - 0.5, plot.y.pixel(y) - plot.top - 0.5)
            for x, y in zip(line.x, line.y, strict=True)
        ]
    )
    fixed = np.clip(np.nan_to_num(points) * 16, -(2**20), 2**20).round().astype(np.int32)
    if line.style and len(fixed) > 1:
        cv2.polylines(canvas, [fixed], False, 1, thickness=max(1, round(line.width / plot.points)), shift=4)
    if line.marker:
        radius = max(1.0, line.marker_size / plot.points / 2)
        for x, y in fixed.tolist():
            cv2.circle(canvas, (x, y), round(radius * 16), 1, -1, shift=4)
    return _Drawn(canvas.astype(bool), near(plot.pixels, rgb_of(line.colour), 20))
