"""Boxes: their arithmetic holds for all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.boxes import Box

EDGES = st.integers(-50, 50)


@st.composite
def boxes(draw):
    x0, x1 = sorted((draw(EDGES), draw(EDGES)))
    y0, y1 = sorted((draw(EDGES), draw(EDGES)))
    return Box(x0, y0, x1, y1)


def pixels(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)}


@given(boxes(), boxes())
def test_what_two_boxes_share_is_what_their_pixels_share(one, other):
    shared = one.intersection(other)
    assert (pixels(shared) if shared else set()) == pixels(one) & pixels(other)
    assert one.overlap(other) == len(pixels(one) & pixels(other)) == other.overlap(one)
    if not (one.is_empty or other.is_empty):
        assert one.meets(other) == (one.overlap(other) > 0)


@given(boxes(), boxes())
def test_a_union_holds_both_and_nothing_smaller_does(one, other):
    union = one.union(other)
    assert union == Box.around([one, other]) == other.union(one)
    assert union.holds(one)
    assert union.holds(other)
    assert union.area >= max(one.area, other.area)
    assert {union.x0, union.x1} <= {one.x0, one.x1, other.x0, other.x1}


@given(boxes(), EDGES, EDGES)
def test_moving_and_growing_keep_what_they_should(box, across, down):
    moved = box.shifted(across, down)
    assert (moved.width, moved.height, moved.shifted(-across, -down)) == (box.width, box.height, box)
    assert box.grown(3).grown(-3) == box
    assert (box.grown(2, 1).width, box.grown(2, 1).height) == (box.width + 4, box.height + 2)
    assert box.scaled(2).area == 4 * box.area
    assert box.scaled(2, 3) == Box(2 * box.x0, 3 * box.y0, 2 * box.x1, 3 * box.y1)


@given(boxes(), boxes())
def test_boxes_that_meet_are_no_distance_apart(one, other):
    assert one.distance(other) == other.distance(one)
    if one.meets(other):
        assert one.distance(other) == 0
    assert one.grown(one.distance(other)).grown(0.5).meets(other.grown(0.5))


@given(boxes(), EDGES, EDGES)
def test_a_point_is_in_a_box_where_its_pixel_is(box, x, y):
    assert box.contains(x, y) == ((x, y) in pixels(box))


@given(boxes())
def test_pixels_index_the_part_within_the_picture(box):
    picture = np.zeros((30, 20), np.uint8)
    inside = box.clipped(20, 30)
    assert picture[box.pixels].size == picture[inside.pixels].size == inside.area
    assert Box(0, 0, 20, 30).holds(inside)


def test_pixels_are_all_that_are_touched():
    assert Box(0.5, 1.2, 2.1, 2.9).pixels == (slice(1, 3), slice(0, 3))


def test_an_inside_out_box_has_no_area():
    assert (Box(3, 0, 1, 5).area, Box(3, 0, 1, 5).width, Box(3, 0, 1, 5).is_empty) == (0, -2, True)
    assert Box(0, 0, 4, 2).centre == (2, 1)


def test_there_is_no_box_around_nothing():
    with pytest.raises(ValueError, match="unpack"):
        Box.around([])
