"""Plotly's JSON: a figure for ``plotly.io.from_json`` and for plotly.js."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from agent.data.chart import AxisData, ChartData, PanelData, SeriesData
from agent.data.finished import Finished

_ACROSS = 2
"""Panels side by side."""
_GAP = 0.1
"""Share of the figure between two panels."""
_TYPES = {"categories": "category", "dates": "date", "log": "log"}

Trace = dict[str, Any]


def write(finished: Finished) -> str:
    """A chart as a figure."""
    return json.dumps(figure(finished.chart), ensure_ascii=False, indent=1) + "\n"


def figure(chart: ChartData) -> dict[str, Any]:
    """A chart as a figure: a trace a series, a pair of axes a panel."""
    traces: list[Trace] = []
    layout: dict[str, Any] = {"barmode": _bar_mode(chart)}
    several = len(chart.panels) > 1
    across = min(_ACROSS, len(chart.panels))
    down = math.ceil(len(chart.panels) / across)
    for index, panel in enumerate(chart.panels):
        number = str(index + 1) if index else ""
        places = _part(index % across, across), _part(down - 1 - index // across, down)
        layout[f"xaxis{number}"] = _axis(panel.x) | {"domain": places[0], "anchor": f"y{number}"}
        layout[f"yaxis{number}"] = _axis(panel.y) | {"domain": places[1], "anchor": f"x{number}"}
        for one in panel.series:
            trace = _TRACES.get(one.mark, _points)(one)
            if trace["type"] == "pie":
                trace["domain"] = {"x": places[0], "y": places[1]}
            else:
                trace |= {"xaxis": f"x{number}", "yaxis": f"y{number}"}
            traces.append(trace)
        if panel.title and not several:
            layout["title"] = {"text": panel.title}
        elif panel.title:
            layout.setdefault("annotations", []).append(_heading(panel, places))
    return {"data": traces, "layout": layout}


def _part(index: int, count: int) -> list[float]:
    width = (1 - _GAP * (count - 1)) / count
    start = index * (width + _GAP)
    return [round(start, 4), round(start + width, 4)]


def _heading(panel: PanelData, places: tuple[list[float], list[float]]) -> dict[str, Any]:
    at = {"x": sum(places[0]) / 2, "y": places[1][1], "xref": "paper", "yref": "paper"}
    return {"text": panel.title, "showarrow": False, "yanchor": "bottom", **at}


def _axis(axis: AxisData) -> dict[str, Any]:
    made: dict[str, Any] = {"title": {"text": axis.label}, "type": _TYPES.get(axis.type, "linear")}
    if axis.names:
        made |= {"categoryorder": "array", "categoryarray": list(axis.names)}
    elif axis.low is not None and axis.high is not None:
        ends = [axis.low, axis.high]
        made["range"] = [math.log10(end) for end in ends] if axis.type == "log" and min(ends) > 0 else ends
    return made


def _bar_mode(chart: ChartData) -> str:
    """Bars that begin where others end say so themselves."""
    based = any(one.field("base") for panel in chart.panels for one in panel.series)
    return "overlay" if based else "group"


def _of(one: SeriesData, name: str) -> list[Any]:
    field = one.field(name)
    return list(field.values) if field else []


def _points(one: SeriesData) -> Trace:
    return _scatter(one, mode="markers", marker={"color": one.colour})


def _lines(one: SeriesData) -> Trace:
    return _scatter(one, mode="lines" if one.followed else "lines+markers", line={"color": one.colour})


def _scatter(one: SeriesData, **look: Any) -> Trace:
    return {"type": "scatter", "name": one.name, "x": _of(one, "x"), "y": _of(one, "y"), **look}


def _bars(one: SeriesData) -> Trace:
    trace: Trace = {"type": "bar", "name": one.name, "x": _of(one, "x"), "y": _of(one, "y")}
    trace |= {"marker": {"color": one.colour}, "orientation": "h" if one.fields[1].along == "x" else "v"}
    return trace | ({"base": _of(one, "base")} if one.field("base") else {})


def _area(one: SeriesData) -> Trace:
    """The upper edge and back along the lower one."""
    there, back = _of(one, "x"), _of(one, "x")[::-1]
    edge = [*_of(one, "y"), *_of(one, "base")[::-1]]
    trace: Trace = {"type": "scatter", "name": one.name, "x": there + back, "y": edge, "mode": "lines"}
    return trace | {"fill": "toself", "fillcolor": one.colour, "line": {"width": 0}}


def _steps(one: SeriesData) -> Trace:
    ends = zip(_of(one, "x"), _of(one, "x_end"), strict=True)
    widths = [(low, high - low) for low, high in ends]
    trace: Trace = {"type": "bar", "name": one.name, "x": [low + wide / 2 for low, wide in widths]}
    return trace | {
        "y": _of(one, "y"),
        "width": [wide for _, wide in widths],
        "marker": {"color": one.colour},
    }


def _errors(one: SeriesData) -> Trace:
    low = one.field("low")
    along = low.along if low else "y"
    at = _of(one, along)
    reach = {
        "type": "data",
        "symmetric": False,
        "array": [high - value for high, value in zip(_of(one, "high"), at, strict=True)],
        "arrayminus": [value - low for low, value in zip(_of(one, "low"), at, strict=True)],
    }
    return _points(one) | {f"error_{along}": reach}


def _boxes(one: SeriesData) -> Trace:
    along = one.fields[1].along
    position = "y" if along == "x" else "x"
    ends = {"lowerfence": "low", "q1": "q1", "median": "median", "q3": "q3", "upperfence": "high"}
    trace: Trace = {
        "type": "box",
        "name": one.name,
        position: _of(one, position),
        "line": {"color": one.colour},
    }
    return (
        trace
        | {key: _of(one, name) for key, name in ends.items()}
        | {"orientation": "h" if along == "x" else "v"}
    )


def _candles(one: SeriesData) -> Trace:
    numbers = {name: _of(one, name) for name in ("open", "high", "low", "close")}
    return {"type": "candlestick", "name": one.name, "x": _of(one, "x"), **numbers}


def _heat(one: SeriesData) -> Trace:
    return {
        "type": "heatmap",
        "name": one.name,
        "x": _of(one, "x"),
        "y": _of(one, "y"),
        "z": _of(one, "value"),
    }


def _pie(one: SeriesData) -> Trace:
    named = {"labels": _of(one, "name")} if one.field("name") else {}
    return {"type": "pie", "name": one.name, "values": _of(one, "share"), "sort": False, **named}


_TRACES: dict[str, Callable[[SeriesData], Trace]] = {
    "line": _lines,
    "radar": _lines,
    "bars": _bars,
    "area": _area,
    "steps": _steps,
    "errors": _errors,
    "boxes": _boxes,
    "candles": _candles,
    "heatmap": _heat,
    "ring": _pie,
}
"""How each mark is drawn; another one is drawn as its points."""
