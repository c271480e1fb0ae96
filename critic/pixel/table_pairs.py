"""Cells of two tables that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from critic.metrics.teds import normalised
from critic.pixel.table_alignment import TextGrid
from critic.reading.glyphs import glyph_difference
from critic.reading.table import Cell
from renderers.types import Image


@dataclass(frozen=True, slots=True)
class CellPair:
    """A cell of the reference and its counterpart.

    Attributes:
        row: Of the reference, from 0.
        column: Of the reference, from 0.
        reference: The cell.
        render: Its counterpart.
        difference: Of their letters as pictures, 0 the same.
    """

    row: int
    column: int
    reference: Cell
    render: Cell
    difference: float

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return normalised(self.reference.text) == normalised(self.render.text)


def paired(
    first: TextGrid,
    second: TextGrid,
    rows: Sequence[tuple[int, int]],
    columns: Sequence[tuple[int, int]],
    reference: Image,
    render: Image,
) -> Iterator[CellPair]:
    """Cells that belong together, each once, with the difference of their letters; none read as one.

    Args:
        first: The reference's cells.
        second: The render's.
        rows: Rows that are each other, of the reference and of the render.
        columns: Columns that are each other.
        reference: The picture.
        render: The picture made.
    """
    for a, b in rows:
        together = _read_together(first, second, a, b)
        for c, d in columns:
            if c in together:
                continue
            mine, theirs = first.cells.get((a, c)), second.cells.get((b, d))
            if mine is None or theirs is None or (mine.row, mine.column) != (a, c):
                continue
            apart = 0.0
            if mine.ink and theirs.ink:
                apart = glyph_difference(reference, mine.ink, render, theirs.ink)
            yield CellPair(a, c, mine, theirs, apart)


def _read_together(first: TextGrid, second: TextGrid, row: int, other: int) -> set[int]:
    """Columns of a row whose texts, one behind the other, are what was read as one text of the render.

    Without rules between them, two texts that nearly touch are read as one: that says nothing about either.
    """
    mine, theirs = (
        [text.replace(" ", "") for text in texts] for texts in (first.row(row), second.row(other))
    )
    # What stands there anyhow is not put together of others, as the 12 beside a 1 and a 2.
    read = Counter(theirs) - Counter(mine)
    if not read:
        return set()
    runs = (range(start, end) for start in range(first.width) for end in range(start + 2, first.width + 1))
    return {
        column
        for run in runs
        if all(mine[column] for column in run)
        and len({id(first.cells.get((row, column))) for column in run}) > 1
        and "".join(mine[column] for column in run) in read
        for column in run
    }


def emptied_rows(pairs: Sequence[CellPair]) -> list[int]:
    """Rows of several texts of which none is left: those are no texts that are gone one by one.

    Args:
        pairs: Cells that belong together.
    """
    told: dict[int, list[CellPair]] = {}
    for pair in pairs:
        if pair.reference.text:
            told.setdefault(pair.row, []).append(pair)
    several = {row: cells for row, cells in told.items() if len(cells) > 1}
    return [row for row, cells in several.items() if not any(pair.render.text for pair in cells)]
