"""Text lines of a render that mostly repeats its reference: only what changed is read again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import far, mode_colour
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_SAME = 6
"""So many differing pixels leave a line's text as it was."""
_MARGIN = 14
_ONE_LINE = 26
"""Pixels: a higher box is of slanted text or of several lines; a line of 14 pt is 23 high."""
_READABLE = 0.5
"""Score (0..1) of OCR below which what now stands in a line's place is not taken for words."""
_GREY = 60
"""Levels (0..255) between a pixel's channels up to which it is grey, as text is: blending
adds hue at its edges."""
_LOW, _LARGE = 5, 30
"""Pixels: the least height of a letter of small print, and the largest height and width of a title's."""
_SPECK = 6
"""Pixels of a part below which it is blending, no letter."""
_LEAST_MARKS = 2
"""Marks of a letter's size from which an area may hold text: one alone is a marker as well."""
_LEAST_CHANGE = 8
"""Differing pixels below which a change is no word: a full stop of 10 pt covers 4."""


def lines_of_render(
    reference: Image, render: Image, different: NDArray[np.bool_], reader: Reader
) -> tuple[TextLine, ...]:
    """The render's text lines: the reference's where its pixels are the same, else read.

    Args:
        reference: The picture that was read before.
        render: Of the same size.
        different: Pixels that differ by more than anti-aliasing.
        reader: Remembers both readings.
    """

    def read(pixels: Image) -> tuple[TextLine, ...]:
        found, fresh = [], different.copy()
        for line in reader.lines(reference):
            if _count(different, line.box) <= _SAME:
                _clear(fresh, line.box, 1)
                found.append(line)
            elif _reaches_out(different, line.box):
                # The text grew or moved: its old box would cut it, so the whole area is searched.
                _mark(fresh, line.box)
            else:
                _clear(fresh, line.box, 5)
                again = _read_there(pixels, line, reader)
                found += [again] if again is not None else []
        for area in _areas(fresh):
            if _holds_text(pixels, area):
                found += _read_area(pixels, area, found, reader)
        return tuple(found)

    return reader.remember("text", render, read)


def _reaches_out(different: NDArray[np.bool_], box: Box) -> bool:
    """Whether the change goes on beside a text's box, on its own rows."""
    high = int(box.y1) - int(box.y0)
    left = Box(box.x0 - 2 * high, box.y0, box.x0 - 4, box.y1)
    right = Box(box.x1 + 4, box.y0, box.x1 + 2 * high, box.y1)
    return any(_count(different, side) > _SAME for side in (left, right) if side.x1 > 0)


def _read_there(image: Image, line: TextLine, reader: Reader) -> TextLine | None:
    """The line that now stands where one stood before; None where there is none."""
    b = line.box
    tall = b.height > 1.6 * b.width
    slanted = b.height > _ONE_LINE
    if tall or slanted:
        return None
    x0, y0 = max(0, int(b.x0) - 4), max(0, int(b.y0) - 3)
    crop = np.ascontiguousarray(image[y0 : int(b.y1) + 4, x0 : int(b.x1) + 5])
    read = reader.text.word(crop, scale=2.0)
    if read is None or read.score < _READABLE:
        return None
    return TextLine(text=read.text, score=read.score, box=b)


def _holds_text(image: Image, area: Box) -> bool:
    """Whether an area has several small grey marks of a letter's size in a row."""
    region = image[int(area.y0) : int(area.y1), int(area.x0) : int(area.x1)]
    back = mode_colour(region)
    channels = region.astype(np.int16)
    grey = (channels.max(axis=2) - channels.min(axis=2)) < _GREY
    mask = far(region, back, 80) & grey
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    small = [
        s
        for s in stats[1:count].tolist()
        if _LOW <= s[3] <= _LARGE and 1 <= s[2] <= _LARGE and s[4] >= _SPECK
    ]
    return len(small) >= _LEAST_MARKS


def _count(mask: NDArray[np.bool_], box: Box) -> int:
    return int(mask[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1].sum())


def _mark(mask: NDArray[np.bool_], box: Box) -> None:
    mask[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = True


def _clear(mask: NDArray[np.bool_], box: Box, by: int) -> None:
    mask[max(0, int(box.y0) - by) : int(box.y1) + by + 1, max(0, int(box.x0) - by) : int(box.x1) + by + 1] = (
        False
    )


def _areas(mask: NDArray[np.bool_]) -> list[Box]:
    """Boxes of what differs, near places joined, with room for whole lines."""
    if mask.sum() < _LEAST_CHANGE:
        return []
    joined = cv2.dilate(mask.astype(np.uint8), np.ones((13, 41), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    height, width = mask.shape
    boxes = []
    for index in range(1, count):
        if (mask & (labels == index)).sum() < _LEAST_CHANGE:
            continue
        x, y, w, h, _ = (int(v) for v in stats[index])
        boxes.append(
            Box(
                max(0, x - _MARGIN),
                max(0, y - _MARGIN),
                min(width, x + w + _MARGIN),
                min(height, y + h + _MARGIN),
            )
        )
    return boxes


def _read_area(image: Image, area: Box, kept: list[TextLine], reader: Reader) -> list[TextLine]:
    x0, y0, x1, y1 = (int(v) for v in area)
    found = []
    for line in reader.text.lines(np.ascontiguousarray(image[y0:y1, x0:x1])):
        box = Box(line.box.x0 + x0, line.box.y0 + y0, line.box.x1 + x0, line.box.y1 + y0)
        cx, cy = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        if not any(k.box.x0 <= cx <= k.box.x1 and k.box.y0 <= cy <= k.box.y1 for k in kept):
            found.append(line.model_copy(update={"box": box}))
    return found
