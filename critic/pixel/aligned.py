"""Where two pictures have other shapes, at the best of some shifts that are too small to be seen.

What ``critic.pixel.visible`` asks of single pixels, fine print always answers: some neighbour has the colour.
Here the whole of a letter must fit: its window is laid on the other picture's at shifts of up to a pixel, in
steps of half a pixel, and what is left at the best of them is held against the contrast that there is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.pixel.ledger import Mask

Grey = NDArray[np.float32]
"""L* (0..100), height x width."""

_LETTER = 11
"""Side of the window in pixels: a letter of usual print. A word's would hide one wrong letter."""

_OTHER = 0.6
"""Root mean square of what is left, as a share of the window's contrast, from which shapes differ. The same
pictures drawn anew (at 120 to 300 dpi, with other hinting, half a pixel aside, as JPEG) reach 0.5 in 1 of
1,000 windows; other letters are at 0.7 to 1.4."""

_STRAY, _STRAY_SHARE = 8.0, 0.5
"""Difference in L*, and as a share of the contrast around, from which a pixel is wrong though all around it
fits: a full stop, an accent, a dash too long. The same pictures drawn anew reach 0.45 in 1 of 10,000."""

_FLOOR = 6.0
"""Contrast, as a standard deviation of L*, below which there is no shape but JPEG's noise."""

_SHIFTS = (
    (0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0),
    (0.5, 0.5), (0.5, -0.5), (-0.5, 0.5), (-0.5, -0.5),
)  # fmt: skip
"""Pixels across and down that are tried, none of which is seen."""


def shapes_differ(one: Grey, other: Grey, contrast: Grey, least: float) -> Mask:
    """The pixels that differ once the shapes round them are laid on each other as well as they can be.

    Args:
        one: A picture.
        other: Another one of its size.
        contrast: The largest difference of colours, in hue too, round each pixel of either: it tells strokes.
        least: Difference in L* below which no pixel is told from another.
    """
    allowed = np.asarray(_OTHER**2 * (np.maximum(_variance(one), _variance(other)) + _FLOOR**2))
    wrong = np.asarray(np.maximum(_STRAY, _STRAY_SHARE * contrast))
    apart = np.asarray(np.abs(one - other))
    left = _mean(apart * apart)
    doubtful = (left > allowed) | (apart > wrong)
    if not doubtful.any():
        return np.asarray(doubtful)
    x, y, width, height = cv2.boundingRect(doubtful.view(np.uint8))
    near, inner = _grown(x, y, width, height), (slice(y, y + height), slice(x, x + width))
    top, start = y - near[0].start, x - near[1].start
    within = slice(top, top + height), slice(start, start + width)
    best, stray = left[inner].copy(), apart[inner].copy()
    for shift in _SHIFTS:
        moved = np.asarray(np.abs(one[near] - _shifted(other[near], *shift)))
        now = _mean(moved * moved)[within]
        better = now < best
        best[better], stray[better] = now[better], moved[within][better]
    found = np.zeros_like(doubtful)
    found[inner] = ((best > allowed[inner]) & (apart[inner] > least)) | (stray > wrong[inner])
    return np.asarray(found & doubtful)


def _grown(x: int, y: int, width: int, height: int) -> tuple[slice, slice]:
    """A box with the room that a window at its rim needs."""
    left, top = max(0, x - _LETTER), max(0, y - _LETTER)
    return slice(top, y + height + _LETTER), slice(left, x + width + _LETTER)


def _variance(grey: Grey) -> Grey:
    return np.asarray(_mean(grey * grey) - np.square(_mean(grey)))


def _mean(values: Grey) -> Grey:
    return np.asarray(cv2.blur(values, (_LETTER, _LETTER)), dtype=np.float32)


def _shifted(grey: Grey, across: float, down: float) -> Grey:
    move = np.array([[1, 0, across], [0, 1, down]], np.float32)
    size = grey.shape[1], grey.shape[0]
    return np.asarray(cv2.warpAffine(grey, move, size, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)
