"""Picture to table description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from critic.deadline import check_deadline
from critic.reading.ocr import TextReader
from critic.reading.reader import Reader
from critic.reading.table import look, mending
from critic.reading.table.captions import captions_of
from critic.reading.table.colours import same_colours
from critic.reading.table.columns import Columns
from critic.reading.table.description import Align, Cell, Chip, Rgb, TableDescription, lines_of
from critic.reading.table.grid import Grid, Slot
from critic.reading.table.headings import header_rows_of, with_headings
from critic.reading.table.opened import open_grid, split_at_columns
from critic.reading.table.ruled import laid_into, ruled_grid
from critic.reading.table.runs import pieces_of, runs_of, told_apart
from critic.reading.table.sizes import em_of, em_of_capital
from critic.reading.table.stacked import unstacked
from critic.reading.table.surface import Surface, read_surface
from critic.reading.table.text import Fragment, read_fragments, split_at_rules, text_lines, union
from critic.types import Box
from renderers.types import Image

_SMALLEST = 12
_OF_CELL = 0.9
"""Share of a cell's height from which a fill behind its text is the cell's own."""
_KEEPS_TO = 1.5
"""Pixels within which a heading keeps to its column's edge."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a picture consists of, before any grid is laid over it."""

    surface: Surface
    fragments: list[Fragment]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table is read where its pixels leave room for more than one reading.

    Attributes:
        enlarged: How much larger OCR sees it.
        opened: Whether cells are told by the white space between them although lines frame them.
    """

    enlarged: float = 2.0
    opened: bool = False


USUAL = Manner()
MANNERS = (USUAL, Manner(enlarged=3.0), Manner(opened=True), Manner(enlarged=1.5), Manner(3.0, opened=True))
"""The usual one, and others that a person might accept as well."""


def read_table(image: Image, reader: Reader, manner: Manner = USUAL) -> TableDescription:
    """The table in a picture; a description without cells where none can be read."""
    return reader.remember(f"table {manner}", image, lambda pixels: _read(pixels, reader, manner))


def read_onto(image: Image, reader: Reader, other: TableDescription) -> TableDescription | None:
    """The text of a picture laid into the grid of another table of the same size.

    Where two pictures may show one table, this tells whether the second is explained by the first one's grid.

    Returns:
        The table; None where the sizes differ or there is text outside the grid.
    """
    if not other.cells or image.shape[:2] != (other.height, other.width):
        return None
    parts = _parts_of(image, reader, USUAL)
    if parts is None or any(_is_outside(fragment.box, other) for fragment in parts.fragments):
        return None
    places = [(cell.row, cell.column, cell.rowspan, cell.colspan) for cell in other.cells]
    extents = [_extent(other, column) for column in range(other.column_count)]
    columns = Columns(tuple(extents), list(other.columns))
    fragments = split_at_columns(parts.fragments, columns, parts.surface, reader.text)
    grid = laid_into(places, other.rows, other.columns, fragments)
    return _described(parts.surface, grid, fragments, reader.text)


def _is_outside(box: Box, table: TableDescription) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return not (table.columns[0] <= x <= table.columns[-1] and table.rows[0] <= y <= table.rows[-1])


def _extent(table: TableDescription, column: int) -> tuple[float, float]:
    inks = [c.ink for c in table.cells if c.ink and c.column == column and c.colspan == 1]
    if not inks:
        return table.columns[column] + 1, table.columns[column + 1] - 1
    return min(ink.x0 for ink in inks), max(ink.x1 for ink in inks)


def _read(image: Image, reader: Reader, manner: Manner) -> TableDescription:
    parts = _parts_of(image, reader, manner)
    grid = _grid(parts, reader, manner) if parts else None
    if parts is None or grid is None:
        canvas = parts.surface.canvas if parts else (255, 255, 255)
        return TableDescription(width=image.shape[1], height=image.shape[0], canvas=canvas)
    return _described(parts.surface, grid, parts.fragments, reader.text)


def _parts_of(image: Image, reader: Reader, manner: Manner) -> _Parts | None:
    name = f"table parts {manner.enlarged}"
    return reader.remember(name, image, lambda pixels: _parts(pixels, reader, manner))


def _grid(parts: _Parts, reader: Reader, manner: Manner) -> Grid | None:
    """The grid of the table; None where there is no text to place."""
    if not parts.fragments:
        return None
    framed = None if manner.opened else ruled_grid(parts.surface, parts.fragments)
    grid = framed or open_grid(parts.surface, parts.fragments, reader.text)
    return unstacked(grid) if grid else None


def _parts(image: Image, reader: Reader, manner: Manner) -> _Parts | None:
    if min(image.shape[:2]) < _SMALLEST:
        return None
    if manner.enlarged == USUAL.enlarged:
        lines = reader.lines_again(image)
    else:
        lines = reader.text.lines(image, manner.enlarged)
    unread = reader.text.unread(image)  # letters as well, and no rules
    surface = read_surface(image, [*(line.box for line in lines), *(unread.boxes if unread else ())])
    texts = [(line.text, line.score, line.box) for line in lines]
    fragments = read_fragments(surface, reader.text, texts)
    return _Parts(surface, split_at_rules(fragments, surface, reader.text))


def _described(
    surface: Surface, grid: Grid, fragments: Sequence[Fragment], reader: TextReader
) -> TableDescription:
    """Cells, headings and alignment on a grid."""
    capital = mending.capital_height(fragments)
    cells = _cells(surface, grid, capital, reader)
    header_rows = header_rows_of(surface, grid, cells)
    cells = _aligned(with_headings(cells, header_rows), header_rows)
    plain = look.plain_weight([_stroke(surface, cell, capital) for cell in cells])
    outside = fragments if grid.ruled else ()
    above, below = captions_of(surface, outside, grid.rows[0], grid.rows[-1], plain)
    return TableDescription(
        width=surface.image.shape[1],
        height=surface.image.shape[0],
        canvas=surface.canvas,
        columns=grid.columns,
        rows=grid.rows,
        header_rows=header_rows,
        cells=tuple(cells),
        horizontals=surface.horizontals,
        verticals=surface.verticals,
        text_height=capital,
        above=above,
        below=below,
    )


def _cells(surface: Surface, grid: Grid, capital: float, reader: TextReader) -> list[Cell]:
    columns = _column_texts(grid)
    cells = []
    for slot in grid.slots:
        check_deadline()
        box = Box(
            grid.columns[slot.column],
            grid.rows[slot.row],
            grid.columns[slot.column + slot.colspan],
            grid.rows[slot.row + slot.rowspan],
        )
        ink = union([f.box for f in slot.fragments]) if slot.fragments else None
        chip = _chip(surface, slot, box, ink)
        background = look.fill_colour(surface, box, chip.box if chip else None)
        lines = _settled_lines(slot, capital)
        runs = runs_of(surface, pieces_of(surface, reader, lines), background)
        first = runs[0] if runs else None
        cells.append(
            Cell(
                row=slot.row,
                column=slot.column,
                rowspan=slot.rowspan,
                colspan=slot.colspan,
                lines=lines_of(runs) or _texts(slot, lines, columns[slot.column]),
                score=min((f.score for f in slot.fragments), default=1.0),
                valign=look.vertical_align(box, ink) if ink else "middle",
                colour=first.colour if first else _colour(surface, ink, chip.colour if chip else background),
                background=background,
                box=box,
                ink=ink,
                chip=chip,
                runs=runs,
            )
        )
    cells = _with_twins(surface, cells)
    return _weighed(surface, same_colours(cells, surface.canvas), capital)


def _colour(surface: Surface, ink: Box | None, ground: Rgb) -> Rgb:
    return look.text_colour(surface, ink, ground) if ink else (0, 0, 0)


def _chip(surface: Surface, slot: Slot, box: Box, ink: Box | None) -> Chip | None:
    """The chip that a cell's one text stands on; none where it fills the cell."""
    if ink is None or len(slot.fragments) != 1:
        return None
    return next(
        (
            chip
            for chip in surface.chips
            if chip.box.x0 < ink.x0
            and ink.x1 < chip.box.x1
            and chip.box.y0 < ink.y0
            and ink.y1 < chip.box.y1
            and chip.box.height < _OF_CELL * box.height
        ),
        None,
    )


def _with_twins(surface: Surface, cells: Sequence[Cell]) -> list[Cell]:
    """One reading for short texts of a column that look the same."""
    texts: dict[int, str] = {}
    for column in {cell.column for cell in cells}:
        members = [c for c in cells if c.column == column and c.ink and len(c.lines) == 1 and not c.runs]
        settled = mending.settle_twins(surface.image, [(c.text, c.score, c.ink) for c in members if c.ink])
        texts |= {id(cell): text for cell, text in zip(members, settled, strict=True)}
    return [
        cell.model_copy(update={"lines": (texts[id(cell)],)})
        if texts.get(id(cell), cell.text) != cell.text
        else cell
        for cell in cells
    ]


def _weighed(surface: Surface, cells: Sequence[Cell], capital: float) -> list[Cell]:
    """Tell bold texts from plain ones."""
    by_row: dict[int, list[Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    shares = [[_stroke(surface, cell, capital) for cell in row] for row in by_row.values()]
    bold = look.bold_cells(shares, capital)
    return [
        _with_weight(cell, heavy)
        for row, weights in zip(by_row.values(), bold, strict=True)
        for cell, heavy in zip(row, weights, strict=True)
    ]


def _with_weight(cell: Cell, bold: bool) -> Cell:
    """The cell in a weight; where its runs differ in theirs, in that of the first."""
    runs = told_apart(cell.runs, bold)
    return cell.model_copy(update={"bold": runs[0].bold if runs else bold, "runs": runs})


def _stroke(surface: Surface, cell: Cell, capital: float) -> float:
    """The weight of a cell's text; 0 for a text of signs only, whose strokes differ from letters'."""
    first = cell.parts[0]
    if first.ink is None or not any(c.isalnum() for c in first.text):
        return 0.0
    alone = len(first.lines) == 1
    em = em_of(first.text, first.ink.height) if alone else em_of_capital(capital)
    return look.weight(surface, first.ink, em)


def _column_texts(grid: Grid) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(len(grid.columns) - 1)]
    for slot in grid.slots:
        if slot.colspan == 1 and slot.row > 0:
            columns[slot.column].append(" ".join(f.text for f in slot.fragments))
    return columns


def _settled_lines(slot: Slot, capital: float) -> list[list[Fragment]]:
    """The lines of a cell, with letters in the case that their height tells."""
    return [
        [replace(fragment, text=mending.settle_case(fragment, capital)) for fragment in line]
        for line in text_lines(list(slot.fragments))
    ]


def _texts(slot: Slot, lines: Sequence[Sequence[Fragment]], column: Sequence[str]) -> tuple[str, ...]:
    """What the lines of a cell say where all of it is set alike."""
    texts = [" ".join(fragment.text for fragment in line).strip() for line in lines]
    if len(texts) == 1 and slot.row > 0:
        texts = [mending.settle_digits(texts[0], column)]
    return tuple(texts)


def _aligned(cells: Sequence[Cell], header_rows: int) -> list[Cell]:
    """Align by column, the headings above them on their own."""
    result: list[Cell] = []
    columns: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.colspan == 1 and cell.row >= header_rows:
            columns.setdefault(cell.column, []).append(cell)
    aligns: dict[int, Align] = {}
    extents: dict[int, tuple[float, float]] = {}
    for column, members in columns.items():
        inks = [cell.extent for cell in members if cell.extent]
        if inks:
            heading = next(
                (c.extent for c in cells if c.row < header_rows and c.extent and _is_over(c, column)), None
            )
            aligns[column] = look.column_align(inks, heading, members[0].box)
            extents[column] = (min(ink.x0 for ink in inks), max(ink.x1 for ink in inks))
    for cell in cells:
        align: Align = aligns.get(cell.column, "left")
        if cell.extent and (cell.row < header_rows or cell.colspan > 1):
            align = _heading_align(cell, cell.extent, aligns, extents)
        result.append(cell.model_copy(update={"align": align}))
    return result


def _is_over(cell: Cell, column: int) -> bool:
    return cell.row == 0 and cell.column == column and cell.colspan == 1


def _heading_align(
    cell: Cell,
    ink: Box,
    aligns: dict[int, Align],
    extents: dict[int, tuple[float, float]],
) -> Align:
    """A heading follows the edge of the column's text, or of its cell, that it keeps to."""
    last = cell.column + cell.colspan - 1
    sides = [extents[c] for c in range(cell.column, last + 1) if c in extents]
    left = min(a for a, _ in sides) if sides else cell.box.x0
    right = max(b for _, b in sides) if sides else cell.box.x1
    own = aligns.get(cell.column, "left")
    padding = max(0.0, min(left - cell.box.x0, cell.box.x1 - right))
    misses: dict[Align, float] = {
        "left": min(abs(ink.x0 - left), abs(ink.x0 - padding - cell.box.x0)),
        "right": min(abs(ink.x1 - right), abs(ink.x1 + padding - cell.box.x1)),
        "center": min(
            abs((ink.x0 + ink.x1) - (left + right)) / 2,
            abs((ink.x0 + ink.x1) - (cell.box.x0 + cell.box.x1)) / 2,
        ),
    }
    if cell.colspan == 1 and misses[own] <= _KEEPS_TO:
        return own
    return min(misses, key=lambda name: misses[name])
