"""Charts read at the resolutions that people save them at: the same texts and values, and nothing besides."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from critic.marks.line import Line
from critic.marks.parts import GridLines
from critic.marks.points import Points
from critic.marks.scales import LinearScale
from critic.marks.texts import Text
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes, Bars
from critic.reading.chart.frames import Frame, find_frames, long_runs
from critic.reading.chart.legends import find_legends
from critic.reading.chart.plot import cleared
from critic.types import Box
from renderers.types import Image, Kind
from tests.charts import picture

WHITE = np.array([255, 255, 255])
NORTH, SOUTH = [1.4, 0.7, 1.3, 2.0, 4.9], [6.3, 8.2, 5.3, 8.0, 9.2]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def bars(ax: PlotAxes) -> None:
    at = np.arange(4)
    ax.bar(at - 0.2, [12, 19, 7, 15], 0.4, label="2023")
    ax.bar(at + 0.2, [9, 14, 11, 18], 0.4, label="2024")
    ax.set_xticks(at, ["Ada", "Ben", "Cleo", "Dan"])
    ax.set(title="Orders", ylabel="Count", ylim=(0, 25))
    ax.legend(loc="upper right")


def points(ax: PlotAxes) -> None:
    ax.scatter([1, 3, 5, 7, 9], NORTH, label="north")
    ax.scatter([2, 4, 6, 8, 9.5], SOUTH, label="south")
    ax.set(xlabel="Dose", ylabel="Effect", ylim=(0, 13))
    ax.legend(loc="upper left")


def waves(ax: PlotAxes) -> None:
    x = np.linspace(0, 10, 60)
    ax.plot(x, np.sin(x), label="sine")
    ax.plot(x, np.cos(x), label="cosine")
    ax.set(title="Waves", xlabel="Time")
    ax.grid(True)
    ax.legend()


def axes_of(image: Image, reader: Reader) -> Axes:
    (axes,) = read_chart(canvas_of(image, Kind.CHART, reader).pixels, reader).axes
    return axes


def texts_of(axes: Axes) -> list[str]:
    named = [text.text for text in (axes.title, axes.x_label, axes.y_label) if text]
    return named + [entry.text for legend in axes.legends for entry in legend.entries]


@pytest.mark.parametrize("dpi", [72])
def test_bars(dpi: int, reader: Reader):
    axes = axes_of(picture(bars, (5, 3.5), dpi), reader)
    assert texts_of(axes) == ["Orders", "Count", "2023", "2024"]
    assert [tick.label for tick in axes.x.ticks] == ["Ada", "Ben", "Cleo", "Dan"]
    found = {mark.label: mark.values for mark in axes.series if isinstance(mark, Bars)}
    assert found["2023"] == pytest.approx([12, 19, 7, 15], abs=0.25)  # 1% of the axis
    assert found["2024"] == pytest.approx([9, 14, 11, 18], abs=0.25)
    assert len(axes.series) == 2


@pytest.mark.parametrize("dpi", [72])
def test_points(dpi: int, reader: Reader):
    axes = axes_of(picture(points, (5, 3.5), dpi), reader)
    assert texts_of(axes) == ["Dose", "Effect", "north", "south"]
    found = {mark.label: sorted(mark.y) for mark in axes.series if isinstance(mark, Points)}
    assert found["north"] == pytest.approx(sorted(NORTH), abs=0.13)  # 1% of the axis
    assert found["south"] == pytest.approx(sorted(SOUTH), abs=0.13)
    assert len(axes.series) == 2


@pytest.mark.parametrize("dpi", [72, 150])
def test_two_curves_on_a_grid_are_two_lines(dpi: int, reader: Reader):
    axes = axes_of(picture(waves, (5, 3.5), dpi), reader)
    assert texts_of(axes) == ["Waves", "Time", "sine", "cosine"]
    assert all(isinstance(mark, Line) for mark in axes.series)
    at = np.linspace(0.3, 9.7, 40)
    for mark, true in zip(axes.series, (np.sin(at), np.cos(at)), strict=True):
        assert isinstance(mark, Line)
        assert np.abs(np.interp(at, mark.x, mark.y) - true).max() < 0.05


@pytest.mark.parametrize("shades", [(176,), (212, 220), (216, 216)])
def test_a_grid_line_on_two_rows_leaves_nothing_behind(shades: tuple[int, ...]):
    image = np.full((120, 160, 3), 255, np.uint8)
    for row in (40, 80):
        image[row : row + len(shades), 20:140] = np.array(shades)[:, None, None]
    image[60, 20:140] = 176  # the one that tells the grid's colour
    grid, scale = GridLines(x=False), LinearScale()
    area, hidden = cleared(image, Frame(20, 20, 140, 100, (True,) * 4), grid, scale, scale, WHITE, [])
    assert (area == 255).all() and not hidden.any()


@pytest.mark.parametrize("near_edge", [True, False])
@pytest.mark.parametrize("crossed", [True, False])
def test_a_legend_is_found_near_the_frame_with_a_curve_through_its_rim(near_edge: bool, crossed: bool):
    image = np.full((200, 300, 3), 255, np.uint8)
    image[20, 30:271] = image[180, 30:271] = image[20:181, 30] = image[20:181, 270] = 0
    (frame,) = find_frames(image, WHITE)
    x0 = 34 if near_edge else 90
    image[130, x0 : x0 + 90] = image[165, x0 : x0 + 90] = image[130:166, x0] = image[130:166, x0 + 89] = 214
    if crossed:
        image[125:135, x0 + 60 : x0 + 62] = (31, 119, 180)
    image[147:149, x0 + 6 : x0 + 30] = (255, 127, 14)
    words = Text(text="cosine", box=Box(x0 + 38, 142, x0 + 76, 153))
    image[142:153, x0 + 38 : x0 + 76 : 3] = 0
    (legend,) = find_legends(image, frame, [words], WHITE, 100.0)
    assert [(entry.text, entry.handle, entry.colour) for entry in legend.entries] == [
        ("cosine", "line", "#ff7f0e")
    ]
    assert abs(legend.box.x0 - x0) <= 1.5 and abs(legend.box.x1 - x0 - 90) <= 1.5


@pytest.mark.parametrize("least", [4, 5])
def test_long_runs_stay_where_they_are(least: int):
    mask = np.zeros((3, 12), bool)
    mask[0, 1:4] = mask[1, 0:5] = mask[2, 6:12] = True
    expected = mask.copy()
    expected[0] = False
    assert (long_runs(mask, least) == expected).all()
