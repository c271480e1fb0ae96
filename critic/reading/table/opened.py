"""Grids whose cells are kept apart by white space."""

from __future__ import annotations

from critic.reading.ocr import TextReader
from critic.reading.table.columns import Columns, find_columns
from critic.reading.table.draft import Draft, Item
from critic.reading.table.grid import Grid
from critic.reading.table.rows import find_rows
from critic.reading.table.spans import deepen, widen_headings, widen_sections
from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, split


def open_grid(surface: Surface, fragments: list[Fragment], reader: TextReader) -> Grid | None:
    """Cells kept apart by white space, with whatever lines and fills there are."""
    columns = find_columns(surface, fragments)
    fragments = split_at_columns(fragments, columns, surface, reader)
    rows = find_rows(surface, fragments, columns)
    if not rows.bands:
        return None
    height, width = len(rows.bands), columns.count
    owned: dict[tuple[int, int, int], list[Fragment]] = {}
    for index, band in enumerate(rows.bands):
        for fragment in band:
            first, last = columns.span(fragment)
            owned.setdefault((index, first, last), []).append(fragment)
    cells = _text_cells(owned)
    grid = Draft(rows.cuts, columns.cuts, cells, height, width)
    widen_headings(grid, surface)
    deepen(grid, surface, rows.tall)
    widen_sections(grid, surface)
    return Grid(tuple(rows.cuts), tuple(columns.cuts), tuple(grid.slots()), ruled=False)


def split_at_columns(
    fragments: list[Fragment], columns: Columns, surface: Surface, reader: TextReader
) -> list[Fragment]:
    """Cut pieces that OCR read as one across a column boundary, where they have a gap there."""
    result: list[Fragment] = []
    waiting = list(fragments)
    while waiting:
        fragment = waiting.pop()
        cut = columns.cut_through(fragment)
        if cut is None:
            result.append(fragment)
        else:
            waiting.extend(split(fragment, cut, surface, reader))
    return sorted(result, key=lambda item: (item.middle, item.box.x0))


def _text_cells(owned: dict[tuple[int, int, int], list[Fragment]]) -> list[Item]:
    """One item for overlapping column spans of one row."""
    items: list[Item] = []
    for (row, first, last), fragments in sorted(owned.items()):
        for item in items:
            if item.row == row and item.first <= last and first <= item.last:
                item.first, item.last = min(item.first, first), max(item.last, last)
                item.fragments += fragments
                break
        else:
            items.append(Item(row, first, last, list(fragments)))
    return items
