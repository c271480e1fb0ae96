"""Letters that OCR confuses, settled by their height and by what their column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critic.reading.table.rows import is_number
from critic.reading.table.text import Fragment

_SAME_SHAPE = set("cosvwxzCOSVWXZ")
_TALL = re.compile(r"[A-Zbdfhklt0-9]")
_LOW = re.compile(r"[gjpqy,;Q()\[\]{}|/_@$]")
_DIGITS = str.maketrans(
    {"S": "5", "s": "5", "O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "B": "8", "Z": "2"}
)


def capital_height(fragments: Sequence[Fragment]) -> float:
    """Median height of texts that reach from the base line to a capital's top."""
    heights = [
        f.height
        for f in fragments
        if _TALL.search(f.text) and not _LOW.search(f.text) and len(f.text) > 1 and not f.text.isspace()
    ]
    heights = heights or [f.height for f in fragments]
    return float(sorted(heights)[len(heights) // 2]) if heights else 10.0


def settle_case(fragment: Fragment, capital: float) -> str:
    """Case of a text of which upper and lower case differ by height only, such as x or os."""
    letters = [c for c in fragment.text if c.isalpha()]
    if not letters or len(letters) != len(fragment.text) or not set(letters) <= _SAME_SHAPE:
        return fragment.text
    return fragment.text.upper() if fragment.height >= 0.86 * capital else fragment.text.lower()


def settle_digits(text: str, column: Sequence[str]) -> str:
    """A text in a column of numbers, with letters turned to digits where that makes it a number."""
    if is_number(text) or not text:
        return text
    others = [other for other in column if other]
    numbers = [other for other in others if is_number(_without_exponent(other))]
    if len(numbers) < 0.6 * len(others) or len(others) < 3:
        return text
    turned = text.translate(_DIGITS)
    return turned if is_number(_without_exponent(turned)) else text


def _without_exponent(text: str) -> str:
    return re.sub(r"(?<=\d)[eE](?=[+\-\u2212\u2013]?\d)", "", text)
