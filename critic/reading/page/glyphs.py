"""Letters that OCR takes for others, told apart by where their ink begins and ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.reading.page import metrics
from critic.reading.page.fit import Fit
from critic.reading.page.ink import Ink

_TWO_SIZES = frozenset("cosuvwxzCOSUVWXZ")
"""Letters whose capital is only a larger one."""

_UPRIGHT = frozenset("Il1")
_MARKS = frozenset("~")
_SURE = 0.6
"""Agreement from which a face's letters are where it says they are."""

_INKED = 0.4
"""Cover of a pixel from which a letter is drawn there."""

_LEAST_SIZE = 9
"""Font size in px below which small letters and capitals differ too little in pixels to tell."""

_LEAST_MARK, _MARK_LOST = 1.5, 0.1
"""Ink in px² from which a mark would be seen at all; share of it below which it is not there."""

_LEAST_RISE = 1.8
"""Pixels by which a capital must be higher than its small letter to be told from it."""

_AGREES, _DISAGREES = 0.9, 1.3
"""Pixels within which a height is a case's own, and beyond which it is not: ink ends on whole pixels."""

_OF_STEM = 0.2
"""Share of the fullest column's ink from which a column is of the sign, not of its soft rim."""

_BARE_STEM = 2
"""Columns up to which a sign is only a stem, without a bracket's arms."""


def settle_letters(text: str, ink: Ink, fit: Fit, baseline: float) -> str:
    """The text with letter case, brackets and marks as their ink has them."""
    if fit.size < _LEAST_SIZE or ink.cut or fit.score < _SURE:
        return text
    places = metrics.starts(text, fit.family, fit.bold)
    letters = list(text)
    for index, letter in enumerate(text):
        if letter not in _TWO_SIZES and letter not in _UPRIGHT and letter not in _MARKS:
            continue
        glyph = metrics.glyph(letter, fit.family, fit.bold)
        origin = fit.x - ink.left + places[index] * fit.size + index * fit.spacing
        left, right = round(origin + glyph.left * fit.size), round(origin + glyph.right * fit.size)
        cell = ink.cover[:, max(0, left) : max(right, left + 2)]
        if cell.size == 0:
            continue
        letters[index] = _settled(letter, cell, ink.top, fit, baseline, glyph)
    words = zip(text.split(" "), "".join(letters).split(" "), strict=False)
    if letters.count(" ") == text.count(" "):
        return " ".join(new if _is_likely(old, new) else old for old, new in words)
    return " ".join("".join(letters).split()) or text


def _is_likely(old: str, new: str) -> bool:
    """Whether the changed word is one: in one case, or a capital first; a bracket stands by itself."""
    if old.casefold() == new.casefold():
        return new.isupper() or new.islower() or new.istitle()
    return not any(letter.isalnum() for letter in new)


def _settled(
    letter: str, cell: NDArray[np.float32], top: int, fit: Fit, baseline: float, glyph: metrics.Glyph
) -> str:
    rows = np.flatnonzero(cell.max(axis=1) > _INKED)
    if letter in _MARKS:
        expected = glyph.area * fit.size * fit.size
        return " " if expected > _LEAST_MARK and cell.sum() < _MARK_LOST * expected else letter
    if not len(rows):
        return letter
    if letter in _UPRIGHT:
        low = top + int(rows[-1]) + 1 - baseline
        return _bracket(cell) if low >= max(2.0, 0.12 * fit.size) else letter
    return _cased(letter, baseline - top - int(rows[0]), fit)


def _cased(letter: str, high: float, fit: Fit) -> str:
    """Small or capital, by the height of its ink."""
    small = metrics.glyph(letter.lower(), fit.family, fit.bold).top * fit.size
    capital = metrics.glyph(letter.upper(), fit.family, fit.bold).top * fit.size
    if capital - small < _LEAST_RISE:
        return letter
    own, other = (small, capital) if letter.islower() else (capital, small)
    if abs(high - other) <= _AGREES and abs(high - own) > _DISAGREES:
        return letter.swapcase()
    return letter


def _bracket(cell: NDArray[np.float32]) -> str:
    """Which upright sign reaches below the line: the stem tells its side."""
    columns = cell.sum(axis=0)
    inked = np.flatnonzero(columns > _OF_STEM * columns.max())
    if len(inked) <= _BARE_STEM:
        return "|"
    middle = (inked[0] + inked[-1]) / 2
    centre = float((columns * np.arange(len(columns))).sum() / columns.sum())
    return "[" if centre < middle else "]"
