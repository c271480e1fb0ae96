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

CAPITAL_SHARE = 0.716
"""Height of a capital as a share of the font size, in Arial and most text faces."""

_SMALL, _BELOW, _COMMAS = 0.53, 0.21, 0.13
"""Shares of the font size that small letters rise, and that letters such as g, and commas, reach below, in
Liberation Sans. DejaVu Sans has 0.55, 0.21, 0.12 and capitals of 0.73; Liberation Serif 0.46, 0.21, 0.15 and
0.66, so that texts in it seem smaller than they are, all alike."""


def em_of_capital(capital: float) -> float:
    """The font size at which a capital is so high."""
    return capital / CAPITAL_SHARE


def em_of(text: str, height: float) -> float:
    """The font size at which a text's ink is so high: some letters are tall, and some reach below."""
    rise = CAPITAL_SHARE if _RISING.search(text) else _SMALL
    commas = _COMMAS if _COMMA.search(text) else 0.0
    return height / (rise + (_BELOW if _BELOW_THE_LINE.search(text) else commas))


def tells(text: str) -> bool:
    """Whether a text has letters enough to tell its size and weight."""
    return sum(map(str.isalnum, text)) >= _LEAST_LETTERS
