"""Bands of a tall picture, each as high as OCR can take without making its letters smaller."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.types import Image

_HIGH = 1000
"""Pixels of a band, about: the engine reduces what is larger than 2,000, and pictures are doubled for it."""

_SLACK = 200
"""Pixels by which a band may be higher or lower, so that it ends between two lines of text."""

_GAP = 5
"""Rows round a cut that should be empty: the engine draws its boxes that far round letters."""


def bands_of(image: Image) -> Iterator[tuple[int, Image]]:
    """Cut a picture between its lines of text.

    Args:
        image: RGB pixels.

    Yields:
        Where each band begins, in pixels from the top, and its pixels; the picture itself where it is low, or
        so wide that a band of it would not be read better.
    """
    height, width = image.shape[:2]
    high = max(_HIGH, width)
    if height <= high + _SLACK:
        yield 0, image
        return
    drawn, top = _drawn(image), 0
    while height - top > high + _SLACK:
        first = top + high - _SLACK
        bottom = first + int(np.argmin(drawn[first : first + 2 * _SLACK]))
        yield top, image[top:bottom]
        top = bottom
    yield top, image[top:]


def _drawn(image: Image) -> NDArray[np.float32]:
    """How much changes from left to right around each row: little between two lines of text."""
    steps = cv2.absdiff(image[:, 1:], image[:, :-1]).max(axis=2).mean(axis=1, dtype=np.float32)
    return np.asarray(cv2.blur(steps[:, None], (1, 2 * _GAP + 1))[:, 0])
