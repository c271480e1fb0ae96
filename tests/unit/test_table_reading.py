"""Tables drawn here with Pillow are read back: grid, spans, text and look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from critic.reading import Reader
from critic.reading.table import TableDescription, read_table
from renderers.types import Image

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
ROWS = (
    ("Region", "Harvest", "Share"),
    ("Northern valley", "1204", "48.2"),
    ("Coast", "873", "34.9"),
    ("Southern hills", "422", "16.9"),
)
X = (20, 200, 300, 400)
HEIGHT = 34


def font(name: str = "DejaVuSans", size: int = 16) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


def drawn(
    *,
    lines: bool,
    rows: Sequence[Sequence[str]] = ROWS,
    heading_fill: str | None = None,
    paper: str = "white",
    ink: str = "black",
) -> Image:
    picture = PILImage.new("RGB", (430, 40 + HEIGHT * len(rows)), paper)
    draw = ImageDraw.Draw(picture)
    for index, row in enumerate(rows):
        y = 20 + HEIGHT * index
        if heading_fill and index == 0:
            draw.rectangle((X[0], y, X[-1], y + HEIGHT), fill=heading_fill)
        face = font("DejaVuSans-Bold") if index == 0 else font()
        for x, text in zip(X, row, strict=False):
            draw.text((x + 10, y + 8), text, font=face, fill=ink)
    if lines:
        for index in range(len(rows) + 1):
            draw.line((X[0], 20 + HEIGHT * index, X[-1], 20 + HEIGHT * index), fill="#555")
        for x in X:
            draw.line((x, 20, x, 20 + HEIGHT * len(rows)), fill="#555")
    return np.asarray(picture, dtype=np.uint8)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def texts(table: TableDescription) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.by_row()]


@pytest.mark.parametrize("lines", [True, False])
def test_a_table_is_read_with_and_without_lines(reader: Reader, lines: bool) -> None:
    table = read_table(drawn(lines=lines), reader)
    assert texts(table) == [list(row) for row in ROWS]
    assert table.header_rows == 1
    assert all(cell.bold == (cell.row == 0) for cell in table.cells)


def test_light_text_on_a_dark_page_is_read(reader: Reader) -> None:
    table = read_table(drawn(lines=False, paper="#1d2733", ink="#f2f2f2"), reader)
    assert texts(table) == [list(row) for row in ROWS]
    assert table.canvas == (0x1D, 0x27, 0x33)


def test_a_filled_heading_is_told_from_the_body(reader: Reader) -> None:
    table = read_table(drawn(lines=False, heading_fill="#cfe3d8"), reader)
    assert {cell.background for cell in table.cells if cell.row == 0} == {(0xCF, 0xE3, 0xD8)}
    assert {cell.background for cell in table.cells if cell.row > 0} == {(255, 255, 255)}


def test_merged_cells_are_spans(reader: Reader) -> None:
    picture = PILImage.fromarray(drawn(lines=True))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((X[1] + 1, 21, X[3] - 1, 20 + HEIGHT - 1), fill="white")
    draw.text((X[1] + 60, 28), "Figures", font=font("DejaVuSans-Bold"), fill="black")
    draw.rectangle((X[0] + 1, 20 + 2 * HEIGHT + 1, X[1] - 1, 20 + 4 * HEIGHT - 1), fill="white")
    draw.text((X[0] + 10, 20 + 3 * HEIGHT - 9), "South", font=font(), fill="black")
    table = read_table(np.asarray(picture, dtype=np.uint8), reader)
    spans = {cell.text: (cell.rowspan, cell.colspan) for cell in table.cells if cell.text}
    assert spans["Figures"] == (1, 2)
    assert spans["South"] == (2, 1)
    assert spans["873"] == (1, 1)


def test_wrapped_text_is_one_cell(reader: Reader) -> None:
    picture = PILImage.new("RGB", (420, 150), "white")
    draw = ImageDraw.Draw(picture)
    for y, name, value in ((20, "Plain soil", "12"), (52, "Clay with a little", "31"), (104, "Peat", "57")):
        draw.text((20, y), name, font=font(), fill="black")
        draw.text((300, y), value, font=font(), fill="black")
    draw.text((20, 71), "sand below", font=font(), fill="black")
    table = read_table(np.asarray(picture, dtype=np.uint8), reader)
    assert [cell.lines for cell in table.cells if cell.column == 0] == [
        ("Plain soil",),
        ("Clay with a little", "sand below"),
        ("Peat",),
    ]


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (200, 300)])
def test_nothing_is_read_from_an_empty_picture(reader: Reader, size: tuple[int, int]) -> None:
    table = read_table(np.full((*size, 3), 255, np.uint8), reader)
    assert table.cells == () and (table.height, table.width) == size


def test_noise_is_no_reason_to_fail(reader: Reader) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    assert isinstance(read_table(noise, reader), TableDescription)


def test_a_description_survives_json(reader: Reader) -> None:
    table = read_table(drawn(lines=True), reader)
    assert TableDescription.model_validate_json(table.model_dump_json()) == table


STRIPES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Trees",), "Count"),
    (("Alder", "Birch", "Hazel", "Willow"), "4"),
    (("Maple", "Rowan"), "2"),
    (("Cherry", "Plum", "Walnut"), "3"),
)


def striped(columns: int, *, inner_lines: bool = False) -> Image:
    """Rows of several lines on stripes of two fills; the count stands beside the middle of its row."""
    height = 20 + sum(16 + 21 * len(lines) for lines, _ in STRIPES)
    picture = PILImage.new("RGB", (430, height + 20), "white")
    draw = ImageDraw.Draw(picture)
    top = 20
    for index, (lines, count) in enumerate(STRIPES):
        bottom = top + 16 + 21 * len(lines)
        fill = ("#d0d8e0", "white", "#f0f0f0")[0 if index == 0 else 1 + index % 2]
        draw.rectangle((20, top, 400, bottom - 1), fill="white" if inner_lines else fill)
        for number, line in enumerate(lines):
            draw.text((30, top + 8 + 21 * number), line, font=font(), fill="black")
        if columns == 2:
            draw.text((250, (top + bottom) / 2 - 10), count, font=font(), fill="black")
        if inner_lines and index:
            draw.line((20, top, 400, top), fill="#555")
        top = bottom
    if inner_lines:
        draw.line((220, 20, 220, top), fill="#555")
    return np.asarray(picture, dtype=np.uint8)


@pytest.mark.parametrize("inner_lines", [False, True])
def test_several_lines_between_two_boundaries_are_one_row(reader: Reader, inner_lines: bool) -> None:
    table = read_table(striped(2, inner_lines=inner_lines), reader)
    assert texts(table) == [[" ".join(lines), count] for lines, count in STRIPES]


def test_a_table_may_have_one_column(reader: Reader) -> None:
    table = read_table(striped(1), reader)
    assert texts(table) == [[" ".join(lines)] for lines, _ in STRIPES]


def test_a_rule_below_words_as_wide_as_the_table_is_no_underline_and_parts_what_ocr_joined() -> None:
    picture = PILImage.new("RGB", (560, 100), "white")
    draw = ImageDraw.Draw(picture)
    rows = [
        ("Description:", "Names what is kept of a log, and where the rest of it goes"),
        ("Status:", "core"),
    ]
    rows += [("Module:", "log")]
    for row, (name, text) in enumerate(rows):
        draw.text((4, 10 + 24 * row), name, font=font("DejaVuSans-Bold", 14), fill="#036")
        draw.text((107, 10 + 24 * row), text, font=font(size=14), fill="#036")
    for y in (6, 28, 52, 76):
        draw.line((0, y, 534, y), fill="#333")
    for x in (0, 104, 534):
        draw.line((x, 6, x, 76), fill="#333")
    table = read_table(np.asarray(picture), Reader())
    assert (table.row_count, table.column_count) == (3, 2)
    assert [cell.text for cell in table.cells if cell.column == 0] == [name for name, _ in rows]
