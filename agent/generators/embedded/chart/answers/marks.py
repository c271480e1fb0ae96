"""Answers to what is wrong with marks."""

from __future__ import annotations

from agent.generators.embedded.chart.answers.parts import (
    Answering,
    axes_of,
    colour_of,
    common,
    off,
    place_of,
    ratio_of,
)
from agent.generators.embedded.chart.moves import with_axes, with_series
from critic.marks.known import MARKS
from critic.reading.chart.description import Chart, Series
from critic.types import Cause, Discrepancy, Element

_LINE_STYLES = {"solid": "-", "broken": "--"}


def _mark(chart: Chart, item: Discrepancy, element: Element) -> tuple[int, int, Series] | None:
    """The series of the description that was found to differ: of its kind, and most in its place."""
    noun = next((e for mark in MARKS if (e := element.within(mark.traits.noun)) is not None), None)
    axes = axes_of(chart, element)
    if noun is None or axes is None:
        return None
    like = [(k, s) for k, s in enumerate(axes.series) if s.traits.noun == noun.kind]
    if noun.colour:
        same = [(k, s) for k, s in like if noun.colour in s.palette]
        like = same or like
    box = item.box or axes.box
    best = max(like, key=lambda pair: common(pair[1].box(axes.plane), box), default=None)
    return None if best is None else (place_of(element), *best)


def _with_mark(chart: Chart, item: Discrepancy, element: Element, **fields: object) -> Chart | None:
    found = _mark(chart, item, element)
    if found is None or not all(name in type(found[2]).model_fields for name in fields):
        return None
    place, which, series = found
    return with_series(chart, place, which, series.model_copy(update=fields))


def _new_mark(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """A missing mark as it is read again."""
    found, axes = _mark(fresh, item, element), axes_of(chart, element)
    if found is None or axes is None or found[2] in axes.series:
        return None
    return with_axes(chart, found[0], series=(*axes.series, found[2]))


def _without_mark(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    found = _mark(chart, item, element)
    return None if found is None else with_series(chart, found[0], found[1], None)


def _read_mark(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """A mark as it is read again: the same mark, at more of its points."""
    old, new = _mark(chart, item, element), _mark(fresh, item, element)
    if old is None or new is None:
        return None
    return with_series(chart, old[0], old[1], new[2].model_copy(update={"label": old[2].label}))


def _recoloured_mark(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    colour = colour_of(item)
    return None if colour is None else _with_mark(chart, item, element, colour=colour)


def _part_changed(field: str) -> Answering:
    """Adds what is lacking to one value of a row: of a bar, a stem, a step, a wedge."""

    def answer(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
        found, more = _mark(chart, item, element), off(item)
        if found is None or more is None or not element.index:
            return None
        values = list(getattr(found[2], field, ()))
        if element.index[0] >= len(values):
            return None
        values[element.index[0]] = float(f"{values[element.index[0]] + more:.6g}")
        return _with_mark(chart, item, element, **{field: tuple(values)})

    return answer


def _stretched(field: str) -> Answering:
    """Multiplies one number of a mark by the ratio that was measured."""

    def answer(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
        found, ratio = _mark(chart, item, element), ratio_of(item)
        if found is None or ratio is None or not hasattr(found[2], field):
            return None
        value = getattr(found[2], field)
        new = tuple(v * ratio**2 for v in value) if isinstance(value, tuple) else value * ratio
        return _with_mark(chart, item, element, **{field: new})

    return answer


def _restyled(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    style = _LINE_STYLES.get(str(item.reference), str(item.reference))
    return _with_mark(chart, item, element, style=style, dashes=())


WHOLE_ANSWERS: dict[Cause, Answering] = {
    Cause.MISSING: _new_mark,
    Cause.EXTRA: _without_mark,
    Cause.KIND: _read_mark,
    Cause.RECOLOURED: _recoloured_mark,
    Cause.VALUE: _read_mark,
    Cause.COUNT: _read_mark,
    Cause.WEIGHT: _stretched("width"),
    Cause.OPACITY: _stretched("alpha"),
    Cause.RESIZED: _stretched("sizes"),
    Cause.STYLE: _restyled,
}
"""For whole marks, of whichever kind."""


PART_ANSWERS: dict[tuple[Cause, str], Answering] = {
    (Cause.VALUE, "bar"): _part_changed("values"),
    (Cause.VALUE, "foot"): _read_mark,
    (Cause.RESIZED, "bar"): _read_mark,
    (Cause.MISSING, "bar"): _read_mark,
    (Cause.EXTRA, "bar"): _read_mark,
    (Cause.VALUE, "stem"): _part_changed("y"),
    (Cause.VALUE, "step"): _part_changed("values"),
    (Cause.VALUE, "wedge"): _part_changed("fractions"),
    (Cause.VALUE, "upper end"): _part_changed("high"),
    (Cause.VALUE, "lower end"): _part_changed("low"),
    (Cause.RESIZED, "markers"): _stretched("marker_size"),
    (Cause.MISSING, "markers"): _read_mark,
    (Cause.EXTRA, "markers"): _read_mark,
    (Cause.STYLE, "markers"): _read_mark,
}
