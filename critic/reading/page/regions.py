"""Where to look for each line's ink: OCR's boxes, kept apart and on the box that they stand on."""

from __future__ import annotations

import numpy as np

from critic.reading.ocr import TextLine
from critic.reading.page.colours import distance
from critic.reading.page.fit import fits
from critic.reading.page.ink import find_ink, ground_of
from critic.reading.page.types import Shape
from critic.types import Box
from renderers.types import Image

_ONE_ROW = 0.65
"""Part of the lower line's height that a line beside it shares, be it larger or smaller."""

_BLANK = 4.0
"""Mean distance from the ground up to which a column counts as blank."""

_ON_A_PLATE = 0.5
"""Part of a line's width and height that a plate under it covers at least: OCR's boxes reach over badges."""

_CLEARLY = 0.03
"""Agreement by which another cut must be better than the blank column that is nearest to the middle."""

_ACROSS, _DOWN = 3, 1
"""Margins: OCR's boxes may cut a letter."""


def regions(image: Image, seen: tuple[TextLine, ...], shapes: tuple[Shape, ...]) -> list[Box]:
    """A box in whole pixels for each line."""
    height, width = image.shape[:2]
    found = []
    for line in seen:
        x0, y0, x1, y1 = line.box
        box = Box(
            max(0, int(x0) - _ACROSS),
            max(0, int(y0) - _DOWN),
            min(width, int(np.ceil(x1)) + _ACROSS),
            min(height, int(np.ceil(y1)) + _DOWN),
        )
        found.append(_apart(_on_its_box(box, shapes), line, seen, image))
    return found


def _apart(box: Box, line: TextLine, seen: tuple[TextLine, ...], image: Image) -> Box:
    """The box without what another line on the same row claims."""
    own = line.box
    for other in seen:
        lower = min(own.height, other.box.height)
        if other is line or min(own.y1, other.box.y1) - max(own.y0, other.box.y0) < _ONE_ROW * lower:
            continue
        if own.x0 < other.box.x0 and own.x1 < other.box.x1 and other.box.x0 < box.x1:
            cut = _between(image, line, other)
            box = box._replace(x1=float(int(max(cut, own.x0 + 4))))
        elif other.box.x0 < own.x0 and other.box.x1 < own.x1 and other.box.x1 > box.x0:
            cut = _between(image, other, line)
            box = box._replace(x0=float(int(min(cut, own.x1 - 4))))
    return box


def _between(image: Image, first: TextLine, second: TextLine) -> float:
    """Where to cut between two lines on one row: halfway; where boxes overlap, where both agree with it.

    Letters of unlike sizes may leave no blank column between them.
    """
    left, right = first.box, second.box
    middle = (left.x1 + right.x0) / 2
    if left.x1 <= right.x0:
        return middle
    y0, y1 = int(min(left.y0, right.y0)), int(np.ceil(max(left.y1, right.y1)))
    reach = max(left.x1 - right.x0, 0.25 * min(left.height, right.height))
    x0, x1 = max(0, int(middle - reach)), int(np.ceil(middle + reach)) + 1
    rows = image[max(0, y0) : y1]
    pixels, whole = rows[:, x0:x1], rows[:, max(0, int(left.x0)) : int(np.ceil(right.x1))]
    if pixels.size == 0 or whole.size == 0:
        return middle
    ink = distance(pixels, ground_of(whole)).astype(np.float32).sum(axis=0)
    blank = np.flatnonzero(ink <= ink.min() + _BLANK * (y1 - y0))
    nearest = float(x0 + blank[np.abs(blank + x0 - middle).argmin()])
    valleys = x0 + 1.0 + np.flatnonzero((ink[1:-1] < ink[:-2]) & (ink[1:-1] <= ink[2:]))
    tried = [nearest, *(float(valley) for valley in valleys if abs(valley - nearest) > 1)]
    if len(tried) == 1:
        return nearest
    agreed = [_agreement(image, first, second, cut) for cut in tried]
    best = int(np.argmax(agreed))
    return tried[best] if agreed[best] > agreed[0] + _CLEARLY else nearest


def _agreement(image: Image, first: TextLine, second: TextLine, cut: float) -> float:
    """How well two texts agree with the ink on either side of a cut."""
    total = 0.0
    for line, side in ((first, first.box._replace(x1=cut)), (second, second.box._replace(x0=cut))):
        text = line.text.strip()
        inked = (
            find_ink(image, side.grown(float(_DOWN))._replace(x0=side.x0, x1=side.x1), len(text))
            if text
            else None
        )
        total += fits(text, inked)[0].score if inked is not None else -1.0
    return total / 2


def _on_its_box(text: Box, shapes: tuple[Shape, ...]) -> Box:
    """The region cut to the smallest box that its middle lies on, if most of its width and height does."""
    x, y = (text.x0 + text.x1) / 2, (text.y0 + text.y1) / 2
    for shape in reversed(shapes):
        top, right, bottom, left = (edge.width if edge else 0 for edge in shape.border)
        inner = Box(shape.box.x0 + left, shape.box.y0 + top, shape.box.x1 - right, shape.box.y1 - bottom)
        if inner.x0 < x < inner.x1 and inner.y0 < y < inner.y1:
            cut = Box(
                max(text.x0, inner.x0), max(text.y0, inner.y0), min(text.x1, inner.x1), min(text.y1, inner.y1)
            )
            kept = min(cut.width / text.width, cut.height / text.height)
            return cut if kept > _ON_A_PLATE else text
    return text
