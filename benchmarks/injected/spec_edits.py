"""What can go wrong with a described chart: edits as those of ``agent.injection``, for other tools."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from agent.injection import severity
from agent.injection.chart_texts import another
from agent.injection.colours import other_colour
from agent.injection.plan import Edit, Plan
from agent.injection.words import has_digit, has_word
from benchmarks.injected.charts import Chart
from benchmarks.injected.specs import read, written
from critic.types import Severity

_FACTORS = (0.5, 0.65, 1.4, 1.8)
_TOP = 1.6
"""Of the largest value: where an axis ends that reaches too far."""


class Described:
    """A chart that can be changed in place."""

    def __init__(self, code: str) -> None:
        """Read it."""
        self.tool, self.chart = read(code)

    def change(self, **fields: Any) -> Callable[[], None]:
        """Sets fields of the chart as it then is."""

        def do() -> None:
            self.chart = replace(self.chart, **fields)

        return do

    @property
    def largest(self) -> float:
        """Of all values."""
        return max(value for values in self.chart.series.values() for value in values)


def _plan(
    grade: Severity,
    where: str,
    told: str,
    touched: Hashable,
    do: Callable[[], None],
    hide: Callable[[], None] | None = None,
    *,
    moves: bool = False,
) -> Plan:
    return Plan(grade, where, told, frozenset({touched}), do, hide, moves)


def _named(chart: Chart, name: str) -> str:
    sort = {"points": "points", "line": "line", "lines": "line", "area": "area", "pie": "slice"}
    what = sort.get(chart.mark, "bars")
    return f"{what} '{name}'" if chart.named else what


def _value(document: Described, chance: random.Random) -> Plan | None:
    chart = document.chart
    name = chance.choice(list(chart.series))
    values = chart.series[name]
    index, factor = chance.randrange(len(values)), chance.choice(_FACTORS)
    after = float(f"{values[index] * factor:.4g}")

    def do() -> None:
        held = document.chart.series
        changed = [after if place == index else value for place, value in enumerate(held[name])]
        document.chart = replace(document.chart, series={**held, name: changed})

    told = f"value {index + 1} is {after:g} where it should be {values[index]:g}"
    return _plan(severity.of_value(factor - 1), _named(chart, name), told, "series", do)


def _series_dropped(document: Described, chance: random.Random) -> Plan | None:
    chart = document.chart
    if not chart.named:
        return None
    name = chance.choice(list(chart.series))

    def do() -> None:
        left = [
            (key, colour) for key, colour in zip(chart.series, chart.colours, strict=False) if key != name
        ]
        document.chart = replace(
            document.chart,
            series={key: document.chart.series[key] for key, _ in left},
            colours=tuple(colour for _, colour in left),
        )

    grade = severity.of_loss(1 / len(chart.series))
    return _plan(grade, _named(chart, name), "the series is missing", "series", do, moves=True)


def _colour(document: Described, chance: random.Random) -> Plan | None:
    chart = document.chart
    if chart.mark == "pie":
        return None
    place = chance.randrange(len(chart.series))
    before = chart.colours[place]
    after = other_colour(before, chance)
    colours = (*chart.colours[:place], after, *chart.colours[place + 1 :])
    told = f"drawn in {after} instead of {before}"
    where = _named(chart, list(chart.series)[place])
    return _plan(severity.MEDIUM, where, told, "series", document.change(colours=colours))


def _dashed(document: Described, chance: random.Random) -> Plan | None:
    if document.chart.mark not in ("line", "lines"):
        return None
    told = "the lines are dashed instead of solid"
    return _plan(severity.MINOR, "lines", told, "dashed", document.change(dashed=True))


def _text(field: str, where: str) -> Callable[[Described, random.Random], Plan | None]:
    def plan(document: Described, chance: random.Random) -> Plan | None:
        before = getattr(document.chart, field)
        shown = field == "title" or document.chart.mark != "pie"
        if not (shown and (has_word(before) or has_digit(before))):
            return None
        after, grade = another(before, chance)
        told = f"says '{after}' instead of '{before}'"
        return _plan(grade, where, told, field, document.change(**{field: after}))

    return plan


def _text_dropped(document: Described, chance: random.Random) -> Plan | None:
    fields = [name for name in ("title", "x_label", "y_label") if getattr(document.chart, name)]
    if document.chart.mark == "pie":
        fields = [name for name in fields if name == "title"]
    if not fields:
        return None
    field = chance.choice(fields)
    where = "title" if field == "title" else f"{field[0]} axis label"
    told = f"the {where} is missing"
    do, hide = (document.change(**{field: text}) for text in ("", _SPACE))
    return _plan(severity.MEDIUM, where, told, field, do, hide, moves=True)


_SPACE = "\u00a0"
"""A text that takes up a line and shows nothing."""


def _tick(document: Described, chance: random.Random) -> Plan | None:
    chart = document.chart
    words = [place for place, name in enumerate(chart.x) if isinstance(name, str) and has_word(name)]
    if not words:
        return None
    place = chance.choice(words)
    before = chart.x[place]
    after, grade = another(before, chance)
    names = [after if number == place else name for number, name in enumerate(chart.x)]
    told = f"says '{after}' instead of '{before}'"
    return _plan(grade, "tick labels", told, "x", document.change(x=names))


def _entry(document: Described, chance: random.Random) -> Plan | None:
    chart = document.chart
    words = [name for name in chart.series if has_word(name)]
    if not (chart.named and words):
        return None
    before = chance.choice(words)
    after, grade = another(before, chance)

    def do() -> None:
        held = document.chart.series
        document.chart = replace(
            document.chart, series={after if name == before else name: held[name] for name in held}
        )

    told = f"says '{after}' instead of '{before}'"
    return _plan(grade, "legend", told, "series", do, moves=True)


def _legend_dropped(document: Described, chance: random.Random) -> Plan | None:
    if not document.chart.named:
        return None
    do = document.change(legend=False)
    return _plan(severity.MEDIUM, "legend", "the legend is missing", "legend", do, moves=True)


def _limits(document: Described, chance: random.Random) -> Plan | None:
    if document.chart.mark == "pie":
        return None
    top = float(f"{_TOP * document.largest:.3g}")
    axis = "x" if document.chart.mark == "barh" else "y"
    told = f"the {axis} axis ends at {top:g}, further than it should"
    hide = document.change(numbers=False)
    return _plan(severity.MEDIUM, f"{axis} axis", told, "axis", document.change(top=top), hide, moves=True)


def _scale(document: Described, chance: random.Random) -> Plan | None:
    if document.chart.mark not in ("line", "lines", "points"):
        return None
    lowest = min(value for values in document.chart.series.values() for value in values)
    if lowest <= 0:
        return None
    told = "the y axis is logarithmic, which it should not be"
    hide = document.change(numbers=False)
    return _plan(severity.SEVERE, "y axis", told, "axis", document.change(log=True), hide, moves=True)


def _grid(document: Described, chance: random.Random) -> Plan | None:
    if document.chart.mark == "pie":
        return None
    do = document.change(grid=False)
    return _plan(severity.MINOR, "plot area", "the grid lines are missing", "grid", do)


EDITS: tuple[Edit[Described], ...] = (
    Edit("value", "data_error", _value),
    Edit("series dropped", "structure_error", _series_dropped),
    Edit("colour", "style_error", _colour),
    Edit("line style", "style_error", _dashed),
    Edit("grid", "style_error", _grid),
    Edit("title text", "text_error", _text("title", "title")),
    Edit("label text", "text_error", _text("y_label", "y axis label")),
    Edit("label text", "text_error", _text("x_label", "x axis label")),
    Edit("tick text", "text_error", _tick),
    Edit("legend text", "text_error", _entry),
    Edit("text dropped", "text_error", _text_dropped),
    Edit("legend dropped", "structure_error", _legend_dropped),
    Edit("limits", "data_error", _limits),
    Edit("scale", "structure_error", _scale),
)


def parse(code: str) -> Described:
    """A description to edit."""
    return Described(code)


def write(document: Described) -> str:
    """Its text."""
    return written(document.tool, document.chart)
