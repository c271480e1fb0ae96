"""The weight of a page's texts: by the thickness of their strokes, by runs of words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from critic.reading.ocr import TextLine
from critic.reading.page.lines import read_lines
from critic.reading.page.types import LaidLine
from critic.reading.page.weights import stroke
from critic.types import Box

_REGULAR, _BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"


def _read(rows: list[list[tuple[str, str]]]) -> tuple[LaidLine, ...]:
    """Rows of pieces (text, font file), drawn and read where they were drawn."""
    picture = Pictures.new("RGB", (640, 40 * len(rows)), "white")
    pen = ImageDraw.Draw(picture)
    seen = []
    for number, row in enumerate(rows):
        x = 20.0
        for text, name in row:
            font = ImageFont.truetype(name, 16)
            pen.text((x, 40 * number + 10), text, fill="#202020", font=font)
            x += font.getlength(text)
        box = Box(16, 40 * number + 6, x + 4, 40 * number + 34)
        seen.append(TextLine(text="".join(text for text, _ in row), score=1.0, box=box))
    return read_lines(np.asarray(picture), tuple(seen), ())


def test_a_bold_line_among_regular_ones_is_bold() -> None:
    rows = [[("Anna Bergmann", _REGULAR)], [("Total amount", _BOLD)], [("Invited yesterday", _REGULAR)]]
    assert [line.spans[0].bold for line in _read(rows)] == [False, True, False]


def test_a_page_of_bold_lines_is_bold() -> None:
    assert all(line.spans[0].bold for line in _read([[("Sign up now", _BOLD)], [("Learn more", _BOLD)]]))


def test_a_run_of_bold_words_differs_and_a_short_word_of_a_line_does_not() -> None:
    rows = [
        [("Warning: ", _BOLD), ("the disk is nearly full", _REGULAR)],
        [("as cases use it by Web", _REGULAR)],
    ]
    mixed, plain = _read(rows)
    assert [(span.text.strip(), span.bold) for span in mixed.spans] == [
        ("Warning:", True),
        ("the disk is nearly full", False),
    ]
    assert len(plain.spans) == 1


def test_upright_letters_whose_sides_lean_are_not_slanted() -> None:
    (line,) = _read([[("Wool Woven two Web Vary AWAY for file fairly", _REGULAR)]])
    assert not any(span.italic for span in line.spans)


def test_a_stroke_is_as_wide_as_its_ink() -> None:
    cover = np.zeros((10, 12), dtype=np.float32)
    cover[:, 3], cover[:, 4], cover[:, 5] = 0.5, 1.0, 0.25
    assert stroke(cover) == pytest.approx(1.75)
    assert stroke(np.zeros((4, 4), dtype=np.float32)) is None
