"""From lines and pieces of text to a grid of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from critic.reading.ocr import TextReader
from critic.reading.table.columns import Columns, find_columns
from critic.reading.table.description import Line
from critic.reading.table.look import stroke_share
from critic.reading.table.rows import find_rows
from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, split, text_lines, union
from critic.types import Box

_NEAR = 4.0
_COVERED = 0.6


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


def read_grid(surface: Surface, fragments: list[Fragment], reader: TextReader) -> Grid | None:
    """The grid of the table; None where there is no text to place."""
    if not fragments:
        return None
    return _ruled_grid(surface, fragments) or _open_grid(surface, fragments, reader)


def clustered(values: Sequence[float], near: float = _NEAR) -> list[float]:
    """Values that lie close together as one, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [float(np.mean(group)) for group in groups]


def coverage(lines: Sequence[Line], at: float, start: float, end: float, near: float = _NEAR) -> float:
    """How much of start..end is covered by the lines at one position."""
    if end <= start:
        return 0.0
    spans = sorted((line.start, line.end) for line in lines if abs(line.position - at) <= near)
    covered, reached = 0.0, start
    for first, last in spans:
        covered += max(0.0, min(last, end) - max(first, reached))
        reached = max(reached, last)
    return covered / (end - start)


def _ruled_grid(surface: Surface, fragments: list[Fragment]) -> Grid | None:
    """Cells framed by drawn lines on (nearly) all sides."""
    columns = clustered([line.position for line in surface.verticals])
    rows = clustered([line.position for line in surface.horizontals])
    if len(columns) < 3 or len(rows) < 3:
        return None
    inner = columns[1:-1]
    height = rows[-1] - rows[0]
    full = [x for x in inner if coverage(surface.verticals, x, rows[0], rows[-1]) * height > 0.3 * height]
    if len(full) < len(inner) or _is_open_inside(columns, fragments):
        return None
    outside = [f for f in fragments if not columns[0] - 3 <= (f.box.x0 + f.box.x1) / 2 <= columns[-1] + 3]
    if len(outside) > 0.1 * len(fragments):
        return None
    merged = _merged_by_lines(surface, rows, columns)
    return laid_into(merged, rows, columns, fragments) if merged else None


def _is_open_inside(columns: list[float], fragments: list[Fragment]) -> bool:
    """Whether many pieces of text share a ruled column side by side, so that lines alone do not part them."""
    beside = 0
    lines = text_lines(fragments)
    for line in lines:
        places = [int(np.searchsorted(columns, (f.box.x0 + f.box.x1) / 2)) for f in line]
        beside += len(places) - len(set(places))
    return beside > 0.3 * len(fragments)


def _merged_by_lines(
    surface: Surface, rows: list[float], columns: list[float]
) -> list[tuple[int, int, int, int]] | None:
    """Cells as (row, column, rowspan, colspan): neighbours with no line between are one."""
    height, width = len(rows) - 1, len(columns) - 1
    root = {(r, c): (r, c) for r in range(height) for c in range(width)}

    def find(place: tuple[int, int]) -> tuple[int, int]:
        while root[place] != place:
            place = root[place]
        return place

    for r in range(height):
        for c in range(width):
            if (
                c + 1 < width
                and coverage(surface.verticals, columns[c + 1], rows[r] + 2, rows[r + 1] - 2) < 0.5
            ):
                root[find((r, c + 1))] = find((r, c))
            if (
                r + 1 < height
                and coverage(surface.horizontals, rows[r + 1], columns[c] + 2, columns[c + 1] - 2) < 0.5
            ):
                root[find((r + 1, c))] = find((r, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in root:
        members.setdefault(find(place), []).append(place)
    cells = []
    for places in members.values():
        r0, r1 = min(r for r, _ in places), max(r for r, _ in places)
        c0, c1 = min(c for _, c in places), max(c for _, c in places)
        if (r1 - r0 + 1) * (c1 - c0 + 1) != len(places):
            return None
        cells.append((r0, c0, r1 - r0 + 1, c1 - c0 + 1))
    if len(cells) < 3 or len(cells) < 0.35 * height * width:
        return None
    return sorted(cells)


def laid_into(
    cells: Sequence[tuple[int, int, int, int]],
    rows: Sequence[float],
    columns: Sequence[float],
    fragments: Sequence[Fragment],
) -> Grid:
    """A grid of known cells, each with the text that lies most in it.

    Args:
        cells: Row, column, rowspan and colspan of each.
        rows: Row boundaries.
        columns: Column boundaries.
        fragments: The text; what lies outside is left out.
    """
    owned: list[list[Fragment]] = [[] for _ in cells]
    for fragment in fragments:
        shares = []
        for r, c, down, across in cells:
            wide = min(fragment.box.x1, columns[c + across]) - max(fragment.box.x0, columns[c])
            high = min(fragment.box.y1, rows[r + down]) - max(fragment.box.y0, rows[r])
            shares.append(max(0.0, wide) * max(0.0, high))
        if max(shares) > 0:
            owned[int(np.argmax(shares))].append(fragment)
    slots = [Slot(*cell, tuple(own)) for cell, own in zip(cells, owned, strict=True)]
    return Grid(tuple(rows), tuple(columns), tuple(slots), ruled=True)


def _open_grid(surface: Surface, fragments: list[Fragment], reader: TextReader) -> Grid | None:
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
    grid = _Draft(rows.cuts, columns.cuts, cells, height, width)
    _widen_headings(grid, surface)
    _deepen(grid, surface, rows.tall)
    _widen_sections(grid, surface)
    return Grid(tuple(rows.cuts), tuple(columns.cuts), tuple(grid.slots()), ruled=False)


@dataclass(slots=True)
class _Item:
    """A cell with text while the open grid is being built."""

    row: int
    first: int
    last: int
    fragments: list[Fragment]
    rowspan: int = 1

    @property
    def box(self) -> Box:
        return union([fragment.box for fragment in self.fragments])


@dataclass(slots=True)
class _Draft:
    """An open grid while it is being built: only cells with text are kept; the rest is empty."""

    rows: list[float]
    columns: list[float]
    items: list[_Item]
    height: int
    width: int

    def at(self, row: int, column: int) -> _Item | None:
        for item in self.items:
            if item.row <= row < item.row + item.rowspan and item.first <= column <= item.last:
                return item
        return None

    def in_row(self, row: int) -> list[_Item]:
        return sorted((item for item in self.items if item.row == row), key=lambda item: item.first)

    def slots(self) -> list[Slot]:
        slots = [
            Slot(item.row, item.first, item.rowspan, item.last - item.first + 1, tuple(item.fragments))
            for item in self.items
        ]
        for row in range(self.height):
            slots += [Slot(row, c, 1, 1, ()) for c in range(self.width) if self.at(row, c) is None]
        return sorted(slots, key=lambda slot: (slot.row, slot.column))


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


def _text_cells(owned: dict[tuple[int, int, int], list[Fragment]]) -> list[_Item]:
    """One item for overlapping column spans of one row."""
    items: list[_Item] = []
    for (row, first, last), fragments in sorted(owned.items()):
        for item in items:
            if item.row == row and item.first <= last and first <= item.last:
                item.first, item.last = min(item.first, first), max(item.last, last)
                item.fragments += fragments
                break
        else:
            items.append(_Item(row, first, last, list(fragments)))
    return items


def _widen_headings(grid: _Draft, surface: Surface) -> None:
    """Let a heading span the columns that a line under it, or its place among empty neighbours, shows."""
    body = _first_full_line(grid, surface)
    for row in range(min(grid.height - 1, body - 1 if 1 < body <= 5 else 3)):
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


def _is_heading(grid: _Draft, row: int, surface: Surface) -> bool:
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


def _has_partial_line(grid: _Draft, surface: Surface, row: int) -> bool:
    shares = [
        coverage(surface.horizontals, grid.rows[row + 1], grid.columns[c] + 2, grid.columns[c + 1] - 2)
        for c in range(grid.width)
    ]
    return max(shares) > _COVERED and min(shares) < 0.3


def _ruled_span(grid: _Draft, surface: Surface, item: _Item, left: int, right: int) -> tuple[int, int] | None:
    """The columns over a line that is drawn under this heading only."""
    middle = (item.box.x0 + item.box.x1) / 2
    edges = [*surface.horizontals, *surface.horizontal_edges]
    for line in edges:
        if abs(line.position - grid.rows[item.row + 1]) > _NEAR or not line.start <= middle <= line.end:
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


def _empty_span(grid: _Draft, surface: Surface, item: _Item, left: int, right: int) -> tuple[int, int]:
    """Take in empty neighbours that have headings of their own below, evenly where the text is centred."""

    def open_to(column: int) -> bool:
        beside = column + 1 if column < item.first else column
        parted = coverage(
            surface.verticals, grid.columns[beside], grid.rows[item.row], grid.rows[item.row + 1]
        )
        return grid.at(item.row + 1, column) is not None and parted < 0.5

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
            if min(centred, flush) <= 0.6 * (item.box.y1 - item.box.y0) + 2 and miss < best:
                best, chosen = miss, (a, b)
    return chosen


def _deepen(grid: _Draft, surface: Surface, tall: dict[int, int]) -> None:
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
            if own > 0.3 or max(shares) < _COVERED or (boundary <= body and not crossed):
                break
            item.rowspan += 1


def _floats(grid: _Draft, item: _Item, rows: int) -> bool:
    """Whether a text lies in the middle of several rows rather than in the first of them."""
    middle = (item.box.y0 + item.box.y1) / 2
    centre = (grid.rows[item.row] + grid.rows[item.row + rows]) / 2
    return abs(middle - centre) < 0.35 * (grid.rows[item.row + 1] - grid.rows[item.row])


def _first_full_line(grid: _Draft, surface: Surface) -> int:
    """Index of the first inner row boundary with a line or fill edge across the whole table."""
    for boundary in range(1, grid.height):
        at = grid.rows[boundary]
        lines = [*surface.horizontals, *surface.horizontal_edges]
        if coverage(lines, at, grid.columns[0] + 3, grid.columns[-1] - 3) > 0.9:
            return boundary
    return 0


def _widen_sections(grid: _Draft, surface: Surface) -> None:
    """A lone text at the left of a row, in a table whose other rows are full, heads the rows below it."""
    if grid.width < 3:
        return
    counts = [sum(grid.at(r, c) is not None for c in range(grid.width)) for r in range(grid.height)]
    lone = [r for r in range(1, grid.height) if counts[r] == 1 and grid.at(r, 0) is not None]
    others = [counts[r] for r in range(grid.height) if r not in lone]
    if not lone or not others or np.mean([count >= grid.width for count in others]) < 0.8:
        return
    for row in lone:
        item = grid.at(row, 0)
        if item is not None and item.row == row and item.rowspan == 1:
            item.last = grid.width - 1
