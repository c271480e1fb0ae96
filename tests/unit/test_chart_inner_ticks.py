"""Tick marks that point into the axes are ticks, and no data."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Line
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
