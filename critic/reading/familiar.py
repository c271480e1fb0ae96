"""The text of a picture that is nearly one read before: OCR looks only at the lines that changed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.glyphs import glyph_difference
from critic.reading.ocr import TextLine, TextReader
from critic.types import Box
from renderers.types import Image

_SAME = 0.1
"""Difference of letters up to which two lines in one face say the same."""

_MOST_CHANGED, _FEW = 0.1, 2
"""Part of the lines, or number, that is read again one by one; where more changed, lines have moved."""
_REACH = 5
_SHADE = 40
_THIN = 3
_SPECK = 12
_SCALE = 2.0


def familiar_lines(
    image: Image, known: Image, lines: tuple[TextLine, ...], text: TextReader
) -> tuple[TextLine, ...] | None:
    """The text lines of a picture, by comparison with another one's.

    Args:
        image: The picture.
        known: A picture of the same size that has been read.
        lines: Its text lines.
        text: Reads the lines that look different.

    Returns:
        The lines; None where the pictures are too different, so that all must be read.
    """
    if image.shape != known.shape or not lines or _differs_beside(image, known, lines):
        return None
    found: list[TextLine | None] = []
    changed: list[tuple[int, Box]] = []
    for index, line in enumerate(lines):
        around = _grown(line.box, image)
        found.append(_moved(image, known, line, around))
        if found[-1] is None:
            changed.append((index, around))
    if len(changed) > max(_FEW, _MOST_CHANGED * len(lines)):
        return None
    for index, around in changed:
        found[index] = _read(image, around, text)
    return tuple(line for line in found if line is not None)


def _grown(box: Box, image: Image) -> Box:
    height, width = image.shape[:2]
    return Box(
        max(0, int(box.x0) - _REACH),
        max(0, int(box.y0) - _REACH),
        min(width, int(np.ceil(box.x1)) + _REACH),
        min(height, int(np.ceil(box.y1)) + _REACH),
    )


def _differs_beside(image: Image, known: Image, lines: tuple[TextLine, ...]) -> bool:
    """Whether there is more than shifted rules where no line of text was."""
    apart = (np.abs(image.astype(np.int16) - known).max(axis=2) > _SHADE).astype(np.uint8)
    for line in lines:
        x0, y0, x1, y1 = (int(value) for value in _grown(line.box, image))
        apart[y0:y1, x0:x1] = 0
    count, _, stats, _ = cv2.connectedComponentsWithStats(apart, connectivity=8)
    return any(min(w, h) > _THIN and area >= _SPECK for _, _, w, h, area in stats[1:count].tolist())


def _moved(image: Image, known: Image, line: TextLine, around: Box) -> TextLine | None:
    """The line at its place in the picture; None where its letters are other ones."""
    x0, y0, x1, y1 = (int(value) for value in around)
    if np.array_equal(image[y0:y1, x0:x1], known[y0:y1, x0:x1]):
        return line
    before, after = _ink(known, line.box), _ink(image, line.box)
    if before is None or after is None or glyph_difference(known, before, image, after) > _SAME:
        return None
    across, down = after.x0 - before.x0, after.y0 - before.y0
    box = line.box
    moved = Box(box.x0 + across, box.y0 + down, box.x1 + across, box.y1 + down)
    return line.model_copy(update={"box": moved})


def _ink(image: Image, box: Box) -> Box | None:
    """The bounds of the letters in and around a box; what reaches in from outside is left out."""
    x0, y0, x1, y1 = (int(value) for value in _grown(box, image))
    crop = image[y0:y1, x0:x1]
    marks = _marks(crop)
    count, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    height, width = marks.shape
    own = [
        (x, y, x + w, y + h)
        for x, y, w, h, _ in stats[1:count].tolist()
        if _REACH - 1 <= x + w / 2 <= width - _REACH + 1
        and _REACH - 1 <= y + h / 2 <= height - _REACH + 1
        and not (w >= 0.95 * width or h >= 0.95 * height)
    ]
    if not own:
        return None
    left, top, right, bottom = np.array(own).T
    return Box(x0 + left.min(), y0 + top.min(), x0 + right.max(), y0 + bottom.max())


def _marks(crop: Image) -> NDArray[np.uint8]:
    """Pixels unlike the commonest shade."""
    shades, counts = np.unique(crop.reshape(-1, 3) // 8, axis=0, return_counts=True)
    ground = shades[counts.argmax()].astype(np.int16) * 8 + 4
    return np.asarray(np.abs(crop - ground).max(axis=2) > _SHADE, dtype=np.uint8)


def _read(image: Image, around: Box, text: TextReader) -> TextLine | None:
    """The line as OCR reads it alone; None where nothing is left of it."""
    ink = _ink(image, around)
    if ink is None:
        return None
    x0, y0, x1, y1 = (int(value) for value in _grown(ink, image))
    seen = text.word(np.ascontiguousarray(image[y0:y1, x0:x1]), _SCALE)
    return seen.model_copy(update={"box": Box(x0 + 2, y0 + 2, x1 - 2, y1 - 2)}) if seen else None
