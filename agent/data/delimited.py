"""CSV (RFC 4180): numbers with a decimal point whatever the picture's locale is, texts as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from agent.data.finished import Finished
from agent.data.table import Value
from renderers.types import Kind


def write(finished: Finished) -> str:
    """A table as its grid, what spans once; a chart as a row a point."""
    if finished.kind is Kind.CHART:
        heads, rows = finished.chart.rows()
        return rows_text([heads, *rows])
    return rows_text(finished.table.values())


def rows_text(rows: Iterable[Sequence[Value]]) -> str:
    """Rows as text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(["" if v is None else v for v in row] for row in rows)
    return text.getvalue()
