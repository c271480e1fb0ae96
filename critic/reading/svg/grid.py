"""The grid that a drawing was made on: 24 units across in most icon sets, and whole or half numbers on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from critic.reading.svg.fits import Run
from critic.reading.svg.numbers import Numbers, bulge, count_of_places, numbers_of, parts_of
from critic.reading.svg.tighten import deviation, tightened, values_of, with_values
from critic.reading.svg.types import Arc, Geometry, Outline, Part, Stroke

GRIDS = (24, 16, 20, 32, 64, 512)
"""Units across: Lucide, Feather, Tabler have 24, Bootstrap 16, Fluent 20, Carbon 32, Ionicons 512."""

_NEAR = 0.15
"""Pixels from a half unit within which a number stands on it: a side is read to a tenth of a pixel."""

_ON_GRID = 0.3
"""Share of a drawing's numbers that stand on half units at least; of a bell's with curves, four in ten do."""

_SURE = 4.0
"""Standard deviations above chance from which a grid is believed."""

_STEPS = (1.0, 0.5, 0.25, 0.1)
"""Units that numbers are rounded to, the first that is near enough."""

_REACHES = (0.3, 0.15)
"""Pixels that a number may be rounded by; the less where the more spoils the shape."""

_SPOILT = 0.1
"""Pixels by which the sides may lie further away from a rounded shape."""


def grid_of(geometries: Sequence[Geometry], size: float) -> int | None:
    """How many units across a square picture has; None where its numbers stand on no grid.

    Args:
        geometries: Its shapes.
        size: Its side in pixels.
    """
    numbers = np.concatenate([_lengths(geometry) for geometry in geometries] or [np.zeros(0)])
    best, grid = _SURE, None
    for units in GRIDS:
        half = size / units / 2
        chance = min(0.95, 2 * _NEAR / half)
        near = np.abs(numbers - np.round(numbers / half) * half) < _NEAR
        spread = sqrt(max(1.0, len(numbers) * chance * (1 - chance)))
        sure = (float(near.sum()) - len(numbers) * chance) / spread
        if len(numbers) and near.mean() >= _ON_GRID and sure > best:
            best, grid = sure, units
    return grid


def _lengths(geometry: Geometry) -> Numbers:
    rows = [numbers_of(part)[: count_of_places(part)] for part in parts_of(geometry)]
    return np.concatenate([*rows, [geometry.width]] if isinstance(geometry, Stroke) else rows)


def snapped(geometry: Geometry, sides: Run, unit: float) -> Geometry:
    """The geometry on short numbers, where it runs along its sides as well as before.

    Args:
        geometry: Along its sides as well as it can.
        sides: Points along what is seen of the shape's sides.
        unit: Pixels in a unit of the grid.
    """
    limit = deviation(geometry, sides) + _SPOILT
    for reach in _REACHES:
        result = _bent(_placed(geometry, sides, unit, reach), unit, reach)
        if deviation(result, sides) <= limit:
            return result
    return geometry


def _placed(geometry: Geometry, sides: Run, unit: float, reach: float) -> Geometry:
    """Places on the grid, and what bends between them fitted again."""
    values = values_of(geometry)
    free = np.ones(len(values), bool)
    for index in _place_indices(geometry):
        near = _rounded(values[index], unit, reach)
        if near is not None:
            values[index], free[index] = near, False
    return tightened(with_values(geometry, values), sides, free)


def _place_indices(geometry: Geometry) -> list[int]:
    indices: list[int] = []
    at = 0
    for part in parts_of(geometry):
        indices += range(at, at + count_of_places(part))
        at += len(numbers_of(part))
    return [*indices, at] if isinstance(geometry, Stroke) else indices


def _rounded(value: float, unit: float, reach: float) -> float | None:
    """The nearest number of the coarsest step that has one near enough."""
    for step in _STEPS:
        near = round(value / unit / step) * step * unit
        if abs(near - value) <= reach:
            return near
    return None


def _bent(geometry: Geometry, unit: float, reach: float) -> Geometry:
    """Arcs with short radii, or of exactly half a circle."""
    values, at = values_of(geometry), 0
    for part in parts_of(geometry):
        for index, better in _bulges(part, unit, reach):
            values[at + index] = better
        at += len(numbers_of(part))
    return with_values(geometry, values)


def _bulges(part: Part, unit: float, reach: float) -> list[tuple[int, float]]:
    """Numbers of a part that are bulges of arcs, and what they better were."""
    if not isinstance(part, Outline):
        return []
    found, at, here = [], count_of_places(part), part.start
    for segment in part.segments:
        if isinstance(segment, Arc):
            half = abs(complex(*segment.end) - complex(*here)) / 2
            bend = bulge(here, segment)
            better = _better_bulge(bend, half, segment, unit, reach)
            if better is not None:
                found.append((at, better))
        at += {"arc": 1, "cubic": 4}.get(segment.kind, 0)
        here = segment.end
    return found


def _better_bulge(bend: float, half: float, segment: Arc, unit: float, reach: float) -> float | None:
    sign = 1 if bend > 0 else -1
    if half * abs(abs(bend) - 1) <= reach:
        return float(sign)
    for step in _STEPS:
        radius = round(segment.radius / unit / step) * step * unit
        if radius < half:
            continue
        flat = sqrt(radius**2 - half**2)
        bent = (radius + flat if segment.large else radius - flat) / max(half, 1e-9)
        if half * abs(bent - abs(bend)) <= reach:
            return sign * bent
    return None
