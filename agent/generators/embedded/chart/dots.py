"""Markers of lines laid on their ink, pixel by pixel, as far as other drawings leave them seen."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.moves import Move, measured_again
from critic.pixel.chart_geometry import path_of, value_at
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Axes, Chart, Line, Scale
from critic.reading.chart.numbers import rounded
from renderers.types import Image

_REACH = 2
"""Pixels by which a marker may be off: markers are drawn round the middles of whole pixels."""
_EDGE = 0.5
"""Points by which the stroke round a marker makes it larger on each side."""
_OFF_BLEND = 40.0
"""Colours farther than this from all blends of face and line belong to other drawings."""
_LEAST_SEEN = 0.45
"""So much of a marker must be seen to be measured."""
_SMALLEST, _LARGEST = 1.5, 12
"""Pixels from the middle of a marker to its rim: smaller ones are hardly told from the line, larger ones have
place enough to be measured as they are read."""


def dot_moves(chart: Chart, reference: Image) -> list[Move]:
    """Lines with markers whose places, measured again, are others than were read."""
    return measured_again(
        chart,
        Line,
        lambda line, axes: _measured(line, axes, reference, chart.dpi),
        lambda line, number: f"markers of the line in {line.colour} of axes {number} measured again",
    )


def _measured(line: Line, axes: Axes, image: Image, dpi: float) -> Line | None:
    if line.marker not in ("o", "."):
        return None
    size = line.marker_size * (0.5 if line.marker == "." else 1.0)
    radius = (size / 2 + _EDGE) * dpi / 72
    if not _SMALLEST <= radius <= _LARGEST:
        return None
    path = path_of(line.x, line.y, axes)
    shifts = np.array([_shift(image, x, y, radius, line, axes) for x, y in path.tolist()])
    if not shifts.any():
        return None
    moved = path + shifts
    return line.model_copy(
        update={
            "x": _values(axes.x, axes.box.x0, axes.box.x1, moved[:, 0], line.x, shifts[:, 0]),
            "y": _values(axes.y, axes.box.y1, axes.box.y0, moved[:, 1], line.y, shifts[:, 1]),
        }
    )


def _values(
    scale: Scale,
    start: float,
    end: float,
    pixels: NDArray[np.float64],
    old: tuple[float, ...],
    shifts: NDArray[np.float64],
) -> tuple[float, ...]:
    unit = abs((scale.high - scale.low) / (end - start))
    return tuple(
        rounded(value_at(scale, start, end, pixel), unit / 10) if shift else value
        for pixel, value, shift in zip(pixels.tolist(), old, shifts.tolist(), strict=True)
    )


def _shift(image: Image, x: float, y: float, radius: float, line: Line, axes: Axes) -> tuple[float, float]:
    """How far the marker at a place must move to lie on its ink; nothing where too little of it is seen."""
    half = int(np.ceil(radius)) + _REACH
    column, row = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
    region = image[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]
    if region.shape[:2] != (2 * half + 1, 2 * half + 1):
        return 0.0, 0.0
    face, ink = rgb_of(axes.face).astype(float), rgb_of(line.colour).astype(float)
    way = ink - face
    share = (region - face) @ way / max(1.0, float(way @ way))
    known = np.abs(region - face - share[..., None] * way).max(axis=2) < _OFF_BLEND
    discs, offsets = _discs(half, round(radius, 2))
    here = len(discs) // 2
    if (known * discs[here]).sum() < _LEAST_SEEN * discs[here].sum():
        return 0.0, 0.0
    misses = (np.abs(discs - share.clip(0, 1)) * known).sum(axis=(1, 2))
    best = int(misses.argmin())
    if misses[here] - misses[best] < 0.04 * discs[here].sum():
        return 0.0, 0.0
    return column + float(offsets[best, 0]) - x, row + float(offsets[best, 1]) - y


@lru_cache(maxsize=64)
def _discs(half: int, radius: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Discs shifted by all trials, as the share of each pixel that they cover; and the shifts."""
    steps = np.arange(-_REACH, _REACH + 1)
    offsets = np.array([(dx, dy) for dy in steps for dx in steps], dtype=float)
    at = np.arange(-half, half + 1)
    dx = at[None, None, :] - offsets[:, 0][:, None, None]
    dy = at[None, :, None] - offsets[:, 1][:, None, None]
    return (radius + 0.5 - np.sqrt(dx * dx + dy * dy)).clip(0, 1), offsets
