"""One pen for all lines that are about as wide, and short lines that it drew: round or flat rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from statistics import median

from critic.reading.svg.types import (
    Arc,
    Drawing,
    Geometry,
    Outline,
    Path,
    Point,
    Rect,
    Shape,
    Straight,
    Stroke,
)

_SAME_PEN = 0.08
"""Share by which two widths of one pen differ at most."""

_ROUND = 0.4
"""Share of a rectangle's smaller side from which its corners' radius makes round ends."""

_FLAT = 0.1
"""The same share up to which its ends are flat."""

_ENDS = 2
"""Half circles of a rod, and sides between them at most: one may be left to closing the outline."""

_SPECK = 0.05
"""Share of a pen's width below which a side is what rounding left."""


def of_one_pen(strokes: Sequence[Shape]) -> list[Shape]:
    """The strokes, those of about one width with the width of most of them."""
    result = []
    for shape in strokes:
        widths = [width for other in strokes if _alike(width := _width(other), _width(shape))]
        geometry = shape.geometry.model_copy(update={"width": median(widths)})
        result.append(shape.model_copy(update={"geometry": geometry}))
    return result


def pen_lines(drawing: Drawing, strokes: Sequence[Shape]) -> list[Shape]:
    """Rectangles and rods with round ends, as wide as a pen that draws elsewhere, as lines."""
    pens = [shape.geometry for shape in strokes if isinstance(shape.geometry, Stroke)]
    found = []
    for shape in drawing.shapes:
        line = next((line for pen in pens if (line := _by_pen(shape.geometry, pen)) is not None), None)
        if line is not None:
            found.append(shape.model_copy(update={"geometry": line}))
    return found


def _by_pen(geometry: Geometry, pen: Stroke) -> Stroke | None:
    return _as_line(geometry, pen) if isinstance(geometry, Rect) else _as_rod(geometry, pen)


def _as_rod(geometry: Geometry, pen: Stroke) -> Stroke | None:
    """The middle line of an outline that is two half circles of a pen's width and two sides between them."""
    if not isinstance(geometry, Path) or len(geometry.outlines) != 1 or pen.cap != "round":
        return None
    outline = geometry.outlines[0]
    ends, here, sides = [], outline.start, 0
    for segment in outline.segments:
        if isinstance(segment, Arc):
            chord = hypot(segment.end.x - here.x, segment.end.y - here.y)
            if not _alike(chord, pen.width) or not _alike(2 * segment.radius, pen.width):
                return None
            ends.append(Point((here.x + segment.end.x) / 2, (here.y + segment.end.y) / 2))
        elif isinstance(segment, Straight):
            sides += hypot(segment.end.x - here.x, segment.end.y - here.y) > _SPECK * pen.width
        else:
            return None
        here = segment.end
    if len(ends) != _ENDS or sides > _ENDS:
        return None
    line = Outline(start=ends[0], segments=(Straight(end=ends[1]),))
    return Stroke(lines=(line,), width=pen.width, cap="round", join=pen.join)


def _width(shape: Shape) -> float:
    return shape.geometry.width if isinstance(shape.geometry, Stroke) else 0.0


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_PEN * max(one, other)


def _as_line(rect: Rect, pen: Stroke) -> Stroke | None:
    level = rect.width >= rect.height
    thick, long = (rect.height, rect.width) if level else (rect.width, rect.height)
    is_round = pen.cap == "round" and rect.radius >= _ROUND * thick
    is_flat = pen.cap == "butt" and rect.radius <= _FLAT * thick
    if not _alike(thick, pen.width) or not (is_round or is_flat):
        return None
    before = thick / 2 if is_round else 0.0
    x, y = rect.corner
    if level:
        start, end = Point(x + before, y + thick / 2), Point(x + long - before, y + thick / 2)
    else:
        start, end = Point(x + thick / 2, y + before), Point(x + thick / 2, y + long - before)
    line = Outline(start=start, segments=(Straight(end=end),))
    return Stroke(lines=(line,), width=pen.width, cap=pen.cap, join=pen.join)
