"""The canvas: the scale of a picture, told from its ink, and the picture at the working resolution."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from matplotlib.axes import Axes
from PIL import Image as PILImage

from critic.marks.bars import Bars
from critic.marks.line import Line
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.chart import Chart, read_chart
from critic.reading.enlarged import enlargement, original
from critic.reading.scale import capitals_of, ruler_of
from critic.types import Box
from renderers.types import Image, Kind
from tests.charts import picture

Filter = PILImage.Resampling
INCHES = (5.0, 3.5)
NORTH, SOUTH = [2.0, 5.5, 4.0, 8.0, 6.5], [1.0, 2.5, 2.0, 3.0, 4.5]
SUMMED = [3.0, 8.0, 6.0, 1.0, 5.0]
COUNTS = [12.0, 19.0, 7.0, 15.0]


def lines(ax: Axes) -> None:
    ax.plot(NORTH, "o-", label="North")
    ax.plot(SOUTH, "s-", label="South")
    _named(ax, "Rainfall", "Week")
    ax.legend()


def bars(ax: Axes) -> None:
    ax.bar(["Ada", "Ben", "Cleo", "Dan"], COUNTS, label="2024")
    _named(ax, "Orders", "Clerk")
    ax.legend(loc="upper right")


def points(ax: Axes) -> None:
    ax.scatter([1, 3, 5, 7, 9], NORTH, label="north")
    ax.scatter([2, 4, 6, 8, 9.5], SOUTH, label="south")
    _named(ax, "Trial", "Dose")
    ax.legend()


def _named(ax: Axes, title: str, along: str) -> None:
    ax.set_title(title)
    ax.set_xlabel(along)
    ax.set_ylabel("Amount")


def enlarged(image: Image, factor: int, how: Filter) -> Image:
    height, width = image.shape[:2]
    return np.asarray(PILImage.fromarray(image).resize((width * factor, height * factor), how))


VARIANTS: dict[str, tuple[float, Callable[[Callable[[Axes], object]], Image]]] = {
    "100 dpi": (1.0, lambda draw: picture(draw, INCHES)),
    "150 dpi": (1.5, lambda draw: picture(draw, INCHES, 150)),
    "200 dpi": (2.0, lambda draw: picture(draw, INCHES, 200)),
    "300 dpi": (3.0, lambda draw: picture(draw, INCHES, 300)),
    "enlarged twice": (2.0, lambda draw: enlarged(picture(draw, INCHES), 2, Filter.BICUBIC)),
    "enlarged thrice": (3.0, lambda draw: enlarged(picture(draw, INCHES), 3, Filter.BICUBIC)),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize("draw", [lines, bars, points])
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_scale_of_a_chart_is_found(variant: str, draw: Callable[[Axes], object]) -> None:
    scale, make = VARIANTS[variant]
    assert ruler_of(make(draw)).scale == scale


def read(variant: str, draw: Callable[[Axes], object], reader: Reader) -> Chart:
    canvas = canvas_of(VARIANTS[variant][1](draw), Kind.CHART, reader)
    assert canvas.pixels.shape == (350, 500, 3)
    return read_chart(canvas.pixels, reader)


@pytest.mark.parametrize("variant", ["150 dpi", "200 dpi", "enlarged thrice"])
def test_lines_are_read_alike_at_every_scale(variant: str, reader: Reader) -> None:
    (axes,) = read(variant, lines, reader).axes
    texts = [text.text for text in (axes.title, axes.x_label, axes.y_label) if text]
    assert texts == ["Rainfall", "Week", "Amount"]
    assert [entry.text for legend in axes.legends for entry in legend.entries] == ["North", "South"]
    found = {one.label: one.y for one in axes.series if isinstance(one, Line)}
    assert len(axes.series) == 2
    assert found["North"] == pytest.approx(NORTH, abs=0.07)  # 1% of the range
    assert found["South"] == pytest.approx(SOUTH, abs=0.07)


@pytest.mark.parametrize("variant", ["150 dpi", "300 dpi"])
def test_bars_are_read_alike_at_every_scale(variant: str, reader: Reader) -> None:
    (axes,) = read(variant, bars, reader).axes
    assert [tick.label for tick in axes.x.ticks] == ["Ada", "Ben", "Cleo", "Dan"]
    (series,) = axes.series
    assert isinstance(series, Bars)
    assert series.values == pytest.approx(COUNTS, abs=0.19)  # 1% of the range


@pytest.mark.parametrize("factor", [2, 3])
@pytest.mark.parametrize("how", [Filter.NEAREST, Filter.BILINEAR, Filter.BICUBIC, Filter.LANCZOS])
def test_an_enlarged_picture_is_made_small_again(factor: int, how: Filter) -> None:
    small = picture(lines, INCHES)
    large = enlarged(small, factor, how)
    way = enlargement(large, factor)
    assert way is not None and way.factor == factor
    assert np.abs(original(large, way).astype(int) - small).mean() < 0.3


def test_what_was_drawn_large_was_not_enlarged() -> None:
    assert enlargement(picture(lines, INCHES, 200), 2) is None


@pytest.mark.parametrize("kind", [Kind.SVG, Kind.CHART])
def test_icons_and_empty_pictures_are_left_alone(kind: Kind, reader: Reader) -> None:
    plain = np.full((400, 600, 3), 255, np.uint8)
    assert canvas_of(plain, kind, reader).pixels is plain
    lettered = picture(lines, INCHES, 200)
    assert canvas_of(lettered, Kind.SVG, reader).pixels is lettered


def test_large_letters_beside_hairlines_are_large_letters() -> None:
    image = np.full((400, 600, 3), 255, np.uint8)
    for row in range(4):
        cv2.putText(image, "Large words", (20, 60 + 90 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 3)
        image[80 + 90 * row, 10:590] = 0
    ruler = ruler_of(image)
    assert ruler.capitals > 15 and ruler.hairlines
    assert ruler.scale == 1.0


def test_places_are_mapped_back_and_forth(reader: Reader) -> None:
    canvas = canvas_of(picture(lines, INCHES, 200), Kind.CHART, reader)
    box = Box(10.0, 20.0, 30.0, 40.0)
    assert canvas.back(box) == Box(20.0, 40.0, 60.0, 80.0)
    assert canvas.forth(canvas.back(box)) == box


def test_a_render_is_fitted_as_the_reference_was(reader: Reader) -> None:
    reference = picture(lines, INCHES, 300)
    canvas = canvas_of(reference, Kind.CHART, reader)
    assert (canvas.fitted(reference) == canvas.pixels).all()


def test_bodies_of_candlesticks_are_no_letters() -> None:
    image = np.full((300, 600, 3), 255, np.uint8)
    for index in range(14):
        x, y = 20 + 40 * index, 100 + 3 * (index % 5)
        image[y : y + 30, x : x + 9] = (176, 20, 40)
        image[y - 12 : y + 44, x + 4] = (176, 20, 40)
    assert capitals_of(image) == 0.0


def dotted(ax: Axes) -> None:
    ax.plot(NORTH, "o-")
    ax.plot(SUMMED, "s-")
    _bare(ax, ":")


def dashed(ax: Axes) -> None:
    ax.plot(NORTH)
    ax.plot(SOUTH)
    _bare(ax, "--")


def _bare(ax: Axes, grid: str) -> None:
    ax.grid(linestyle=grid, color="#444444")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_xticks(range(5))
    ax.set_yticks(range(0, 10, 1))


@pytest.mark.parametrize("draw", [dotted, dashed])
@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_what_broken_grids_and_lines_leave_between_them_is_no_text(
    dpi: int, draw: Callable[[Axes], object]
) -> None:
    ruler = ruler_of(picture(draw, (6.0, 4.0), dpi))
    assert ruler.capitals == pytest.approx(10 * dpi / 72 * 0.73, rel=0.1)  # the height of figures of 10 pt
    assert ruler.scale == dpi / 100


@pytest.mark.parametrize("grid", ["-", (0, (4, 4))])
def test_small_text_beside_lines_of_two_pixels_is_that_of_a_screen_at_2x(grid: object) -> None:
    def draw(ax: Axes) -> None:
        ax.plot(NORTH, linewidth=3)
        ax.grid(linestyle=grid, linewidth=0.72)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0, labelsize=8.6)

    ruler = ruler_of(picture(draw, INCHES, 200))
    assert 15 < ruler.capitals < 19
    assert ruler.scale == 2.0
