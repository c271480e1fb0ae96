"""A geometry as a row of numbers that may be moved, and as the tracks of points that it draws.

An arc is told by its bulge, the tangent of a quarter of its turn: that stays what it is when its ends move.
"""

from __future__ import annotations

from cmath import exp
from collections.abc import Iterator, Sequence
from math import asin, atan, ceil, hypot, pi, tan

import numpy as np
from numpy.typing import NDArray

from critic.reading.svg.fits import Run
from critic.reading.svg.types import (
    Arc,
    Circle,
    Cubic,
    Ellipse,
    Geometry,
    Outline,
    Part,
    Path,
    Point,
    Rect,
    Segment,
    Straight,
    Stroke,
)

Numbers = NDArray[np.float64]

_STEP = 0.05
"""Radians between points along a circle: 0.0003 of its radius from it at most."""

_ARC_POINTS = 80
"""Points along an arc, whatever its turn, so that each can be followed when a number is moved."""

_STRAIGHT = 1e-4
"""Bulge up to which an arc is a line."""

_CUBIC_POINTS = 24
"""Points along a cubic."""

_SAME = 1e-6
"""Pixels within which an outline's end is its start."""


def is_closed(outline: Outline) -> bool:
    """Whether an outline ends where it starts."""
    end = outline.segments[-1].end
    return hypot(end.x - outline.start.x, end.y - outline.start.y) < _SAME


def parts_of(geometry: Geometry) -> tuple[Part, ...]:
    """What a geometry's sides or centre lines are."""
    if isinstance(geometry, Stroke):
        return geometry.lines
    return geometry.outlines if isinstance(geometry, Path) else (geometry,)


def with_parts(geometry: Geometry, parts: Sequence[Part]) -> Geometry:
    """The geometry with other parts, as many of the same sorts."""
    if isinstance(geometry, Stroke):
        return geometry.model_copy(update={"lines": tuple(parts)})
    if isinstance(geometry, Path):
        return geometry.model_copy(update={"outlines": tuple(parts)})
    (part,) = parts
    if isinstance(part, Outline):
        raise TypeError("an outline alone is no geometry")
    return part


def numbers_of(part: Part) -> Numbers:
    """Places, then what bends, in pixels; see ``rebuilt``."""
    match part:
        case Circle(centre=(x, y), radius=radius):
            return np.array([x, y, radius])
        case Ellipse(centre=(x, y), radii=(across, down), angle=angle):
            return np.array([x, y, across, down, angle])
        case Rect(corner=(x, y), width=width, height=height, radius=radius):
            return np.array([x, y, x + width, y + height, radius])
    places: list[float] = [*part.start]
    bends: list[float] = []
    here = part.start
    for index, segment in enumerate(part.segments):
        if index < len(part.segments) - 1 or not is_closed(part):
            places += segment.end
        if isinstance(segment, Arc):
            bends.append(bulge(here, segment))
        if isinstance(segment, Cubic):
            bends += [segment.first.x - here.x, segment.first.y - here.y]
            bends += [segment.second.x - segment.end.x, segment.second.y - segment.end.y]
        here = segment.end
    return np.array(places + bends)


def count_of_places(part: Part) -> int:
    """How many of a part's numbers are places; those of bends follow."""
    if isinstance(part, Outline):
        return 2 * (len(part.segments) + (not is_closed(part)))
    return len(numbers_of(part))


def rebuilt(part: Part, numbers: Numbers) -> Part:
    """A part of the same sort with other numbers."""
    values = [float(value) for value in numbers]
    match part:
        case Circle():
            return Circle(centre=Point(values[0], values[1]), radius=values[2])
        case Ellipse():
            return Ellipse(
                centre=Point(values[0], values[1]), radii=Point(values[2], values[3]), angle=values[4]
            )
        case Rect():
            left, top, right, bottom, radius = values
            return Rect(corner=Point(left, top), width=right - left, height=bottom - top, radius=radius)
    count = count_of_places(part)
    places = [Point(*pair) for pair in zip(values[0:count:2], values[1:count:2], strict=True)]
    if is_closed(part):
        places.append(places[0])
    bends = iter(values[count:])
    segments = [
        _rebuilt(segment, start, end, bends)
        for segment, start, end in zip(part.segments, places[:-1], places[1:], strict=True)
    ]
    return Outline(start=places[0], segments=tuple(segments))


def _rebuilt(segment: Segment, start: Point, end: Point, bends: Iterator[float]) -> Segment:
    if isinstance(segment, Arc):
        return arc(start, end, next(bends))
    if isinstance(segment, Cubic):
        first = Point(start.x + next(bends), start.y + next(bends))
        return Cubic(first=first, second=Point(end.x + next(bends), end.y + next(bends)), end=end)
    return Straight(end=end)


def bulge(start: Point, segment: Arc) -> float:
    """The tangent of a quarter of an arc's turn, positive clockwise on the screen."""
    half = hypot(segment.end.x - start.x, segment.end.y - start.y) / 2
    turn = 2 * asin(min(1.0, half / max(segment.radius, _SAME)))
    turn = 2 * pi - turn if segment.large else turn
    return tan(turn / 4) * (1 if segment.sweep else -1)


def arc(start: Point, end: Point, bend: float) -> Arc:
    """The arc of a bulge between two places."""
    half = hypot(end.x - start.x, end.y - start.y) / 2
    bent = max(abs(bend), _STRAIGHT)
    return Arc(end=end, radius=half * (1 + bent**2) / (2 * bent), large=bent > 1, sweep=bend > 0)


def reversed_outline(outline: Outline) -> Outline:
    """The same outline from its end to its start."""
    places = [outline.start, *(segment.end for segment in outline.segments)]
    segments: list[Segment] = []
    for start, segment in zip(reversed(places[:-1]), reversed(outline.segments), strict=True):
        if isinstance(segment, Arc):
            segments.append(segment.model_copy(update={"end": start, "sweep": not segment.sweep}))
        elif isinstance(segment, Cubic):
            segments.append(Cubic(first=segment.second, second=segment.first, end=start))
        else:
            segments.append(Straight(end=start))
    return Outline(start=places[-1], segments=tuple(segments))


def tracks(geometry: Geometry) -> list[Run]:
    """Points along each part, close enough together to measure distances from the lines between them."""
    return [track(part) for part in parts_of(geometry)]


def track(part: Part) -> Run:
    """Points along one part; the first again at the end of what is closed."""
    turn = np.linspace(0, 2 * pi, ceil(2 * pi / _STEP))
    match part:
        case Circle(centre=(x, y), radius=radius):
            return np.asarray(complex(x, y) + radius * np.exp(1j * turn))
        case Ellipse(centre=(x, y), radii=(across, down), angle=angle):
            level = across * np.cos(turn) + 1j * down * np.sin(turn)
            return np.asarray(complex(x, y) + level * exp(1j * angle * pi / 180))
        case Rect():
            return _rounded(part)
    pieces = [np.array([complex(*part.start)])]
    here = complex(*part.start)
    for segment in part.segments:
        pieces.append(_along(here, segment))
        here = complex(*segment.end)
    return np.concatenate(pieces)


def _along(start: complex, segment: Segment) -> Run:
    """Points after the start of a segment."""
    end = complex(*segment.end)
    if isinstance(segment, Cubic):
        t = np.linspace(0, 1, _CUBIC_POINTS)[1:]
        first, second = complex(*segment.first), complex(*segment.second)
        return np.asarray(
            (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * second + t**3 * end
        )
    if isinstance(segment, Straight):
        return np.array([end])
    turn = 4 * atan(bulge(Point(start.real, start.imag), segment))
    if abs(turn) < _STRAIGHT or abs(end - start) < _SAME:
        return np.asarray(np.linspace(start, end, _ARC_POINTS)[1:], complex)
    centre = (end - start * exp(1j * turn)) / (1 - exp(1j * turn))
    steps = np.linspace(0, turn, _ARC_POINTS)[1:]
    return np.asarray(centre + (start - centre) * np.exp(1j * steps))


def _rounded(rect: Rect) -> Run:
    left, top = rect.corner
    right, bottom = left + rect.width, top + rect.height
    r = max(0.0, min(rect.radius, rect.width / 2, rect.height / 2))
    corners = [
        (complex(right - r, top + r), -pi / 2),
        (complex(right - r, bottom - r), 0.0),
        (complex(left + r, bottom - r), pi / 2),
        (complex(left + r, top + r), pi),
    ]
    quarter = np.linspace(0, pi / 2, ceil(pi / 2 / _STEP))
    pieces = [centre + r * np.exp(1j * (begin + quarter)) for centre, begin in corners]
    return np.concatenate([*pieces, pieces[0][:1]])
