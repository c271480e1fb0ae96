"""From contours to geometry: a circle, ellipse or rectangle where the contour is one, else a path."""

from __future__ import annotations

from math import degrees, hypot, pi

import numpy as np
from numpy.typing import NDArray
from skimage.measure import EllipseModel

from critic.reading.svg.curves import Fit, Points, circle_through, fit_closed
from critic.reading.svg.types import (
    Arc,
    Circle,
    Cubic,
    Ellipse,
    Line,
    Outline,
    Path,
    Point,
    Rect,
    Segment,
)

_SNAP = 0.35


def primitive(contour: Points, seen: NDArray[np.bool_], tolerance: float) -> Circle | Ellipse | None:
    """The circle or ellipse that a contour follows where it can be seen, if there is one.

    Args:
        contour: Points along it.
        seen: Which of them can be seen; the others lie under other shapes.
        tolerance: How far a point may lie from the shape.
    """
    points = contour[seen]
    if len(points) < max(12, 0.4 * len(contour)):
        return None
    circle = circle_through(points)
    if circle is not None:
        centre, radius = circle
        offsets = points - centre
        reached = np.unique((np.arctan2(offsets[:, 1], offsets[:, 0]) / pi * 8).astype(int))
        if np.abs(np.hypot(*offsets.T) - radius).max() <= tolerance and len(reached) >= 9:
            return Circle(centre=Point(*centre), radius=radius)
    return _ellipse(points, tolerance) if seen.mean() > 0.8 else None


def _ellipse(points: Points, tolerance: float) -> Ellipse | None:
    centre = points.mean(axis=0)
    spread = np.linalg.svd(points - centre, compute_uv=False) * np.sqrt(2 / len(points))
    if spread[1] < 1.5:
        return None
    model = EllipseModel.from_estimate(points)
    if not model:
        return None
    if np.abs(model.residuals(points)).max() > tolerance:
        return None
    (cx, cy), (a, b), theta = model.center, model.axis_lengths, model.theta
    angle = degrees(theta) % 180.0
    if abs(angle - 90.0) < 45.0:
        a, b, angle = b, a, angle - 90.0
    angle = (angle + 90.0) % 180.0 - 90.0
    if abs(angle) < 2.0:
        angle = 0.0
    return Ellipse(centre=Point(float(cx), float(cy)), radii=Point(float(a), float(b)), angle=float(angle))


def outline(contour: Points, tolerance: float, slack: NDArray[np.float64] | None = None) -> Outline | None:
    """A contour as segments, level and upright lines made exactly so; None where hardly anything is left."""
    fits = fit_closed(contour, tolerance, slack)
    if len(fits) < 2:
        return None
    corners = _levelled([fit.end for fit in fits], [fit.kind == "line" for fit in fits])
    segments = tuple(_segment(fit, corners[index]) for index, fit in enumerate(fits))
    return Outline(start=corners[-1], segments=segments)


def _levelled(ends: list[Points], straight: list[bool]) -> list[Point]:
    """End points with nearly level or upright lines made exact. Line ``i`` ends at point ``i``."""
    points = np.array(ends, dtype=float)
    for axis in (0, 1):
        index = 0
        while index < len(points):
            if straight[index] and abs(points[index - 1, axis] - points[index, axis]) < _snap(points, index):
                points[[index - 1, index], axis] = points[[index - 1, index], axis].mean()
            index += 1
    return [Point(float(x), float(y)) for x, y in points]


def _snap(points: Points, index: int) -> float:
    """How far a line may be from level: less for long lines would be visible, hence an angle as well."""
    length = hypot(*(points[index] - points[index - 1]))
    return min(_SNAP, 0.03 * length)


def _segment(fit: Fit, end: Point) -> Segment:
    if fit.kind == "line":
        return Line(end=end)
    if fit.kind == "arc":
        return Arc(end=end, radius=fit.radius, large=abs(fit.turn) > pi, sweep=fit.turn > 0)
    first, second = fit.controls[1], fit.controls[2]
    return Cubic(first=Point(*map(float, first)), second=Point(*map(float, second)), end=end)


def rectangle(shape: Outline) -> Rect | None:
    """The rectangle, rounded or not, that an outline draws, if it does."""
    segments = shape.segments
    arcs = [segment for segment in segments if isinstance(segment, Arc)]
    lines = [segment for segment in segments if isinstance(segment, Line)]
    if len(lines) != 4 or len(arcs) not in (0, 4) or len(arcs) + 4 != len(segments):
        return None
    points = [shape.start, *(segment.end for segment in segments)]
    upright = 0
    for before, segment, after in zip(points[:-1], segments, points[1:], strict=True):
        if isinstance(segment, Line):
            if min(abs(before.x - after.x), abs(before.y - after.y)) > 0.02:
                return None
            upright += abs(before.x - after.x) < abs(before.y - after.y)
    if upright != 2:
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
