"""Which row and column of one table is which of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from critic.metrics.teds import normalised
from critic.reading.table import Cell, TableDescription

_GAP = 0.2
_MOVED = 0.85

_LEAST_ORDERED = 2
"""Rows or columns from which there is an order to differ in."""

_PLAINLY_ALIKE = 0.5
"""Likeness place by place above which two rows are not also compared with their texts in another order."""

_BOTH_EMPTY = 0.6
"""Likeness of two rows or columns without any text: more likely one than not, less than of two like texts."""

Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Rows and columns of a reference beside those of a render; None where the other has no counterpart."""

    rows: list[Pair]
    columns: list[Pair]

    def moved(self, pairs: list[Pair], alike: Callable[[int, int], float]) -> list[tuple[int, int]]:
        """Missing and extra ones that are each other: the same content at another place."""
        missing = [a for a, b in pairs if a is not None and b is None]
        extra = [b for a, b in pairs if b is not None and a is None]
        found = []
        for a in missing:
            scores = [(alike(a, b), b) for b in extra]
            if scores and max(scores)[0] >= _MOVED:
                found.append((a, max(scores)[1]))
                extra.remove(max(scores)[1])
        return found


class TextGrid:
    """A table as texts by row and column; a spanning cell's text fills all its places."""

    def __init__(self, table: TableDescription) -> None:
        """Spread the cells of ``table``."""
        self.height, self.width = table.row_count, table.column_count
        self.cells: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    self.cells[row, column] = cell

    def text(self, row: int, column: int) -> str:
        """The normalised text at a place."""
        cell = self.cells.get((row, column))
        return normalised(cell.text).lower() if cell else ""

    def row(self, row: int) -> list[str]:
        """A row's texts."""
        return [self.text(row, column) for column in range(self.width)]

    def column(self, column: int, rows: list[int]) -> list[str]:
        """A column's texts in some rows."""
        return [self.text(row, column) for row in rows]


def align(reference: TextGrid, render: TextGrid) -> Alignment:
    """Rows first, whatever the order of the columns, then columns by the rows that belong together."""
    row_scores = np.array(
        [
            [
                _rows_alike(reference.row(a), render.row(b), reference.width == render.width)
                for b in range(render.height)
            ]
            for a in range(reference.height)
        ]
    ).reshape(reference.height, render.height)
    rows = _best_path(row_scores)
    shared = [(a, b) for a, b in rows if a is not None and b is not None]
    mine, theirs = [a for a, _ in shared], [b for _, b in shared]
    column_scores = np.array(
        [
            [lists_alike(reference.column(a, mine), render.column(b, theirs)) for b in range(render.width)]
            for a in range(reference.width)
        ]
    ).reshape(reference.width, render.width)
    return Alignment(_reordered(row_scores) or rows, _reordered(column_scores) or _best_path(column_scores))


def _reordered(scores: np.ndarray) -> list[Pair] | None:
    """The pairing where the same rows (or columns) clearly stand in another order; None where they do not."""
    count = len(scores)
    if count < _LEAST_ORDERED or scores.shape != (count, count):
        return None
    mine, theirs = linear_sum_assignment(-scores)
    if scores[mine, theirs].mean() < max(_MOVED, float(np.diag(scores).mean()) + 0.05):
        return None
    kept = _longest_rise([int(b) for b in theirs])
    if len(kept) == count:
        return None
    pairs: list[Pair] = []
    after = 0
    for a, b in enumerate(int(b) for b in theirs):
        if a in kept:
            pairs += [
                (None, extra) for extra in range(after, b) if extra not in {int(theirs[k]) for k in kept}
            ]
            pairs.append((a, b))
            after = b + 1
        else:
            pairs.append((a, None))
    done = {b for _, b in pairs if b is not None}
    return pairs + [(None, b) for b in range(count) if b not in done]


def _longest_rise(values: list[int]) -> set[int]:
    """Positions of a longest increasing run of values."""
    best: list[list[int]] = []
    for index, value in enumerate(values):
        longest: list[int] = []
        for run in best:
            if values[run[-1]] < value and len(run) > len(longest):
                longest = run
        best.append([*longest, index])
    return set(sorted(best, key=_length)[-1]) if best else set()


def _length(run: list[int]) -> int:
    return len(run)


def in_place_alignment(table: TableDescription) -> Alignment:
    """Every row and column beside itself."""
    rows: list[Pair] = [(index, index) for index in range(table.row_count)]
    columns: list[Pair] = [(index, index) for index in range(table.column_count)]
    return Alignment(rows, columns)


def lists_alike(first: list[str], second: list[str]) -> float:
    """Mean likeness of texts place by place; places that are empty in both say nothing."""
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a or b]
    if not pairs:
        return _BOTH_EMPTY
    return sum(text_likeness(a, b) for a, b in pairs) / len(pairs)


def _rows_alike(first: list[str], second: list[str], in_place: bool) -> float:
    if in_place:
        straight = lists_alike(first, second)
        if straight > _PLAINLY_ALIKE:
            return straight
    texts, others = [t for t in first if t], [t for t in second if t]
    if not texts or not others:
        return _BOTH_EMPTY if not texts and not others else 0.0
    forward = sum(max(text_likeness(a, b) for b in others) for a in texts) / len(texts)
    backward = sum(max(text_likeness(a, b) for a in texts) for b in others) / len(others)
    return 0.9 * (forward + backward) / 2


@lru_cache(maxsize=65536)
def text_likeness(first: str, second: str) -> float:
    """1 for equal texts, 0 for texts without a letter in common; by edit distance."""
    if first == second:
        return 1.0
    if not first or not second:
        return 0.0
    before = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        now = [i]
        for j, b in enumerate(second, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (a != b)))
        before = now
    return 1.0 - before[-1] / max(len(first), len(second))


def _best_path(scores: np.ndarray) -> list[Pair]:
    """The order-keeping pairing with the highest sum, leaving one out costing nothing but its match."""
    height, width = scores.shape
    total = np.zeros((height + 1, width + 1))
    for i in range(height + 1):
        for j in range(width + 1):
            if i == j == 0:
                continue
            options = []
            if i and j:
                options.append(total[i - 1, j - 1] + scores[i - 1, j - 1] - 2 * _GAP)
            if i:
                options.append(total[i - 1, j])
            if j:
                options.append(total[i, j - 1])
            total[i, j] = max(options)
    pairs: list[Pair] = []
    i, j = height, width
    while i or j:
        if i and j and total[i, j] == total[i - 1, j - 1] + scores[i - 1, j - 1] - 2 * _GAP:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif i and total[i, j] == total[i - 1, j]:
            pairs.append((i - 1, None))
            i -= 1
        else:
            pairs.append((None, j - 1))
            j -= 1
    return pairs[::-1]
