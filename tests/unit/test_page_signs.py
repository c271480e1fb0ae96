"""What is a control and what a drawn sign, what a revision may change for little, what no picture mends."""

from __future__ import annotations

import numpy as np

from agent.generators.embedded.page.flow.controls import give_controls
from agent.generators.embedded.page.flow.element import Element
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.revise import _is_edge
from agent.generators.embedded.page.tournament import _price
from critic.reading.page import Edge, Family, Fill, LaidLine, Shape, Span, Stop
from critic.reading.page.borders import border_of
from critic.types import Box

WHITE, GREY = Fill(stops=(Stop(at=0.0, colour="#ffffff"),)), Edge(width=1, colour="#999999")


def square_row(radius: tuple[float, float, float, float] = (2.0, 2.0, 2.0, 2.0)) -> Element:
    shape = Shape(box=Box(0, 0, 16, 16), fill=WHITE, border=(GREY,) * 4, radius=radius)
    square = Element("div", "patch", Node(shape.box, shape=shape))
    return Element(
        "div", "row", Node(Box(0, 0, 80, 16)), children=[square, Element("p", "text", text="Remember me")]
    )


def sign_row() -> Element:
    image = Element("img", "picture", Node(Box(0, 0, 16, 16)))
    return Element(
        "div", "row", Node(Box(0, 0, 80, 16)), children=[image, Element("p", "text", text="Forms")]
    )


def ticks(*rows: Element) -> int:
    root = Element("body", "body", children=[Element("div", "stack", children=list(rows))])
    give_controls(root)
    return sum(element.tag == "input" for element in root.walk())


def test_a_framed_square_before_a_text_is_a_box_to_tick() -> None:
    assert ticks(square_row()) == 1


def test_a_square_in_a_column_of_signs_is_one_of_them() -> None:
    assert ticks(sign_row(), square_row(), sign_row()) == 0


def test_a_square_whose_corners_differ_is_a_sign() -> None:
    assert ticks(square_row((5.5, 6.0, 5.5, 1.5))) == 0


def line(*, bold: bool = False, italic: bool = False) -> LaidLine:
    span = Span(text="Sales", colour="#000000", bold=bold, italic=italic)
    return LaidLine(
        spans=(span,), family=Family.SANS, size=14.0, spacing=0.0, x=0.0, baseline=12.0,
        ink=Box(0, 2, 40, 12), ground="#ffffff", score=1.0,
    )  # fmt: skip


def test_another_weight_or_slant_must_bring_as_much_as_another_face() -> None:
    box = Box(0, 0, 48, 16)
    moved = line().model_copy(update={"x": 1.0})
    assert _price(line(), line(bold=True), box) == _price(line(), line(italic=True), box)
    assert _price(line(), line(bold=True), box) > _price(line(), moved, box)


def test_a_strip_along_the_side_of_a_box_is_no_picture_to_add() -> None:
    card = Box(100, 100, 400, 300)
    assert _is_edge(Box(101, 296, 398, 304), card)
    assert _is_edge(Box(98, 104, 103, 296), card)
    assert not _is_edge(Box(110, 110, 126, 126), card)  # a sign within it
    assert not _is_edge(Box(110, 180, 390, 188), card)  # a rule within it


def test_a_border_at_the_top_is_told_beside_a_badge_that_lies_over_it() -> None:
    image = np.full((80, 120, 3), 255, np.uint8)
    image[19:61, 19:101] = (20, 180, 150)
    image[20:60, 20:100] = 250
    image[14:24, 70:95] = (20, 180, 150)  # a badge over a third of the upper side
    mask = np.ones((40, 80), bool)
    top, right, bottom, left = border_of(image, (20, 20, 100, 60), 0.0, mask)
    assert top == right == bottom == left
    assert top is not None
    assert top.width == 1
