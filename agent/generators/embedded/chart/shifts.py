"""How far what is drawn lies off, to a fraction of a pixel: from how its pixels would change if it moved."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.types import Box
from renderers.types import Image

Grey = NDArray[np.float32]
Shift = tuple[float, float]
"""Pixels across and down."""

_ROOM = 2
"""Pixels round a drawing that are looked at."""
_REACH = 8
"""Pixels by which a drawing may lie off."""
_STEPS = 6
_SETTLED = 0.01
_FAINT = 4.0
"""Levels of contrast below which nothing is drawn."""
_EXPLAINED = 0.9
"""Share of the difference that may be left where a shift explains it."""
_LEAST_SIDE = 5
"""Pixels of a drawing's side below which it lies anywhere."""
_ONE_WAY = 400
"""Condition from which a drawing has slopes one way only, and may lie anywhere along the other."""


def grey(image: Image) -> Grey:
    """Lightness, in which shifts are measured."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.float32)


def shift_of(reference: Grey, render: Grey, boxes: Sequence[Box]) -> Shift | None:
    """How far the drawings in some boxes must move in the render to lie as in the reference; the median.

    None where that cannot be told.
    """
    found = [shift for box in boxes if (shift := _shift(reference, render, box)) is not None]
    if not found:
        return None
    across, down = zip(*found, strict=True)
    return float(median(across)), float(median(down))


def _shift(reference: Grey, render: Grey, box: Box) -> Shift | None:
    height, width = reference.shape
    edge = _REACH + 1
    x0, y0 = max(edge, int(box.x0) - _ROOM), max(edge, int(box.y0) - _ROOM)
    x1 = min(width - edge, int(np.ceil(box.x1)) + _ROOM)
    y1 = min(height - edge, int(np.ceil(box.y1)) + _ROOM)
    if x1 - x0 < _LEAST_SIDE or y1 - y0 < _LEAST_SIDE:
        return None
    want = reference[y0:y1, x0:x1]
    field = render[y0 - edge : y1 + edge, x0 - edge : x1 + edge]
    if want.std() < _FAINT or field.std() < _FAINT:
        return None
    return _registered(want, field, edge)


def _registered(want: Grey, field: Grey, edge: int) -> Shift | None:
    """Gauss-Newton steps from the best whole pixel on (Lucas and Kanade 1981)."""
    misses = cv2.matchTemplate(field, want, cv2.TM_SQDIFF)
    start = float(misses[edge, edge])
    _, _, (column, row), _ = cv2.minMaxLoc(misses)
    at = np.array([edge - column, edge - row], dtype=float)
    for _ in range(_STEPS):
        moved = _moved(field, at)
        slopes = np.asarray(np.gradient(moved))
        down, across = -slopes[:, edge:-edge, edge:-edge]
        off = want - moved[edge:-edge, edge:-edge]
        normal = np.array(
            [[(across * across).sum(), (across * down).sum()], [(across * down).sum(), (down * down).sum()]]
        )
        if np.linalg.cond(normal) > _ONE_WAY:
            return None
        step = np.linalg.solve(normal, [(across * off).sum(), (down * off).sum()])
        at += step.clip(-0.7, 0.7)
        if np.abs(at).max() > _REACH:
            return None
        if np.abs(step).max() < _SETTLED:
            break
    left = float(((want - _moved(field, at)[edge:-edge, edge:-edge]) ** 2).sum())
    return (float(at[0]), float(at[1])) if left <= _EXPLAINED * start else None


def _moved(field: Grey, by: NDArray[np.float64]) -> Grey:
    matrix = np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float64)
    size = field.shape[1], field.shape[0]
    moved = cv2.warpAffine(field, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.float32)
