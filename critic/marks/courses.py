"""Lines that run over other marks from side to side: taken off an area, they leave what they run over."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from critic.marks.claims import Sight
from critic.marks.geometry import Mask
from critic.reading.chart.colours import Colour
from critic.reading.chart.frames import runs
from critic.reading.chart.plot import Plot
from renderers.types import Image

_THICK = 7
"""Pixels across the square that no line holds: 4 points are 5.6."""
_SOLID = 0.05
"""Share of a colour that may lie in such squares: where a line folds back."""
_ACROSS, _PIECE = 0.4, 24
"""Share of the area's width that the pieces of a line run along, and pixels across each: between the others
that cross it, and candles that cover it, an average shows so much."""
_BROKEN = 9
"""Pixels across the square that joins the dashes of a line, and its pieces between others that cross it."""
_SHOWN = 0.5
"""Share of the columns of its way in which a line shows."""
_RIM = 3
"""Pixels across the square that takes the blended rims of a line with it."""


def without_courses(sight: Sight) -> Plot:
    """The area without the colours that are lines across it; the same one where none is."""
    plot = sight.plot
    lines = [layer.mask for layer in sight.layers if _runs_across(layer.mask)]
    if not lines:
        return plot
    mask = np.logical_or.reduce(lines).astype(np.uint8)
    mask = cv2.dilate(mask, np.ones((_RIM, _RIM), np.uint8))
    return replace(plot, pixels=_bridged(plot.pixels, mask.astype(bool), plot.face))


def _runs_across(mask: Mask) -> bool:
    """Whether ink is thin and hangs together, but for gaps, over much of the width."""
    ink = mask.astype(np.uint8)
    if cv2.erode(ink, np.ones((_THICK, _THICK), np.uint8)).sum() > _SOLID * ink.sum():
        return False
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((_BROKEN, _BROKEN), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    long = stats[:, cv2.CC_STAT_WIDTH] >= _PIECE
    long[0] = False  # the ground
    wide = int(stats[long, cv2.CC_STAT_WIDTH].sum())
    shown = int((mask & long[labels]).any(axis=0).sum())
    return wide > _ACROSS * mask.shape[1] and shown > _SHOWN * wide


def _bridged(pixels: Image, mask: Mask, face: Colour) -> Image:
    """Pixels with what lies above and below a mask drawn on over it, each over its half."""
    found = pixels.copy()
    high = len(pixels)
    for column in np.where(mask.any(axis=0))[0].tolist():
        for start, end in runs(mask[:, column]):
            above = pixels[start - 1, column] if start > 0 else face
            below = pixels[end, column] if end < high else face
            middle = (start + end) // 2
            found[start:middle, column], found[middle:end, column] = above, below
    return found
