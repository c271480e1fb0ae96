"""Font sizes by the height of a text's ink, as far as that tells them."""

from __future__ import annotations

import re

OTHER_SIZE = 1.15
"""Ratio of sizes from which texts differ in size: a pixel of a line 12 px high is 1.08; notes under names are
set at 12 of 14 to 16 px, 1.17 and more."""

_LEAST_LETTERS = 3
"""Letters and digits from which a text tells its size and weight."""

_RISING = re.compile(r"[A-Zbdfhklt0-9]")
_COMMA = re.compile(r"[,;]")
_BELOW_THE_LINE = re.compile(r"[gjpqyQ()\[\]{}|_@]")

_CAPITAL, _SMALL, _BELOW, _COMMAS = 0.72, 0.53, 0.21, 0.13
"""Shares of the font size that capitals and small letters rise, and that letters such as g, and commas, reach
below: in Arial, Times and DejaVu within 0.04."""


def em_of_capital(capital: float) -> float:
    """The font size at which a capital is so high."""
    return capital / _CAPITAL


def em_of(text: str, height: float) -> float:
    """The font size at which a text's ink is so high: some letters are tall, and some reach below."""
    rise = _CAPITAL if _RISING.search(text) else _SMALL
    commas = _COMMAS if _COMMA.search(text) else 0.0
    return height / (rise + (_BELOW if _BELOW_THE_LINE.search(text) else commas))


def tells(text: str) -> bool:
    """Whether a text has letters enough to tell its size and weight."""
    return sum(map(str.isalnum, text)) >= _LEAST_LETTERS
