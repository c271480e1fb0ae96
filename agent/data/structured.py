"""JSON: everything that was read, with its place in the picture."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from agent.data.chart import ChartData, SeriesData
from agent.data.finished import Finished
from agent.data.table import DataCell, TableData
from renderers.types import Kind

_TENTHS = 1
"""Decimals of a pixel that are worth telling."""


def write(finished: Finished) -> str:
    """A table with its cells, a chart with its series."""
    data = _chart(finished.chart) if finished.kind is Kind.CHART else _table(finished.table)
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _chart(chart: ChartData) -> dict[str, Any]:
    return {
        "kind": "chart",
        "panels": [
            {
                "title": panel.title,
                "x": asdict(panel.x),
                "y": asdict(panel.y),
                "series": [_series(one) for one in panel.series],
            }
            for panel in chart.panels
        ],
    }


def _series(one: SeriesData) -> dict[str, Any]:
    """A series with a point a line of values, and how far each may be off."""
    names = [field.name for field in one.fields]
    measured = {f.name: f.uncertainty for f in one.fields if any(u is not None for u in f.uncertainty)}
    return {
        "name": one.name,
        "mark": one.mark,
        "colour": one.colour,
        "points": [
            dict(zip(names, p, strict=True)) for p in zip(*(f.values for f in one.fields), strict=True)
        ],
        "uncertainty": measured,
        "followed": one.followed,
    }


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
