"""How exactly the data of charts comes out: charts of four tools, drawn from tables that are known.

    python -m benchmarks.data [--each N] [--seed N] [--npm FOLDER] [--write]

Vega-Lite (vl-convert), Plotly and ECharts (in Chromium) and matplotlib draw lines with and without markers,
bars that stand and lie, grouped bars and scatters, over numbers, names and dates, N of each. What is measured
is the data of the first reading, as ``--to json`` holds it, before any revision. A series is matched where
one of the reading has its name, or the only one is that of the only series, with all of its points; of
those, values within 1% of the axis' range are right, and names and dates that are exactly the truth's; where
labels tell no year, as Vega-Lite's and ECharts' of one summer, a date is right without one.
``--npm`` is a ``node_modules`` with echarts; without it ECharts is left out, and said so.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import vl_convert
from matplotlib.figure import Figure
from playwright.sync_api import Browser, sync_playwright

from agent.data.chart import ChartData, Field, SeriesData
from benchmarks.results import conclude, table
from critic.reading import Reader
from critic.reading.chart import read_chart
from renderers.chromium import find_browser
from renderers.pictures import load_picture

SIZE = (640, 420)
MARKS = ("line", "marked", "bar", "lying", "grouped", "scatter")
NAMES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Pine", "Rowan", "Willow")
LEGEND = ("North", "South", "East")
COLOURS = ("#4c78a8", "#f58518", "#54a24b")
_NEAR = 0.01
"""Share of the axis' range within which a value is right."""


@dataclass(frozen=True)
class Truth:
    """A table and how it is drawn.

    Attributes:
        mark: One of ``MARKS``.
        across: ``numbers``, ``names`` or ``dates``.
        x: Its values along the axis that tells the points.
        series: The values of each series, by name.
    """

    mark: str
    across: str
    x: tuple[Any, ...]
    series: dict[str, tuple[float, ...]]

    @property
    def labels(self) -> list[Any]:
        """The places along the axis as JSON has them."""
        return [at.isoformat() if isinstance(at, date) else at for at in self.x]


def truths(each: int, seed: int) -> Iterator[Truth]:
    """Tables, so many for each mark."""
    chance = random.Random(seed)
    for mark, _ in itertools.product(MARKS, range(each)):
        number = chance.randint(4, 9)
        x: tuple[Any, ...]
        if mark in ("bar", "lying", "grouped"):
            across, x = "names", tuple(chance.sample(NAMES, number))
        elif mark == "scatter" or chance.random() < 0.5:
            across, start, step = "numbers", chance.randint(1980, 2000), chance.choice((1, 2, 5))
            x = tuple(start + step * place for place in range(number))
        else:
            across, step = "dates", chance.choice((7, 30, 91))
            first = date(2021, chance.randint(1, 12), 1)
            x = tuple(first + timedelta(days=step * place) for place in range(number))
        count = (
            1 if mark in ("bar", "lying") else 2 if mark in ("grouped", "scatter") else chance.randint(1, 3)
        )
        top = chance.choice((10, 50, 100, 1000, 8000))
        digits = 1 if top <= 50 else 0
        rows = {
            name: tuple(round(chance.uniform(0.1, 1.0) * top, digits) for _ in x) for name in LEGEND[:count]
        }
        yield Truth(mark, across, x, rows)


def by_vega(truth: Truth) -> bytes:
    """Drawn by Vega-Lite."""
    kinds = {"numbers": "quantitative", "names": "nominal", "dates": "temporal"}
    rows = [
        {"x": at, "y": value, "name": name}
        for name, values in truth.series.items()
        for at, value in zip(truth.labels, values, strict=True)
    ]
    marks: dict[str, Any] = {"line": "line", "marked": {"type": "line", "point": True}, "scatter": "point"}
    place: dict[str, Any] = {"field": "x", "type": kinds[truth.across], "title": None, "sort": None}
    if truth.across == "numbers":
        place |= {"scale": {"zero": False}, "axis": {"format": "d"}}
    value = {"field": "y", "type": "quantitative", "title": "Amount"}
    ways = ("y", "x") if truth.mark == "lying" else ("x", "y")
    encoding: dict[str, Any] = {ways[0]: place, ways[1]: value}
    if len(truth.series) > 1:
        encoding["color"] = {"field": "name", "type": "nominal", "sort": None, "title": None}
    if truth.mark == "grouped":
        encoding["xOffset"] = {"field": "name", "sort": None}
    spec = {
        "width": SIZE[0] - 140,
        "height": SIZE[1] - 90,
        "data": {"values": rows},
        "mark": marks.get(truth.mark, "bar"),
        "encoding": encoding,
    }
    return vl_convert.vegalite_to_png(json.dumps(spec), vl_version="5.20", scale=1.0)


def by_matplotlib(truth: Truth) -> bytes:
    """Drawn by matplotlib, as it comes."""
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    axes = figure.subplots()
    for place, (name, values) in enumerate(truth.series.items()):
        if truth.mark in ("line", "marked"):
            axes.plot(truth.x, values, label=name, marker="o" if truth.mark == "marked" else "")
        elif truth.mark == "scatter":
            axes.scatter(truth.x, values, label=name)
        elif truth.mark == "lying":
            axes.barh(truth.x, values)
        else:
            wide = 0.8 / len(truth.series)
            at = np.arange(len(truth.x)) + (place - (len(truth.series) - 1) / 2) * wide
            axes.bar(at, values, wide, label=name)
            axes.set_xticks(range(len(truth.x)), [str(name) for name in truth.x])
    if truth.across == "dates":
        figure.autofmt_xdate()
    if len(truth.series) > 1:
        axes.legend()
    axes.set_xlabel("Amount") if truth.mark == "lying" else axes.set_ylabel("Amount")
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def plotly_page(truth: Truth) -> str:
    """A page in which Plotly draws."""
    figure = go.Figure()
    for name, values in truth.series.items():
        if truth.mark in ("line", "marked", "scatter"):
            mode = {"line": "lines", "marked": "lines+markers", "scatter": "markers"}[truth.mark]
            figure.add_scatter(x=truth.labels, y=values, name=name, mode=mode)
        elif truth.mark == "lying":
            figure.add_bar(y=truth.labels, x=values, name=name, orientation="h")
        else:
            figure.add_bar(x=truth.labels, y=values, name=name)
    figure.update_layout(width=SIZE[0], height=SIZE[1], showlegend=len(truth.series) > 1)
    return str(figure.to_html(include_plotlyjs=True, config={"staticPlot": True}, div_id="c"))


def echarts_page(truth: Truth, script: Path) -> str:
    """A page in which ECharts draws."""
    kinds = {"numbers": "value", "names": "category", "dates": "time"}
    place: dict[str, Any] = {"type": kinds[truth.across]}
    place |= {"data": truth.labels} if truth.across == "names" else {"scale": True}
    drawn = {"line": "line", "marked": "line", "scatter": "scatter"}.get(truth.mark, "bar")
    series = [
        {
            "type": drawn,
            "name": name,
            "showSymbol": truth.mark == "marked",
            "data": values if truth.across == "names" else list(zip(truth.labels, values, strict=True)),
        }
        for name, values in truth.series.items()
    ]
    ways = ("yAxis", "xAxis") if truth.mark == "lying" else ("xAxis", "yAxis")
    told = {"animation": False, ways[0]: place, ways[1]: {"type": "value"}, "series": series}
    told |= {"legend": {}} if len(truth.series) > 1 else {}
    size = f"width:{SIZE[0]}px;height:{SIZE[1]}px"
    start = f"echarts.init(document.getElementById('c')).setOption({json.dumps(told)})"
    return f'<div id=c style="{size}"></div><script src="{script.as_uri()}"></script><script>{start}</script>'


def in_browser(browser: Browser, html: str, work: Path) -> bytes:
    """What a page shows in its element ``c``."""
    page = browser.new_page(viewport={"width": SIZE[0] + 40, "height": SIZE[1] + 40})
    work.write_text(html, "utf-8")
    page.goto(work.as_uri())
    page.wait_for_timeout(300)
    element = page.query_selector("#c")
    assert element is not None
    drawn = element.screenshot()
    page.close()
    return drawn


@dataclass
class Tally:
    """What came out right."""

    charts: int = 0
    series: int = 0
    matched: int = 0
    values: int = 0
    near: int = 0
    places: int = 0
    exact: int = 0

    def row(self) -> tuple[object, ...]:
        """Its shares."""
        shares = ((self.matched, self.series), (self.near, self.values), (self.exact, self.places))
        return self.charts, *(f"{part / all_:.3f} of {all_}" if all_ else "-" for part, all_ in shares)


def judge(truth: Truth, png: bytes, tally: Tally) -> None:
    """Read a chart and count what is right."""
    tally.charts += 1
    tally.series += len(truth.series)
    data = ChartData.of_description(read_chart(load_picture(png), Reader()))
    found = [one for panel in data.panels for one in panel.series]
    mate = {name: _mate(name, truth, found) for name in truth.series}
    spans = [value for values in truth.series.values() for value in values]
    span = (
        max(spans) - min(0.0, *spans)
        if truth.mark in ("bar", "lying", "grouped")
        else max(spans) - min(spans)
    )
    for name, values in truth.series.items():
        one = mate[name]
        tally.values += len(values)
        tally.places += len(values) if truth.across != "numbers" else 0
        if one is None:
            continue
        place, value = _fields(one)
        if place is None or value is None or len(value.values) != len(values):
            continue
        tally.matched += 1
        pairs = sorted(zip(place.values, value.values, strict=True), key=lambda pair: str(pair[0]))
        wanted = sorted(zip(truth.labels, values, strict=True), key=lambda pair: str(pair[0]))
        if truth.across == "names":
            known = dict(pairs)
            got = [known.get(at) for at, _ in wanted]
            tally.exact += sum(at in known for at, _ in wanted)
        else:
            got = [value for _, value in pairs]
            if truth.across == "dates":
                tally.exact += sum(_same_date(a[0], b[0]) for a, b in zip(pairs, wanted, strict=True))
        near = (
            isinstance(a, int | float) and abs(a - b) <= _NEAR * span
            for a, (_, b) in zip(got, wanted, strict=True)
        )
        tally.near += sum(near)


def _same_date(found: Any, truth: str) -> bool:
    """Whether a date is the truth's, but for a year that no label tells."""
    return found == truth or (str(found).startswith("--") and found[1:] == truth[4:])


def _mate(name: str, truth: Truth, found: list[SeriesData]) -> SeriesData | None:
    if len(truth.series) == 1 and len(found) == 1:
        return found[0]
    named = [one for one in found if one.name == name]
    return named[0] if len(named) == 1 else None


def _fields(one: SeriesData) -> tuple[Field | None, Field | None]:
    """Where its points are, and what they are worth."""
    x, y = one.field("x"), one.field("y")
    lying = one.fields[0].name == "y"
    return (y, x) if lying else (x, y)


def main() -> None:
    """Draw, read, count."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--each", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--npm", type=Path)
    options.add_argument("--out", type=Path, help="Where pictures are kept, to look at.")
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    load = os.getloadavg()[0]
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    script = asked.npm / "echarts/dist/echarts.min.js" if asked.npm else None
    out = asked.out or Path(os.environ.get("TMPDIR", "/tmp")) / "lookalike-data"
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--allow-file-access-from-files"]
        )
        work = out / "page.html"
        tools: dict[str, Callable[[Truth], bytes]] = {
            "Vega-Lite": by_vega,
            "Plotly": lambda truth: in_browser(browser, plotly_page(truth), work),
            "matplotlib": by_matplotlib,
        }
        if script is not None:
            tools["ECharts"] = lambda truth: in_browser(browser, echarts_page(truth, script), work)
        for number, truth in enumerate(truths(asked.each, asked.seed)):
            for tool, draw in tools.items():
                png = draw(truth)
                (out / f"{number:03d}_{tool}_{truth.mark}.png").write_bytes(png)
                judge(truth, png, tallies[tool, truth.mark])
        browser.close()
    rows = [(tool, mark, *tally.row()) for (tool, mark), tally in sorted(tallies.items())]
    whole = Tally(*(sum(getattr(t, name) for t in tallies.values()) for name in Tally.__dataclass_fields__))
    head = ("tool", "mark", "charts", "series matched", "values within 1%", "names and dates exact")
    body = table(head, [*rows, ("all", "", *whole.row())])
    command = f"data --each {asked.each} --seed {asked.seed}" + (" --npm FOLDER" if asked.npm else "")
    conclude("Data of charts", command, load, body, write=asked.write)


if __name__ == "__main__":
    main()
