"""Points that were missed: beyond the markers that were found, and the bars that were taken for axes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.bars import bridged
from critic.reading.chart.description import Bars
from critic.reading.chart.missed_points import runs_on, with_run_on
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from tests.charts import picture

MARKERS = np.array([[40.0, 20.0], [60.0, 30.0]])


def test_a_line_goes_on_where_its_ink_does() -> None:
    mask = np.zeros((50, 100), bool)
    mask[20, 36:65] = True
    assert not runs_on(MARKERS, mask, 6)
    mask[20, 10:40] = True
    assert runs_on(MARKERS, mask, 6)


def test_the_bends_of_one_marker_are_one_point() -> None:
    bends = np.array([[8.0, 10.0], [10.0, 11.0], [12.0, 12.0], [41.0, 20.0], [90.0, 5.0]])
    every = with_run_on(MARKERS, bends, 6)
    assert every.tolist() == [[10.0, 11.0], [40.0, 20.0], [60.0, 30.0], [90.0, 5.0]]


def test_dark_bars_are_no_face() -> None:
    """As ECharts draws them: lines across only, and the tallest part of a stack nearly grey."""
    first, second = [30.0, 40.0, 25.0], [40.0, 60.0, 35.0]

    def draw(ax: Axes) -> None:
        ax.bar(["Q1 2023", "Q2 2023", "Q3 2023"], first, width=0.6, color="#5070dd")
        ax.bar(["Q1 2023", "Q2 2023", "Q3 2023"], second, width=0.6, bottom=first, color="#505372")
        ax.set_ylim(0, 110)
        ax.grid(axis="y", color="#e0e6f1")
        ax.set_axisbelow(True)
        ax.tick_params(length=0)
        ax.spines[["left", "top", "right"]].set_visible(False)
        ax.spines["bottom"].set_color("#54555a")

    (axes,) = read_chart(picture(draw, (6, 4)), Reader()).axes
    values = {mark.colour: mark.values for mark in axes.series if isinstance(mark, Bars)}
    assert values["#5070dd"] == pytest.approx(first, abs=1)
    assert values["#505372"] == pytest.approx(second, abs=1)


def _area(stroke: bool) -> tuple[Plot, np.ndarray]:
    """Two bars, with a line across both that goes on between them, or a thin part of a stack in each."""
    pixels = np.full((60, 80, 3), 255, np.uint8)
    for left in (10, 50):
        pixels[10:60, left : left + 20] = (84, 112, 198)
    pixels[30:33, 5:75] = (238, 102, 102)
    if not stroke:
        pixels[30:33, [*range(5, 10), *range(30, 50), *range(70, 75)]] = 255
    unit = Mapping(1.0, 0.0)
    hidden = np.zeros((60, 80), bool)
    plot = Plot(pixels, hidden, unit, unit, 0, 0, np.array([255, 255, 255]), 100.0)
    return plot, (pixels == (84, 112, 198)).all(axis=2)


def test_bars_go_on_under_a_line_but_not_under_a_part_of_their_stack() -> None:
    plot, mask = _area(stroke=True)
    whole = bridged(plot, mask)
    assert whole is not None
    assert whole[10:60, 10:30].all()
    assert not whole[:, 30:50].any()
    assert bridged(*_area(stroke=False)) is None
