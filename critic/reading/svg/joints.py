"""Joins fitted curves end to end: corners where lines cross, round corners that touch both lines."""

from __future__ import annotations

from cmath import exp, phase
from dataclasses import replace
from math import pi, sin, sqrt, tan

import numpy as np

from critic.reading.svg.fits import Fit, fit_circle

_FAR = 2.5
_TOUCHING = 0.15
_NEIGHBOURS = 2
"""Of a curve; only in a longer chain has one two different ones."""

_PARALLEL = 0.1
"""Sine of the angle below which two lines are nearly parallel: where they cross is uncertain."""

_HALF_TURN, _BACK = 0.1, 0.03
"""Radians from half a circle within which an arc is one, and within which the lines it joins are parallel."""

_SAME_BEND = 0.2
"""Radians by which an arc's turn and the angle of its two lines differ at most where it touches both."""

_LEAST_BEND, _MOST_BEND = 0.1, 2.9
"""Radians between which two lines have a corner to be rounded: neither straight on nor back."""

_LEAST_RADIUS = 0.5
"""Pixels below which two parallel lines are one: no half circle is between them."""


def join(chain: list[Fit], tolerance: float, *, closed: bool) -> list[Fit]:
    """Moves the ends of neighbouring curves to one common point.

    Args:
        chain: Curves in order.
        tolerance: How far a rounded corner may lie from its points.
        closed: Whether the last curve meets the first.
    """
    count = len(chain)
    if count == 0 or (closed and count == 1):
        return chain
    result = _rounded_corners(chain, tolerance, closed) if count > _NEIGHBOURS else list(chain)
    fixed = [fit is not before for fit, before in zip(result, chain, strict=True)]
    shaped = list(result)
    for index in range(count if closed else count - 1):
        following = (index + 1) % count
        one, other = result[index], result[following]
        place = one.end if fixed[index] else other.start if fixed[following] else _meeting(one, other)
        result[index] = result[index].with_end(place)
        result[following] = result[following].with_start(place)
    return [_through_middle(before, after) for before, after in zip(shaped, result, strict=True)]


def _through_middle(before: Fit, after: Fit) -> Fit:
    """An arc whose ends were moved, bent again so that it passes where its middle was."""
    if after.kind != "arc" or (after.start == before.start and after.end == before.end):
        return after
    circle = fit_circle(np.array([after.start, before.middle(), after.end]))
    if circle is None:
        return replace(after, kind="line")
    centre, radius = circle
    half = before.middle() - centre
    turn = phase(half / (after.start - centre)) + phase((after.end - centre) / half)
    return replace(after, centre=centre, radius=radius, turn=turn)


def _meeting(one: Fit, other: Fit) -> complex:
    """Where two neighbours meet: where they cross if that is near, else half-way between their ends."""
    half_way = (one.end + other.start) / 2
    place: complex | None = None
    if {one.kind, other.kind} == {"line", "arc"}:
        line, arc = (one, other) if one.kind == "line" else (other, one)
        place = _line_meets_circle(line, arc, half_way)
    if place is None:
        place = _crossing(one.end, one.direction_at_end(), other.start, other.direction_at_start())
    if place is not None and abs(place - half_way) < _FAR:
        return place
    for fit in (one, other):
        # Curves bend to meet a line; a line that gave way would tilt.
        if fit.kind == "line":
            direction = fit.direction_at_start()
            return fit.start + direction * ((half_way - fit.start) * direction.conjugate()).real
    return half_way


def _crossing(place: complex, d: complex, other: complex, e: complex) -> complex | None:
    """Where the lines through two places cross; None where they are nearly parallel."""
    cross = (d.conjugate() * e).imag
    if abs(cross) < _PARALLEL:
        return None
    return place + d * (((other - place).conjugate() * e).imag / cross)


def _line_meets_circle(line: Fit, arc: Fit, near: complex) -> complex | None:
    direction = line.direction_at_start()
    if direction == 0:
        return None
    foot = line.start + direction * ((arc.centre - line.start) * direction.conjugate()).real
    gap = abs(arc.centre - foot)
    if abs(gap - arc.radius) < _TOUCHING and abs(foot - near) < _FAR:
        return foot
    if gap > arc.radius:
        return None
    half = sqrt(arc.radius**2 - gap**2)
    return min((foot - direction * half, foot + direction * half), key=lambda place: abs(place - near))


def _rounded_corners(chain: list[Fit], tolerance: float, closed: bool) -> list[Fit]:
    """Arcs between two lines, replaced by arcs that touch both where that follows the points as well."""
    result = list(chain)
    count = len(chain)
    for index in range(count):
        if not closed and index in (0, count - 1):
            continue
        before, arc, after = chain[index - 1], chain[index], chain[(index + 1) % count]
        if arc.kind == "arc" and before.kind == after.kind == "line":
            touching = _touching_arc(before, arc, after)
            if touching is not None and touching.error <= 1.5 * tolerance:
                result[index] = touching
    return result


def _touching_arc(before: Fit, arc: Fit, after: Fit) -> Fit | None:
    d, e = before.direction_at_end(), after.direction_at_start()
    if d == 0 or e == 0:
        return None
    bend = phase(e / d)
    corner = _crossing(before.end, d, after.start, e)
    if abs(abs(arc.turn) - pi) < _HALF_TURN and abs(abs(bend) - pi) < _BACK:
        return _half_turn(before, arc, after)
    if corner is None or abs(bend - arc.turn) > _SAME_BEND or not _LEAST_BEND < abs(bend) < _MOST_BEND:
        return None
    inward = exp(1j * (phase(d) + bend / 2)) * (1j if bend > 0 else -1j)
    depth = 1 / sin((pi - abs(bend)) / 2)
    # The centre lies on the bisector; the radius that follows the points best is near the arc's own.
    best: Fit | None = None
    for radius in arc.radius + np.linspace(-0.12, 0.12, 41) * min(arc.radius, 20.0):
        centre = corner + inward * float(radius) * depth
        error = float(np.abs(np.abs(arc.points - centre) - radius).max())
        if best is None or error < best.error:
            reach = float(radius) * tan(abs(bend) / 2)
            start, end = corner - d * reach, corner + e * reach
            best = replace(
                arc, start=start, end=end, centre=centre, radius=float(radius), turn=bend, error=error
            )
    return best


def _half_turn(before: Fit, arc: Fit, after: Fit) -> Fit | None:
    """The half circle between two parallel lines."""
    d = before.direction_at_end()
    across = d * 1j * ((after.start - before.end) * (d * 1j).conjugate()).real
    radius = abs(across) / 2
    if radius < _LEAST_RADIUS:
        return None
    along = float(np.mean(((arc.points - before.end) * d.conjugate()).real))
    inside = ((arc.centre - before.end) * d.conjugate()).real
    foot = before.end + d * inside if abs(inside - along) < 2 * radius else before.end
    centre = foot + across / 2
    error = float(np.abs(np.abs(arc.points - centre) - radius).max())
    turn = pi if arc.turn > 0 else -pi
    return replace(arc, start=foot, end=foot + across, centre=centre, radius=radius, turn=turn, error=error)
