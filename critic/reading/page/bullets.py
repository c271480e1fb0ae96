"""A list's sign that OCR read as the first letter of its line."""

from __future__ import annotations

import re

import numpy as np

from critic.reading.page.colours import distance
from critic.reading.page.ink import ground_of
from critic.types import Box
from renderers.types import Image

BULLET = re.compile(r"^[•■▪●◦·∙]\s*(?=\S)")
"""What OCR makes of a bullet."""

_INKED = 60.0
"""Channel levels from the ground from which a column has ink."""

_WIDE, _GAP = 0.6, 0.1
"""Heights of a line that a bullet is wide at most, and that it stands off its words at least."""


def without_bullet(image: Image, text: str, region: Box) -> tuple[str, Box]:
    """The line without its bullet: its words, and the part of its region that has them.

    Args:
        image: The picture.
        text: What OCR read.
        region: Where it lies, in whole pixels.
    """
    start = BULLET.match(text)
    if start is None:
        return text, region
    x0, y0, x1, y1 = (int(value) for value in region)
    pixels = image[y0:y1, x0:x1]
    words = text[start.end() :]
    if pixels.size == 0:
        return words, region
    inked = (distance(pixels, ground_of(pixels)) > _INKED).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inked, [False])).astype(np.int8)))
    begins, ends = edges[::2], edges[1::2]
    high = y1 - y0
    if len(begins) > 1 and ends[0] - begins[0] <= _WIDE * high and begins[1] - ends[0] >= _GAP * high:
        return words, region._replace(x0=float(x0 + (ends[0] + begins[1]) // 2))
    return words, region
