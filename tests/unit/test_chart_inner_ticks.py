"""Tick marks that point into the axes are ticks, and no data."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Bars, Line
from tests.charts import picture


def _as_gnuplot(ax: Axes) -> None:
    ax.plot([0, 2, 4, 6, 8], [2.5, 4.0, 3.5, 6.0, 7.5], color="#9400d3")
    ax.set(xlim=(-0.5, 8.5), ylim=(1, 9))
    ax.minorticks_on()
    ax.tick_params(direction="in", which="both", top=True, right=True)
    ax.tick_params(length=6)
    ax.tick_params(which="minor", length=3)


def test_they_are_ticks_and_no_data() -> None:
    (axes,) = read_chart(picture(_as_gnuplot, (6, 4)), Reader()).axes
    assert [tick.value for tick in axes.x.ticks] == list(range(9))
    (line,) = axes.series
    assert isinstance(line, Line)
    assert line.colour == "#9400d3"
    assert (line.x[0], line.x[-1]) == pytest.approx((0, 8), abs=0.05)


def _as_histogram(ax: Axes) -> None:
    for at, (heights, colour) in enumerate((((23, 28, 35), "#a52adc"), ((31, 26, 30), "#33b28f"))):
        places = [k + 0.3 * at - 0.15 for k in range(3)]
        ax.bar(places, heights, 0.3, color=colour, edgecolor="black", linewidth=1)
    ax.set(xlim=(-1, 3), ylim=(0, 40), xticks=range(3))
    ax.set_xticklabels(["Q1", "Q2", "Q3"])
    ax.tick_params(axis="y", direction="in", right=True, length=6)
    ax.tick_params(axis="x", length=0)


def test_labels_at_the_corners_have_ticks_and_edges_of_bars_are_no_grid() -> None:
    (axes,) = read_chart(picture(_as_histogram, (6, 4)), Reader()).axes
    assert sorted(tick.value for tick in axes.y.ticks) == list(range(0, 45, 5))
    assert [tick.label for tick in axes.x.ticks] == ["Q1", "Q2", "Q3"]
    assert axes.grid is None
    assert {mark.colour for mark in axes.series if isinstance(mark, Bars)} == {"#a52adc", "#33b28f"}
