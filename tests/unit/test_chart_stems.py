"""Stem plots are read as such, written as such, and compared stem by stem."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from agent.generators.embedded.chart.code import write
from critic.pixel.chart import compare
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Stems
from critic.types import Cause
from tests.charts import picture

_N = np.arange(15)
_X = 0.9**_N * np.cos(0.8 * _N)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_stems_up_and_down_are_one_series_with_its_base(reader: Reader) -> None:
    chart = read_chart(picture(lambda ax: ax.stem(_N, _X)), reader)
    (stems,) = chart.axes[0].series
    assert isinstance(stems, Stems)
    assert stems.x == pytest.approx(_N, abs=0.06) and stems.y == pytest.approx(_X, abs=0.02)
    assert (stems.base, stems.base_colour, stems.colour) == (0.0, "#d62728", "#1f77b4")
    assert "ax.stem(" in write(chart) and "linefmt" not in write(chart)


def test_stems_of_another_colour_from_another_base_without_a_line(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.stem(_N, 3 + _X, linefmt="tab:green", basefmt=" ", bottom=1)

    chart = read_chart(picture(draw), reader)
    (stems,) = chart.axes[0].series
    assert isinstance(stems, Stems)
    assert stems.base == pytest.approx(1, abs=0.04) and not stems.base_colour
    assert 'linefmt="tab:green"' in write(chart) and 'basefmt=" "' in write(chart)


def test_a_stem_of_another_height_is_named(reader: Reader) -> None:
    other = _X.copy()
    other[7] -= 0.3
    found = compare(picture(lambda ax: ax.stem(_N, _X)), picture(lambda ax: ax.stem(_N, other)), reader)
    assert [item.category for item in found] == ["data_error"]
    assert found[0].element is not None
    assert (found[0].cause, found[0].element.own) == (Cause.VALUE, "stem 8")


def test_error_bars_around_points_stay_error_bars(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.errorbar(_N[:8], _X[:8], yerr=0.3, fmt="o")

    series = read_chart(picture(draw), reader).axes[0].series
    assert {item.type for item in series} == {"errors", "line"}
