"""Small flat pictures of a page become drawings in it; what is not flat stays a picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

import cairosvg
import numpy as np
import pytest
from lxml import etree, html
from PIL import Image as PILImage
from PIL import ImageDraw

from agent.data.component import write_react, write_vue
from agent.data.finished import Finished
from agent.generators.embedded.page.flow.document import write_flow
from agent.generators.embedded.page.html import write
from agent.generators.embedded.page.icons import with_drawings
from agent.generators.embedded.types import Bench
from critic.metrics.reflow import reflow
from critic.reading import Reader
from critic.reading.page import Fill, Page, Stop
from critic.reading.page.pictures import embed
from critic.similarity import similarity
from critic.types import Box
from renderers import Kind, Language, Render, Renderers, Size
from renderers.pictures import load_picture
from renderers.types import Image, RenderStatus

GROUND, INK = (26, 34, 51), (108, 119, 143)
SIZE = Size(200, 60)


def _picture() -> Image:
    """A tick by a round pen and a ring, both pale on a dark ground, and a square of noise."""
    large = PILImage.new("RGB", (SIZE.width * 8, SIZE.height * 8), GROUND)
    draw = ImageDraw.Draw(large)
    draw.line([(128, 240), (192, 304), (304, 160)], fill=INK, width=16, joint="curve")
    for x, y in ((128, 240), (304, 160)):
        draw.ellipse((x - 8, y - 8, x + 8, y + 8), fill=INK)
    draw.ellipse((560, 160, 720, 320), outline=INK, width=16)
    pixels = np.array(large.resize((SIZE.width, SIZE.height), PILImage.Resampling.BOX))
    pixels[16:44, 130:158] = np.random.default_rng(5).integers(0, 255, (28, 28, 3))
    return pixels


@pytest.fixture(scope="module")
def drawn() -> tuple[Page, float, Render]:
    """The page with its drawings, how like its picture it is by places, and its render in the flow."""
    picture = _picture()
    boxes = (Box(13, 17, 41, 41), Box(67, 17, 93, 43), Box(130, 16, 158, 44))
    fill = Fill(stops=(Stop(at=0.0, colour="#1a2233"),))
    parts = tuple(embed(picture, box, alt) for box, alt in zip(boxes, ("", "Ring", ""), strict=True))
    page = Page(width=SIZE.width, height=SIZE.height, fill=fill, pictures=parts)

    async def run() -> tuple[Page, Render, Render]:
        async with Renderers() as renderers:

            async def probe(code: str) -> Render:
                return await renderers.render(Kind.PAGE, code, Language.HTML, SIZE)

            found = await with_drawings(page, Bench(reader=Reader(), probe=probe))
            return found, await probe(write(found)), await probe(write_flow(found))

    page, by_places, flow = asyncio.run(run())
    assert by_places.image is not None
    return page, similarity(picture, by_places.image), flow


def test_flat_signs_are_drawn_and_noise_is_kept_as_pixels(drawn: tuple[Page, float, Render]) -> None:
    page, likeness, _ = drawn
    assert [part.drawing is not None for part in page.pictures] == [True, True, False]
    assert likeness > 0.99


def test_a_sign_by_a_pen_is_a_stroke_in_its_colour(drawn: tuple[Page, float, Render]) -> None:
    document = html.document_fromstring(write_flow(drawn[0]))
    tick, ring = document.xpath("//svg")
    assert tick.get("stroke-width") and tick.get("stroke")
    assert (
        max(abs(int(tick.get("stroke")[i : i + 2], 16) - v) for i, v in zip((1, 3, 5), INK, strict=True)) < 8
    )
    assert tick.get("aria-hidden") == "true" and ring.get("role") == "img"
    assert ring.get("aria-label") == "Ring"
    assert len(document.xpath("//img")) == 1


def test_shapes_of_a_drawing_are_no_elements_of_the_page(drawn: tuple[Page, float, Render]) -> None:
    layout = drawn[2].layout
    assert layout is not None
    assert {item.tag for item in layout.elements} <= {"body", "div", "img", "svg"}
    assert reflow(layout, {}).in_flow == 1.0


def test_components_name_the_attributes_of_drawings_as_svg_does(drawn: tuple[Page, float, Render]) -> None:
    for code in (write_flow(drawn[0]), write(drawn[0])):
        finished = Finished(Path("run"), "signs.png", Kind.PAGE, Language.HTML, code)
        for made in (write_react(finished), write_vue(finished)):
            assert 'viewBox="0 0 ' in made and "viewbox" not in made


def test_a_line_icon_at_the_size_of_a_menu_is_drawn() -> None:
    body = '<rect x="1" y="5" width="22" height="14" rx="7"/><circle cx="8" cy="12" r="3"/>'
    pen = 'fill="none" stroke="#1d4ed8" stroke-width="2"'
    code = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {pen}>{body}</svg>'
    sign = load_picture(
        cairosvg.svg2png(code.encode(), output_width=16, output_height=16, background_color="white")
    )
    part = embed(np.pad(sign, ((8, 8), (8, 8), (0, 0)), constant_values=255), Box(8, 8, 24, 24))
    page = Page(width=32, height=32, fill=Fill(stops=(Stop(at=0.0, colour="#ffffff"),)), pictures=(part,))

    async def probe(sheet: str) -> Render:
        found = html.document_fromstring(sheet).xpath("//svg")
        assert found, "no way to draw it was found"
        first = etree.tostring(found[0], with_tail=False).replace(b"viewbox", b"viewBox")
        first = first.replace(b"<svg ", b'<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        shown = np.full((100, page.width, 3), 255, np.uint8)
        shown[:18, :18] = load_picture(
            cairosvg.svg2png(first, output_width=18, output_height=18, background_color="white")
        )
        return Render(RenderStatus.OK, image=shown)

    found = asyncio.run(with_drawings(page, Bench(reader=Reader(), probe=probe)))
    assert found.pictures[0].drawing is not None
