"""Lattices: rectangles of even cells, with lines between them or without, and colour bars beside them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.scales import Scale
from critic.marks.texts import Text
from critic.reading.chart.colours import Colour, far
from critic.reading.chart.frames import Frame, overlapping
from renderers.types import Image

_SMALLEST, _LARGEST = 8, 160
"""Pixels across the cells of a lattice, either way."""
_STRIP, _SHORTEST, SLIM = 7, 60, 6
"""Pixels across the narrowest colour bar and along the shortest, and how many times its width one is long."""
_STEP = 4
"""Pixels between the starts of neighbouring cells are more than this; those of one column differ by less."""
_LATTICE = 9
"""Cells that make a lattice where no spine surrounds them."""
_FILLED = 0.6
"""Share of the crossings of their columns and rows at which cells stand: others may be pale."""
_FULL = 0.95
"""Share of its rectangle that a colour bar covers."""
_OFF = 3
"""Pixels by which neighbouring cells differ in size, and lie off their row or column, at most."""
_SPAN_SLACK, _HALF_SLACK = 0.4, 0.06
"""Cells by which a scale's span may differ from its number of categories, and its ends from half a unit."""
_SHARP, _GENTLE = 20, 5
"""Levels by which neighbouring cells differ along an edge: usually, and in a gentle field."""
_EDGE = 0.3
"""Share of a side, texts aside, along which neighbours differ at an edge."""
_FEWEST, _MOST = 2, 60
"""Cells along a side of a heat map."""
_OFF_EDGE = 2.0
"""Pixels by which an edge may be off its even place: rounding, and half of a line between cells."""
_SHOWN = 0.6
"""Share of the edges between even cells that show: neighbours may have one colour."""
_TICKS = 7
"""Pixels across the square that takes tick marks and letters off a painted rectangle: marks have 1 or 2."""
_THIN = 5
"""Pixels across the square that takes tick marks off small cells, and leaves what lies round letters."""
_PAINTED = 0.9
"""Share of a rectangle that cells which touch each other cover: the rest is white texts in them."""
_SHADES = 5
"""Colours that a colour bar shows at least."""
_SIDE = 40
"""Pixels along the shorter side of cells that touch each other, together."""


def lattice_frames(image: Image, background: Colour, texts: Sequence[Text]) -> list[Frame]:
    """Rectangles of equal, evenly spaced cells, and colour bars, that no spine surrounds."""
    ink = far(image, background, _GENTLE).astype(np.uint8)
    # A tick mark would make the cell that it stands at a larger one.
    found = _apart(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8)))
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_TICKS, _TICKS), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    for x, y, w, h, area in stats[1:count].tolist():
        frame = Frame(x, y, x + w, y + h, (False,) * 4)
        if overlapping(frame, found):
            continue
        if _is_strip(image, frame, area):
            found.append(frame)
        elif area > _PAINTED * w * h and min(w, h) >= _SIDE:
            columns, rows = (_by_edges(image, frame, texts, across=across) for across in (True, False))
            if min(columns, rows) >= _FEWEST and columns * rows >= _LATTICE:
                found.append(frame._replace(cells=(columns, rows)))
    return sorted(found, key=lambda frame: (round(frame.top / 40), frame.left))


def _apart(ink: cv2.typing.MatLike) -> list[Frame]:
    """Cells with white lines between them."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=4)
    cells = []
    for x, y, w, h, area in stats[1:count].tolist():
        if _SMALLEST <= w <= _LARGEST and _SMALLEST <= h <= _LARGEST and area > _FILLED * w * h:
            cells.append((x, y, w, h))
    found: list[Frame] = []
    for group in _groups(cells):
        x0, y0 = min(c[0] for c in group), min(c[1] for c in group)
        x1, y1 = max(c[0] + c[2] for c in group), max(c[1] + c[3] for c in group)
        # The white lines between cells lie half outside at the rim.
        gap = _pitch([c[0] for c in group]) - float(np.median([c[2] for c in group]))
        half = round(min(gap, 8.0) / 2) if gap > 0 else 0
        frame = Frame(
            x0 - half,
            y0 - half,
            x1 + half,
            y1 + half,
            (False,) * 4,
            cells=(_lines_of(group, 0), _lines_of(group, 1)),
        )
        if not overlapping(frame, found):
            found.append(frame)
    return found


def _is_strip(image: Image, frame: Frame, area: int) -> bool:
    """Whether a rectangle is narrow, full and of many colours: a colour bar."""
    x, y, w, h = frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top
    long, short = max(w, h), min(w, h)
    if short < _STRIP or long < SLIM * short or long < _SHORTEST or area < _FULL * w * h:
        return False
    line = image[y : y + h, x + w // 2] if h > w else image[y + h // 2, x : x + w]
    return len({tuple(c) for c in line.tolist()}) >= _SHADES


def _pitch(starts: list[int]) -> float:
    steps = np.diff(sorted(set(starts)))
    steps = steps[steps > _STEP]
    return float(np.median(steps)) if len(steps) else 0.0


def _groups(cells: list[tuple[int, int, int, int]]) -> list[list[tuple[int, int, int, int]]]:
    """Cells of one size that lie next to each other, nine or more."""
    left = list(cells)
    groups = []
    while left:
        group, queue = [], [left.pop()]
        while queue:
            cell = queue.pop()
            group.append(cell)
            near = [c for c in left if _neighbours(cell, c)]
            left = [c for c in left if c not in near]
            queue += near
        if len(group) >= _LATTICE and _fills(group):
            groups.append(group)
    return sorted(groups, key=len, reverse=True)


def _fills(group: list[tuple[int, int, int, int]]) -> bool:
    """Whether cells stand in several columns and rows, at most crossings: keys of a legend stand in one."""
    columns, rows = _lines_of(group, 0), _lines_of(group, 1)
    return min(columns, rows) >= _FEWEST and len(group) >= _FILLED * columns * rows


def _lines_of(group: list[tuple[int, int, int, int]], way: int) -> int:
    """In how many columns (0) or rows (1) cells stand."""
    return 1 + int((np.diff(sorted(cell[way] for cell in group)) > _STEP).sum())


def _neighbours(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    if abs(one[2] - other[2]) > _OFF or abs(one[3] - other[3]) > _OFF:
        return False
    dx, dy = abs(one[0] - other[0]), abs(one[1] - other[1])
    return (dx < 1.5 * one[2] + 4 and dy <= _OFF) or (dy < 1.5 * one[3] + 4 and dx <= _OFF)


def cells_along(image: Image, frame: Frame, scale: Scale, texts: Sequence[Text], *, across: bool) -> int:
    """How many cells lie along a side: one a category, one a unit, or as many as edges show.

    Args:
        image: RGB pixels.
        frame: The axes rectangle.
        scale: Of that side.
        texts: What is written in it, which has edges of its own.
        across: Whether cells are counted from left to right, not from top to bottom.
    """
    count = len(scale.ticks)
    span = abs(scale.high - scale.low)
    if not scale.numeric and count >= _FEWEST and abs(span - count) < _SPAN_SLACK:
        return round(span)
    if (
        scale.numeric
        and scale.ticks
        and abs(scale.low % 1 - 0.5) < _HALF_SLACK
        and abs(scale.high % 1 - 0.5) < _HALF_SLACK
    ):
        return round(span)
    return _by_edges(image, frame, texts, across=across)


def _by_edges(image: Image, frame: Frame, texts: Sequence[Text], *, across: bool) -> int:
    """How many even cells the edges show between neighbours; 0 where they are not even."""
    top, left = frame.top + 2, frame.left + 2
    area = image[top : frame.bottom - 1, left : frame.right - 1].astype(np.int16)
    written = np.zeros(area.shape[:2], bool)
    for text in texts:
        x0, y0, x1, y1 = map(round, text.box)
        spans = ((y0 - top, y1 - top), (x0 - left, x1 - left))
        rows, columns = (slice(max(0, low - 1), max(0, high + 1)) for low, high in spans)
        written[rows, columns] = True
    if not across:
        area, written = area.transpose(1, 0, 2), written.T
    change = np.abs(np.diff(area, axis=1)).max(axis=2)
    known = ~(written[:, 1:] | written[:, :-1])
    for least in (_SHARP, _GENTLE):
        # Neighbours in a gentle field differ little, but all along an edge.
        strong = ((change > least) & known).sum(axis=0) / np.maximum(1, known.sum(axis=0))
        # The area begins 2 pixels within the frame, and a change has the number of the pixel before it.
        cells = _evenly(np.where(strong > _EDGE)[0].astype(np.float64) + 3, len(strong) + 4)
        if cells:
            return cells
    return 0


def _evenly(edges: NDArray[np.float64], length: int) -> int:
    """The fewest even cells of a length between which edges lie, nearly all of them; 0 without such."""
    inner = edges[(edges > _SMALLEST / 2) & (edges < length - _SMALLEST / 2)]
    for cells in range(_FEWEST, min(_MOST, length // _SMALLEST) + 1):
        places = np.arange(1, cells) * length / cells
        off = np.abs(inner[:, None] - places)
        if not off.size or off.min(axis=1).max() > _OFF_EDGE:
            continue
        return cells if (off.min(axis=0) <= _OFF_EDGE).mean() >= _SHOWN else 0
    return 0
