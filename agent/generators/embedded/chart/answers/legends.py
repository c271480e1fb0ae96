"""Answers to what is wrong with legends."""

from __future__ import annotations

from agent.generators.embedded.chart.answers.parts import Answering, axes_of, place_of, way_of
from agent.generators.embedded.chart.moves import with_axes, with_legend
from critic.reading.chart.description import Chart
from critic.types import Cause, Discrepancy, Element


def _legend(chart: Chart, item: Discrepancy, element: Element) -> int | None:
    axes = axes_of(chart, element)
    if axes is None or item.box is None:
        return None
    near = [k for k, legend in enumerate(axes.legends) if legend.box.meets(item.box)]
    return near[0] if near else None


def _new_legend(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """A missing legend, or one with too few entries, as it is read again."""
    axes, again = axes_of(chart, element), axes_of(fresh, element)
    which = _legend(fresh, item, element)
    if axes is None or again is None or which is None:
        return None
    old = _legend(chart, item, element)
    kept = [legend for k, legend in enumerate(axes.legends) if k != old]
    return with_axes(chart, place_of(element), legends=(*kept, again.legends[which]))


def _without_legend(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes, which = axes_of(chart, element), _legend(chart, item, element)
    if axes is None or which is None:
        return None
    kept = tuple(legend for k, legend in enumerate(axes.legends) if k != which)
    return with_axes(chart, place_of(element), legends=kept)


def _moved_legend(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes, which, way = axes_of(chart, element), _legend(chart, item, element), way_of(item)
    if axes is None or which is None or way is None:
        return None
    nudge = axes.legends[which].nudge
    moved = axes.legends[which].model_copy(update={"nudge": (nudge[0] + way[0], nudge[1] + way[1])})
    return with_legend(chart, place_of(element), which, moved)


def _reworded_legend(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes, which = axes_of(chart, element), _legend(chart, item, element)
    if axes is None or which is None or item.render is None:
        return None
    legend = axes.legends[which]
    entries = tuple(
        e.model_copy(update={"text": item.reference}) if e.text == item.render else e for e in legend.entries
    )
    return with_legend(chart, place_of(element), which, legend.model_copy(update={"entries": entries}))


LEGEND_ANSWERS: dict[tuple[Cause, str], Answering] = {
    (Cause.MISSING, "legend"): _new_legend,
    (Cause.EXTRA, "legend"): _without_legend,
    (Cause.MOVED, "legend"): _moved_legend,
    (Cause.RESIZED, "legend"): _new_legend,
    (Cause.COUNT, "legend entries"): _new_legend,
    (Cause.TEXT, "legend text"): _reworded_legend,
}
