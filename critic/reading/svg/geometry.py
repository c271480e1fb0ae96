"""From contours to geometry: a circle, ellipse or rectangle where the contour is one, else a path."""

from __future__ import annotations

from math import cos, degrees, pi, radians, sin

import numpy as np
from numpy.typing import NDArray
from skimage.measure import EllipseModel

from critic.reading.svg.curves import follow_closed, follow_open
from critic.reading.svg.fits import Fit, Run, fit_circle
from critic.reading.svg.types import (
    Arc,
    Circle,
    Cubic,
    Ellipse,
    Outline,
    Path,
    Point,
    Rect,
    Segment,
    Straight,
)

_SNAP = 0.35
_BORDER = 0.4
_MOSTLY_SEEN = 0.8
"""Share of a contour above which an ellipse is fitted to it: five numbers follow any shorter part."""

_SECTORS, _MORE_THAN_HALF = 8, 9
"""Sectors of half a circle; those of a whole one that are more than half of it."""

_THIN = 1.5
"""Smaller semi-axis in pixels, as the points spread, below which they are a line rather than an ellipse."""

_DIAGONAL, _LEVEL = 45.0, 2.0
"""Degrees beyond which an ellipse's other axis is the level one, and within which one is exactly level."""

_LEAST_AXIS = 0.5
"""Semi-axis in pixels below which an ellipse is not drawn."""

_LEAST_CURVES = 2
"""Curves that enclose an area."""

_SIDES, _UPRIGHT_SIDES = 4, 2
"""Of a rectangle."""

_EXACTLY = 0.02
"""Pixels a rectangle's side is off level or upright at most: ``_levelled`` made it exactly so."""


def primitive(contour: Run, seen: NDArray[np.bool_], tolerance: float) -> Circle | Ellipse | None:
    """The circle or ellipse that a contour follows where it can be seen, if there is one.

    Args:
        contour: Points along it.
        seen: Which of them can be seen; the others lie under other shapes.
        tolerance: How far a point may lie from the shape.
    """
    points = contour[seen]
    if len(points) < max(12, 0.4 * len(contour)):
        return None
    circle = fit_circle(points)
    if circle is not None:
        centre, radius = circle
        off = np.abs(np.abs(points - centre) - radius).max()
        if off <= tolerance and _surround(points, centre):
            return Circle(centre=_point(centre), radius=radius)
    return _ellipse(points, tolerance) if seen.mean() > _MOSTLY_SEEN else None


def _surround(points: Run, centre: complex) -> bool:
    """Whether points lie in more than half of all directions from a centre."""
    return len(np.unique((np.angle(points - centre) / pi * _SECTORS).astype(int))) >= _MORE_THAN_HALF


def _ellipse(points: Run, tolerance: float) -> Ellipse | None:
    places = np.stack([points.real, points.imag], axis=1)
    spread = np.linalg.svd(places - places.mean(axis=0), compute_uv=False) * np.sqrt(2 / len(points))
    if spread[1] < _THIN:
        return None
    try:
        with np.errstate(all="ignore"):
            model = EllipseModel.from_estimate(places)  # type: ignore[no-untyped-call]
    except (TypeError, ValueError, np.linalg.LinAlgError):  # points of no real ellipse
        return None
    if not model or not np.isfinite([*model.center, *model.axis_lengths, model.theta]).all():
        return None
    (cx, cy), (a, b), theta = model.center, model.axis_lengths, model.theta
    angle = (degrees(theta) + 90.0) % 180.0 - 90.0
    if abs(angle) > _DIAGONAL:
        a, b, angle = b, a, (angle % 180.0) - 90.0
    if abs(angle) < _LEVEL or abs(a - b) < 0.02 * max(a, b):
        angle = 0.0
    extent = float(np.ptp(places, axis=0).max())
    if min(a, b) < _LEAST_AXIS or max(a, b) > extent or not _surround(points, complex(cx, cy)):
        return None
    if _distance_to_ellipse(points - complex(cx, cy), a, b, angle) > tolerance:
        return None
    return Ellipse(centre=Point(float(cx), float(cy)), radii=Point(float(a), float(b)), angle=float(angle))


def _distance_to_ellipse(offset: Run, a: float, b: float, angle: float) -> float:
    """Largest distance of a point from an ellipse, to first order."""
    turned = offset * complex(cos(radians(angle)), -sin(radians(angle)))
    u, v = turned.real / a, turned.imag / b
    return float((np.abs(u * u + v * v - 1) / (2 * np.hypot(u / a, v / b))).max())


def outline(contour: Run, tolerance: float, slack: NDArray[np.float64], size: Point) -> Outline | None:
    """A contour as segments, level and upright lines made exactly so; None where hardly anything is left.

    Args:
        contour: Points along it, closed.
        tolerance: How far a point may lie from its segment.
        slack: Factor on the tolerance at each point.
        size: Of the picture, whose borders attract what nearly touches them.
    """
    fits = follow_closed(contour, tolerance, slack)
    if len(fits) < _LEAST_CURVES:
        return None
    corners = _levelled([fit.end for fit in fits], [fit.kind == "line" for fit in fits], size)
    segments = [
        segment for i, fit in enumerate(fits) for segment in _segments(fit, corners[i - 1], corners[i])
    ]
    return Outline(start=corners[-1], segments=tuple(segments))


def centre_line(line: Run, closed: bool, tolerance: float, size: Point) -> Outline | None:
    """A centre line as segments; None where it is too short.

    Args:
        line: Points along it.
        closed: Whether it returns to its start.
        tolerance: How far a point may lie from its segment.
        size: Of the picture.
    """
    if closed:
        return outline(_smoothed(line), tolerance, np.ones(len(line)), size)
    fits = follow_open(line, tolerance)
    if not fits:
        return None
    start = Fit("start", fits[0].start, fits[0].start, line[:0])
    straight = [False, *(fit.kind == "line" for fit in fits)]
    places = _levelled([fit.end for fit in (start, *fits)], straight, size, snap_border=False)
    segments = [segment for i, fit in enumerate(fits) for segment in _segments(fit, places[i], places[i + 1])]
    return Outline(start=places[0], segments=tuple(segments))


def _smoothed(line: Run) -> Run:
    """Without the steps of a skeleton's pixels."""
    return (np.roll(line, 1) + 2 * line + np.roll(line, -1)) / 4


def _levelled(
    ends: list[complex], straight: list[bool], size: Point, *, snap_border: bool = True
) -> list[Point]:
    """End points with nearly level or upright lines made exact. Line ``i`` ends at point ``i``."""
    points = np.array([(end.real, end.imag) for end in ends])
    for axis in (0, 1):
        for index in range(len(points)):
            length = float(np.hypot(*(points[index] - points[index - 1])))
            if straight[index] and abs(points[index - 1, axis] - points[index, axis]) < _snap(length):
                points[[index - 1, index], axis] = points[[index - 1, index], axis].mean()
        for border in (0.0, size[axis]) if snap_border else ():
            points[np.abs(points[:, axis] - border) < _BORDER, axis] = border
    return [Point(float(x), float(y)) for x, y in points]


def _snap(length: float) -> float:
    """How far a line may be from level: less for short ones, whose angle would change visibly."""
    return min(_SNAP, 0.03 * length)


def _point(place: complex) -> Point:
    return Point(place.real, place.imag)


def _segments(fit: Fit, start: Point, end: Point) -> list[Segment]:
    """A fit between its final ends; an arc of more than half a circle in two, which rounding harms less."""
    if fit.kind == "cubic":
        return [Cubic(first=_point(fit.first), second=_point(fit.second), end=end)]
    if fit.kind == "line":
        return [Straight(end=end)]
    middle = fit.middle()
    circle = fit_circle(np.array([complex(*start), middle, complex(*end)]))
    if circle is None:
        return [Straight(end=end)]
    radius, sweep = circle[1], fit.turn > 0
    if abs(fit.turn) <= 1.02 * pi:
        return [Arc(end=end, radius=radius, large=False, sweep=sweep)]
    halves = (_point(middle), end)
    return [Arc(end=place, radius=radius, large=False, sweep=sweep) for place in halves]


def round_outline(circle: Circle) -> Outline:
    """A circle as two half circles, for a path that has other outlines as well."""
    left = Point(circle.centre.x - circle.radius, circle.centre.y)
    right = Point(circle.centre.x + circle.radius, circle.centre.y)
    halves = (Arc(end=end, radius=circle.radius, large=False, sweep=True) for end in (right, left))
    return Outline(start=left, segments=tuple(halves))


def rectangle(shape: Outline) -> Rect | None:
    """The rectangle, rounded or not, that an outline draws, if it does."""
    segments = shape.segments
    arcs = [segment for segment in segments if isinstance(segment, Arc)]
    lines = [segment for segment in segments if isinstance(segment, Straight)]
    if len(lines) != _SIDES or len(arcs) not in (0, _SIDES) or len(arcs) + _SIDES != len(segments):
        return None
    points = [shape.start, *(segment.end for segment in segments)]
    upright = 0
    for before, segment, after in zip(points[:-1], segments, points[1:], strict=True):
        if isinstance(segment, Straight):
            if min(abs(before.x - after.x), abs(before.y - after.y)) > _EXACTLY:
                return None
            upright += abs(before.x - after.x) < abs(before.y - after.y)
    if upright != _UPRIGHT_SIDES:
        return None
    radii = [arc.radius for arc in arcs]
    if arcs and (max(radii) - min(radii) > 0.6 + 0.05 * max(radii) or any(arc.large for arc in arcs)):
        return None
    left, right = min(p.x for p in points), max(p.x for p in points)
    top, bottom = min(p.y for p in points), max(p.y for p in points)
    radius = float(np.mean(radii)) if arcs else 0.0
    if 2 * radius > min(right - left, bottom - top) + 1.0:
        return None
    return Rect(corner=Point(left, top), width=right - left, height=bottom - top, radius=radius)


def path(outlines: list[Outline]) -> Path | Rect:
    """A path of the outlines, or the rectangle that the only one of them is."""
    if len(outlines) == 1 and (rect := rectangle(outlines[0])) is not None:
        return rect
    return Path(outlines=tuple(outlines))
