"""The HTML that a page's description is written as."""

from __future__ import annotations

from lxml import html

from agent.generators.embedded.page.html import write
from critic.reading.page import Edge, Family, Fill, LaidLine, Page, PixelPart, Shadow, Shape, Span, Stop
from critic.types import Box


def _flat(colour: str) -> Fill:
    return Fill(stops=(Stop(at=0.0, colour=colour),))


def _line(text: str, y: float, **changes: object) -> LaidLine:
    size = float(changes.pop("size", 16))  # type: ignore[arg-type]
    span = Span(text=text, colour="#222222", **changes)  # type: ignore[arg-type]
    ink = Box(40, y - 12, 40 + 8 * len(text), y)
    return LaidLine(spans=(span,), family=Family.SANS, size=size, x=40, baseline=y, ink=ink, ground="#ffffff")


def _document(*lines: LaidLine, shapes: tuple[Shape, ...] = (), pictures: tuple[PixelPart, ...] = ()) -> str:
    return write(
        Page(width=640, height=400, fill=_flat("#ffffff"), lines=lines, shapes=shapes, pictures=pictures)
    )


def test_markup_in_a_text_is_text() -> None:
    code = _document(_line("a < b && <script>alert(1)</script>", 50))
    (paragraph,) = html.document_fromstring(code).xpath("//body/*")
    assert paragraph.text_content() == "a < b && <script>alert(1)</script>"
    assert "<script" not in code


def test_equal_styles_share_a_class() -> None:
    code = _document(_line("one", 50), _line("two", 150), _line("three", 250, bold=True))
    classes = [element.get("class") for element in html.document_fromstring(code).xpath("//body/*")]
    assert classes == ["text-1", "text-1", "text-2"]
    assert "font-family" not in code.split("<body>")[1] and "color" not in code.split("<body>")[1]


def test_lines_of_one_pitch_are_a_paragraph() -> None:
    code = _document(
        _line("The lamp burns from dusk until dawn and", 50), _line("is trimmed at noon by the keeper", 70)
    )
    (paragraph,) = html.document_fromstring(code).xpath("//body/p")
    assert len(paragraph.xpath("br")) == 1
    assert "16px/20px" in code


def test_large_text_is_a_heading_and_the_title() -> None:
    code = _document(_line("Tide tables", 50, size=32), _line("High water comes twice a day.", 150))
    document = html.document_fromstring(code)
    assert document.xpath("string(//h1)") == "Tide tables"
    assert document.xpath("string(//title)") == "Tide tables"


def test_underlined_words_are_links() -> None:
    spans = (
        Span(text="see the ", colour="#222222"),
        Span(text="almanac", colour="#0040a0", decoration="underline"),
        Span(text=" first", colour="#222222"),
    )
    code = _document(_line("see the almanac first", 50).model_copy(update={"spans": spans}))
    document = html.document_fromstring(code)
    assert document.xpath("string(//a)") == "almanac"
    assert document.xpath("string(//p)") == "see the almanac first"
    assert "a { color: #0040a0; text-decoration: underline; }" in code


def test_boxes_have_fill_border_radius_and_shadow() -> None:
    edge = Edge(width=2, colour="#556677")
    shape = Shape(
        box=Box(10, 20, 110, 60),
        fill=Fill(stops=(Stop(at=0, colour="#ffffff"), Stop(at=1, colour="#000000")), angle=90),
        radius=(8, 8, 8, 8),
        border=(edge, edge, edge, edge),
        shadow=Shadow(dy=4, blur=12, colour="#000000", opacity=0.2),
    )
    code = _document(shapes=(shape,))
    rule = next(line for line in code.splitlines() if ".box-1" in line)
    assert "linear-gradient(90deg, #ffffff 0%, #000000 100%)" in rule
    assert "border-radius: 8px" in rule and "border: 2px solid #556677" in rule
    assert "box-shadow: 0 4px 12px rgb(0 0 0 / 0.2)" in rule
    assert 'style="--x: 10; --y: 20; --w: 100; --h: 40"' in code


def test_pictures_are_embedded() -> None:
    picture = PixelPart(box=Box(5, 6, 25, 36), mime="image/png", data="QUJD", alt='"a" & b')
    (image,) = html.document_fromstring(_document(pictures=(picture,))).xpath("//img")
    assert image.get("src") == "data:image/png;base64,QUJD"
    assert image.get("alt") == '"a" & b'
