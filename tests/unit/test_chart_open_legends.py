"""Legends without a box beside the axes."""

from __future__ import annotations

import asyncio

import pytest
from matplotlib.axes import Axes

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Bars, Legend
from renderers.service import Renderers
from renderers.types import Image, Kind, Language
from tests.charts import picture

COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c")
NAMES = ("north", "south", "west")


def _bars(ax: Axes) -> None:
    for index, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
        ax.bar(
            [x + 0.25 * index for x in range(3)], [3 + index, 5, 4 - index], 0.25, color=colour, label=name
        )
    ax.set_position((0.1, 0.1, 0.65, 0.75))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _legend(image: Image, reader: Reader) -> Legend:
    (axes,) = read_chart(image, reader).axes
    (legend,) = axes.legends
    assert not legend.frame
    return legend


@pytest.mark.parametrize(
    ("place", "at", "columns"),
    [("upper left", (1, 1), 1), ("lower center", (0.5, 1), 3)],
    ids=["column", "row"],
)
def test_entries_in_a_column_or_a_row_are_a_legend(
    reader: Reader, place: str, at: tuple[float, float], columns: int
) -> None:
    def draw(ax: Axes) -> None:
        _bars(ax)
        ax.legend(frameon=False, ncols=columns, loc=place, bbox_to_anchor=at)

    image = picture(draw, (6, 4))
    legend = _legend(image, reader)
    assert [(entry.text, entry.handle, entry.colour) for entry in legend.entries] == [
        (name, "patch", colour) for name, colour in zip(NAMES, COLOURS, strict=True)
    ]
    assert legend.columns == columns
    named = {s.colour: s.label for s in read_chart(image, reader).axes[0].series if isinstance(s, Bars)}
    assert named == dict(zip(COLOURS, NAMES, strict=True))


def test_a_row_keeps_its_gaps_and_the_colour_of_its_texts(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        _bars(ax)
        ax.legend(
            frameon=False,
            ncols=3,
            loc="lower center",
            bbox_to_anchor=(0.5, 1),
            columnspacing=0.8,
            handleheight=1.2,
            labelcolor="#8a8a8a",
        )

    image = picture(draw, (6, 4))
    legend = _legend(image, reader)
    assert legend.apart == pytest.approx(0.8, abs=0.3)
    assert legend.height == pytest.approx(1.2, abs=0.3)
    code = write(read_chart(image, reader))
    assert all(f"{name}=" in code for name in ("columnspacing", "handleheight", "labelcolor"))


def test_lines_and_blocks_are_told_apart_and_keep_their_lengths(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.plot([1, 3, 2], color=COLOURS[0], label="line")
        ax.bar([0, 1, 2], [1, 1, 1], color=COLOURS[1], label="block")
        ax.set_position((0.1, 0.1, 0.6, 0.8))
        ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), handlelength=1.2, labelspacing=1)

    image = picture(draw, (6, 4))
    legend = _legend(image, reader)
    assert [entry.handle for entry in legend.entries] == ["line", "patch"]
    again = _legend(asyncio.run(_drawn(write(read_chart(image, reader)))), reader)
    assert again.handle == pytest.approx(legend.handle, abs=0.2)
    assert again.between == pytest.approx(legend.between, abs=0.2)
    for one, other in zip(again.entries, legend.entries, strict=True):
        assert one.box is not None and other.box is not None
        assert one.box == pytest.approx(other.box, abs=6)


async def _drawn(code: str) -> Image:
    async with Renderers() as renderers:
        render = await renderers.render(Kind.CHART, code, Language.PYTHON)
    assert render.image is not None
    return render.image


def test_texts_without_a_handle_are_no_legend(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        _bars(ax)
        for row, name in enumerate(NAMES):
            ax.text(1.1, 0.9 - 0.1 * row, name, transform=ax.transAxes)

    (axes,) = read_chart(picture(draw, (6, 4)), reader).axes
    assert not axes.legends


def test_a_pie_s_legend_without_a_box_is_one(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        wedges = ax.pie([5, 3, 2], colors=COLOURS, radius=0.8, autopct="%d%%")[0]
        ax.legend(wedges, NAMES, frameon=False, loc="center left", bbox_to_anchor=(0.95, 0.5))

    assert [entry.text for entry in _legend(picture(draw, (6, 4)), reader).entries] == list(NAMES)
