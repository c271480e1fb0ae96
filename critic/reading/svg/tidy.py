"""Centre lines as what a person draws: circles and rectangles where they are, arcs of one circle as one."""

from __future__ import annotations

from math import atan, pi, tan

from critic.reading.svg.geometry import rectangle
from critic.reading.svg.numbers import arc, bulge, is_closed
from critic.reading.svg.types import Arc, Circle, Outline, Part, Point, Segment

_SAME_CIRCLE = 0.06
"""Share of the radius by which centres and radii of two arcs of one circle differ at most."""

_LEAST_DIFFERENCE = 0.6
"""Pixels that they may differ by in any case."""

_MOST_TURN = 1.8 * pi
"""Radians of the longest arc that is written as one: beyond, its ends decide its circle badly."""

_WHOLE = 1.9 * pi
"""Radians from which the arcs of a closed line are a whole circle."""


def tidied(outline: Outline) -> Part:
    """The circle, the rectangle or the outline with fewer arcs that it is."""
    merged = _merged(outline)
    if is_closed(merged):
        circle = _circle(merged)
        if circle is not None:
            return circle
        return rectangle(merged) or merged
    return merged


def centre_of(start: Point, segment: Arc) -> complex:
    """The centre of an arc's circle."""
    a, b = complex(*start), complex(*segment.end)
    bend = bulge(start, segment)
    return (a + b) / 2 + 1j * (b - a) / 2 * (1 - bend**2) / (2 * bend)


def _merged(outline: Outline) -> Outline:
    segments: list[Segment] = []
    starts: list[Point] = []
    here = outline.start
    for segment in outline.segments:
        before = segments[-1] if segments else None
        if isinstance(segment, Arc) and isinstance(before, Arc):
            turn = 4 * (atan(bulge(starts[-1], before)) + atan(bulge(here, segment)))
            if _same_circle(starts[-1], before, here, segment) and abs(turn) <= _MOST_TURN:
                segments[-1] = arc(starts[-1], segment.end, tan(turn / 4))
                here = segment.end
                continue
        segments.append(segment)
        starts.append(here)
        here = segment.end
    return Outline(start=outline.start, segments=tuple(segments))


def _same_circle(start: Point, first: Arc, middle: Point, second: Arc) -> bool:
    near = max(_LEAST_DIFFERENCE, _SAME_CIRCLE * max(first.radius, second.radius))
    apart = abs(centre_of(start, first) - centre_of(middle, second))
    return first.sweep == second.sweep and apart < near and abs(first.radius - second.radius) < near


def _circle(outline: Outline) -> Circle | None:
    """The circle that a closed outline's arcs are."""
    here, turn, places, radii = outline.start, 0.0, [], []
    for segment in outline.segments:
        if not isinstance(segment, Arc):
            return None
        turn += 4 * atan(bulge(here, segment))
        places.append(centre_of(here, segment))
        radii.append(segment.radius)
        here = segment.end
    centre, radius = sum(places) / len(places), sum(radii) / len(radii)
    near = max(_LEAST_DIFFERENCE, _SAME_CIRCLE * radius)
    apart = max(abs(place - centre) for place in places)
    if abs(turn) < _WHOLE or max(apart, max(radii) - min(radii)) > near:
        return None
    return Circle(centre=Point(centre.real, centre.imag), radius=radius)
