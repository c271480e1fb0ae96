"""A pen's lines with no more joints than its sides ask for, and joined where their ends meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from critic.reading.svg.fits import Run
from critic.reading.svg.numbers import bulge, is_closed, reversed_outline, track
from critic.reading.svg.tidy import tidied
from critic.reading.svg.tighten import deviation, tightened
from critic.reading.svg.types import Arc, Circle, Outline, Part, Point, Segment, Straight, Stroke

_MEETING = 0.15
"""Widths of the pen within which two ends are one."""

_SHORT = 1.5
"""Widths of the pen below which a segment may be but a corner that thinning cut off."""

_LITTLE = 0.06
"""Pixels that the sides may lie further away where a joint is left out."""

_HOPELESS = 2.0
"""Pixels from their sides, once moved, from which lines are no pen's: fewer joints bring none so far off
near. Of 30 readings of Lucide's icons, such came no nearer than by a seventh of a pixel."""

_BENT = 0.35
"""Radians up to which two lines may be one, by the sine of the angle between them."""

_OUT_OF_ROUND = 0.3
"""Share of a closed line's radius by which it may lie off a circle that is tried in its place."""

_LEAST_CLOSED = 3
"""Segments from which an outline can be closed and enclose something."""

_FLAT_ARC = 1.0
"""Pixels that an arc rises over the line between its ends below which it may be that line."""

_PARALLEL = 0.1
"""Sine of the angle below which it is uncertain where two lines cross."""


def plainer(stroke: Stroke, sides: Run) -> Stroke:
    """The stroke with as few lines and joints as its sides allow."""
    best = _moved(_joined(_moved(stroke, sides)), sides)
    limit = deviation(best, sides)
    if limit > _HOPELESS:
        return best
    tried: set[_Trial] = set()
    while True:
        for trial in _trials(best):
            if trial in tried:
                continue
            tried.add(trial)
            lines = list(best.lines)
            lines[trial.place] = trial.part
            moved = _moved(best.model_copy(update={"lines": tuple(lines)}), sides)
            if (off := deviation(moved, sides)) <= limit + _LITTLE:
                best, limit = moved, min(limit, off)
                break
        else:
            return _tidied(best, sides)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One of a stroke's lines without a joint, or as a circle."""

    place: int
    part: Part


def _trials(stroke: Stroke) -> Iterator[_Trial]:
    for place, line in enumerate(stroke.lines):
        if not isinstance(line, Outline):
            continue
        if is_closed(line) and (circle := _circle(line)) is not None:
            yield _Trial(place, circle)
        for outline in _without_joints(line, _SHORT * stroke.width):
            yield _Trial(place, outline)


def _circle(line: Outline) -> Circle | None:
    """The circle that a closed line is about; None where it is far from one."""
    places = track(line)
    middle = (places.real.max() + places.real.min() + 1j * (places.imag.max() + places.imag.min())) / 2
    radii = np.abs(places - middle)
    if radii.max() - radii.min() > _OUT_OF_ROUND * radii.max():
        return None
    return Circle(centre=Point(float(middle.real), float(middle.imag)), radius=float(np.median(radii)))


def _without_joints(line: Outline, short: float) -> Iterator[Outline]:
    """The line with two segments as one, and with two lines that meet where a short one was between them."""
    starts = [line.start, *(segment.end for segment in line.segments)]
    for index, segment in enumerate(line.segments):
        if isinstance(segment, Arc) and not segment.large and _height(starts[index], segment) < _FLAT_ARC:
            yield _replaced(line, index, 1, [Straight(end=segment.end)])
    for index in range(len(line.segments) - 1):
        one, other = line.segments[index : index + 2]
        if isinstance(one, Straight) and isinstance(other, Straight) and _straight(starts[index : index + 3]):
            yield _replaced(line, index, 2, [Straight(end=other.end)])
    for index in range(len(line.segments) - 2):
        one, middle, other = line.segments[index : index + 3]
        if _length(starts[index + 1], starts[index + 2]) > short:
            continue
        if isinstance(one, Straight) and isinstance(other, Straight):
            place = _crossing(starts[index], starts[index + 1], starts[index + 2], starts[index + 3])
            if place is not None and _length(place, starts[index + 1]) < short:
                yield _replaced(line, index, 3, [Straight(end=place), Straight(end=other.end)])
        elif isinstance(middle, Straight):
            yield _replaced(line, index, 2, [one.model_copy(update={"end": middle.end})])


def _height(start: Point, arc: Arc) -> float:
    """How far an arc rises over the line between its ends, in pixels."""
    return abs(bulge(start, arc)) * _length(start, arc.end) / 2


def _replaced(line: Outline, first: int, count: int, segments: list[Segment]) -> Outline:
    kept = [*line.segments[:first], *segments, *line.segments[first + count :]]
    return Outline(start=line.start, segments=tuple(kept))


def _straight(places: list[Point]) -> bool:
    a, b, c = (complex(*place) for place in places)
    one, other = b - a, c - b
    turn = one.conjugate() * other
    return turn.real > 0 and abs(turn.imag) <= _BENT * abs(turn)


def _length(one: Point, other: Point) -> float:
    return abs(complex(*one) - complex(*other))


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where the line through a and b meets the one through c and d."""
    start, along = complex(*a), complex(*b) - complex(*a)
    across = complex(*d) - complex(*c)
    sine = (along.conjugate() * across).imag
    if abs(sine) < _PARALLEL * abs(along) * abs(across) or not sine:
        return None
    place = start + along * ((complex(*c) - start).conjugate() * across).imag / sine
    return Point(place.real, place.imag)


def _joined(stroke: Stroke) -> Stroke:
    """Lines that end where another does, as one."""
    lines = list(stroke.lines)
    near = _MEETING * stroke.width
    while (pair := _meeting(lines, near)) is not None:
        first, second, joined = pair
        lines = [line for index, line in enumerate(lines) if index not in (first, second)]
        lines.append(joined)
    return stroke.model_copy(update={"lines": tuple(lines)})


def _meeting(lines: list[Part], near: float) -> tuple[int, int, Outline] | None:
    for first, one in enumerate(lines):
        if not isinstance(one, Outline) or is_closed(one):
            continue
        for second, other in enumerate(lines[first + 1 :], first + 1):
            if not isinstance(other, Outline) or is_closed(other):
                continue
            for before in (one, reversed_outline(one)):
                for after in (other, reversed_outline(other)):
                    if _length(before.segments[-1].end, after.start) < near:
                        segments = (*before.segments, *after.segments)
                        return first, second, _closed(Outline(start=before.start, segments=segments), near)
    return None


def _closed(outline: Outline, near: float) -> Outline:
    """The outline, closed where its ends meet."""
    last = outline.segments[-1]
    if len(outline.segments) < _LEAST_CLOSED or _length(last.end, outline.start) >= near:
        return outline
    closing = last.model_copy(update={"end": outline.start})
    return outline.model_copy(update={"segments": (*outline.segments[:-1], closing)})


def _tidied(stroke: Stroke, sides: Run) -> Stroke:
    lines = tuple(tidied(line) if isinstance(line, Outline) else line for line in stroke.lines)
    if lines == stroke.lines:
        return stroke
    plain = _moved(stroke.model_copy(update={"lines": lines}), sides)
    return plain if deviation(plain, sides) <= deviation(stroke, sides) + _LITTLE else stroke


def _moved(stroke: Stroke, sides: Run) -> Stroke:
    moved = tightened(stroke, sides)
    return moved if isinstance(moved, Stroke) else stroke
