"""Text of scripts that OCR does not know: told, left empty, or read by Tesseract; never debris."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from critic.reading import foreign, tesseract
from critic.reading.foreign import settled
from critic.reading.lines import TextLine
from critic.reading.missed import has_missed_words
from critic.reading.scripts import ARABIC, CYRILLIC, script_of
from critic.types import Box

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
RUSSIAN = ("Бумага офисная", "Ручка шариковая синяя", "Щётка для пыли", "Количество")
ARABIC_FORMS = (
    "\ufe97\ufeee\ufee7\ufeb2 \ufe8d\ufedf\ufee4\ufeaa\ufef3\ufee8\ufe94 \ufe8d\ufedf\ufeb4\ufedc\ufe8e\ufee5"
)
ENGLISH = ("Office paper A4", "Ballpoint pen, blue", "Größe in m²", "1 250,00", "R2-D2")


def drawn(*texts: str, font: str = "DejaVuSans.ttf", size: int = 16):
    """Lines one under the other, with the boxes of their ink."""
    picture = PILImage.new("RGB", (420, 20 + 40 * len(texts)), "white")
    pen, face, boxes = ImageDraw.Draw(picture), ImageFont.truetype(FONTS / font, size), []
    for number, text in enumerate(texts):
        pen.text((20, 10 + 40 * number), text, fill="black", font=face)
        boxes.append(Box(*map(float, pen.textbbox((20, 10 + 40 * number), text, font=face))))
    return np.asarray(picture), boxes


def cut(image, boxes):
    return [image[int(b.y0) - 3 : int(b.y1) + 3, int(b.x0) - 3 : int(b.x1) + 3] for b in boxes]


@pytest.fixture
def without_tesseract(monkeypatch):
    monkeypatch.setattr(tesseract, "installed", frozenset)


@pytest.mark.parametrize("font", ["DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"])
@pytest.mark.parametrize("size", [12, 16, 30])
def test_a_script_is_told_by_its_letters_in_fonts_that_are_not_compared_with(font, size):
    assert script_of(cut(*drawn(*RUSSIAN, font=font, size=size))) is CYRILLIC
    assert script_of(cut(*drawn(*ENGLISH, font=font, size=size))) is None


def test_arabic_is_told_and_nothing_is_nothing():
    assert script_of(cut(*drawn(ARABIC_FORMS, size=30))) is ARABIC
    assert script_of([]) is None and script_of([np.full((20, 80, 3), 255, np.uint8)]) is None


def test_lines_of_another_script_are_left_out_with_their_debris_and_told(without_tesseract):
    image, boxes = drawn(*RUSSIAN, "104715", "Tea")
    doubtful = [TextLine(text="", score=0.0, box=box) for box in boxes[:3]]
    sure = [
        TextLine(text="', .", score=0.99, box=boxes[3]),
        TextLine(text="104715", score=0.6, box=boxes[4]),
        TextLine(text="Tea", score=0.99, box=boxes[5]),
    ]
    kept, unread = settled(image, sure, doubtful)
    assert [line.text for line in kept] == ["104715", "Tea"]
    assert unread is not None and unread.script is CYRILLIC and len(unread.boxes) == 4
    assert "4 lines of text look like Cyrillic" in str(unread) and "tesseract-ocr-rus" in str(unread)


def test_a_word_of_letters_that_look_the_same_is_of_the_script_of_the_others(without_tesseract):
    image, boxes = drawn(*RUSSIAN, "нет", "PC", "Tea")
    doubtful = [TextLine(text="", score=0.0, box=box) for box in boxes[:4]]
    sure = [TextLine(text=t, score=0.99, box=b) for t, b in zip(("HeT", "PC", "Tea"), boxes[4:], strict=True)]
    kept, unread = settled(image, sure, doubtful)
    assert [line.text for line in kept] == ["PC", "Tea"] and unread is not None and len(unread.boxes) == 5


def test_lines_of_no_known_script_are_told_too(without_tesseract):
    image, boxes = drawn("ᚠᚢᚦᚨᚱᚲ", "ᐃᓄᒃᑎᑐᑦ", "ⵜⴰⵎⴰⵣⵉⵖⵜ")
    doubtful = [TextLine(text="", score=0.0, box=box) for box in boxes]
    kept, unread = settled(image, [], doubtful)
    assert not kept and unread is not None and unread.script is None and "3 lines" in str(unread)


def test_a_smudge_among_many_lines_is_none():
    image, (box, *_) = drawn(*RUSSIAN)
    sure = [TextLine(text="Tea", score=0.99, box=box)] * 30
    assert settled(image, sure, [TextLine(text="", score=0.0, box=box)] * 2) == (sure, None)


def test_tesseract_reads_what_it_has_a_pack_for(monkeypatch):
    monkeypatch.setattr(tesseract, "installed", lambda: frozenset({"rus", "eng"}))
    asked = []
    monkeypatch.setattr(foreign.tesseract, "read_line", lambda line, packs: asked.append(packs) or "да")
    image, boxes = drawn(*RUSSIAN)
    kept, unread = settled(image, [], [TextLine(text="", score=0.0, box=box) for box in boxes])
    assert [line.text for line in kept] == ["да"] * 4 and unread is None and set(asked) == {("rus",)}


@pytest.mark.skipif("rus" not in tesseract.installed(), reason="tesseract-ocr-rus is not installed")
def test_tesseract_itself():
    image, boxes = drawn("Ручка шариковая синяя")
    assert (
        tesseract.read_line(cut(image, boxes)[0].repeat(3, 0).repeat(3, 1), ("rus",))
        == "Ручка шариковая синяя"
    )


def test_words_that_were_missed_are_noticed():
    image, boxes = drawn(*RUSSIAN)
    assert has_missed_words(image, [])
    assert not has_missed_words(image, boxes)
    bars = np.full((200, 400, 3), 255, np.uint8)
    bars[40:180, 50:90] = bars[100:180, 150:190] = (31, 119, 180)
    assert not has_missed_words(bars, [])
