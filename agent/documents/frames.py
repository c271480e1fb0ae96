"""Pale frames round figures, as spreadsheets draw them round charts: what is in one is one figure."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.types import Box
from renderers.types import Image

Mask = NDArray[np.bool_]

_FAINT = 16
"""Levels by which a frame differs from the paper: spreadsheets draw it in #d9d9d9, 38 levels from white."""

_LEAST = 8.0
"""Text heights that a framed figure is wide and high at least; smaller frames are cells and buttons."""

_SIDE = 0.9
"""Share of each side that the frame covers."""

_MOST = 0.5
"""Share of a page that a frame holds at most; a larger one is the page's."""

_THICK = 4
"""Pixels that a frame is thick at most."""


def frames_of(pixels: Image, paper: NDArray[np.uint8], unit: float) -> list[Box]:
    """The boxes of thin closed frames, but for those of whole pages.

    Args:
        pixels: RGB pixels of a page.
        paper: The colour of its paper.
        unit: Text heights in pixels.
    """
    differs = (np.abs(pixels.astype(np.int16) - paper.astype(np.int16)).max(axis=2) > _FAINT).astype(np.uint8)
    long = max(_THICK + 1, round(_LEAST * unit / 2))
    level = _thin(differs, (1, long))
    upright = _thin(differs.T, (1, long)).T
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_or(level, upright), connectivity=8)
    found = [Box(*map(float, (x, y, x + wide, y + high))) for x, y, wide, high, _ in stats[1:count]]
    large = [box for box in found if min(box.width, box.height) >= _LEAST * unit]
    large = [box for box in large if box.area <= _MOST * differs.size]
    return [box for box in large if _closes(level, upright, box)]


def _thin(ink: NDArray[np.uint8], run: tuple[int, int]) -> NDArray[np.uint8]:
    """Level strokes that are long and thin."""
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(run, np.uint8))
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_THICK + 1, _THICK + 1), np.uint8))
    return np.asarray(cv2.subtract(strokes, thick), np.uint8)


def _closes(level: NDArray[np.uint8], upright: NDArray[np.uint8], box: Box) -> bool:
    """Whether all four sides of a box are drawn."""
    x0, y0, x1, y1 = (int(edge) for edge in box)
    sides = [level[y : y + _THICK, x0:x1].any(axis=0).mean() for y in (y0, y1 - _THICK)]
    sides += [upright[y0:y1, x : x + _THICK].any(axis=1).mean() for x in (x0, x1 - _THICK)]
    return bool(min(sides) >= _SIDE)


def in_frames(boxes: Sequence[Box], frames: Sequence[Box]) -> list[Box]:
    """The outermost of the frames that hold some of the boxes and are exceeded by none."""
    whole = [
        frame
        for frame in frames
        if any(frame.holds(box) for box in boxes)
        and all(frame.holds(box) or not frame.meets(box) for box in boxes)
    ]
    return [frame for frame in whole if not any(o is not frame and o.holds(frame) for o in whole)]
