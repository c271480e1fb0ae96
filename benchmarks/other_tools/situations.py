"""Seventeen situations that charts are in, each told to five tools: with ``specs``, what ``draw`` draws.

A situation is what is to be seen: the form of the marks, the numbers, and how the chart is kept. A tool's
function says it in the tool's own words; None where the tool has no such chart. The numbers are drawn anew
for each tool, by a seed that is the case's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any

Case = dict[str, Any]
Told = Callable[["Situation"], Any]
COLOURS = ["#3366cc", "#dc3912", "#ff9900", "#109618"]
DARK, LIGHT, RULED = "#1e1e2e", "#dddddd", "#444455"
"""The ground of a dark chart, its texts and its grid."""
NAMES = ["Alpha", "Beta", "Gamma", "Delta", "Sigma"]
LONG = ["Northern district", "Southern district", "Eastern district", "Western district", "Central district"]
DAYS = [f"2024-{month:02d}-01" for month in range(1, 13)]


@dataclass(frozen=True)
class Situation:
    """What is to be seen.

    Attributes:
        mark: bar, barh, line, area, pie, scatter or heat.
        x: The categories, dates or numbers along the chart.
        names: Of the series.
        series: Their values.
        stacked: Whether they stand on one another.
        shared: Whether they are shares of a hundred.
        log: Whether the values' axis is logarithmic.
        steps: Whether lines go in steps.
        points: Whether lines have markers.
        dark: Whether the ground is dark.
        title: In bold letters.
        kept: How the picture is kept.
    """

    mark: str
    x: list[Any]
    names: list[str]
    series: list[list[float]]
    stacked: bool = False
    shared: bool = False
    log: bool = False
    steps: bool = False
    points: bool = False
    dark: bool = False
    title: str = ""
    kept: Case = field(default_factory=dict)

    @property
    def dated(self) -> bool:
        return self.x == DAYS

    @property
    def rows(self) -> Iterator[tuple[Any, str, float]]:
        for name, values in zip(self.names, self.series, strict=True):
            yield from ((x, name, value) for x, value in zip(self.x, values, strict=True))

    def truth(self) -> Case:
        """What is right to read."""
        every = [value for values in self.series for value in values]
        top = sum(map(max, self.series)) if self.stacked else max(every)
        based = self.mark in ("bar", "barh", "area")
        texts = [*self.names] if len(self.names) > 1 and self.mark != "heat" else []
        if self.mark in ("bar", "barh", "pie", "heat"):
            texts += self.x
        told: Case = {
            "mark": self.mark,
            "series": self.series,
            "range": [min(0.0, *every) if based else min(every), 100.0 if self.shared else top],
            "texts": texts + ([self.title] if self.title else []),
            "log": self.log,
        }
        numbers = isinstance(self.x[0], int)
        return {**told, "x": self.x} if numbers and self.mark != "bar" else told


def _shares(series: list[list[float]]) -> list[list[float]]:
    totals = [sum(values) for values in zip(*series, strict=True)]
    return [[100 * v / total for v, total in zip(values, totals, strict=True)] for values in series]


def situations(seed: str) -> dict[str, Situation]:
    """All of them, with the numbers of a seed."""
    dice = Random(seed)
    names, cats = NAMES, ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]

    def rows(count: int, of: int, low: int = 5, high: int = 60) -> list[list[float]]:
        return [[float(dice.randint(low, high)) for _ in range(of)] for _ in range(count)]

    def walk(count: int, start: int = 40) -> list[float]:
        return list(accumulate([float(start)] + [float(dice.randint(-7, 9)) for _ in range(count - 1)]))

    numbers = list(range(1, 9))
    grown = list(accumulate([float(dice.randint(2, 9)) for _ in range(8)], lambda a, b: a * (1 + b / 3)))
    return {
        "lying_groups": Situation("barh", cats[:4], names[:3], rows(3, 4)),
        "stacked_area": Situation("area", numbers, names[:3], rows(3, 8), stacked=True),
        "shared_area": Situation("area", numbers, names[:3], _shares(rows(3, 8)), stacked=True, shared=True),
        "shared_bars": Situation("bar", cats, names[:3], _shares(rows(3, 6)), stacked=True, shared=True),
        "donut_legend": Situation("pie", names, ["all"], rows(1, 5, 8, 40)),
        "log": Situation("line", numbers, names[:1], [[round(v, 1) for v in grown]], log=True),
        "dates": Situation("line", DAYS, names[:2], [walk(12), walk(12, 60)]),
        "dark_lines": Situation("line", numbers, names[:3], rows(3, 8), dark=True),
        "dark_bars": Situation("bar", cats, names[:2], rows(2, 6), dark=True),
        "bold_title": Situation("bar", names, names[:1], rows(1, 5), title="Sales by team"),
        "jpeg_stacks": Situation("bar", cats, names[:3], rows(3, 6), stacked=True, kept={"jpeg": 80}),
        "points_2x": Situation("line", numbers, names[:2], rows(2, 8), points=True, kept={"scale": 2}),
        "classes": Situation("scatter", numbers, names[:3], rows(3, 8)),
        "negative": Situation("bar", cats, names[:1], rows(1, 6, -40, 50)),
        "steps": Situation("line", numbers, names[:1], rows(1, 8), steps=True),
        "long_names": Situation("bar", LONG, names[:1], rows(1, 5)),
        "heat": Situation("heat", names[:4], cats[:3], rows(3, 4, 1, 99)),
    }


def chartjs(s: Situation) -> Any:
    """Chart.js: areas are filled lines; no heat maps, and dates by an adapter only."""
    if s.mark == "heat" or s.dated:
        return None
    form = {"barh": "bar", "area": "line", "pie": "doughnut"}.get(s.mark, s.mark)
    sets: list[Case] = []
    for index, (name, values) in enumerate(zip(s.names, s.series, strict=True)):
        colour: Any = COLOURS[index] if s.mark != "pie" else [*COLOURS, "#990099"]
        data: Any = values
        if s.mark == "scatter":
            data = [{"x": x, "y": y} for x, y in zip(s.x, values, strict=True)]
        fill = {"fill": "-1" if index else "origin"} if s.mark == "area" else {}
        radius = 4 if s.points or s.mark == "scatter" else 0
        line = {"borderColor": colour, "pointRadius": radius} if form in ("line", "scatter") else {}
        sets.append(
            {"label": name, "data": data, "backgroundColor": colour, "stepped": s.steps, **line, **fill}
        )
    ink = {"color": LIGHT if s.dark else "#666"}
    grid = {"color": RULED} if s.dark else {}
    axis = {"stacked": s.stacked, "ticks": ink, "grid": grid}
    value = {**axis, "type": "logarithmic" if s.log else "linear", **({"max": 100} if s.shared else {})}
    scales = {"x": value, "y": axis} if s.mark == "barh" else {"x": axis, "y": value}
    title = {"display": bool(s.title), "text": s.title, "font": {"weight": "bold", "size": 18}}
    options: Case = {
        "indexAxis": "y" if s.mark == "barh" else "x",
        "plugins": {"legend": {"labels": ink}, "title": title},
    }
    return {
        "type": form,
        "data": {"labels": s.x, "datasets": sets},
        "options": options if s.mark == "pie" else {**options, "scales": scales},
    }


def echarts(s: Situation) -> Any:
    """ECharts: heat maps with a visual map, dates on a time axis."""
    ink = {"color": LIGHT if s.dark else "#555"}
    look: Case = {"backgroundColor": DARK} if s.dark else {}
    if len(s.names) > 1 or s.mark == "pie":
        look["legend"] = {"textStyle": ink}
    if s.title:
        look["title"] = {"text": s.title, "left": "center"}
    if s.mark == "pie":
        data = [{"name": x, "value": v} for x, v in zip(s.x, s.series[0], strict=True)]
        series = [{"type": "pie", "radius": ["35%", "65%"], "label": {"show": False}, "data": data}]
        return {**look, "series": series}
    if s.mark == "heat":
        cells = [[x, y, v] for y, row in enumerate(s.series) for x, v in enumerate(row)]
        return {
            "xAxis": {"type": "category", "data": s.x},
            "yAxis": {"type": "category", "data": s.names, "inverse": True},
            "visualMap": {"min": 0, "max": 100, "right": 0, "top": "center"},
            "series": [{"type": "heatmap", "data": cells}],
        }
    split = {"splitLine": {"lineStyle": {"color": RULED}}} if s.dark else {}
    value = {"type": "log" if s.log else "value", "axisLabel": ink, **split}
    if s.shared:
        value["max"] = 100
    kind = "time" if s.dated else "value" if isinstance(s.x[0], int) else "category"
    along = {"type": kind, "axisLabel": ink, **({"data": s.x} if kind == "category" else {})}
    if s.x == LONG:
        along["axisLabel"] = {**ink, "rotate": 40, "interval": 0}
    series = []
    for name, values in zip(s.names, s.series, strict=True):
        data = values if kind == "category" else [[x, v] for x, v in zip(s.x, values, strict=True)]
        one: Case = {"type": {"barh": "bar", "area": "line"}.get(s.mark, s.mark), "name": name, "data": data}
        one |= {"stack": "all"} if s.stacked else {}
        one |= {"areaStyle": {}} if s.mark == "area" else {}
        one |= {"showSymbol": s.points, "step": "end" if s.steps else False} if one["type"] == "line" else {}
        series.append(one)
    axes = {"xAxis": value, "yAxis": along} if s.mark == "barh" else {"xAxis": along, "yAxis": value}
    return {**look, **axes, "series": series}


def plotly(s: Situation) -> Any:
    """Plotly: shares are given as they are, heat maps have a colour bar."""
    look: Case = {"xaxis": {}, "yaxis": {}}
    if s.dark:
        grid = {"gridcolor": RULED, "zerolinecolor": RULED}
        look = {"paper_bgcolor": DARK, "plot_bgcolor": DARK, "font": {"color": LIGHT}}
        look |= {"xaxis": dict(grid), "yaxis": dict(grid)}
    if s.title:
        look["title"] = {"text": f"<b>{s.title}</b>"}
    if s.log:
        look["yaxis"]["type"] = "log"
    if s.stacked and s.mark == "bar":
        look["barmode"] = "stack"
    if s.mark == "pie":
        return [[{"type": "pie", "hole": 0.5, "labels": s.x, "values": s.series[0]}], look]
    if s.mark == "heat":
        look["yaxis"]["autorange"] = "reversed"
        return [[{"type": "heatmap", "x": s.x, "y": s.names, "z": s.series}], look]
    traces = []
    for name, values in zip(s.names, s.series, strict=True):
        along, up = ("y", "x") if s.mark == "barh" else ("x", "y")
        one: Case = {along: s.x, up: values, "name": name}
        if s.mark in ("bar", "barh"):
            one |= {"type": "bar", "orientation": "h" if s.mark == "barh" else "v"}
        else:
            drawn = {"scatter": "markers"}.get(s.mark, "lines+markers" if s.points else "lines")
            one |= {"mode": drawn, "line": {"shape": "hv" if s.steps else "linear"}}
            one |= {"stackgroup": "all"} if s.mark == "area" else {}
        traces.append(one)
    return [traces, look]


def vega(s: Situation) -> Any:
    """Vega-Lite: legends with titles, stacks by default, turned names."""
    rows = [{"x": x, "k": k, "v": v} for x, k, v in s.rows]
    look: Case = {}
    if s.dark:
        axis = {"labelColor": LIGHT, "titleColor": LIGHT, "gridColor": RULED, "domainColor": LIGHT}
        text = {"labelColor": LIGHT, "titleColor": LIGHT}
        look["config"] = {"background": DARK, "axis": axis, "legend": text}
    if s.title:
        look["title"] = {"text": s.title, "fontWeight": "bold"}
    kind: Case = {"field": "k", "type": "nominal", "sort": None}
    types = {"number": "quantitative", "date": "temporal", "name": "ordinal"}
    sort = "date" if s.dated else "number" if isinstance(s.x[0], int) else "name"
    along: Case = {"field": "x", "type": types[sort], "sort": None, "title": "Time"}
    value: Case = {"field": "v", "type": "quantitative", "title": "Value"}
    if s.log:
        value["scale"] = {"type": "log"}
    elif s.mark in ("bar", "barh", "area"):
        value["stack"] = "zero" if s.stacked else None
    colour = {"color": kind} if len(s.names) > 1 else {}
    mark: Any = {"barh": "bar", "scatter": "circle"}.get(s.mark, s.mark)
    encoding: Case = {"x": along, "y": value, **colour}
    if s.mark == "barh":
        encoding = {"y": along, "x": value, "yOffset": kind, **colour}
    elif s.mark == "bar" and not s.stacked and len(s.names) > 1:
        encoding["xOffset"] = kind
    elif s.mark == "line":
        mark = {"type": "line", "point": s.points, **({"interpolate": "step-after"} if s.steps else {})}
    elif s.mark == "pie":
        mark = {"type": "arc", "innerRadius": 60}
        slices = {"field": "x", "type": "nominal", "sort": None}
        encoding = {"theta": {**value, "stack": True}, "color": slices, "order": {"field": "i"}}
        rows = [{**row, "i": index} for index, row in enumerate(rows)]
    elif s.mark == "heat":
        mark = "rect"
        encoding = {"x": along, "y": {**kind, "title": "Kind"}, "color": value}
    data = {"data": {"values": rows}, "mark": mark, "encoding": encoding}
    return {"width": 420, "height": 260, **data, **look}


def highcharts(s: Situation) -> Any:
    """Highcharts: columns, legends below, no vertical grid; heat maps are a module."""
    if s.mark == "heat":
        return None
    ink = {"style": {"color": LIGHT if s.dark else "#333"}}
    form = {"bar": "column", "barh": "bar"}.get(s.mark, s.mark)
    along: Case = {"labels": ink}
    if s.dated:
        along["type"] = "datetime"
    elif not isinstance(s.x[0], int):
        along["categories"] = s.x
    value: Case = {"title": {"text": None}, "labels": ink, "type": "logarithmic" if s.log else "linear"}
    value |= {"gridLineColor": RULED} if s.dark else {}
    value |= {"max": 100} if s.shared else {}
    series: list[Case] = []
    for name, values in zip(s.names, s.series, strict=True):
        data: list[Any] = values
        if s.dated:
            data = list(values)
        elif isinstance(s.x[0], int):
            data = [[x, v] for x, v in zip(s.x, values, strict=True)]
        elif s.mark == "pie":
            data = [{"name": x, "y": v} for x, v in zip(s.x, values, strict=True)]
        one: Case = {"name": name, "data": data, "animation": False}
        one |= {"pointStart": 1704067200000, "pointIntervalUnit": "month"} if s.dated else {}
        one |= {"step": "left"} if s.steps else {}
        one |= (
            {"innerSize": "50%", "showInLegend": True, "dataLabels": {"enabled": False}}
            if form == "pie"
            else {}
        )
        series.append(one)
    stack = {"stacking": "normal"} if s.stacked else {}
    bold = {"text": s.title or None, "style": {"fontWeight": "bold"}}
    return {
        "chart": {"type": form, "backgroundColor": DARK if s.dark else "#fff"},
        "title": bold,
        "legend": {"itemStyle": ink["style"], "enabled": len(s.names) > 1 or form == "pie"},
        "plotOptions": {"series": {**stack, "marker": {"enabled": s.points or form == "scatter"}}},
        "xAxis": along,
        "yAxis": value,
        "series": series,
    }


TOOLS: tuple[Told, ...] = (chartjs, echarts, plotly, vega, highcharts)


def told_cases() -> dict[str, Case]:
    """All situations as cases by name, the tool's name first."""
    found: dict[str, Case] = {}
    for tool in TOOLS:
        for name in situations(""):
            case = f"{tool.__name__}_{name}"
            situation = situations(case)[name]
            spec = tool(situation)
            if spec is None:
                continue
            found[case] = {
                "tool": tool.__name__,
                "spec": spec,
                "size": (640, 400),
                "ground": DARK if situation.dark else "#fff",
                "truth": situation.truth(),
                **situation.kept,
            }
    return found


def unseen(names: list[str], seed: int = 15) -> set[str]:
    """The half of some names that is kept from those who develop, by a seed."""
    return set(Random(seed).sample(sorted(names), len(names) // 2))
