"""Settles a reading by drawing it: small edits are kept where they lie better on the picture's ink."""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import mode_colour
from critic.reading.chart.description import Text
from critic.reading.chart.glyphs import ink, likeness, size_of
from renderers.types import Image

_ALIKE = {
    "0": "O",
    "O": "0",
    "o": "0",
    "1": "lI",
    "l": "1I|",
    "I": "l1|",
    "'": "`",
    "`": "'",
    "-": "_–",
    "S": "5",
    "5": "S",
    "x": "X",
    "X": "x",
    "s": "S",
    "c": "C",
    "C": "c",
    "v": "V",
    "V": "v",
    "w": "W",
    "W": "w",
    ",": ".",
    ".": ",",
    ":": ";",
    "z": "Z",
    "Z": "z",
}
_INSERTED = " `'\"-_.,:()"
_PAIRS = (" `", "` ", " (", ") ", ", ", ": ")
_GOOD = 0.95
_FAIR, _POOR = 0.885, 0.8
"""Below the first a reading is doubted; below the second it is not believed even when settled."""
_LONE, _SMALLEST = 0.65, 5.0
"""A single letter must look like itself, and be larger than this many points: any stroke looks like some."""
_MOST_TRIALS = 1500
"""Drawn readings for one text."""
_STEP = 0.02
"""An edit must bring at least this much."""
_SAME_WIDTH = 3
"""Pixels by which a drawing may differ from the ink in width without a letter too many: an "l" takes 4."""
_UP, _DOWN = 90.0, 270.0
"""Degrees, anticlockwise, of text that runs up and down."""
_LEAST_LETTERS = 3
"""Of a shorter text every letter may be another one, as nothing of it is sure."""
_INK, _STRONG = 60, 90
"""Levels (0..255) from the ground at which a pixel is ink, and at which, the strongest put to 255, it joins
letters: those that touch only in blended pixels stay apart."""
_ROOM, _TIGHT = 3, 1
"""Pixels round a text in which its letters are looked for, and where its box is tight: an axis line of
ECharts runs three above its labels."""
_SPECK = 6
"""Pixels of ink below which there is no letter to compare."""
_LACK = 2
"""Pixels of width that a drawing must lack, or have too many, for a letter to be missing or too much."""
_HEAVY, _BOLD = 1.2, 0.95
"""Ink of a bold text as a multiple of the same in regular letters, and in bold ones: in charts of five tools
bold ones have 1.23 to 1.74 and 0.97 to 1.31; regular ones 1.0 where matplotlib drew them, in other fonts 0.85
to 1.29, but then 0.64 to 0.92 of bold ones."""
_SWAPPED = 5
"""Pixels by which letters that look alike differ in width at most: of 10 pt, "1" takes 5 more than "l"."""


def settled(text: str, crop: Image, dpi: float) -> tuple[str, float, float]:
    """The reading that lies best on the crop's ink, how well (0..1), and its font size.

    Args:
        text: The reading to start from.
        crop: An upright line of text with a little margin.
        dpi: Dots per inch.
    """
    sample = _sample(crop)
    if sample is None or not text:
        return text, 0.0, 10.0
    height, width = sample.shape
    sizes = {size_of(text, width, height, dpi), 10.0, 12.0}
    score, best, size = max((likeness(text, sample, s, dpi), text, s) for s in sizes)
    left = _MOST_TRIALS
    for _ in range(4):
        if score >= _GOOD and abs(ink(best, size, dpi).pixels.shape[1] - width) <= _SAME_WIDTH:
            break
        edits = list(islice(_edits(best, sample, size, dpi), left))
        left -= len(edits)
        top, edit = max(((likeness(e, sample, size, dpi), e) for e in edits), default=(0.0, ""))
        if top <= score + _STEP:
            break
        score, best = top, edit
    return best, score, size


def polished(image: Image, text: Text, dpi: float) -> Text:
    """A text in bold where its ink is, and settled where its drawing lies badly on it; otherwise the same.

    What a document says is not settled: its font may be one that is not here.
    """
    crop = _upright(image, text)
    sample = None if crop is None else _sample(crop)
    if crop is None or sample is None or len(text.text) < _LEAST_LETTERS:
        return text
    heavy = _in_bold(text, sample, dpi)
    if heavy is not None or text.told or likeness(text.text, sample, text.size, dpi) >= _FAIR:
        return heavy or text
    best, score, size = settled(text.text, crop, dpi)
    return text.model_copy(update={"text": best, "size": size}) if score >= _POOR else text


def fit_in(family: str, image: Image, text: Text, dpi: float) -> float | None:
    """How well (0..1) a text set in a family lies on a picture's ink; None where there is too little of it.

    Args:
        family: One of ``FAMILIES``.
        image: The picture that the text was read from.
        text: The text; its size is measured anew.
        dpi: Dots per inch of the picture.
    """
    crop = _upright(image, text, _TIGHT)
    sample = None if crop is None else _sample(crop)
    if sample is None or len(text.text) < _LEAST_LETTERS:
        return None
    high, wide = sample.shape
    size = size_of(text.text, wide, high, dpi, text.bold, family)
    return likeness(text.text, sample, size, dpi, family, text.bold)


def _upright(image: Image, text: Text, room: int = _ROOM) -> Image | None:
    """The pixels of a text and so much round it, from left to right; None where it is slanted."""
    b = text.box
    crop = image[max(0, int(b.y0) - room) : int(b.y1) + room, max(0, int(b.x0) - room) : int(b.x1) + room]
    if text.rotation in (_UP, _DOWN):
        crop = np.rot90(crop, 3 if text.rotation == _UP else 1)
    elif text.rotation:
        return None
    return np.ascontiguousarray(crop)


def _in_bold(text: Text, sample: NDArray[np.float64], dpi: float) -> Text | None:
    """A text with as much ink as bold letters of its extent have, so written; None for any other."""
    high, wide = sample.shape
    size = size_of(text.text, wide, high, dpi, bold=True)
    covered = float(sample.sum())
    regular, bold = (
        float(ink(text.text, s, dpi, b).pixels.sum()) for s, b in ((text.size, False), (size, True))
    )
    is_bold = covered >= _HEAVY * regular and covered >= _BOLD * bold
    return text.model_copy(update={"bold": True, "size": size}) if is_bold else None


def is_written(image: Image, text: Text, dpi: float) -> bool:
    """Whether a text's ink can be its letters: bits of lines are read as letters, but hang together."""
    b = text.box
    sample = _sample(image[max(0, int(b.y0) - 3) : int(b.y1) + 3, max(0, int(b.x0) - 3) : int(b.x1) + 3])
    if sample is None or text.rotation:
        return True
    alike = max(likeness(text.text, sample, size, dpi) for size in {text.size, 10.0})
    if alike >= _POOR:
        return True
    letters = len(text.text.replace(" ", ""))
    parts = cv2.connectedComponents((sample > _STRONG).astype(np.uint8), connectivity=8)[0] - 1
    return parts >= 0.7 * letters and (letters > 1 or (alike > _LONE and text.size > _SMALLEST))


def _sample(crop: Image) -> NDArray[np.float64] | None:
    back = mode_colour(crop)
    away = np.abs(crop.astype(np.int16) - back).max(axis=2).astype(np.float64)
    mask = away > _INK
    if mask.sum() < _SPECK:
        return None
    rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
    cut = away[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(cut / max(1.0, float(cut.max())) * 255.0)


def _edits(text: str, sample: NDArray[np.float64], size: float, dpi: float) -> Iterator[str]:
    """Small edits near the place where the drawing departs from the ink."""
    lack = sample.shape[1] - ink(text, size, dpi).pixels.shape[1]
    place = _departure(text, sample, size, dpi)
    near = range(max(0, place - 8), min(len(text), place + 3))
    for index in near if abs(lack) > _LACK else range(len(text)):
        char = text[index]
        for other in _ALIKE.get(char, "") if abs(lack) <= _SWAPPED else "":
            yield text[:index] + other + text[index + 1 :]
        if not char.isalnum() and lack < -_LACK:
            yield text[:index] + text[index + 1 :]
    if lack < _LACK:
        return
    for piece in (*_INSERTED, *_PAIRS, *string.ascii_lowercase):
        if _advance(piece, size, dpi) <= lack + 2.5:
            for index in (*near, place + 2):
                if index <= len(text) and (piece != " " or 0 < index < len(text)):
                    yield text[:index] + piece + text[index:]


@lru_cache(maxsize=1024)
def _advance(piece: str, size: float, dpi: float) -> float:
    return ink(f"n{piece}n", size, dpi).advance - ink("nn", size, dpi).advance


def _departure(text: str, sample: NDArray[np.float64], size: float, dpi: float) -> int:
    """The number of leading characters whose drawing lies on the ink."""
    for count in range(len(text), 2, -1):
        width = ink(text[:count], size, dpi).pixels.shape[1]
        if likeness(text[:count], sample[:, : width + 1], size, dpi) >= _GOOD - 0.03:
            return count
    return 0
