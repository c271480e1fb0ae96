"""Writes a described table as Markdown, which has no spans: a spanning cell's text stands once."""

from __future__ import annotations

import re

from critic.reading.table import Cell, TableDescription

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|])")
_RULES = {"left": ":---", "center": ":---:", "right": "---:"}


def write_markdown(table: TableDescription) -> str:
    """The table in the pipe syntax of GitHub Flavored Markdown."""
    if not table.cells:
        return ""
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = _text(cell)
    headings, body = grid[0], grid[1:]
    if table.header_rows == 0:
        headings, body = [""] * table.column_count, grid
    rules = [_RULES[_align(table, column)] for column in range(table.column_count)]
    return "\n".join(_row(row) for row in (headings, rules, *body)) + "\n"


def _row(texts: list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _text(cell: Cell) -> str:
    return _SPECIAL.sub(r"\\\1", cell.text.replace("\n", " ")).replace("&", "&amp;")


def _align(table: TableDescription, column: int) -> str:
    aligns = [
        c.align for c in table.cells if c.column == column and c.colspan == 1 and c.ink and not c.header
    ]
    return max(aligns, key=aligns.count) if aligns else "left"
