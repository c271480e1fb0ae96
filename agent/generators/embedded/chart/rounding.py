"""Numbers as people have them: round where nobody sees the difference, and no points on a straight way."""

from __future__ import annotations

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.types import Bench
from critic.marks.repeated import once
from critic.reading.chart import Chart
from critic.similarity import fit_to, similarity
from renderers.types import Image

_PIXELS = (1.0, 0.5, 0.25)
"""How far off values may be, the most first."""

_UNSEEN = 1e-3
"""Likeness that roundness may cost: six values of two lines with markers, put to whole numbers a third of a
pixel to a pixel away, cost 0.0006."""


def rounded_to(chart: Chart, pixels: float) -> Chart:
    """The chart with the values of its series as short as so many pixels allow."""
    axes = []
    for one in chart.axes:
        series = (mark.rounded_to(one.plane, pixels) for mark in once(one.series, one.plane))
        axes.append(one.model_copy(update={"series": tuple(series)}))
    return chart.model_copy(update={"axes": tuple(axes)})


async def rounded(chart: Chart, reference: Image, bench: Bench) -> Chart:
    """The chart with the roundest values that look no worse; the same where none do.

    Args:
        chart: What was read.
        reference: What it should look like.
        bench: For trial renders.
    """
    code = write(chart)
    now: float | None = None
    for pixels in _PIXELS:
        short = rounded_to(chart, pixels)
        if write(short) == code:
            continue
        if now is None:
            now = await _likeness(code, reference, bench)
        if await _likeness(write(short), reference, bench) >= now - _UNSEEN:
            return short
    return chart


async def _likeness(code: str, reference: Image, bench: Bench) -> float:
    """How alike code looks, 0..1; 0 where it does not render."""
    image = await bench.image_of(code)
    return 0.0 if image is None else similarity(reference, fit_to(reference, image))
