"""Whether a picture has letters where no line of text was read, so that it is worth looking again."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from critic.types import Box
from renderers.types import Image

_EDGE = 60
"""Channel levels of a letter's outline."""

_LOWEST, _HIGHEST, _SLIMMEST, _BROADEST = 6, 40, 2, 80
"""Heights and widths in pixels between which an outline has a letter's size, or that of some that touch."""

_APART = 0.5
"""Heights between two letters of a word at most."""

_LETTERS = 3
"""Letters that make a word."""

_WORDS = 2
"""Words from which it is worth looking again: one may be a mark or a symbol."""


def has_missed_words(image: Image, known: Sequence[Box]) -> bool:
    """Whether letter-sized outlines stand side by side where nothing was read.

    Args:
        image: RGB pixels.
        known: Boxes of the lines that were read.
    """
    gradient = cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)).max(axis=2)
    outlines = (gradient > _EDGE).astype(np.uint8)
    for box in known:
        outlines[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(outlines, connectivity=8)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    letter = (high >= _LOWEST) & (high <= _HIGHEST) & (wide >= _SLIMMEST) & (wide <= _BROADEST)
    letter[0] = False
    if letter.sum() < _LETTERS * _WORDS:
        return False
    kept = letter[labels].astype(np.uint8)
    reach = max(2, round(_APART * float(np.median(high[letter]))))
    joined = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((1, 2 * reach + 1), np.uint8))
    words, owner, sizes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    centres = stats[:, :2] + stats[:, 2:4] // 2
    inside = owner[centres[letter, 1], centres[letter, 0]]
    letters = np.bincount(inside, minlength=words)
    found = (letters >= _LETTERS) & (sizes[:, cv2.CC_STAT_WIDTH] > 2 * sizes[:, cv2.CC_STAT_HEIGHT])
    return int(found[1:].sum()) >= _WORDS
