"""The classes of badges and pieces of code in a table: a small fill behind the text of a cell."""

from __future__ import annotations

import numpy as np

from agent.generators.embedded.table_css import colour, number
from critic.reading.table import Cell, TableDescription
from critic.reading.table.description import Chip, Rgb

_BEARING = 1.0
"""Pixels that letters keep from the ends of their line, both sides together."""

_Style = tuple[Rgb, int, int, Rgb | None]
"""Colour, height, radius and frame: chips that share them are one class."""


class ChipStyles:
    """One class for all chips of a colour and shape.

    Args:
        table: The table whose cells have chips.
    """

    def __init__(self, table: TableDescription) -> None:
        """Sort the chips by how they look."""
        spaces: dict[_Style, list[float]] = {}
        for cell in table.texts:
            if cell.chip and cell.ink:
                room = cell.chip.box.width - cell.ink.width - _BEARING
                spaces.setdefault(_style(cell.chip), []).append(room / 2)
        self._padding = {style: max(0, round(float(np.median(rooms)))) for style, rooms in spaces.items()}
        names = ["chip", *(f"chip-{place}" for place in range(2, len(spaces) + 1))]
        self._names = dict(zip(self._padding, names, strict=False))

    def name(self, cell: Cell) -> str:
        """The class of a cell's chip; empty where it has none."""
        return self._names[_style(cell.chip)] if cell.chip and cell.ink else ""

    def rules(self) -> list[str]:
        """The classes as CSS, one a line."""
        return [
            f".{name} {{ display: inline-block; background: {colour(ground)}; line-height: {height}px; "
            f"padding: 0 {number(self._padding[ground, height, radius, frame])}px; border-radius: {radius}px"
            f"{f'; border: 1px solid {colour(frame)}' if frame else ''} }}"
            for (ground, height, radius, frame), name in self._names.items()
        ]


def _style(chip: Chip) -> _Style:
    return chip.colour, round(chip.box.height), round(chip.radius), chip.frame
