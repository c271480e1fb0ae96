"""The critic of tables on pairs of pictures drawn here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw

from critic.pixel import PixelCritic
from critic.pixel.table import compare
from critic.reading import Reader
from critic.types import Cause, Discrepancy
from renderers.types import Image, Kind
from tests.unit.test_table_reading import ROWS, drawn, font


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def reference() -> Image:
    return drawn(lines=True)


def changed(row: int, column: int, text: str) -> list[list[str]]:
    rows = [list(texts) for texts in ROWS]
    rows[row][column] = text
    return rows


def found(reference: Image, rows: list[list[str]], reader: Reader) -> list[Discrepancy]:
    return compare(reference, drawn(lines=True, rows=rows), reader)


def test_equal_tables_have_no_discrepancies(reference: Image, reader: Reader) -> None:
    assert compare(reference, reference.copy(), reader) == []


@pytest.mark.parametrize("scale", [0.8, 1.5])
def test_another_size_is_no_discrepancy(reference: Image, reader: Reader, scale: float) -> None:
    scaled = cv2.resize(reference, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert compare(reference, np.asarray(scaled, dtype=np.uint8), reader) == []


def test_soft_edges_are_no_discrepancy(reference: Image, reader: Reader) -> None:
    soft = np.asarray(cv2.GaussianBlur(reference, (0, 0), 0.6), dtype=np.uint8)
    assert compare(reference, soft, reader) == []


def test_another_digit_is_a_numeric_error_at_its_place(reference: Image, reader: Reader) -> None:
    (only,) = found(reference, changed(2, 1, "878"), reader)
    assert (only.category, only.severity, only.location) == ("numeric_error", 3, "cell (3, 2)")
    assert (only.cause, only.reference, only.render) == (Cause.TEXT, "873", "878")
    assert only.box is not None and 200 < only.box.x0 < only.box.x1 < 300


def test_another_word_is_a_text_error(reference: Image, reader: Reader) -> None:
    (only,) = found(reference, changed(3, 0, "Southern plain"), reader)
    assert (only.category, only.location) == ("text_error", "cell (4, 1)")


def test_a_missing_row_is_one_layout_error(reference: Image, reader: Reader) -> None:
    (only,) = found(reference, [list(row) for row in ROWS if row[0] != "Coast"], reader)
    assert (only.category, only.severity, only.location) == ("layout_error", 3, "row 3")


def test_rows_in_another_order_are_one_layout_error(reference: Image, reader: Reader) -> None:
    rows = [list(ROWS[i]) for i in (0, 1, 3, 2)]
    (only,) = found(reference, rows, reader)
    assert (only.category, only.cause) == ("layout_error", Cause.ORDER)


def test_a_table_without_its_texts_is_worse_than_one_without_some(reference: Image, reader: Reader) -> None:
    sums = []
    for kept in (len(ROWS) // 2, 0):
        rows = [list(row) if number < kept else [""] * len(row) for number, row in enumerate(ROWS)]
        render = drawn(lines=True, rows=rows)
        sums.append(asyncio.run(PixelCritic(reader).critique(Kind.TABLE, reference, render)).severity)
    assert 0 < sums[0] < sums[1]


def sheet(edge: str = "ma", first: str = "DejaVuSans-Bold", order: Sequence[int] = (0, 1, 2, 3)) -> Image:
    """A ruled table as manuals have it: little room, a long text beside a bold name, numbers to one edge."""
    rows = [("Status:", "The number of lines that are kept in a log", "12"), ("Module:", "core", "9,458")]
    rows += [("Default:", "Order of the hosts", "163"), ("Context:", "server", "5.1%")]
    picture = PILImage.new("RGB", (540, 20 + 24 * len(rows)), "white")
    draw = ImageDraw.Draw(picture)
    for row, index in enumerate(order):
        name, text, number = rows[index]
        y = 10 + 24 * row
        draw.text((14, y + 5), name, font=font(first if index == 0 else "DejaVuSans-Bold", 14), fill="#036")
        draw.text((92, y + 5), text, font=font(size=14), fill="#036")
        at = {"la": 424, "ma": 477, "ra": 530}[edge]
        draw.text((at, y + 5), number, font=font(size=14), fill="#036", anchor=edge)
    for y in range(10, picture.height, 24):
        draw.line((10, y, 534, y), fill="#333")
    for x in (10, 88, 420, 534):
        draw.line((x, 10, x, picture.height - 10), fill="#333")
    return np.asarray(picture)


def test_rows_that_changed_places_are_told(reader: Reader) -> None:
    said = critique(sheet(), sheet(order=(1, 0, 2, 3)), reader)
    assert [item.cause for item in said] == [Cause.ORDER]


@pytest.mark.parametrize(("edge", "now"), [("ra", "right"), ("la", "left")])
def test_a_column_that_keeps_to_another_edge_is_one_finding(edge: str, now: str, reader: Reader) -> None:
    (only,) = critique(sheet(), sheet(edge), reader)
    assert (only.cause, only.reference, only.render, only.location) == (
        Cause.LAYOUT,
        "center",
        now,
        "column 3",
    )


def test_a_name_that_is_bold_no_more_has_another_weight(reader: Reader) -> None:
    (only,) = critique(sheet(), sheet(first="DejaVuSans"), reader)
    assert (only.cause, only.reference, only.render) == (Cause.WEIGHT, "bold", "regular")


def critique(reference: Image, render: Image, reader: Reader) -> tuple[Discrepancy, ...]:
    return asyncio.run(PixelCritic(reader).critique(Kind.TABLE, reference, render)).discrepancies
