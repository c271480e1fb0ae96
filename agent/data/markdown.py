"""Markdown (GitHub's pipe tables), which has no spans: the text of a cell that spans stands once."""

from __future__ import annotations

import re

from agent.data.finished import Finished
from agent.data.table import TableData

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~])")
_RULES = {"left": ":---", "center": ":---:", "right": "---:"}


def write(finished: Finished) -> str:
    """A table in pipes."""
    return write_table(finished.table)


def write_table(table: TableData) -> str:
    """The table in the pipe syntax of GitHub Flavored Markdown."""
    if not table.cells:
        return ""
    grid = [[_escaped(text) for text in row] for row in table.texts()]
    headings, body = grid[0], grid[1:]
    if table.header_rows == 0:
        headings, body = [""] * table.column_count, grid
    rules = [_RULES[table.alignment(column)] for column in range(table.column_count)]
    return "\n".join(_row(row) for row in (headings, rules, *body)) + "\n"


def _row(texts: list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " ")).replace("&", "&amp;")
