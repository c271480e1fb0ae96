"""Compares two pictures of tables: the grids as read, then each cell's text and letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from critic.metrics.teds import normalised
from critic.pixel.table_alignment import (
    Alignment,
    Pair,
    TextGrid,
    align,
    in_place_alignment,
    lists_alike,
    text_likeness,
)
from critic.pixel.table_pairs import CellPair, emptied_rows, paired
from critic.pixel.table_places import placements, with_displaced
from critic.pixel.table_texts import Again, cell_of, texts_of
from critic.reading import Reader
from critic.reading.table import TableDescription, read_onto, read_table
from critic.reading.table.rows import is_number
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy, Element, Severity, Value, difference
from renderers.types import Image

_SAME_PROPORTIONS = 0.01
"""Difference from 1 of the ratio of two pictures' proportions below which they have one shape."""

_LONGEST, _QUOTED = 60, 57
"""Letters of a sample that are quoted at most, and those that are left beside three dots of a longer one."""

_SAME_CELL = 0.6
"""Likeness of texts from which two cells are one, so that how far each spans can be compared."""


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of ``render`` from ``reference``.

    The render is read on its own and in the reference's grid; the reading that leaves less to explain counts,
    so that one table whose columns were read in two ways is not taken for two tables.
    """
    wanted = read_table(reference, reader)
    if not wanted.cells:
        return []
    fitted = _scaled(render, reference)
    laid = read_onto(fitted, reader, wanted)
    readings: list[_Compared] = []
    if laid is not None:
        again = Again(reference, fitted, reader)
        readings.append(_differences(wanted, laid, in_place_alignment(wanted), again))
        if not readings[0].found:
            return list(placements(readings[0].pairs))
    own = read_table(render, reader)
    alignment = align(TextGrid(wanted), TextGrid(own))
    readings.append(_differences(wanted, own, alignment, Again(reference, render, reader)))
    best = min(readings, key=lambda one: sum(item.severity for item in one.found))
    return [*best.found, *(() if best.structural else placements(best.pairs))]


def compare_in_place(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of a render that was laid onto the reference: cell by cell, each in its place."""
    wanted = read_table(reference, reader)
    laid = read_onto(render, reader, wanted)
    if laid is None:
        return compare(reference, render, reader)
    found = _differences(wanted, laid, in_place_alignment(wanted), Again(reference, render, reader))
    return [*found.found, *placements(found.pairs)]


def number_boxes(image: Image, reader: Reader) -> list[Box]:
    """Where a table has numbers."""
    return [cell.ink for cell in read_table(image, reader).cells if cell.ink and is_number(cell.text)]


def _scaled(render: Image, reference: Image) -> Image:
    """The render at the reference's size where both have one shape, else as it is."""
    ratio = (render.shape[1] * reference.shape[0]) / (render.shape[0] * reference.shape[1])
    return fit_to(reference, render) if abs(ratio - 1) < _SAME_PROPORTIONS else render


@dataclass(frozen=True, slots=True)
class _Compared:
    """What one reading of the render comes to.

    Attributes:
        found: The differences, but for where equal cells stand.
        pairs: The cells that both tables have and that say the same.
        structural: Whether rows or columns are missing, extra or in another order.
    """

    found: list[Discrepancy]
    pairs: list[CellPair]
    structural: bool


def _differences(
    wanted: TableDescription, got: TableDescription, alignment: Alignment, again: Again
) -> _Compared:
    if not any(cell.text for cell in got.cells):
        # One finding for all of it would weigh less than half of it: the pixels say what is lost.
        return _Compared([], [], structural=False)
    first, second = TextGrid(wanted), TextGrid(got)
    rows = alignment.moved(
        alignment.rows, lambda a, b: lists_alike(*_same_length(first.row(a), second.row(b)))
    )
    kept = _both(alignment.rows)
    mine, theirs = [a for a, _ in kept], [b for _, b in kept]
    columns = alignment.moved(
        alignment.columns, lambda a, b: lists_alike(first.column(a, mine), second.column(b, theirs))
    )
    shared = [*kept, *rows], [*_both(alignment.columns), *columns]
    pairs = list(paired(first, second, *shared, again.reference, again.render))
    found = [
        *_rows(wanted, first, second, alignment, rows),
        *_columns(wanted, first, second, alignment, columns),
    ]
    structural = bool(found)
    found = found or list(_spans(pairs))
    gone, reworded = emptied_rows(pairs), dict(texts_of(pairs, again, in_place=not found))
    reworded = {pair: item for pair, item in reworded.items() if pair.row not in gone}
    same = [pair for pair in pairs if pair not in reworded]
    for row in gone:
        lost, texts = Element(kind="row", index=(row,)), _sample(_shown(first, row))
        found += _layout(3, Cause.MISSING, lost, _row_box(wanted, row), aside=texts)
    found = with_displaced(found, same) if structural else found
    return _Compared([*found, *reworded.values()], same, structural)


def _both(pairs: Iterable[Pair]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in pairs if a is not None and b is not None]


def _layout(
    severity: Severity,
    cause: Cause,
    element: Element,
    box: Box | None,
    reference: Value | None = None,
    render: Value | None = None,
    aside: str = "",
) -> Iterable[Discrepancy]:
    """A difference of layout; none where the values are equal as printed."""
    found = difference(
        "layout_error", severity, cause, element, box, reference=reference, render=render, aside=aside
    )
    return () if found is None else (found,)


def _rows(
    table: TableDescription,
    first: TextGrid,
    second: TextGrid,
    alignment: Alignment,
    moved: list[tuple[int, int]],
) -> Iterable[Discrepancy]:
    for a, b in moved:
        box = _row_box(table, a).union(_row_box(table, min(b, table.row_count - 1)))
        yield from _reordered(Element(kind="row", index=(a,)), b, box, first.row(a))
    before = 0
    for mine, theirs in alignment.rows:
        if mine is not None and theirs is None and mine not in [x for x, _ in moved]:
            lost, shown = Element(kind="row", index=(mine,)), _sample(_shown(first, mine))
            yield from _layout(3, Cause.MISSING, lost, _row_box(table, mine), aside=shown)
        if mine is None and theirs is not None and theirs not in [y for _, y in moved]:
            new, shown = Element(kind="row", index=(theirs,)), _sample(_shown(second, theirs))
            yield from _layout(3, Cause.EXTRA, new, _gap_box(table, before), aside=shown)
        before = mine + 1 if mine is not None else before


def _reordered(element: Element, place: int, box: Box, texts: list[str]) -> Iterable[Discrepancy]:
    """A row or column that stands elsewhere among the others."""
    was, now = float(element.index[0] + 1), float(place + 1)
    return _layout(3, Cause.ORDER, element, box, was, now, aside=_sample(texts))


def _columns(
    table: TableDescription,
    first: TextGrid,
    second: TextGrid,
    alignment: Alignment,
    moved: list[tuple[int, int]],
) -> Iterable[Discrepancy]:
    shared = _both(alignment.rows)
    mine, theirs = [a for a, _ in shared], [b for _, b in shared]
    for a, b in moved:
        texts = first.column(a, mine)
        box = _column_box(table, a).union(_column_box(table, min(b, table.column_count - 1)))
        yield from _reordered(Element(kind="column", index=(a,)), b, box, texts)
    before = 0
    for left, right in alignment.columns:
        if left is not None and right is None and left not in [x for x, _ in moved]:
            lost, shown = Element(kind="column", index=(left,)), _sample(first.column(left, mine))
            yield from _layout(3, Cause.MISSING, lost, _column_box(table, left), aside=shown)
        if left is None and right is not None and right not in [y for _, y in moved]:
            new, shown = Element(kind="column", index=(right,)), _sample(second.column(right, theirs))
            box = Box(table.columns[max(0, before - 1)], table.rows[0], table.columns[before], table.rows[-1])
            yield from _layout(3, Cause.EXTRA, new, box, aside=shown)
        before = left + 1 if left is not None else before


def row_or_column(
    cause: Cause,
    element: Element,
    box: Box,
    texts: Sequence[str],
    places: tuple[float, float] | None = None,
) -> Iterable[Discrepancy]:
    """A row or column that is missing, new, or (with both places) stands elsewhere among its like."""
    was, now = places or (None, None)
    return _layout(3, cause, element, box, was, now, aside=_sample(texts) if any(texts) else "")


def _shown(grid: TextGrid, row: int) -> list[str]:
    return [grid.cells[row, c].text for c in range(grid.width) if (row, c) in grid.cells]


def _sample(texts: Iterable[str]) -> str:
    text = " | ".join(text for text in texts if text) or "empty"
    return repr(text if len(text) <= _LONGEST else text[:_QUOTED] + "...")


def _same_length(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    length = max(len(first), len(second))
    return first + [""] * (length - len(first)), second + [""] * (length - len(second))


def _row_box(table: TableDescription, row: int) -> Box:
    return Box(table.columns[0], table.rows[row], table.columns[-1], table.rows[row + 1])


def _column_box(table: TableDescription, column: int) -> Box:
    return Box(table.columns[column], table.rows[0], table.columns[column + 1], table.rows[-1])


def _gap_box(table: TableDescription, before: int) -> Box:
    return _row_box(table, max(0, before - 1))


def _spans(pairs: list[CellPair]) -> Iterable[Discrepancy]:
    for pair in pairs:
        mine, theirs = pair.reference, pair.render
        if not mine.text or text_likeness(normalised(mine.text), normalised(theirs.text)) < _SAME_CELL:
            continue
        if (mine.rowspan, mine.colspan) != (theirs.rowspan, theirs.colspan):
            was, now = (f"{cell.rowspan} x {cell.colspan}" for cell in (mine, theirs))
            aside = f"rows x columns of {mine.text!r}"
            yield from _layout(2, Cause.LAYOUT, cell_of(pair), mine.box, was, now, aside)
