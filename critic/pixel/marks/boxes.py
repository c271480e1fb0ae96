"""Differences between two box plots."""

from __future__ import annotations

from critic.pixel.chart_geometry import pixel_of
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim
from critic.pixel.marks.claiming import OFF, claimed
from critic.reading.chart.description import Boxes
from critic.types import Box, Cause, Element

_FLIERS = 0.1
"""Share of fliers by which counts may differ, for the same reason."""
_NUMBERS = {
    "lows": "lower whisker",
    "q1": "first quartile",
    "medians": "median",
    "q3": "third quartile",
    "highs": "upper whisker",
}


def compare_boxes(ours: Boxes, mate: Boxes, view: View, box: Box) -> list[Claim]:
    """The statistics of two box plots, box by box in their order."""
    one, element = view.one, view.mark(ours)
    counts = float(len(ours.positions)), float(len(mate.positions))
    if counts[0] != counts[1]:
        return claimed(
            "structure_error", 3, Cause.COUNT, element, box, box, reference=counts[0], render=counts[1]
        )
    scale, ends = (one.x, (one.box.x0, one.box.x1)) if ours.horizontal else (one.y, (one.box.y1, one.box.y0))
    for field, name in _NUMBERS.items():
        for index, (a, b) in enumerate(zip(getattr(ours, field), getattr(mate, field), strict=True)):
            if abs(pixel_of(scale, *ends, a) - pixel_of(scale, *ends, b)) > OFF:
                part = Element(kind=name, of=Element(kind="box", index=(index,), of=element))
                return claimed("data_error", 2, Cause.VALUE, part, box, box, reference=a, render=b)
    fliers = [float(sum(len(f) for f in item.fliers)) for item in (ours, mate)]
    if abs(fliers[0] - fliers[1]) > max(1, _FLIERS * fliers[0]):
        part = Element(kind="fliers", of=element)
        return claimed("data_error", 2, Cause.COUNT, part, box, box, reference=fliers[0], render=fliers[1])
    return []
