"""Which rows and columns of a table are headings: those set apart by weight, by fill or by a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from critic.reading.table.colours import SAME_FILL, distance
from critic.reading.table.description import Cell, Rgb
from critic.reading.table.grid import Grid
from critic.reading.table.rows import is_number
from critic.reading.table.ruled import coverage
from critic.reading.table.sizes import tells
from critic.reading.table.surface import Surface

_LEAST_ROWS = 2
"""Rows from which the first may be set apart."""
_OTHER_FILL = 10
"""Channel levels beyond which a fill sets apart."""
_WHOLE = 0.9
"""Part of the table's width above which a line crosses all of it."""
_MOST_RULES, _MOST_HEADERS = 2, 4
"""Inner lines across a table up to which the first is the one under its headings; rows of headings."""


def header_rows_of(surface: Surface, grid: Grid, cells: Sequence[Cell]) -> int:
    """How many rows at the top are set apart by weight, by fill or by a line."""
    count = len(grid.rows) - 1
    if count < _LEAST_ROWS:
        return 0
    by_row = [[cell for cell in cells if cell.row <= row < cell.row + cell.rowspan] for row in range(count)]
    body_fills = Counter(_fill(by_row[row]) for row in range(count // 2, count))
    row = 0
    while row < count - 1 and _is_set_apart(by_row[row], body_fills, row, surface):
        row += 1
    ruled = _first_rule(surface, grid)
    if (row == 0 and ruled) or (ruled > row and ruled <= _MOST_HEADERS and not grid.ruled):
        row = ruled
    reach = max((cell.row + cell.rowspan for cell in cells if cell.row < row), default=0)
    return min(max(row, reach if reach <= _MOST_HEADERS else row), count - 1)


def _fill(cells: Sequence[Cell]) -> Rgb:
    return Counter(cell.background for cell in cells).most_common(1)[0][0]


def _is_set_apart(cells: Sequence[Cell], body_fills: Counter[Rgb], row: int, surface: Surface) -> bool:
    texts = [cell for cell in cells if cell.ink]
    fill = _fill(cells)
    filled = (
        all(distance(fill, other) > _OTHER_FILL for other in body_fills)
        and distance(fill, surface.canvas) > SAME_FILL
    )
    if not texts:
        return filled
    weighed = [cell for cell in texts if tells(cell.text)] or texts  # a letter or two hardly tell a weight
    bold = sum(cell.bold for cell in weighed) >= 0.8 * len(weighed)
    numbers = sum(is_number(cell.text) for cell in texts)
    if filled:
        return True
    return bold and (row == 0 or numbers <= 0.5 * len(texts))


def _first_rule(surface: Surface, grid: Grid) -> int:
    """Rows above the first inner line, in tables that have one or two such lines in all."""
    full = [
        boundary
        for boundary in range(1, len(grid.rows) - 1)
        if coverage(surface.horizontals, grid.rows[boundary], grid.columns[0] + 3, grid.columns[-1] - 3)
        > _WHOLE
    ]
    if not full or len(full) > _MOST_RULES or full[0] > _MOST_HEADERS or full[0] > 0.5 * (len(grid.rows) - 1):
        return 0
    return full[0]


def with_headings(cells: Sequence[Cell], header_rows: int) -> list[Cell]:
    """Mark headings: the rows at the top, and a first column set in bold or filled unlike the rest."""
    body = [cell for cell in cells if cell.row >= header_rows]
    side = 0
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    while side < width - 1 and _is_side(body, side):
        side += 1
    return [
        cell.model_copy(update={"header": cell.row < header_rows or cell.column + cell.colspan <= side})
        for cell in cells
    ]


def _is_side(body: Sequence[Cell], column: int) -> bool:
    own = [cell for cell in body if cell.column == column and cell.colspan == 1]
    rest = [cell for cell in body if cell.column > column]
    texts, others = [c for c in own if c.ink], [c for c in rest if c.ink]
    if not texts or not others:
        return False
    bold = all(c.bold for c in texts) and sum(c.bold for c in others) < 0.5 * len(others)
    fills = {c.background for c in rest}
    filled = all(all(distance(c.background, fill) > _OTHER_FILL for fill in fills) for c in own)
    return bold or filled
