"""Moves a geometry's numbers until it runs along the sides that are seen: damped least squares.

A filled shape's outline runs along its sides; a pen's centre line half its width away from them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from critic.deadline import check_deadline
from critic.reading.svg.fits import Run
from critic.reading.svg.numbers import Numbers, numbers_of, parts_of, rebuilt, tracks, with_parts
from critic.reading.svg.types import Geometry, Stroke

_ROUNDS = 8
_REACH = 0.02
"""Pixels by which a number is moved to see what that does."""

_ODD = 0.3
"""Pixels from which a point counts less: corners, which drawing rounds, are up to that far away."""

_DAMPING, _HARDER, _EASIER = 1e-2, 8.0, 0.3
"""Damping, in square pixels a point, and factors on it after steps that failed and that helped."""

_JOINED = 1e-6
"""Pixels within which a track ends where it begins."""

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
    return float(np.quantile(np.abs(_off(geometry, sides)), _FURTHEST))


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
    moving = np.flatnonzero(np.ones(len(values), bool) if free is None else free)
    if not len(moving):
        return geometry
    damping = _DAMPING * len(sides)
    off = _off(geometry, sides)
    for _ in range(_ROUNDS):
        check_deadline()
        slope = _slope(geometry, values, moving, sides, off)
        weight = 1.0 / np.maximum(1.0, np.abs(off) / _ODD)
        normal = slope.T @ (weight[:, None] * slope)
        step = np.linalg.solve(normal + damping * np.eye(len(moving)), -slope.T @ (weight * off))
        tried = values.copy()
        tried[moving] += step
        moved = with_values(geometry, tried)
        there = _off(moved, sides)
        before, after = _loss(off), _loss(there)
        if after < before:
            geometry, values, off = moved, tried, there
            damping *= _EASIER
            if after > before * (1 - _SETTLED):
                break
        else:
            damping *= _HARDER
    return geometry


def _slope(
    geometry: Geometry, values: Numbers, moving: NDArray[np.intp], sides: Run, off: Numbers
) -> Numbers:
    """What each of the moving numbers does to the distances."""
    columns = []
    for number in moving:
        moved = values.copy()
        moved[number] += _REACH
        columns.append((_off(with_values(geometry, moved), sides) - off) / _REACH)
    return np.stack(columns, axis=1)


def _loss(off: Numbers) -> float:
    """Huber's: squares near, distances afar."""
    far = np.abs(off)
    return float(np.where(far < _ODD, far**2, _ODD * (2 * far - _ODD)).sum())


def _off(geometry: Geometry, sides: Run) -> Numbers:
    """Signed distance of each point of the sides from where it would be."""
    away, beyond = _distances(tracks(geometry), sides)
    if not isinstance(geometry, Stroke):
        return away
    off = np.abs(away) - geometry.width / 2
    return np.asarray(off if geometry.cap == "round" else np.where(beyond, 0.0, off))


def _distances(runs: list[Run], points: Run) -> tuple[Numbers, NDArray[np.bool_]]:
    """Distance of each point from the nearest of the tracks, positive on the right of its direction.

    With it which points lie beyond an end of theirs, where nothing tells how far a flat end is.
    """
    starts = np.concatenate([run[:-1] for run in runs])
    chords = np.concatenate([np.diff(run) for run in runs])
    # long pieces are found by points along them
    count = np.maximum(1, np.ceil(np.abs(chords) / 4.0).astype(int))
    piece = np.repeat(np.arange(len(starts)), count)
    part = (np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count) + 0.5) / count[piece]
    along = starts[piece] + chords[piece] * part
    tree = cKDTree(np.stack([along.real, along.imag], axis=1))
    _, near = tree.query(np.stack([points.real, points.imag], axis=1), k=min(3, len(along)))
    near = np.asarray(near).reshape(len(points), -1)
    best = np.full(len(points), np.inf)
    side = np.ones(len(points))
    beyond = np.zeros(len(points), bool)
    opens, closes = _ends(runs)
    for slot in range(near.shape[1]):
        index = piece[near[:, slot]]
        start, chord = starts[index], chords[index]
        offset = points - start
        length = np.maximum(np.abs(chord) ** 2, 1e-12)
        along_piece = (offset * chord.conj()).real / length
        away = offset - np.clip(along_piece, 0, 1) * chord
        past = (opens[index] & (along_piece < 0)) | (closes[index] & (along_piece > 1))
        closer = np.abs(away) < best
        best = np.where(closer, np.abs(away), best)
        beyond = np.where(closer, past, beyond)
        side = np.where(closer, np.where((away * chord.conj()).imag < 0, -1.0, 1.0), side)
    return best * side, beyond


def _ends(runs: list[Run]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pieces of the tracks begin, and which end, at a free end."""
    opens, closes = [], []
    for run in runs:
        free = abs(run[0] - run[-1]) > _JOINED
        pieces = np.arange(len(run) - 1)
        opens.append((pieces == 0) & free)
        closes.append((pieces == len(run) - 2) & free)
    return np.concatenate(opens), np.concatenate(closes)
