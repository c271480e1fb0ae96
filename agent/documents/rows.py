"""Text that stands in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from critic.reading.ocr import TextLine
from critic.types import Box

_LEVEL = 0.5
"""Share of the lower of two texts that both have in common where they stand in one row."""

_GAP = 1.2
"""Text heights between the fields of a row at least: words are a third of one apart."""

_BELOW = 3.0
"""Text heights from one row of a table to the next at most."""

_LEAST_ROWS = 3
_LONG = 40
"""Letters of the median field from which rows are columns of prose."""


@dataclass(frozen=True)
class Row:
    """Texts that stand in one row, as fields with gaps between them."""

    fields: tuple[Box, ...]
    letters: tuple[int, ...]

    @property
    def box(self) -> Box:
        """Round all of it."""
        return Box(
            min(f.x0 for f in self.fields),
            min(f.y0 for f in self.fields),
            max(f.x1 for f in self.fields),
            max(f.y1 for f in self.fields),
        )


def rows_of(lines: Sequence[TextLine], unit: float) -> list[Row]:
    """Lines of text in rows, from top to bottom."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda item: (item.box.y0 + item.box.y1, item.box.x0)):
        if rows and _level(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_row(row, unit) for row in rows]


def tables_of(rows: Sequence[Row], unit: float) -> list[Box]:
    """Boxes of rows that follow each other and have gaps at the same places."""
    found: list[Box] = []
    group: list[Row] = []
    for row in [*rows, None]:
        if row is not None and len(row.fields) > 1 and (not group or _follows(group, row, unit)):
            group.append(row)
            continue
        if _is_table(group):
            boxes = [member.box for member in group]
            found.append(
                Box(min(b.x0 for b in boxes), boxes[0].y0, max(b.x1 for b in boxes), max(b.y1 for b in boxes))
            )
        group = [row] if row is not None and len(row.fields) > 1 else []
    return found


def _level(row: Sequence[TextLine], line: TextLine) -> bool:
    last = row[-1].box
    shared = min(last.y1, line.box.y1) - max(last.y0, line.box.y0)
    return shared >= _LEVEL * min(last.height, line.box.height)


def _row(lines: Sequence[TextLine], unit: float) -> Row:
    """Texts with hardly a gap between them are one field."""
    fields: list[Box] = []
    letters: list[int] = []
    for line in sorted(lines, key=lambda item: item.box.x0):
        if fields and line.box.x0 - fields[-1].x1 < _GAP * unit:
            last = fields[-1]
            fields[-1] = Box(
                last.x0, min(last.y0, line.box.y0), max(last.x1, line.box.x1), max(last.y1, line.box.y1)
            )
            letters[-1] += len(line.text)
        else:
            fields.append(line.box)
            letters.append(len(line.text))
    return Row(tuple(fields), tuple(letters))


def _follows(group: Sequence[Row], row: Row, unit: float) -> bool:
    """Whether a row stands close below a group and shares a gap with it."""
    last = group[-1].box
    if row.box.y0 - last.y1 > _BELOW * unit:
        return False
    return bool(_gaps([*group[-2:], row]))


def _gaps(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Stretches across that are empty in all rows, between the outermost fields."""
    left = min(row.box.x0 for row in rows)
    right = max(row.box.x1 for row in rows)
    taken = np.zeros(max(1, int(right - left) + 1), bool)
    for row in rows:
        for field in row.fields:
            taken[max(0, int(field.x0 - left)) : int(np.ceil(field.x1 - left))] = True
    edges = np.flatnonzero(np.diff(np.concatenate(([1], taken.astype(np.int8), [1]))))
    return [(left + a, left + b) for a, b in edges.reshape(-1, 2).tolist()]


def _is_table(group: Sequence[Row]) -> bool:
    if len(group) < _LEAST_ROWS:
        return False
    letters = [count for row in group for count in row.letters]
    return float(np.median(letters)) < _LONG
