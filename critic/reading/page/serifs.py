"""Whether a text stands on feet: the one thing that tells a serif face from another of its widths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from critic.reading.page import metrics
from critic.reading.page.fit import Fit
from critic.reading.page.ink import Ink
from critic.reading.page.types import Family

_STEMMED = frozenset("hilmnrkfHIMNKFPTYX")
"""Letters that stand on stems alone: what a foot adds to their lowest row is a serif."""

_LEAST_SIZE = 9.0
"""Font size in pixels from which a foot is a pixel of its own."""

_STEM_PART = 0.25
"""Part of the font size above the baseline in which a letter is its stems alone."""

_LEAST_STEM = 0.3
"""Pixels of ink in a row below which there is no stem: the letter is not where it was taken to be."""

_LEAST_LETTERS, _USUAL_LETTERS = 3, 12
"""Letters from which a line's own feet tell, and those that the page's feet count for beside them."""

_WITH_FEET = 1.3
"""Ink of the lowest row, in that of the stems above, from which letters have feet.

Eight pages in Open Sans, Roboto, Inter, Liberation Sans and DejaVu Sans have 0.87 to 1.01.
"""

_OTHER_SORT = 0.3
"""Agreement that a face of the other sort loses: more than ink's columns ever tell between two faces."""

_SERIF = frozenset({Family.SERIF, Family.BOOKISH})
_PLAIN = frozenset({Family.SANS, Family.WIDE})
_FIXED = frozenset({Family.MONO, Family.COURIER})
"""Faces of one width, which give thin letters feet be they serif or not."""


@dataclass(frozen=True, slots=True)
class Feet:
    """Ink of a text's letters on stems.

    Attributes:
        foot: In the rows that they stand on.
        stem: In the rows above, as much as in one.
        letters: How many letters that is of.
    """

    foot: float = 0.0
    stem: float = 0.0
    letters: int = 0

    def __add__(self, other: Feet) -> Feet:
        """That of both texts."""
        return Feet(self.foot + other.foot, self.stem + other.stem, self.letters + other.letters)


def feet(text: str, ink: Ink, fit: Fit, baseline: float) -> Feet:
    """The feet of a line.

    Args:
        text: What it says.
        ink: Its ink.
        fit: Where its letters lie, about.
        baseline: The row of the picture that they stand on.
    """
    total = Feet()
    if ink.cut or fit.size < _LEAST_SIZE or fit.family in _FIXED:
        return total
    low = int(baseline) - ink.top
    high = max(0, low - 1 - round(_STEM_PART * fit.size))
    if not high < low - 2 < len(ink.cover):
        return total
    for index, place in enumerate(metrics.starts(text, fit.family, fit.bold)[:-1]):
        if text[index] not in _STEMMED:
            continue
        glyph = metrics.glyph(text[index], fit.family, fit.bold)
        origin = fit.x - ink.left + place * fit.size + index * fit.spacing
        left, right = int(origin + glyph.left * fit.size - 0.5), origin + glyph.right * fit.size + 0.5
        cell = ink.cover[:low, max(0, left) : int(np.ceil(right))]
        stem = float(np.median(cell[high:-2].sum(axis=1))) if cell.size else 0.0
        if stem > _LEAST_STEM:
            total += Feet(float(cell[-1].sum()), stem, 1)
    return total


def of_one_sort(options: Iterable[list[Fit]], seen: list[Feet]) -> list[list[Fit]]:
    """The fits of each line, best first; a face with feet loses where its letters have none, and the reverse.

    Args:
        options: Of each line.
        seen: Its feet.
    """
    page = sum(seen, Feet())
    usual = page.foot / page.stem if page.letters >= _LEAST_LETTERS else None
    return [_told(fitted, own, usual) for fitted, own in zip(options, seen, strict=True)]


def _told(fitted: list[Fit], own: Feet, usual: float | None) -> list[Fit]:
    if usual is None:
        return fitted
    known = own if own.letters >= _LEAST_LETTERS else Feet()
    weight = _USUAL_LETTERS / (_USUAL_LETTERS + known.letters)
    ratio = weight * usual + (1 - weight) * (known.foot / known.stem if known.letters else 0.0)
    other = _PLAIN if ratio >= _WITH_FEET else _SERIF
    marked = [replace(fit, score=fit.score - _OTHER_SORT) if fit.family in other else fit for fit in fitted]
    return sorted(marked, key=lambda fit: -fit.score)
