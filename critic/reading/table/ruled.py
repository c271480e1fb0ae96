"""Grids whose cells are framed by drawn lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from critic.reading.table.description import Ruling
from critic.reading.table.grid import Grid, Slot
from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, text_lines

NEAR = 4.0
"""Pixels within which lines are one, or lie on a boundary."""

_SIDE = 10.0
_AGREEING = 0.5

COVERED = 0.6
"""Part of a side that lines must cover to frame it."""
_LEAST_VERTICALS, _LEAST_HORIZONTALS = 2, 3
"""Positions of lines that frame two rows of one column, the smallest grid."""

_PARTED = 0.5
"""Part of the side between two cells that lines cover from which they are two."""

_LEAST_CELLS = 3
"""Cells below which lines make boxes rather than a grid."""


def clustered(values: Sequence[float], near: float = NEAR) -> list[float]:
    """Values that lie close together as one, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [float(np.mean(group)) for group in groups]


def coverage(lines: Sequence[Ruling], at: float, start: float, end: float, near: float = NEAR) -> float:
    """How much of start..end is covered by the lines at one position."""
    if end <= start:
        return 0.0
    spans = sorted((line.start, line.end) for line in lines if abs(line.position - at) <= near)
    covered, reached = 0.0, start
    for first, last in spans:
        covered += max(0.0, min(last, end) - max(first, reached))
        reached = max(reached, last)
    return covered / (end - start)


def ruled_grid(surface: Surface, fragments: list[Fragment]) -> Grid | None:
    """Cells framed by drawn lines on (nearly) all sides."""
    columns = clustered([line.position for line in surface.verticals])
    rows = clustered([line.position for line in surface.horizontals])
    columns, rows = _with_ends(columns, surface.horizontals), _with_ends(rows, surface.verticals)
    if len(columns) < _LEAST_VERTICALS or len(rows) < _LEAST_HORIZONTALS:
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


def _with_ends(positions: list[float], crossing: Sequence[Ruling]) -> list[float]:
    """The lines' positions, and the sides of the table where no line is drawn but long crossing ones end."""
    if not positions or not crossing:
        return positions
    first, last = min(line.start for line in crossing), max(line.end for line in crossing)
    long = [line for line in crossing if line.end - line.start > 0.5 * (last - first)]
    reaching = [line for line in long if line.start - first <= NEAR or last - line.end <= NEAR]
    if len(reaching) < _AGREEING * len(crossing):
        return positions
    before = [first] if first < positions[0] - _SIDE else []
    return [*before, *positions, *([last] if last > positions[-1] + _SIDE else [])]


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
                and coverage(surface.verticals, columns[c + 1], rows[r] + 2, rows[r + 1] - 2) < _PARTED
            ):
                root[find((r, c + 1))] = find((r, c))
            if (
                r + 1 < height
                and coverage(surface.horizontals, rows[r + 1], columns[c] + 2, columns[c + 1] - 2) < _PARTED
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
    if len(cells) < _LEAST_CELLS or len(cells) < 0.35 * height * width:
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
