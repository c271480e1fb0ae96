"""Forty charts of other tools: what each tool is told, and what is right to read in the picture.

A case is a dictionary. ``tool`` says who draws it, ``spec`` what the tool is told, ``size`` the pixels across
and down, ``truth`` what is right: the ``mark``, the ``series`` (each a list of values in reading order along
the categories or ``x``), the ``range`` of the axis that they are measured on, and the ``texts`` that must be
read. ``scale`` (device pixels in a CSS pixel) and ``jpeg`` (quality) say how the picture is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Case = dict[str, Any]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
COLOURS = ["#4e79a7", "#f28e2b", "#59a14f", "#e15759"]


def _truth(mark: str, series: Sequence[Sequence[float]], span: tuple[float, float], *texts: str) -> Case:
    return {
        "mark": mark,
        "series": [list(one) for one in series],
        "range": list(span),
        "texts": [str(text) for text in texts],
    }


def _case(tool: str, spec: Any, truth: Case, **kept: Any) -> Case:
    return {"tool": tool, "spec": spec, "truth": truth, "size": (640, 400), **kept}


def chartjs() -> Iterator[tuple[str, Case]]:
    """Chart.js: translucent and grouped bars, smooth and filled lines, a doughnut, two axes."""
    a, b = [12, 19, 8, 15, 7, 13], [9, 11, 14, 10, 12, 6]
    names = ["North", "South"]
    faded = {"borderWidth": 1, "borderColor": "rgb(54,162,235)", "backgroundColor": "rgba(54,162,235,0.3)"}
    yield (
        "translucent",
        _case(
            "chartjs",
            {
                "type": "bar",
                "data": {"labels": MONTHS, "datasets": [{"label": "Orders", "data": a, **faded}]},
            },
            _truth("bar", [a], (0, 20), *MONTHS, "Orders"),
        ),
    )
    sets = [
        {"label": n, "data": d, "backgroundColor": c} for n, d, c in zip(names, (a, b), COLOURS, strict=False)
    ]
    yield (
        "grouped_bottom",
        _case(
            "chartjs",
            {
                "type": "bar",
                "data": {"labels": MONTHS, "datasets": sets},
                "options": {
                    "plugins": {
                        "legend": {"position": "bottom"},
                        "title": {"display": True, "text": "Orders by region"},
                    }
                },
            },
            _truth("bar", [a, b], (0, 20), *MONTHS, *names, "Orders by region"),
        ),
    )
    filled = [
        {"label": n, "data": d, "borderColor": c, "backgroundColor": c + "44", "fill": True, "tension": 0.4}
        for n, d, c in zip(names, (a, b), COLOURS, strict=False)
    ]
    yield (
        "smooth_filled",
        _case(
            "chartjs",
            {"type": "line", "data": {"labels": MONTHS, "datasets": filled[:1]}},
            _truth("line", [a], (7, 19), *MONTHS, "North"),
        ),
    )
    yield (
        "lying_grouped",
        _case(
            "chartjs",
            {
                "type": "bar",
                "data": {"labels": MONTHS[:4], "datasets": [{**s, "data": s["data"][:4]} for s in sets]},
                "options": {"indexAxis": "y"},
            },
            _truth("barh", [a[:4], b[:4]], (0, 20), *MONTHS[:4], *names),
            scale=2,
        ),
    )
    yield (
        "doughnut_right",
        _case(
            "chartjs",
            {
                "type": "doughnut",
                "data": {
                    "labels": ["Rail", "Road", "Sea", "Air"],
                    "datasets": [{"data": [40, 30, 20, 10], "backgroundColor": COLOURS}],
                },
                "options": {"plugins": {"legend": {"position": "right"}}},
            },
            _truth("pie", [[40, 30, 20, 10]], (0, 100), "Rail", "Road", "Sea", "Air"),
        ),
    )
    lines = [
        {
            "label": n,
            "data": d,
            "borderColor": c,
            "backgroundColor": "#fff",
            "pointRadius": 5,
            "borderWidth": 2,
        }
        for n, d, c in zip(names, (a, b), COLOURS, strict=False)
    ]
    yield (
        "hollow_markers",
        _case(
            "chartjs",
            {
                "type": "line",
                "data": {"labels": MONTHS, "datasets": lines},
                "options": {
                    "scales": {"y": {"beginAtZero": True, "title": {"display": True, "text": "Units sold"}}}
                },
            },
            _truth("line", [a, b], (0, 20), *MONTHS, *names, "Units sold"),
        ),
    )
    dual = [
        {
            "type": "line",
            "label": "Rate",
            "data": [0.2, 0.5, 0.4, 0.7, 0.6, 0.9],
            "borderColor": "#e15759",
            "yAxisID": "r",
        },
        {"label": "Orders", "data": a, "backgroundColor": "#4e79a7"},
    ]
    yield (
        "two_axes",
        _case(
            "chartjs",
            {
                "type": "bar",
                "data": {"labels": MONTHS, "datasets": dual},
                "options": {
                    "scales": {
                        "r": {"position": "right", "grid": {"drawOnChartArea": False}, "min": 0, "max": 1}
                    }
                },
            },
            _truth("bar", [a], (0, 20), *MONTHS, "Orders", "Rate"),
        ),
    )


def echarts() -> Iterator[tuple[str, Case]]:
    """ECharts: rounded bars, dark grounds, legends and labels, smooth lines, pies, bubbles, a waterfall."""
    days = ["Mon", "Tue", "Wed", "Thu", "Fri"]
    a, b = [120, 200, 150, 80, 70], [60, 90, 130, 110, 40]
    category = {"type": "category", "data": days}
    yield (
        "rounded_labels",
        _case(
            "echarts",
            {
                "xAxis": category,
                "yAxis": {"type": "value"},
                "series": [
                    {
                        "type": "bar",
                        "data": a,
                        "itemStyle": {"borderRadius": 6},
                        "label": {"show": True, "position": "top"},
                    }
                ],
            },
            _truth("bar", [a], (0, 200), *days, *a),
        ),
    )
    yield (
        "stacked_lying",
        _case(
            "echarts",
            {
                "legend": {},
                "xAxis": {"type": "value"},
                "yAxis": category,
                "series": [
                    {"type": "bar", "stack": "t", "name": n, "data": d} for n, d in (("In", a), ("Out", b))
                ],
            },
            _truth("barh", [a, b], (0, 300), *days, "In", "Out"),
        ),
    )
    yield (
        "smooth_dark",
        _case(
            "echarts",
            {
                "backgroundColor": "#1b1b2f",
                "title": {"text": "Load", "left": "center", "textStyle": {"color": "#eee"}},
                "xAxis": {**category, "axisLabel": {"color": "#ccc"}},
                "yAxis": {
                    "type": "value",
                    "axisLabel": {"color": "#ccc"},
                    "splitLine": {"lineStyle": {"color": "#333"}},
                },
                "series": [{"type": "line", "smooth": True, "data": a, "areaStyle": {"opacity": 0.3}}],
            },
            _truth("line", [a], (0, 200), *days, "Load"),
        ),
    )
    yield (
        "plain_line",
        _case(
            "echarts",
            {
                "legend": {"right": 10, "orient": "vertical"},
                "xAxis": category,
                "yAxis": {"type": "value"},
                "series": [{"type": "line", "name": n, "data": d} for n, d in (("web", a), ("app", b))],
            },
            _truth("line", [a, b], (0, 200), *days, "web", "app"),
        ),
    )
    yield (
        "pie_leaders",
        _case(
            "echarts",
            {
                "series": [
                    {
                        "type": "pie",
                        "radius": "60%",
                        "data": [{"name": n, "value": v} for n, v in zip(days, a, strict=True)],
                    }
                ]
            },
            _truth("pie", [a], (0, 620), *days),
        ),
    )
    yield (
        "log_line",
        _case(
            "echarts",
            {
                "xAxis": category,
                "yAxis": {"type": "log"},
                "series": [{"type": "line", "data": [3, 40, 200, 1500, 9000]}],
            },
            {**_truth("line", [[3, 40, 200, 1500, 9000]], (1, 10000), *days), "log": True},
        ),
    )
    yield (
        "waterfall",
        _case(
            "echarts",
            {
                "xAxis": {"type": "category", "data": ["Start", "Jan", "Feb", "Mar", "End"]},
                "yAxis": {"type": "value"},
                "series": [
                    {
                        "type": "bar",
                        "stack": "t",
                        "itemStyle": {"color": "transparent"},
                        "data": [0, 100, 140, 110, 0],
                    },
                    {"type": "bar", "stack": "t", "data": [100, 40, 35, 65, 110]},
                ],
            },
            _truth("bar", [[100, 40, 35, 65, 110]], (0, 200), "Start", "Jan", "Feb", "Mar", "End"),
        ),
    )
    points = [[2, 3], [4, 7], [5, 5], [7, 9], [8, 4], [9, 8]]
    yield (
        "bubbles",
        _case(
            "echarts",
            {
                "xAxis": {"name": "age"},
                "yAxis": {"name": "score"},
                "series": [
                    {"type": "scatter", "data": points, "symbolSize": 22, "itemStyle": {"opacity": 0.6}}
                ],
            },
            {**_truth("scatter", [[p[1] for p in points]], (0, 10)), "x": [p[0] for p in points]},
        ),
    )


def plotly() -> Iterator[tuple[str, Case]]:
    """Plotly: its tinted faces and dark template, dates, boxes, heat maps, filled lines, stacked bars."""
    teams, a, b = ["Ant", "Bee", "Cat", "Dog"], [4, 7, 3, 6], [5, 2, 6, 4]
    tinted = {"plot_bgcolor": "#e5ecf6", "xaxis": {"gridcolor": "#fff"}, "yaxis": {"gridcolor": "#fff"}}
    yield (
        "tinted_bars",
        _case(
            "plotly",
            [
                [{"type": "bar", "x": teams, "y": a, "text": a, "textposition": "outside"}],
                {**tinted, "title": {"text": "Wins"}},
            ],
            _truth("bar", [a], (0, 7), *teams, "Wins"),
        ),
    )
    yield (
        "stacked",
        _case(
            "plotly",
            [
                [{"type": "bar", "x": teams, "y": v, "name": n} for n, v in (("won", a), ("lost", b))],
                {"barmode": "stack"},
            ],
            _truth("bar", [a, b], (0, 10), *teams, "won", "lost"),
        ),
    )
    yield (
        "lying",
        _case(
            "plotly",
            [
                [{"type": "bar", "orientation": "h", "y": teams, "x": a}],
                {"xaxis": {"title": {"text": "Wins"}}},
            ],
            _truth("barh", [a], (0, 7), *teams, "Wins"),
            jpeg=85,
        ),
    )
    dates = [f"2023-{m:02d}-01" for m in range(1, 13)]
    dated = [30, 34, 31, 38, 42, 40, 45, 43, 48, 52, 50, 55]
    yield (
        "dates",
        _case(
            "plotly",
            [[{"x": dates, "y": dated, "mode": "lines"}], {"yaxis": {"title": {"text": "Price"}}}],
            _truth("line", [dated], (30, 55), "Price"),
        ),
    )
    yield (
        "filled_dark",
        _case(
            "plotly",
            [
                [{"x": [1, 2, 3, 4, 5], "y": [2, 5, 3, 6, 4], "fill": "tozeroy", "mode": "lines"}],
                {
                    "paper_bgcolor": "#111",
                    "plot_bgcolor": "#111",
                    "font": {"color": "#f2f5fa"},
                    "xaxis": {"gridcolor": "#283442"},
                    "yaxis": {"gridcolor": "#283442"},
                },
            ],
            {**_truth("line", [[2, 5, 3, 6, 4]], (0, 6)), "x": [1, 2, 3, 4, 5]},
        ),
    )
    points = [[1, 4], [2, 6], [3, 3], [4, 8], [5, 5], [6, 9], [7, 7]]
    yield (
        "scatter",
        _case(
            "plotly",
            [
                [
                    {
                        "x": [p[0] for p in points],
                        "y": [p[1] for p in points],
                        "mode": "markers",
                        "marker": {"size": 12},
                    }
                ],
                tinted,
            ],
            {**_truth("scatter", [[p[1] for p in points]], (3, 9)), "x": [p[0] for p in points]},
        ),
    )
    yield (
        "annotated",
        _case(
            "plotly",
            [
                [{"x": [1, 2, 3, 4, 5], "y": [3, 8, 5, 9, 6], "mode": "lines+markers"}],
                {"annotations": [{"x": 4, "y": 9, "text": "record", "ax": -40, "ay": 30, "showarrow": True}]},
            ],
            {**_truth("line", [[3, 8, 5, 9, 6]], (3, 9), "record"), "x": [1, 2, 3, 4, 5]},
        ),
    )
    yield (
        "heat",
        _case(
            "plotly",
            [
                [
                    {
                        "type": "heatmap",
                        "z": [[1, 5, 9], [4, 2, 7], [8, 6, 3]],
                        "x": ["a", "b", "c"],
                        "y": ["p", "q", "r"],
                    }
                ],
                {},
            ],
            _truth("heat", [[1, 5, 9], [4, 2, 7], [8, 6, 3]], (1, 9), "a", "b", "c", "p", "q", "r"),
        ),
    )


def vega() -> Iterator[tuple[str, Case]]:
    """Vega-Lite: bold titles and legends, stacked and lying bars, dates, hollow points, lollipops."""
    a, b = [5, 7, 9, 6, 4, 8], [3, 6, 4, 8, 9, 5]
    long = [
        {"m": m, "k": k, "v": v}
        for k, vs in (("north", a), ("south", b))
        for m, v in zip(MONTHS, vs, strict=True)
    ]
    month = {"field": "m", "type": "nominal", "sort": None, "title": "Month"}
    value = {"field": "v", "type": "quantitative", "title": "Rain"}
    kind = {"field": "k", "type": "nominal", "title": "Side"}

    def made(mark: Any, encoding: Case, rows: list[Case] = long, **more: Any) -> Case:
        return {
            "width": 400,
            "height": 250,
            "data": {"values": rows},
            "mark": mark,
            "encoding": encoding,
            **more,
        }

    yield (
        "stacked",
        _case(
            "vega",
            made("bar", {"x": month, "y": value, "color": kind}),
            _truth("bar", [b, a], (0, 14), *MONTHS, "Rain", "north", "south"),
        ),
    )
    yield (
        "lying_labels",
        _case(
            "vega",
            made("bar", {"y": month, "x": value}, long[:6], title="Rain by month"),
            _truth("barh", [a], (0, 9), *MONTHS, "Rain", "Rain by month"),
        ),
    )
    dated = [
        {"d": f"2022-{m:02d}-01", "v": v}
        for m, v in zip(range(1, 13), [3, 4, 6, 5, 7, 9, 8, 10, 9, 11, 12, 13], strict=True)
    ]
    yield (
        "dates",
        _case(
            "vega",
            made("line", {"x": {"field": "d", "type": "temporal", "title": "Date"}, "y": value}, dated),
            _truth("line", [[row["v"] for row in dated]], (0, 14), "Date", "Rain"),
        ),
    )
    rows = [{"x": x, "y": y} for x, y in zip([1, 2, 3, 4, 5, 6, 7], [2, 5, 3, 7, 6, 8, 4], strict=True)]
    number = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
    yield (
        "hollow_points",
        _case(
            "vega",
            made("point", number, rows),
            {**_truth("scatter", [[r["y"] for r in rows]], (0, 8), "x", "y"), "x": [r["x"] for r in rows]},
        ),
    )
    yield (
        "area",
        _case(
            "vega",
            made({"type": "area", "opacity": 0.7}, number, rows),
            {**_truth("area", [[r["y"] for r in rows]], (0, 8), "x", "y"), "x": [r["x"] for r in rows]},
        ),
    )
    yield (
        "grouped_dark",
        _case(
            "vega",
            made(
                "bar",
                {"x": month, "xOffset": {"field": "k"}, "y": value, "color": kind},
                config={
                    "background": "#333",
                    "axis": {"labelColor": "#fff", "titleColor": "#fff", "gridColor": "#888"},
                    "legend": {"labelColor": "#fff", "titleColor": "#fff"},
                },
            ),
            _truth("bar", [a, b], (0, 9), *MONTHS, "north", "south"),
        ),
    )


def bokeh() -> Iterator[tuple[str, Case]]:
    """Bokeh: an outlined frame with grid, toolbars off."""
    fruits, a = ["Apples", "Pears", "Plums", "Grapes"], [5, 3, 4, 2]
    yield (
        "bars",
        _case(
            "bokeh",
            {"mark": "vbar", "x": fruits, "y": a, "title": "Fruit counts"},
            _truth("bar", [a], (0, 5), *fruits, "Fruit counts"),
        ),
    )
    yield (
        "lines",
        _case(
            "bokeh",
            {
                "mark": "line",
                "x": [1, 2, 3, 4, 5],
                "y": [[6, 7, 2, 4, 5], [2, 3, 4, 5, 7]],
                "names": ["Temp.", "Rate"],
            },
            {
                **_truth("line", [[6, 7, 2, 4, 5], [2, 3, 4, 5, 7]], (2, 7), "Temp.", "Rate"),
                "x": [1, 2, 3, 4, 5],
            },
        ),
    )


def seaborn() -> Iterator[tuple[str, Case]]:
    """seaborn: its styles of axes over matplotlib."""
    names, a, b = ["Thur", "Fri", "Sat", "Sun"], [17.7, 17.2, 20.4, 21.4], [15.1, 19.8, 18.3, 16.9]
    yield (
        "whitegrid_bars",
        _case(
            "seaborn",
            {"style": "whitegrid", "mark": "bar", "x": names, "y": [a]},
            _truth("bar", [a], (0, 21.4), *names),
        ),
    )
    yield (
        "darkgrid_bars",
        _case(
            "seaborn",
            {"style": "darkgrid", "mark": "bar", "x": names, "y": [a, b], "names": ["Lunch", "Dinner"]},
            _truth("bar", [a, b], (0, 21.4), *names, "Lunch", "Dinner"),
        ),
    )
    yield (
        "darkgrid_lines",
        _case(
            "seaborn",
            {
                "style": "darkgrid",
                "mark": "line",
                "x": [1, 2, 3, 4],
                "y": [a, b],
                "names": ["Lunch", "Dinner"],
            },
            {**_truth("line", [a, b], (15, 22), "Lunch", "Dinner"), "x": [1, 2, 3, 4]},
        ),
    )


def gnuplot() -> Iterator[tuple[str, Case]]:
    """gnuplot: ticks on all sides, keys inside, bars with borders."""
    x, a, b = [1, 2, 3, 4, 5, 6], [2, 4, 3, 6, 5, 8], [1, 3, 5, 4, 7, 6]
    yield (
        "lines_points",
        _case(
            "gnuplot",
            {
                "x": x,
                "y": [a, b],
                "names": ["first", "second"],
                "with": "linespoints pt 7",
                "more": "set grid",
            },
            {**_truth("line", [a, b], (1, 8), "first", "second"), "x": x},
        ),
    )
    yield (
        "boxes",
        _case(
            "gnuplot",
            {
                "x": x,
                "y": [a],
                "names": ["count"],
                "with": "boxes fs solid 0.6",
                "more": "set boxwidth 0.7; set yrange [0:10]; set xlabel 'step'; set ylabel 'count'",
            },
            {**_truth("bar", [a], (0, 10), "step", "count"), "x": x},
        ),
    )


def ggplot() -> Iterator[tuple[str, Case]]:
    """ggplot2: grey faces with white grids, legends to the right."""
    names, a, b = ["A", "B", "C", "D"], [3, 8, 5, 6], [4, 2, 7, 5]
    yield (
        "bars",
        _case(
            "ggplot",
            {"mark": "col", "x": names, "y": [a], "names": ["k"]},
            _truth("bar", [a], (0, 8), *names),
        ),
    )
    yield (
        "dodged",
        _case(
            "ggplot",
            {"mark": "dodge", "x": names, "y": [a, b], "names": ["ctl", "trt"]},
            _truth("bar", [a, b], (0, 8), *names, "ctl", "trt"),
        ),
    )
    yield (
        "lines",
        _case(
            "ggplot",
            {"mark": "line", "x": [1, 2, 3, 4], "y": [a, b], "names": ["ctl", "trt"]},
            {**_truth("line", [a, b], (2, 8), "ctl", "trt"), "x": [1, 2, 3, 4]},
        ),
    )
    yield (
        "points",
        _case(
            "ggplot",
            {"mark": "point", "x": [1, 2, 3, 4], "y": [a], "names": ["k"]},
            {**_truth("scatter", [a], (3, 8)), "x": [1, 2, 3, 4]},
        ),
    )


TOOLS = (chartjs, echarts, plotly, vega, bokeh, seaborn, gnuplot, ggplot)


def cases() -> dict[str, Case]:
    """All cases by name, the tool's name first."""
    return {f"{tool.__name__}_{name}": case for tool in TOOLS for name, case in tool()}
