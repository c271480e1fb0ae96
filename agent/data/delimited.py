"""CSV (RFC 4180): numbers with a decimal point whatever the picture's locale is, texts as they are.

But for texts that a spreadsheet would run: what stands in a picture is data, and is to stay a text. They
begin with an apostrophe, as one types them there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from agent.data.finished import Finished
from agent.data.table import TableData, Value
from renderers.types import Kind

_RUN = re.compile(r"[=\t\r\n]|[@+-].*[(|!=]", re.DOTALL)
"""What a spreadsheet takes for a formula or a command: a sign alone begins many a harmless text."""


def write(finished: Finished) -> str:
    """A table as its grid, what spans once; a chart as a row a point."""
    if finished.kind is Kind.CHART:
        heads, rows = finished.chart.rows()
        return rows_text([heads, *rows])
    return rows_text(_grid(finished.table))


def _grid(table: TableData) -> list[list[Value]]:
    """The grid of values, numbers with as many digits as the picture shows: 1120.00 is no 1120.0."""
    grid = table.values()
    for (row, column), number in table.numbers.items():
        grid[row][column] = number.plain
    return grid


def rows_text(rows: Iterable[Sequence[Value]]) -> str:
    """Rows as text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(map(_inert, rows))
    return text.getvalue()


def _inert(row: Sequence[Value]) -> list[Value]:
    return [f"'{value}" if isinstance(value, str) and _RUN.match(value) else value for value in row]
