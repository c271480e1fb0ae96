"""Least-squares fits of a line, a circular arc or a cubic to a run of points.

Points are complex numbers here, x + iy: turning, measuring and averaging are one operation each.
"""

from __future__ import annotations

from cmath import exp, phase
from dataclasses import dataclass, replace
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

Run = NDArray[np.complex128]
"""Points along a line, evenly spaced."""

Weights = NDArray[np.float64]

_MAX_RADIUS = 3000.0
_DENSE = 64
_NO_LENGTH = 1e-9
"""Pixels up to which a length is none and has no direction."""

_ON_A_LINE = 1e-9
"""Determinant of second moments, in px⁴, below which points lie on a line and no circle is nearest."""

_NO_STEP = 1e-9
"""Denominator of a Newton step, in px², up to which none is made."""

_ARC_POINTS = 4
"""Points from which an arc is fitted: three lie on some circle always."""

_LEAST_TURN = 0.05
"""Radians up to which an arc is rather a line."""

_CUBIC_POINTS = 8
"""Points from which a cubic is fitted: twice its control points."""

_CORRECTIONS = 2
"""Times that a cubic's parameters are corrected."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One curve fitted to a run of points.

    Attributes:
        kind: ``line``, ``arc`` or ``cubic``.
        start: Where it begins.
        end: Where it ends.
        points: Those it was fitted to, without the ones near its ends.
        error: Largest weighted distance of a point.
        centre: Of an arc.
        radius: Of an arc.
        turn: Signed angle of an arc, positive clockwise on the screen.
        first: First inner control point of a cubic.
        second: Second inner control point of a cubic.
    """

    kind: str
    start: complex
    end: complex
    points: Run
    error: float = 0.0
    centre: complex = 0j
    radius: float = 0.0
    turn: float = 0.0
    first: complex = 0j
    second: complex = 0j

    def middle(self) -> complex:
        """The middle of an arc."""
        return self.centre + (self.start - self.centre) * exp(0.5j * self.turn)

    def direction_at_start(self) -> complex:
        """Unit direction of travel where it begins."""
        if self.kind == "arc":
            return _unit((self.start - self.centre) * (1j if self.turn > 0 else -1j))
        return _unit((self.first if self.kind == "cubic" else self.end) - self.start)

    def direction_at_end(self) -> complex:
        """Unit direction of travel where it ends."""
        if self.kind == "arc":
            return _unit((self.end - self.centre) * (1j if self.turn > 0 else -1j))
        return _unit(self.end - (self.second if self.kind == "cubic" else self.start))

    def with_start(self, place: complex) -> Fit:
        """Begun elsewhere; a cubic keeps its direction there."""
        return replace(self, start=place, first=self.first + place - self.start)

    def with_end(self, place: complex) -> Fit:
        """Ended elsewhere; a cubic keeps its direction there."""
        return replace(self, end=place, second=self.second + place - self.end)


def _unit(direction: complex) -> complex:
    length = abs(direction)
    return direction / length if length > _NO_LENGTH else 0j


def fit_line(run: Run, inner: slice, weights: Weights) -> Fit | None:
    """The line of least squares."""
    points = run[inner]
    centre = complex(points.mean())
    offset = run - centre
    direction = exp(0.5j * phase(complex((offset[inner] ** 2).sum())))
    across = (offset * direction.conjugate()).imag
    error = float((np.abs(across) * weights).max())
    start = centre + direction * (offset[0] * direction.conjugate()).real
    end = centre + direction * (offset[-1] * direction.conjugate()).real
    return Fit("line", complex(start), complex(end), points, error)


def fit_circle(points: Run) -> tuple[complex, float] | None:
    """Centre and radius of the circle nearest to the points (algebraic fit); None for a line."""
    mean = complex(points.mean())
    offset = points - mean
    squares = np.abs(offset) ** 2
    total, twist = float(squares.sum()), complex((offset**2).sum())
    xx, yy, xy = (total + twist.real) / 2, (total - twist.real) / 2, twist.imag / 2
    determinant = xx * yy - xy * xy
    if abs(determinant) < _ON_A_LINE:
        return None
    pull = complex((offset * squares).sum()) / 2
    x = (pull.real * yy - pull.imag * xy) / determinant
    y = (xx * pull.imag - xy * pull.real) / determinant
    return mean + complex(x, y), sqrt(x * x + y * y + total / len(points))


def fit_arc(run: Run, inner: slice, weights: Weights) -> Fit | None:
    """The arc of the circle nearest to the points."""
    points = run[inner]
    circle = fit_circle(points) if len(points) >= _ARC_POINTS else None
    if circle is None or circle[1] > _MAX_RADIUS:
        return None
    centre, radius = circle
    spokes = run - centre
    error = float((np.abs(np.abs(spokes) - radius) * weights).max())
    turn = float(np.angle(spokes[1:] * spokes[:-1].conj()).sum())
    if not _LEAST_TURN < abs(turn) < 1.9 * pi:
        return None
    start = centre + radius * exp(1j * phase(complex(spokes[0])))
    end = centre + radius * exp(1j * phase(complex(spokes[-1])))
    return Fit("arc", start, end, points, error, centre, radius, turn)


def fit_cubic(run: Run, inner: slice, weights: Weights) -> Fit | None:
    """Least squares for all four control points, the parameters corrected twice (Schneider 1990)."""
    points = run[inner]
    if len(points) < _CUBIC_POINTS or _turning(points) > 1.1 * pi:
        return None
    stride = max(1, len(points) // _DENSE)
    near, t = points[::stride], np.linspace(0.0, 1.0, len(run))[inner][::stride]
    controls: Run = np.zeros(4, np.complex128)
    for attempt in range(3):
        basis = _bernstein(t)
        try:
            solved = np.linalg.solve((basis.T @ basis).astype(np.complex128), basis.T @ near)
        except np.linalg.LinAlgError:
            return None
        controls = np.asarray(solved, np.complex128)
        if attempt < _CORRECTIONS:
            t = _corrected(controls, near, t)
    distance = np.abs(_bernstein(t) @ controls - near)
    error = float((distance * weights[inner][::stride]).max())
    start, first, second, end = (complex(point) for point in controls)
    error = max(error, abs(start - run[0]) * weights[0], abs(end - run[-1]) * weights[-1])
    return Fit("cubic", start, end, points, error, first=first, second=second)


def _turning(points: Run) -> float:
    """Total change of direction along the points, small wiggles left out."""
    steps = np.diff(points[:: max(1, len(points) // 12)])
    return float(np.abs(np.angle(steps[1:] * steps[:-1].conj())).sum())


def _bernstein(t: NDArray[np.float64]) -> NDArray[np.float64]:
    s = 1.0 - t
    return np.stack([s**3, 3 * s * s * t, 3 * s * t * t, t**3], axis=1)


def _corrected(controls: Run, points: Run, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """One Newton step of each parameter towards the nearest place on the curve."""
    first = 3 * np.diff(controls)
    second = 2 * np.diff(first)
    s = 1.0 - t
    offset = _bernstein(t) @ controls - points
    slope = s * s * first[0] + 2 * s * t * first[1] + t * t * first[2]
    bend = s * second[0] + t * second[1]
    top = (offset * slope.conj()).real
    bottom = np.abs(slope) ** 2 + (offset * bend.conj()).real
    step = np.where(np.abs(bottom) > _NO_STEP, top / np.where(bottom == 0, 1, bottom), 0.0)
    return np.asarray(np.clip(t - np.clip(step, -0.1, 0.1), -0.05, 1.05))
