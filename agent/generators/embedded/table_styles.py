"""Bold and italic, cell by cell: the style in which a text's pixels come nearest to the picture's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.generators.embedded.table_fit import Misfit
from critic.reading.table import TableDescription

_NEARER = 0.7
"""Share of the difference in its present style below which another one is a text's: with 0.7 as with 0.85 a
nutrition label and an income statement got the weights that they have."""

_SOFT_END = 0.5
"""Pixels that the ends of a text are soft by."""


def restyled(table: TableDescription) -> list[TableDescription]:
    """The table with every text of the other weight, and with every text in italics."""
    texts = [cell for cell in table.cells if cell.ink]
    if not texts:
        return []
    heavier = tuple(c.model_copy(update={"bold": not c.bold}) if c.ink else c for c in table.cells)
    slanted = tuple(c.model_copy(update={"italic": not c.italic}) if c.ink else c for c in table.cells)
    return [table.model_copy(update={"cells": cells}) for cells in (heavier, slanted)]


@dataclass(frozen=True, slots=True)
class Styled:
    """A table in some styles, and how it came out.

    Attributes:
        table: The table.
        errors: How much each of its cells differs from the picture.
        misfits: How its texts lie beside the picture's.
    """

    table: TableDescription
    errors: Sequence[float]
    misfits: Sequence[Misfit | None]

    def wider(self, index: int) -> float:
        """By how many pixels a text is wider or narrower than the picture's."""
        misfit = self.misfits[index]
        return abs(misfit.wider) if misfit else 0.0


def best_styled(present: Styled, others: Sequence[Styled]) -> TableDescription:
    """The table with each text in the style that comes clearly nearest, and in which it is no less as wide.

    A text that is only out of its place may differ less where it is thinner; its width then tells.
    """
    cells = []
    for index, cell in enumerate(present.table.cells):
        least, chosen = present.errors[index] * _NEARER, cell
        for other in others:
            as_wide = other.wider(index) <= present.wider(index) + _SOFT_END
            if cell.ink and as_wide and other.errors[index] < least:
                least, chosen = other.errors[index], other.table.cells[index]
        cells.append(chosen)
    return present.table.model_copy(update={"cells": tuple(cells)})
