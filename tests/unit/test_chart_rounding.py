"""Numbers of chart code as people have them: round, few, and written once; never where it would be seen."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.rounding import rounded, rounded_to
from agent.generators.embedded.types import Bench
from critic.marks.geometry import bends
from critic.reading import Reader
from critic.reading.chart.description import Axes, Bars, Chart, Line, LinearScale, LogScale, Text
from critic.reading.chart.numbers import rounded_alike
from critic.types import Box
from renderers.types import Render, RenderStatus

BOX = Box(80, 40, 580, 440)


def chart(*series, x=None, y=None, **axes) -> Chart:
    x, y = x or LinearScale(low=1990, high=2020), y or LinearScale(low=0, high=100)
    return Chart(width=640, height=480, axes=(Axes(box=BOX, x=x, y=y, series=series, **axes),))


def line(x, y, **others) -> Line:
    return Line(colour="#1f77b4", x=tuple(x), y=tuple(y), **others)


def test_values_are_as_round_as_most_of_their_kind():
    assert rounded_alike((12.1, 24.9, 31.04, 55.06), 0.17) == (12, 25, 31, 55)
    assert rounded_alike((102.0, 198.0, 305.0), 3.0) == (102, 198, 305)  # not 100, 200, 305
    assert rounded_alike((100.3, 200.2, 299.8, 400.1, 55.2), 0.5) == (100, 200, 300, 400, 55)
    assert rounded_alike((), 1.0) == ()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(1e-3, 1e3))
def test_no_value_is_further_off_than_allowed(values, slack):
    assert np.abs(np.array(rounded_alike(values, slack)) - values).max() <= slack * (1 + 1e-6)


def test_a_followed_stroke_keeps_only_its_bends_and_a_marked_one_all_points():
    x, y = np.linspace(1990, 2020, 31), np.interp(np.linspace(0, 30, 31), [0, 10, 30], [10, 60, 20])
    noise = 0.1 * np.sin(np.arange(31))  # under half a pixel
    (found,) = rounded_to(chart(line(x, y + noise)), 1.0).axes[0].series
    assert (found.x, found.y) == ((1990, 2000, 2020), (10, 60, 20))
    (marked,) = rounded_to(chart(line(x, y + noise, marker="o")), 1.0).axes[0].series
    assert len(marked.x) == 31 and not bends(np.array([[0.0, 0], [1, 0.4], [2, 0]]), 0.5)[1]


def test_a_line_that_was_read_twice_is_one():
    course = line((1990, 2000, 2020), (10, 60, 20), label="Wind")
    again = line((1990, 1995, 2000, 2010, 2020), (10, 35.2, 60, 40, 20), label="Wind")
    near = line((1990, 2000, 2020), (12, 62, 22), label="Wind")  # eight pixels above
    other = course.model_copy(update={"colour": "#ff7f0e"})
    kept = rounded_to(chart(course, again, near, other), 1.0).axes[0].series
    assert [(mark.y, mark.colour) for mark in kept] == [
        ((10, 60, 20), "#1f77b4"),
        ((12, 62, 22), "#1f77b4"),
        ((10, 60, 20), "#ff7f0e"),
    ]


def test_on_a_logarithmic_axis_each_value_has_its_own_pixel():
    scale = LogScale(low=1, high=1e4)
    (found,) = (
        rounded_to(chart(line((1990, 2000, 2010), (9.96, 101, 1003), marker="o"), y=scale), 1.0)
        .axes[0]
        .series
    )
    assert found.y == (10, 100, 1000)


def test_what_is_printed_stays_as_it_is_printed():
    said = Bars(
        colour="#1f77b4", positions=(0.003, 1.0), widths=(0.8, 0.8), values=(30.04, 60.1), bases=(0, 0)
    )
    told = said.model_copy(update={"labelled": (Text(text="30.04", box=BOX),)})
    assert rounded_to(chart(said, x=LinearScale(low=-0.5, high=1.5)), 1.0).axes[0].series[0].values == (
        30,
        60,
    )
    kept = rounded_to(chart(told, x=LinearScale(low=-0.5, high=1.5)), 1.0).axes[0].series[0]
    assert (kept.positions, kept.values) == ((0, 1), (30.04, 60.1))


def test_series_over_the_same_points_are_one_table():
    years = (1990, 2000, 2010)
    code = write(
        chart(
            line(years, (1, 2, 3), label="Coal", marker="o"),
            line(years, (4, 5, 6), label="Coal", marker="s"),
            line((1990, 2001, 2020), (7, 8, 9)),
            x_label=Text(text="Year", box=BOX),
        )
    )
    namespace: dict[str, object] = {}
    exec(
        code.partition("ax.plot")[0].partition("data = ")[1]
        + code.partition("data = ")[2].partition("}")[0]
        + "}",
        namespace,
    )
    assert namespace["data"] == {"Year": list(years), "Coal": [1, 2, 3], "Coal 2": [4, 5, 6]}
    assert 'ax.plot(data["Year"], data["Coal"]' in code and 'ax.plot(data["Year"], data["Coal 2"]' in code
    assert code.count("[1990, 2000, 2010]") == 1 and "[1990, 2001, 2020]" in code
    assert "data" not in write(chart(line(years, (1, 2, 3))))


@pytest.mark.parametrize(("differs", "kept"), [(0, True), (60, False)])
def test_roundness_is_not_bought_with_likeness(differs: int, kept: bool):
    read = chart(line((1990.1, 2000.04, 2009.93), (10.1, 60.1, 20.1), marker="o"))
    reference = np.full((480, 640, 3), 255, np.uint8)
    round_code = write(rounded_to(read, 1.0))

    async def probe(code: str) -> Render:
        image = reference.copy()
        if code == round_code:
            image[: 2 * differs : 2] = 0
        return Render(RenderStatus.OK, image=image)

    found = asyncio.run(rounded(read, reference, Bench(Reader(), probe)))
    assert (write(found) == round_code) is kept
