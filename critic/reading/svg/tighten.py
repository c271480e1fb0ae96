"""Moves a geometry's numbers until it runs along the sides that are seen: damped least squares.

A filled shape's outline runs along its sides; a pen's centre line half its width away from them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.deadline import check_deadline
from critic.reading.svg.feet import Feet, feet_of
from critic.reading.svg.fits import Run
from critic.reading.svg.numbers import Numbers, numbers_of, parts_of, rebuilt, track, tracks, with_parts
from critic.reading.svg.types import Geometry, Stroke

_ROUNDS = 8
_REACH = 0.02
"""Pixels by which a number is moved to see what that does."""

_ODD = 0.3
"""Pixels from which a point counts less: corners, which drawing rounds, are up to that far away."""

_DAMPING, _HARDER, _EASIER = 1e-2, 8.0, 0.3
"""Damping, in square pixels a point, and factors on it after steps that failed and that helped."""

_SETTLED = 1e-3
"""Share of the error below which a step no longer helps."""

_MOST_POINTS = 700
"""Points of sides that are looked at: a few for each number."""

_FURTHEST = 0.98
"""Quantile of the distances that stands for the largest: the rest are corners."""


def thinned(points: Run) -> Run:
    """At most so many points of a side as are needed."""
    return points[:: max(1, len(points) // _MOST_POINTS + 1)] if len(points) > _MOST_POINTS else points


def deviation(geometry: Geometry, sides: Run) -> float:
    """How far the sides lie from where the geometry would have them, in pixels."""
    return float(np.quantile(np.abs(_off(geometry, feet_of(tracks(geometry), sides))), _FURTHEST))


def values_of(geometry: Geometry) -> Numbers:
    """All numbers of a geometry; a pen's width is the last."""
    rows = [numbers_of(part) for part in parts_of(geometry)]
    return np.concatenate([*rows, [geometry.width]] if isinstance(geometry, Stroke) else rows)


def with_values(geometry: Geometry, values: Numbers) -> Geometry:
    """The geometry with other numbers."""
    parts, at = [], 0
    for part in parts_of(geometry):
        size = len(numbers_of(part))
        parts.append(rebuilt(part, values[at : at + size]))
        at += size
    if isinstance(geometry, Stroke):
        geometry = geometry.model_copy(update={"width": float(values[-1])})
    return with_parts(geometry, parts)


def tightened(geometry: Geometry, sides: Run, free: NDArray[np.bool_] | None = None) -> Geometry:
    """The geometry moved to the sides.

    Args:
        geometry: Near them already.
        sides: Points along what is seen of the shape's sides.
        free: Which of its numbers may move; all by default.
    """
    values = values_of(geometry)
    moving = np.ones(len(values), bool) if free is None else free
    if not moving.any():
        return geometry
    damping = _DAMPING * len(sides)
    feet = feet_of(tracks(geometry), sides)
    off = _off(geometry, feet)
    for _ in range(_ROUNDS):
        check_deadline()
        slope = _slope(geometry, feet)[:, moving]
        weight = 1.0 / np.maximum(1.0, np.abs(off) / _ODD)
        normal = slope.T @ (weight[:, None] * slope)
        step = np.linalg.solve(normal + damping * np.eye(len(normal)), -slope.T @ (weight * off))
        tried = values.copy()
        tried[moving] += step
        moved = with_values(geometry, tried)
        there = feet_of(tracks(moved), sides)
        before, after = _loss(off), _loss(_off(moved, there))
        if after < before:
            geometry, values, feet, off = moved, tried, there, _off(moved, there)
            damping *= _EASIER
            if after > before * (1 - _SETTLED):
                break
        else:
            damping *= _HARDER
    return geometry


def _slope(geometry: Geometry, feet: Feet) -> Numbers:
    """What each number does to the distances: a point's foot moves with the track that it stands on."""
    columns, first = [], 0
    for part in parts_of(geometry):
        numbers, here = numbers_of(part), track(part)
        for index in range(len(numbers)):
            moved = numbers.copy()
            moved[index] += _REACH
            columns.append(feet.slope((track(rebuilt(part, moved)) - here) / _REACH, first))
        first += len(here)
    if not isinstance(geometry, Stroke):
        return np.stack([feet.side * column for column in columns], axis=1)
    columns.append(np.full(len(feet.side), -0.5))
    return np.stack(columns, axis=1) * _counted(geometry, feet)[:, None]


def _loss(off: Numbers) -> float:
    """Huber's: squares near, distances afar."""
    far = np.abs(off)
    return float(np.where(far < _ODD, far**2, _ODD * (2 * far - _ODD)).sum())


def _off(geometry: Geometry, feet: Feet) -> Numbers:
    """Signed distance of each point of the sides from where it would be."""
    if not isinstance(geometry, Stroke):
        return np.asarray(feet.side * feet.distance)
    return np.asarray((feet.distance - geometry.width / 2) * _counted(geometry, feet))


def _counted(stroke: Stroke, feet: Feet) -> Numbers:
    """0 for points beyond an end that is not round, where nothing tells how far it is; else 1."""
    return np.ones(len(feet.side)) if stroke.cap == "round" else np.where(feet.beyond, 0.0, 1.0)
