"""Cells whose text is set in several ways: read apart, written apart, and laid where the picture has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PILImage
from PIL import ImageDraw

from agent.generators.embedded.table_fit import Misfit, leading
from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import Face, first_look, settled
from critic.reading import Reader
from critic.reading.table import Cell, TableDescription, read_table
from critic.reading.table.chips import chips_of
from critic.reading.table.description import Chip, Run, lines_of
from critic.reading.table.sizes import OTHER_SIZE, em_of, tells
from critic.types import Box
from renderers.types import Image
from tests.unit.test_table_reading import font

GREY, CODE = "#6b7280", "#e8eaed"
BOX = Box(0, 0, 200, 40)


def picture() -> Image:
    """Names with a smaller grey line under them, and sentences with a bold word or a piece of code."""
    made = PILImage.new("RGB", (560, 200), "white")
    draw = ImageDraw.Draw(made)
    draw.text((30, 20), "Name", font=font("DejaVuSans-Bold"), fill="black")
    draw.text((250, 20), "Remark", font=font("DejaVuSans-Bold"), fill="black")
    rows = (("Anna Lind", "anna@lind.org"), ("Mei Chen", "mei@chen.org"), ("Olu Ade", "olu@ade.org"))
    for place, (name, address) in enumerate(rows):
        y = 50 + 48 * place
        draw.line((20, y, 540, y), fill="#888")
        draw.text((30, y + 6), name, font=font(), fill="black")
        draw.text((30, y + 27), address, font=font(size=12), fill=GREY)
    draw.text((250, 66), "Came on Monday morning", font=font(), fill="black")
    draw.text((250, 114), "Never", font=font(), fill="black")
    draw.text((306, 114), "comes", font=font("DejaVuSans-Bold"), fill="black")
    draw.text((369, 114), "late", font=font(), fill="black")
    draw.text((250, 162), "Sets the", font=font(), fill="black")
    draw.rounded_rectangle((328, 159, 394, 183), radius=6, fill=CODE)
    draw.text((335, 163), "retries", font=font("DejaVuSansMono", 13), fill="black")
    draw.text((401, 162), "to two", font=font(), fill="black")
    return np.asarray(made, dtype=np.uint8)


@pytest.fixture(scope="module")
def table() -> TableDescription:
    return read_table(picture(), Reader())


def cell_with(table: TableDescription, text: str) -> Cell:
    return next(cell for cell in table.cells if text in cell.text)


def test_a_smaller_grey_line_is_read_as_a_part_of_its_own(table: TableDescription) -> None:
    assert table.row_count == 4
    cell = cell_with(table, "Mei Chen")
    assert cell.lines == ("Mei Chen", "mei@chen.org")
    name, address = cell.runs
    assert (name.line, address.line, cell.colour) == (0, 1, name.colour)
    assert max(name.colour) < 30 and abs(address.colour[0] - 0x6B) < 12 and not address.bold


def test_a_bold_word_and_a_piece_of_code_are_read_within_a_sentence(table: TableDescription) -> None:
    never = cell_with(table, "Never")
    assert [(run.text, run.bold) for run in never.runs] == [
        ("Never", False),
        ("comes", True),
        ("late", False),
    ]
    sets = cell_with(table, "retries")
    assert [(run.text, run.chip is not None) for run in sets.runs] == [
        ("Sets the", False),
        ("retries", True),
        ("to two", False),
    ]
    assert sets.background == (255, 255, 255), "a word's fill is not the cell's"
    assert not cell_with(table, "Monday").runs, "what is set alike has no parts"


def test_parts_are_written_as_elements_and_read_as_one_text(table: TableDescription) -> None:
    code = write_html(table, first_look(table))
    assert "Never <b>comes</b> late" in code
    assert 'Sets the <span class="chip">retries</span> to two' in code
    assert '<div class="line">mei@chen.org</div>' in code and ".line { color: #6" in code


def test_a_part_has_the_face_that_was_found_for_it(table: TableDescription) -> None:
    look = first_look(table)
    small = [index for index, text in enumerate(table.texts) if "@" in text.text]
    assert [table.cells[table.owners[index]].text.split()[-1] for index in small] == [
        "anna@lind.org",
        "mei@chen.org",
        "olu@ade.org",
    ]
    faces = {index: Face(family=look.family, size=12.0) for index in small}
    code = write_html(table, settled(table, look.model_copy(update={"faces": faces, "leading": 2.0})))
    assert "font-size: 12px; margin-top: 2px" in code
    assert code.count("font-size: 12px") == 1, "three lines that are set alike share one class"


def test_lines_set_in_their_own_way_are_moved_by_what_is_missing() -> None:
    ink = Box(10, 10, 90, 34)
    runs = tuple(Run(line=line, text="word", ink=ink) for line in (0, 1))
    cell = Cell(row=0, column=0, lines=("word", "word"), box=BOX, ink=ink, runs=runs)
    table = TableDescription(width=200, height=40, columns=(0, 200), rows=(0, 40), cells=(cell,))
    assert leading(table, [Misfit(0, 0, 0, 3.0)]) == 3.0
    plain = table.model_copy(update={"cells": (cell.saying("word", "word"),)})
    assert leading(plain, [Misfit(0, 0, 0, 3.0)]) == 0.0


def test_a_cell_that_says_something_else_is_set_alike() -> None:
    run = Run(line=0, text="old", ink=BOX)
    cell = Cell(row=0, column=0, lines=("old",), box=BOX, ink=BOX, runs=(run, run))
    assert (cell.saying("new").text, cell.saying("new").runs) == ("new", ())
    assert len(cell.parts) == 2 and cell.saying("new").parts == (cell.saying("new"),)


@given(st.lists(st.tuples(st.text("ab.", min_size=1), st.booleans()), min_size=1, max_size=6))
def test_the_lines_of_a_cell_are_those_of_its_runs(words: list[tuple[str, bool]]) -> None:
    runs = [Run(line=0, text=text, ink=BOX, spaced=spaced) for text, spaced in words]
    (line,) = lines_of(runs)
    assert line.replace(" ", "") == "".join(text for text, _ in words)
    assert line.count(" ") == sum(spaced for _, spaced in words[1:])


@pytest.mark.parametrize(
    ("text", "shape"), [("HEAD", 0.72), ("error", 0.53), ("apply", 0.93), ("a, b", 0.85)]
)
def test_a_size_is_told_by_the_letters_that_rise_and_reach_below(text: str, shape: float) -> None:
    assert em_of(text, 16 * shape) == pytest.approx(16, rel=0.01)
    assert 12 * OTHER_SIZE < 16


def test_signs_and_short_texts_do_not_tell_a_size() -> None:
    assert tells("abc") and not tells("a-b") and not tells("...")


def test_fills_in_two_rows_with_a_rule_between_them_are_chips() -> None:
    made = PILImage.new("RGB", (160, 80), "white")
    draw = ImageDraw.Draw(made)
    words = [Box(40, 10, 90, 32), Box(40, 39, 90, 61)]
    for word in words:
        draw.rounded_rectangle((34, word.y0, 96, word.y1), radius=5, fill=CODE)
        for x in range(42, 88, 5):
            draw.line((x, word.y0 + 6, x, word.y1 - 6), fill="black", width=2)
    assert chips_of(np.asarray(made), words) == [], "cells of a table with gaps"
    draw.line((0, 36, 159, 36), fill="#d1d9e0")
    found = chips_of(np.asarray(made), words)
    assert all(isinstance(chip, Chip) for chip in found) and len(found) == 2


def test_the_text_above_a_framed_grid_is_its_caption_and_below_it_a_note() -> None:
    made = PILImage.new("RGB", (420, 190), "white")
    draw = ImageDraw.Draw(made)
    draw.text((130, 12), "Longest tunnels", font=font("DejaVuSans-Bold"), fill="black")
    for y in (40, 70, 100, 130):
        draw.line((20, y, 400, y), fill="#555")
    for x in (20, 210, 400):
        draw.line((x, 40, x, 130), fill="#555")
    for row, (name, length) in enumerate((("Tunnel", "Length"), ("Brenner", "55.0"), ("Fehmarn", "18.1"))):
        draw.text((30, 46 + 30 * row), name, font=font(), fill="black")
        draw.text((220, 46 + 30 * row), length, font=font(), fill="black")
    draw.text((20, 145), "In kilometres", font=font(size=12), fill="#666")
    table = read_table(np.asarray(made, dtype=np.uint8), Reader())
    assert table.row_count == 3
    assert table.above is not None and table.above.lines == ("Longest tunnels",) and table.above.bold
    assert table.below is not None and table.below.lines == ("In kilometres",) and not table.below.bold
    code = write_html(table, first_look(table))
    assert "<table>\n<caption>Longest tunnels</caption>" in code
    assert '</table>\n<div class="note">In kilometres</div>' in code
