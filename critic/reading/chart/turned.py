"""Tick labels that run up or down: below an axes, as Vega-Lite sets names, or beside one, as seaborn does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far
from critic.reading.chart.description import Text
from critic.reading.chart.frames import Frame, runs
from critic.reading.chart.words import centre, read_vertical
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_AFTER_MARK = 6
"""Working pixels below the frame where labels may begin: a tick mark has 5."""
_DEEPEST = 110
"""Working pixels below the frame down to which a label may reach: 20 letters of 8 points."""
_WORD_GAP = 7
"""Rows without ink that end a label: the spaces in one have up to 5 at 10 points."""
_WIDEST, _SHORTEST = 18, 15
"""Working pixels across a turned label of 12 points at most, and along the shortest word: level digits are
lower, and level words wider."""
_MOST = 0.6
"""Share of the ticks below which such columns of ink stand from which the labels are turned."""
_MOST_READ = 16
"""Labels read on a side, as each costs a run of OCR."""
_OFF_TICK = 4
"""Working pixels by which the middle of a turned label may lie off its tick."""
_ONE_LEVEL_DIGIT = 4
"""Working pixels around a label within which what was read level in it is a part of it."""


def turned_on(
    image: Image,
    frame: Frame,
    side: str,
    marks: list[float],
    background: Colour,
    reader: Reader,
    dpi: float,
) -> list[tuple[float, Text]]:
    """The turned labels below a frame with their ticks; empty where labels are level.

    Args:
        image: RGB pixels.
        frame: The axes rectangle.
        side: Of which labels are looked for; turned ones are read below and on the left only.
        marks: Columns of the ticks below it, or rows of those beside it.
        background: The colour around the drawing.
        reader: The readings of the run.
        dpi: Dots per inch.
    """
    find = {"bottom": _strip, "left": _strip_beside}.get(side)
    if find is None:
        return []
    strips = [(mark, strip) for mark in marks if (strip := find(image, frame, mark, marks, background))]
    if not strips or len(strips) < _MOST * len(marks) or len(strips) > _MOST_READ:
        return []
    read = ((mark, read_vertical(image, strip, reader, dpi)) for mark, strip in strips)
    return [(mark, text) for mark, text in read if text is not None]


def within(texts: list[Text], label: Text) -> list[Text]:
    """The texts that are bits of a turned label, read as if they were level."""
    b, by = label.box, _ONE_LEVEL_DIGIT
    found = []
    for text in texts:
        x, y = centre(text.box)
        if b.x0 - by <= x <= b.x1 + by and b.y0 - by <= y <= b.y1 + by:
            found.append(text)
    return found


def _strip(image: Image, frame: Frame, mark: float, marks: list[float], background: Colour) -> Box | None:
    """The column of ink at a tick, where it is one of a turned word."""
    half = min(min((abs(m - mark) for m in marks if m != mark), default=2 * _WIDEST) / 2, _WIDEST)
    x0, y0 = max(0, round(mark - half)), frame.bottom + _AFTER_MARK
    region = far(image[y0 : y0 + _DEEPEST, x0 : round(mark + half) + 1], background, 60)
    if not region.any():
        return None
    end = 0
    for a, b in runs(np.asarray(region.any(axis=1))):
        if a - end > _WORD_GAP:
            break
        end = b
    rows, columns = (np.where(region[:end].any(axis=axis))[0] for axis in (1, 0))
    if not len(rows) or rows[-1] - rows[0] < _SHORTEST or columns[-1] - columns[0] > _WIDEST:
        return None
    if abs(x0 + (columns[0] + columns[-1]) / 2 - mark) > _OFF_TICK:
        return None
    left, right = x0 + int(columns[0]), x0 + int(columns[-1]) + 1
    return Box(left - 1, y0 + int(rows[0]) - 1, right + 1, y0 + int(rows[-1]) + 2)


def _strip_beside(
    image: Image, frame: Frame, mark: float, marks: list[float], background: Colour
) -> Box | None:
    """The ink of a word that runs up between the middles to the neighbouring ticks."""
    half = min((abs(m - mark) for m in marks if m != mark), default=0.0) / 2
    x1 = frame.left - _AFTER_MARK
    x0 = max(0, x1 - _WIDEST - _WORD_GAP)
    rows = np.asarray(far(image[:, x0:x1], background, 60))
    y0, y1 = (_emptiest(rows, round(mark + way * half)) for way in (-1, 1))
    region = rows[y0:y1]
    filled = runs(np.asarray(region.any(axis=0))) if region.size else []
    if not filled:
        return None
    left, right = filled[0][0], filled[-1][1]
    inked = np.where(region.any(axis=1))[0]
    long, wide = int(inked[-1] - inked[0]) + 1, right - left
    if left == 0 or wide > _WIDEST or long <= wide or long < _SHORTEST:
        return None
    if abs(y0 + (inked[0] + inked[-1]) / 2 - mark) > _OFF_TICK:
        return None
    return Box(x0 + left - 1, y0 + int(inked[0]), x0 + right + 1, y0 + int(inked[-1]) + 1)


def _emptiest(rows: NDArray[np.bool_], at: int) -> int:
    """The row with the least ink near a place between two words, which may nearly touch."""
    near = np.arange(max(0, at - _OFF_TICK), min(len(rows), at + _OFF_TICK + 1))
    if not len(near):
        return min(max(0, at), len(rows))
    # Of rows as empty as each other, the nearest.
    return int(near[np.lexsort((np.abs(near - at), rows[near].sum(axis=1)))[0]])
