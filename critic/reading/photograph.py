"""What is photographed, or shaded like a photograph: hardly a pixel is like its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.types import Box
from renderers.types import Image

_ALIKE = 1
"""Levels up to which neighbours are alike: a gradient over 255 pixels changes by one a pixel."""

_ALIKE_SHARE, _EQUAL_SHARE = 0.65, 0.45
"""Photographs have a smaller share of pixels that are like their neighbours, and equal to them: of 31, at
most 0.60 and 0.36; of 120 charts, tables, icons and pages, at least 0.52 and 0.51, or (with gradients) 0.85
and 0.34."""

_MOST = 0.9
MANY_COLOURS = 12
"""Colours, by eights of their values, that make up nine tenths of a picture: a scanned page has 4, a dark
photograph as few, a chart up to 200."""

_BLOCK = 16
"""Side of the blocks that are looked at one by one; an avatar has three across."""

_BLOCK_ALIKE = 0.3
"""Share of alike pixels up to which a block is shaded; text on a ground has at least half."""

_BLOCK_COLOURS = 24
"""Colours of which a shaded block has more: one that text fills has shades between two colours."""


_BLOCKS = 4
"""Blocks that a photograph has at least."""


def is_photographic(image: Image) -> bool:
    """Whether hardly anything in a picture is flat, as in photographs and scans."""
    if min(image.shape[:2]) < _BLOCK:
        return False
    alike = _alike(image, _ALIKE)
    return float(alike.mean()) < _ALIKE_SHARE and float(_alike(image, 0).mean()) < _EQUAL_SHARE


def colours_of(image: Image) -> int:
    """How many colours make up nine tenths of a picture, by eights of their values."""
    _, counts = np.unique(_coarse(image), return_counts=True)
    shares = np.cumsum(np.sort(counts)[::-1]) / counts.sum()
    return int(np.searchsorted(shares, _MOST)) + 1


def shaded(image: Image, texts: Sequence[Box] = ()) -> float:
    """The share of a picture that is photographs, or shaded like them.

    Args:
        image: RGB pixels.
        texts: Where text is: letters have shades, too.
    """
    height, width = (side // _BLOCK * _BLOCK for side in image.shape[:2])
    if not height or not width:
        return 0.0
    alike = np.zeros(image.shape[:2], np.float32)
    alike[:-1, :-1] = _alike(image, _ALIKE)
    size = (width // _BLOCK, height // _BLOCK)
    share = np.atleast_2d(cv2.resize(alike[:height, :width], size, interpolation=cv2.INTER_AREA))
    found = np.zeros(share.shape, np.uint8)
    for row, column in np.argwhere(share <= _BLOCK_ALIKE).tolist():
        top, left = row * _BLOCK, column * _BLOCK
        block = _coarse(image[top : top + _BLOCK, left : left + _BLOCK])
        found[row, column] = len(np.unique(block)) > _BLOCK_COLOURS
    for text in texts:
        x0, y0, x1, y1 = (int(side) // _BLOCK for side in text)
        found[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=4)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    return float(sizes[sizes >= _BLOCKS].sum()) / share.size


def _alike(image: Image, levels: int) -> NDArray[np.bool_]:
    """Which pixels are like those right of and below them."""
    values = image.astype(np.int16)
    across, down = np.abs(np.diff(values, axis=1)).max(2), np.abs(np.diff(values, axis=0)).max(2)
    return np.asarray((across[:-1] <= levels) & (down[:, :-1] <= levels))


def _coarse(image: Image) -> NDArray[np.uint32]:
    return np.asarray((image >> 3).astype(np.uint32) @ np.array([1, 32, 1024], np.uint32))
