"""The grid of a table: its boundaries, and the cells with the text in them."""

from __future__ import annotations

from dataclasses import dataclass

from critic.reading.table.text import Fragment


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell's place in the grid with the text that lies in it."""

    row: int
    column: int
    rowspan: int
    colspan: int
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Boundaries and cells.

    Attributes:
        rows: y of the row boundaries, one more than rows.
        columns: x of the column boundaries, one more than columns.
        slots: The cells; together they cover the grid once.
        ruled: Whether every cell is framed by drawn lines.
    """

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    slots: tuple[Slot, ...]
    ruled: bool
