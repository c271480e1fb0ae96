"""Minor grid lines: straight grey ones that cross the area between the ticks."""

from __future__ import annotations

import numpy as np

from critic.marks.parts import GridLines
from critic.reading.chart.colours import Colour, hex_of, mode_colour, near, rgb_of
from critic.reading.chart.frames import Frame
from critic.reading.chart.plot import FAINTEST, is_grey
from renderers.types import Image

_MINOR_APART = 12
"""Levels from the major lines' colour beyond which minor ones have a colour of their own."""
_UNCROSSED = 0.6
"""Share of a row or column in one colour from which a minor line runs there."""
_LEAST_MINOR = 4
"""Rows and columns of minor lines at least: fewer are marks."""
_AMID, _AWAY = 0.5, 3
"""Share of a minor line with the face on both sides of it, and working pixels to a side where that shows."""


def with_minor(image: Image, frame: Frame, grid: GridLines | None, face: Colour) -> GridLines | None:
    """The grid with its minor lines, where straight grey lines cross the area between the ticks."""
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1]
    major = rgb_of(grid.colour) if grid else face
    greys = []
    for view in (area, area.transpose(1, 0, 2)):
        usual = [mode_colour(line) for line in view]
        on_major = [bool(grid) and bool(np.abs(colour - major).max() <= _MINOR_APART) for colour in usual]
        for at, colour in enumerate(usual):
            if any(on_major[max(0, at - 1) : at + 2]):
                # The blended rim of a major line.
                continue
            lone = np.abs(colour - face).max() > FAINTEST and np.abs(colour - major).max() > _MINOR_APART
            if lone and is_grey(colour) and _runs_amid(view, at, colour, face):
                greys.append(tuple(int(v) for v in colour))
    if len(greys) < _LEAST_MINOR or len(greys) > 0.4 * sum(area.shape[:2]):
        return grid
    common = max(set(greys), key=greys.count)
    base = grid or GridLines(colour=hex_of(np.array(common)))
    return base.model_copy(update={"minor": True, "minor_colour": hex_of(np.array(common))})


def _runs_amid(view: Image, at: int, colour: Colour, face: Colour) -> bool:
    """Whether a line runs along most of a row, and amid the face: bars' edges have a filling at one side."""
    line = near(view[at][None], colour, 4)[0]
    if line.mean() <= _UNCROSSED:
        return False
    beside = [view[k][line][None] for k in (at - _AWAY, at + _AWAY) if 0 <= k < len(view)]
    return all(float(near(side, face, FAINTEST).mean()) > _AMID for side in beside)
