"""The places where render and reference differ most, enlarged beside each other on one sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.evidence import strong_difference
from critic.similarity import fit_to
from critic.types import Box
from renderers.types import Image

_MOST = 3
"""Places on a sheet."""

_SIDE = 224
"""Pixels of a place's longer side on the sheet, which has at most 456 x 688: some 300 tokens of a model's."""

_SHARE, _LEAST = 0.125, 32
"""Of the picture's longer side that a place takes, and pixels: a word of a label, the corner of an icon."""

_WORTH = 1.2
"""Enlargement from which a place shows more than the pictures as they were sent."""

_PIXELS = 12
"""That differ strongly in a place which is shown."""

_GAP, _GREY = 8, 128


@dataclass(frozen=True, slots=True)
class Sheet:
    """Places in rows: the reference's on the left, the render's on the right.

    Attributes:
        image: RGB pixels.
        boxes: Where each row is from, in the reference's pixels.
    """

    image: Image
    boxes: tuple[Box, ...]


def details(reference: Image, render: Image, sent: float = 1.0) -> Sheet | None:
    """The places that differ most; None where none does, or none would be seen better.

    Args:
        reference: The picture to reproduce.
        render: The picture made; brought to the reference's size first.
        sent: Size at which the pictures are sent besides, as a share of their own.
    """
    fitted = fit_to(reference, render)
    height, width = reference.shape[:2]
    side = max(_LEAST, round(_SHARE * max(height, width)))
    window = min(side, width), min(side, height)
    scale = _SIDE / max(window)
    if scale < _WORTH * sent:
        return None
    boxes = _worst(strong_difference(reference, fitted), window)
    if not boxes:
        return None
    rows = [
        np.hstack([_cut(reference, box, scale), _gap(box, scale), _cut(fitted, box, scale)]) for box in boxes
    ]
    between = np.full((_GAP, rows[0].shape[1], 3), _GREY, np.uint8)
    parts = [part for row in rows for part in (between, row)][1:]
    return Sheet(np.ascontiguousarray(np.vstack(parts)), tuple(boxes))


def _worst(strong: NDArray[np.bool_], window: tuple[int, int]) -> list[Box]:
    """The windows that hold most of what differs, one after the other, each without those before it."""
    left, found = strong.astype(np.float32), []
    across, down = window
    for _ in range(_MOST):
        sums = cv2.boxFilter(left, -1, window, anchor=(0, 0), normalize=False, borderType=cv2.BORDER_CONSTANT)
        inside = sums[: strong.shape[0] - down + 1, : strong.shape[1] - across + 1]
        y, x = (int(at) for at in np.unravel_index(int(inside.argmax()), inside.shape))
        if inside[y, x] < _PIXELS:
            break
        left[y : y + down, x : x + across] = 0.0
        found.append(Box(x, y, x + across, y + down))
    return found


def _cut(image: Image, box: Box, scale: float) -> Image:
    x0, y0, x1, y1 = (int(edge) for edge in box)
    size = round((x1 - x0) * scale), round((y1 - y0) * scale)
    how = cv2.INTER_CUBIC if scale > 1.0 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image[y0:y1, x0:x1], size, interpolation=how), dtype=np.uint8)


def _gap(box: Box, scale: float) -> Image:
    return np.full((round(box.height * scale), _GAP, 3), _GREY, np.uint8)
