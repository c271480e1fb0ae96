"""The same window of two pictures, compared without reading what it shows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import distance
from critic.types import Box
from renderers.types import Image

_STEPS = (-1, 0, 1)


def cut(image: Image, box: Box) -> Image:
    """The part of the picture inside the box; empty where they do not meet."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(np.floor(box.x0))), max(0, int(np.floor(box.y0)))
    x1, y1 = min(width, int(np.ceil(box.x1))), min(height, int(np.ceil(box.y1)))
    return image[y0 : max(y0, y1), x0 : max(x0, x1)]


def is_plain(pixels: Image) -> bool:
    """Whether there is nothing to see but a flat or smoothly changing ground."""
    if pixels.size == 0:
        return True
    values = pixels.astype(np.int16)
    steps = [np.abs(np.diff(values, axis=axis)).max(initial=0) for axis in (0, 1)]
    return bool(max(steps) < 12)


def unlike(first: Image, second: Image) -> float:
    """How different two windows are, 0 for equal up to a pixel's shift, about 1 for unrelated ones.

    The sum of differences against the sum of what there is to see, at the best of nine shifts: letters that
    fall differently on the pixel grid are no difference.
    """
    if first.shape != second.shape or min(first.shape[:2]) < 5:
        return 0.0 if np.array_equal(first, second) else 1.0
    a = first.astype(np.float32)
    b = second.astype(np.float32)
    inner = a[1:-1, 1:-1]
    seen = float(_detail(first) + _detail(second)) / 2
    least = np.inf
    for dy in _STEPS:
        for dx in _STEPS:
            moved = b[1 + dy : b.shape[0] - 1 + dy, 1 + dx : b.shape[1] - 1 + dx]
            least = min(least, float(np.abs(inner - moved).max(axis=2).sum()))
    return least / max(seen, 1.0)


def _detail(pixels: Image) -> float:
    """How much there is to see: the sum of distances from the commonest shade."""
    flat = pixels.reshape(-1, 3)
    ground = np.median(flat, axis=0)
    return float(distance(flat, ground).sum())


def alike(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Correlation of two covers stretched to one size, 1 for the same shapes."""
    height = max(first.shape[0], second.shape[0], 8)
    width = max(first.shape[1], second.shape[1], 8)
    a, b = (
        np.asarray(
            cv2.GaussianBlur(cv2.resize(c, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 1.0),
            dtype=np.float32,
        )
        for c in (first, second)
    )
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


def find(template: Image, image: Image) -> tuple[int, int, float]:
    """Where in the picture a template fits best, and how well (normalised correlation)."""
    scores = cv2.matchTemplate(image, np.ascontiguousarray(template), cv2.TM_CCOEFF_NORMED)
    scores = np.nan_to_num(scores, nan=-1.0, posinf=-1.0, neginf=-1.0)
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    return int(x), int(y), float(best)
