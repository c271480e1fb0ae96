"""Settles a reading by drawing it: small edits are kept where they lie better on the picture's ink."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import mode_colour
from critic.reading.chart.glyphs import ink, likeness, size_of
from renderers.types import Image

_ALIKE = {
    "0": "O", "O": "0", "o": "0", "1": "lI", "l": "1I|", "I": "l1|", "'": "`", "`": "'", "-": "_–", "S": "5",
    "5": "S", "x": "X", "X": "x", "s": "S", "c": "C", "C": "c", "v": "V", "V": "v", "w": "W", "W": "w", ",": ".",
    ".": ",", ":": ";", "z": "Z", "Z": "z",
}  # fmt: skip
_INSERTED = " `'\"-_.,:()"
_GOOD = 0.97


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
    size = size_of(text, width, height, dpi)
    best, score = text, likeness(text, sample, size, dpi)
    for _ in range(3):
        if score >= _GOOD:
            break
        sizes = {size, size_of(best, width, height, dpi), 10.0, 12.0}
        top = max(
            ((likeness(edit, sample, s, dpi), edit, s) for s in sizes for edit in _edits(best, s, width, dpi)),
            default=(0.0, "", size),
        )
        if top[0] <= score + 0.004:
            break
        score, best, size = top
    return best, score, size


def _sample(crop: Image) -> NDArray[np.float64] | None:
    back = mode_colour(crop)
    away = np.abs(crop.astype(np.int16) - back).max(axis=2).astype(np.float64)
    mask = away > 60
    if mask.sum() < 6:
        return None
    rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
    cut = away[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(cut / max(1.0, float(cut.max())) * 255.0)


def _edits(text: str, size: float, width: int, dpi: float) -> Iterator[str]:
    """One-character edits whose drawn width comes near the ink's."""
    seen: set[str] = set()
    for edit in _all_edits(text):
        if edit not in seen and abs(ink(edit, size, dpi).pixels.shape[1] - width) <= 5:
            seen.add(edit)
            yield edit


def _all_edits(text: str) -> Iterator[str]:
    yield text
    for index, char in enumerate(text):
        for other in _ALIKE.get(char, ""):
            yield text[:index] + other + text[index + 1 :]
    for index in range(len(text) + 1):
        for char in _INSERTED:
            yield text[:index] + char + text[index:]
    for index in range(1, len(text)):
        yield text[:index] + " `" + text[index:]
        yield text[:index] + "` " + text[index:]
    for index, char in enumerate(text):
        if not char.isalnum():
            yield text[:index] + text[index + 1 :]
