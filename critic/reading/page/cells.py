"""Code as it stands in its cells: blanks that OCR loses, told by the cells without ink."""

from __future__ import annotations

import numpy as np

from critic.reading.page import metrics
from critic.reading.page.fit import Fit, fits
from critic.reading.page.ink import Ink
from critic.reading.page.types import FIXED, Family

_MOST_LOST = 3
"""Blanks that one line is looked at for: OCR loses one or two, between brackets and words."""

_LEAST_LETTERS = 2
"""Letters from which a line can have a blank within."""

_MIDDLE = 0.15
"""Part of a cell at either side that a slanted letter beside it may reach into."""

_INKED = 0.2
"""Cover from which a pixel is inked at all."""


def with_blanks(text: str, ink: Ink, options: list[Fit]) -> tuple[str, list[Fit]]:
    """A line of code with the blanks that its cells show, and its faces; others as they are.

    Args:
        text: What OCR read.
        ink: Of the line.
        options: The faces it may be in, best first.
    """
    best = options[0]
    if best.family not in FIXED or best.spacing or ink.cut or len(text) < _LEAST_LETTERS:
        return text, options
    found = text, options
    for lost in range(1, _MOST_LOST + 1):
        spaced = _spaced(text, ink, best.family, lost)
        if spaced is None:
            continue
        again = fits(spaced, ink)
        if again[0].family in FIXED and again[0].score > found[1][0].score:
            found = spaced, again
    return found


def _spaced(text: str, ink: Ink, family: Family, lost: int) -> str | None:
    """The text with so many blanks more, each in a cell without ink; None where its letters do not fit."""
    letters = text.replace(" ", "")
    first, last = (metrics.glyph(letter, family, False) for letter in (text[0], text[-1]))
    count = len(text) + lost
    wide = metrics.starts("n", family, False)[-1]
    size = ink.box.width / ((count - 1) * wide + last.right - first.left)
    cell = wide * size
    begin = ink.box.x0 - first.left * size - ink.left
    strongest = ink.cover.max(axis=0)
    edges = begin + cell * (np.arange(count)[:, None] + (_MIDDLE, 1 - _MIDDLE))
    inked = [
        bool((strongest[max(0, round(start)) : max(1, round(stop))] > _INKED).any()) for start, stop in edges
    ]
    if sum(inked) != len(letters):
        return None
    rest = iter(letters)
    spaced = "".join(next(rest) if full else " " for full in inked)
    return spaced if _ends_of_words(text) <= _ends_of_words(spaced) else None


def _ends_of_words(text: str) -> set[int]:
    """How many letters come before each blank."""
    words = np.cumsum([len(word) for word in text.split()])
    return {int(count) for count in words}
