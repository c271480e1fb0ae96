"""Cells of an open grid that reach over several columns or rows."""

from __future__ import annotations

import numpy as np

from critic.reading.table.draft import Draft, Item
from critic.reading.table.look import stroke_share
from critic.reading.table.ruled import COVERED, NEAR, coverage
from critic.reading.table.surface import Surface
from critic.reading.table.text import union

_LOWEST_RULE, _HEADING_ROWS = 5, 3
"""Row boundary up to which a line across the table ends the headings; rows looked at where there is none."""

_UNCOVERED, _PARTED = 0.3, 0.5
"""Part of a side up to which lines do not cover it at all, and from which they part two cells."""

_WHOLE = 0.9
"""Part of the table's width above which a line crosses all of it."""

_LEAST_COLUMNS = 3
"""Columns from which a row with one text differs from a full one."""

_MOSTLY_FULL = 0.8
"""Share of the other rows that are full where a lone text heads a section."""


def widen_headings(grid: Draft, surface: Surface) -> None:
    """Let a heading span the columns that a line under it, or its place among empty neighbours, shows."""
    body = _first_full_line(grid, surface)
    for row in range(min(grid.height - 1, body - 1 if 1 < body <= _LOWEST_RULE else _HEADING_ROWS)):
        items = grid.in_row(row)
        ruled_row = _has_partial_line(grid, surface, row)
        if not ruled_row and (
            len(grid.in_row(row + 1)) <= len(items) or not _is_heading(grid, row + 1, surface)
        ):
            break
        for index, item in enumerate(items):
            left = items[index - 1].last + 1 if index else 0
            right = items[index + 1].first - 1 if index + 1 < len(items) else grid.width - 1
            ruled = _ruled_span(grid, surface, item, left, right)
            item.first, item.last = ruled or _empty_span(grid, surface, item, left, right)


def _is_heading(grid: Draft, row: int, surface: Surface) -> bool:
    """Whether a row's texts are as heavy as the first row's and heavier than the rest."""

    def weight(rows: range) -> float:
        shares = [
            share
            for r in rows
            for item in grid.in_row(r)
            if (share := stroke_share(surface, item.box, 1.0)) > 0
        ]
        return float(np.median(shares)) if shares else 0.0

    rest = weight(range(row + 1, grid.height))
    return rest > 0 and weight(range(row, row + 1)) > 1.15 * rest


def _has_partial_line(grid: Draft, surface: Surface, row: int) -> bool:
    shares = [
        coverage(surface.horizontals, grid.rows[row + 1], grid.columns[c] + 2, grid.columns[c + 1] - 2)
        for c in range(grid.width)
    ]
    return max(shares) > COVERED and min(shares) < _UNCOVERED


def _ruled_span(grid: Draft, surface: Surface, item: Item, left: int, right: int) -> tuple[int, int] | None:
    """The columns over a line that is drawn under this heading only."""
    middle = (item.box.x0 + item.box.x1) / 2
    edges = [*surface.horizontals, *surface.horizontal_edges]
    for line in edges:
        if abs(line.position - grid.rows[item.row + 1]) > NEAR or not line.start <= middle <= line.end:
            continue
        covered = [
            c
            for c in range(grid.width)
            if min(line.end, grid.columns[c + 1]) - max(line.start, grid.columns[c])
            > 0.5 * (grid.columns[c + 1] - grid.columns[c])
        ]
        if covered and len(covered) < grid.width and covered[0] >= left and covered[-1] <= right:
            return min(covered[0], item.first), max(covered[-1], item.last)
    return None


def _empty_span(grid: Draft, surface: Surface, item: Item, left: int, right: int) -> tuple[int, int]:
    """Take in empty neighbours that have headings of their own below, evenly where the text is centred."""

    def open_to(column: int) -> bool:
        beside = column + 1 if column < item.first else column
        parted = coverage(
            surface.verticals, grid.columns[beside], grid.rows[item.row], grid.rows[item.row + 1]
        )
        return grid.at(item.row + 1, column) is not None and parted < _PARTED

    if item.first == item.last and grid.at(item.row + 1, item.first) is None:
        return item.first, item.last
    first, last = item.first, item.last
    while last < right and open_to(last + 1):
        last += 1
    while first > left and open_to(first - 1):
        first -= 1
    middle = (item.box.x0 + item.box.x1) / 2
    best, chosen = float("inf"), (item.first, item.last)
    for a in range(first, item.first + 1):
        for b in range(item.last, last + 1):
            below = [found.box for c in range(a, b + 1) if (found := grid.at(item.row + 1, c))]
            if not below:
                continue
            around = union(below)
            centred = abs(middle - (around.x0 + around.x1) / 2)
            flush = abs(item.box.x0 - around.x0) if b == last else float("inf")
            miss = min(centred, flush) - 2.0 * (b - a)
            if min(centred, flush) <= 0.6 * item.box.height + 2 and miss < best:
                best, chosen = miss, (a, b)
    return chosen


def deepen(grid: Draft, surface: Surface, tall: dict[int, int]) -> None:
    """Let cells span rows: text centred between two rows, or no line where its neighbours have one."""
    for item in grid.items:
        if item.row in tall and len(grid.in_row(item.row)) >= 1 and _floats(grid, item, tall[item.row]):
            item.rowspan = tall[item.row]
    separators = [*surface.horizontals, *surface.horizontal_edges]
    body = _first_full_line(grid, surface)
    for item in sorted(grid.items, key=lambda found: (found.row, found.first)):
        while item.row + item.rowspan < grid.height:
            boundary = item.row + item.rowspan
            if any(grid.at(boundary, c) for c in range(item.first, item.last + 1)):
                break
            shares = [
                coverage(separators, grid.rows[boundary], grid.columns[c] + 3, grid.columns[c + 1] - 3)
                for c in range(grid.width)
            ]
            own = max(shares[item.first : item.last + 1])
            crossed = item.box.y1 > grid.rows[boundary] + 2
            if own > _UNCOVERED or max(shares) < COVERED or (boundary <= body and not crossed):
                break
            item.rowspan += 1


def _floats(grid: Draft, item: Item, rows: int) -> bool:
    """Whether a text lies in the middle of several rows rather than in the first of them."""
    middle = (item.box.y0 + item.box.y1) / 2
    centre = (grid.rows[item.row] + grid.rows[item.row + rows]) / 2
    return abs(middle - centre) < 0.35 * (grid.rows[item.row + 1] - grid.rows[item.row])


def _first_full_line(grid: Draft, surface: Surface) -> int:
    """Index of the first inner row boundary with a line or fill edge across the whole table."""
    for boundary in range(1, grid.height):
        at = grid.rows[boundary]
        lines = [*surface.horizontals, *surface.horizontal_edges]
        if coverage(lines, at, grid.columns[0] + 3, grid.columns[-1] - 3) > _WHOLE:
            return boundary
    return 0


def widen_sections(grid: Draft, surface: Surface) -> None:
    """A lone text at the left of a row, in a table whose other rows are full, heads the rows below it."""
    if grid.width < _LEAST_COLUMNS:
        return
    counts = [sum(grid.at(r, c) is not None for c in range(grid.width)) for r in range(grid.height)]
    lone = [r for r in range(1, grid.height) if counts[r] == 1 and grid.at(r, 0) is not None]
    others = [counts[r] for r in range(grid.height) if r not in lone]
    if not lone or not others or np.mean([count >= grid.width for count in others]) < _MOSTLY_FULL:
        return
    for row in lone:
        item = grid.at(row, 0)
        if item is not None and item.row == row and item.rowspan == 1:
            item.last = grid.width - 1
