"""What a person can say of a drawing: the colours of its shapes, and shapes that should not be there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agent.generators.embedded.told import Change, meant
from critic.reading.svg import Drawing, Shape
from critic.reading.svg.numbers import tracks
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
    """A box around what a shape's sides or centre lines pass."""
    points = np.concatenate(tracks(shape.geometry))
    return Box(
        *(float(edge()) for edge in (points.real.min, points.imag.min, points.real.max, points.imag.max))
    )
