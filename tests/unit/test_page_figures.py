"""A chart in a page, and a sign of several pieces, are one picture each; a badge keeps its words."""

from __future__ import annotations

import numpy as np

from critic.reading.page.figures import with_figures
from critic.reading.page.pictures import embed
from critic.reading.page.types import Family, Fill, LaidLine, Page, Shape, Span, Stop
from critic.types import Box

IMAGE = np.full((400, 600, 3), 255, dtype=np.uint8)


def box(x0: float, y0: float, x1: float, y1: float) -> Shape:
    return Shape(box=Box(x0, y0, x1, y1), fill=Fill(stops=(Stop(at=0.0, colour="#dde6fa"),)))


def label(text: str, x: float, y: float) -> LaidLine:
    ink = Box(x, y - 9, x + 7 * len(text), y)
    span = Span(text=text, colour="#555555")
    return LaidLine(spans=(span,), family=Family.SANS, size=12, x=x, baseline=y, ink=ink, ground="#ffffff")


def page(**parts: object) -> Page:
    fill = Fill(stops=(Stop(at=0.0, colour="#ffffff"),))
    return Page.model_validate({"width": 600, "height": 400, "fill": fill, **parts})


def test_a_drawing_over_cells_of_a_grid_is_one_picture_with_its_labels_as_alternative() -> None:
    cells = tuple(
        box(60 + 60 * i, 60 + 40 * j, 120 + 60 * i, 100 + 40 * j) for i in range(4) for j in range(3)
    )
    labels = tuple(label(month, 60 + 60 * i, 198) for i, month in enumerate(("Jan", "Feb", "Mar", "Apr")))
    heading = label("Sales of the last four months", 60, 20)
    found = with_figures(
        page(shapes=cells, lines=(heading, *labels), pictures=(embed(IMAGE, Box(60, 60, 300, 180)),)), IMAGE
    )
    (chart,) = found.pictures
    assert chart.alt == "Chart: Jan, Feb, Mar, Apr"
    assert chart.box.y1 >= 198
    assert found.lines == (heading,) and not found.shapes


def test_text_on_a_photograph_stays_text() -> None:
    photo = embed(IMAGE, Box(0, 0, 600, 300))
    specks = tuple(box(20 * i, 20, 20 * i + 6, 26) for i in range(10))
    title = label("Man must explore", 60, 120)
    assert with_figures(page(shapes=specks, lines=(title,), pictures=(photo,)), IMAGE).lines == (title,)


def test_pieces_of_a_sign_are_one_picture_and_a_badge_and_a_box_to_tick_are_none() -> None:
    bars = tuple(box(20, 20 + 6 * i, 38, 22 + 6 * i) for i in range(3))
    badge, word = box(100, 20, 126, 36), label("3", 110, 32)
    tick = (box(200, 20, 216, 36), box(204, 24, 212, 32))
    found = with_figures(page(shapes=(*bars, badge, *tick), lines=(word,)), IMAGE)
    assert [picture.box for picture in found.pictures] == [Box(19, 19, 39, 35)]
    assert found.shapes == (badge, *tick)
    assert found.lines == (word,)


def test_what_a_sign_encloses_is_part_of_its_picture_and_a_badge_on_it_is_not() -> None:
    sign, inner, badge = embed(IMAGE, Box(37, 47, 57, 66)), box(40, 51, 54, 62), box(49, 45, 58, 56)
    found = with_figures(page(shapes=(inner, badge), pictures=(sign,), lines=(label("3", 50, 55),)), IMAGE)
    assert found.shapes == (badge,)
