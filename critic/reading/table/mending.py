"""Letters that OCR confuses, settled by their height and by what their column holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from critic.reading.glyphs import glyph_difference
from critic.reading.table.rows import is_number
from critic.reading.table.text import Fragment
from critic.types import Box
from renderers.types import Image

_SHORT = 6
_TWIN = 0.1
_LEAST_TEXTS = 3
"""Other texts of a column from which they tell whether it is one of numbers."""
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
    if len(numbers) < 0.6 * len(others) or len(others) < _LEAST_TEXTS:
        return text
    turned = text.translate(_DIGITS)
    return turned if is_number(_without_exponent(turned)) else text


def settle_twins(image: Image, twins: Sequence[tuple[str, float, Box]]) -> list[str]:
    """Texts of one column, where those that look the same read the same: as most of them, by confidence.

    Args:
        image: The picture.
        twins: Text, confidence and ink of each cell of a column.
    """
    texts = [text for text, _, _ in twins]
    for index, (text, _, box) in enumerate(twins):
        if len(text) > _SHORT:
            continue
        votes: Counter[str] = Counter()
        for other, score, place in twins:
            if (
                len(other) <= _SHORT
                and _same_size(box, place)
                and glyph_difference(image, box, image, place) < _TWIN
            ):
                votes[other] += int(100 * score)
        if votes:
            texts[index] = votes.most_common(1)[0][0]
    return texts


def _same_size(first: Box, second: Box) -> bool:
    wide = abs(first.width - second.width)
    return wide <= 1 and abs(first.height - second.height) <= 1


def _without_exponent(text: str) -> str:
    return re.sub(r"(?<=\d)[eE](?=[+\-\u2212\u2013]?\d)", "", text)
