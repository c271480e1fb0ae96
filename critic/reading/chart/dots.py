"""Scatters of one colour and one size: dots that stand alone say how large, crowds are covered by as many."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import Points
from critic.reading.chart.markers import SNAP
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.tracks import shares_of

_MOST = 900
_LONE = 4
"""So many dots must stand alone."""
_PALE = 60
"""Specks this near to the face's colour are the rest of something else."""
_ALIKE = 0.6
"""Mean of turns (a pixel is one) from which places in pixels are alike; chance gives far less for several."""
_SLIVER = 0.07
"""Share of a dot that may stay uncovered; dots between whole pixels leave more."""
_TINY = 4
"""Dots up to so many pixels across are told by their ink, not by their shape."""
_SOFT = 0.35
"""Share of a colour that a dot's pixel shows at least; at the rim it may be half."""
_SQUARE = 0.93
"""Share of its box that a dot fills which is a square: a disc fills 0.79 of it."""
_COVERED = 0.93
"""Share of a colour that its dots must cover."""
_FEWEST_TINY = 20
"""Specks of ink from which tiny dots are a scatter, not the rests of something else."""
_SEVERAL = 2
"""Times a dot's core from which a speck is several dots."""
_ROW = 5
"""Dots in a row or column of pixels are strung when they are more than this: chance puts fewer there."""
_INSIDE = 0.9
"""Share of a disc that lies in the ink where a dot may be; the rest is its blended rim."""
_COARSE = 3
"""Points across above which a dot's area is written in whole square points."""


def read_dots(plot: Plot, colour: Colour, mask: Mask) -> Points | None:
    """Dots that explain nearly all of a colour; None where they do not."""
    shares = shares_of(plot, colour)
    soft = (shares > _SOFT) & cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(soft.astype(np.uint8), connectivity=8)
    if count - 1 < _LONE:
        return None
    boxes, areas = stats[1:, 2:4], stats[1:, 4]
    # The palest pixels of the rim count too.
    around = cv2.dilate(labels.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int64)
    ink = np.bincount(around.ravel(), weights=shares.ravel(), minlength=count)[1:].astype(np.float64)
    even = np.abs(boxes[:, 0] - boxes[:, 1]) <= 1 + 0.1 * boxes.max(axis=1)
    # A dot of three pixels may be a cross of five.
    whole = even & (areas > np.where(boxes.max(axis=1) <= _TINY, 0.5, 0.6) * boxes[:, 0] * boxes[:, 1])
    if whole.sum() < _LONE:
        return None
    usual = float(np.median(ink[whole]))
    lone = whole & (np.abs(ink - usual) < 0.35 * usual + 1)
    if lone.sum() < max(_LONE, 0.25 * whole.sum()):
        return None
    usual = float(np.median(ink[lone]))
    diameter = float(np.sqrt(4 * usual / np.pi))
    if diameter <= _TINY:
        if np.abs(colour - plot.face).max() < _PALE:
            return None
        tiny = _tiny(mask, ink, usual)
        return (
            None if tiny is None or are_strung(middles[1:][lone]) else _points(plot, colour, tiny, diameter)
        )
    square = float(np.median((areas / (boxes[:, 0] * boxes[:, 1]))[lone])) > _SQUARE
    if square:
        return None
    alone = _weighed(shares, around, count)[1:][lone]
    centres = [(float(x), float(y)) for x, y in alone]
    rest = soft & ~np.isin(labels, np.where(lone)[0] + 1)
    outlined = _are_snapped(alone)
    centres += _crowd(rest, soft, diameter, _SLIVER if outlined else 2 * _SLIVER)
    if _covered(centres, soft, diameter) < _COVERED:
        return None
    return _points(plot, colour, centres, diameter, outlined=outlined)


def _weighed(shares: NDArray[np.float64], labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """The middle of each label's ink."""
    rows, columns = np.mgrid[0 : labels.shape[0], 0 : labels.shape[1]]
    ink, right, down = (
        np.bincount(labels.ravel(), weights=(shares * place).ravel(), minlength=count)
        for place in (np.ones_like(shares), columns + 0.5, rows + 0.5)
    )
    return np.stack((right, down), axis=1) / np.maximum(ink, 1e-6)[:, None]


def _are_snapped(middles: NDArray[np.float64]) -> bool:
    """Whether all stand alike within their pixels, as dots with an outline do; others stand anywhere."""
    turns = np.exp(2j * np.pi * middles)
    return bool(np.abs(turns.mean(axis=0)).min() > _ALIKE)


def _tiny(mask: Mask, ink: NDArray[np.float64], usual: float) -> list[tuple[float, float]] | None:
    """Dots of a few pixels: one for each solid core; specks in one must be few dots each."""
    few = ink <= 12 * usual
    if len(ink) < _FEWEST_TINY or ink[few].sum() < 0.5 * ink.sum():
        return None
    count, labels, stats, middles = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    core = float(np.median(stats[1:, 4])) if count > 1 else 1.0
    centres = []
    for index in range(1, count):
        rows, columns = np.where(labels == index)
        times = round(len(rows) / core)
        if times < _SEVERAL:
            centres.append((float(middles[index][0]) + 0.5, float(middles[index][1]) + 0.5))
            continue
        chosen = np.linspace(0, len(rows) - 1, times).round().astype(int)
        centres += [(float(columns[k]) + 0.5, float(rows[k]) + 0.5) for k in chosen]
    return centres if len(centres) <= _MOST else None


def are_strung(points: cv2.typing.MatLike) -> bool:
    """Whether dots follow each other at one distance, or stand in rows and columns: dotted lines."""
    for places in points.round().astype(int).T:
        rows = np.bincount(places)
        if rows[rows > _ROW].sum() > 0.6 * len(points):
            return True
    away = cKDTree(points).query(points, k=2)[0][:, 1]
    low, middle, high = np.percentile(away, [25, 50, 75])
    return bool(high - low < 0.3 * middle)


def _disc(diameter: float) -> NDArray[np.float32]:
    reach = int(np.ceil(diameter / 2))
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(np.hypot(rows, columns) <= diameter / 2, dtype=np.float32)


def _crowd(rest: Mask, soft: Mask, diameter: float, least: float) -> list[tuple[float, float]]:
    """Discs inside the ink until they cover what is left of it, those that cover the most first."""
    disc = _disc(diameter)
    disc /= disc.sum()
    reach = disc.shape[0] // 2
    inside = _spread(soft.astype(np.float32), disc) > _INSIDE
    left = rest.astype(np.float32)
    gain = np.where(inside, _spread(left, disc), 0.0)
    found: list[tuple[float, float]] = []
    while len(found) < _MOST:
        y, x = (int(v) for v in np.unravel_index(gain.argmax(), gain.shape))
        if gain[y, x] < least:
            break
        found.append((x + 0.5, y + 0.5))
        # A little more than the disc, so that no place is found twice.
        cv2.circle(left, (16 * x, 16 * y), round(16 * (diameter / 2 + 0.2)), 0.0, -1, shift=4)
        # Only what lies near the new disc has changed.
        y0, x0 = max(0, y - 3 * reach - 2), max(0, x - 3 * reach - 2)
        window = slice(y0, y + 3 * reach + 3), slice(x0, x + 3 * reach + 3)
        inner = (
            slice(max(0, y - 2 * reach - 1), y + 2 * reach + 2),
            slice(max(0, x - 2 * reach - 1), x + 2 * reach + 2),
        )
        fresh = np.zeros_like(gain)
        fresh[window] = _spread(left[window], disc)
        gain[inner] = np.where(inside[inner], fresh[inner], 0.0)
    return found


def _spread(mask: NDArray[np.float32], disc: NDArray[np.float32]) -> NDArray[np.float32]:
    filled = cv2.filter2D(mask, -1, disc, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(filled, dtype=np.float32)


def _covered(centres: list[tuple[float, float]], soft: Mask, diameter: float) -> float:
    canvas = np.zeros(soft.shape, np.uint8)
    for x, y in centres:
        at = round((x - 0.5) * 16), round((y - 0.5) * 16)
        cv2.circle(canvas, at, round((diameter / 2 + 0.5) * 16), 1, -1, shift=4)
    return float((soft & (canvas > 0)).sum() / max(1, soft.sum()))


def _points(
    plot: Plot,
    colour: Colour,
    centres: list[tuple[float, float]],
    diameter: float,
    *,
    outlined: bool = True,
) -> Points:
    # Matplotlib draws an edge of one point around a scatter's dots, and counts areas without half of it.
    points = max(0.5, diameter * plot.points - (1.0 if outlined else 0.0))
    snap = SNAP if outlined else 0.0
    ordered = sorted(centres)
    return Points(
        colours=(hex_of(colour),) * len(ordered),
        x=tuple(_value(plot.at_x(x - snap), plot.x.per_pixel, plot.x.log) for x, _ in ordered),
        y=tuple(_value(plot.at_y(y - snap), plot.y.per_pixel, plot.y.log) for _, y in ordered),
        sizes=(float(round(points**2, 0 if points > _COARSE else 1)),) * len(ordered),
        edge="face" if outlined else "none",
    )


def _value(value: float, unit: float, log: bool) -> float:
    return float(f"{value:.4g}") if log else rounded(value, 0.3 * unit)
