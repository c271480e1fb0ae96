"""How text is laid out, in ruled cells, in blocks, beside a bar: tells tables and pages from charts."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.types import Box
from renderers.types import Image

_STEP = 40
"""Levels by which a rule differs from what is beside it."""

_RULE = 21
"""Pixels that a rule runs straight at least, also where the page is askew by two degrees: 28 from one step
to the next."""

_LARGE_CELL = 0.25
"""Of the picture's area; a chart's frame is larger, a table's cells are smaller."""

_LINES_IN_CELL = 4
"""A cell holds few lines of text."""

_FEW_CELLS = 4
"""Fewer cells are boxes, not a table."""

_SAME_EDGE, _NEXT_LINE = 0.4, 2.5
"""Lines of one block begin within so many text heights of one another, and follow within so many."""

_SIDEBAR = (0.08, 0.35)
"""Widths of a bar along a side, of the picture's."""

_OF_ONE_COLOUR = 0.8
"""Share of a bar that has its colour; the rest is text and icons."""

_BAR_STEP = 16
"""Levels by which a bar's colour differs from the ground's."""
_ENDED = 0.5
"""Share of a column's pixels that have the bar's colour below which the bar has ended."""


def celled(image: Image, boxes: list[Box]) -> float:
    """The share of text lines that stand in closed cells between rules.

    Args:
        image: RGB pixels.
        boxes: Where the text lines are.
    """
    gradient = cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=2)
    strong = (gradient > _STEP).astype(np.uint8)
    rules = cv2.max(
        *(cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones(s, np.uint8)) for s in ((1, _RULE), (_RULE, 1)))
    )
    free = (cv2.dilate(rules, np.ones((3, 3), np.uint8)) == 0).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    held: dict[int, list[Box]] = {}
    for box in boxes:
        held.setdefault(_cell_of(box, labels), []).append(box)
    height, width = image.shape[:2]
    cells = [
        inside
        for label, inside in held.items()
        if label
        and not _at_rim(stats[label], width, height)
        and stats[label, cv2.CC_STAT_AREA] < _LARGE_CELL * width * height
        and len(inside) <= _LINES_IN_CELL
    ]
    return sum(map(len, cells)) / len(boxes) if len(cells) >= _FEW_CELLS else 0.0


def _cell_of(box: Box, labels: NDArray[np.int32]) -> int:
    """The label that most around a text has, whose letters may look like rules; 0 where there is none."""
    inside = labels[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
    found = inside[inside > 0]
    return int(np.bincount(found).argmax()) if found.size else 0


def _at_rim(stats: NDArray[np.int32], width: int, height: int) -> bool:
    left, top, across, down = (int(value) for value in stats[:4])
    return left <= 1 or top <= 1 or left + across >= width - 1 or top + down >= height - 1


def stacked(boxes: list[Box], text_height: float) -> float:
    """The share of text lines that begin where one close above or below them begins."""
    left = np.array([box.x0 for box in boxes])
    middle = np.array([(box.y0 + box.y1) / 2 for box in boxes])
    below = np.abs(middle[:, None] - middle)
    near = (below > 0.5 * text_height) & (below <= _NEXT_LINE * text_height)
    return float((near & (np.abs(left[:, None] - left) <= _SAME_EDGE * text_height)).any(axis=1).mean())


def has_sidebar(image: Image, boxes: list[Box]) -> bool:
    """Whether a strip down the left or the right side has a colour of its own, and text on it."""
    height, width = image.shape[:2]
    ground = np.median(image[:: max(1, height // 64), :: max(1, width // 64)].reshape(-1, 3), axis=0)
    for flip in (False, True):
        view = image[:, ::-1] if flip else image
        colour = np.median(view[:, : max(1, int(_SIDEBAR[0] * width))].reshape(-1, 3), axis=0)
        if np.abs(colour - ground).max() <= _BAR_STEP:
            continue
        own = (np.abs(view.astype(np.int16) - colour).max(axis=2) <= _BAR_STEP // 2).mean(axis=0)
        end = int(np.argmax(own < _ENDED)) if (own < _ENDED).any() else width
        if not _SIDEBAR[0] <= end / width <= _SIDEBAR[1] or own[:end].mean() < _OF_ONE_COLOUR:
            continue
        inside = [box for box in boxes if (width - box.x0 if flip else box.x1) <= end]
        if len(inside) > 1:
            return True
    return False
