"""Bold and italic, cell by cell: the style in which a text's pixels come nearest to the picture's."""

from __future__ import annotations

from collections.abc import Sequence

from critic.reading.table import TableDescription

_NEARER = 0.7
"""Share of the difference in its present style below which another one is a text's: with 0.7 as with 0.85 a
nutrition label and an income statement got the weights that they have."""


def restyled(table: TableDescription) -> list[TableDescription]:
    """The table with every text of the other weight, and with every text in italics."""
    texts = [cell for cell in table.cells if cell.ink]
    if not texts:
        return []
    heavier = tuple(c.model_copy(update={"bold": not c.bold}) if c.ink else c for c in table.cells)
    slanted = tuple(c.model_copy(update={"italic": not c.italic}) if c.ink else c for c in table.cells)
    return [table.model_copy(update={"cells": cells}) for cells in (heavier, slanted)]


def best_styled(
    table: TableDescription,
    errors: Sequence[float],
    others: Sequence[tuple[TableDescription, Sequence[float]]],
) -> TableDescription:
    """The table with each text in the style that comes clearly nearest.

    Args:
        table: As it is.
        errors: How much each of its cells differs from the picture.
        others: Tables with the same cells in other styles, and how much those differ.
    """
    cells = []
    for index, cell in enumerate(table.cells):
        least, chosen = errors[index] * _NEARER, cell
        for other, differences in others:
            if cell.ink and differences[index] < least:
                least, chosen = differences[index], other.cells[index]
        cells.append(chosen)
    return table.model_copy(update={"cells": tuple(cells)})
