"""A picture of several tables, or of lettered panels, is several pictures; one of one is one."""

from __future__ import annotations

import cv2
import numpy as np

from agent.documents.several import several_of
from critic.reading import Reader
from critic.reading.lines import TextLine
from critic.types import Box
from renderers.types import Image, Kind


def ruled(image: Image, left: int, top: int, rows: int, columns: int) -> list[TextLine]:
    """Draw a ruled table with a word in each cell; returns what OCR would read."""
    lines = []
    right, bottom = left + 90 * columns, top + 36 * rows
    for row in range(rows + 1):
        image[top + 36 * row, left : right + 1] = 0
    for column in range(columns + 1):
        image[top : bottom + 1, left + 90 * column] = 0
    for row in range(rows):
        for column in range(columns):
            x, y = left + 90 * column + 12, top + 36 * row + 24
            text = f"r{row}c{column}"
            cv2.putText(image, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
            lines.append(TextLine(text=text, score=0.99, box=Box(x, y - 12.0, x + 40.0, y + 2.0)))
    return lines


def known(*tables: tuple[int, int, int, int]) -> tuple[Image, Reader]:
    """A picture of ruled tables, given by left, top, rows and columns, and a reader that knows its text."""
    image = np.full((300, 900, 3), 255, np.uint8)
    lines = [line for table in tables for line in ruled(image, *table)]
    reader = Reader()
    reader.know(image, lines)
    return image, reader


def test_two_tables_side_by_side_are_two() -> None:
    found = several_of(*known((20, 30, 6, 4), (600, 30, 3, 2)))
    assert [one.kind for one in found] == [Kind.TABLE, Kind.TABLE]
    assert [(round(one.box.x0), round(one.box.x1)) for one in found] == [(20, 380), (600, 780)]


def test_two_tables_below_each_other_are_two() -> None:
    found = several_of(*known((20, 20, 3, 4), (20, 160, 3, 4)))
    assert [round(one.box.y0) for one in found] == [20, 160]


def test_one_table_is_one() -> None:
    assert several_of(*known((20, 30, 6, 4))) == []
