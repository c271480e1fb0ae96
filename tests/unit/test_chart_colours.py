"""Colours of charts: what is near, what is frequent, and what is only the rim where two of them meet."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.marks.parts import Legend
from critic.marks.texts import Text
from critic.reading.chart.colours import apart, far, hex_of, mode_colour, near, palette, rgb_of, saturation
from critic.reading.chart.frames import Frame, runs
from critic.reading.chart.layers import split_layers
from critic.reading.chart.legends import find_legends
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from critic.types import Box
from renderers.types import Image

WHITE = np.array([255, 255, 255])
BLUE, ORANGE, GREY = "#1f77b4", "#ff7f0e", "#c0c0c0"
levels = st.tuples(*[st.integers(0, 255)] * 3)


@given(levels)
def test_a_colour_comes_back_from_its_name(colour: tuple[int, int, int]):
    assert tuple(rgb_of(hex_of(np.array(colour)))) == colour


@given(levels, levels, st.integers(0, 120))
def test_near_and_far_part_all_pixels_by_their_largest_difference(
    one: tuple[int, int, int], other: tuple[int, int, int], within: int
):
    region = np.array([[one]], np.uint8)
    most = max(abs(a - b) for a, b in zip(one, other, strict=True))
    assert bool(near(region, np.array(other), within)[0, 0]) is (most <= within)
    assert bool(far(region, np.array(other), within)[0, 0]) is (most > within)
    assert apart(hex_of(np.array(one)), hex_of(np.array(other))) == most


def test_the_most_frequent_colour_is_that_of_most_pixels():
    pixels = np.array([[255, 0, 0]] * 3 + [[0, 0, 255]] * 5, np.uint8)
    assert tuple(mode_colour(pixels)) == (0, 0, 255)
    assert tuple(mode_colour(np.zeros((0, 3), np.uint8))) == (255, 255, 255)


def test_greys_are_not_saturated():
    assert (saturation(rgb_of(GREY)), saturation(rgb_of(BLUE))) == (0, 0xB4 - 0x1F)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_stretches_hold_all_that_is_true_and_nothing_else(mask: list[bool]):
    found = runs(np.array(mask))
    again = np.zeros(len(mask), bool)
    for start, end in found:
        assert end > start and not again[start:end].any()
        again[start:end] = True
    assert again.tolist() == mask
    assert all(b < c for (_, b), (c, _) in itertools.pairwise(found))


def smooth(*shapes: tuple[str, tuple[int, int, int, int]], fine: int = 8) -> Image:
    """Filled rectangles (left, top, right, bottom; eighths of pixels) on white, with blended rims."""
    image = np.full((100 * fine, 160 * fine, 3), 255, np.uint8)
    for colour, (x0, y0, x1, y1) in shapes:
        image[y0:y1, x0:x1] = rgb_of(colour)
    return np.asarray(cv2.resize(image, (160, 100), interpolation=cv2.INTER_AREA), np.uint8)


def test_a_palette_is_without_background_and_rims_the_most_frequent_first():
    image = smooth((BLUE, (84, 84, 700, 700)), (ORANGE, (804, 84, 1100, 404)))
    found = palette(image, WHITE, 5, 9)
    assert [hex_of(colour) for colour, _ in found] == [BLUE, ORANGE]
    assert found[0][1] > found[1][1]
    assert [hex_of(colour) for colour, _ in palette(image, WHITE, 5, 1)] == [BLUE]


def plot(image: Image) -> Plot:
    across, up = Mapping(1 / 160, 0.0), Mapping(-1 / 100, 1.0)
    return Plot(image, np.zeros(image.shape[:2], bool), across, up, 0, 0, WHITE, 100.0)


def test_layers_are_colours_not_their_blends():
    image = smooth((BLUE, (84, 84, 700, 700)), (ORANGE, (404, 300, 1100, 620)))
    layers = split_layers(plot(image))
    assert {hex_of(colour) for colour, _ in layers} == {BLUE, ORANGE}


@pytest.mark.parametrize("width", [12, 16, 20])
def test_the_rim_of_a_dashed_line_is_no_layer_of_its_own(width: int):
    dashes = [(BLUE, (x, 404, x + 40, 404 + width)) for x in range(60, 1200, 76)]
    layers = split_layers(plot(smooth(*dashes)))
    assert len(layers) == 1
    assert apart(hex_of(layers[0][0]), BLUE) < 120


def test_a_pale_line_far_from_a_dark_one_is_a_layer():
    image = smooth((BLUE, (84, 84, 1200, 108)), ("#c7ddec", (84, 604, 1200, 628)))
    assert len(split_layers(plot(image))) == 2


FRAME = Frame(4, 4, 155, 95, (True,) * 4)


def framed(handle: str) -> tuple[Image, Text]:
    """A legend of one entry, with a handle of a kind."""
    image = np.full((100, 160, 3), 255, np.uint8)
    cv2.rectangle(image, (40, 30), (130, 60), (204, 204, 204), 1)
    if handle == "line":
        image[44:46, 46:74] = rgb_of(BLUE)
    elif handle == "patch":
        image[40:50, 46:74] = rgb_of(BLUE)
    else:
        cv2.circle(image, (60, 45), 4, rgb_of(BLUE).tolist(), -1)
    image[40:51, 82:120:3] = 0
    return image, Text(text="north", box=Box(82, 40, 120, 51))


@pytest.mark.parametrize("handle", ["line", "patch", "marker"])
def test_handles_of_legends_are_told_apart(handle: str):
    image, words = framed(handle)
    (legend,) = find_legends(image, FRAME, [words], WHITE, 100.0)
    assert isinstance(legend, Legend)
    (entry,) = legend.entries
    assert (entry.text, entry.handle, entry.colour) == ("north", handle, BLUE)
    assert legend.box.holds(words.box) and legend.columns == 1 and not legend.title


def test_a_box_without_texts_is_no_legend():
    image, _ = framed("line")
    assert find_legends(image, FRAME, [], WHITE, 100.0) == []
    elsewhere = Text(text="north", box=Box(8, 80, 40, 90))
    assert find_legends(image, FRAME, [elsewhere], WHITE, 100.0) == []
