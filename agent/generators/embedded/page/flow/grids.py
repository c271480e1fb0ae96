"""Texts in rows and columns on one ground: where a page has a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from critic.reading.page import LaidLine, Shape
from critic.types import Box

_ONE_ROW = 0.4
"""Part of a text's size by which the baselines of one row differ at most: badges set theirs smaller."""

_ALIGNED = 6.0
"""Pixels by which cells of a column may differ on the side that they are aligned by."""

_ROWS, _COLUMNS, _PAIR, _FEW = 3, 3, 2, 4
"""Rows and columns of the smallest table; one of two columns has numbers, and at least so many rows."""

_EVEN = 0.35
"""Part of their median by which the steps from row to row differ at most."""

_FAR = 4.5
"""Text sizes from row to row at most: tables' rows are 1.2 to 3.5 apart, cards' more."""

_NUMBERS = 0.6
"""Part of a column's texts that are numbers from which it is one of figures."""

_ONE_SIZE = 0.12
"""Relative difference of the sizes of a row's texts from the table's: headings differ less."""

_LINE = 3.0
"""Pixels that a rule is high at most."""

_ACROSS = 0.8
"""Part of the table's width that a rule, or a row's own box, has at least."""

_SHARED = 2.0
"""Pixels between the ends of two rows that one line parts."""

_PLATE = 2.5
"""Text sizes that a badge under a word is high at most."""

_MOST_KEEP = 0.75
"""Part of a column's texts that keep to its side at least: a heading may not."""

_NUMBER = re.compile(r"[^\w]*\d[\d.,:/ -]*[^\d]{0,4}")

Align = str
"""CSS ``text-align`` of a column."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text with where it begins and ends, the badge that it stands on included."""

    line: LaidLine
    start: float
    stop: float

    @property
    def baseline(self) -> float:
        return self.line.baseline

    @property
    def size(self) -> float:
        return self.line.size


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        align: The side that its texts keep to.
        at: Where that is, in pixels of the page.
        start: The least left edge of its texts.
        stop: The greatest right edge.
    """

    align: Align
    at: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's place.

    Attributes:
        rows: Its texts, row by row; a row may lack some columns.
        columns: From left to right.
        tops: Where each row begins, and the last one ends.
        left: Its left edge.
        right: Its right edge.
    """

    rows: tuple[tuple[LaidLine, ...], ...]
    columns: tuple[Column, ...]
    tops: tuple[float, ...]
    left: float
    right: float

    @property
    def box(self) -> Box:
        """All of it."""
        return Box(self.left, self.tops[0], self.right, self.tops[-1])


def grids(lines: Iterable[LaidLine], shapes: Iterable[Shape], room: Box) -> list[Grid]:
    """The tables among the texts on one ground.

    Args:
        lines: The texts, those in boxes of single rows among them.
        shapes: What else lies on the ground: rules, boxes of rows.
        room: The ground's own box.
    """
    shapes = list(shapes)
    rows = _rows([_piece(line, shapes) for line in lines])
    found: list[Grid] = []
    start = 0
    while start + _ROWS <= len(rows):
        stop = next((n for n in range(len(rows), start + _ROWS - 1, -1) if _steady(rows[start:n])), start)
        grid = _grid(rows[start:stop], shapes, room) if stop > start else None
        if grid is None:
            start += 1
            continue
        found.append(grid)
        start = stop
    return found


def _piece(line: LaidLine, shapes: list[Shape]) -> _Piece:
    ink = line.ink
    plates = [
        shape.box
        for shape in shapes
        if shape.box.height <= _PLATE * line.size
        and shape.box.width < _PAIR * ink.width + _PLATE * line.size
        and shape.box.x0 <= ink.x0
        and ink.x1 <= shape.box.x1
        and shape.box.y0 <= ink.y0 + 1
        and ink.y1 <= shape.box.y1 + 1
    ]
    box = min(plates, key=lambda box: box.width, default=ink)
    return _Piece(line, box.x0, box.x1)


def _rows(lines: list[_Piece]) -> list[list[_Piece]]:
    """The texts by their baselines, from top to bottom, each row from left to right."""
    rows: list[list[_Piece]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if rows and line.baseline - rows[-1][0].baseline <= _ONE_ROW * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda piece: piece.start) for row in rows]


def _steady(rows: list[list[_Piece]]) -> bool:
    """Whether rows follow each other evenly, close and in one size."""
    if any(len(row) < _PAIR for row in rows):
        return False
    steps = np.diff([np.median([line.baseline for line in row]) for row in rows])
    usual = float(np.median(steps))
    size = float(np.median([line.size for row in rows for line in row]))
    if np.abs(steps[1:] - usual).max(initial=0.0) > _EVEN * usual or steps[0] > 2 * usual:
        return False
    sizes = [abs(float(np.median([line.size for line in row])) / size - 1) for row in rows]
    return usual <= _FAR * size and max(sizes) <= _ONE_SIZE


def _grid(rows: list[list[_Piece]], shapes: list[Shape], room: Box) -> Grid | None:
    columns = _columns(rows)
    if len(columns) < _PAIR:
        return None
    kept = [_of_columns(row, columns) for row in rows]
    if any(len(row) < _PAIR for row in kept):
        return None
    wide = Box(columns[0].start, 0.0, columns[-1].stop, 0.0)
    rules = [shape for shape in shapes if _crosses(shape.box, wide)]
    lined = _lines_between(kept, rules)
    figures = sum(_is_of_figures(column, kept) for column in columns)
    told = lined or figures
    if not told or (len(columns) < _COLUMNS and (not figures or len(rows) < _FEW)):
        return None
    left, right = _sides(wide, rules, room)
    texts = tuple(tuple(piece.line for piece in row) for row in kept)
    return Grid(texts, columns, _tops(kept, rules), left, right)


def _columns(rows: list[list[_Piece]]) -> tuple[Column, ...]:
    """Texts below each other that keep to one side, in most of the rows."""
    clusters: list[list[_Piece]] = []
    for line in sorted((line for row in rows for line in row), key=lambda line: line.start):
        home = next((c for c in reversed(clusters) if any(_share(line, other) for other in c)), None)
        if home is None:
            clusters.append([line])
        else:
            home.append(line)
    found = [_column(cluster) for cluster in clusters if len(cluster) > len(rows) / 2]
    columns = sorted((column for column in found if column is not None), key=lambda column: column.start)
    if any(a.stop > b.start for a, b in pairwise(columns)):
        return ()
    return tuple(columns)


def _share(first: _Piece, second: _Piece) -> bool:
    return first.start < second.stop and second.start < first.stop


def _column(cluster: list[_Piece]) -> Column | None:
    starts, stops = [line.start for line in cluster], [line.stop for line in cluster]
    middles = [(a + b) / 2 for a, b in zip(starts, stops, strict=True)]
    spreads = [(_off(v), align, v) for align, v in (("left", starts), ("right", stops), ("center", middles))]
    off, align, values = min(spreads, key=lambda item: item[0])
    if off > _ALIGNED / 2:
        return None
    return Column(align, float(np.median(values)), min(starts), max(stops))


def _off(values: list[float]) -> float:
    """How far most of the values are from their middle."""
    return float(np.quantile(np.abs(np.array(values) - np.median(values)), _MOST_KEEP))


def _of_columns(row: list[_Piece], columns: tuple[Column, ...]) -> list[_Piece]:
    return [
        line for line in row if any(c.start - 1 <= line.start and line.stop <= c.stop + 1 for c in columns)
    ]


def _crosses(box: Box, wide: Box) -> bool:
    """Whether a box is as wide as the table, and no much wider: a rule, or a row's own."""
    shared = min(box.x1, wide.x1) - max(box.x0, wide.x0)
    return shared >= _ACROSS * wide.width and box.height > 0


def _lines_between(rows: list[list[_Piece]], rules: list[Shape]) -> bool:
    """Whether most rows are parted by lines, or have grounds of their own."""
    edges = _edges(rules)
    parted = sum(
        any(above[0].baseline <= y <= below[0].baseline for y in edges) for above, below in pairwise(rows)
    )
    return 2 * parted >= len(rows) - 1


def _edges(rules: list[Shape]) -> list[float]:
    found = []
    for rule in rules:
        if rule.box.height <= _LINE:
            found.append(rule.box.y1)
        else:
            found += [rule.box.y0, rule.box.y1]
    return sorted(found)


def _is_of_figures(column: Column, rows: list[list[_Piece]]) -> bool:
    texts = [line.line.text for row in rows for line in row if column.start - 1 <= line.start <= column.stop]
    return sum(bool(_NUMBER.fullmatch(text)) for text in texts) >= _NUMBERS * len(texts)


def _sides(wide: Box, rules: list[Shape], room: Box) -> tuple[float, float]:
    """The edges of the table: those of its lines, else of its texts."""
    inside = [r.box for r in rules if r.box.x0 >= room.x0 - 1 and r.box.x1 <= room.x1 + 1]
    if inside:
        return float(np.median([box.x0 for box in inside])), float(np.median([box.x1 for box in inside]))
    return wide.x0, wide.x1


def _tops(rows: list[list[_Piece]], rules: list[Shape]) -> tuple[float, ...]:
    """Where rows begin: at lines where there are, else in the middle between."""
    bases = [float(np.median([line.baseline for line in row])) for row in rows]
    size = float(np.median([line.size for row in rows for line in row]))
    step = float(np.median(np.diff(bases)))
    edges = _edges(rules)
    found = []
    middles = [base - size / 3 for base in bases]
    for low, high in zip([middles[0] - step, *middles], [*middles, middles[-1] + step], strict=True):
        between = [edge for edge in edges if low < edge < high]
        middle = (low + high) / 2
        nearest = min(between, key=lambda edge: abs(edge - middle), default=middle)
        # of two boxes that share a line, the line is the upper one's
        found.append(max((edge for edge in between if abs(edge - nearest) <= _SHARED), default=nearest))
    return tuple(round(top, 1) for top in found)
