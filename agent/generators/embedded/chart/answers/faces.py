"""Answers to another typeface: the families that charts are usually set in, each to be tried."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from agent.generators.embedded.chart.lettering import better_faces, set_in
from agent.generators.embedded.chart.moves import Move
from critic.reading.chart.description import Chart
from critic.types import Box, Cause, Discrepancy
from renderers.types import Image

LETTERING = "lettering"
"""The kind of element that a chart's typeface is (see ``critic.pixel.chart_faces``)."""


def faces(chart: Chart, discrepancies: Sequence[Discrepancy], reference: Image) -> list[Move]:
    """The chart in other families whose letters lie better on the reference's, the best first.

    Args:
        chart: What the code draws.
        discrepancies: What a critic found; without one that the letters look otherwise nothing is tried.
        reference: The picture.
    """
    found = [n for n, item in enumerate(discrepancies) if _is_of_letters(item)]
    box = Box(0.0, 0.0, float(chart.width), float(chart.height))
    return [
        Move(f"lettering in {family}", partial(set_in, family=family), box, ("style_error",), tuple(found))
        for family in (better_faces(chart, reference) if found else ())
    ]


def _is_of_letters(item: Discrepancy) -> bool:
    return item.cause is Cause.FACE and item.element is not None and item.element.kind == LETTERING
