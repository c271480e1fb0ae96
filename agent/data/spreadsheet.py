"""XLSX: spans merged, headings bold, numbers as numbers that look as they did; texts are never formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from agent.data.finished import Finished
from agent.data.numbers import Number
from agent.data.table import TableData, Value
from renderers.types import Kind

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""

_LONGEST = 32_767
"""Characters that a cell of a spreadsheet can hold."""

_EXACT = 10**15
"""Integers from which a spreadsheet rounds: they stay as they are, as texts."""

_WIDEST, _NARROWEST, _ROOM = 60, 6, 2
"""Widths of columns, and what is left beside their text, in characters."""


def write(finished: Finished) -> bytes:
    """A table, or a row a point of a chart, on a sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Data"
    if finished.kind is Kind.CHART:
        _list(sheet, *finished.chart.rows())
    else:
        _fill(sheet, finished.table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(cell: Cell, value: Value) -> None:
    """Give a cell its value; a text stays a text, whatever it begins with."""
    if isinstance(value, int) and abs(value) >= _EXACT:
        value = str(value)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _UNWRITABLE.sub("", value)[:_LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = cell.value[:1] in ("=", "+", "-", "@")


def _fit(sheet: Worksheet, widths: dict[int, int]) -> None:
    """Make columns, counted from 1, as wide as their texts, in characters."""
    for column, width in widths.items():
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(_WIDEST, max(_NARROWEST, width + _ROOM))


def _fill(sheet: Worksheet, table: TableData) -> None:
    widths: dict[int, int] = {}
    for item in table.cells:
        cell = sheet.cell(item.row + 1, item.column + 1)
        assert isinstance(cell, Cell)
        _put(cell, table.value(item))
        number = table.numbers.get((item.row, item.column))
        if number is not None:
            cell.number_format = _look(number)
        if item.header or item.bold:
            cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal=item.align, vertical="center" if item.rowspan > 1 else None)
        if item.colspan == 1:
            widths[item.column + 1] = max(widths.get(item.column + 1, 0), len(item.text))
        if item.rowspan > 1 or item.colspan > 1:
            sheet.merge_cells(
                start_row=item.row + 1,
                start_column=item.column + 1,
                end_row=item.row + item.rowspan,
                end_column=item.column + item.colspan,
            )
    _fit(sheet, widths)
    if 0 < table.header_rows < table.row_count:
        sheet.freeze_panes = f"A{table.header_rows + 1}"


def _list(sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """A row of headings and rows of values."""
    widths: dict[int, int] = {}
    for down, row in enumerate([heads, *rows], start=1):
        for across, value in enumerate(row, start=1):
            cell = sheet.cell(down, across)
            assert isinstance(cell, Cell)
            _put(cell, value)
            cell.font = Font(bold=down == 1)
            widths[across] = max(widths.get(across, 0), len(str(value)))
    _fit(sheet, widths)
    sheet.freeze_panes = "A2"


def _look(number: Number) -> str:
    """The number format that writes a number as the picture has it, in the reader's own locale."""
    digits = "#,##0" if number.grouped else "0"
    digits += f".{'0' * number.decimals}" if number.decimals else ""
    if number.unit == "%":
        return f"{digits}%"
    return digits if number.unit in ("", "‰") else f'{digits} "{number.unit}"'
