"""What a person can say of a table: texts of cells, their colours, and texts that should not be there."""

from __future__ import annotations

from agent.generators.embedded.told import FILL, Change, meant, within
from critic.reading.table import TableDescription
from critic.types import Box, Cause, Discrepancy

_HEXADECIMAL = 16


def _reworded(table: TableDescription, item: Discrepancy, box: Box) -> TableDescription | None:
    if not isinstance(item.reference, str):
        return None
    return _with_cells(table, _meant(table, box), {"lines": (item.reference,), "runs": ()})


def _recoloured(table: TableDescription, item: Discrepancy, box: Box) -> TableDescription | None:
    try:
        value = int(str(item.reference).removeprefix("#"), _HEXADECIMAL)
    except ValueError:
        return None
    colour = tuple(value.to_bytes(4, "big")[1:])
    field = "background" if item.element is not None and item.element.kind == FILL else "colour"
    chosen = [index for index, cell in enumerate(table.cells) if within(box, cell.box)]
    return _with_cells(table, chosen or _meant(table, box), {field: colour})


def _emptied(table: TableDescription, item: Discrepancy, box: Box) -> TableDescription | None:
    chosen = [index for index, cell in enumerate(table.cells) if cell.ink and within(box, cell.ink)]
    return _with_cells(table, chosen, {"lines": (), "ink": None, "runs": ()})


def _meant(table: TableDescription, box: Box) -> list[int]:
    """The cell that a box was drawn around, whole or around its text."""
    found = meant(
        box,
        [
            (index, place)
            for index, cell in enumerate(table.cells)
            for place in (cell.box, cell.ink)
            if place is not None
        ],
    )
    return [] if found is None else [found]


def _with_cells(table: TableDescription, chosen: list[int], fields: dict[str, object]) -> TableDescription:
    cells = [
        cell.model_copy(update=fields) if index in chosen else cell for index, cell in enumerate(table.cells)
    ]
    return table.model_copy(update={"cells": tuple(cells)})


CHANGES: dict[Cause, Change[TableDescription]] = {
    Cause.TEXT: _reworded,
    Cause.RECOLOURED: _recoloured,
    Cause.EXTRA: _emptied,
}
