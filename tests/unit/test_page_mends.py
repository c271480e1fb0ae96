"""Pages: a label that sits on a card's border, signs whose spaces OCR loses, and one face for a page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw

from critic.reading import Reader
from critic.reading.ocr import TextLine
from critic.reading.page import MANNERS, read_page
from critic.reading.page.fit import Fit, choose
from critic.reading.page.regions import regions
from critic.reading.page.shapes import read_shapes
from critic.reading.page.types import Family
from critic.types import Box

GREEN = (26, 187, 156)


def card_with_label(border: int) -> np.ndarray:
    picture = PILImage.new("RGB", (480, 320), (245, 247, 251))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((80, 60, 399, 279), fill="white", outline=GREEN, width=border)
    draw.rounded_rectangle((260, 50, 359, 71), radius=11, fill=GREEN)
    return np.asarray(picture)


@pytest.mark.parametrize("border", [1, 2, 4])
def test_a_label_on_a_border_of_its_colour_is_a_box_of_its_own(border):
    _, shapes = read_shapes(card_with_label(border), ())
    labels = [s for s in shapes if s.fill.flat and s.fill.colour == "#1abb9c" and s.box.y1 - s.box.y0 > 15]
    (label,) = labels
    assert np.abs(np.subtract(label.box, (260, 50, 360, 72))).max() <= 1
    assert min(label.radius) > 8
    cards = [s for s in shapes if s.fill.colour == "#ffffff"]
    assert any(np.abs(np.subtract(s.box, Box(80, 60, 400, 280))).max() <= 12 for s in cards)


def fit(family: Family, score: float, bold: bool = False) -> Fit:
    return Fit(family, bold, 13.0, 0.0, 0.0, score)


def test_a_line_in_doubt_follows_the_page_and_doubtful_lines_do_not_speak_for_another_face():
    sure = [fit(Family.SANS, 0.8), fit(Family.SERIF, 0.5)]
    doubtful = [fit(Family.SERIF, 0.72), fit(Family.SANS, 0.67)]
    texts = ["a long line of text that is set in the page's face"] * 12 + ["Community support"] * 3
    chosen = choose([sure] * 12 + [doubtful] * 3, texts)
    assert {one.family for one in chosen} == {Family.SANS}


def test_a_page_may_have_a_second_face():
    body = [fit(Family.SANS, 0.8), fit(Family.SERIF, 0.5)]
    quote = [fit(Family.SERIF, 0.85), fit(Family.SANS, 0.5)]
    texts = ["a long line of text that is set in the page's face"] * 4 + ["a quotation in another face"] * 3
    chosen = choose([body] * 4 + [quote] * 3, texts)
    assert [one.family for one in chosen] == [Family.SANS] * 4 + [Family.SERIF] * 3


def test_a_page_can_be_read_in_several_manners_each_always_the_same():
    """Steps of a few shades are boxes in the usual manner and one area in a coarser one."""
    steps = np.full((160, 320, 3), 240, dtype=np.uint8)
    steps[40:120, 40:280] = 236
    pages = [read_page(steps, Reader(), manner) for manner in MANNERS]
    assert pages == [read_page(steps, Reader(), manner) for manner in MANNERS]
    assert len(pages[0].shapes) == 1
    assert any(page.shapes != pages[0].shapes for page in pages[1:])
    assert len(set(MANNERS)) == len(MANNERS) >= 4


def test_a_small_mark_on_a_plain_ground_is_kept() -> None:
    drawn = PILImage.new("RGB", (500, 300), "#ffffff")
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, 0, 199, 299), fill="#1a2332")
    draw.line((170, 100, 174, 104, 170, 108), fill="#8090a0")
    page = read_page(np.asarray(drawn), Reader())
    (mark,) = page.pictures
    assert mark.box.x0 <= 170 < 175 <= mark.box.x1
    assert mark.box.y0 <= 100 < 109 <= mark.box.y1


def test_large_and_small_text_on_one_row_are_cut_where_no_ink_is() -> None:
    drawn = PILImage.new("RGB", (200, 80), "#ffffff")
    draw = ImageDraw.Draw(drawn)
    for stroke in range(20, 60, 8):
        draw.rectangle((stroke, 20, stroke + 3, 59), fill="#000000")
    for stroke in range(66, 120, 4):
        draw.rectangle((stroke, 44, stroke + 1, 57), fill="#000000")
    seen = (
        TextLine(text="$0", score=1.0, box=Box(17, 17, 76, 62)),
        TextLine(text="/month", score=1.0, box=Box(52, 42, 123, 60)),
    )
    large, small = regions(np.asarray(drawn), seen, ())
    assert 56 <= large.x1 <= 66
    assert 56 <= small.x0 <= 66
