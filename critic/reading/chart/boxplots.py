"""Box plots: boxes between two level strokes, whiskers with caps, medians, notches and fliers."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, near, palette
from critic.reading.chart.description import Boxes
from critic.reading.chart.fliers import Fliers, read_fliers
from critic.reading.chart.frames import runs
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.strokes import Stroke, level_strokes

_LEAST = 8
"""Pixels across the narrowest box."""
_MOST_COLOURS = 8
"""Colours of outlines in one chart: other tools give each box, or each group of them, one of its own."""
_DASH = 5
"""A whisker may be broken for so many pixels."""
_ONE_COLOUR = 0.5
"""Share of a box's inside that its filling takes; a median, a mean and what shines through take the rest."""
_SHORT = 2
"""Pixels of a whisker that are its box's stroke rather than a whisker."""
_ACCOMPANIED = 0.7
"""Share of the pixels beside a whisker that are drawn where it is the rim of something wide."""
_ALIGNED = 2
"""Pixels by which the ends of one box's strokes lie off each other, each rounded and blended."""
_FLATTEST = 3
"""Pixels between the level strokes of a box at least."""
_JOINED = 0.75
"""Share of the rows between its level strokes where the straight side of a box is drawn."""
_HOLLOW = 0.6
"""Share of a box's inside in the colour of its outline at most."""
_NOTCHED = 8
"""Rows between the level strokes of a box with a notch at least: in fewer its waist has no room."""
_OFF_MIDDLE = 2.5
"""Pixels by which a cap's middle lies off its box's at most: both are put on whole pixels."""
_FULL = 0.8
"""Share of a row inside a box that its median covers; what is less is broken, as a dashed mean is."""
_THICKEST = 8
"""Pixels of the thickest median: more are an area."""
_UNFILLED = 8
"""Levels from the face below which a box's filling is the face."""
_THIN = 2.1
"""Pixels that a line of a point covers at most, blended ones in part."""
_VIVID = 60
"""Levels between the strongest and the weakest channel of a colour that is no grey."""


class BoxShape(NamedTuple):
    """One box: its rectangle of strokes, in pixels of the plot area."""

    x0: int
    x1: int
    top: float
    bottom: float
    notch: tuple[float, float] | None

    @property
    def middle(self) -> float:
        """The column of its whiskers."""
        return (self.x0 + self.x1) / 2


class Whisker(NamedTuple):
    """Where a whisker ends, and whether a cap marks it."""

    end: float
    capped: bool


class Median(NamedTuple):
    """The level stroke inside a box; its thickness counts blended pixels in part."""

    row: float
    colour: Colour
    thickness: float


def read_boxes(plot: Plot) -> tuple[tuple[Boxes, ...], Plot] | None:
    """The box plots of an area, one for each colour of outlines, and the area without; None where none is."""
    for turned in (False, True):
        view = _turned(plot) if turned else plot
        every: list[Boxes] = []
        while len(every) < _MOST_COLOURS and (found := _read(view, horizontal=turned)) is not None:
            boxes, view = found
            every.append(boxes)
        every.sort(key=lambda boxes: boxes.positions)
        if every:
            return tuple(every), (_turned(view) if turned else view)
    return None


def _turned(plot: Plot) -> Plot:
    """The area with rows and columns exchanged."""
    return replace(
        plot,
        pixels=np.ascontiguousarray(plot.pixels.transpose(1, 0, 2)),
        hidden=plot.hidden.T,
        x=plot.y,
        y=plot.x,
        left=plot.top,
        top=plot.left,
    )


def _read(plot: Plot, *, horizontal: bool) -> tuple[Boxes, Plot] | None:
    ink = far(plot.pixels, plot.face, 60) & ~plot.hidden
    boxes = _outlined(plot, ink)
    if not boxes:
        return None
    colour = _stroke_colour(plot, boxes)
    short = level_strokes(ink, 5)
    whiskers = [(_whisker(ink, box, short, up=True), _whisker(ink, box, short, up=False)) for box in boxes]
    both = [_is_plain(plot, ink, box, *ends) for box, ends in zip(boxes, whiskers, strict=True)]
    medians = [_median(plot, box, _filling(plot, box)) for box in boxes]
    if sum(both) < max(1, 0.5 * len(boxes)) or sum(m is not None for m in medians) < 0.5 * len(boxes):
        return None
    spans = [(up.end, down.end) for up, down in whiskers]
    fliers = read_fliers(plot, ink, [b.middle for b in boxes], spans)
    series = _described(plot, boxes, whiskers, medians, fliers, colour, horizontal=horizontal)
    return series, _without(plot, boxes, whiskers, fliers, (colour, *(m.colour for m in medians if m)))


def _is_plain(plot: Plot, ink: Mask, box: BoxShape, up: Whisker, down: Whisker) -> bool:
    """Whether a box is one: with a whisker each way that nothing accompanies, and a filling of one colour."""
    inner = plot.pixels[int(box.top) + 2 : int(box.bottom) - 1, box.x0 + 3 : box.x1 - 2]
    if not inner.size or near(inner, _filling(plot, box), 12).mean() < _ONE_COLOUR:
        return False
    at = _column(ink, box)
    for first, last in ((up.end, box.top), (box.bottom, down.end)):
        beside = ink[int(first) + 2 : int(last) - 1][:, [max(0, at - 4), min(ink.shape[1] - 1, at + 4)]]
        if last - first <= _SHORT or (len(beside) and beside.mean() > _ACCOMPANIED):
            return False
    return True


def _outlined(plot: Plot, ink: Mask) -> list[BoxShape]:
    """The boxes that any colour, or all ink together, outlines: those that are the widest and the most."""
    colours = [colour for colour, _ in palette(plot.pixels[~plot.hidden], plot.face, 60, 6)]
    found = [_boxes(near(plot.pixels, colour, 60) & ~plot.hidden) for colour in colours]
    return max([*found, _boxes(ink)], key=lambda boxes: sum(b.x1 - b.x0 for b in boxes))


def _stroke_colour(plot: Plot, boxes: list[BoxShape]) -> Colour:
    """The colour of the outlines, from their strongest pixels: thin strokes are blended."""
    samples = [
        plot.pixels[max(0, round(at) - 1) : round(at) + 2, box.x0 + 2 : box.x1 - 1].reshape(-1, 3)
        for box in boxes
        for at in (box.top, box.bottom)
    ]
    pixels = np.concatenate(samples)
    if not len(pixels):
        return plot.face
    away = np.abs(pixels.astype(int) - plot.face).max(axis=1)
    return mode_colour(pixels[away >= np.percentile(away, 75)])


def _boxes(mask: Mask) -> list[BoxShape]:
    """Rectangles of strokes as wide as each other."""
    level = level_strokes(mask, _LEAST)
    found: list[BoxShape] = []
    for index, top in enumerate(level):
        below = [
            s for s in level[index + 1 :] if abs(s.x0 - top.x0) <= _ALIGNED and abs(s.x1 - top.x1) <= _ALIGNED
        ]
        for bottom in sorted(below, key=lambda s: -s.y0):
            if bottom.y0 - top.y1 < _FLATTEST or any(_inside(top, box) for box in found):
                continue
            box = _closed(mask, top, bottom)
            if box is not None:
                found.append(box)
                break
    if not found:
        return []
    # Fliers over each other may look like boxes, but narrower ones.
    widest = max(b.x1 - b.x0 for b in found)
    alike = [b for b in found if widest - (b.x1 - b.x0) <= 0.15 * widest + 2]
    return sorted(alike, key=lambda b: b.x0)


def _inside(stroke: Stroke, box: BoxShape) -> bool:
    return abs(stroke.x0 - box.x0) <= _ALIGNED and box.top - _ALIGNED <= stroke.y0 <= box.bottom + _ALIGNED


def _closed(mask: Mask, top: Stroke, bottom: Stroke) -> BoxShape | None:
    """The box between two strokes whose ends are joined, straight or with a notch."""
    x0, x1 = round((top.x0 + bottom.x0) / 2), round((top.x1 + bottom.x1) / 2)
    rows = mask[top.y1 + 1 : bottom.y0]
    thick = max(2, top.y1 - top.y0 + 1)
    left = np.asarray(rows[:, max(0, x0 - 1) : x0 + thick + 1].any(axis=1))
    right = np.asarray(rows[:, x1 - thick : x1 + 2].any(axis=1))
    ends = (top.y0 + top.y1) / 2, (bottom.y0 + bottom.y1) / 2
    if left.mean() > _JOINED and right.mean() > _JOINED:
        inner = rows[:, x0 + thick + 1 : x1 - thick]
        # A filled rectangle is a bar: a box is hollow in the colour of its outline.
        return BoxShape(x0, x1, *ends, None) if inner.size and inner.mean() < _HOLLOW else None
    corners = (left[:2], left[-2:], right[:2], right[-2:])
    if len(rows) < _NOTCHED or not all(corner.any() for corner in corners):
        return None
    straight = np.logical_and(left, right)
    away = np.where(~straight)[0]
    waist = rows[(away[0] + away[-1]) // 2]
    quarter = round((x1 - x0) / 4)
    if not all(waist[at - 3 : at + 4].any() for at in (x0 + quarter, x1 - quarter)):
        return None
    first = float(top.y1 + 1)
    return BoxShape(x0, x1, *ends, (first + float(away[0]), first + float(away[-1])))


def _column(ink: Mask, box: BoxShape) -> int:
    """The column of the whiskers: strokes are put on whole pixels, so that it may lie off the middle."""
    at = round(box.middle)
    top, bottom = int(box.top), int(np.ceil(box.bottom))
    beside = np.concatenate((ink[max(0, top - 8) : top], ink[bottom + 1 : bottom + 9]))
    near_by = [c for c in (at, at - 1, at + 1, at - 2, at + 2) if 0 <= c < ink.shape[1]]
    return max(near_by, key=lambda c: int(beside[:, c].sum()))


def _whisker(ink: Mask, box: BoxShape, strokes: list[Stroke], *, up: bool) -> Whisker:
    """The stroke that leaves a box in the middle, as far as its cap or as it runs."""
    at = _column(ink, box)
    column = np.asarray(ink[:, max(0, at - 1) : at + 2].any(axis=1))
    line = column[: max(0, int(box.top) - 1)][::-1] if up else column[int(box.bottom) + 2 :]
    gaps = [(a, b) for a, b in runs(~line) if b - a > _DASH]
    length = gaps[0][0] if gaps else len(line)
    while length and not line[length - 1]:
        length -= 1
    edge = box.top if up else box.bottom
    end = edge - length if up else edge + length
    wide = box.x1 - box.x0
    caps = [
        (s.y0 + s.y1) / 2
        for s in strokes
        if abs((s.x0 + s.x1) / 2 - box.middle) <= _OFF_MIDDLE
        and 0.2 * wide < s.x1 - s.x0 < 1.1 * wide
        and (end - 2 <= s.y0 < edge - 1 if up else edge + 1 < s.y0 <= end + 2)
    ]
    if caps:
        return Whisker(max(caps) if up else min(caps), True)
    return Whisker(end if length > 1 else edge, False)


def _filling(plot: Plot, box: BoxShape) -> Colour:
    inner = plot.pixels[int(box.top) + 2 : int(box.bottom) - 1, box.x0 + 3 : box.x1 - 2]
    return mode_colour(inner) if inner.size else plot.face


def _median(plot: Plot, box: BoxShape, filling: Colour) -> Median | None:
    """The most complete level stroke inside a box; a dashed mean is less."""
    wide = box.x1 - box.x0
    trim = round(wide * (0.3 if box.notch else 0.15)) + 2
    first = int(box.top) + 2
    inner = plot.pixels[first : int(np.ceil(box.bottom)) - 1, box.x0 + trim : box.x1 - trim]
    if not inner.size:
        return None
    full = far(inner, filling, 40).mean(axis=1)
    if full.max() < _FULL:
        return None
    stretches = [(a, b) for a, b in runs(np.asarray(full > _FULL)) if b - a <= _THICKEST]
    if not stretches:
        return None
    a, b = max(stretches, key=lambda r: float(full[r[0] : r[1]].mean()) + 0.02 * (r[1] - r[0]))
    colour = mode_colour(inner[(a + b - 1) // 2])
    away = np.abs(inner[max(0, a - 1) : b + 1].astype(int) - filling).max(axis=2).mean(axis=1)
    thickness = float(away.sum() / max(1, np.abs(colour - filling).max()))
    return Median(first + (a + b - 1) / 2, colour, thickness)


def _described(
    plot: Plot,
    boxes: list[BoxShape],
    whiskers: list[tuple[Whisker, Whisker]],
    medians: list[Median | None],
    fliers: Fliers,
    colour: Colour,
    *,
    horizontal: bool,
) -> Boxes:
    def value(row: float) -> float:
        found = plot.at_y(row)
        return float(f"{found:.4g}") if plot.y.log else rounded(found, 0.3 * plot.y.per_pixel)

    def ends(one: float, other: float) -> tuple[float, float]:
        low, high = sorted((value(one), value(other)))
        return low, high

    hinges = [ends(box.top, box.bottom) for box in boxes]
    reaches = [ends(up.end, down.end) for up, down in whiskers]
    faces = [_filling(plot, box) for box in boxes]
    known = [m for m in medians if m is not None]
    thickness = float(np.median([m.thickness for m in known]))
    notches = [ends(*box.notch) for box in boxes if box.notch is not None]
    unit = plot.x.per_pixel
    width = rounded(abs(plot.at_x(boxes[0].x1) - plot.at_x(boxes[0].x0)), 1.2 * unit)
    return Boxes(
        colour=hex_of(colour),
        positions=tuple(rounded(plot.at_x(box.middle), 2.0 * unit) for box in boxes),
        width=width,
        q1=tuple(low for low, _ in hinges),
        q3=tuple(high for _, high in hinges),
        medians=tuple(
            value(m.row) if m is not None else low for m, (low, _) in zip(medians, hinges, strict=True)
        ),
        lows=tuple(low for low, _ in reaches),
        highs=tuple(high for _, high in reaches),
        notches=tuple(notches) if len(notches) == len(boxes) else (),
        fliers=tuple(tuple(sorted(value(row) for row in rows)) for rows in fliers.rows),
        faces=tuple(None if np.abs(f - plot.face).max() < _UNFILLED else hex_of(f) for f in faces),
        median_colour=hex_of(mode_colour(np.array([m.colour for m in known], np.uint8))),
        median_width=_line_width(thickness, plot),
        line_width=_line_width(_thickness(plot, boxes, colour), plot),
        caps=any(up.capped or down.capped for up, down in whiskers),
        horizontal=horizontal,
        marker=fliers.marker,
        marker_size=fliers.size,
        marker_colour=fliers.colour,
        marker_face=fliers.face,
    )


def _line_width(pixels: float, plot: Plot) -> float:
    """Matplotlib's default of one point covers one pixel, or two in part."""
    return 1.0 if pixels <= _THIN else round(pixels * plot.points * 2) / 2


def _thickness(plot: Plot, boxes: list[BoxShape], colour: Colour) -> float:
    """Pixels that a whisker covers across, blended ones in part."""
    depth = max(1, int(np.abs(colour - plot.face).max()))
    found = []
    for box in boxes:
        at = round(box.middle)
        row = int(box.top) - 3
        if row > 0:
            across = plot.pixels[row, max(0, at - 5) : at + 6].astype(int)
            found.append(float(np.abs(across - plot.face).max(axis=1).sum()) / depth)
    return float(np.median(found)) if found else 1.0


def _without(
    plot: Plot,
    boxes: list[BoxShape],
    whiskers: list[tuple[Whisker, Whisker]],
    fliers: Fliers,
    colours: tuple[Colour, ...],
) -> Plot:
    """The area with the box plot painted over, but for what is drawn in colours of its own (a mean, say)."""
    region = np.zeros(plot.pixels.shape[:2], np.uint8)
    for box, (up, down) in zip(boxes, whiskers, strict=True):
        cv2.rectangle(region, (box.x0 - 2, int(box.top) - 2), (box.x1 + 2, int(box.bottom) + 3), 1, -1)
        half = max(3, round((box.x1 - box.x0) / 2))
        at = round(box.middle)
        cv2.rectangle(region, (at - 3, int(up.end) - 2), (at + 3, int(down.end) + 3), 1, -1)
        for end in (int(up.end), int(down.end)):
            cv2.rectangle(region, (at - half - 1, end - 2), (at + half + 1, end + 3), 1, -1)
    own = region.astype(bool)
    vivid = plot.pixels.max(axis=2).astype(int) - plot.pixels.min(axis=2) > _VIVID
    for colour in (*colours, *(_filling(plot, box) for box in boxes)):
        vivid &= far(plot.pixels, colour, 50)
    kept = vivid & cv2.morphologyEx(vivid.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).astype(
        bool
    )
    pixels = plot.pixels.copy()
    pixels[fliers.mask | (own & ~kept)] = plot.face
    return replace(plot, pixels=pixels)
