"""A described chart as a specification for Vega-Lite, Plotly or ECharts, drawn by that tool in a browser."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from benchmarks.injected.charts import Chart
from benchmarks.other_tools.draw import page_of
from renderers.pictures import load_picture
from renderers.types import Kind, Language, Render, RenderStatus, Size

TOOLS = ("vega", "plotly", "echarts")
_SETTLED_MS = 150
"""A canvas is drawn in the turn after its script's; no animation runs."""


def written(tool: str, chart: Chart) -> str:
    """A chart and its tool as one text."""
    return json.dumps({"tool": tool, "chart": asdict(chart)})


def read(text: str) -> tuple[str, Chart]:
    """What ``written`` wrote."""
    held = json.loads(text)
    return held["tool"], Chart(**{**held["chart"], "colours": tuple(held["chart"]["colours"])})


class SpecRenderers:
    """Draws descriptions in one browser, as ``Renderers`` draws code."""

    def __init__(self, browser: Browser, npm: Path) -> None:
        """Draw with the packages in ``npm``; the browser's owner closes it."""
        self._browser, self._npm = browser, npm

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None) -> Render:
        """The picture of a description."""
        tool, chart = read(code)
        case = {"tool": tool, "spec": _SPECS[tool](chart), "size": (chart.wide, chart.high)}
        page = await self._browser.new_page(viewport={"width": chart.wide + 200, "height": chart.high + 200})
        try:
            file = self._npm / f"injected-{id(page)}.html"
            file.write_text(page_of(case, self._npm), encoding="utf-8")
            await page.goto(file.as_uri())
            file.unlink()
            await page.wait_for_timeout(_SETTLED_MS)
            element = await page.query_selector("#c")
            if element is None:
                return Render(RenderStatus.ERROR, log="the page has no place for a chart")
            return Render(RenderStatus.OK, load_picture(await element.screenshot()))
        finally:
            await page.close()


def _numeric(chart: Chart) -> bool:
    return not isinstance(chart.x[0], str)


def _vega(chart: Chart) -> dict[str, Any]:
    rows = [
        {"x": x, "y": y, "name": name}
        for name, values in chart.series.items()
        for x, y in zip(chart.x, values, strict=True)
    ]
    colours = {"domain": list(chart.series), "range": list(chart.colours[: len(chart.series)])}
    legend = {"title": None} if chart.named and chart.legend else None
    colour = {"field": "name", "type": "nominal", "scale": colours, "legend": legend}
    spec: dict[str, Any] = {"data": {"values": rows}, "width": chart.wide - 120, "height": chart.high - 90}
    if chart.title:
        spec["title"] = chart.title
    if chart.mark == "pie":
        colour = {"field": "x", "type": "nominal", "sort": None, "legend": {"title": None}}
        angle = {"field": "y", "type": "quantitative", "stack": True}
        return {**spec, "mark": "arc", "encoding": {"theta": angle, "color": colour, "order": {"field": "x"}}}
    places = {"field": "x", "type": "quantitative" if _numeric(chart) else "nominal", "sort": None}
    places |= {"axis": {"title": chart.x_label or None, "labelAngle": 0, "grid": False}}
    scale: dict[str, Any] = {"type": "log"} if chart.log else {"zero": chart.mark not in ("line", "lines")}
    scale |= {"domainMax": chart.top} if chart.top is not None else {}
    axis = {"title": chart.y_label or None, "grid": chart.grid, "labelOpacity": float(chart.numbers)}
    values = {"field": "y", "type": "quantitative", "scale": scale, "axis": axis}
    encoding: dict[str, Any] = {"x": places, "y": values, "color": colour}
    if chart.mark == "barh":
        encoding |= {"x": values, "y": places}
    if chart.mark == "grouped":
        encoding["xOffset"] = {"field": "name", "sort": None}
    sort = {"points": "point", "line": "line", "lines": "line", "area": "area"}.get(chart.mark, "bar")
    mark: dict[str, Any] = {"type": sort, **({"filled": True} if sort == "point" else {})}
    mark |= {"point": chart.style[4] < 0.5} if sort == "line" else {}
    mark |= {"strokeDash": [6, 4]} if chart.dashed else {}
    return {**spec, "mark": mark, "encoding": encoding}


def _plotly(chart: Chart) -> list[Any]:
    traces: list[dict[str, Any]] = []
    for (name, values), colour in zip(chart.series.items(), chart.colours, strict=False):
        if chart.mark == "pie":
            shown = "label+percent" if chart.style[4] < 0.5 else "percent"
            traces.append(
                {"type": "pie", "labels": chart.x, "values": values, "textinfo": shown, "sort": False}
            )
            continue
        x, y = (values, chart.x) if chart.mark == "barh" else (chart.x, values)
        trace: dict[str, Any] = {"x": x, "y": y, "name": name, "marker": {"color": colour}}
        if chart.mark in ("bar", "barh", "grouped"):
            trace |= {"type": "bar", "orientation": "h" if chart.mark == "barh" else "v"}
        else:
            lined = "lines+markers" if chart.style[4] < 0.5 else "lines"
            trace |= {"type": "scatter", "mode": "markers" if chart.mark == "points" else lined}
            trace |= {"line": {"color": colour, "dash": "dash" if chart.dashed else "solid"}}
            trace |= {"fill": "tozeroy"} if chart.mark == "area" else {}
        traces.append(trace)
    value_axis: dict[str, Any] = {"title": {"text": chart.y_label}, "showgrid": chart.grid}
    value_axis |= {"type": "log"} if chart.log else {}
    value_axis |= {} if chart.numbers else {"tickfont": {"color": "rgba(0,0,0,0)"}}
    if chart.top is not None:
        value_axis["range"] = [0, chart.top]
    other = {"title": {"text": chart.x_label}}
    axes = (value_axis, other) if chart.mark == "barh" else (other, value_axis)
    layout = {"title": {"text": chart.title}, "xaxis": axes[0], "yaxis": axes[1]}
    layout |= {"showlegend": (chart.named or chart.mark == "pie") and chart.legend}
    return [traces, layout]


def _echarts(chart: Chart) -> dict[str, Any]:
    option: dict[str, Any] = {"title": {"text": chart.title, "left": "center"}}
    if chart.mark == "pie":
        (values,) = chart.series.values()
        data = [{"name": name, "value": value} for name, value in zip(chart.x, values, strict=True)]
        return option | {"series": [{"type": "pie", "radius": "60%", "data": data}]}
    numeric = _numeric(chart)
    places: dict[str, Any] = {"type": "value" if numeric else "category", "name": chart.x_label}
    places |= {"nameLocation": "middle", "nameGap": 28, "splitLine": {"show": False}}
    places |= {} if numeric else {"data": chart.x}
    axis: dict[str, Any] = {"type": "log" if chart.log else "value", "name": chart.y_label}
    axis |= {"splitLine": {"show": chart.grid}}
    axis |= {} if chart.numbers else {"axisLabel": {"color": "transparent"}}
    axis |= {"max": chart.top} if chart.top is not None else {}
    sort = {"points": "scatter", "line": "line", "lines": "line", "area": "line"}.get(chart.mark, "bar")
    series = []
    for (name, values), colour in zip(chart.series.items(), chart.colours, strict=False):
        data = [list(pair) for pair in zip(chart.x, values, strict=True)] if numeric else values
        one: dict[str, Any] = {"type": sort, "name": name, "data": data, "itemStyle": {"color": colour}}
        if sort == "line":
            one |= {"lineStyle": {"color": colour, "type": "dashed" if chart.dashed else "solid"}}
            one |= {"showSymbol": chart.style[4] < 0.5}
            one |= {"areaStyle": {"color": colour, "opacity": 0.5}} if chart.mark == "area" else {}
        series.append(one)
    option |= {"legend": {"top": 30}} if chart.named and chart.legend else {}
    axes = {"xAxis": axis, "yAxis": places} if chart.mark == "barh" else {"xAxis": places, "yAxis": axis}
    return option | axes | {"series": series, "grid": {"top": 70}}


_SPECS = {"vega": _vega, "plotly": _plotly, "echarts": _echarts}
