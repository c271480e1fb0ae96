"""Lists: a small sign before a line is its marker, and an entry wraps as one."""

from __future__ import annotations

import numpy as np
from lxml import html
from PIL import Image as PILImage
from PIL import ImageDraw

from agent.generators.embedded.page.flow import write_flow
from critic.reading.page.bullets import without_bullet
from critic.reading.page.types import Family, Fill, LaidLine, Page, Shape, Span, Stop
from critic.types import Box

WHITE = Fill(stops=(Stop(at=0.0, colour="#ffffff"),))


def line(words: str, x: float, baseline: float) -> LaidLine:
    ink = Box(x, baseline - 12, x + 8 * len(words), baseline)
    span = Span(text=words, colour="#202020")
    return LaidLine(
        spans=(span,), family=Family.SANS, size=16, x=x, baseline=baseline, ink=ink, ground="#ffffff"
    )


def sign(x: float, baseline: float) -> Shape:
    return Shape(
        box=Box(x, baseline - 8, x + 5, baseline - 3), fill=Fill(stops=(Stop(at=0.0, colour="#202020"),))
    )


def test_lines_with_signs_before_them_are_entries_of_one_list() -> None:
    lines = (
        line("A heading of no list", 40, 60),
        line("Everything one has to know of the tides, and where", 60, 100),
        line("to look for the rest of it", 60, 119),
        line("Harbours", 60.4, 138),
        line("Lamps", 59.8, 157),
    )
    signs = tuple(sign(44, baseline) for baseline in (100, 138, 157))
    document = html.document_fromstring(
        write_flow(Page(width=800, height=600, fill=WHITE, lines=lines, shapes=signs))
    )
    entries = [item.text_content().split() for item in document.xpath("//ul/li")]
    assert [entry[0] for entry in entries] == ["Everything", "Harbours", "Lamps"]
    assert entries[0][-1] == "it"
    assert "list-style-type: square" in document.xpath("string(//style)")
    assert not document.xpath("//*[contains(@class, 'patch')]")


def test_a_single_sign_is_no_list() -> None:
    page = Page(width=800, height=600, fill=WHITE, lines=(line("Online", 60, 100),), shapes=(sign(44, 100),))
    assert not html.document_fromstring(write_flow(page)).xpath("//li")


def test_a_bullet_that_was_read_as_a_letter_is_cut_off_with_its_part_of_the_picture() -> None:
    picture = PILImage.new("RGB", (200, 30), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((6, 12, 11, 17), fill="black")
    draw.rectangle((24, 8, 120, 20), fill="black")
    image = np.asarray(picture)
    words, region = without_bullet(image, "• Small footprint", Box(0, 0, 130, 30))
    assert words == "Small footprint"
    assert 12 < region.x0 < 24
    assert without_bullet(image, "Small", Box(0, 0, 130, 30)) == ("Small", Box(0, 0, 130, 30))
