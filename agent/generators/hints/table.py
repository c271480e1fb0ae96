"""Measured in a table: its grid, its cells with their look, its lines, colours."""

from __future__ import annotations

from collections.abc import Sequence

from agent.generators.hints.block import Measured, colours, sureness
from critic.reading import Reader
from critic.reading.canvas import Canvas
from critic.reading.table import read_table
from critic.reading.table.description import Cell, Rgb, Ruling, TableDescription

_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


def measure(canvas: Canvas, reader: Reader) -> Sequence[Measured]:
    """The parts for a table, in CSS pixels."""
    table = read_table(canvas.pixels, reader)
    return [
        ("Grid, in CSS pixels", _grid(table)),
        ("Cells (row, column: text)", [_cell(cell) for cell in table.cells]),
        ("Lines", _lines(table)),
        colours(canvas.pixels),
    ]


def _grid(table: TableDescription) -> list[str]:
    if not table.columns:
        return []
    return [
        f"{table.row_count} rows ({table.header_rows} of them headings), {table.column_count} columns",
        f"columns lie between x {_edges(table.columns)}",
        f"rows lie between y {_edges(table.rows)}",
        f"capital letters are {table.text_height:.1f} pixels tall",
    ]


def _lines(table: TableDescription) -> list[str]:
    directions = (("y", table.horizontals), ("x", table.verticals))
    return [_line(line, across) for across, lines in directions for line in lines]


def _edges(edges: Sequence[float]) -> str:
    return ", ".join(f"{edge:.0f}" for edge in edges)


def _cell(cell: Cell) -> str:
    spans = [(f"rowspan {cell.rowspan}", cell.rowspan > 1), (f"colspan {cell.colspan}", cell.colspan > 1)]
    looks = [
        *spans,
        ("bold", cell.bold),
        (cell.align, cell.align != "left"),
        (cell.valign, cell.valign != "middle"),
        (f"text {_hex(cell.colour)}", cell.colour != _BLACK),
        (f"on {_hex(cell.background)}", cell.background != _WHITE),
    ]
    told = "".join(f", {look}" for look, has in looks if has)
    return f'{cell.row + 1}, {cell.column + 1}: "{" / ".join(cell.lines)}"{told}{sureness(cell.score)}'


def _line(line: Ruling, across: str) -> str:
    style = "dotted" if line.dotted else "solid"
    return (
        f"at {across} {line.position:.0f}, from {line.start:.0f} to {line.end:.0f}: "
        f"{line.thickness}px {style} {_hex(line.colour)}"
    )


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
