"""Legends without a box among the data, marks of two lengths, lines of a pixel, bars beyond the last line."""

from __future__ import annotations

import cairosvg
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from agent.generators.embedded.chart.code import write
from critic.marks.line import Line
from critic.reading import Reader
from critic.reading.chart import Chart, read_chart
from critic.reading.chart.description import Bars
from critic.reading.chart.layers import split_layers
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from renderers.pictures import load_picture
from tests.charts import picture

PURPLE, GREEN = "#9400d3", "#009e73"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _lines(chart: Chart) -> list[Line]:
    return [mark for axes in chart.axes for mark in axes.series if isinstance(mark, Line)]


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_names_with_handles_among_the_data_are_a_legend(reader: Reader, first: bool) -> None:
    def draw(ax: Axes) -> None:
        ax.plot([1, 2, 3, 4], [2, 3, 5, 4], color=PURPLE)
        ax.plot([1, 2, 3, 4], [4, 1, 2, 6], color=GREEN)
        ax.set_ylim(0, 12)
        handles = [Line2D([], [], color=PURPLE, label="second"), Line2D([], [], color=GREEN, label="third")]
        ax.legend(handles=handles, frameon=False, loc="upper right", markerfirst=first)

    chart = read_chart(picture(draw, (6, 4)), reader)
    (legend,) = chart.axes[0].legends
    assert [(entry.text, entry.colour) for entry in legend.entries] == [("second", PURPLE), ("third", GREEN)]
    assert legend.marker_first is first
    assert ("markerfirst=False" in write(chart)) is not first
    assert sorted(line.label for line in _lines(chart)) == ["second", "third"]


def test_a_key_behind_its_name_is_no_bar(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.bar(range(1, 6), [2, 4, 3, 6, 5], 0.7, color="#bf66e5", label="count")
        ax.set_ylim(0, 10)
        ax.legend(frameon=False, loc="upper right", markerfirst=False)

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert [len(mark.values) for mark in axes.series if isinstance(mark, Bars)] == [5]


def test_the_longer_of_two_kinds_of_marks_carry_the_labels(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.plot([1, 2, 3, 4, 5], [6, 7, 2, 4, 5], color="#4682b4")
        ax.set_xlim(0.8, 5.2)
        ax.set_xticks([1, 2, 3, 4, 5])
        ax.tick_params(axis="both", length=5)
        ax.set_xticks(np.arange(0.8, 5.3, 0.2), minor=True)
        ax.tick_params(axis="x", which="minor", length=3.6)
        ax.grid(color="#e5e5e5")

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert [tick.label for tick in axes.x.ticks] == ["1", "2", "3", "4", "5"]
    assert axes.x.minor


def test_blends_that_a_line_of_a_pixel_is_drawn_in_are_no_colours() -> None:
    """As gnuplot draws it: cairo blends a line of one pixel wherever it is not level."""
    full = np.array([0, 158, 115])
    knots = [(20, 100), (120, 40), (220, 80), (320, 20), (420, 90), (520, 30)]
    discs = "".join(f'<circle cx="{x}.5" cy="{y}.5" r="2.7"/>' for x, y in knots)
    path = " ".join(f"{x}.5,{y}.5" for x, y in knots)
    svg = f'''<svg xmlns="http://www.w3.org/2000/svg" width="540" height="120">
        <rect width="540" height="120" fill="#fff"/><g fill="{GREEN}">{discs}</g>
        <polyline points="{path}" fill="none" stroke="{GREEN}"/></svg>'''
    pixels = load_picture(cairosvg.svg2png(bytestring=svg.encode()))
    hidden = np.zeros(pixels.shape[:2], bool)
    plot = Plot(pixels, hidden, Mapping(1, 0), Mapping(-1, 0), 0, 0, np.array([255, 255, 255]), 100)
    ((colour, _),) = split_layers(plot)
    assert colour.tolist() == full.tolist()


def test_a_lying_bar_beyond_the_last_line_is_whole(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.barh(["Ant", "Bee", "Cat", "Dog"], [4, 7, 3, 6], color="#1f77b4")
        ax.set_xlim(0, 7.4)
        ax.set_xticks([0, 2, 4, 6])
        ax.grid(axis="x", color="#eeeeee")
        ax.set_axisbelow(True)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    (bars,) = (mark for mark in axes.series if isinstance(mark, Bars))
    assert list(bars.values) == pytest.approx([6, 3, 7, 4], abs=0.1)
