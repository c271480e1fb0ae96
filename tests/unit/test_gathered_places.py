"""What stands elsewhere because something else is gone is no discrepancy of its own."""

from __future__ import annotations

import numpy as np
import pytest

from critic.pixel.page.blocks import in_blocks
from critic.pixel.page.findings import Finding, moved
from critic.pixel.table_alignment import TextGrid
from critic.pixel.table_pairs import CellPair, emptied_rows, paired
from critic.pixel.table_places import placements, with_displaced
from critic.reading.table import Cell, TableDescription
from critic.types import Box, Cause, Discrepancy, Element


def line(name: str, top: float, cause: Cause = Cause.MISSING) -> Finding:
    box = Box(40, top, 240, top + 20)
    return Finding("text_error", 2, cause, Element(kind="text", name=name), box, places=(box,))


def higher(name: str, top: float, by: float) -> Finding:
    was = Box(40, top, 240, top + 20)
    return moved("layout_error", Element(kind="text", name=name), was, was.shifted(0, -by))


def test_a_block_that_is_gone_explains_what_moved_up() -> None:
    gone = [line(name, 100 + 30 * place) for place, name in enumerate(("Head", "Text", "More"))]
    (said,) = in_blocks([*gone, higher("Next", 220, 110), higher("Last", 260, 110)])
    assert said.cause is Cause.MISSING
    assert said.element.kind == "block"
    assert any(place.overlap(Box(40, 220, 240, 240)) for place in said.places)


def test_parts_are_told_one_by_one_where_nothing_moved() -> None:
    gone = [line(name, 100 + 30 * place) for place, name in enumerate(("Head", "Text", "More"))]
    assert in_blocks(gone) == gone


def test_a_line_whose_place_another_one_took_is_gone() -> None:
    taken = line("Head", 100, Cause.TEXT)
    (said,) = in_blocks([taken, higher("Next", 150, 50)])
    assert said.cause is Cause.MISSING
    assert said.element.name == "Head"


def cells(across: float, down: float, *, columns: tuple[int, ...], rows: tuple[int, ...]) -> list[CellPair]:
    """A table of 3 x 3 cells of which some stand elsewhere in the render."""
    found = []
    for row in range(3):
        for column in range(3):
            box = Box(100 * column, 30 * row, 100 * column + 100, 30 * row + 30)
            ink = Box(box.x0 + 10, box.y0 + 8, box.x0 + 50, box.y0 + 20)
            there = ink.shifted(across, down) if row in rows and column in columns else ink
            one, other = (
                Cell(row=row, column=column, lines=("a",), box=box, ink=place) for place in (ink, there)
            )
            found.append(CellPair(row, column, one, other, 0.0))
    return found


def test_rows_that_stand_lower_are_one_discrepancy() -> None:
    (said,) = placements(cells(0, 6, columns=(0, 1, 2), rows=(1, 2)))
    assert said.cause is Cause.MOVED
    assert said.element is not None and said.element.index == (1,)


def test_a_column_that_is_aligned_otherwise_is_one_discrepancy() -> None:
    (said,) = placements(cells(30, 0, columns=(1,), rows=(0, 1, 2)))
    assert said.element is not None
    assert (said.element.kind, said.element.index) == ("column", (1,))


def test_cells_in_their_places_are_no_discrepancy() -> None:
    assert list(placements(cells(1, 1, columns=(0, 1, 2), rows=(0, 1, 2)))) == []


def test_a_row_that_is_gone_explains_where_the_others_stand() -> None:
    gone = Discrepancy(
        category="layout_error",
        severity=3,
        description="",
        box=Box(0, 30, 300, 60),
        cause=Cause.MISSING,
        element=Element(kind="row", index=(1,)),
    )
    (said,) = with_displaced([gone], cells(0, -30, columns=(0, 1, 2), rows=(2,)))
    assert len(said.places) == 1 + 2 * 3


def test_a_row_of_which_no_text_is_left_is_one_row() -> None:
    box = Box(0, 0, 10, 10)
    full, empty = ("a",), ()
    pairs = [
        CellPair(
            row,
            column,
            Cell(row=row, column=column, lines=full, box=box, ink=box),
            Cell(row=row, column=column, lines=lines, box=box, ink=box if lines else None),
            0.0,
        )
        for row, texts in enumerate(((empty, empty), (empty, full)))
        for column, lines in enumerate(texts)
    ]
    assert emptied_rows(pairs) == [0]


def row_of(*texts: str) -> TextGrid:
    """A table of one row."""
    found = tuple(
        Cell(
            row=0, column=column, lines=(text,) if text else (), box=Box(40 * column, 0, 40 * column + 40, 20)
        )
        for column, text in enumerate(texts)
    )
    columns = tuple(40.0 * edge for edge in range(len(texts) + 1))
    return TextGrid(
        TableDescription(width=40 * len(texts), height=20, columns=columns, rows=(0.0, 20.0), cells=found)
    )


@pytest.mark.parametrize(
    ("now", "compared"),
    [
        (("Name", "1", "", "12"), [0, 1, 2, 3]),
        (("Name", "1", "2", "12"), [0, 1, 2, 3]),
        (("Name1", "", "2", "12"), [2, 3]),
    ],
)
def test_only_what_was_read_together_is_not_compared(now: tuple[str, ...], compared: list[int]) -> None:
    """A 1 and a 2 are no 12 that stands there anyhow."""
    picture = np.zeros((20, 160, 3), np.uint8)
    columns = [(column, column) for column in range(4)]
    pairs = paired(row_of("Name", "1", "2", "12"), row_of(*now), [(0, 0)], columns, picture, picture)
    assert [pair.column for pair in pairs] == compared
