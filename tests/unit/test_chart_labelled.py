"""Axes that show neither a frame nor a grid both ways, as many tools draw them."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from matplotlib.axes import Axes

from critic.pixel import PixelCritic
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Bars, Chart, Line, Ring
from critic.types import Cause, Element
from renderers.types import Image, Kind
from tests.charts import picture

HEIGHTS = (12.0, 20.0, 15.0, 7.0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _read(reader: Reader, *, spines: tuple[str, ...], grid: bool, marks: int = 0) -> Chart:
    return read_chart(_drawn(spines=spines, grid=grid, marks=marks), reader)


def _drawn(*, spines: tuple[str, ...], grid: bool, marks: int = 0) -> Image:
    def draw(ax: Axes) -> None:
        ax.bar(["Mon", "Tue", "Wed", "Thu"], HEIGHTS, color="#5070dd", zorder=2)
        for side in ("left", "right", "top", "bottom"):
            ax.spines[side].set_visible(side in spines)
        ax.spines["bottom"].set_color("#54555a")
        ax.tick_params(length=marks)
        if grid:
            ax.grid(axis="y", color="#ebebeb")

    return picture(draw, (6, 4))


@pytest.mark.parametrize(
    ("spines", "grid", "marks"),
    [(("bottom",), True, 0), ((), True, 0), (("bottom",), False, 0), (("bottom",), True, 4)],
    ids=["base and lines", "lines", "base", "base, lines and marks"],
)
def test_labels_and_lines_are_axes(reader: Reader, spines: tuple[str, ...], grid: bool, marks: int) -> None:
    (axes,) = _read(reader, spines=spines, grid=grid, marks=marks).axes
    assert [tick.label for tick in axes.x.ticks] == ["Mon", "Tue", "Wed", "Thu"]
    assert {5.0, 10.0, 15.0, 20.0} <= {tick.value for tick in axes.y.ticks}
    (bars,) = (series for series in axes.series if isinstance(series, Bars))
    assert bars.values == pytest.approx(HEIGHTS, abs=0.15)
    assert axes.frame == (False, False, False, "bottom" in spines)
    assert (axes.grid is not None and axes.grid.y and not axes.grid.x) == grid


def test_columns_and_rows_of_texts_alone_are_none(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.axis("off")
        for row, name in enumerate(("alpha", "beta", "gamma", "delta")):
            ax.text(0.2, 0.9 - 0.2 * row, name, ha="right")
        for column, name in enumerate(("one", "two", "three")):
            ax.text(0.3 + 0.2 * column, 0.1, name)

    assert not read_chart(picture(draw, (6, 4)), reader).axes


def test_blocks_without_labels_are_no_pies(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.axis("off")
        ax.bar([0, 1, 3], [4, 5, 4.5], width=1, color=["#1f77b4", "#ff7f0e", "#2ca02c"])

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert axes.loose and not any(isinstance(series, Ring) for series in axes.series)


def test_a_pie_beside_its_legend_stays_a_pie(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        wedges = ax.pie([5, 3, 2], colors=["#1f77b4", "#ff7f0e", "#2ca02c"])[0]
        ax.legend(wedges, ["first", "second", "third"], loc="center left", bbox_to_anchor=(1, 0.5))

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert isinstance(axes.series[0], Ring)


def test_a_drawing_that_no_reading_names_is_missed(reader: Reader) -> None:
    def blocks(ax: Axes) -> None:
        ax.axis("off")
        ax.set_title("Blocks")
        ax.bar([0, 1, 3], [4, 5, 4.5], width=1, color=["#1f77b4", "#ff7f0e", "#2ca02c"])

    def bare(ax: Axes) -> None:
        ax.axis("off")
        ax.set_title("Blocks")

    drawn, empty = picture(blocks, (6, 4)), picture(bare, (6, 4))
    for reference, render, cause in ((drawn, empty, Cause.MISSING), (empty, drawn, Cause.EXTRA)):
        critique = asyncio.run(PixelCritic(reader).critique(Kind.CHART, reference, render))
        found = [item for item in critique.discrepancies if item.severity == 3]
        assert {item.category for item in found} == {"structure_error"}, critique.discrepancies
        assert {item.cause for item in found} == {cause}


def test_axes_that_a_render_shows_too_little_of_are_looked_for_in_their_place(reader: Reader) -> None:
    reference, render = _drawn(spines=("bottom",), grid=True), _drawn(spines=(), grid=False)
    assert all(axes.loose for axes in read_chart(render, reader).axes)
    found = asyncio.run(PixelCritic(reader).critique(Kind.CHART, reference, render)).discrepancies
    assert found and not any(item.severity == 3 for item in found)
    assert not any(item.element == Element(kind="axes") for item in found)


def test_bars_that_lie_over_lines_up_have_their_names_and_lengths(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.barh(["Chad", "Peru", "Italy", "Japan"], HEIGHTS, height=0.9, color="#4c78a8", zorder=2)
        ax.grid(axis="x", color="#dddddd")
        for side in ("left", "right", "top", "bottom"):
            ax.spines[side].set_visible(False)
        ax.tick_params(length=0)
        ax.set_xlim(0, 25)

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert [tick.label for tick in axes.y.ticks] == ["Japan", "Italy", "Peru", "Chad"]
    (bars,) = (series for series in axes.series if isinstance(series, Bars))
    assert bars.horizontal
    assert sorted(bars.values) == pytest.approx(sorted(HEIGHTS), abs=0.15)


def test_a_tinted_face_that_bars_cover_mostly_is_an_axes(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.bar(["Mon", "Tue", "Wed", "Thu"], HEIGHTS, color="#4c72b0", zorder=2)
        ax.set_facecolor("#eaeaf2")
        ax.grid(axis="y", color="white")
        for side in ("left", "right", "top", "bottom"):
            ax.spines[side].set_visible(False)
        ax.tick_params(length=0)

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert axes.face == "#eaeaf2"
    (bars,) = (series for series in axes.series if isinstance(series, Bars))
    assert bars.values == pytest.approx(HEIGHTS, abs=0.15)


def test_names_of_bars_are_ticks_where_neither_marks_nor_lines_stand_at_them(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.bar(["North", "South", "East", "West"], HEIGHTS, color="#636efa", zorder=2)
        ax.set_facecolor("#e5ecf6")
        ax.grid(axis="y", color="white", linewidth=1)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)

    chart = read_chart(picture(draw, (6, 4)), reader)
    (axes,) = chart.axes
    assert [tick.label for tick in axes.x.ticks] == ["North", "South", "East", "West"]
    assert not chart.texts


def test_a_line_of_many_spikes_has_no_markers_where_it_turns(reader: Reader) -> None:
    walk = np.random.default_rng(5).normal(0, 1, 240).cumsum()

    def draw(ax: Axes) -> None:
        ax.plot(walk, color="#4682b4", linewidth=2)

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    (line,) = axes.series
    assert isinstance(line, Line)
    assert not line.marker
    assert len(line.x) > len(walk) / 4
