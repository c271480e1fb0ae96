"""Reads candlesticks from their silhouettes: bodies of one width on thin strokes through their middles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.claims import Claim, Sight
from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, near
from critic.reading.chart.frames import runs
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

if TYPE_CHECKING:
    from critic.marks.candles import Candles

_INK = 40
"""Levels from the face at which a pixel is ink: strokes between two columns are half as dark."""
_LEAST = 6
"""Candles that tell themselves from other boxes with strokes."""
_THIN = 0.5
"""Of a body's width that a stroke may be wide."""
_UNEVEN = 1.6
"""Pixels by which bodies may differ in width, and strokes stand off the middle: edges between two pixels."""
_STROKED = 0.4
"""Share of candles that must have a stroke: without, they are bars."""
_EXPLAINED = 0.8
"""Share of the ink in candles."""
_PLAIN = 0.7
"""Share of a body in one colour: box plots have medians."""
_FEET = 0.7
"""Share of bodies or strokes that begin at one height from which they are bars with error bars, or stems."""
_FINE = 0.1
"""Pixels to which ends are written: blended rows tell them so well."""
_FULL = 60
"""Levels between two colours of bodies."""
_NARROWEST = 3
"""Pixels across the narrowest body: one column that is not blended, with a blended one on either side."""


class _Body(NamedTuple):
    """One candle in pixels of the area: edges, with what blended pixels tell of them."""

    left: float
    right: float
    top: float
    bottom: float
    high: float
    low: float
    colour: Colour
    thick: float

    @property
    def middle(self) -> float:
        """The column of its stroke."""
        return (self.left + self.right) / 2

    @property
    def stroked(self) -> bool:
        """Whether anything sticks out of the body."""
        return self.top - self.high > 1 or self.low - self.bottom > 1


def read_candles(candles: type[Candles], sight: Sight) -> Sequence[Claim]:
    """The claim of candlesticks on an area; none where bodies and strokes are something else."""
    plot = sight.plot
    ink = np.asarray(far(plot.pixels, plot.face, _INK) & ~plot.hidden)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if count - 1 < _LEAST:
        return []
    usual = float(np.median(stats[1:, cv2.CC_STAT_WIDTH]))
    found: list[_Body] = []
    covered = np.zeros_like(ink)
    for index in range(1, count):
        x, y, w, h, _area = (int(v) for v in stats[index])
        part = labels[y : y + h, x : x + w] == index
        if abs(w - usual) <= _UNEVEN:
            body = _body(plot, part, x, y)
        else:
            body = _stroke(plot, part, x, y) if w <= _THIN * usual and h > usual else None
        if body is not None:
            found.append(body)
            covered[y : y + h, x : x + w] |= part
    if not _are_candles(found, float((ink & covered).sum()) / max(1.0, float(ink.sum()))):
        return []
    found.sort(key=lambda body: body.middle)
    pixels = plot.pixels.copy()
    pixels[cv2.dilate(covered.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = plot.face
    return [Claim((_described(candles, plot, found),), rest=replace(plot, pixels=pixels))]


def _body(plot: Plot, part: Mask, x: int, y: int) -> _Body | None:
    """A silhouette as a candle; None where it is not a body on a stroke through its middle."""
    wide = part.shape[1]
    spans = np.array([_extent(row) for row in part])
    widths = spans[:, 1] - spans[:, 0]
    thick = runs(np.asarray(widths > max(2.0, _THIN * wide)))
    if len(thick) != 1 or wide < _NARROWEST:
        return None
    first, last = thick[0]
    # Bodies are rectangles but for a blended first and last row; round markers on strokes are not.
    if (widths[first + 1 : last - 1] < wide - _UNEVEN).any():
        return None
    strokes = spans[np.r_[0:first, last : len(spans)]]
    if len(strokes) and np.abs(strokes.mean(axis=1) - wide / 2).max() > _UNEVEN:
        return None
    region = plot.pixels[y : y + len(part), x : x + wide]
    colour = mode_colour(region[(first + last) // 2, wide // 4 : wide - wide // 4])
    shares = _shares(region, plot.face, colour)
    body = shares[first:last]
    # The first and the last row and column may be blended.
    middles = region[first + 1 : last - 1, 1:-1]
    if middles.size and float(near(middles, colour, _FULL).mean()) < _PLAIN:
        return None
    left, right = _edges(body.mean(axis=0))
    inner = shares[:, 1:-1] if wide > _NARROWEST else shares
    top, bottom = _edges(inner[first:last].mean(axis=1))
    middle = shares.max(axis=1)
    high, low = _edges(middle)
    top, bottom = y + first + top, y + first + bottom
    across = _across(shares[np.r_[1 : max(1, first - 1), last + 1 : max(last + 1, len(shares) - 1)]])
    return _Body(x + left, x + right, top, bottom, min(y + high, top), max(y + low, bottom), colour, across)


def _stroke(plot: Plot, part: Mask, x: int, y: int) -> _Body:
    """A candle without a body: one that has ended where it began."""
    region = plot.pixels[y : y + part.shape[0], x : x + part.shape[1]]
    colour = region[part][np.abs(region[part].astype(int) - plot.face).max(axis=1).argmax()].astype(int)
    shares = _shares(region, plot.face, colour)
    high, low = _edges(shares.max(axis=1))
    at = x + float((shares.mean(axis=0) * (np.arange(part.shape[1]) + 0.5)).sum() / shares.mean(axis=0).sum())
    return _Body(at, at, y + low, y + low, y + high, y + low, colour, _across(shares[1:-1]))


def _extent(row: NDArray[np.bool_]) -> tuple[int, int]:
    """First and last inked column (exclusive): hollow bodies count as wide."""
    at = np.where(row)[0]
    return (int(at[0]), int(at[-1]) + 1) if len(at) else (0, 0)


def _shares(region: NDArray[np.uint8], face: Colour, colour: Colour) -> NDArray[np.float64]:
    """How much of each pixel is covered, by its way from the face's colour to the body's."""
    way = (colour - face).astype(float)
    share = (region.astype(float) - face) @ way / max(1.0, float(way @ way))
    return np.asarray(share.clip(0, 1))


def _across(rows: NDArray[np.float64]) -> float:
    """Pixels that a stroke covers across, blended ones in part; 0 where there is none."""
    return float(np.median(rows.sum(axis=1))) if len(rows) else 0.0


def _edges(profile: NDArray[np.float64]) -> tuple[float, float]:
    """Where a profile begins and ends, its first and last pixel counted in part."""
    return 1 - min(1.0, float(profile[0])), len(profile) - 1 + min(1.0, float(profile[-1]))


def _are_candles(found: list[_Body], explained: float) -> bool:
    """Whether most ink is bodies on strokes, which neither begin at one height nor stand over each other."""
    # Dots of a broken line have a bulge here and there, but no stroke.
    if len(found) < _LEAST or explained < _EXPLAINED or not any(body.thick > 0 for body in found):
        return False
    widths = np.array([body.right - body.left for body in found if body.right > body.left])
    if np.abs(widths - np.median(widths)).max() > _UNEVEN:
        return False
    for feet in zip(*((body.bottom, body.low, body.high) for body in found), strict=True):
        if max(np.unique(np.round(feet), return_counts=True)[1]) > _FEET * len(found):
            return False
    places = sorted(body.middle for body in found)
    beside = all(b - a > np.median(widths) / 2 for a, b in pairwise(places))
    return beside and sum(body.stroked for body in found) >= _STROKED * len(found)


def _described(candles: type[Candles], plot: Plot, found: list[_Body]) -> Candles:
    def price(row: float) -> float:
        value = plot.at_y(row)
        return float(f"{value:.5g}") if plot.y.log else rounded(value, _FINE * plot.y.per_pixel)

    colours = _two_colours(found)
    ends = [(price(body.top), price(body.bottom)) for body in found]
    first = [_nearer(body.colour, *colours) for body in found]
    other = [not one for one in first]
    up = first if _jumps(ends, first) <= _jumps(ends, other) else other
    rising, falling = colours if up is first else colours[::-1]
    unit = plot.x.per_pixel
    width = float(np.median([body.right - body.left for body in found if body.right > body.left]))
    return candles(
        rising=hex_of(rising),
        falling=hex_of(falling),
        up=tuple(up),
        # The middle of a body lies between pixels; values count from their middles.
        positions=tuple(rounded(plot.at_x(body.middle), _FINE * unit) for body in found),
        width=rounded(width * unit, _FINE * unit),
        opens=tuple(low if up else high for (high, low), up in zip(ends, up, strict=True)),
        closes=tuple(high if up else low for (high, low), up in zip(ends, up, strict=True)),
        highs=tuple(price(body.high) for body in found),
        lows=tuple(price(body.low) for body in found),
        line_width=round(float(np.median([b.thick for b in found if b.thick > 0])) * plot.points, 1),
    )


def _nearer(colour: Colour, one: Colour, other: Colour) -> bool:
    """Whether a colour is the first of two rather than the second."""
    return bool(np.abs(colour - one).max() <= np.abs(colour - other).max())


def _two_colours(found: list[_Body]) -> tuple[Colour, Colour]:
    """The colour of most bodies, and the one of most that differ from it; the same where none does."""
    colours = np.array([body.colour for body in found])
    first = mode_colour(colours.astype(np.uint8))
    others = colours[np.abs(colours - first).max(axis=1) > _FULL]
    return first, mode_colour(others.astype(np.uint8)) if len(others) else first


def _jumps(ends: list[tuple[float, float]], rising: list[bool]) -> float:
    """From each close to the next open: prices go on where they were, whatever a colour means."""
    opens = [low if up else high for (high, low), up in zip(ends, rising, strict=True)]
    closes = [high if up else low for (high, low), up in zip(ends, rising, strict=True)]
    return sum(abs(b - a) for a, b in zip(closes[:-1], opens[1:], strict=True))
