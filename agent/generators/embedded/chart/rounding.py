"""Numbers as people have them: round where nobody sees the difference, and no points on a straight way."""

from __future__ import annotations

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.types import Bench
from critic.marks.geometry import off_path
from critic.marks.scales import TINT
from critic.reading.chart import Chart
from critic.reading.chart.colours import apart
from critic.reading.chart.description import Axes, Line, Series
from critic.similarity import fit_to, similarity
from renderers.types import Image

_PIXELS = (1.0, 0.5, 0.25)
"""How far off values may be, the most first."""

_UNSEEN = 1e-3
"""Likeness that roundness may cost: six values of two lines with markers, put to whole numbers a third of a
pixel to a pixel away, cost 0.0006."""

_ALONG, _MOSTLY = 1.5, 0.95
"""Pixels from a line, and the share of another one's points within them, from which both are the same."""


def rounded_to(chart: Chart, pixels: float) -> Chart:
    """The chart with the values of its series as short as so many pixels allow."""
    axes = []
    for one in chart.axes:
        series = (mark.rounded_to(one.plane, pixels) for mark in _once(one))
        axes.append(one.model_copy(update={"series": tuple(series)}))
    return chart.model_copy(update={"axes": tuple(axes)})


def _once(axes: Axes) -> list[Series]:
    """The series without lines that run along others of their colour: where they cross, some are read twice."""
    kept: list[Series] = list(axes.series)
    for mark in axes.series:
        others = [other for other in kept if other is not mark]
        if any(_repeats(mark, other, axes) for other in others):
            kept = others
    return kept


def _repeats(mark: Series, other: Series, axes: Axes) -> bool:
    """Whether all of a line lies along another one."""
    if not isinstance(mark, Line) or not isinstance(other, Line) or bool(mark.marker) != bool(other.marker):
        return False
    if mark.label not in ("", other.label) or apart(mark.colour, other.colour) > TINT:
        return False
    own, path = axes.plane.path(mark.x, mark.y), axes.plane.path(other.x, other.y)
    return len(own) > 1 and bool((off_path(own, path) <= _ALONG).mean() >= _MOSTLY)


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
