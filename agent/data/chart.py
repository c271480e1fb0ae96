"""A chart as data: its series, point by point, as exactly as the picture's pixels can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from agent.data.dates import NamedDates
from agent.data.table import Value
from critic.marks.base import Mark
from critic.marks.columns import Along, Column
from critic.marks.geometry import bends
from critic.marks.planes import Plane, Side
from critic.marks.repeated import once
from critic.reading.chart.description import Axes, Chart
from critic.reading.chart.numbers import rounded

_EXACT = 1.0
"""Pixels: how exactly the middle or the rim of a stroke is known, blended with its ground as it is."""

_NAMED = 0.5
"""How far from a name, in steps between names, bars of a group stand at most."""
_ON_NAME = 0.1
"""How far from a name a point of a line may be that is its."""

_STRAIGHT = 1.0
"""Pixels that a point may be off the straight line between its neighbours and be no point of its own."""

_WHOLE = 1e15
"""Larger numbers are not exact as integers."""

_SHARE = 1e-4
"""How exactly shares and colours are known: a ten-thousandth."""


@dataclass(frozen=True, slots=True)
class AxisData:
    """One direction of a panel.

    Attributes:
        label: Its title, with its unit where it names one.
        type: ``linear``, ``log``, ``categories`` or ``dates``.
        low: The value at its left or lower end; None for names and dates.
        high: At the other end.
        names: The names along it, in order; empty where it has numbers.
    """

    label: str
    type: str
    low: float | None
    high: float | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One sort of values of a series.

    Attributes:
        name: Such as ``x``, ``y``, ``low`` or ``share``.
        values: A number, a name or a date in ISO 8601, one a point.
        uncertainty: How far each number may be off, from the size of a pixel; None where nothing is measured.
        along: The direction on whose scale they are measured; empty for shares, colours and names.
    """

    name: str
    values: tuple[Value, ...]
    uncertainty: tuple[float | None, ...]
    along: Along = ""


@dataclass(frozen=True, slots=True)
class SeriesData:
    """One series.

    Attributes:
        name: What the legend calls it, else what it is and its number.
        mark: What it is drawn as, such as ``line`` or ``bars``.
        colour: The colour that it is known by, as ``#rrggbb``.
        fields: Its values, all of one length.
        followed: Whether its points are where its stroke bends, rather than points of the data.
    """

    name: str
    mark: str
    colour: str
    fields: tuple[Field, ...]
    followed: bool = False

    def field(self, name: str) -> Field | None:
        """The values of that name."""
        return next((field for field in self.fields if field.name == name), None)

    def position(self, along: Along) -> Field | None:
        """Where its points lie in the direction other than ``along``."""
        return next((f for f in self.fields if f.name in ("x", "y") and f.along != along), None)

    @property
    def length(self) -> int:
        """How many points it has."""
        return len(self.fields[0].values)


@dataclass(frozen=True, slots=True)
class PanelData:
    """One axes of a chart with its series."""

    title: str
    x: AxisData
    y: AxisData
    series: tuple[SeriesData, ...]


@dataclass(frozen=True)
class ChartData:
    """A chart's panels."""

    panels: tuple[PanelData, ...]

    @classmethod
    def of_description(cls, chart: Chart) -> ChartData:
        """The data of a chart as it was read: of the axes that show some."""
        panels = (_panel(axes, chart) for axes in chart.axes)
        return cls(tuple(panel for panel in panels if panel.series))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of all fields, in the order in which they come."""
        return tuple(
            dict.fromkeys(field.name for panel in self.panels for one in panel.series for field in one.fields)
        )

    def rows(self) -> tuple[list[str], list[list[Value]]]:
        """Headings, and a row a point: its panel where there are several, series, values, uncertainties."""
        several = len(self.panels) > 1
        measured = [name for name in self.columns if any(_measured(f) for f in self._fields(name))]
        heads = (["panel"] if several else []) + ["series", *self.columns]
        heads += [f"{name}_uncertainty" for name in measured]
        rows: list[list[Value]] = []
        for number, panel in enumerate(self.panels, start=1):
            for one in panel.series:
                known = {field.name: field for field in one.fields}
                for index in range(one.length):
                    row: list[Value] = [panel.title or number] if several else []
                    row.append(one.name)
                    row += [known[n].values[index] if n in known else None for n in self.columns]
                    row += [known[n].uncertainty[index] if n in known else None for n in measured]
                    rows.append(row)
        return heads, rows

    def _fields(self, name: str) -> list[Field]:
        found = (one.field(name) for panel in self.panels for one in panel.series)
        return [field for field in found if field is not None]


def _measured(field: Field) -> bool:
    return any(value is not None for value in field.uncertainty)


def _panel(axes: Axes, chart: Chart) -> PanelData:
    plane = axes.plane
    ways = {"x": _Direction(plane.across, axes, "x"), "y": _Direction(plane.up, axes, "y")}
    shown = [
        mark for mark in once(axes.series, plane) if mark.columns(plane) and mark.columns(plane)[0].values
    ]
    if ways["x"].named or ways["y"].named:  # bars of a group stand side by side as they do in the picture
        shown.sort(key=lambda mark: mark.columns(plane)[0].values[0])
    series = tuple(_series(mark, index, axes, chart, ways) for index, mark in enumerate(shown))
    title = axes.title.text if axes.title else ""
    return PanelData(title, ways["x"].described(), ways["y"].described(), series)


def _series(mark: Mark, index: int, axes: Axes, chart: Chart, ways: dict[str, _Direction]) -> SeriesData:
    columns = mark.columns(axes.plane)
    if mark.followed:
        columns = _bends(columns, axes.plane)
    fields = [_field(column, ways, mark.followed) for column in columns]
    entries = [entry for legend in axes.legends for entry in legend.entries]
    names = mark.point_names((*axes.texts, *chart.texts), entries)
    if any(names):
        fields.insert(0, Field("name", names, (None,) * len(names)))
    name = mark.label or f"{mark.traits.noun} {index + 1}"
    return SeriesData(name, mark.type, mark.palette[0], tuple(fields), mark.followed)


def _field(column: Column, ways: dict[str, _Direction], followed: bool) -> Field:
    if column.along:
        return ways[column.along].field(column, followed)
    values = tuple(_whole(value if column.exact else rounded(value, _SHARE)) for value in column.values)
    return Field(column.name, values, (None,) * len(values))


class _Direction:
    """What the values along one direction of an axes come to."""

    def __init__(self, side: Side, axes: Axes, name: str) -> None:
        scale = side.scale
        ticks = sorted((tick for tick in scale.ticks if tick.label), key=lambda tick: tick.value)
        self._side, self._scale = side, scale
        self._names = {} if scale.numeric else {tick.value: tick.label for tick in ticks}
        self._dates = (
            None if scale.numeric else NamedDates.of([t.value for t in ticks], [t.label for t in ticks])
        )
        text = axes.x_label if name == "x" else axes.y_label or axes.right_label
        self._label = text.text if text else ""

    @property
    def named(self) -> bool:
        """Whether its places have names."""
        return bool(self._names)

    def described(self) -> AxisData:
        scale = self._scale
        if self._dates is not None or scale.date_of(scale.low, 0.0):
            return AxisData(self._label, "dates", None, None)
        if self._names:
            return AxisData(self._label, "categories", None, None, tuple(self._names.values()))
        return AxisData(self._label, scale.kind, scale.tidy(scale.low), scale.tidy(scale.high))

    def field(self, column: Column, followed: bool) -> Field:
        measured = self._dates is None and not self._names and not column.exact
        values = self._side.rounded(column.values, _EXACT) if measured else column.values
        found = [self._value(value, column.exact, followed) for value in values]
        return Field(column.name, tuple(v for v, _ in found), tuple(u for _, u in found), column.along)

    def _value(self, value: float, exact: bool, followed: bool) -> tuple[Value, float | None]:
        within = self._within(value)
        if self._dates is not None:
            return self._dates.at(value, within), None
        if date := self._scale.date_of(value, within):
            return date, None
        if self._names:
            at = min(self._names, key=lambda place: abs(place - value))
            if abs(at - value) <= (_ON_NAME if followed else _NAMED):
                return self._names[at], None
        return _whole(value), None if exact else _short(within)

    def _within(self, value: float) -> float:
        """How exactly a value is known."""
        return _EXACT * self._side.pixel_at(value)


def _bends(columns: Sequence[Column], plane: Plane) -> tuple[Column, ...]:
    """The points of a stroke without those that lie on the straight line between others."""
    path = plane.path(columns[0].values, columns[1].values)
    kept = np.flatnonzero(bends(path, _STRAIGHT))
    return tuple(column._replace(values=tuple(column.values[i] for i in kept)) for column in columns)


def _whole(value: float) -> int | float:
    """An integer where it is one."""
    return int(value) if value == int(value) and abs(value) < _WHOLE else value


def _short(value: float) -> float:
    """Two figures: more of an uncertainty says nothing."""
    return float(f"{value:.2g}")
