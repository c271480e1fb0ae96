"""The page critic on pages drawn with Pillow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from critic.pixel import PixelCritic
from critic.reading import Reader
from critic.types import Cause, Discrepancy
from renderers.types import Kind

_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"

Draw = Callable[..., np.ndarray]


def _page(
    *,
    heading: str = "Tide tables",
    second: str = "The lamp burns from dusk until 06:40.",
    button: str = "#2060c0",
    ink: str = "#222222",
    shift: int = 0,
    face: str = "DejaVuSans.ttf",
    with_bar: bool = True,
    with_button: bool = True,
    with_line: bool = True,
    extra: bool = False,
    panel: bool = False,
) -> np.ndarray:
    page = Image.new("RGB", (720, 400), "#ffffff")
    draw = ImageDraw.Draw(page)

    def text(x: int, y: int, words: str, size: int, colour: str) -> None:
        draw.text((x, y), words, font=ImageFont.truetype(str(_FONTS / face), size), fill=colour)

    if with_bar:
        draw.rectangle((0, 0, 719, 47), fill="#e4e8f0")
    if panel:
        draw.rectangle((50, 130, 679, 169), fill="#2e8b57")
    text(60, 80, heading, 28, "#a02010")
    if with_line:
        text(60, 140, "High water comes twice a day in most harbours.", 16, ink)
    text(60 + shift, 180, second, 16, "#222222")
    if with_button:
        draw.rectangle((60, 230, 219, 279), fill=button)
        text(90, 245, "Next page", 16, "#ffffff")
    if extra:
        draw.rectangle((450, 250, 589, 319), fill="#30a060")
    return np.asarray(page)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _said(render: np.ndarray, reader: Reader) -> list[Discrepancy]:
    return list(asyncio.run(PixelCritic(reader).critique(Kind.PAGE, _page(), render)).discrepancies)


def _meets(item: Discrepancy, x: float, y: float) -> bool:
    box = item.box
    return box is not None and box.x0 - 4 <= x <= box.x1 + 4 and box.y0 - 4 <= y <= box.y1 + 4


def test_an_equal_render_has_no_discrepancies(reader: Reader) -> None:
    assert _said(_page(), reader) == []


def test_resampling_is_no_discrepancy(reader: Reader) -> None:
    large = cv2.resize(_page(), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    assert _said(np.asarray(large, dtype=np.uint8), reader) == []


def test_slight_noise_is_no_discrepancy(reader: Reader) -> None:
    noise = np.random.default_rng(3).integers(-4, 5, _page().shape)
    assert _said(np.clip(_page() + noise, 0, 255).astype(np.uint8), reader) == []


@pytest.mark.parametrize(
    ("change", "category", "x", "y"),
    [
        ({"second": "The lamp burns from dusk until 06:10."}, "text_error", 346, 190),
        ({"second": "The lamp burns from noon until 06:40."}, "text_error", 240, 190),
        ({"heading": "Time tables"}, "text_error", 100, 98),
        ({"ink": "#c02080"}, "style_error", 200, 150),
        ({"button": "#c08020"}, "style_error", 140, 270),
        ({"with_line": False}, "text_error", 200, 150),
        ({"with_button": False}, "element_error", 140, 255),
        ({"with_bar": False}, "element_error", 360, 24),
        ({"extra": True}, "element_error", 520, 285),
        ({"shift": 40}, "layout_error", 200, 190),
    ],
)
def test_one_change_is_one_discrepancy_at_its_place(
    change: dict[str, object], category: str, x: float, y: float, reader: Reader
) -> None:
    said = _said(_page(**change), reader)  # type: ignore[arg-type]
    assert [item.category for item in said] == [category]
    assert _meets(said[0], x, y)


def test_a_changed_number_is_named(reader: Reader) -> None:
    (said,) = _said(_page(second="The lamp burns from dusk until 06:10."), reader)
    assert said.cause is Cause.TEXT and "06:40" in str(said.reference) and "06:1" in str(said.render)


def test_of_a_changed_line_the_words_that_changed_are_named(reader: Reader) -> None:
    (said,) = _said(_page(second="The lamp burns from noon until 06:40."), reader)
    assert (said.reference, said.render) in {("dusk", "noon"), ("dusk until", "noon until")}
    assert said.box is not None and said.box.width < 100  # of 300


def test_another_fill_behind_dark_words_is_told_beside_a_line_that_moved(reader: Reader) -> None:
    said = _said(_page(panel=True, shift=40), reader)
    assert {(item.category, item.cause) for item in said} == {
        ("style_error", Cause.RECOLOURED),
        ("layout_error", Cause.MOVED),
    }


def test_another_font_is_a_matter_of_style(reader: Reader) -> None:
    said = _said(_page(face="DejaVuSerif.ttf"), reader)
    assert said
    assert {item.category for item in said} <= {"style_error"}


def test_findings_of_one_cause_are_one_discrepancy(reader: Reader) -> None:
    said = _said(_page(face="DejaVuSans-Bold.ttf"), reader)
    assert {item.category for item in said} <= {"style_error"}
    assert len(said) <= 4


def test_a_blank_render_lacks_everything(reader: Reader) -> None:
    said = _said(np.full_like(_page(), 255), reader)
    assert {item.category for item in said} == {"element_error", "text_error"}
    assert sum(item.severity for item in said) >= 8


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (200, 3)])
def test_odd_renders_are_compared(size: tuple[int, int], reader: Reader) -> None:
    assert isinstance(_said(np.zeros((*size, 3), dtype=np.uint8), reader), list)


def _menu(*names: str, spaced: int = 40) -> np.ndarray:
    """Names beside each other, each as far from the next."""
    page = Image.new("RGB", (720, 200), "#ffffff")
    draw, left = ImageDraw.Draw(page), 40
    face = ImageFont.truetype(str(_FONTS / "DejaVuSans.ttf"), 16)
    for name in names:
        draw.text((left, 80), name, font=face, fill="#222222")
        left += int(draw.textlength(name, font=face)) + spaced
    return np.asarray(page)


def test_what_a_lost_name_lets_move_up_in_its_row_is_part_of_that(reader: Reader) -> None:
    reference, render = _menu("Tides", "Harbours", "Lamps", "Charts"), _menu("Tides", "Lamps", "Charts")
    found = asyncio.run(PixelCritic(reader).critique(Kind.PAGE, reference, render)).discrepancies
    (gone,) = found
    assert gone.element is not None and gone.element.name == "Harbours"
    assert any(place.x0 > gone.box.x1 for place in gone.places if gone.box), "with what moved for it"


NAMES = ("Each", "season", "the", "garden", "committee", "chooses")


def _causes(reference: np.ndarray, render: np.ndarray, reader: Reader) -> list[Cause | None]:
    found = asyncio.run(PixelCritic(reader).critique(Kind.PAGE, reference, render)).discrepancies
    return [item.cause for item in found]


def test_words_of_one_line_are_one_finding(reader: Reader) -> None:
    """Of a line that the page's foot cuts and nobody can read, and of one that only the render has."""
    reference = _menu(*NAMES, spaced=6).copy()
    reference[:40] = (40, 90, 160)
    without = reference.copy()
    without[40:] = 255
    assert _causes(reference[:93], without[:93], reader) == [Cause.MISSING]
    assert _causes(without, reference, reader) == [Cause.EXTRA]


def _form(words: str = "Send", size: int = 16, low: bool = False) -> np.ndarray:
    """A button as large as its words need, and lines of text below it."""
    page = Image.new("RGB", (720, 300), "#ffffff")
    draw, face = ImageDraw.Draw(page), ImageFont.truetype(str(_FONTS / "DejaVuSans.ttf"), size)
    wide = int(draw.textlength(words or "Send", font=face)) + 40
    high = 24 if low else 20 + size
    draw.rectangle((60, 40, 60 + wide, 40 + high), fill="#9c6644")
    draw.text((80, 40 + high // 2), words, font=face, fill="#ffffff", anchor="lm")
    for number, line in enumerate(("High water comes twice a day.", "The lamp burns until dawn.")):
        place = (60, 100 + high + 40 * number)
        draw.text(place, line, font=ImageFont.truetype(str(_FONTS / "DejaVuSans.ttf"), 16), fill="#222222")
    return np.asarray(page)


def test_a_button_that_lost_its_words_and_height_is_the_words_alone(reader: Reader) -> None:
    assert _causes(_form(), _form("", low=True), reader) == [Cause.MISSING]


def test_larger_words_make_their_button_larger_and_are_all_that_is_told(reader: Reader) -> None:
    assert _causes(_form(), _form(size=24), reader) == [Cause.RESIZED]


def test_a_lower_button_that_pushes_the_rest_up_is_told_as_one(reader: Reader) -> None:
    assert _causes(_form(), _form(low=True), reader) == [Cause.RESIZED]


def test_a_word_of_a_line_in_a_larger_size_is_told_as_that(reader: Reader) -> None:
    def page(size: int) -> np.ndarray:
        picture = Image.new("RGB", (720, 200), "#ffffff")
        draw, left = ImageDraw.Draw(picture), 40
        for words, high in (("Opening hours of the", 16), ("museum", size)):
            face = ImageFont.truetype(str(_FONTS / "DejaVuSans.ttf"), high)
            draw.text((left, 96), words, font=face, fill="#222222", anchor="ls")
            left += int(draw.textlength(words, font=face)) + 6
        return np.asarray(picture)

    found = asyncio.run(PixelCritic(reader).critique(Kind.PAGE, page(16), page(22))).discrepancies
    assert [(item.cause, item.category) for item in found] == [(Cause.RESIZED, "style_error")]
    assert found[0].box is not None and found[0].box.x0 > 200, "the word alone"
