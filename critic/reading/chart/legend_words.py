"""Words of a legend that the picture-wide reading missed: beside handles like those that have words."""

from __future__ import annotations

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, far
from critic.reading.chart.description import Text
from critic.reading.chart.frames import runs
from critic.reading.chart.open_legends import Key, key_of
from critic.reading.chart.words import text_of
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_COLOURED = 24
"""Levels between channels from which a pixel is of a coloured handle."""
_ALIKE = 2
"""Working pixels by which handles of one legend differ, and stand off one row or column: blended rims."""
_LONGEST, _NEAREST, _PARTED, _TALL = 14.0, 1.5, 0.7, 0.8
"""Font sizes: that a word may reach behind its handle; within which it begins; without ink that end it; and
that it reaches up and down from the handle's middle."""
_MARGIN = 4
"""Pixels around a word that OCR is shown."""
_MOST = 12
"""Words read, as each costs a run of OCR."""
_SURE = 0.55
"""Score (0..1) of OCR from which a word is one."""


def missed_words(
    image: Image, texts: list[Text], background: Colour, reader: Reader, dpi: float
) -> list[Text]:
    """The words beside handles that stand in a row or column with one that has a text.

    Args:
        image: RGB pixels, without what axes hold.
        texts: The texts outside of axes that were read.
        background: The colour around the drawing.
        reader: The readings of the run.
        dpi: Dots per inch.
    """
    keys = [key for text in texts if (key := key_of(image, text, texts, background, dpi)) is not None]
    if not keys:
        return []
    ink = (np.ptp(image.astype(int), axis=2) > _COLOURED) & far(image, background, _COLOURED)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    handles = [Box(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats[1:count]]
    own = {i: key for key in keys for i, handle in enumerate(handles) if _is_of(handle, key)}
    found: list[Text] = []
    for i, handle in enumerate(handles):
        mates = [key for k, key in own.items() if _alike(handles[k], handle)]
        if i in own or not mates or len(found) >= _MOST:
            continue
        others = [h.x0 for h in handles if h.x0 > handle.x1 and _level(h, handle)]
        text = _word(
            image, handle, min(others, default=float(image.shape[1])), mates[0], background, reader, dpi
        )
        found += [text] if text is not None else []
    return found


def _is_of(handle: Box, key: Key) -> bool:
    """Whether a patch of ink is the handle of a text."""
    middle = (key.text.box.y0 + key.text.box.y1) / 2
    within = key.start - _ALIKE <= handle.x0 and handle.x1 <= key.end + _ALIKE
    return within and handle.y0 <= middle <= handle.y1


def _level(one: Box, other: Box) -> bool:
    return abs(one.y0 - other.y0) <= _ALIKE and abs(one.y1 - other.y1) <= _ALIKE


def _alike(one: Box, other: Box) -> bool:
    """Whether two handles are equally large, and in one row or column."""
    same = abs(one.width - other.width) <= _ALIKE and abs(one.height - other.height) <= _ALIKE
    return same and (_level(one, other) or abs(one.x0 - other.x0) <= _ALIKE)


def _word(
    image: Image, handle: Box, until: float, mate: Key, background: Colour, reader: Reader, dpi: float
) -> Text | None:
    """The word behind a handle, as its mate has one."""
    em = mate.text.size * dpi / 72
    x0, x1 = int(handle.x1) + 1, int(min(until - 1, handle.x1 + _LONGEST * em))
    middle = (handle.y0 + handle.y1) / 2
    y0, y1 = max(0, round(middle - _TALL * em)), round(middle + _TALL * em)
    columns = runs(np.asarray(far(image[y0:y1, x0:x1], background, 60).any(axis=0))) if x1 > x0 else []
    if not columns or columns[0][0] > _NEAREST * em:
        return None
    start, end = columns[0]
    for a, b in columns[1:]:
        if a - end > _PARTED * em:
            break
        end = b
    box = Box(float(x0 + start), float(y0), float(x0 + end), float(y1))
    crop = image[y0:y1, max(0, x0 + start - _MARGIN) : x0 + end + _MARGIN]
    line = reader.text.word(np.ascontiguousarray(crop))
    if line is None or line.score < _SURE:
        return None
    return text_of(image, TextLine(text=line.text, score=line.score, box=box), dpi)
