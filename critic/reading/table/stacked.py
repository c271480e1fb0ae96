"""Rows that stand on one another between two rules, with nothing drawn between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from critic.reading.table.grid import Grid, Slot
from critic.reading.table.rows import is_number
from critic.reading.table.text import Fragment, bottom, middle, text_lines, top

_COLUMNS = 2
"""Columns whose lines must be level for them to be rows: one column's lines are a text that is wrapped."""

_LEVEL = 0.6
"""Text heights within which lines of two columns are level."""

_APART = 3.0
"""Text heights between lines from which they are no lines of one text: with a line spacing of 1.5 they are
2.1 apart, as capitals are 0.7 of the font's size."""

_ADDED = ("(", "[", "±")
"""What begins a number that belongs to the one above it, such as its range or its error."""

_NOTHING = ("-", "\u2013", "\u2014", "\u2212", "n/a", "NA")
"""What stands in a number's place."""

Lines = list[list[Fragment]]


def unstacked(grid: Grid) -> Grid:
    """The grid with a row for each of several that have no rule between them.

    Lines of text are rows where several columns have as many, level with one another, and they are numbers
    or far apart: a number is not wrapped, and the lines of one text are close.
    """
    heights = [fragment.height for slot in grid.slots for fragment in slot.fragments]
    if not heights:
        return grid
    cap = float(np.median(heights))
    for row in reversed(range(len(grid.rows) - 1)):
        own = {index: text_lines(list(s.fragments)) for index, s in enumerate(grid.slots) if _only(s, row)}
        stacked = _stacked([lines for lines in own.values() if lines], cap)
        if stacked:
            cuts = [(bottom(above) + top(below)) / 2 for above, below in pairwise(stacked)]
            grid = _split(
                grid, row, cuts, {i: lines for i, lines in own.items() if _fits(lines, stacked, cap)}
            )
    return grid


def _only(slot: Slot, row: int) -> bool:
    return slot.row == row and slot.rowspan == 1 and bool(slot.fragments)


def _stacked(cells: Sequence[Lines], cap: float) -> Lines | None:
    """The lines of a row's columns together, where they are rows; None where they are one."""
    counts = Counter(len(lines) for lines in cells if len(lines) > 1)
    for count, columns in counts.most_common():
        level = [lines for lines in cells if len(lines) == count]
        first = level[0]
        level = [lines for lines in level if _fits(lines, first, cap)]
        if columns >= _COLUMNS and len(level) >= _COLUMNS and (_is_apart(first, cap) or _is_data(level)):
            return [[f for lines in level for f in lines[place]] for place in range(count)]
    return None


def _fits(lines: Lines, others: Lines, cap: float) -> bool:
    return len(lines) == len(others) and all(
        abs(middle(one) - middle(other)) <= _LEVEL * cap for one, other in zip(lines, others, strict=True)
    )


def _is_apart(lines: Lines, cap: float) -> bool:
    return all(middle(below) - middle(above) > _APART * cap for above, below in pairwise(lines))


def _is_data(cells: Sequence[Lines]) -> bool:
    """Whether most columns hold numbers, each of them complete."""
    numeric = sum(all(_is_value(line) for line in lines) for lines in cells)
    return numeric >= max(_COLUMNS, (len(cells) + 1) // 2)


def _is_value(line: Sequence[Fragment]) -> bool:
    text = " ".join(fragment.text for fragment in line).strip()
    return text in _NOTHING or (is_number(text) and not text.startswith(_ADDED))


def _split(grid: Grid, row: int, cuts: Sequence[float], parted: dict[int, Lines]) -> Grid:
    """The grid with more boundaries in a row; cells whose lines are not rows reach over all of them."""
    more = len(cuts)
    slots: list[Slot] = []
    for index, slot in enumerate(grid.slots):
        if index in parted:
            slots += [
                replace(slot, row=row + place, fragments=tuple(line))
                for place, line in enumerate(parted[index])
            ]
        elif slot.row > row:
            slots.append(replace(slot, row=slot.row + more))
        elif slot.row + slot.rowspan > row:
            slots.append(replace(slot, rowspan=slot.rowspan + more))
        else:
            slots.append(slot)
    rows = (*grid.rows[: row + 1], *cuts, *grid.rows[row + 1 :])
    return replace(grid, rows=rows, slots=tuple(sorted(slots, key=lambda item: (item.row, item.column))))
