"""Frames of charts: found where they are, whichever of their sides are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart.frames import Run, find_frames, straight
from critic.reading.chart.gridded import gridded_frames
from critic.reading.chart.read import read_chart
from renderers.types import Image
from tests.charts import picture

WHITE = np.array([255, 255, 255])


@given(st.integers(14, 40), st.integers(0, 20), st.integers(0, 9))
def test_runs_of_ink_start_and_end_where_they_do(long: int, start: int, row: int):
    ink = np.zeros((10, 80), bool)
    ink[row, start : start + long] = True
    assert straight(ink, 14) == [Run(row, start, start + long - 1)]
    assert straight(ink, long + 1) == []


def spines(*sides: str) -> Image:
    """White, with these sides of a rectangle drawn."""
    image = np.full((200, 280, 3), 255, np.uint8)
    for side, where in {
        "left": np.s_[10:161, 40],
        "bottom": np.s_[160, 40:241],
        "right": np.s_[10:161, 240],
        "top": np.s_[10, 40:241],
    }.items():
        if side in sides:
            image[where] = 0
    return image


@pytest.mark.parametrize("sides", [("left", "bottom"), ("left", "top", "right", "bottom")])
def test_a_rectangle_is_found_by_its_sides(sides: tuple[str, ...]):
    (frame,) = find_frames(spines(*sides), WHITE)
    assert (frame.left, frame.top, frame.right, frame.bottom) == (40, 10, 240, 160)
    assert frame.sides == tuple(side in sides for side in ("left", "top", "right", "bottom"))


@pytest.mark.parametrize("place", [(0.13, 0.17, 0.8, 0.71), (0.171, 0.14, 0.76, 0.733)])
@pytest.mark.parametrize("hidden", [(), ("top", "right")])
def test_frames_of_matplotlib_are_found_within_half_a_pixel(
    place: tuple[float, float, float, float], hidden: tuple[str, ...]
):
    left, bottom, wide, high = place
    image = picture(
        lambda ax: (
            ax.set_position(place),
            ax.plot([1, 3, 2]),
            [ax.spines[s].set_visible(False) for s in hidden],
        )
    )
    (frame,) = find_frames(image, WHITE)
    true = (left * 400, (1 - bottom - high) * 300, (left + wide) * 400, (1 - bottom) * 300)
    assert np.abs(np.subtract(frame.box, true)).max() <= 0.51


def test_a_filled_rectangle_is_no_frame():
    image = np.full((200, 280, 3), 255, np.uint8)
    image[10:161, 40:241] = (200, 30, 30)
    assert find_frames(image, WHITE) == []


def test_axes_that_fill_the_picture_to_its_rim_are_read():
    def filling(ax: Axes) -> None:
        ax.set_position((0, 0, 1, 1))
        ax.set(frame_on=False, xticks=[], yticks=[])
        ax.bar(range(4), [36, 60, 84, 35], color="#00000c")

    image = picture(filling, (1.28, 0.96), 75)
    (axes,) = read_chart(image, Reader()).axes
    assert axes.box.y1 >= image.shape[0] - 1


def test_outlined_boxes_stand_within_the_pale_frame_around_them():
    image = np.full((300, 400, 3), 255, np.uint8)
    for rows, columns in ((slice(80, 160), slice(100, 160)), (slice(120, 190), slice(220, 280))):
        image[rows, columns] = (60, 60, 60)
        image[rows.start + 1 : rows.stop - 1, columns.start + 1 : columns.stop - 1] = (204, 137, 99)
    for where in (np.s_[30, 40:361], np.s_[250, 40:361], np.s_[30:251, 40], np.s_[30:251, 360]):
        image[where] = 204
    (frame,) = find_frames(image, WHITE)
    assert (frame.left, frame.top, frame.right, frame.bottom) == (40, 30, 360, 250)


def test_a_dotted_grid_without_spines_is_an_axes() -> None:
    def draw(ax: Axes) -> None:
        ax.plot([3, 5, 4, 7, 6, 8], linewidth=2)
        ax.grid(True, linestyle=":", linewidth=1)
        for side in ax.spines.values():
            side.set_visible(False)

    (frame,) = gridded_frames(picture(draw, (6, 4)), WHITE)
    assert list(frame.box) == pytest.approx([75, 48, 540, 356], abs=5)  # less than a tick mark


def test_a_scale_at_the_right_is_read_with_its_name_and_written_there() -> None:
    def draw(ax: Axes) -> None:
        ax.plot([3, 5, 4, 7, 6, 8], linewidth=2)
        ax.yaxis.tick_right()
        ax.yaxis.set_label_position("right")
        ax.set_ylabel("Amount")

    chart = read_chart(picture(draw, (6, 4)), Reader())
    (axes,) = chart.axes
    assert axes.y.side == "right"
    assert axes.y_label is not None and axes.y_label.text == "Amount"
    assert 'ax.yaxis.set_label_position("right")' in write(chart)


@pytest.mark.parametrize("shade", ["#283442", "#304052"])
def test_a_bluish_grid_on_a_dark_ground_is_an_axes(shade: str) -> None:
    image = np.full((300, 400, 3), 17, np.uint8)
    colour = [int(shade[k : k + 2], 16) for k in (1, 3, 5)]
    image[40:261:55, 60:361] = colour
    image[40:261, 60:361:60] = colour
    (frame,) = gridded_frames(image, np.array([17, 17, 17]))
    assert [round(side) for side in frame.box] == pytest.approx([60, 40, 361, 261], abs=1)
