"""A chart's data, opened by the libraries that people open it with."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import plotly.io
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from agent.data import delimited, plotly_json, spreadsheet, structured, vega_lite
from agent.data.chart import ChartData
from agent.data.dates import NamedDates
from agent.data.finished import Finished
from agent.data.frame import frame_of
from critic.marks.boxes import Boxes
from critic.marks.candles import Candles
from critic.marks.known import MARKS
from critic.marks.radar import Radar
from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    CategoryScale,
    Chart,
    Entry,
    ErrorBars,
    Grid2D,
    Legend,
    Line,
    LinearScale,
    LogScale,
    Points,
    Ring,
    Stems,
    Steps,
    Text,
    Tick,
)
from critic.types import Box
from renderers.types import Kind, Language

BOX = Box(80, 40, 580, 440)
BLUE = "#1f77b4"


def names(*labels: str) -> CategoryScale:
    ticks = tuple(Tick(pixel=0, value=float(i), label=label) for i, label in enumerate(labels))
    return CategoryScale(low=-0.5, high=len(labels) - 0.5, ticks=ticks)


def finished(*series: Any, x: Any = None, y: Any = None, **axes: Any) -> Finished:
    x, y = x or LinearScale(low=0, high=10), y or LinearScale(low=0, high=100)
    chart = Chart(width=640, height=480, axes=(Axes(box=BOX, x=x, y=y, series=series, **axes),))
    notes = {"chart": chart.model_dump(mode="json")}
    return Finished(Path("run"), "a.png", Kind.CHART, Language.PYTHON, "", notes)


def rows(data: Finished) -> pandas.DataFrame:
    return pandas.read_csv(io.StringIO(delimited.write(data)))


BARS = Bars(
    colour=BLUE, positions=(0, 1), widths=(0.8, 0.8), values=(30.04, 59.93), bases=(0, 0), label="North"
)
OF_EACH_MARK = {
    "bars": BARS,
    "steps": Steps(colour=BLUE, edges=(0, 1, 2), values=(30, 60)),
    "errors": ErrorBars(colour=BLUE, x=(1, 2), y=(30, 60), low=(20, 50), high=(40, 80)),
    "points": Points(colours=(BLUE,), x=(1, 2, 3), y=(10, 20, 30), sizes=(36, 36, 36)),
    "line": Line(colour=BLUE, x=(1, 2, 3), y=(10, 20, 60)),
    "stems": Stems(colour=BLUE, x=(1, 2), y=(30, 60)),
    "area": Area(colour=BLUE, x=(1, 2), low=(0, 0), high=(30, 60)),
    "radar": Radar(colour=BLUE, values=(10, 20, 30)),
    "candles": Candles(
        rising="#00aa00",
        falling="#aa0000",
        up=(True, False),
        positions=(1, 2),
        width=0.5,
        opens=(20, 30),
        highs=(40, 35),
        lows=(10, 5),
        closes=(30, 20),
    ),
    "boxes": Boxes(
        colour="#000000",
        positions=(1, 2),
        width=0.5,
        q1=(20, 30),
        medians=(30, 40),
        q3=(40, 50),
        lows=(10, 20),
        highs=(50, 60),
    ),
    "ring": Ring(centre=(330, 240), radius=100, fractions=(0.25, 0.75), colours=(BLUE, "#ff7f0e")),
    "heatmap": Grid2D(values=((1, 2), (3, 4)), colours=((BLUE, BLUE), (BLUE, BLUE)), high=4),
}


def test_every_mark_that_is_data_is_tried_here():
    assert set(MARKS.names) - set(OF_EACH_MARK) == {"shape", "colourbar"}


@pytest.mark.parametrize("mark", OF_EACH_MARK.values(), ids=OF_EACH_MARK)
def test_each_mark_is_drawn_by_vega_lite_and_by_plotly(mark):
    data = finished(mark)
    svg = vl_convert.vegalite_to_svg(vega_lite.write(data), vl_version="5.20")
    assert svg.count("aria-roledescription") >= 2  # axes, or wedges
    figure = plotly.io.from_json(plotly_json.write(data))
    assert len(figure.data) == 1
    assert len(rows(data)) == len(json.loads(structured.write(data))["panels"][0]["series"][0]["points"])


def test_bars_by_name_as_exactly_as_pixels_tell():
    south = BARS.model_copy(update={"label": "South", "positions": (0.4, 1.4), "values": (20.0, 80.02)})
    found = rows(finished(south, BARS, x=names("Alpha", "Beta")))
    assert found[["series", "x", "y"]].values.tolist() == [
        ["North", "Alpha", 30],
        ["North", "Beta", 60],
        ["South", "Alpha", 20],
        ["South", "Beta", 80],
    ]
    assert found["y_uncertainty"].tolist() == [0.25] * 4  # 100 in 400 pixels


def test_lying_bars_are_named_up_the_side():
    found = rows(
        finished(
            BARS.model_copy(update={"horizontal": True}), x=LinearScale(low=0, high=100), y=names("a", "b")
        )
    )
    assert found[["y", "x"]].values.tolist() == [["a", 30], ["b", 60]]


def test_round_numbers_are_taken_where_they_are_within_a_pixel():
    line = Line(colour=BLUE, x=(1989.98, 2000.03, 2010.2), y=(10.02, 60, 35.5), marker="o")
    found = rows(finished(line, x=LinearScale(low=1990, high=2020), y=LinearScale(low=0, high=100)))
    assert found["x"].tolist() == [1990, 2000, 2010.2] and found["y"].tolist() == [10, 60, 35.5]


def test_uncertainty_grows_with_the_value_on_a_logarithmic_axis():
    line = Line(colour=BLUE, x=(1, 2), y=(10, 1000), marker="o")
    low, high = rows(finished(line, y=LogScale(low=1, high=10_000)))["y_uncertainty"]
    assert high == pytest.approx(100 * low, rel=0.02)


def test_points_on_a_straight_stroke_are_left_out_and_markers_are_not():
    x = tuple(np.linspace(0, 10, 11))
    straight = Line(colour=BLUE, x=x, y=tuple(5 * v if v < 5 else 50 - 5 * v for v in x))
    assert rows(finished(straight))["x"].tolist() == [0, 5, 10]
    assert len(rows(finished(straight.model_copy(update={"marker": "o"})))) == 11


def test_wedges_are_named_by_the_legend_or_by_the_text_beside():
    ring = OF_EACH_MARK["ring"]
    entries = (
        Entry(text="Oats", handle="patch", colour=BLUE),
        Entry(text="Rye", handle="patch", colour="#ff7f0e"),
    )
    by_legend = finished(ring, legends=(Legend(box=BOX, entries=entries),))
    assert rows(by_legend)[["name", "share"]].values.tolist() == [["Oats", 0.25], ["Rye", 0.75]]
    texts = (
        Text(text="Oats", box=Box(410, 150, 440, 160)),
        Text(text="25%", box=Box(380, 170, 400, 180)),
        Text(text="Rye", box=Box(230, 320, 250, 330)),
    )
    assert rows(finished(ring, texts=texts))["name"].tolist() == ["Oats", "Rye"]


def test_dates_are_dates():
    scale = names("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01")
    data = finished(Line(colour=BLUE, x=(0, 1.006, 2, 3), y=(1, 5, 2, 9), marker="o"), x=scale)
    assert rows(data)["x"].tolist() == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    assert str(frame_of(data)["x"].dtype).startswith("datetime64")
    assert vega_lite.specification(data.chart)["layer"][0]["encoding"]["x"]["type"] == "temporal"


def test_names_that_are_no_dates_make_no_scale():
    assert NamedDates.of([0, 1], ["Mon", "Tue"]) is None
    assert NamedDates.of([0, 1, 2], ["2024-01-01", "2024-01-02", "2029-01-01"]) is None  # not even
    assert NamedDates.of([0], ["2024-01-01"]) is None


@settings(max_examples=25, deadline=None)
@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)), st.integers(1, 60), st.integers(2, 6))
def test_dates_between_labels_are_found_to_the_day(first, step, count):
    days = pandas.date_range(first, periods=count, freq=f"{step}D")
    scale = NamedDates.of([float(i) for i in range(count)], [f"{day:%Y-%m-%d}" for day in days])
    assert scale is not None
    assert [scale.at(float(i), 0.001) for i in range(count)] == [f"{day:%Y-%m-%d}" for day in days]


def test_xlsx_is_a_row_a_point():
    sheet = load_workbook(io.BytesIO(spreadsheet.write(finished(BARS, x=names("Alpha", "=Beta"))))).active
    assert [cell.value for cell in sheet[1]] == ["series", "x", "y", "y_uncertainty"]
    assert [cell.value for cell in sheet[3]][:3] == ["North", "=Beta", 60] and sheet["B3"].data_type == "s"


def test_panels_are_told_apart():
    one = finished(BARS).notes["chart"]
    chart = Chart.model_validate({**one, "axes": one["axes"] * 2})
    heads, found = ChartData.of_description(chart).rows()
    assert heads[0] == "panel" and [row[0] for row in found] == [1, 1, 2, 2]
    figure = plotly.io.from_json(json.dumps(plotly_json.figure(ChartData.of_description(chart))))
    assert figure.data[1].xaxis == "x2"
    assert vl_convert.vegalite_to_svg(vega_lite.specification(ChartData.of_description(chart)))
