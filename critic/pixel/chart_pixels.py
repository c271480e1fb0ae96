"""Where two pictures of charts differ by more than anti-aliasing: the channel without OCR."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.pixel.ledger import Mask
from critic.types import Box
from renderers.types import Image

_TOLERANCE = 48
"""Channel difference that anti-aliasing and JPEG may make of equal pixels."""
_MISSED = 0.45
"""Share of full ink that is drawn on one side alone: half is what a shift by half a pixel can do."""
_SPECK, _OTHER_GLYPHS = 3.0, 0.02
"""Pixels, and share of both inks, from which glyphs are other ones: a full stop has more."""


def differing(reference: Image, render: Image, tolerance: float = _TOLERANCE) -> Mask:
    """Pixels whose colour the other picture does not show within a pixel: shifts below that do not count."""
    return _unmatched(reference, render, tolerance) | _unmatched(render, reference, tolerance)


def _unmatched(one: Image, other: Image, tolerance: float) -> Mask:
    kernel = np.ones((3, 3), np.uint8)
    low = cv2.erode(other, kernel).astype(np.int16) - int(tolerance)
    high = cv2.dilate(other, kernel).astype(np.int16) + int(tolerance)
    value = one.astype(np.int16)
    return np.asarray(((value < low) | (value > high)).any(axis=2))


def count_in(mask: Mask, box: Box, margin: float = 0) -> int:
    """Differing pixels in a box."""
    x0, y0 = max(0, int(box.x0 - margin)), max(0, int(box.y0 - margin))
    x1, y1 = int(np.ceil(box.x1 + margin)), int(np.ceil(box.y1 + margin))
    return int(mask[y0:y1, x0:x1].sum()) if x1 > x0 and y1 > y0 else 0


def regions(mask: Mask, least: int, join: int = 9) -> list[tuple[Box, int]]:
    """Boxes of what is left, near pixels joined, with their pixel counts; largest first."""
    joined = cv2.dilate(mask.astype(np.uint8), np.ones((join, join), np.uint8))
    count, labels, _, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for index in range(1, count):
        rows, columns = np.where((labels == index) & mask)
        if len(rows) >= least:
            box = Box(
                float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)
            )
            found.append((box, len(rows)))
    return sorted(found, key=lambda item: -item[1])


def glyphs_differ(reference: Image, render: Image, one: Box, other: Box) -> bool:
    """Whether two texts' inks, laid on each other, are different glyphs rather than shifted ones."""
    a, b = _ink(reference, one), _ink(render, other)
    height, width = max(a.shape[0], b.shape[0]) + 4, max(a.shape[1], b.shape[1]) + 4
    base = np.zeros((height, width), np.float32)
    base[2 : 2 + a.shape[0], 2 : 2 + a.shape[1]] = a
    least = np.inf
    for dy in range(5):
        for dx in range(5):
            moved = np.zeros((height, width), np.float32)
            part = b[: height - dy, : width - dx]
            moved[dy : dy + part.shape[0], dx : dx + part.shape[1]] = part
            # Sub-pixel shifts blur strokes: a pixel counts where neither neighbourhood explains it.
            miss = np.maximum(
                base - cv2.dilate(moved, np.ones((3, 3))), moved - cv2.dilate(base, np.ones((3, 3)))
            )
            least = min(least, float((miss > _MISSED).sum()))
    return bool(least > max(_SPECK, _OTHER_GLYPHS * float(a.sum() + b.sum())))


def _ink(image: Image, box: Box) -> NDArray[np.float32]:
    region = image[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))].astype(np.float32)
    if region.size == 0:
        return np.zeros((1, 1), np.float32)
    edge = np.concatenate((region[0], region[-1], region[:, 0], region[:, -1]))
    away = np.abs(region - np.median(edge, axis=0)).max(axis=2)
    return np.asarray(away / max(float(away.max()), 1.0), dtype=np.float32)
