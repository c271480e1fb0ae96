"""An open grid while it is being built."""

from __future__ import annotations

from dataclasses import dataclass

from critic.reading.table.grid import Slot
from critic.reading.table.text import Fragment, union
from critic.types import Box


@dataclass(slots=True)
class Item:
    """A cell with text while the open grid is being built."""

    row: int
    first: int
    last: int
    fragments: list[Fragment]
    rowspan: int = 1

    @property
    def box(self) -> Box:
        """The bounds of its text."""
        return union([fragment.box for fragment in self.fragments])


@dataclass(slots=True)
class Draft:
    """An open grid while it is being built: only cells with text are kept; the rest is empty."""

    rows: list[float]
    columns: list[float]
    items: list[Item]
    height: int
    width: int

    def at(self, row: int, column: int) -> Item | None:
        """The cell with text that covers a place."""
        for item in self.items:
            if item.row <= row < item.row + item.rowspan and item.first <= column <= item.last:
                return item
        return None

    def in_row(self, row: int) -> list[Item]:
        """The cells that begin in a row, from left to right."""
        return sorted((item for item in self.items if item.row == row), key=lambda item: item.first)

    def slots(self) -> list[Slot]:
        """All cells, the empty ones too."""
        slots = [
            Slot(item.row, item.first, item.rowspan, item.last - item.first + 1, tuple(item.fragments))
            for item in self.items
        ]
        for row in range(self.height):
            slots += [Slot(row, c, 1, 1, ()) for c in range(self.width) if self.at(row, c) is None]
        return sorted(slots, key=lambda slot: (slot.row, slot.column))
