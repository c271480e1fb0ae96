"""What is kept of what OCR says."""

from __future__ import annotations

import numpy as np

from critic.reading import TextLine, TextReader
from critic.reading.ocr import without_stray_ideographs
from critic.types import Box


def line(text: str) -> TextLine:
    return TextLine(text=text, score=0.9, box=Box(0, 0, 10, 10))


def test_a_stray_ideograph_is_dropped_and_a_line_of_nothing_else_too() -> None:
    lines = [
        line("$29\u5143"),
        line("a page of plain English words, long enough to tell that two characters are slips"),
        line("\u4e00"),
    ]
    assert [kept.text for kept in without_stray_ideographs(lines)] == ["$29", lines[1].text]


def test_a_picture_in_chinese_is_left_as_it_is() -> None:
    lines = [line("\u4ef7\u683c $29"), line("\u6708")]
    assert without_stray_ideographs(lines) == tuple(lines)


def test_an_empty_picture_has_no_lines() -> None:
    assert TextReader().lines(np.full((60, 200, 3), 255, np.uint8)) == ()
