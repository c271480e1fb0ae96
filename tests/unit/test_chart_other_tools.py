"""What other tools draw otherwise than matplotlib: turned names, names between lines, legends of swatches."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes as Read
from critic.reading.chart.description import Bars, Line
from tests.charts import picture

NAMES = ["Jan", "Feb", "Mar", "Apr"]
FIRST, SECOND = (5.0, 7.0, 4.0, 6.0), (3.0, 2.0, 5.0, 4.0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _bare(ax: Axes) -> None:
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_axisbelow(True)


def _vega(ax: Axes) -> None:
    """Stacked bars of nine tenths of their step over pale lines, with their names turned."""
    ax.bar(NAMES, FIRST, width=0.9, color="#4c78a8")
    ax.bar(NAMES, SECOND, width=0.9, bottom=FIRST, color="#f58518")
    ax.grid(axis="y", color="#dddddd")
    _bare(ax)
    ax.spines[["left", "bottom"]].set_visible(True)
    ax.spines[:].set_color("#888888")
    ax.tick_params(axis="x", rotation=90, length=4, color="#888888")


def _chartjs(ax: Axes) -> None:
    """Bars with lines halfway between their names, and swatches in a row above."""
    ax.bar(NAMES, FIRST, color="#4e79a7")
    ax.bar(NAMES, SECOND, bottom=FIRST, color="#f28e2b")
    ax.set_xlim(-0.5, 3.5)
    ax.set_xticks([-0.5, 0.5, 1.5, 2.5, 3.5], minor=True)
    ax.grid(axis="y", color="#e5e5e5")
    ax.grid(axis="x", which="minor", color="#e5e5e5")
    _bare(ax)
    ax.spines[["left", "bottom"]].set_visible(True)
    ax.spines[:].set_color("#cecece")
    ax.tick_params(which="minor", length=0)
    handles = [Patch(color="#4e79a7", label="North"), Patch(color="#f28e2b", label="South")]
    ax.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)


@pytest.fixture(scope="module", params=[_vega, _chartjs], ids=["Vega", "Chart.js"])
def axes(request: pytest.FixtureRequest, reader: Reader) -> Read:
    (found,) = read_chart(picture(request.param, (6, 4)), reader).axes
    return found


def test_names_are_tick_labels(axes: Read) -> None:
    assert [tick.label for tick in axes.x.ticks] == NAMES


def test_bars_are_whole_and_nothing_else_is_drawn(axes: Read) -> None:
    assert not [mark for mark in axes.series if isinstance(mark, Line)]
    bars = (mark for mark in axes.series if isinstance(mark, Bars))
    low, high = sorted(bars, key=lambda mark: sum(mark.bases))
    assert low.values == pytest.approx(FIRST, abs=0.1)
    assert high.values == pytest.approx(SECOND, abs=0.15)


def test_pale_lines_behind_bars_are_a_grid(axes: Read) -> None:
    assert axes.grid is not None
    assert axes.grid.y


def test_a_row_of_swatches_is_a_legend_and_no_title(reader: Reader) -> None:
    (found,) = read_chart(picture(_chartjs, (6, 4)), reader).axes
    assert [entry.text for legend in found.legends for entry in legend.entries] == ["North", "South"]
    assert found.title is None
    assert {mark.label for mark in found.series} == {"North", "South"}


SHADES = ((255, 99, 132), (54, 162, 235), (75, 192, 192), (255, 206, 86))


def _translucent(ax: Axes) -> None:
    """Chart.js's own example: each bar in a fifth of its outline's colour, the grid showing through."""
    for at, (value, shade) in enumerate(zip(FIRST, SHADES, strict=True)):
        full = tuple(level / 255 for level in shade)
        ax.bar(at, value, width=0.7, color=(*full, 0.2), edgecolor=full, linewidth=0.72)
    ax.set_xticks(range(4), NAMES)
    ax.set_yticks(range(9))
    ax.set_ylim(0, 8)
    ax.grid(axis="y", color="#e5e5e5")
    _bare(ax)


def test_bars_are_whole_where_the_grid_shows_through(reader: Reader) -> None:
    (axes,) = read_chart(picture(_translucent, (6, 4)), reader).axes
    bars = sorted((mark for mark in axes.series if isinstance(mark, Bars)), key=lambda mark: mark.positions)
    assert [len(mark.values) for mark in bars] == [1, 1, 1, 1] and len(axes.series) == 4
    assert [mark.values[0] for mark in bars] == pytest.approx(FIRST, abs=0.06)
    assert all(mark.edge for mark in bars) and len({mark.colour for mark in bars}) == 4
