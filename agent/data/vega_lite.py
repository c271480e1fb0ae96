"""Vega-Lite (version 5): a specification that holds its data."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from agent.data.chart import AxisData, ChartData, Field, PanelData, SeriesData
from agent.data.finished import Finished
from agent.data.table import Value

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_TYPES = {"categories": "nominal", "dates": "temporal"}
_ACROSS = 2
"""Panels side by side."""


class _Layer(NamedTuple):
    """One layer that a series is drawn as.

    Attributes:
        mark: Vega-Lite's.
        values: The fields that it reaches between, where they are there; by default the series' second one.
    """

    mark: dict[str, Any]
    values: tuple[str, ...] = ()


_POINT = _Layer({"type": "point", "filled": True})
_LAYERS = {
    "line": (_Layer({"type": "line"}),),
    "radar": (_Layer({"type": "line", "point": True}),),
    "area": (_Layer({"type": "area"}, ("y", "base")),),
    "bars": (_Layer({"type": "bar"}),),
    "steps": (_Layer({"type": "bar"}, ("y", "base")),),
    "stems": (_Layer({"type": "bar", "size": 2}), _POINT),
    "errors": (_Layer({"type": "rule"}, ("low", "high")),),
    "candles": (_Layer({"type": "rule"}, ("low", "high")), _Layer({"type": "bar"}, ("open", "close"))),
    "boxes": (
        _Layer({"type": "rule"}, ("low", "high")),
        _Layer({"type": "bar"}, ("q1", "q3")),
        _Layer({"type": "tick", "color": "white"}, ("median",)),
    ),
}
"""How each mark is drawn; another one is drawn as its points."""


def write(finished: Finished) -> str:
    """A chart as a specification."""
    return json.dumps(specification(finished.chart), ensure_ascii=False, indent=1) + "\n"


def specification(chart: ChartData) -> dict[str, Any]:
    """A chart as a specification: layers, one or more a series; panels side by side."""
    panels = [_panel(panel) for panel in chart.panels]
    if len(panels) == 1:
        return {"$schema": _SCHEMA, **panels[0]}
    return {"$schema": _SCHEMA, "columns": _ACROSS, "concat": panels}


def _panel(panel: PanelData) -> dict[str, Any]:
    colours = {
        "domain": [one.name for one in panel.series],
        "range": [one.colour for one in panel.series],
    }
    bars = [one for one in panel.series if one.mark == "bars"]
    beside = len(bars) > 1 and not any(one.field("base") for one in bars)
    layers = [layer for one in panel.series for layer in _layers(one, panel, colours, beside)]
    made: dict[str, Any] = {"title": panel.title} if panel.title else {}
    return made | {"layer": layers}


def _layers(one: SeriesData, panel: PanelData, colours: dict[str, Any], beside: bool) -> list[dict[str, Any]]:
    data = {"values": _values(one)}
    if one.field("share") is not None:
        name = {"field": "name", "type": "nominal"} if one.field("name") else {"value": one.colour}
        encoding = {"theta": {"field": "share", "type": "quantitative", "stack": True}, "color": name}
        return [{"data": data, "mark": {"type": "arc"}, "encoding": encoding}]
    if one.mark == "heatmap":
        encoding = {way: _ordinal(_axis(way, panel)) for way in ("x", "y")}
        encoding["color"] = {"field": "value", "type": "quantitative"}
        return [{"data": data, "mark": {"type": "rect"}, "encoding": encoding}]
    made = []
    for layer in _LAYERS.get(one.mark, (_POINT,)):
        encoding = _encoding(one, layer, panel)
        if "color" not in layer.mark:
            encoding["color"] = {"datum": one.name, "scale": colours}
        if beside and one.mark == "bars":
            position = one.position(one.fields[1].along)
            encoding[f"{position.along if position else 'x'}Offset"] = {"datum": one.name}
        made.append({"data": data, "mark": layer.mark, "encoding": encoding})
    return made


def _encoding(one: SeriesData, layer: _Layer, panel: PanelData) -> dict[str, Any]:
    """The position, then the values that the layer reaches between."""
    values = [found for name in layer.values if (found := one.field(name))] or _usual(one)
    position = one.position(values[0].along)
    fields = [*([position] if position else []), *values]
    if (end := one.field("x_end")) is not None:
        fields.insert(1, end)
    encoding: dict[str, Any] = {}
    for field in fields:
        if field.along in encoding:
            encoding[f"{field.along}2"] = {"field": field.name}
        elif field.along:
            encoding[field.along] = {**_axis(field.along, panel), "field": field.name}
    if f"{values[0].along}2" not in encoding:
        encoding[values[0].along]["stack"] = None  # what is stacked says where it begins
    return encoding


def _usual(one: SeriesData) -> list[Field]:
    base = one.field("base")
    return [one.fields[1], *([base] if base else [])]


def _axis(way: str, panel: PanelData) -> dict[str, Any]:
    axis: AxisData = panel.x if way == "x" else panel.y
    encoding: dict[str, Any] = {
        "field": way,
        "type": _TYPES.get(axis.type, "quantitative"),
        "title": axis.label or None,
    }
    if axis.type == "categories":
        encoding["sort"] = list(axis.names if way == "x" else reversed(axis.names))
    elif axis.low is not None and axis.high is not None:
        scale: dict[str, Any] = {"domain": sorted([axis.low, axis.high]), "nice": False, "zero": False}
        if axis.type == "log":
            scale["type"] = "log"
        if axis.low > axis.high:
            scale["reverse"] = True
        encoding["scale"] = scale
    return encoding


def _ordinal(encoding: dict[str, Any]) -> dict[str, Any]:
    """Cells stand side by side, whatever they are called."""
    return {key: encoding[key] for key in ("field", "title", "sort") if key in encoding} | {"type": "ordinal"}


def _values(one: SeriesData) -> list[dict[str, Value]]:
    """A point a mapping; bars and such that are stacked end where they end."""
    rows: list[dict[str, Value]] = []
    for values in zip(*(field.values for field in one.fields), strict=True):
        row = dict(zip((field.name for field in one.fields), values, strict=True))
        base = row.get("base")
        end = one.fields[1].name if one.mark == "bars" else ""
        length = row.get(end)
        if isinstance(base, (int, float)) and isinstance(length, (int, float)):
            row[end] = base + length
        rows.append(row)
    return rows
