"""Follows a contour with lines, circular arcs and cubic curves, as few as the tolerance allows.

Break points are chosen by dynamic programming over candidates; each run's curve is fitted to the points
inside it, and neighbours are joined where they meet, so that corners, which rasterising rounds, are sharp.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from critic.deadline import check_deadline
from critic.reading.svg.fits import Fit, Run, Weights, fit_arc, fit_cubic, fit_line
from critic.reading.svg.joints import join

_MAX_CANDIDATES = 90
_TRIM = 1.2
_ROUNDING = 1.3
"""How far a point near a run's end may lie from the curve: rasterising rounds corners by that much."""
_ROUNDING_OF_THIN = 0.3
"""The same as a share of the thickness of thin shapes, whose ends would be lost otherwise."""
_COSTS = {"line": 12.0, "arc": 16.0, "cubic": 22.0}
_PATIENCE = 2
_SMOOTH = 0.85
_LEAST_POINTS = 6
"""Points, about a pixel apart, below which a contour is too short to follow."""

_CUT_IN_TWO = 2
"""Curves up to which a chain is all beginning and end: no other curve in it to begin at instead."""

_LONG_SIDE = 12
"""Points from one vertex to the next from which a curve may end in the middle of that side as well."""

_WITH_POINTS = 2
"""Steps from one vertex to the next from which there are points between them."""

_NO_LENGTH = 1e-9
"""Pixels up to which a length is none: dividing by it gives rounding errors."""


def follow_closed(contour: Run, tolerance: float, slack: Weights) -> list[Fit]:
    """Curves along a closed contour.

    Args:
        contour: Points along it, the first not repeated at the end.
        tolerance: How far a point may lie from its curve.
        slack: Factor on the tolerance at each point: above 1 where the contour will not be seen.
    """
    points, loose = _resampled(np.append(contour, contour[0]), np.append(slack, slack[0]))
    points, loose = points[:-1], loose[:-1]
    if len(points) < _LEAST_POINTS:
        return []
    near_end = _near_end(points, tolerance)
    chain = _from(points, loose, _sharpest(points), tolerance, near_end)
    if len(chain) > _CUT_IN_TWO and _is_smooth(chain[-1], chain[0]):
        # The start cut a curve in two: begin again where another two meet.
        longest = max(chain[1:-1], key=lambda fit: (fit.kind == "line", abs(fit.end - fit.start)))
        again = _from(points, loose, int(np.abs(points - longest.start).argmin()), tolerance, near_end)
        chain = min(chain, again, key=_price)
    return join(chain, tolerance, closed=True)


def _near_end(points: Run, tolerance: float) -> float:
    """How much the distance of points near a run's end counts."""
    following = np.roll(points, -1)
    area = 0.5 * abs(float((points.conj() * following).imag.sum()))
    thickness = 2.0 * area / max(_NO_LENGTH, float(np.abs(following - points).sum()))
    return min(1.0, tolerance / min(_ROUNDING, 0.1 + _ROUNDING_OF_THIN * thickness))


def _from(points: Run, slack: Weights, begin: int, tolerance: float, near_end: float) -> list[Fit]:
    closed = np.append(np.roll(points, -begin), points[begin])
    return _cheapest(closed, np.append(np.roll(slack, -begin), slack[begin]), tolerance, near_end)


def _is_smooth(one: Fit, other: Fit) -> bool:
    return (one.direction_at_end() * other.direction_at_start().conjugate()).real > _SMOOTH


def _price(chain: list[Fit]) -> float:
    return sum(_COSTS[fit.kind] for fit in chain)


def follow_open(line: Run, tolerance: float) -> list[Fit]:
    """Curves along an open line."""
    points, loose = _resampled(line, np.ones(len(line)))
    return join(_cheapest(points, loose, tolerance, 1.0), tolerance, closed=False)


def _resampled(line: Run, slack: Weights) -> tuple[Run, Weights]:
    """Evenly spaced points, about one a pixel."""
    along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(line)))])
    at = np.linspace(0.0, along[-1], int(np.clip(round(along[-1]), 12, 4000)) + 1)
    points = np.interp(at, along, line.real) + 1j * np.interp(at, along, line.imag)
    return points, np.interp(at, along, slack)


def _sharpest(points: Run) -> int:
    reach = max(2, min(4, len(points) // 8))
    before, after = points - np.roll(points, reach), np.roll(points, -reach) - points
    return int(np.abs(np.angle(after * before.conj())).argmax())


def _candidates(points: Run, tolerance: float) -> list[int]:
    """Indices where a curve may end: the vertices of a close polygon, and the middles of its longer sides."""
    detail = 0.35 * tolerance
    while len(chosen := sorted(_polygon(points, detail))) > _MAX_CANDIDATES:
        detail *= 1.4
    middles = {(a + b) // 2 for a, b in pairwise(chosen) if b - a >= _LONG_SIDE}
    return sorted(middles.union(chosen))


def _polygon(points: Run, tolerance: float) -> set[int]:
    """Vertices kept by the Douglas-Peucker algorithm."""
    last = len(points) - 1
    kept, stack = {0, last}, [(0, last)]
    while stack:
        first, end = stack.pop()
        if end - first < _WITH_POINTS:
            continue
        offset = points[first + 1 : end] - points[first]
        chord = points[end] - points[first]
        length = abs(chord)
        distance = (
            np.abs((offset * chord.conjugate()).imag) / length if length > _NO_LENGTH else np.abs(offset)
        )
        worst = int(distance.argmax())
        if distance[worst] > tolerance:
            middle = first + 1 + worst
            kept.add(middle)
            stack += [(first, middle), (middle, end)]
    return kept


def _cheapest(points: Run, slack: Weights, tolerance: float, near_end: float) -> list[Fit]:
    """The cheapest chain of curves, each within the tolerance (shortest path over the break points)."""
    breaks = _candidates(points, tolerance)
    count = len(breaks)
    cost = [np.inf] * count
    cost[0] = 0.0
    back: list[tuple[int, Fit] | None] = [None] * count
    for i in range(count - 1):
        failures = 0
        for j in range(i + 1, count):
            fit = _fit(points, slack, breaks[i], breaks[j] + 1, tolerance, near_end)
            failures = failures + 1 if fit is None else 0
            if fit is None and j == i + 1:
                fit = Fit("line", complex(points[breaks[i]]), complex(points[breaks[j]]), points[:0])
            if fit is not None:
                price = cost[i] + _COSTS[fit.kind] + 3.0 * fit.error / tolerance
                if price < cost[j]:
                    cost[j], back[j] = price, (i, fit)
            elif failures > _PATIENCE:
                break
    return _traced(back)


def _traced(back: list[tuple[int, Fit] | None]) -> list[Fit]:
    chain: list[Fit] = []
    position = len(back) - 1
    while position > 0 and (step := back[position]) is not None:
        position, fit = step
        chain.append(fit)
    return chain[::-1]


def _fit(points: Run, slack: Weights, first: int, end: int, tolerance: float, near_end: float) -> Fit | None:
    """The simplest curve that follows a run of points; None where none does."""
    check_deadline()
    run = points[first:end]
    trim = min(int(np.ceil(_TRIM)), max(1, int(0.15 * len(run))))
    inner = slice(trim, len(run) - trim) if len(run) >= 2 * trim + 4 else slice(0, len(run))
    weights: NDArray[np.float64] = 1.0 / slack[first:end]
    weights[: inner.start] *= near_end
    weights[inner.stop :] *= near_end
    for attempt in (fit_line, fit_arc, fit_cubic):
        fit = attempt(run, inner, weights)
        if fit is not None and fit.error <= tolerance:
            return fit
    return None
