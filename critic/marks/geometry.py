"""Boxes and paths of pixels, and masks that are drawn along them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.planes import Path
from critic.types import Box

Mask = NDArray[np.bool_]
Shape2D = tuple[int, int]
"""Rows and columns of a picture."""
WORKING_DPI = 100.0
"""Dots per inch at which pictures are read: what turns points into pixels here."""
POINT = WORKING_DPI / 72.0
_PIECE = 2
"""Points of one straight piece: fewer make no line, and no more enclose nothing."""
"""Pixels."""


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return Box(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
    )


def overlap(one: Box, other: Box, margin: float = 0.0) -> bool:
    """Whether two boxes meet, or come as near as a margin."""
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > -margin
        and min(one.y1, other.y1) - max(one.y0, other.y0) > -margin
    )


def off_path(points: Path, path: Path) -> NDArray[np.float64]:
    """The distance of each point from a polyline, in pixels."""
    if len(path) < _PIECE:
        return np.full(len(points), np.inf)
    start, way = path[:-1], np.diff(path, axis=0)
    length = np.maximum((way**2).sum(axis=1), 1e-9)
    rel = points[:, None, :] - start[None]
    share = np.clip((rel * way[None]).sum(axis=2) / length, 0, 1)
    return np.asarray(np.sqrt(((rel - share[..., None] * way[None]) ** 2).sum(axis=2)).min(axis=1))


def bends(path: Path, off: float) -> NDArray[np.bool_]:
    """Which points others are not straight between, but for so many pixels.

    By Ramer (1972), and Douglas and Peucker (1973).
    """
    kept = np.zeros(len(path), bool)
    kept[[0, -1]] = True
    spans = [(0, len(path) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first <= 1:
            continue
        away = off_path(path[first + 1 : last], path[[first, last]])
        worst = int(np.argmax(away))
        if away[worst] > off:
            kept[first + 1 + worst] = True
            spans += [(first, first + 1 + worst), (first + 1 + worst, last)]
    return kept


def stroked(shape: Shape2D, path: Path, width: float) -> Mask:
    """Where a line of ``width`` points may draw: with a pixel to spare on either side."""
    canvas = np.zeros(shape, np.uint8)
    if len(path) > 1:
        points = _whole(path)
        cv2.polylines(canvas, [points], False, 1, thickness=max(3, int(width * POINT) + 2))
    return canvas.astype(bool)


def dotted(shape: Shape2D, path: Path, diameters: Iterable[float]) -> Mask:
    """Where round markers so many points across may draw: with a pixel to spare all round."""
    canvas = np.zeros(shape, np.uint8)
    for (x, y), diameter in zip(_whole(path).tolist(), diameters, strict=True):
        cv2.circle(canvas, (x, y), max(2, round(diameter * POINT / 2) + 1), 1, -1)
    return canvas.astype(bool)


def boxed(shape: Shape2D, boxes: Iterable[Box]) -> Mask:
    """The pixels of boxes."""
    canvas = np.zeros(shape, bool)
    for b in boxes:
        canvas[max(0, int(b.y0)) : int(b.y1) + 1, max(0, int(b.x0)) : int(b.x1) + 1] = True
    return canvas


def filled(shape: Shape2D, path: Path) -> Mask:
    """The inside of an outline, and the outline itself."""
    canvas = np.zeros(shape, np.uint8)
    if len(path) > _PIECE:
        cv2.fillPoly(canvas, [_whole(path)], 1)
        cv2.polylines(canvas, [_whole(path)], True, 1, thickness=2)
    return canvas.astype(bool)


def _whole(path: Path) -> NDArray[np.int32]:
    """Whole pixels, however far outside values lie."""
    return np.clip(np.nan_to_num(path), -(2**15), 2**15).round().astype(np.int32)
