"""Pages drawn with Pillow, read back."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from critic.reading import Reader
from critic.reading.ocr import TextLine
from critic.reading.page import Family, Page, read_page
from critic.reading.page.colours import rgb
from critic.reading.page.lines import cleaned, read_lines
from critic.types import Box

_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _font(size: float, name: str = "DejaVuSans.ttf") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / name), size)


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    page = Image.new("RGB", (760, 420), "#ffffff")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 759, 47), fill="#203040")
    draw.text((30, 12), "Harbour records", font=_font(20), fill="#ffffff")
    draw.text((60, 80), "Tide tables", font=_font(30, "DejaVuSans-Bold.ttf"), fill="#a02010")
    draw.text((60, 140), "High water comes twice a day in most harbours,", font=_font(16), fill="#222222")
    draw.text((60, 164), "and later by fifty minutes every morning.", font=_font(16), fill="#222222")
    draw.rounded_rectangle((60, 210, 259, 259), radius=10, fill="#e8eef4", outline="#556677", width=2)
    draw.text((90, 225), "Next reading", font=_font(16), fill="#0050c0")
    draw.line((60, 300, 699, 300), fill="#999999")
    noise = np.random.default_rng(7).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    page.paste(Image.fromarray(noise), (560, 180))
    return np.asarray(page)


@pytest.fixture(scope="module")
def page(picture: np.ndarray) -> Page:
    return read_page(picture, Reader())


def test_lines_are_read_with_their_letters(page: Page) -> None:
    assert [line.text for line in page.lines] == [
        "Harbour records",
        "Tide tables",
        "High water comes twice a day in most harbours,",
        "and later by fifty minutes every morning.",
        "Next reading",
    ]


def test_lines_have_their_face_size_and_weight(page: Page) -> None:
    assert {line.family for line in page.lines} == {Family.WIDE}
    assert [round(line.size) for line in page.lines] == [20, 30, 16, 16, 16]
    assert [line.spans[0].bold for line in page.lines] == [False, True, False, False, False]


def test_lines_have_their_colours(page: Page) -> None:
    drawn = ["#ffffff", "#a02010", "#222222", "#222222", "#0050c0"]
    seen = [line.spans[0].colour for line in page.lines]
    assert all(np.abs(rgb(a) - rgb(b)).max() <= 6 for a, b in zip(drawn, seen, strict=True))
    assert page.lines[0].ground == "#203040"


def test_lines_lie_where_they_were_drawn(page: Page) -> None:
    assert [line.x for line in page.lines] == pytest.approx([30, 60, 60, 60, 90], abs=0.8)
    ascent = _font(16).getmetrics()[0]
    assert page.lines[2].baseline == pytest.approx(140 + ascent, abs=1)


def test_boxes_have_fill_border_and_radius(page: Page) -> None:
    button = next(shape for shape in page.shapes if shape.fill.colour == "#e8eef4")
    assert button.box == (60, 210, 260, 260)
    assert {(edge.width, edge.colour) for edge in button.border if edge} == {(2, "#556677")}
    assert button.radius == pytest.approx((10, 10, 10, 10), abs=1.5)
    bar = next(shape for shape in page.shapes if shape.fill.colour == "#203040")
    assert bar.box == (0, 0, 760, 48)


def test_a_rule_is_a_box_and_a_photograph_a_picture(page: Page) -> None:
    assert any(shape.box == (60, 300, 700, 301) for shape in page.shapes)
    photograph = max(page.pictures, key=lambda picture: len(picture.data))
    assert photograph.box == pytest.approx((560, 180, 680, 270), abs=2)


def test_letters_are_no_boxes(page: Page) -> None:
    assert len(page.shapes) == 3


def test_a_gradient_is_read_as_one() -> None:
    ramp = np.linspace((20, 40, 90), (200, 220, 250), 300).round().astype(np.uint8)
    fill = read_page(np.repeat(ramp[:, None], 400, axis=1), Reader()).fill
    assert not fill.flat
    assert fill.angle == 180
    assert [stop.colour for stop in fill.stops][:: len(fill.stops) - 1] == ["#14285a", "#c8dcfa"]


def test_a_tall_page_is_read_from_top_to_bottom() -> None:
    page = Image.new("RGB", (420, 4300), "#ffffff")
    draw = ImageDraw.Draw(page)
    rows = range(30, 4300, 430)
    for number, y in enumerate(rows):
        draw.text((40, y), f"Mile post {number + 20} of the coast road", font=_font(15), fill="#202020")
    lines = read_page(np.asarray(page), Reader()).lines
    assert [line.text for line in lines] == [
        f"Mile post {n + 20} of the coast road" for n in range(len(rows))
    ]
    assert [line.baseline for line in lines] == pytest.approx([y + 14 for y in rows], abs=2)


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (400, 2), (30, 30)])
def test_odd_pictures_give_a_description(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (*shape, 3), dtype=np.uint8)
    page = read_page(pixels, Reader())
    assert (page.height, page.width) == shape


def test_an_empty_picture_is_an_empty_page() -> None:
    page = read_page(np.full((200, 300, 3), 250, dtype=np.uint8), Reader())
    assert (page.lines, page.shapes, page.pictures) == ((), (), ())
    assert page.fill.colour == "#fafafa"


def test_a_description_survives_json(page: Page) -> None:
    assert Page.model_validate_json(page.model_dump_json()) == page


def test_a_bar_and_a_column_of_one_colour_are_two_boxes() -> None:
    drawn = Image.new("RGB", (700, 500), "#ffffff")
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, 0, 699, 49), fill="#212529")
    draw.rectangle((0, 50, 159, 499), fill="#212529")
    draw.text((20, 14), "Harbour records", font=_font(18), fill="#ffffff")
    draw.text((20, 90), "Tides", font=_font(16), fill="#ffffff")
    draw.text((220, 90), "High water comes twice a day", font=_font(16), fill="#222222")
    page = read_page(np.asarray(drawn), Reader())
    assert page.fill.colour == "#ffffff"
    assert {(shape.box, shape.fill.colour) for shape in page.shapes} == {
        ((0, 0, 700, 50), "#212529"),
        ((0, 50, 160, 500), "#212529"),
    }


def test_a_heading_on_a_photograph_is_text_and_is_not_in_the_embedded_picture() -> None:
    grain = np.random.default_rng(3).integers(0, 160, (20, 35, 3), dtype=np.uint8)
    photograph = Image.fromarray(grain).resize((700, 400), Image.Resampling.BICUBIC)
    drawn = photograph.copy()
    place, face = (120, 150), _font(48, "DejaVuSans-Bold.ttf")
    ImageDraw.Draw(drawn).text(place, "Harbour at dawn", font=face, fill="#ffffff")
    page = read_page(np.asarray(drawn), Reader())
    (line,) = page.lines
    assert (line.text, line.family, line.spans[0].bold) == ("Harbour at dawn", Family.WIDE, True)
    assert line.spans[0].colour == "#ffffff"
    assert line.size == pytest.approx(48, abs=1)
    (picture,) = page.pictures
    embedded = Image.open(io.BytesIO(base64.b64decode(picture.data))).convert("RGB")
    assert np.asarray(embedded).min(axis=2).max() < 220
    assert embedded.size == (700, 400)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("the wHERE clause", "the WHERE clause"),
        ("JSoNDecoder", "JSONDecoder"),
        ("McDonald, URLs", "McDonald, URLs"),
    ],
)
def test_a_small_letter_amid_capitals_is_a_capital(seen: str, meant: str) -> None:
    assert cleaned(seen) == meant


@pytest.mark.parametrize("count", [5, 9, 14])
def test_the_dots_of_a_password_are_counted(count: int) -> None:
    large = Image.new("L", (16 * 4 * 20, 160), 255)
    draw = ImageDraw.Draw(large)
    for index in range(count):
        draw.ellipse((160 + 25 * index, 70, 178 + 25 * index, 88), fill=30)
    grey = np.array(large.resize((large.width // 4, 40), Image.Resampling.BOX))
    image = np.repeat(grey[..., None], 3, axis=2)
    seen = TextLine(text="........", box=Box(38, 14, 42 + 25 * count // 4, 26), score=0.6)
    (line,) = read_lines(image, (seen,), ())
    assert line.text == "•" * count
