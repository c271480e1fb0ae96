"""Answers to what is wrong with texts."""

from __future__ import annotations

from agent.generators.embedded.chart.answers.parts import (
    Answering,
    axes_of,
    colour_of,
    nudged,
    place_of,
    ratio_of,
    way_of,
)
from agent.generators.embedded.chart.moves import with_axes, with_text
from critic.pixel.chart_texts import placed_texts
from critic.reading.chart.description import Chart, Text
from critic.types import Cause, Discrepancy, Element

_ROLES = {"title": "title", "x label": "x_label", "y label": "y_label"}


def _text(chart: Chart, item: Discrepancy, element: Element) -> Text | None:
    """The text of the description that stands where one was found."""
    beside = [
        placed.text
        for placed in placed_texts(chart)
        if item.box is not None and placed.text.box.meets(item.box) and placed.role == element.kind
    ]
    return max(beside, key=lambda text: item.box.overlap(text.box) if item.box else 0.0, default=None)


def _reworded(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    old = _text(chart, item, element)
    if old is None or not isinstance(item.reference, str) or item.render is None:
        return None
    return with_text(chart, old, old.model_copy(update={"text": item.reference}))


def _rescaled_text(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    old, ratio = _text(chart, item, element), ratio_of(item)
    if old is None or ratio is None:
        return None
    return with_text(chart, old, old.model_copy(update={"size": round(old.size * ratio, 1)}))


def _recoloured_text(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    old, colour = _text(chart, item, element), colour_of(item)
    if old is None or colour is None:
        return None
    return with_text(chart, old, old.model_copy(update={"colour": colour}))


def _moved_text(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    old, way = _text(chart, item, element), way_of(item)
    return None if old is None or way is None else with_text(chart, old, nudged(old, way))


def _new_text(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """A missing text as it is read again."""
    if _text(chart, item, element) is not None:
        return None
    text = _text(fresh, item, element)
    if text is None:
        return None
    axes, role = axes_of(chart, element), _ROLES.get(element.kind)
    if axes is None or element.kind == "text":
        return chart.model_copy(update={"texts": (*chart.texts, text)})
    fields = {"texts": (*axes.texts, text)} if role is None else {role: text}
    return with_axes(chart, place_of(element), **fields)


def _without_text(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    old = _text(chart, item, element)
    return None if old is None else with_text(chart, old, None)


TEXT_ANSWERS: dict[tuple[Cause, str], Answering] = {
    (cause, role): answer
    for role in ("title", "x label", "y label", "text", "text in the plot")
    for cause, answer in (
        (Cause.TEXT, _reworded),
        (Cause.MISSING, _new_text),
        (Cause.EXTRA, _without_text),
        (Cause.FONT_SIZE, _rescaled_text),
        (Cause.RESIZED, _rescaled_text),
        (Cause.RECOLOURED, _recoloured_text),
        (Cause.MOVED, _moved_text),
    )
}
