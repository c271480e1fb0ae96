"""Shapes that one change of size moved are told together."""

from __future__ import annotations

from critic.pixel.svg_pieces import without_slivers
from critic.pixel.svg_together import together
from critic.types import Box, Cause, Discrepancy, Element, difference


def _resized(was: tuple[float, ...], now: tuple[float, ...]) -> Discrepancy:
    box = Box(*was)
    said = difference(
        "shape_error", 3, Cause.RESIZED, Element(kind="shape", at=box), box, reference=was, render=now
    )
    assert said is not None
    return said.model_copy(update={"places": (box, Box(*now))})


def _larger(box: tuple[float, ...], factor: float, middle: float) -> tuple[float, ...]:
    return tuple(round(middle + factor * (value - middle)) for value in box)


SQUARES = [(60.0, 60.0, 140.0, 140.0), (180.0, 60.0, 260.0, 140.0), (60.0, 180.0, 140.0, 260.0)]


def test_shapes_of_one_path_that_is_drawn_larger_are_one_finding() -> None:
    said = together([_resized(box, _larger(box, 1.2, 160)) for box in SQUARES], (320, 320))
    assert len(said) == 1
    assert said[0].box == Box(60, 60, 260, 260)
    assert len(said[0].places) == 6
    assert "2 more" in said[0].description


def test_shapes_that_grew_each_for_itself_are_told_each_for_itself() -> None:
    grown = [_larger(box, by, 160) for box, by in zip(SQUARES, (1.2, 1.5, 0.7), strict=True)]
    said = together([_resized(*pair) for pair in zip(SQUARES, grown, strict=True)], (320, 320))
    assert len(said) == len(SQUARES)


def test_edges_that_the_picture_cuts_off_tell_nothing() -> None:
    boxes = [(20.0, 60.0, 140.0, 140.0), (180.0, 60.0, 300.0, 140.0)]
    cut = [tuple(min(max(value, 0.0), 320.0) for value in _larger(box, 1.5, 160)) for box in boxes]
    said = together([_resized(box, now) for box, now in zip(boxes, cut, strict=True)], (320, 320))
    assert len(said) == 1


def test_a_sliver_is_a_place_of_what_it_lies_along_and_takes_none_of_its_own() -> None:
    shape, rim = Box(60, 60, 140, 140), Box(60, 140, 140, 141)
    found = [
        difference("shape_error", 2, Cause.MISSING, Element(kind="shape", at=box), box, reference="here")
        for box in (shape, rim)
    ]
    (said,) = without_slivers([item for item in found if item is not None])
    assert (said.box, said.places) == (shape, (shape, rim))
