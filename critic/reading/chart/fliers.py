"""Fliers of a box plot: markers in the column of a box, beyond its whiskers."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from critic.reading.chart.colours import hex_of, mode_colour, near
from critic.reading.chart.markers import shape_of
from critic.reading.chart.plot import Mask, Plot

_MOST = 26
"""Pixels across the largest flier."""
_LEAST, _LEAST_INK = 3, 5
"""Pixels across the smallest flier, and of its ink: a plus of three by three has five."""
_EVEN = 2
"""Pixels by which the width and height of a lone flier differ at most: others overlap."""
_PLUS = 0.45
"""Share of its box below which a flier's outline fills what a plus does."""
_DEFAULT = 6.0
"""Points across matplotlib's fliers, unless it is told otherwise."""
_SIZE_SLACK = 0.8
"""Points by which a measured size may differ from that: a pixel is 0.72 at 100 dpi."""
_OFF_MIDDLE = 2.5
"""Pixels by which a flier's middle lies off its box's at most: both are put on whole pixels."""
_ROUND = 0.85
"""Share of a marker's outline that is drawn where one is among others."""
_APART = 2
"""Pixels between the middles of fliers that are told apart must be more than this."""


class Fliers(NamedTuple):
    """The rows of the fliers of each box, what they look like, and where they are drawn."""

    rows: list[list[float]]
    mask: Mask
    marker: str = "o"
    size: float = _DEFAULT
    colour: str = "#000000"
    face: str | None = None


class _Blob(NamedTuple):
    box: int
    x: int
    y: int
    wide: int
    high: int
    own: Mask


def read_fliers(plot: Plot, ink: Mask, middles: list[float], spans: list[tuple[float, float]]) -> Fliers:
    """Fliers of boxes.

    Args:
        plot: The area.
        ink: Where anything is drawn.
        middles: The column of each box.
        spans: The rows between which each box's whiskers run.
    """
    blobs = _blobs(ink, middles, spans)
    mask = np.zeros_like(ink)
    rows: list[list[float]] = [[] for _ in middles]
    lone = [b for b in blobs if abs(b.wide - b.high) <= _EVEN]
    if not blobs:
        return Fliers(rows, mask)
    across = int(np.median([b.wide for b in lone or blobs]))
    for blob in blobs:
        mask[blob.y - 1 : blob.y + blob.high + 1, blob.x - 1 : blob.x + blob.wide + 1] = True
        rows[blob.box] += [blob.y + row for row in _rows(blob, across)]
    whole = [_filled(b.own) for b in lone]
    plus = bool(lone) and np.mean([w.mean() for w in whole]) < _PLUS
    shape = "+" if plus else shape_of(whole)
    colours = [_colours(plot, b) for b in (lone or blobs)[:12]]
    edge = mode_colour(np.array([c[0] for c in colours], np.uint8))
    face = mode_colour(np.array([c[1] for c in colours], np.uint8))
    hollow = bool(near(face[None, None].astype(np.uint8), plot.face, 20).all())
    # A marker's edge of a point is drawn around its size.
    size = max(1.0, round((across * plot.points - 1.0) * 2) / 2)
    size = _DEFAULT if abs(size - _DEFAULT) <= _SIZE_SLACK else size
    return Fliers(rows, mask, shape, size, hex_of(edge), None if hollow or plus else hex_of(face))


def _blobs(ink: Mask, middles: list[float], spans: list[tuple[float, float]]) -> list[_Blob]:
    found = []
    for index, (middle, (top, bottom)) in enumerate(zip(middles, spans, strict=True)):
        left, right = max(0, round(middle) - _MOST // 2), round(middle) + _MOST // 2 + 1
        for first, last in ((0, int(top) - 1), (int(bottom) + 3, len(ink))):
            strip = ink[max(0, first) : max(0, last), left:right]
            if not strip.size:
                continue
            count, labels, stats, _ = cv2.connectedComponentsWithStats(strip.astype(np.uint8), connectivity=8)
            for k in range(1, count):
                x, y, w, h, area = (int(v) for v in stats[k])
                if (
                    abs(left + x + (w - 1) / 2 - middle) <= _OFF_MIDDLE
                    and min(w, h) >= _LEAST
                    and area >= _LEAST_INK
                ):
                    own = np.asarray(labels[y : y + h, x : x + w] == k)
                    found.append(_Blob(index, left + x, first + y, w, h, own))
    return found


def _rows(blob: _Blob, across: int) -> list[float]:
    """Middles of the markers in a blob, which may overlap, counted from its top."""
    if blob.high <= across + 1:
        return [(blob.high - 1) / 2]
    half = (across - 1) / 2
    steps = np.arange(half, blob.high - half + 0.01, 1.0)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    columns = np.clip(
        ((blob.wide - 1) / 2 + (half - 0.3) * np.cos(angles)).round().astype(int), 0, blob.wide - 1
    )
    scores = []
    for step in steps:
        lines = np.clip((step + (half - 0.3) * np.sin(angles)).round().astype(int), 0, blob.high - 1)
        scores.append(float(blob.own[lines, columns].mean()))
    found: list[float] = []
    for at in np.argsort(scores)[::-1]:
        if scores[at] < _ROUND or len(found) > 2 * blob.high / across + 2:
            break
        if all(abs(steps[at] - other) > _APART for other in found):
            found.append(float(steps[at]))
    ends = [half, blob.high - 1 - half]
    return found or ends


def _filled(own: Mask) -> Mask:
    outlines, _ = cv2.findContours(own.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    canvas = np.zeros(own.shape, np.uint8)
    cv2.drawContours(canvas, outlines, -1, 1, -1)
    return canvas.astype(bool)


def _colours(plot: Plot, blob: _Blob) -> tuple[np.ndarray, np.ndarray]:
    """Of the outline and of the middle."""
    region = plot.pixels[blob.y : blob.y + blob.high, blob.x : blob.x + blob.wide]
    middle = region[blob.high // 2 - 1 : blob.high // 2 + 1, blob.wide // 2 - 1 : blob.wide // 2 + 1]
    away = np.abs(region.reshape(-1, 3).astype(int) - plot.face).max(axis=1)
    # Of a thin outline only the strongest pixels show the colour.
    edge = np.median(region.reshape(-1, 3)[away >= np.percentile(away, 92)], axis=0).round().astype(int)
    return edge, mode_colour(middle)
