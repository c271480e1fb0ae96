"""Texts of a chart with their exact ink: OCR lines tightened to pixels, measured for size and colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import far, hex_of, mode_colour
from critic.reading.chart.description import Text
from critic.reading.chart.glyphs import size_of
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_MIN_SCORE = 0.55
"""Score (0..1) of OCR below which a line is no text."""
_SPECK = 4
"""Pixels of ink below which there is no sign: a full stop of 10 pt covers so many."""
_LEAST_LONG = 12
"""Pixels of a crop's side below which a letter's stroke is as long as a rule."""
_FULL = 0.9
"""Share of a row (or column) that a rule fills from end to end."""
_GRAZED_WIDE, _GRAZED_HIGH, _GRAZED_INK = 3, 2, 5
"""Pixels across, down and in all up to which a part at a crop's border is another's: letters are larger."""
_EAST_ASIAN = 0x2E80
"""The code point at which Unicode's East Asian scripts begin, which matplotlib's font lacks."""
_STRIP_WIDE, _STRIP_LONG, _STRIP_INK = 6, 12, 12
"""Pixels across and along a strip, and of ink in it, below which it holds no word."""
_WORD_LONG = 5
"""Pixels along a strip below which ink in it is a mark."""
_CERTAIN = 0.93
"""Score (0..1) of OCR from which a reading one way up need not be tried the other way."""
_AS_TOLD = 3
"""Pixels by which ink may reach out of the box that a document gives: anti-aliasing and slanted letters."""


def centre(box: Box) -> tuple[float, float]:
    """The middle of a box."""
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def cut(image: Image, box: Box, margin: int = 0) -> tuple[Image, int, int]:
    """The pixels in a box grown by ``margin``, with the corner's column and row."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box.x0) - margin), max(0, int(box.y0) - margin)
    x1, y1 = min(width, int(np.ceil(box.x1)) + margin), min(height, int(np.ceil(box.y1)) + margin)
    return image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)], x0, y0


def ink_of(image: Image, box: Box, margin: int = 2) -> tuple[Box, str] | None:
    """The tight box of the ink inside a text's box, and its colour; None where there is none."""
    region, x0, y0 = cut(image, box, margin)
    if not region.size:
        # The box lies beyond the picture, as where a tick stands at its rim.
        return None
    back = mode_colour(region)
    mask = far(region, back, 60)
    if mask.sum() < _SPECK:
        mask = far(region, back, 25)
    mask = _without_edges(_without_lines(mask))
    if mask.sum() < _SPECK:
        return None
    rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
    pixels = region[mask].astype(np.int16)
    distance = np.abs(pixels - back).sum(axis=1)
    strongest = pixels[distance >= np.percentile(distance, 85)]
    colour = hex_of(np.median(strongest, axis=0).round().astype(int))
    tight = Box(x0 + int(columns[0]), y0 + int(rows[0]), x0 + int(columns[-1]) + 1, y0 + int(rows[-1]) + 1)
    return tight, colour


def _without_lines(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drops spines and rules that run along the crop's border, and all beyond them."""
    kept = mask.copy()
    for view in (kept, kept.T):
        if view.shape[1] < _LEAST_LONG:
            continue
        full = view.mean(axis=1) > _FULL
        edge = min(6, len(full) // 3)
        for index in np.where(full[:edge])[0]:
            view[: index + 1] = False
        for index in np.where(full[len(full) - edge :])[0]:
            view[len(full) - edge + index :] = False
    return kept if kept.any() else mask


def _without_edges(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drops components that only graze the crop's border: a neighbour's ink or a tick mark."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    height, width = mask.shape
    kept = mask.copy()
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        at_edge = x == 0 or y == 0 or x + w == width or y + h == height
        if at_edge and (w <= _GRAZED_WIDE or h <= _GRAZED_HIGH or area <= _GRAZED_INK):
            kept[labels == index] = False
    return kept if kept.any() else mask


_SIGNS = str.maketrans(
    {
        "Ⅰ": "I",
        "Ⅱ": "II",
        "Ⅲ": "III",
        "Ⅳ": "IV",
        "Ⅴ": "V",
        "℃": "°C",
        "℉": "°F",
        "“": '"',
        "”": '"',
        "’": "'",
        "‘": "'",
        "（": "(",
        "）": ")",
        "：": ":",
        "，": ",",
        "　": " ",
    }
)


def readable(words: str) -> str:
    """A reading in signs that matplotlib's font has; beyond them, OCR mistook a drawing for a letter."""
    kept = words.translate(_SIGNS)
    return "".join(c for c in kept if ord(c) < _EAST_ASIAN and c not in "●○■□▲▼◆◇★☆").strip()


def text_of(image: Image, line: TextLine, dpi: float) -> Text | None:
    """An upright OCR line as a text with tight ink; None where the ink is missing."""
    found = ink_of(image, line.box)
    if found is None:
        return None
    box, colour = found
    words = readable(line.text)
    if not words:
        return None
    size = size_of(words, box.width, box.height, dpi)
    return Text(text=words, box=box, size=size, colour=colour, told=line.told)


def read_words(image: Image, reader: Reader, dpi: float) -> list[Text]:
    """All upright texts."""
    texts = []
    for line in reader.lines(image):
        if line.score < _MIN_SCORE:
            continue
        tall = line.box.height > 1.6 * line.box.width
        if tall and len(line.text.strip()) > 1:
            continue
        text = text_of(image, line, dpi)
        if text is not None:
            texts.append(text)
    return texts


def read_vertical(image: Image, strip: Box, reader: Reader, dpi: float) -> Text | None:
    """The text that runs up (or down) a strip; None where none reads well."""
    x0, y0, x1, y1 = (round(v) for v in strip)
    if x1 - x0 < _STRIP_WIDE or y1 - y0 < _STRIP_LONG:
        return None
    region = image[y0:y1, x0:x1]
    back = mode_colour(region)
    mask = far(region, back, 60)
    if mask.sum() < _STRIP_INK:
        return None
    rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
    if rows[-1] - rows[0] < _WORD_LONG:
        return None
    tight = Box(x0 + int(columns[0]), y0 + int(rows[0]), x0 + int(columns[-1]) + 1, y0 + int(rows[-1]) + 1)
    crop, _, _ = cut(image, tight)
    told = _told(image, tight, reader)
    best: tuple[float, str, float] | None = None
    for turns, rotation in ((3, 90.0), (1, 270.0)):
        upright = np.rot90(crop, turns)
        pad = tuple(int(v) for v in back)
        framed = cv2.copyMakeBorder(upright, 10, 10, 12, 12, cv2.BORDER_CONSTANT, value=pad)
        read = reader.text.word(np.ascontiguousarray(framed, dtype=np.uint8), scale=2.0)
        if read is not None and (best is None or read.score > best[0] + 0.02):
            best = (read.score, readable(read.text), rotation)
        if best is not None and best[0] > _CERTAIN:
            break
    if told:
        best = (1.0, told, best[2] if best else 90.0)
    if best is None or best[0] < _MIN_SCORE or not best[1]:
        return None
    found = ink_of(image, tight)
    colour = found[1] if found else "#000000"
    size = size_of(best[1], tight.height, tight.width, dpi)
    return Text(text=best[1], box=tight, size=size, colour=colour, rotation=best[2], told=bool(told))


def _told(image: Image, tight: Box, reader: Reader) -> str:
    """What a document says that stands there; empty where none does."""
    lines = (line for line in reader.lines(image) if line.told)
    return next((readable(line.text) for line in lines if line.box.holds(tight, _AS_TOLD)), "")
