"""How wide, high and heavy the letters of the known faces are."""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from critic.reading.page.types import Family

_EM = 1000.0
_STAND_IN = "n"
TEXTS = 4096
"""Texts whose measures are kept: those of the pages at work, and not of all that a long batch has read."""


class Glyph(NamedTuple):
    """A letter's measures, as parts of the font size; up is positive."""

    advance: float
    left: float
    right: float
    top: float
    bottom: float
    area: float


class _Face(NamedTuple):
    glyphs: dict[str, Glyph]
    kerning: dict[str, float]


@cache
def _faces() -> dict[str, _Face]:
    raw = json.loads(Path(__file__).with_name("metrics.json").read_text(encoding="utf-8"))
    return {
        name: _Face(
            {letter: Glyph(*(value / _EM for value in values)) for letter, values in face["glyphs"].items()},
            {pair: shift / _EM for pair, shift in face["kerning"].items()},
        )
        for name, face in raw.items()
    }


def _face(family: Family, bold: bool) -> _Face:
    return _faces()[f"{family.value}-{'bold' if bold else 'regular'}"]


def glyph(letter: str, family: Family, bold: bool) -> Glyph:
    """The measures of ``letter``; of a letter like it where the face's table lacks it."""
    table = _face(family, bold).glyphs
    if letter in table:
        return table[letter]
    if unicodedata.east_asian_width(letter) in "WF":
        return Glyph(1.0, 0.05, 0.95, 0.8, -0.08, 0.4)
    base = unicodedata.normalize("NFKD", letter)[:1]
    return table.get(base, table[_STAND_IN])


@lru_cache(maxsize=TEXTS)
def extent(text: str, family: Family, bold: bool) -> tuple[float, float]:
    """Highest top and lowest bottom of the ink of ``text``, as parts of the size."""
    glyphs = [glyph(letter, family, bold) for letter in text if not letter.isspace()]
    return max(g.top for g in glyphs), min(g.bottom for g in glyphs)


@lru_cache(maxsize=TEXTS)
def area(text: str, family: Family, bold: bool) -> float:
    """Ink of ``text`` as a part of the size squared."""
    return sum(glyph(letter, family, bold).area for letter in text)


@lru_cache(maxsize=TEXTS)
def starts(text: str, family: Family, bold: bool) -> tuple[float, ...]:
    """Where each letter's origin lies, from the first's, as parts of the size; and the end."""
    kerning = _face(family, bold).kerning
    places = [0.0]
    for letter, following in zip(text, text[1:] + " ", strict=True):
        shift = kerning.get(letter + following, 0.0)
        places.append(places[-1] + glyph(letter, family, bold).advance + shift)
    return tuple(places)
