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
from critic.marks.courses import without_courses
from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, near
from critic.reading.chart.frames import runs
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot

if TYPE_CHECKING:
    from critic.marks.candles import Candles

_INK = 40
"""Levels from the face at which a pixel is ink: strokes between two columns are half as dark."""
_SEAM, _SEAM_REACH = 0.5, 2
"""Share of the ink on both sides that a column between two bodies has, and pixels within which those are:
bodies a pixel apart are blended into what is between them."""
_REMNANT = 2
"""Rows that a grid line leaves of itself beside a body: it is a point wide and blended."""
_LEAST = 6
"""Candles that tell themselves from other boxes with strokes."""
_THIN = 0.5
"""Of a body's width that a stroke may be wide."""
_UNEVEN = 1.6
"""Pixels by which bodies may differ in width, and strokes stand off the middle: edges between two pixels."""
_UNEVEN_SHARE = 0.2
"""Of their width by which wide ones do: a line laid round each, and each snapped to whole pixels."""
_NOTCHED = 0.2
"""Share of rows of a body that may be narrower, and of a stroke that may be beside, where a line ran over
them; of a disc half are."""
_OTHERS = 0.1
"""Share of bodies that may be wider or narrower than the others, where something else ran over them."""
_STROKED = 0.4
"""Share of candles that must have a stroke: without, they are bars."""
_EXPLAINED = 0.8
"""Share of the ink in candles."""
_PLAIN = 0.7
"""Share of a body in one colour: box plots have medians."""
_FEET = 0.7
"""Share of bodies or strokes that begin at one height from which they are bars with error bars, or stems."""
_ALIKE, _AS_HIGH = 1.5, 0.7
"""Pixels by which bodies differ in height that are as high as each other, and share of them from which they
are markers on stems or error bars: prices move by other steps each time."""
_FINE = 0.1
"""Pixels to which ends are written: blended rows tell them so well."""
_FULL = 60
"""Levels between two colours of bodies."""
_OUTLINE = 3
"""Pixels from the edge of a body within which its outline lies: 1.5 points are two, and a blended one."""
_TALL = 2 * _OUTLINE + 1
"""Pixels of a body's height above which it shows what it holds."""
_TONE = 30
"""Levels between an outline and what it holds, from which it is outlined: Plotly's is half as dark."""
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
    fill: Colour | None = None
    """What an outlined body holds; None where it is all of one colour, or too small to tell."""
    stroke: float | None = None
    """The middle of its stroke, where it has one."""
    ink: Colour | None = None
    """The colour of its stroke, where it has one."""

    @property
    def middle(self) -> float:
        """The column of its middle: both body and stroke are rounded to whole pixels, each its own way."""
        middle = (self.left + self.right) / 2
        return middle if self.stroke is None else (middle + self.stroke) / 2

    def within(self, inset: float) -> tuple[float, float]:
        """Top and bottom of the body, so much inside of its silhouette."""
        middle = (self.top + self.bottom) / 2
        return min(self.top + inset, middle), max(self.bottom - inset, middle)

    @property
    def stroked(self) -> bool:
        """Whether anything sticks out of the body."""
        return self.top - self.high > 1 or self.low - self.bottom > 1


def read_candles(candles: type[Candles], sight: Sight) -> Sequence[Claim]:
    """The claim of candlesticks on an area; none where bodies and strokes are something else."""
    claim = _claimed(candles, sight.plot, sight.plot, notched=0.0)
    if claim is None:
        # Averages run over candles as lines, and join them.
        bare = without_courses(sight)
        claim = None if bare is sight.plot else _claimed(candles, bare, sight.plot, notched=_NOTCHED)
    return [] if claim is None else [claim]


def _claimed(candles: type[Candles], plot: Plot, whole: Plot, notched: float) -> Claim | None:
    """The claim of what an area shows, and what else there is in the whole area.

    Args:
        candles: The class of the mark.
        plot: The area without what runs over candles.
        whole: The area as it is.
        notched: Share of a body's rows that may be narrower than the others.
    """
    ink = np.asarray(far(plot.pixels, plot.face, _INK) & ~plot.hidden & ~_seams(plot))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if count - 1 < _LEAST:
        return None
    # Strokes of candles without a body are narrow.
    widths = stats[1:, cv2.CC_STAT_WIDTH]
    usual = float(np.median(widths[widths >= _NARROWEST])) if (widths >= _NARROWEST).any() else 1.0
    found: list[_Body] = []
    covered = np.zeros_like(ink)
    for index in range(1, count):
        x, y, w, h, _area = (int(v) for v in stats[index])
        part = labels[y : y + h, x : x + w] == index
        for start, end in _parted(part, usual):
            body = _one(plot, part[:, start:end], x + start, y, usual, notched)
            if body is not None:
                found.append(body)
                covered[y : y + h, x + start : x + end] |= part[:, start:end]
    found = sorted(_spaced(found), key=lambda body: body.middle)
    if not _are_candles(found, float((ink & covered).sum()) / max(1.0, float(ink.sum()))):
        return None
    rim = cv2.dilate(covered.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pixels = whole.pixels.copy()
    # What was taken off the candles to see them stays.
    pixels[rim & (plot.pixels == whole.pixels).all(axis=2)] = plot.face
    return Claim((_described(candles, plot, found),), rest=replace(whole, pixels=pixels))


def _seams(plot: Plot) -> Mask:
    """Where there is far less ink than on the left and on the right of it."""
    away = np.abs(plot.pixels.astype(np.int16) - plot.face).max(axis=2)
    padded = np.pad(away, ((0, 0), (_SEAM_REACH, _SEAM_REACH)))
    wide = away.shape[1]
    steps = range(1, _SEAM_REACH + 1)
    left = np.maximum.reduce([padded[:, _SEAM_REACH - step :][:, :wide] for step in steps])
    right = np.maximum.reduce([padded[:, _SEAM_REACH + step :][:, :wide] for step in steps])
    return np.asarray(away < _SEAM * np.minimum(left, right))


def _spaced(found: list[_Body]) -> list[_Body]:
    """Without strokes right beside bodies, which are what a grid line leaves between two of them."""
    whole = [body for body in found if body.right > body.left]
    strokes = [body for body in found if body.right <= body.left]
    reach = float(np.median([body.right - body.left for body in whole])) if whole else 0.0
    return [*whole, *(s for s in strokes if all(abs(s.middle - body.middle) > reach for body in whole))]


def _parted(part: Mask, usual: float) -> list[tuple[int, int]]:
    """Columns of the candles in a silhouette, which what grid lines leave may join."""
    wide = part.shape[1]
    if wide <= usual + _uneven(usual):
        return _cut(wide, usual)
    solid = np.asarray(cv2.erode(part.astype(np.uint8), np.ones((_REMNANT + 1, 1), np.uint8)).any(axis=0))
    return [(at + start, at + end) for at, stop in runs(solid) for start, end in _cut(stop - at, usual)]


def _cut(wide: int, usual: float) -> list[tuple[int, int]]:
    """Columns of the candles in a silhouette: of bodies that touch, each takes its share."""
    count = max(1, round(wide / usual)) if usual >= _NARROWEST else 1
    if abs(wide - count * usual) > count * _uneven(usual):
        return [(0, wide)]
    ends = [round(k * wide / count) for k in range(count + 1)]
    return list(pairwise(ends))


def _one(plot: Plot, part: Mask, left: int, top: int, usual: float, notched: float) -> _Body | None:
    """The candle of a silhouette; None where it is something else."""
    columns = np.where(part.sum(axis=0) > _REMNANT)[0]
    if len(columns) and abs(columns[-1] + 1 - columns[0] - usual) < abs(part.shape[1] - usual):
        part, left = part[:, columns[0] : columns[-1] + 1], left + int(columns[0])
    rows = np.where(part.any(axis=1))[0]
    part, top = part[rows[0] : rows[-1] + 1], top + int(rows[0])
    high, wide = part.shape
    if abs(wide - usual) <= _uneven(usual):
        return _body(plot, part, left, top, notched)
    return _stroke(plot, part, left, top) if wide <= _THIN * usual and high > usual else None


def _body(plot: Plot, part: Mask, x: int, y: int, notched: float) -> _Body | None:
    """A silhouette as a candle; None where it is not a body on a stroke through its middle."""
    wide = part.shape[1]
    spans = np.array([_extent(row) for row in part])
    widths = spans[:, 1] - spans[:, 0]
    thick = runs(np.asarray(widths > max(2.0, _THIN * wide)))
    if len(thick) != 1 or wide < _NARROWEST:
        return None
    first, last = thick[0]
    # Bodies are rectangles but for a blended first and last row; round markers on strokes are not.
    inner_rows = widths[first + 1 : last - 1]
    if len(inner_rows) and float((inner_rows < wide - _uneven(wide)).mean()) > notched:
        return None
    strokes = spans[np.r_[0:first, last : len(spans)]]
    beside = np.abs(strokes.mean(axis=1) - wide / 2)
    if len(strokes) and float((beside > _UNEVEN).mean()) > notched:
        return None
    region = plot.pixels[y : y + len(part), x : x + wide]
    colour, fill = _colours(region[first:last], plot.face)
    shares = _shares(region, plot.face, colour)
    body = shares[first:last]
    # The first and the last row and column may be blended.
    rim = 1 if fill is None else _OUTLINE
    middles = region[first + rim : last - rim, rim:-rim]
    if (
        last - first > _TALL
        and middles.size
        and float(near(middles, colour if fill is None else fill, _FULL).mean()) < _PLAIN
    ):
        return None
    left, right = _edges(body.mean(axis=0))
    inner = shares[:, 1:-1] if wide > _NARROWEST else shares
    top, bottom = _edges(inner[first:last].mean(axis=1))
    middle = shares.max(axis=1)
    high, low = _edges(middle)
    top, bottom = y + first + top, y + first + bottom
    beyond = shares[np.r_[1 : max(1, first - 1), last + 1 : max(last + 1, len(shares) - 1)]]
    across, weight = _across(beyond), beyond.sum(axis=0)
    stroke = x + float(weight @ (np.arange(wide) + 0.5) / weight.sum()) if across > 0 else None
    high, low = min(y + high, top), max(y + low, bottom)
    beside = np.concatenate([region[1 : max(1, first - 1)], region[last + 1 : -1]])
    ink = _strongest(beside, plot.face) if len(beside) else None
    return _Body(x + left, x + right, top, bottom, high, low, colour, across, fill, stroke, ink)


def _strongest(rows: NDArray[np.uint8], face: Colour) -> Colour:
    """The usual colour of what differs most from the face in each row: beside it lie blended rims."""
    levels = rows.astype(int)
    at = np.abs(levels - face).max(axis=2).argmax(axis=1)
    return np.asarray(np.median(levels[np.arange(len(levels)), at], axis=0).round(), dtype=int)


def _colours(body: NDArray[np.uint8], face: Colour) -> tuple[Colour, Colour | None]:
    """The colour of a body's outline, and of what it holds where that is another."""
    sides = np.concatenate([body[:, :_OUTLINE], body[:, -_OUTLINE:]]).astype(int)
    # Beside the line lie its blended rims: of each row the pixel that differs most from the face.
    strongest = np.abs(sides - face).max(axis=2).argmax(axis=1)
    edge = mode_colour(sides[np.arange(len(sides)), strongest].astype(np.uint8))
    inner = body[_OUTLINE:-_OUTLINE, _OUTLINE:-_OUTLINE]
    if not inner.size:
        middle = mode_colour(body[len(body) // 2, body.shape[1] // 4 : body.shape[1] - body.shape[1] // 4])
        return (edge if near(middle[None, None].astype(np.uint8), face, _INK).any() else middle), None
    fill = mode_colour(inner)
    return (fill, None) if np.abs(fill - edge).max() <= _TONE else (edge, fill)


def _stroke(plot: Plot, part: Mask, x: int, y: int) -> _Body:
    """A candle without a body: one that has ended where it began."""
    region = plot.pixels[y : y + part.shape[0], x : x + part.shape[1]]
    colour = region[part][np.abs(region[part].astype(int) - plot.face).max(axis=1).argmax()].astype(int)
    shares = _shares(region, plot.face, colour)
    high, low = _edges(shares.max(axis=1))
    at = x + float((shares.mean(axis=0) * (np.arange(part.shape[1]) + 0.5)).sum() / shares.mean(axis=0).sum())
    return _Body(at, at, y + low, y + low, y + high, y + low, colour, _across(shares[1:-1]))


def _uneven(width: float) -> float:
    """Pixels by which bodies of a width differ."""
    return max(_UNEVEN, _UNEVEN_SHARE * width)


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
    uneven = np.abs(widths - np.median(widths)) > _uneven(float(np.median(widths)))
    if uneven.mean() > _OTHERS:
        return False
    heights = np.array([body.bottom - body.top for body in found if body.right > body.left])
    if (np.abs(heights - np.median(heights)) <= _ALIKE).mean() >= _AS_HIGH:
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

    thick = float(np.median([body.thick for body in found if body.thick > 0]))
    outlined = any(body.fill is not None for body in found)
    inset = thick / 2 if outlined else 0.0
    one, other = _two_looks(found)
    # An outline lies half outside of what it surrounds.
    ends = [tuple(map(price, body.within(inset))) for body in found]
    first = [_off(body, one) <= _off(body, other) for body in found]
    second = [not is_one for is_one in first]
    up = first if _jumps(ends, first) <= _jumps(ends, second) else second
    rising, falling = (one, other) if up is first else (other, one)
    wick = _wick(found, one, other)
    unit = plot.x.per_pixel
    width = float(np.median([body.right - body.left for body in found if body.right > body.left])) - 2 * inset
    return candles(
        rising=hex_of(rising.colour),
        falling=hex_of(falling.colour),
        rising_fill="" if rising.fill is None else hex_of(rising.fill),
        falling_fill="" if falling.fill is None else hex_of(falling.fill),
        wick="" if wick is None else hex_of(wick),
        up=tuple(up),
        # The middle of a body lies between pixels; values count from their middles.
        positions=tuple(rounded(plot.at_x(body.middle), _FINE * unit) for body in found),
        width=rounded(width * unit, _FINE * unit),
        opens=tuple(low if up else high for (high, low), up in zip(ends, up, strict=True)),
        closes=tuple(high if up else low for (high, low), up in zip(ends, up, strict=True)),
        highs=tuple(price(body.high) for body in found),
        lows=tuple(price(body.low) for body in found),
        line_width=round(thick * plot.points, 1),
    )


def _wick(found: list[_Body], one: _Body, other: _Body) -> Colour | None:
    """The colour of all strokes, where they have one of their own; None where each has its body's."""
    inks = [body.ink for body in found if body.ink is not None]
    if not inks:
        return None
    usual = np.median(inks, axis=0).round().astype(int)
    alike = float(np.mean([np.abs(ink - usual).max() <= _FULL for ink in inks]))
    own = min(int(np.abs(usual - body.colour).max()) for body in (one, other)) > _FULL
    return usual if own and alike > _PLAIN else None


def _off(body: _Body, other: _Body) -> int:
    """Levels by which two candles differ, in their strokes or in what they hold."""
    off = int(np.abs(body.colour - other.colour).max())
    # Of a body too small to tell what it holds, the outline tells.
    if any(each.fill is None and each.bottom - each.top <= _TALL for each in (body, other)):
        return off
    one, two = (each.colour if each.fill is None else each.fill for each in (body, other))
    return max(off, int(np.abs(one - two).max()))


def _two_looks(found: list[_Body]) -> tuple[_Body, _Body]:
    """A candle that looks as most do, and one as most that differ from it; the same where none does."""
    tall = [body for body in found if body.bottom - body.top > _TALL] or found

    def likeness(body: _Body) -> int:
        return sum(_off(body, other) <= _FULL for other in tall)

    first = max(tall, key=likeness)
    second = max((body for body in tall if _off(body, first) > _FULL), key=likeness, default=first)
    return first, second


def _jumps(ends: list[tuple[float, ...]], rising: list[bool]) -> float:
    """From each close to the next open: prices go on where they were, whatever a colour means."""
    opens = [low if up else high for (high, low), up in zip(ends, rising, strict=True)]
    closes = [high if up else low for (high, low), up in zip(ends, rising, strict=True)]
    return sum(abs(b - a) for a, b in zip(closes[:-1], opens[1:], strict=True))
