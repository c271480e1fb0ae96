"""A table as data: its cells with their spans, as the picture has them, and the values that they show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lxml import etree, html

from agent.data.numbers import Number, decimal_mark, is_missing, number_in
from critic.reading.table.description import TableDescription
from critic.types import Box

Value = str | int | float | None
"""What a cell comes to: a number where it shows one, None for no value, else its text."""

Align = Literal["left", "center", "right"]

_MOSTLY = 0.5
"""Share of a column's values that are numbers from which it is a column of numbers; a note or two in it leave
more, and a column of names that holds a code or two has fewer."""

_MOST_SPANNED = 1000
"""Rows or columns that a cell of a page can span: what browsers allow for columns."""

_MOST_CELLS = 1_000_000
"""Positions of a grid: spans of hostile code could ask for any number."""


@dataclass(frozen=True, slots=True)
class DataCell:
    """A cell.

    Attributes:
        row: First row, from 0.
        column: First column, from 0.
        rowspan: Rows it covers.
        colspan: Columns it covers.
        text: As the picture has it, in one line.
        header: Whether it is a heading of its column or row.
        bold: Whether it is set in bold.
        align: Horizontal alignment.
        box: Where it is, in pixels of the picture; None where only code is known.
    """

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""
    header: bool = False
    bold: bool = False
    align: Align = "left"
    box: Box | None = None


@dataclass(frozen=True)
class TableData:
    """A table's cells by row, then column, and what they come to.

    Attributes:
        cells: They cover no position twice.
        row_count: Rows.
        column_count: Columns.
        header_rows: How many rows at the top are headings.
        decimal: The decimal mark of its numbers; found out from them by default.
    """

    cells: tuple[DataCell, ...]
    row_count: int
    column_count: int
    header_rows: int
    decimal: str = field(default="")

    @classmethod
    def of_description(cls, table: TableDescription, decimal: str = "", scale: float = 1.0) -> TableData:
        """A table as it was read.

        Args:
            table: What was read.
            decimal: The decimal mark; found out from the numbers where it is empty.
            scale: Pixels of the picture in one of the description's.
        """
        cells = tuple(
            DataCell(
                cell.row,
                cell.column,
                cell.rowspan,
                cell.colspan,
                cell.text,
                cell.header,
                cell.bold,
                cell.align,
                Box(*(edge * scale for edge in cell.box)),
            )
            for cell in table.cells
        )
        return cls(cells, table.row_count, table.column_count, table.header_rows, decimal)

    @classmethod
    def of_html(cls, code: str, decimal: str = "") -> TableData:
        """The first table of some HTML; without cells where there is none."""
        rows = _rows_of(code)
        taken: set[tuple[int, int]] = set()
        cells: list[DataCell] = []
        for number, row in enumerate(rows):
            column = 0
            for item in (cell for cell in row if cell.tag in ("td", "th")):
                while (number, column) in taken:
                    column += 1
                down = min(_span(item, "rowspan"), len(rows) - number)
                across = _span(item, "colspan")
                if len(taken) + down * across > _MOST_CELLS:
                    break
                across = next((c for c in range(across) if (number, column + c) in taken), across)
                taken.update((number + r, column + c) for r in range(down) for c in range(across))
                cells.append(_cell_of(item, number, column, down, across))
                column += across
        columns = 1 + max((cell.column + cell.colspan - 1 for cell in cells), default=-1)
        heads = {n: all(c.tag == "th" for c in row if c.tag in ("td", "th")) for n, row in enumerate(rows)}
        header_rows = next((n for n in range(len(rows)) if not heads[n] or not len(rows[n])), len(rows))
        return cls(tuple(cells), len(rows), columns, header_rows, decimal)

    @cached_property
    def mark(self) -> str:
        """The decimal mark of its numbers."""
        return self.decimal or decimal_mark(cell.text for cell in self.cells)

    @cached_property
    def numbers(self) -> dict[tuple[int, int], Number]:
        """The numbers among its cells, by row and column, of the columns that are of numbers."""
        found = {
            (cell.row, cell.column): number
            for cell in self.cells
            if cell.row >= self.header_rows and (number := number_in(cell.text, self.mark)) is not None
        }
        return {place: number for place, number in found.items() if place[1] in self.numeric}

    @cached_property
    def numeric(self) -> frozenset[int]:
        """The columns of numbers."""
        said: dict[int, list[bool]] = {}
        for cell in self._body():
            if cell.colspan == 1 and not is_missing(cell.text):
                said.setdefault(cell.column, []).append(number_in(cell.text, self.mark) is not None)
        return frozenset(column for column, known in said.items() if sum(known) >= _MOSTLY * len(known))

    @cached_property
    def places(self) -> dict[tuple[int, int], DataCell]:
        """The cell at each position, by row and column."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for column in range(cell.column, cell.column + cell.colspan)
        }

    def value(self, cell: DataCell) -> Value:
        """What a cell comes to; what says that there is no value is its text in a column of words."""
        number = self.numbers.get((cell.row, cell.column))
        if number is not None:
            return number.value
        if not cell.text:
            return None
        known = cell.row >= self.header_rows and cell.column in self.numeric
        return None if known and is_missing(cell.text) else cell.text

    def texts(self) -> list[list[str]]:
        """The grid of texts, each once, at its cell's first row and column."""
        grid = [[""] * self.column_count for _ in range(self.row_count)]
        for cell in self.cells:
            grid[cell.row][cell.column] = cell.text
        return grid

    def values(self, *, repeated: bool = False) -> list[list[Value]]:
        """The grid of what the cells come to.

        Args:
            repeated: Whether the value of a cell stands at each position that it spans, rather than once.
        """
        grid: list[list[Value]] = [[None] * self.column_count for _ in range(self.row_count)]
        for cell in self.cells:
            value = self.value(cell)
            for row in range(cell.row, cell.row + (cell.rowspan if repeated else 1)):
                for column in range(cell.column, cell.column + (cell.colspan if repeated else 1)):
                    grid[row][column] = value
        return grid

    def alignment(self, column: int) -> Align:
        """How most of a column's values are aligned."""
        aligns = [
            cell.align for cell in self._body() if cell.column == column and cell.colspan == 1 and cell.text
        ]
        return max(aligns, key=aligns.count) if aligns else "left"

    def _body(self) -> Iterator[DataCell]:
        return (cell for cell in self.cells if cell.row >= self.header_rows)


def _rows_of(code: str) -> list[html.HtmlElement]:
    try:
        document = html.fromstring(code) if code.strip() else None
    except (etree.ParserError, ValueError):
        document = None
    table = None if document is None else next(document.iter("table"), None)
    return [] if table is None else list(table.iter("tr"))


def _span(cell: html.HtmlElement, name: str) -> int:
    try:
        return min(_MOST_SPANNED, max(1, int(cell.get(name, "1"))))
    except ValueError:
        return 1


def _cell_of(item: html.HtmlElement, row: int, column: int, rowspan: int, colspan: int) -> DataCell:
    for line in item.iter("br"):
        line.tail = f" {line.tail or ''}"
    text = " ".join(str(item.text_content()).split())
    return DataCell(row, column, rowspan, colspan, text, item.tag == "th", item.tag == "th")
