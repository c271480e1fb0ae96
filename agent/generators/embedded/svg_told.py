"""What a person can say of a drawing: the colours of its shapes, and shapes that should not be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.generators.embedded.told import Change, meant
from critic.reading.svg import Drawing, Shape
from critic.reading.svg.types import Circle, Cubic, Ellipse, Outline, Point, Rect
from critic.types import Box, Cause, Discrepancy


def changes(scale: float) -> Mapping[Cause, Change[Drawing]]:
    """What can be done by cause.

    Args:
        scale: Pixels of the description in one of the reference's.
    """

    def recoloured(drawing: Drawing, item: Discrepancy, box: Box) -> Drawing | None:
        place = _meant(drawing, box.scaled(scale))
        if not isinstance(item.reference, str):
            return None
        if place is None:
            return drawing.model_copy(update={"ground": item.reference})
        shapes = list(drawing.shapes)
        shapes[place] = shapes[place].model_copy(update={"paint": item.reference})
        return drawing.model_copy(update={"shapes": tuple(shapes)})

    def without(drawing: Drawing, item: Discrepancy, box: Box) -> Drawing | None:
        place = _meant(drawing, box.scaled(scale))
        shapes = tuple(shape for index, shape in enumerate(drawing.shapes) if index != place)
        return drawing.model_copy(update={"shapes": shapes})

    return {Cause.RECOLOURED: recoloured, Cause.EXTRA: without}


def _meant(drawing: Drawing, box: Box) -> int | None:
    return meant(box, [(index, _bounds(shape)) for index, shape in enumerate(drawing.shapes)])


def _bounds(shape: Shape) -> Box:
    """A box around a shape; control points of curves count, so that it may be a little too large."""
    form = shape.geometry
    if isinstance(form, Rect):
        return Box(0.0, 0.0, form.width, form.height).shifted(*form.corner)
    if isinstance(form, Circle):
        return Box(0.0, 0.0, 0.0, 0.0).grown(form.radius).shifted(*form.centre)
    if isinstance(form, Ellipse):
        return Box(0.0, 0.0, 0.0, 0.0).grown(max(form.radii)).shifted(*form.centre)
    points = [point for outline in form.outlines for point in _points(outline)]
    return Box.around(Box(point.x, point.y, point.x, point.y) for point in points)


def _points(outline: Outline) -> Iterator[Point]:
    yield outline.start
    for segment in outline.segments:
        yield segment.end
        if isinstance(segment, Cubic):
            yield from (segment.first, segment.second)
