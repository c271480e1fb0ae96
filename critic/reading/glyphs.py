"""Compares the letters of two cells as pixels, without reading them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.types import Box
from renderers.types import Image

_HEIGHT = 24
_SLACK = 0.06
_LEAST_HIGH = 2
"""Pixels below which a text has no shape."""

_FAINTEST = 12
"""Channel levels from the ground below which there is no ink."""

Patch = NDArray[np.float32]


def glyph_difference(reference: Image, box: Box, render: Image, other: Box) -> float:
    """How far two texts differ where they differ most: 0 for the same letters, near 1 for other ones.

    Both inks are brought to one height. Texts of clearly different width differ; else the largest difference
    over a window of one letter counts, so that one digit among many is seen.
    """
    first, second = _patch(reference, box), _patch(render, other)
    if first is None or second is None:
        return 0.0 if first is second else 1.0
    width = first.shape[1]
    if abs(second.shape[1] - width) > max(3.0, _SLACK * width):
        return 1.0
    second = np.asarray(cv2.resize(second, (width, _HEIGHT), interpolation=cv2.INTER_LINEAR), np.float32)
    return min(_local(first, np.roll(second, shift, axis=1)) for shift in (-1, 0, 1))


def _local(first: Patch, second: Patch) -> float:
    """The largest difference over any window as wide as a letter, as a share of the ink there."""
    soft = [cv2.GaussianBlur(patch, (0, 0), 1.2) for patch in (first, second)]
    apart = np.abs(soft[0] - soft[1]).sum(axis=0)
    ink = np.maximum(soft[0], soft[1]).sum(axis=0)
    window = np.ones(_HEIGHT // 2)
    apart, ink = np.convolve(apart, window, "same"), np.convolve(ink, window, "same")
    enough = ink > 0.2 * ink.max()
    return float((apart[enough] / ink[enough]).max()) if enough.any() else 0.0


def _patch(image: Image, box: Box) -> Patch | None:
    """The ink of a text as 0..1, at one height."""
    y0, y1, x0, x1 = int(box.y0), int(np.ceil(box.y1)), int(box.x0), int(np.ceil(box.x1))
    crop = image[max(0, y0) : y1, max(0, x0) : x1].astype(np.float32)
    if crop.shape[0] < _LEAST_HIGH or crop.shape[1] < 1:
        return None
    rim = image[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2].reshape(-1, 3)
    values, counts = np.unique(rim // 8, axis=0, return_counts=True)
    ground = values[counts.argmax()].astype(np.float32) * 8 + 4
    shade = np.abs(crop - ground).max(axis=2)
    peak = float(np.percentile(shade, 98))
    if peak < _FAINTEST:
        return None
    width = max(2, round(crop.shape[1] * _HEIGHT / crop.shape[0]))
    scaled = cv2.resize(np.clip(shade / peak, 0, 1), (width, _HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, dtype=np.float32)
