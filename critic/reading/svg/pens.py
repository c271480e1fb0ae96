"""One pen for all lines that are about as wide, and short lines that it drew: round or flat rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from critic.reading.svg.types import Drawing, Outline, Point, Rect, Shape, Straight, Stroke

_SAME_PEN = 0.08
"""Share by which two widths of one pen differ at most."""

_ROUND = 0.4
"""Share of a rectangle's smaller side from which its corners' radius makes round ends."""

_FLAT = 0.1
"""The same share up to which its ends are flat."""


def of_one_pen(strokes: Sequence[Shape]) -> list[Shape]:
    """The strokes, those of about one width with the width of most of them."""
    result = []
    for shape in strokes:
        widths = [width for other in strokes if _alike(width := _width(other), _width(shape))]
        geometry = shape.geometry.model_copy(update={"width": median(widths)})
        result.append(shape.model_copy(update={"geometry": geometry}))
    return result


def pen_lines(drawing: Drawing, strokes: Sequence[Shape]) -> list[Shape]:
    """Rectangles as wide as a pen that draws elsewhere, as the straight lines that they are."""
    pens = [shape.geometry for shape in strokes if isinstance(shape.geometry, Stroke)]
    found = []
    for shape in drawing.shapes:
        if isinstance(shape.geometry, Rect):
            line = next((line for pen in pens if (line := _as_line(shape.geometry, pen)) is not None), None)
            if line is not None:
                found.append(shape.model_copy(update={"geometry": line}))
    return found


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
