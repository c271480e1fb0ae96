"""JSON: everything that was read, with its place in the picture."""

from __future__ import annotations

import json
from typing import Any

from agent.data.finished import Finished
from agent.data.table import DataCell, TableData

_TENTHS = 1
"""Decimals of a pixel that are worth telling."""


def write(finished: Finished) -> str:
    """A table with its cells."""
    return json.dumps(_table(finished.table), ensure_ascii=False, indent=1) + "\n"


def _table(table: TableData) -> dict[str, Any]:
    return {
        "kind": "table",
        "rows": table.row_count,
        "columns": table.column_count,
        "header_rows": table.header_rows,
        "decimal": table.mark,
        "cells": [_cell(table, cell) for cell in table.cells],
    }


def _cell(table: TableData, cell: DataCell) -> dict[str, Any]:
    number = table.numbers.get((cell.row, cell.column))
    return {
        "row": cell.row,
        "column": cell.column,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "text": cell.text,
        "value": table.value(cell),
        "unit": number.unit if number else "",
        "header": cell.header,
        "bold": cell.bold,
        "align": cell.align,
        "box": None if cell.box is None else [round(edge, _TENTHS) for edge in cell.box],
    }
