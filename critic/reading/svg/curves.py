"""Fits lines, circular arcs and cubic curves to a closed contour, as few as the tolerance allows.

Break points are chosen by dynamic programming over candidates; each span's curve is fitted to the points
inside it, and neighbours are joined where they meet, so that corners, which rasterising rounds, are sharp.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): x, y."""

_MAX_CANDIDATES = 110
_TRIM = 1.2
_COSTS = {"line": 12.0, "arc": 16.0, "cubic": 22.0}
_PATIENCE = 3
_ROUNDING = 0.9
"""How far a point near a span's end may lie from the curve: rasterising rounds corners by about that much."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One curve fitted to a span of points.

    Attributes:
        kind: ``line``, ``arc`` or ``cubic``.
        controls: Four control points; for lines and arcs the first and the last are the ends.
        centre: Of an arc.
        radius: Of an arc.
        turn: Signed angle of an arc, positive clockwise on the screen.
        error: Largest distance of a point from the curve.
    """

    kind: str
    controls: Points
    centre: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0
    turn: float = 0.0
    error: float = 0.0

    @property
    def start(self) -> Points:
        """Where it begins."""
        return np.asarray(self.controls[0])

    @property
    def end(self) -> Points:
        """Where it ends."""
        return np.asarray(self.controls[3])


def fit_closed(contour: Points, tolerance: float, slack: NDArray[np.float64] | None = None) -> list[Fit]:
    """Fit a closed contour.

    Args:
        contour: Points along it, the first not repeated at the end.
        tolerance: How far a point may lie from its curve.
        slack: Factor on the tolerance at each point: above 1 where the contour will not be seen.
    """
    points, loose = resample(contour, slack)
    if len(points) < 6:
        return []
    begin = _sharpest(points)
    points, loose = np.roll(points, -begin, axis=0), np.roll(loose, -begin)
    closed = np.vstack([points, points[:1]])
    return _fit_span(closed, np.append(loose, loose[0]), tolerance, closed_curve=True)


def fit_open(line: Points, tolerance: float) -> list[Fit]:
    """Fit an open line, its ends kept."""
    if len(line) < 2:
        return []
    return _fit_span(line, np.ones(len(line)), tolerance, closed_curve=False)


def resample(contour: Points, slack: NDArray[np.float64] | None = None) -> tuple[Points, NDArray[np.float64]]:
    """Evenly spaced points along a closed contour, about one a pixel."""
    loose = np.ones(len(contour)) if slack is None else slack
    closed = np.vstack([contour, contour[:1]])
    steps = np.hypot(*np.diff(closed, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = int(np.clip(round(along[-1]), 12, 4000))
    at = np.linspace(0.0, along[-1], count, endpoint=False)
    xs, ys = np.interp(at, along, closed[:, 0]), np.interp(at, along, closed[:, 1])
    return np.stack([xs, ys], axis=1), np.interp(at, along, np.append(loose, loose[0]))


def _sharpest(points: Points) -> int:
    reach = max(2, min(4, len(points) // 8))
    before = points - np.roll(points, reach, axis=0)
    after = np.roll(points, -reach, axis=0) - points
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    turns = np.abs(np.arctan2(cross, (before * after).sum(axis=1)))
    return int(turns.argmax())


def _fit_span(
    points: Points, slack: NDArray[np.float64], tolerance: float, *, closed_curve: bool
) -> list[Fit]:
    breaks = _candidates(points, tolerance)
    chain = _cheapest(points, slack, breaks, tolerance)
    return _joined(chain, closed_curve)


def _candidates(points: Points, tolerance: float) -> NDArray[np.intp]:
    """Indices where a curve may end: the vertices of a close polygon, and the middles of its longer sides."""
    detail = 0.35 * tolerance
    while True:
        chosen = np.array(sorted(_polygon(points, detail)))
        if len(chosen) <= _MAX_CANDIDATES:
            break
        detail *= 1.5
    gaps = np.diff(chosen)
    middles = [(a + b) // 2 for a, b, gap in zip(chosen[:-1], chosen[1:], gaps, strict=True) if gap >= 12]
    return np.unique(np.concatenate([chosen, np.array(middles, dtype=chosen.dtype)]))


def _polygon(points: Points, tolerance: float) -> set[int]:
    """Vertices kept by the Douglas-Peucker algorithm."""
    last = len(points) - 1
    kept, stack = {0, last}, [(0, last)]
    while stack:
        first, end = stack.pop()
        if end - first < 2:
            continue
        between = points[first + 1 : end]
        chord = points[end] - points[first]
        length = hypot(*chord)
        offset = between - points[first]
        if length < 1e-9:
            distance = np.hypot(*offset.T)
        else:
            distance = np.abs(offset[:, 0] * chord[1] - offset[:, 1] * chord[0]) / length
        worst = int(distance.argmax())
        if distance[worst] > tolerance:
            middle = first + 1 + worst
            kept.add(middle)
            stack += [(first, middle), (middle, end)]
    return kept


def _cheapest(
    points: Points, slack: NDArray[np.float64], breaks: NDArray[np.intp], tolerance: float
) -> list[Fit]:
    """The cheapest chain of curves, each within the tolerance (shortest path over the break points)."""
    count = len(breaks)
    cost = np.full(count, np.inf)
    cost[0] = 0.0
    back: list[tuple[int, Fit] | None] = [None] * count
    for i in range(count - 1):
        failures = 0
        for j in range(i + 1, count):
            span = slice(breaks[i], breaks[j] + 1)
            fits = _fits(points[span], slack[span], tolerance)
            if j == i + 1 and not fits:
                fits = [_chord(points[span])]
            failures = 0 if fits else failures + 1
            if failures > _PATIENCE:
                break
            for fit in fits:
                price = cost[i] + _COSTS[fit.kind] + 3.0 * fit.error / tolerance
                if price < cost[j]:
                    cost[j], back[j] = price, (i, fit)
    chain: list[Fit] = []
    position = count - 1
    while position > 0:
        step = back[position]
        if step is None:
            break
        position, fit = step
        chain.append(fit)
    return chain[::-1]


def _fits(span: Points, slack: NDArray[np.float64], tolerance: float) -> list[Fit]:
    """The cheapest kind of curve that follows a span, none where none does."""
    away, weights = _inner(span, slack, tolerance)
    for attempt in (_line, _arc, _cubic):
        fit = attempt(span, away, weights)
        if fit is not None and fit.error <= tolerance:
            return [fit]
    return []


def _inner(
    span: Points, slack: NDArray[np.float64], tolerance: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which points are away from the ends, and how much each point's distance counts."""
    length = float(np.hypot(*np.diff(span, axis=0).T).sum())
    trim = min(_TRIM, 0.15 * length)
    from_start = np.hypot(*(span - span[0]).T)
    from_end = np.hypot(*(span - span[-1]).T)
    away = (from_start > trim) & (from_end > trim)
    if away.sum() < 4:
        away = np.ones(len(span), bool)
    return away, np.where(away, 1.0, min(1.0, tolerance / _ROUNDING)) / slack


def _chord(span: Points) -> Fit:
    return Fit("line", _straight(span[0], span[-1]))


def _straight(start: Points, end: Points) -> Points:
    return np.stack([start, start + (end - start) / 3, start + (end - start) * 2 / 3, end])


def _line(span: Points, away: NDArray[np.bool_], weights: NDArray[np.float64]) -> Fit | None:
    inner = span[away]
    centre = inner.mean(axis=0)
    offset = inner - centre
    xx, yy, xy = (offset[:, 0] ** 2).sum(), (offset[:, 1] ** 2).sum(), (offset[:, 0] * offset[:, 1]).sum()
    angle = 0.5 * atan2(2 * xy, xx - yy)
    direction = np.array([cos(angle), sin(angle)])
    normal = np.array([-direction[1], direction[0]])
    error = float((np.abs((span - centre) @ normal) * weights).max())
    start = centre + direction * ((span[0] - centre) @ direction)
    end = centre + direction * ((span[-1] - centre) @ direction)
    return Fit("line", _straight(start, end), error=error)


def circle_through(points: Points) -> tuple[tuple[float, float], float] | None:
    """Centre and radius of the circle nearest to the points (algebraic fit); None for a line."""
    mean = points.mean(axis=0)
    x, y = (points - mean).T
    squares = x * x + y * y
    system = np.array([[(x * x).sum(), (x * y).sum()], [(x * y).sum(), (y * y).sum()]])
    right = 0.5 * np.array([(x * squares).sum(), (y * squares).sum()])
    determinant = system[0, 0] * system[1, 1] - system[0, 1] ** 2
    if abs(determinant) < 1e-9:
        return None
    cx = (right[0] * system[1, 1] - right[1] * system[0, 1]) / determinant
    cy = (system[0, 0] * right[1] - system[0, 1] * right[0]) / determinant
    radius = float(np.sqrt(cx * cx + cy * cy + squares.mean()))
    return (float(cx + mean[0]), float(cy + mean[1])), radius


def _arc(span: Points, away: NDArray[np.bool_], weights: NDArray[np.float64]) -> Fit | None:
    inner = span[away]
    circle = circle_through(inner)
    if circle is None or len(inner) < 4:
        return None
    centre, radius = circle
    if radius > 3000:
        return None
    error = float((np.abs(np.hypot(*(span - centre).T) - radius) * weights).max())
    angles = np.unwrap(np.arctan2(*(span - centre).T[::-1]))
    turn = float(angles[-1] - angles[0])
    if abs(turn) > 1.9 * pi or abs(turn) < 0.05:
        return None
    ends = [np.add(centre, (radius * cos(angle), radius * sin(angle))) for angle in (angles[0], angles[-1])]
    return Fit("arc", _straight(ends[0], ends[1]), centre, radius, turn, error)


def _cubic(span: Points, away: NDArray[np.bool_], weights: NDArray[np.float64]) -> Fit | None:
    """Least squares for all four control points, the parameters corrected twice (Schneider 1990)."""
    inner = span[away]
    if len(inner) < 8 or _turning(inner) > 1.1 * pi:
        return None
    steps = np.hypot(*np.diff(span, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)]) / max(float(steps.sum()), 1e-9)
    t = along[away]
    controls = np.zeros((4, 2))
    for attempt in range(3):
        basis = _bernstein(t)
        controls = np.linalg.lstsq(basis, inner, rcond=None)[0]
        if attempt == 2:
            break
        t = _corrected(controls, inner, t)
    distance = np.hypot(*(_bernstein(t) @ controls - inner).T)
    return Fit("cubic", controls, error=float((distance * weights[away]).max()))


def _turning(points: Points) -> float:
    """Total change of direction along the points, small wiggles left out."""
    coarse = points[:: max(1, len(points) // 12)]
    directions = np.diff(coarse, axis=0)
    angles = np.unwrap(np.arctan2(directions[:, 1], directions[:, 0]))
    return float(np.abs(np.diff(angles)).sum())


def _bernstein(t: NDArray[np.float64]) -> Points:
    s = 1.0 - t
    return np.stack([s**3, 3 * s * s * t, 3 * s * t * t, t**3], axis=1)


def _corrected(controls: Points, points: Points, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """One Newton step of each parameter towards the nearest place on the curve."""
    first = 3 * np.diff(controls, axis=0)
    second = 2 * np.diff(first, axis=0)
    s = (1.0 - t)[:, None]
    u = t[:, None]
    offset = _bernstein(t) @ controls - points
    slope = s * s * first[0] + 2 * s * u * first[1] + u * u * first[2]
    bend = s * second[0] + u * second[1]
    top = (offset * slope).sum(axis=1)
    bottom = (slope**2).sum(axis=1) + (offset * bend).sum(axis=1)
    step = np.where(np.abs(bottom) > 1e-9, top / np.where(bottom == 0, 1, bottom), 0.0)
    return np.asarray(np.clip(t - np.clip(step, -0.1, 0.1), -0.05, 1.05))


def _joined(chain: list[Fit], closed_curve: bool) -> list[Fit]:
    """Moves the ends of neighbouring curves to one common point."""
    count = len(chain)
    if count == 0 or (closed_curve and count == 1):
        return chain
    result = list(chain)
    for index in range(count if closed_curve else count - 1):
        following = (index + 1) % count
        place = _meeting(result[index], result[following])
        result[index] = _moved(result[index], 3, place)
        result[following] = _moved(result[following], 0, place)
    return [_through_middle(before, after) for before, after in zip(chain, result, strict=True)]


def _through_middle(before: Fit, after: Fit) -> Fit:
    """An arc whose ends were moved, bent again so that it passes where its middle was."""
    if after.kind != "arc":
        return after
    begin = atan2(before.start[1] - before.centre[1], before.start[0] - before.centre[0])
    angle = begin + before.turn / 2
    middle = np.add(before.centre, (before.radius * cos(angle), before.radius * sin(angle)))
    circle = circle_through(np.stack([after.start, middle, after.end]))
    if circle is None:
        return Fit("line", _straight(after.start, after.end))
    centre, radius = circle
    angles = np.unwrap([atan2(p[1] - centre[1], p[0] - centre[0]) for p in (after.start, middle, after.end)])
    turn = float(angles[2] - angles[0])
    return Fit("arc", after.controls, centre, radius, turn, after.error)


def _moved(fit: Fit, end: int, place: Points) -> Fit:
    shift = place - fit.controls[end]
    controls = fit.controls.copy()
    controls[end] = place
    if fit.kind == "cubic":
        controls[1 if end == 0 else 2] += shift
    return Fit(fit.kind, controls, fit.centre, fit.radius, fit.turn, fit.error)


def _meeting(one: Fit, other: Fit) -> Points:
    """Where two neighbours meet: their intersection if it is near, else half-way between their ends."""
    half_way = (one.end + other.start) / 2
    place: Points | None = None
    if one.kind == other.kind == "line":
        place = _crossing(one, other)
    elif {one.kind, other.kind} == {"line", "arc"}:
        line, arc = (one, other) if one.kind == "line" else (other, one)
        place = _line_meets_circle(line, arc, half_way)
    if place is not None and hypot(*(place - half_way)) < 2.5:
        return place
    return np.asarray(half_way)


def _crossing(one: Fit, other: Fit) -> Points | None:
    d, e = one.end - one.start, other.end - other.start
    cross = d[0] * e[1] - d[1] * e[0]
    if abs(cross) < 0.05 * hypot(*d) * hypot(*e):
        return None
    offset = other.start - one.start
    return np.asarray(one.start + d * ((offset[0] * e[1] - offset[1] * e[0]) / cross))


def _line_meets_circle(line: Fit, arc: Fit, near: Points) -> Points | None:
    direction = line.end - line.start
    length = hypot(*direction)
    if length < 1e-9:
        return None
    direction = direction / length
    offset = np.asarray(arc.centre) - line.start
    foot = line.start + direction * (offset @ direction)
    gap = hypot(*(np.asarray(arc.centre) - foot))
    if abs(gap - arc.radius) < 0.15:
        return np.asarray(foot)
    if gap > arc.radius:
        return None
    half = np.sqrt(arc.radius**2 - gap**2)
    ends = [foot - direction * half, foot + direction * half]
    return np.asarray(min(ends, key=lambda place: hypot(*(place - near))))
