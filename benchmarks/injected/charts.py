"""Charts described once, by chance, and written out for four tools: matplotlib, Vega-Lite, Plotly, ECharts.

The same description never goes to two tools: each source is one chart.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_SUBJECTS = {
    "Ferry passengers": ("Oslo", "Bergen", "Turku", "Gdynia", "Kiel", "Rostock", "Ystad"),
    "Hours of sunshine": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"),
    "Books lent": ("Poetry", "History", "Travel", "Cooking", "Science", "Comics"),
    "Water level": ("Weir", "Bridge", "Lock", "Mill", "Delta", "Quay"),
    "Energy by source": ("Wind", "Hydro", "Solar", "Gas", "Biomass", "Import"),
    "Bakery sales": ("Rye", "Spelt", "Brioche", "Bagel", "Sourdough", "Ciabatta"),
}
_SERIES = ("North", "South", "Coast", "Inland", "Plan", "Actual", "2023", "2024")
_UNITS = ("thousands", "hours", "per cent", "tonnes", "m", "GWh", "count")
_COLOURS = (
    ("#264653", "#2a9d8f", "#e76f51", "#8338ec"),
    ("#003f5c", "#bc5090", "#ffa600", "#58508d"),
    ("#1b5e20", "#c62828", "#1565c0", "#f9a825"),
    ("#5f0f40", "#0f4c5c", "#e36414", "#9a031e"),
)
_MARKS = (
    "bar",
    "bar",
    "grouped",
    "barh",
    "line",
    "line",
    "lines",
    "lines",
    "points",
    "points",
    "area",
    "pie",
)


@dataclass(frozen=True)
class Chart:
    """What a chart shows.

    Attributes:
        mark: One of ``_MARKS``.
        x: Names, or numbers where the mark is of points or lines.
        series: Values by the series' names.
        wide: Pixels, as ``high``.
        style: Anything else that a tool may do in one of several ways, 0..1 each.
        grid: Whether there are lines across, as ``legend`` where there are several series.
        log: Whether the value axis is logarithmic.
        top: Where the value axis ends; None where the tool chooses.
        dashed: Whether lines are.
        numbers: Whether the value axis' numbers can be seen.
    """

    mark: str
    title: str
    x_label: str
    y_label: str
    x: list[Any]
    series: dict[str, list[float]]
    colours: tuple[str, ...]
    wide: int
    high: int
    style: tuple[float, ...]
    grid: bool = True
    log: bool = False
    legend: bool = True
    top: float | None = None
    dashed: bool = False
    numbers: bool = True

    @property
    def named(self) -> bool:
        """Whether there is more than one series to tell apart."""
        return len(self.series) > 1


def described(chance: random.Random) -> Chart:
    """A chart by chance."""
    mark = chance.choice(_MARKS)
    subject, names = chance.choice(list(_SUBJECTS.items()))
    count = {
        "grouped": chance.randint(2, 3),
        "lines": chance.randint(2, 4),
        "points": chance.randint(1, 3),
    }.get(mark, 1)
    numeric = mark in ("points", "lines", "line", "area") and chance.random() < 0.6
    length = chance.randint(6, 14) if numeric else min(len(names), chance.randint(4, 8))
    low = chance.choice((0, 0, 10, 100)) if mark in ("lines", "line", "points") else 5
    high = low + chance.choice((8, 40, 90, 600))
    series = {
        name: [round(chance.uniform(low, high), chance.choice((0, 1))) for _ in range(length)]
        for name in chance.sample(_SERIES, count)
    }
    x = sorted(chance.sample(range(1, 60), length)) if numeric else list(names[:length])
    return Chart(
        mark,
        subject if chance.random() < 0.85 else "",
        ("Day" if numeric else "Place") if chance.random() < 0.8 else "",
        chance.choice(_UNITS) if chance.random() < 0.8 else "",
        x,
        series,
        chance.choice(_COLOURS),
        chance.choice((520, 600, 640, 720, 800)),
        chance.choice((340, 400, 440, 480)),
        tuple(chance.random() for _ in range(6)),
    )


def matplotlib_code(chart: Chart) -> str:
    """The chart as a matplotlib program, its values written out."""
    dpi = 100
    lines = ["import matplotlib.pyplot as plt", ""]
    if chart.style[0] < 0.35:
        lines.append(f"plt.style.use({_STYLES[int(chart.style[1] * len(_STYLES))]!r})")
    lines.append(f"fig, ax = plt.subplots(figsize=({chart.wide / dpi}, {chart.high / dpi}))")
    lines += _PYPLOT[chart.mark](chart)
    if chart.title:
        lines.append(f"ax.set_title({chart.title!r})")
    if chart.mark != "pie":
        names = (chart.y_label, chart.x_label) if chart.mark == "barh" else (chart.x_label, chart.y_label)
        lines += [f"ax.set_{axis}label({text!r})" for axis, text in zip("xy", names, strict=True) if text]
        if chart.style[2] < 0.4:
            lines.append("ax.grid(True, alpha=0.4)")
    if chart.named:
        lines.append("ax.legend()" if chart.style[3] < 0.7 else "ax.legend(loc='upper left')")
    return "\n".join([*lines, "plt.tight_layout()", ""])


_STYLES = ("ggplot", "bmh", "seaborn-v0_8-whitegrid", "fast", "tableau-colorblind10")


def _bars(chart: Chart) -> list[str]:
    (values,) = chart.series.values()
    name = "barh" if chart.mark == "barh" else "bar"
    return [f"ax.{name}({chart.x!r}, {values!r}, color={chart.colours[0]!r})"]


def _grouped(chart: Chart) -> list[str]:
    wide = round(0.8 / len(chart.series), 2)
    lines = []
    for number, (name, values) in enumerate(chart.series.items()):
        places = [round(place + number * wide, 2) for place in range(len(chart.x))]
        colour = chart.colours[number]
        lines.append(f"ax.bar({places!r}, {values!r}, width={wide}, label={name!r}, color={colour!r})")
    middle = [round(place + wide * (len(chart.series) - 1) / 2, 2) for place in range(len(chart.x))]
    return [*lines, f"ax.set_xticks({middle!r}, {chart.x!r})"]


def _lines(chart: Chart) -> list[str]:
    marker = ", marker='o'" if chart.style[4] < 0.5 else ""
    return [
        f"ax.plot({chart.x!r}, {values!r}{marker}, label={name!r}, color={colour!r})"
        for (name, values), colour in zip(chart.series.items(), chart.colours, strict=False)
    ]


def _points(chart: Chart) -> list[str]:
    size = int(30 + 50 * chart.style[4])
    return [
        f"ax.scatter({chart.x!r}, {values!r}, s={size}, label={name!r}, color={colour!r})"
        for (name, values), colour in zip(chart.series.items(), chart.colours, strict=False)
    ]


def _area(chart: Chart) -> list[str]:
    (values,) = chart.series.values()
    return [
        f"ax.fill_between({chart.x!r}, {values!r}, color={chart.colours[0]!r}, alpha=0.6)",
        "ax.set_ylim(bottom=0)",
    ]


def _pie(chart: Chart) -> list[str]:
    (values,) = chart.series.values()
    percent = ", autopct='%1.0f%%'" if chart.style[4] < 0.5 else ""
    return [f"ax.pie({values!r}, labels={[str(item) for item in chart.x]!r}{percent})"]


_PYPLOT: dict[str, Callable[[Chart], list[str]]] = {
    "bar": _bars,
    "barh": _bars,
    "grouped": _grouped,
    "line": _lines,
    "lines": _lines,
    "points": _points,
    "area": _area,
    "pie": _pie,
}
