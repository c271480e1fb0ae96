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

_FEW_LETTERS = 12
"""With fewer the height of text is not known; a table of two by two cells has more, most icons have fewer."""

_MOST_COMPARED = 1200
"""Letters that are compared with one another, so that a page of small print takes no longer."""

_CAPITALS = 0.75
"""The share of letters that are no higher than capitals and figures: a quarter of all letters in running
text are capitals, figures or have ascenders."""

_LINE = 40
"""Pixels that a straight line is long at least; no stroke of a letter at 3x is."""

_STEP = 20
"""Levels by which a line or the edge of a fill differs from what is beside it."""

_LARGE, _DOUBLE, _TRIPLE, _HUGE = 15.0, 19.5, 28.5, 44.0
"""Heights of capitals in pixels from which they may be those of 1.5x, 2x and 3x, and beyond which they are
no body text at all. On 60 ordinary pictures they are 6 to 14 (17 on a page with large type), on charts at
150, 200 and 300 dpi 16 to 19, 21 and 32, on pages and tables at 1.5x, 2x and 3x 17 to 18, 22 to 25 and 32
to 36."""

_ALIGNED = 0.9
_MANY_EDGES = 4
"""So many edges, so large a share of which lie on a coarser grid of pixels, were drawn on it."""


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
    if not _LARGE <= capitals < _HUGE:
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
    if not lines.hairlines and halves and (capitals >= _DOUBLE or on_pairs):
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
        found.append(stats[1:][letter, :4].astype(np.int64))
    return np.concatenate(found)


def _squares(ink: NDArray[np.uint8], labels: NDArray[np.integer[Any]], count: int) -> _Numbers:
    """Pixels across the largest square within each component."""
    away = np.zeros(count, np.int64)
    inked = ink > 0
    depths = cv2.distanceTransform(ink, cv2.DIST_C, 3)[inked]
    np.maximum.at(away, labels[inked], depths.astype(np.int64))
    return 2 * away - 1


def _in_rows(boxes: _Numbers) -> NDArray[np.bool_]:
    """Which letters have another beside them: about as high, on the same row, not far away."""
    left, top, width, height = (boxes[:, i].astype(np.float32) for i in range(4))
    middle, bottom = left + width / 2, top + height
    taller = np.maximum(height[:, None], height)
    level = np.minimum(np.abs(bottom[:, None] - bottom), np.abs(top[:, None] - top)) <= 0.25 * taller
    alike = np.minimum(height[:, None], height) >= 0.6 * taller
    near = np.abs(middle[:, None] - middle) <= 2 * taller
    np.fill_diagonal(near, False)
    return np.asarray((level & alike & near).sum(axis=1) >= 1)


def _lines(image: Image) -> _Lines:
    """The straight lines of a picture across and down."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.int16)
    hairlines = double = 0
    edges: list[int] = []
    for view in (grey, grey.T):
        hairlines += _of_width(view, 1)
        double += _of_width(view, 2)
        edges += (_long(np.abs(np.diff(view, axis=0)) > _STEP) + 1).tolist()
    return _Lines(hairlines, double, np.array(edges, np.int64))


def _of_width(view: NDArray[np.int16], width: int) -> int:
    """How many lines across are so wide: the same on both sides, and whole, not half covered."""
    if view.shape[0] < width + 2:
        return 0
    above, first, last, below = view[: -width - 1], view[1:-width], view[width:-1], view[width + 1 :]
    same = (np.abs(above - below) <= _STEP // 2) & (np.abs(first - last) <= _STEP // 2)
    return len(_long(same & (np.abs(first - above) > _STEP)))


def _long(where: NDArray[np.bool_]) -> _Numbers:
    """Rows in which a run of such pixels is as long as a line."""
    run = np.ones((1, _LINE), np.uint8)
    whole = cv2.morphologyEx(np.ascontiguousarray(where, dtype=np.uint8), cv2.MORPH_OPEN, run)
    return np.asarray(np.flatnonzero(whole.any(axis=1)), dtype=np.int64)
