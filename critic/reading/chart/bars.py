"""Bars and filled steps: regions of one colour made of upright rectangles."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far, hex_of, mode_colour
from critic.reading.chart.description import Bars
from critic.reading.chart.layers import mixes
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

_SPECK = 4
"""Pixels of the smallest region that is looked at."""
_FULL = 0.96
"""Share of its box that a region fills which is one rectangle."""
_LEAST, _LOW = 4, 3
"""Pixels across the narrowest bar, and of the lowest region with steps: less are strokes and blended rims."""
_SOLID = 0.9
"""Share of a step's columns that are filled from end to end."""
_EXPLAINED = 0.85
"""Share of a region's width, and of a colour's pixels, that rectangles must explain."""
_BESIDE = 2
"""Pixels beside a bar where its outline is looked for: a thin one is blended over so many."""
_LONG = 3
"""Times its height that a lone lying bar is long at least."""
_SAME = 60
"""Levels within which pixels are of an outline's colour: thin ones are blended."""
_OFF_FACE, _OFF_BAR = 90, 60
"""Levels by which an outline differs from the face and from its bars."""
_DARK = 60
"""Level of the strongest channel of an outline that is dark."""
_STRONGER = 20
"""Levels by which even a blended outline is farther from the face than the bar it surrounds."""
_AROUND = 0.8
"""Share of the places beside bars where their outline shows."""
_FEW = 3
"""Bars from which one tells how wide they are usually."""
_PAIR = 2
"""Touching bars are so many at least."""
_CROSSING, _WITHIN, _INKED = 13, 0.8, 24
"""Pixels across strokes and markers that may cross bars, share of one's ink that lies within them at most,
and levels from the face from which there is any."""
_WIDTH_SLACK = 1.5
"""Pixels by which a touching bar's width differs from a single one's: both edges lie on whole pixels."""


class Rectangle(NamedTuple):
    """Pixel edges in the plot area."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def area(self) -> int:
        """Pixels inside."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)


def rectangles(mask: Mask, hidden: Mask) -> tuple[list[Rectangle], float]:
    """Rectangles that make up a mask, and the share of its pixels that they explain."""
    total = int(mask.sum())
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    found: list[Rectangle] = []
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if area < _SPECK:
            continue
        part = labels[y : y + h, x : x + w] == index
        covered = hidden[y : y + h, x : x + w]
        if (part | covered).mean() > _FULL:
            found.append(Rectangle(x, y, x + w, y + h))
        elif w >= _LEAST and h >= _LOW:
            found += _skyline(part | covered, x, y) or _turned(_skyline((part | covered).T, y, x))
    explained = sum(int(mask[r.y0 : r.y1, r.x0 : r.x1].sum()) for r in found)
    return found, explained / max(total, 1)


def _turned(found: list[Rectangle]) -> list[Rectangle]:
    """Rectangles with rows and columns exchanged."""
    return [Rectangle(r.y0, r.x0, r.y1, r.x1) for r in found]


def _skyline(part: Mask, x: int, y: int) -> list[Rectangle]:
    """A region with a stepped outline as touching rectangles; none where the steps are too fine."""
    filled = part.any(axis=0)
    tops = np.where(filled, part.argmax(axis=0), -1)
    bottoms = np.where(filled, part.shape[0] - part[::-1].argmax(axis=0), -1)
    solid = part.sum(axis=0) >= 0.93 * (bottoms - tops)
    changes = np.where((np.diff(tops) != 0) | (np.diff(bottoms) != 0))[0] + 1
    bounds = [0, *changes.tolist(), part.shape[1]]
    found = []
    for a, b in itertools.pairwise(bounds):
        if b - a >= _LEAST and solid[a:b].mean() > _SOLID and tops[a] >= 0:
            found.append(Rectangle(x + a, y + int(tops[a]), x + b, y + int(bottoms[a])))
    covered = sum(r.x1 - r.x0 for r in found)
    return found if covered >= _EXPLAINED * part.shape[1] else []


def read_bars(plot: Plot, colour: Colour, mask: Mask) -> Bars | None:
    """The bars of a colour; None where it draws something else."""
    found, share = rectangles(mask, plot.hidden)
    thick = [r for r in found if min(r.x1 - r.x0, r.y1 - r.y0) >= _LEAST]
    if not thick or share < _EXPLAINED or sum(r.area for r in thick) < 0.5 * sum(r.area for r in found):
        return None
    horizontal = _lie(thick)
    across = [(r.y1 - r.y0) if horizontal else (r.x1 - r.x0) for r in thick]
    usual = float(np.median(across))
    edge = _edge(plot, thick, colour)
    kept = [_grown(r) if edge else r for r in found]
    kept = [r for r in kept if ((r.y1 - r.y0) if horizontal else (r.x1 - r.x0)) >= 0.4 * usual]
    if not kept:
        return None
    kept = _separated(kept, horizontal, usual)
    return described(plot, kept, colour, horizontal, edge)


def bridged(plot: Plot, mask: Mask) -> Mask | None:
    """A colour's ink with that of strokes that cross it and go on elsewhere; None where nothing does."""
    kernel = np.ones((_CROSSING, _CROSSING), np.uint8)
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel).astype(bool)
    other = np.asarray(far(plot.pixels, plot.face, _INKED) & ~mask)
    within = closed & other
    count, labels = cv2.connectedComponents(other.astype(np.uint8), connectivity=8)
    whole, inner = (np.bincount(labels[part], minlength=count) for part in (other, within))
    # Of a thin part of a stack there is nothing beyond the bars.
    crossing = (inner > 0) & (inner < _WITHIN * whole)
    added = within & crossing[labels]
    return np.asarray(mask | added) if added.sum() >= _CROSSING else None


def _lie(found: list[Rectangle]) -> bool:
    """Whether bars lie: equal heights and one common left edge say more than equal widths and one bottom."""
    if len(found) == 1:
        r = found[0]
        return r.x1 - r.x0 > _LONG * (r.y1 - r.y0) and r.x0 <= 1
    upright = np.ptp([r.x1 - r.x0 for r in found]) + np.ptp([r.y1 for r in found])
    lying = np.ptp([r.y1 - r.y0 for r in found]) + np.ptp([r.x0 for r in found])
    return bool(lying < upright)


def _grown(r: Rectangle) -> Rectangle:
    return Rectangle(r.x0 - 1, r.y0 - 1, r.x1 + 1, r.y1 + 1)


def _edge(plot: Plot, found: list[Rectangle], colour: Colour) -> str | None:
    """The colour of an outline around the bars, if they have one."""
    samples = []
    _height, width = plot.pixels.shape[:2]
    for r in found:
        middle = (r.x0 + r.x1) // 2
        if r.y0 >= _BESIDE and r.x0 >= _BESIDE and r.x1 < width - _BESIDE:
            level = plot.pixels[(r.y0 + r.y1) // 2]
            beside = (
                plot.pixels[r.y0 - _BESIDE : r.y0, middle],
                level[r.x0 - _BESIDE : r.x0],
                level[r.x1 : r.x1 + _BESIDE],
            )
            # A thin outline is blended with its neighbours: the darker of two pixels shows it.
            samples += [side[side.sum(axis=1).argmin()] for side in beside]
    if not samples:
        return None
    pixels = np.array(samples)
    edge = mode_colour(pixels)
    same = (np.abs(pixels.astype(int) - edge).max(axis=1) < _SAME).mean()
    differs = np.abs(edge - plot.face).max() > _OFF_FACE and np.abs(edge - colour).max() > _OFF_BAR
    dark = int(edge.max()) < _DARK
    if differs and dark and same > _AROUND:
        return hex_of(edge)
    return _own_edge(pixels.astype(int), colour, plot.face)


def _own_edge(beside: NDArray[np.int_], colour: Colour, face: Colour) -> str | None:
    """The full colour of translucent bars, where an outline in it is beside them in all places.

    What is lighter than ink may else be a grid, or others' bars.
    """
    strongest = beside[np.abs(beside - face).max(axis=1).argmax()]
    if np.abs(strongest - colour).max() <= _OFF_BAR or not mixes(colour, face, strongest):
        return None
    stronger = np.abs(beside - face).max(axis=1) > np.abs(colour - face).max() + _STRONGER
    of_it = [bool((pixel == strongest).all()) or mixes(pixel, face, strongest) for pixel in beside]
    return hex_of(strongest) if (stronger & of_it).mean() > _AROUND else None


def _separated(found: list[Rectangle], horizontal: bool, usual: float) -> list[Rectangle]:
    """Touching bars of equal height count once a usual width."""
    parts = []
    widths = [(r.y1 - r.y0) if horizontal else (r.x1 - r.x0) for r in found]
    least = min(widths)
    single = least if sum(w <= 1.15 * least for w in widths) >= 0.3 * len(widths) else usual
    for r, width in zip(found, widths, strict=True):
        times = round(width / single)
        if len(found) < _FEW or times < _PAIR or abs(width / times - single) > _WIDTH_SLACK:
            parts.append(r)
            continue
        cuts = [round(k * width / times) for k in range(times + 1)]
        for a, b in itertools.pairwise(cuts):
            if horizontal:
                parts.append(Rectangle(r.x0, r.y0 + a, r.x1, r.y0 + b))
            else:
                parts.append(Rectangle(r.x0 + a, r.y0, r.x0 + b, r.y1))
    return parts


def described(plot: Plot, found: list[Rectangle], colour: Colour, horizontal: bool, edge: str | None) -> Bars:
    """Rectangles of the plot area as bars in data units."""
    positions, widths, values, bases = [], [], [], []
    height, _width = plot.pixels.shape[:2]
    for r in sorted(found, key=lambda r: r.y0 if horizontal else r.x0):
        # The area begins two pixels inside the frame: bars that reach it begin at the frame.
        x0 = r.x0 - 2 if r.x0 <= 0 else r.x0
        y1 = r.y1 + 1 if r.y1 >= height else r.y1
        if horizontal:
            start, end = plot.at_y(r.y1), plot.at_y(r.y0)
            base, tip, step = plot.at_x(x0), plot.at_x(r.x1), plot.x.per_pixel
            along = plot.y.per_pixel
        else:
            start, end = plot.at_x(r.x0), plot.at_x(r.x1)
            base, tip, step = plot.at_y(y1), plot.at_y(r.y0), plot.y.per_pixel
            along = plot.x.per_pixel
        log = (plot.x if horizontal else plot.y).log
        # An outline reaches half of its width beyond the axis.
        slack = step * (2 if edge else 1)
        base, tip = (base, tip) if log else (_zero(base, slack), _zero(tip, slack))
        if tip <= 0 < base or (base > tip and base <= step):
            base, tip = tip, base
        positions.append(rounded((start + end) / 2, 0.3 * along))
        widths.append(abs(end - start))
        slack = 0.35 * step if not log else 0.004 * abs(tip)
        bases.append(rounded(base, slack))
        values.append(rounded(tip - base, slack))
    spread = np.ptp(widths) if len(widths) > 1 else 0.0
    unit = (plot.y if horizontal else plot.x).per_pixel
    if spread <= 2.2 * unit:
        widths = [rounded(float(np.mean(widths)), 0.3 * unit)] * len(widths)
    return Bars(
        colour=hex_of(colour),
        positions=tuple(positions),
        widths=tuple(widths),
        values=tuple(values),
        bases=tuple(bases),
        horizontal=horizontal,
        edge=edge,
    )


def _zero(value: float, step: float) -> float:
    return 0.0 if abs(value) < 1.1 * step else value
