"""Dashed and dotted grid lines: a pattern that all lines at the ticks share."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import GridLines, Scale
from critic.reading.chart.frames import Frame
from critic.reading.chart.plot import is_grey
from renderers.types import Image

_DOTS = 4.4
"""Pixels between dots at most; dashes lie further apart."""
_RIM = 3
"""Pixels along the area's rim where a grid line is not told from the spine's blended rim."""
_LINES = 2
"""Lines that share a pattern at least."""
_BREAKS = 0.15
"""Share of a broken line that is left out at least."""

Depths = NDArray[np.float64]


def broken_grid(image: Image, frame: Frame, x: Scale, y: Scale, face: Colour) -> GridLines | None:
    """Grid lines that are not solid; None where there are none."""
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1].astype(np.int16)
    columns = _inside([t.pixel - frame.left - 2 for t in x.ticks], area.shape[1])
    rows = _inside([t.pixel - frame.top - 2 for t in y.ticks], area.shape[0])
    upright = _pattern(area.transpose(1, 0, 2), columns, face)
    level = _pattern(area, rows, face)
    found = upright or level
    if found is None:
        return None
    colour, style = found
    across = _inside(_minor(x, frame.box.x0, frame.box.x1, frame.left), area.shape[1])
    down = _inside(_minor(y, frame.box.y1, frame.box.y0, frame.top), area.shape[0])
    minor = (
        _shared(area.transpose(1, 0, 2), across, face) is not None or _shared(area, down, face) is not None
    )
    return GridLines(
        colour=hex_of(colour),
        x=upright is not None,
        y=level is not None,
        style=style,
        minor=minor,
        minor_colour=hex_of(colour),
    )


def _inside(places: list[float], size: int) -> list[int]:
    return [round(p) for p in places if _RIM < round(p) < size - 4]


def _minor(scale: Scale, start: float, end: float, edge: int) -> list[float]:
    """Where the minor ticks of a logarithmic scale stand, counted from the area's edge."""
    if scale.straight:
        return []
    low, high = np.log10(scale.low), np.log10(scale.high)
    powers = np.arange(np.floor(low), np.ceil(high) + 1)
    values = [
        power + np.log10(k) for power in powers for k in range(2, 10) if low < power + np.log10(k) < high
    ]
    return [start + (v - low) / (high - low) * (end - start) - edge - 2 for v in values]


def _pattern(
    area: NDArray[np.int16], at: list[int], face: Colour
) -> tuple[Colour, Literal["--", ":"]] | None:
    """Colour and style of the broken lines that lie in these rows."""
    shared = _shared(area, at, face)
    if shared is None:
        return None
    peaks = (shared[1:-1] > shared[:-2]) & (shared[1:-1] >= shared[2:]) & (shared[1:-1] > shared.mean())
    period = len(shared) / max(1, int(peaks.sum()))
    ink = area[at][:, 1:-1][:, peaks].reshape(-1, 3)
    depth = np.abs(ink - face).max(axis=1)
    colour = np.median(ink[depth >= np.percentile(depth, 60)], axis=0).round().astype(int)
    if not is_grey(colour):
        return None
    return colour, ":" if period < _DOTS else "--"


def _shared(area: NDArray[np.int16], at: list[int], face: Colour) -> Depths | None:
    """The depth along all rows where it goes up and down in the same places; None where it does not."""
    beside = [row + step for row in at for step in (-4, 4) if 0 <= row + step < len(area)]
    if len(at) < _LINES or not beside:
        return None
    depths = np.abs(area[at] - face).max(axis=2).astype(float)
    profile = np.median(depths, axis=0)
    # What crosses these rows crosses their neighbours too.
    around = np.median(np.abs(area[beside] - face).max(axis=2), axis=0)
    off = float(np.median(np.abs(depths - profile)))
    faint = float((profile < 0.6 * np.percentile(profile, 90)).mean())
    if profile.mean() < 5 + 2 * around.mean() or faint < _BREAKS or profile.std() < max(4.0, 2.5 * off):
        return None
    parts = np.array([part.mean() for part in np.array_split(profile, 8)])
    if parts.min() < 0.3 * profile.mean():
        # A grid line runs from side to side; strokes at the ticks do not.
        return None
    turns = np.diff(np.sign(profile - profile.mean()))
    return profile if np.count_nonzero(turns) > len(profile) / 12 else None
