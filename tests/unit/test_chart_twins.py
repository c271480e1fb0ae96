"""A second scale at the right of axes, and the marks that are measured on it."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded.chart.code import write
from critic.marks.twin import Twin
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes, Bars, Chart, Line
from critic.reading.chart.tick_format import format_of
from tests.charts import picture

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May"]
RAIN, WARMTH = (30.0, 45.0, 60.0, 52.0, 38.0), (4.0, 7.0, 12.0, 16.0, 21.0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _bars_and_a_line(ax: PlotAxes) -> None:
    ax.bar(MONTHS, RAIN, color="#5470c6")
    ax.set_ylabel("Rain (mm)")
    other = ax.twinx()
    other.plot(MONTHS, WARMTH, color="#ee6666", marker="o")
    other.set_ylabel("Warmth (°)")
    other.set_ylim(0, 25)


def _two_lines(ax: PlotAxes) -> None:
    """Only the colour of its labels says which line is measured on the right."""
    ax.plot(range(1, 6), RAIN, color="blue")
    other = ax.twinx()
    other.plot(range(1, 6), WARMTH, color="red", linestyle="--")
    other.tick_params(axis="y", colors="red")
    other.set_ylim(0, 25)


def _parted(chart: Chart) -> tuple[Axes, Axes]:
    base, twin = chart.axes
    assert isinstance(twin.projection, Twin)
    assert base.box == twin.box
    return base, twin


def test_a_line_over_bars_has_the_scale_on_the_right(reader: Reader) -> None:
    chart = read_chart(picture(_bars_and_a_line, (6, 4)), reader)
    base, twin = _parted(chart)
    (bars,), (line,) = base.series, twin.series
    assert isinstance(bars, Bars)
    assert bars.values == pytest.approx(RAIN, abs=0.5)
    assert isinstance(line, Line)
    assert line.y == pytest.approx(WARMTH, abs=0.2)
    assert twin.y_label is not None
    assert twin.y_label.text.startswith("Warmth")
    code = write(chart)
    assert "ax2 = ax1.twinx()" in code
    assert not chart.texts, "no label of the scale is loose"


def test_colours_tell_which_of_two_lines_it_is(reader: Reader) -> None:
    base, twin = _parted(read_chart(picture(_two_lines, (6, 4)), reader))
    assert [mark.palette[0] for mark in base.series] == ["#0000ff"]
    assert [mark.palette[0] for mark in twin.series] == ["#ff0000"]


def test_the_same_scale_twice_makes_no_twin(reader: Reader) -> None:
    def mirrored(ax: PlotAxes) -> None:
        ax.plot(range(1, 6), RAIN)
        ax.plot(range(1, 6), WARMTH)
        ax.tick_params(axis="y", right=True, labelright=True)

    assert len(read_chart(picture(mirrored, (6, 4)), reader).axes) == 1


@pytest.mark.parametrize(
    ("labels", "unit"),
    [(["0 ml", "30 ml", "60 ml"], "ml"), (["1 Jan", "2 Jan", "3 Jan"], ""), (["5 kg", "6 lb", "7 kg"], "")],
)
def test_what_all_numbers_have_behind_them_is_a_unit(labels: list[str], unit: str) -> None:
    assert format_of(labels).behind == unit
