"""Tick marks along the sides of an axes rectangle, or the grid lines that stand for them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far
from critic.reading.chart.frames import Frame, runs
from critic.reading.chart.inner_ticks import inner_marks, major
from critic.reading.chart.plot import face_of
from renderers.types import Image

Side = Literal["bottom", "top", "left", "right"]
_END = 12
"""Pixels at either end of a grid line that no mark hides."""
_MARK_WIDTH = 3
"""Working pixels across a tick mark at most: matplotlib's has 0.8 points, which are 1.1."""
_GREY = 24
"""Levels between a pixel's channels within which it is grey, as grid lines are."""
_LINED = 0.45
"""Share of a row or column with ink from which a grid line runs there: marks or gaps take the rest."""
_LINE_WIDTH = 5
"""Working pixels across a grid line at most: what is wider is an area."""
_OTHER_COLOUR = 16
"""Levels between both sides of a column from which two areas meet there: a translucent bar over white may
have 30, JPEG leaves 10 beside strong edges."""
_SEAM = 0.8
"""Share of a line's ink with other colours on both sides, above which it is a seam: what is behind a line
is the same on both sides."""


def marks_on(image: Image, frame: Frame, side: Side, background: Colour, away: int = 4) -> list[float]:
    """Positions along a side of the tick marks that stick out by at least ``away`` pixels."""
    across = side in ("bottom", "top")
    if frame.gridded:
        outside = ticks_beside(image, frame, side, background, away)
        if len(outside) > 1:
            return outside
        lines = _grid_positions(image, frame, across=across, background=background)
        based = lines and frame.sides[3] and not across
        return [*(at for at in lines if at < frame.bottom - 2), float(frame.bottom)] if based else lines
    outside = _sticking_out(image, frame, side, background, away)
    return outside or major(inner_marks(image, frame, side, face_of(image, frame)))


def ticks_beside(image: Image, frame: Frame, side: Side, background: Colour, away: int) -> list[float]:
    """Tick marks of an axes without spines: strokes that reach from its edge outwards; letters do not."""
    found = [_sticking_out(image, frame, side, background, step) for step in range(1, away + 1)]
    return [at for at in found[-1] if all(any(abs(at - other) < 1 for other in row) for row in found)]


def _sticking_out(image: Image, frame: Frame, side: Side, background: Colour, away: int) -> list[float]:
    height, width = image.shape[:2]
    across = side in ("bottom", "top")
    line = {
        "bottom": frame.bottom + away,
        "top": frame.top - away,
        "left": frame.left - away,
        "right": frame.right + away,
    }[side]
    if not 0 <= line < (height if across else width):
        return []
    low, high = (frame.left, frame.right) if across else (frame.top, frame.bottom)
    start, stop = max(0, low - 1), high + 2
    strip = image[line : line + 1, start:stop] if across else image[start:stop, line : line + 1]
    mask = far(strip, background, 80).reshape(-1)
    return [start + (a + b - 1) / 2 for a, b in runs(mask) if b - a <= _MARK_WIDTH]


def _grid_positions(image: Image, frame: Frame, *, across: bool, background: Colour) -> list[float]:
    """Where grid lines run, which stand for ticks where no spine carries marks."""
    area, face = image[frame.top : frame.bottom, frame.left : frame.right + 1], face_of(image, frame)
    if not across:
        area = area.transpose(1, 0, 2)
    grey = area.max(axis=2).astype(int) - area.min(axis=2) < _GREY
    ink = np.asarray(far(area, face, 10) & grey)
    # Marks may hide most of a line, but for its ends beside them.
    lines = (ink.mean(axis=0) > _LINED) | ink[:_END].all(axis=0) | ink[-_END:].all(axis=0)
    start = frame.left if across else frame.top
    thin = [(a, b) for a, b in runs(lines) if b - a <= _LINE_WIDTH]
    return [start + (a + b - 1) / 2 for a, b in thin if not _is_seam(area, ink, a, b)]


def _is_seam(area: Image, ink: NDArray[np.bool_], start: int, end: int) -> bool:
    """Whether columns are where two areas meet, rather than a line that runs through what is behind it."""
    if start < _LINE_WIDTH or end > area.shape[1] - _LINE_WIDTH:
        # At the edge there is one side only.
        return False
    before, after = area[:, start - 3], area[:, end + 2]
    differ = np.abs(before.astype(int) - after).max(axis=1) > _OTHER_COLOUR
    return float(differ[ink[:, (start + end - 1) // 2]].mean()) > _SEAM
