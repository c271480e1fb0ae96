"""The look of a table as CSS needs it: fonts, sizes, paddings and borders, measured on the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from critic.reading.table import Cell, Ruling, TableDescription
from critic.reading.table.description import Rgb
from critic.reading.table.ruled import clustered, coverage
from critic.reading.table.sizes import CAPITAL_SHARE

_NEAR = 3.0
_COVERED = 0.5
"""Share of a cell's side along which a line must run to be its border."""
_INDENT = 0.5
"""Heights of a capital between the beginnings of texts from which one is set in: indents are two letters
wide."""
_OFF_HEIGHT = 1.1
"""CSS px by which a row may be off the height that its text gives it: browsers round to whole pixels."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Border(_Frozen):
    """A border on one side of a cell."""

    thickness: int
    style: str
    colour: tuple[int, int, int]


class Shift(_Frozen):
    """How far a cell's text is moved from where its alignment puts it, in pixels."""

    right: float = 0.0
    down: float = 0.0


class Face(_Frozen):
    """A font stack and size that some cells have instead of the table's."""

    family: str
    size: float


class Look(_Frozen):
    """All of a table's appearance that is not in its description.

    Attributes:
        family: CSS font stack.
        size: Font size in pixels.
        line_height: Distance of wrapped lines in pixels; None for the font's own.
        padding: Space left and right of the text in a cell.
        columns: Positions of the column boundaries.
        rows: Positions of the row boundaries.
        shifts: Moves of the text of each cell, in the order of the description's cells.
        faces: Fonts of texts that differ from the table's, by the index in ``TableDescription.texts``.
        leading: Space above a line of a cell that is set in its own way, in pixels.
        natural: Let the browser size columns and rows around the text; then ``padding_y`` counts.
        fixed_rows: Rows that keep a height of their own even so.
        padding_y: Space above and below the text in a cell where rows size themselves.
    """

    family: str = "Arial, Helvetica, sans-serif"
    size: float = 14.0
    line_height: float | None = None
    padding: float = 8.0
    columns: tuple[float, ...] = ()
    rows: tuple[float, ...] = ()
    shifts: tuple[Shift, ...] = ()
    faces: dict[int, Face] = {}
    leading: float = 0.0
    natural: bool = False
    fixed_rows: tuple[int, ...] = ()
    padding_y: float = 4.0


def first_look(table: TableDescription) -> Look:
    """A first guess from the description alone: positions as read, a common font at the letters' height."""
    columns = _text_columns(table)
    padding = _padding(table, columns)
    return Look(
        size=max(5.0, round(2 * table.text_height / CAPITAL_SHARE) / 2),
        padding=padding,
        columns=columns,
        rows=table.rows,
        shifts=_first_shifts(table, columns, padding),
    )


def with_cells_of(look: Look, other: Look, cells: Sequence[int]) -> Look:
    """The look with the face and place that another gives to some of the texts."""
    faces, shifts = dict(look.faces), list(look.shifts)
    for index in cells:
        if index < len(shifts):  # parts of a cell lie where it does
            shifts[index] = other.shifts[index]
        faces[index] = other.faces.get(index, Face(family=other.family, size=other.size))
    return look.model_copy(update={"faces": faces, "shifts": tuple(shifts)})


def settled(table: TableDescription, look: Look) -> Look:
    """The same look, with the face that most of the text has as the table's."""
    own = Face(family=look.family, size=look.size)
    letters: dict[Face, int] = {}
    for index, cell in enumerate(table.texts):
        face = look.faces.get(index, own)
        letters[face] = letters.get(face, 0) + len(cell.text)
    base = max(letters, key=lambda face: letters[face], default=own)
    faces = {index: look.faces.get(index, own) for index, cell in enumerate(table.texts) if cell.ink}
    return look.model_copy(
        update={
            "family": base.family,
            "size": base.size,
            "faces": {index: face for index, face in faces.items() if face != base},
        }
    )


def _first_shifts(table: TableDescription, columns: Sequence[float], padding: float) -> tuple[Shift, ...]:
    """Moves of texts that keep another distance from their column's boundary than most."""
    groups = column_groups(table)
    misses: dict[ColumnGroup, list[float]] = {}
    for cell, group in zip(table.cells, groups, strict=True):
        if cell.extent:
            left, right = columns[cell.column] + padding, columns[cell.column + cell.colspan] - padding
            miss = {
                "left": cell.extent.x0 - left,
                "right": cell.extent.x1 - right,
                "center": (cell.extent.x0 + cell.extent.x1 - left - right) / 2,
            }[cell.align]
            misses.setdefault(group, []).append(miss)
    moves = {key: round(float(np.median(values))) for key, values in misses.items()}
    return tuple(
        Shift(right=moves.get(group, 0) if cell.ink else 0)
        for cell, group in zip(table.cells, groups, strict=True)
    )


_BY_COLOUR = 0.2
"""Heights of a capital by which texts of a colour begin apart from the others of their column where they are
moved on their own: coloured code in a table began 0.4 beside its plain texts."""

ColumnGroup = tuple[int, int, str, int, int]
"""First column, column after the last, alignment, which of the indents of the column, and of the colours of
an indent that begin apart, which one."""


def column_groups(table: TableDescription) -> list[ColumnGroup]:
    """Of each cell what is moved sideways together: its column's cells of one alignment and indent."""
    near = _INDENT * table.text_height
    starts: dict[tuple[int, int], list[float]] = {}
    for cell in table.cells:
        if cell.extent and cell.align == "left":
            starts.setdefault((cell.column, cell.column + cell.colspan), []).append(cell.extent.x0)
    levels = {key: clustered(values, near) for key, values in starts.items()}
    groups: list[ColumnGroup] = []
    for cell in table.cells:
        key = (cell.column, cell.column + cell.colspan)
        indent = 0
        if cell.extent and cell.align == "left":
            indent = int(np.argmin([abs(cell.extent.x0 - level) for level in levels[key]]))
        groups.append((*key, cell.align, indent, 0))
    return _by_colour(table, groups)


def _by_colour(table: TableDescription, groups: list[ColumnGroup]) -> list[ColumnGroup]:
    """The groups, with the texts of a colour apart where they begin elsewhere than the other ones."""
    starts: dict[ColumnGroup, dict[Rgb, list[float]]] = {}
    for cell, group in zip(table.cells, groups, strict=True):
        if cell.extent and cell.align == "left":
            starts.setdefault(group, {}).setdefault(cell.colour, []).append(cell.extent.x0)
    apart: dict[tuple[ColumnGroup, Rgb], int] = {}
    for group, colours in starts.items():
        begins = {colour: float(np.median(own)) for colour, own in colours.items()}
        levels = clustered(list(begins.values()), _BY_COLOUR * table.text_height)
        for colour, begin in begins.items():
            apart[group, colour] = int(np.argmin([abs(begin - level) for level in levels]))
    return [
        (*group[:-1], apart.get((group, cell.colour), 0))
        for cell, group in zip(table.cells, groups, strict=True)
    ]


def borders(table: TableDescription, cell: Cell) -> dict[str, Border]:
    """The drawn borders of a cell by side."""
    found = {}
    across = (cell.box.x0 + 2, cell.box.x1 - 2)
    down = (cell.box.y0 + 2, cell.box.y1 - 2)
    sides = {
        "top": (table.horizontals, cell.box.y0, across),
        "right": (table.verticals, cell.box.x1, down),
        "bottom": (table.horizontals, cell.box.y1, across),
        "left": (table.verticals, cell.box.x0, down),
    }
    for side, (lines, at, (start, end)) in sides.items():
        near = [line for line in lines if abs(line.position - at) <= max(_NEAR, line.thickness / 2)]
        if near and coverage(near, at, start, end, max(_NEAR, near[0].thickness / 2)) >= _COVERED:
            along = sorted(near, key=lambda item: max(item.start, start) - min(item.end, end))
            found[side] = _border(along[0], along[1:])
    return found


def _border(line: Ruling, others: Sequence[Ruling]) -> Border:
    """A line as a border; with another of its length and thickness close beside it as one double line."""
    for other in others:
        apart = abs(other.position - line.position)
        if apart > line.thickness and (other.start, other.end, other.colour) == (
            line.start,
            line.end,
            line.colour,
        ):
            return Border(thickness=round(apart + line.thickness), style="double", colour=line.colour)
    style = "dotted" if line.dotted else "solid"
    return Border(thickness=line.thickness, style=style, colour=line.colour)


def _text_columns(table: TableDescription) -> tuple[float, ...]:
    """Column boundaries moved, where nothing is drawn, to keep one distance from the text beside them."""
    columns = list(table.columns)
    extents = _extents(table)
    drawn = [line.position for line in table.verticals]
    padding = _gap(table, extents)
    for index in range(1, len(columns) - 1):
        left, right = extents.get(index - 1), extents.get(index)
        if any(abs(x - columns[index]) <= _NEAR for x in drawn) or not left or not right:
            continue
        aligns = [c.align for c in table.cells if c.column == index and c.colspan == 1 and not c.header]
        if aligns and aligns[0] == "left":
            columns[index] = max(right[0] - padding, left[1])
    return tuple(round(x, 2) for x in columns)


def _extents(table: TableDescription) -> dict[int, tuple[float, float]]:
    extents: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        if cell.extent and cell.colspan == 1:
            low, high = extents.get(cell.column, (cell.extent.x0, cell.extent.x1))
            extents[cell.column] = (min(low, cell.extent.x0), max(high, cell.extent.x1))
    return extents


def _gap(table: TableDescription, extents: dict[int, tuple[float, float]]) -> float:
    """Space between a boundary and the text at its right: as at the table's left side, or half the gaps."""
    gaps = [
        extents[c + 1][0] - extents[c][1]
        for c in range(table.column_count - 1)
        if c in extents and c + 1 in extents
    ]
    half = max(1.0, min(gaps) / 2) if gaps else 8.0
    first = extents[0][0] - table.columns[0] if 0 in extents else half
    return min(half, first) if first >= 1 else half


def _padding(table: TableDescription, columns: Sequence[float]) -> float:
    """Space between a cell's side and its text, as most cells keep it."""
    spaces = []
    for cell in table.cells:
        if cell.extent and cell.align == "left":
            spaces.append(cell.extent.x0 - columns[cell.column])
        elif cell.extent and cell.align == "right":
            spaces.append(columns[cell.column + cell.colspan] - cell.extent.x1)
    return max(0.0, float(np.floor(np.median(spaces)))) if spaces else 4.0


def natural_look(table: TableDescription, look: Look, line_height: float) -> Look | None:
    """A look in which rows and columns size themselves; None where rows keep no one distance from their text.

    Args:
        table: The table.
        look: Its look with fixed rows and columns.
        line_height: The font's own height of a line.
    """
    line = look.line_height or line_height
    lines = [_most_lines(table, row) for row in range(table.row_count)]
    drawn = (
        1 if any(borders(table, c).get("bottom") for c in table.cells if c.row < table.row_count - 1) else 0
    )
    heights = [b - a for a, b in zip(look.rows, look.rows[1:], strict=False)]
    spaces = [(h - n * line - drawn) / 2 for h, n in zip(heights, lines, strict=True) if n]
    padding = round(float(np.median(spaces))) if spaces else -1
    middle = all(cell.valign == "middle" for cell in table.cells if cell.ink)
    if padding < 0 or not middle:
        return None
    sized = [n * line + 2 * padding + drawn for n in lines]
    fixed = [r for r in range(1, table.row_count) if abs(sized[r] - heights[r]) > _OFF_HEIGHT]
    if len(fixed) > 0.3 * table.row_count:
        return None
    sized = [heights[r] if r in fixed else sized[r] for r in range(table.row_count)]
    tops = [look.rows[r] - sum(sized[:r]) for r in range(1, table.row_count + 1)]
    framed = any(abs(line.position - look.rows[0]) <= _NEAR for line in table.horizontals)
    top = look.rows[0] if framed else round(2 * float(np.median(tops))) / 2
    return look.model_copy(
        update={
            "natural": True,
            "padding_y": padding,
            "padding": round(look.padding),
            "shifts": tuple(Shift() for _ in table.cells),
            "rows": (top, *look.rows[1:]),
            "fixed_rows": tuple(fixed),
        }
    )


def _most_lines(table: TableDescription, row: int) -> int:
    return max((len(c.lines) for c in table.cells if c.row == row and c.rowspan == 1), default=0)
