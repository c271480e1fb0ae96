"""How many pixels of a picture make one at the working resolution, measured from its letters and lines.

Readers work at the resolution that charts have at 100 dots per inch and pages on an ordinary screen, where
text is 8 to 16 pixels high and hairlines are one pixel wide. A picture of a finer screen, a chart of more
dots per inch, or a picture that was enlarged shows everything larger alike: letters, and lines with them.
Large letters beside lines of one pixel are just large letters.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.enlarged import Enlargement, enlargement
from renderers.types import Image

_Numbers = NDArray[np.int64]

_STROKE = 25
"""Pixels; what is thinner than this is a stroke. Letters of body text at 3x have strokes of 8."""

_INK = 60
"""Levels by which a letter's stroke differs from what is around it; pale grey text on white has 90."""

_LEAST_LETTER, _MOST_LETTER = 5, 60
"""Heights of letters in pixels: 7 pt at 72 dpi, and a heading at 3x."""

_BLOCK = 0.8
"""Share of its width that the largest square in a letter has at most: bold ones have up to 0.75. Bodies of
candlesticks, which strokes make other than full rectangles, have more."""

_ABOUT = 0.25
"""Share of its height to which it is looked at what is around a letter: within the space between lines."""

_NARROW = 0.8
"""Width over height that figures have at most: those of DejaVu and Liberation have 0.47 to 0.76, 0.84 where
they are bold. Markers are about as wide as they are high."""

_EQUAL, _ENDED = 0.9, 0.1
"""Figures at ticks are equally high up to what edges between pixels leave, one pixel in eleven, and end on
one line up to so large a share of their height."""

_FEW_LETTERS = 8
"""With fewer the height of text is not known; a chart with nothing but two rows of ticks has more, most icons
have fewer."""

_MOST_COMPARED = 1200
"""Letters that are compared with one another, so that a page of small print takes no longer."""

_CAPITALS = 0.75
"""The share of letters that are no higher than capitals and figures: a quarter of all letters in running
text are capitals, figures or have ascenders."""

_LINE = 40
"""Pixels that a straight line is long at least; no stroke of a letter at 3x is."""

_STEP = 20
"""Levels by which a line or the edge of a fill differs from what is beside it."""

_DASHES, _PERIOD, _EVEN = 12, 20, 0.8
"""So many dashes or dots at least, so many pixels from one to the next at most, so large a share of which are
equally far from the next one to a pixel, make a broken line. Those of grids are 3 to 16 pixels apart at 1x
and 2x; strokes of letters along a line of text are not spaced evenly."""

_SMALL, _LARGE, _WEB, _DOUBLE, _TRIPLE, _HUGE = 13.0, 15.0, 17.0, 19.5, 28.5, 44.0
"""Heights of capitals in pixels: from the first they may be small ones of charts at 2x (Vega's have 14), if
all lines say so; from the next those of 1.5x, of charts for the web at 2x (those of Plotly and ECharts have
17 to 19, at 150 dpi 15 and 16), of 2x and of 3x; beyond the last they are no body text at all. On 60
ordinary pictures they are 6 to 14 (17 on a page with large type), on charts at 150, 200 and 300 dpi 15 to 19,
20 to 21 and 31 to 34, on pages and tables at 1.5x, 2x and 3x 17 to 18, 22 to 25 and 32 to 36."""

_ALIGNED = 0.9
_MANY_EDGES = 4
"""So many edges, so large a share of which lie on a coarser grid of pixels, were drawn on it."""

_MANY_LINES = 4
"""So many lines of two pixels, and none of one, were drawn so: grids at 2x have 7 and more."""


class Ruler(NamedTuple):
    """The scale of a picture, and what says so.

    Attributes:
        scale: Pixels of the picture in one at the working resolution.
        capitals: Height of capitals and figures in pixels of the picture; 0 where there is too little text.
        hairlines: Straight lines that are one pixel wide.
        enlargement: How the picture was enlarged from one at the working resolution, if it was.
    """

    scale: float
    capitals: float = 0.0
    hairlines: int = 0
    enlargement: Enlargement | None = None


class _Lines(NamedTuple):
    """Straight lines and edges along the axes.

    Attributes:
        hairlines: Lines of one pixel.
        double: Lines of two pixels.
        edges: Where colours change along a straight edge, in rows and in columns.
    """

    hairlines: int
    double: int
    edges: _Numbers


def ruler_of(image: Image) -> Ruler:
    """The scale of a picture: 1, 1.5, 2 or 3; 1 where it is not clear.

    Args:
        image: RGB pixels.
    """
    capitals = capitals_of(image)
    if not _SMALL <= capitals < _HUGE:
        return Ruler(1.0, capitals)
    for factor in (3, 2):
        found = enlargement(image, factor) if capitals / factor >= _LEAST_LETTER else None
        if found is not None:
            return Ruler(float(factor), capitals, enlargement=found)
    lines = _lines(image)
    return Ruler(_scale(image, capitals, lines), capitals, lines.hairlines)


def _scale(image: Image, capitals: float, lines: _Lines) -> float:
    """The scale that letters, lines and the picture's size agree on."""
    height, width = image.shape[:2]
    thirds, halves = width % 3 == 0 and height % 3 == 0, width % 2 == 0 and height % 2 == 0
    only_double = lines.double > 1 and not lines.hairlines
    if capitals >= _TRIPLE:
        return 3.0 if not lines.hairlines and (thirds or not lines.double) else 1.0
    on_pairs = len(lines.edges) >= _MANY_EDGES and bool((lines.edges % 2 == 0).mean() >= _ALIGNED)
    if capitals < _LARGE:
        return 2.0 if only_double and halves and on_pairs else 1.0
    of_web = capitals >= _WEB and only_double and lines.double >= _MANY_LINES and not thirds
    if not lines.hairlines and halves and (capitals >= _DOUBLE or on_pairs or of_web):
        return 2.0
    if capitals < _DOUBLE and (thirds or only_double):
        return 1.5
    return 1.0


def capitals_of(image: Image) -> float:
    """The height of capitals and figures in pixels; 0 where there is too little text to know."""
    boxes = _letters(image)
    if len(boxes) < _FEW_LETTERS:
        return 0.0
    boxes = boxes[:: 1 + len(boxes) // _MOST_COMPARED]
    heights = boxes[_in_rows(boxes), 3]
    return float(np.quantile(heights, _CAPITALS)) if len(heights) >= _FEW_LETTERS else 0.0


def _letters(image: Image) -> _Numbers:
    """Left, top, width and height of all that has the size and the shape of a letter, dark or light."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    around = np.ones((_STROKE, _STROKE), np.uint8)
    found = [np.empty((0, 4), np.int64)]
    for way in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):
        ink = (cv2.morphologyEx(grey, way, around) > _INK).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        width, height, area = stats[1:, 2], stats[1:, 3], stats[1:, 4]
        letter = (height >= _LEAST_LETTER) & (height <= _MOST_LETTER) & (width > 1) & (width <= 2 * height)
        letter &= area < 0.8 * width * height  # a full rectangle is a mark or a bit of a line
        letter &= _squares(ink, np.asarray(labels, dtype=np.int64), count)[1:] < _BLOCK * width
        boxes = stats[1:][letter, :4].astype(np.int64)
        found.append(boxes[_on_ground(grey if way == cv2.MORPH_BLACKHAT else cv2.bitwise_not(grey), boxes)])
    return np.concatenate(found)


def _on_ground(grey: NDArray[Any], boxes: _Numbers) -> NDArray[np.bool_]:
    """Which dark letters have more ground than ink in and about their boxes.

    What is between strokes, such as the ground that a grid or the letters of a word leave, has the same on
    the far side of them.
    """
    kept = np.zeros(len(boxes), np.bool_)
    for index, (left, top, width, height) in enumerate(boxes.tolist()):
        away = max(1, round(_ABOUT * height))
        about = grey[max(0, top - away) : top + height + away, max(0, left - away) : left + width + away]
        ink = grey[top : top + height, left : left + width].min()
        kept[index] = np.median(about) - ink > _INK
    return kept


def _squares(ink: NDArray[np.uint8], labels: NDArray[np.integer[Any]], count: int) -> _Numbers:
    """Pixels across the largest square within each component."""
    away = np.zeros(count, np.int64)
    inked = ink > 0
    depths = cv2.distanceTransform(ink, cv2.DIST_C, 3)[inked]
    np.maximum.at(away, labels[inked], depths.astype(np.int64))
    return 2 * away - 1


def _in_rows(boxes: _Numbers) -> NDArray[np.bool_]:
    """Which letters have another beside them, about as high and not far away, or are figures at ticks.

    Figures of ticks stand alone: on one line along an axis, or one below another, ending at the same place.
    """
    left, top, width, height = (boxes[:, i].astype(np.float32) for i in range(4))
    middle, right, bottom = left + width / 2, left + width, top + height
    taller = np.maximum(height[:, None], height)
    shorter = np.minimum(height[:, None], height)
    level = np.minimum(np.abs(bottom[:, None] - bottom), np.abs(top[:, None] - top)) <= 0.25 * taller
    in_words = level & (shorter >= 0.6 * taller) & (np.abs(middle[:, None] - middle) <= 2 * taller)
    ended = np.abs(right[:, None] - right) <= _ENDED * taller
    even = level & (np.abs(bottom[:, None] - bottom) <= _ENDED * taller)
    figure = width <= _NARROW * height
    at_ticks = (ended | even) & (shorter >= _EQUAL * taller) & figure & figure[:, None]
    beside = in_words | at_ticks
    np.fill_diagonal(beside, False)
    return np.asarray(beside.sum(axis=1) >= 1)


def _lines(image: Image) -> _Lines:
    """The straight lines of a picture across and down.

    Broken ones that look one pixel wide are not counted: the ends of round dots of wider ones do as well.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.int16)
    hairlines = double = 0
    edges: list[_Numbers] = []
    for view in (grey, grey.T):
        hairlines += len(_long(_of_width(view, 1)))
        pairs = _of_width(view, 2)
        double += len(np.union1d(_long(pairs), _broken(pairs)))
        changes = np.abs(np.diff(view, axis=0)) > _STEP
        edges.append(np.union1d(_long(changes), _broken(changes)) + 1)
    return _Lines(hairlines, double, np.concatenate(edges))


def _of_width(view: NDArray[np.int16], width: int) -> NDArray[np.bool_]:
    """Where lines across may be so wide: the same on both sides, and whole, not half covered."""
    above, first, last, below = view[: -width - 1], view[1:-width], view[width:-1], view[width + 1 :]
    same = (np.abs(above - below) <= _STEP // 2) & (np.abs(first - last) <= _STEP // 2)
    return np.asarray(same & (np.abs(first - above) > _STEP))


def _long(where: NDArray[np.bool_]) -> _Numbers:
    """Rows in which a run of such pixels is as long as a line."""
    run = np.ones((1, _LINE), np.uint8)
    whole = cv2.morphologyEx(np.ascontiguousarray(where, dtype=np.uint8), cv2.MORPH_OPEN, run)
    return np.asarray(np.flatnonzero(whole.any(axis=1)), dtype=np.int64)


def _broken(where: NDArray[np.bool_]) -> _Numbers:
    """Rows in which such pixels are dashes or dots of one line, evenly spaced."""
    starts = where[:, 1:] & ~where[:, :-1]
    found = []
    for row in np.flatnonzero(starts.sum(axis=1) >= _DASHES).tolist():
        steps = np.diff(np.flatnonzero(starts[row]))
        step = float(np.median(steps))
        if step <= _PERIOD and (np.abs(steps - step) <= 1).mean() >= _EVEN:
            found.append(row)
    return np.array(found, np.int64)
