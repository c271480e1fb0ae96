"""Texts find their places: titles, names of axes, texts above boxes; and the resolution that a size tells."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from agent.generators.embedded.chart.layout import is_default, legend_place, rectangle
from critic.marks.parts import Entry, Legend
from critic.marks.scales import LinearScale, Tick
from critic.marks.texts import Text
from critic.reading.chart.description import Axes, Chart
from critic.reading.chart.frames import Frame, default_box
from critic.reading.chart.labels import dpi_of, inside_box, text_above, title_of, x_label_of
from critic.reading.chart.words import centre, cut, ink_of, readable
from critic.types import Box

FRAME = Frame(60, 50, 460, 300, (True,) * 4)
ALL = [FRAME]


def text(words: str, x: float, y: float, wide: float = 60.0, high: float = 10.0) -> Text:
    """A text with its middle in a place."""
    return Text(text=words, box=Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))


@pytest.mark.parametrize(
    ("size", "dpi"),
    [
        ((480, 640), 100.0),
        ((720, 960), 150.0),
        ((1440, 1920), 300.0),
        ((500, 500), 100.0),
        ((600, 800), 100.0),
    ],
)
def test_the_default_figure_tells_its_resolution(size: tuple[int, int], dpi: float):
    assert dpi_of(np.zeros((*size, 3), np.uint8)) == dpi


@pytest.mark.parametrize(
    ("x", "y", "found"),
    [(260, 40, True), (90, 40, True), (150, 40, False), (260, 5, True), (260, 60, False), (260, 320, False)],
    ids=["centred", "at the left", "between", "high up", "in the axes", "below"],
)
def test_a_title_stands_above_its_axes_centred_or_at_the_left(x: float, y: float, found: bool):
    assert (title_of([text("Title", x, y)], FRAME, ALL) is not None) is found


def test_of_two_titles_the_nearer_is_the_axes_own():
    above = title_of([text("Figure", 260, 20), text("Axes", 260, 40)], FRAME, ALL)
    assert above is not None and above.text == "Axes"


def test_the_name_of_an_axis_above_is_no_title_of_the_one_below():
    upper, lower = Frame(60, 20, 460, 120, (True,) * 4), Frame(60, 160, 460, 300, (True,) * 4)
    named = text("Time", 260, 130)
    assert title_of([named], lower, [upper, lower]) is None
    assert x_label_of([named], upper, [upper, lower], LinearScale()) is named


def test_a_direction_is_named_below_its_tick_labels():
    ticks = tuple(Tick(pixel=p, value=p, label="1", box=Box(p - 4, 306, p + 4, 316)) for p in (100.0, 300.0))
    scale = LinearScale(ticks=ticks)
    row, name = text("100 300", 260, 311), text("Time", 260, 330)
    assert x_label_of([row, name], FRAME, ALL, scale) is name
    assert x_label_of([text("far", 260, 380)], FRAME, ALL, scale) is None
    assert x_label_of([text("aside", 100, 330)], FRAME, ALL, scale) is None


def test_a_text_is_inside_a_box_by_its_middle():
    box = Box(10, 10, 50, 30)
    assert inside_box(text("in", 48, 20), box)
    assert not inside_box(text("out", 52, 20), box)
    assert centre(box) == (30.0, 20.0)


def test_the_nearest_text_centred_above_a_box_names_it():
    box = Box(100, 100, 200, 200)
    near, far = text("near", 150, 90), text("far", 150, 75)
    assert text_above([far, near], box, 40.0) is near
    assert text_above([text("aside", 190, 90)], box, 40.0) is None
    assert text_above([text("high", 150, 40)], box, 40.0) is None
    assert text_above([text("tiny", 150, 90, high=5.0)], box, 40.0) is None


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ("（a）", "(a)"),
        ("don’t", "don't"),
        ("Ⅲ", "III"),
        ("●north", "north"),
        ("价格 x", "x"),
        ("  a  ", "a"),
        ("□", ""),
    ],
)
def test_readings_are_put_into_signs_that_the_font_has(read: str, words: str):
    assert readable(read) == words


def test_the_ink_of_a_text_is_boxed_tightly_and_its_colour_is_the_strongest():
    image = np.full((40, 80, 3), 255, np.uint8)
    image[12:20, 20:50] = (200, 30, 30)
    image[11, 20:50] = (228, 142, 142)  # a blended rim
    found = ink_of(image, Box(18, 10, 52, 22))
    assert found is not None
    box, colour = found
    assert tuple(box) == (20, 11, 50, 20)
    assert colour == "#c81e1e"
    assert ink_of(image, Box(60, 25, 75, 35)) is None


def test_spines_along_the_border_are_no_ink_of_a_text():
    image = np.full((40, 80, 3), 255, np.uint8)
    image[12:20, 20:50] = 0
    image[24, :] = 0
    found = ink_of(image, Box(18, 10, 52, 23))
    assert found is not None and found[0].y1 == 20


def test_a_cut_stays_within_the_picture():
    image = np.zeros((20, 30, 3), np.uint8)
    part, x, y = cut(image, Box(-5, 15, 40, 30), margin=2)
    assert (part.shape[:2], x, y) == ((7, 30), 0, 13)


def legend(x: float, y: float) -> Legend:
    return Legend(box=Box(x, y, x + 80, y + 40), entries=(Entry(text="a"),))


def axes(*legends: Legend) -> Axes:
    return Axes(box=Box(60, 50, 460, 300), x=LinearScale(), y=LinearScale(), legends=legends)


PAD = 0.5 * 10 * 100 / 72
PLACES = {
    "upper left": (60 + PAD, 50 + PAD),
    "upper right": (460 - PAD - 80, 50 + PAD),
    "lower left": (60 + PAD, 300 - PAD - 40),
    "lower right": (460 - PAD - 80, 300 - PAD - 40),
    "center": (260 - 40, 175 - 20),
    "upper center": (260 - 40, 50 + PAD),
}


@pytest.mark.parametrize(("name", "place"), PLACES.items())
def test_a_legend_in_a_usual_place_is_named_by_it(name: str, place: tuple[float, float]):
    assert legend_place(legend(*place), axes(), 100.0) == name
    assert legend_place(legend(place[0] + 3, place[1] - 3), axes(), 100.0) == name


def test_a_legend_elsewhere_has_no_named_place():
    assert legend_place(legend(150, 120), axes(), 100.0) is None
    assert legend_place(legend(470, 60), axes(), 100.0) is None


def test_rectangles_are_shares_of_the_figure_from_below():
    chart = Chart(width=500, height=400)
    assert rectangle(Box(50, 40, 450, 360), chart) == pytest.approx((0.1, 0.1, 0.8, 0.8))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 2), (2, 2)])
def test_default_subplots_are_where_matplotlib_puts_them(rows: int, columns: int):
    figure, grid = plt.subplots(rows, columns, figsize=(6.4, 4.8), dpi=100)
    for index, ax in enumerate(np.ravel(grid)):
        box = ax.get_position()
        expected = (640 * box.x0, 480 * (1 - box.y1), 640 * box.x1, 480 * (1 - box.y0))
        assert tuple(default_box(640, 480, rows, columns, index)) == pytest.approx(expected)
    plt.close(figure)
    chart = Chart(width=640, height=480)
    assert is_default(default_box(640, 480, 1, 1, 0), chart)
    assert not is_default(axes().box, chart)
