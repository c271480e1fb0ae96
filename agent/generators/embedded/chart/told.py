"""What a person can say of a chart: what answers a critic's findings, the element found by its place."""

from __future__ import annotations

from collections.abc import Mapping

from agent.generators.embedded.chart.answers import changed_by
from agent.generators.embedded.told import FILL, Change, meant
from critic.pixel.chart_texts import axes_element, placed_texts
from critic.reading.chart.description import Chart
from critic.types import Box, Cause, Discrepancy, Element


def changes(fresh: Chart) -> Mapping[Cause, Change[Chart]]:
    """What can be done by cause; ``fresh`` is the reference read again, for what is missing."""

    def change(chart: Chart, item: Discrepancy, box: Box) -> Chart | None:
        source = fresh if item.cause is Cause.MISSING else chart
        filled = item.element is not None and item.element.kind == FILL
        letters = item.cause is Cause.TEXT or (item.cause is Cause.RECOLOURED and not filled)
        found = meant(box, [*_texts(source), *(() if letters else _marks(source))])
        found = found or (meant(box, _marks(source)) if letters and item.cause is not Cause.TEXT else None)
        if found is None:
            return None
        place = {"element": found, "render": item.render or found.name}
        return changed_by(chart, fresh, item.model_copy(update=place))

    return dict.fromkeys((Cause.TEXT, Cause.RECOLOURED, Cause.EXTRA, Cause.MISSING), change)


def _texts(chart: Chart) -> list[tuple[Element, Box]]:
    return [(placed.element, placed.text.box) for placed in placed_texts(chart)]


def _marks(chart: Chart) -> list[tuple[Element, Box]]:
    """Series and legends with their places."""
    found = []
    for index, axes in enumerate(chart.axes):
        where = axes_element(chart, index)
        for mark in axes.series:
            colour = next(iter(mark.palette), "")
            element = Element(kind=mark.traits.noun, name=mark.label, colour=colour, of=where)
            found.append((element, mark.box(axes.plane)))
        found += [(Element(kind="legend", of=where), legend.box) for legend in axes.legends]
    return found
