"""On which of two sides an axes has its scale: where its marks and labels are, and no neighbour's."""

from __future__ import annotations

from critic.reading.chart.colours import Colour
from critic.reading.chart.description import Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.labels import dpi_of
from critic.reading.chart.marks import Side, marks_on
from critic.reading.chart.slanted import slanted_on
from critic.reading.chart.tick_labels import labels_on
from renderers.types import Image

_ROW = 2
"""Labels that make a row: one alone may be a title."""


def side_of(
    image: Image, frame: Frame, texts: list[Text], background: Colour, usual: Side, other: Side
) -> Side:
    """The side of a scale: the usual one, unless only the other has marks.

    Args:
        image: The picture.
        frame: Of the axes.
        texts: Of the picture.
        background: Colour of the figure.
        usual: The bottom, or the left.
        other: The top, or the right.
    """
    places = {side: marks_on(image, frame, side, background) for side in (usual, other)}
    marks = {side: len(found) for side, found in places.items()}
    named = {side: len(labels_on(texts, frame, side)) for side in (usual, other)}
    if other == "top" and places[other]:  # turned names stand higher than a row of labels
        turned = slanted_on(image, texts, frame, other, places[other], dpi_of(image))
        named[other] = max(named[other], len(turned))
    bare = marks[usual] > 0 and not named[usual] and named[other]
    # A title above looks like a label of marks there; at the right there is none.
    told = other == "right" or named[usual] < _ROW or named[other] >= named[usual]
    unmarked = not marks[usual] and told
    return other if marks[other] > 1 and (unmarked or bare) else usual
