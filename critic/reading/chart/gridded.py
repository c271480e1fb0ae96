"""Axes without spines whose grid lines span the whole rectangle (fivethirtyeight's style, Chart.js's)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far, near, palette
from critic.reading.chart.frames import Frame, in_places, runs
from critic.reading.chart.plot import GREY_LINE
from renderers.types import Image

_DASHED = 5
"""Pixels across the window that joins the dots of a grid: matplotlib's gaps of 1.65 line widths are two."""
_PIECE = 5
"""Shorter stretches of a grid line's colour may be the anti-aliasing of letters."""
_ROUNDED = 2
"""Working pixels by which two edges differ that are one: both are rounded, and rims are blended."""
_SHORT_TICK, _LONG_TICK = 3, 12
"""Working pixels that grid lines stick out as tick marks: Chart.js's have 8, Plotly's 5."""
_AS_DARK, _CROSSED = 6, 0.7
"""Levels by which a line may be paler than the grid, and share of the area that it crosses at least."""
_GRID = 2
"""Lines each way that make a grid."""
_WHOLE = 0.9
"""Share of a side along which its spine shows: marks may stand before some of it."""
_INSET, _FILLED = 3, 0.3
"""Pixels from the edges within which a spine ends, and share of grey beyond from which it is a filling."""


def gridded_frames(image: Image, background: Colour) -> list[Frame]:
    """The rectangle that grid lines both ways span; empty where there is none.

    Args:
        image: RGB pixels.
        background: The colour around the drawing.
    """
    height, width = image.shape[:2]
    # Among greys only: a pale one may look like a blend of a stronger colour.
    greys = image[np.ptp(image, axis=2) <= GREY_LINE]
    for colour, _ in palette(greys, background, max(width, height), 8):
        mask = near(image, colour, 6)
        for across, down in ((mask, mask.T), (_joined(mask), _joined(mask.T))):
            frame = _spanned(image, background, colour, across, down)
            if frame is not None:
                return in_places([frame], width, height)
    return []


def _spanned(
    image: Image, background: Colour, colour: Colour, across: NDArray[np.bool_], down: NDArray[np.bool_]
) -> Frame | None:
    """The rectangle that lines of a colour span, along the rows and along the columns of a picture."""
    height, width = image.shape[:2]
    rows = np.where(across.sum(axis=1) > 0.35 * width)[0]
    columns = np.where(down.sum(axis=1) > 0.35 * height)[0]
    if len(rows) < _GRID or len(columns) < _GRID or len(rows) > height // 8:
        return None
    spans = [_stretch(across[row]) for row in rows]
    drops = [_stretch(down[column]) for column in columns]
    left, right = (int(np.median([s[end] for s in spans])) for end in (0, 1))
    top, bottom = (int(np.median([d[end] for d in drops])) for end in (0, 1))
    left, right = _at_line(left, columns[0]), _at_line(right, columns[-1])
    top, bottom = _at_line(top, rows[0]), _at_line(bottom, rows[-1])
    left, bottom = _without_ticks(image, background, colour, (left, top, right, bottom))
    if right - left <= width / 4 or bottom - top <= height / 4:
        return None
    sides = _darker_sides(image, colour, background, (left, top, right, bottom))
    # A line at position p is drawn into the pixel p; one that ends there ends before it.
    return Frame(left, top, right + (not sides[2]), bottom + (not sides[3]), sides, gridded=True)


def _joined(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask in which the dashes of lines along the rows are joined."""
    ink = np.ascontiguousarray(mask, np.uint8)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _DASHED), np.uint8)) > 0)


def _without_ticks(
    image: Image, background: Colour, colour: Colour, box: tuple[int, int, int, int]
) -> tuple[int, int]:
    """The left and lower edges where lines stick out to labels, as Chart.js's: they are tick marks there.

    The axes' own lines may be darker than the grid: where they lie on its lines, both are seen.
    """
    left, top, right, bottom = box
    grey = np.ptp(image, axis=2) <= GREY_LINE
    least = int(np.abs(colour - background).max()) - _AS_DARK
    line = grey & far(image, background, least)
    columns = np.where(line[top:bottom].mean(axis=0) > _CROSSED)[0]
    rows = np.where(line[:, left:right].mean(axis=1) > _CROSSED)[0]
    columns, rows = columns[columns >= left], rows[rows <= bottom]
    if not len(columns) or not len(rows):
        return left, bottom
    beside, below = int(columns[0]) - left, bottom - int(rows[-1])
    if abs(beside - below) <= _ROUNDED and _SHORT_TICK <= beside <= _LONG_TICK:
        return int(columns[0]), int(rows[-1])
    return left, bottom


def _darker_sides(
    image: Image, colour: Colour, background: Colour, box: tuple[int, int, int, int]
) -> tuple[bool, bool, bool, bool]:
    """Which of left, top, right and bottom have a grey line that is darker than the grid's."""
    left, top, right, bottom = box
    darker = (
        np.abs(image.astype(np.int16) - background).max(axis=2) > np.abs(colour - background).max() + _AS_DARK
    )
    spine = darker & (np.ptp(image, axis=2) <= GREY_LINE)
    inner = spine[top + _INSET : bottom - _INSET, left + _INSET : right - _INSET]
    if not inner.size or inner.mean() > _FILLED:
        return (False,) * 4
    lines = (
        spine[top:bottom, left],
        spine[top, left:right],
        spine[top:bottom, right],
        spine[bottom, left:right],
    )
    first, second, third, fourth = (bool(line.mean() > _WHOLE) for line in lines)
    return first, second, third, fourth


def _at_line(edge: int, line: int) -> int:
    """An edge that lines end at, or the outermost line across them where that is as near as rounding."""
    return int(line) if abs(edge - line) <= _ROUNDED else edge


def _stretch(line: NDArray[np.bool_]) -> tuple[int, int]:
    """The first and last pixel of a broken line; pixels of its colour in the labels beside it are no part."""
    pieces = [(a, b) for a, b in runs(line) if b - a >= _PIECE] or runs(line)
    return pieces[0][0], pieces[-1][1] - 1
