"""Lines on one another between two rules are rows where the alignment says so, and else one cell's text."""

from __future__ import annotations

from critic.reading.table.grid import Grid, Slot
from critic.reading.table.stacked import unstacked
from critic.reading.table.text import Fragment
from critic.types import Box


def lines(column: int, *texts: str, step: float = 26.0, top: float = 10.0) -> tuple[Fragment, ...]:
    """Texts below each other, 10 pixels high."""
    return tuple(
        Fragment(
            text,
            0.99,
            Box(100.0 * column + 5, top + step * row, 100.0 * column + 60, top + step * row + 10),
            (),
        )
        for row, text in enumerate(texts)
    )


def grid(*cells: tuple[Fragment, ...]) -> Grid:
    """One row of cells, and an empty one below it."""
    count = len(cells)
    slots = [Slot(0, column, 1, 1, cell) for column, cell in enumerate(cells)]
    slots += [Slot(1, column, 1, 1, ()) for column in range(count)]
    columns = tuple(100.0 * edge for edge in range(count + 1))
    return Grid((0.0, 60.0, 120.0), columns, tuple(slots), ruled=True)


def told(found: Grid) -> list[tuple[int, int, int, str]]:
    return [(s.row, s.column, s.rowspan, " ".join(f.text for f in s.fragments)) for s in found.slots]


def test_numbers_in_several_columns_are_rows_and_what_stands_beside_both_spans_them() -> None:
    found = unstacked(
        grid(
            lines(0, "6", top=23.0),
            lines(1, "OTSL", "HTML"),
            lines(2, "0.965", "0.969"),
            lines(3, "2.73", "5.39"),
        )
    )
    assert told(found)[:7] == [
        (0, 0, 2, "6"),
        (0, 1, 1, "OTSL"),
        (0, 2, 1, "0.965"),
        (0, 3, 1, "2.73"),
        (1, 1, 1, "HTML"),
        (1, 2, 1, "0.969"),
        (1, 3, 1, "5.39"),
    ]
    assert len(found.rows) == 4 and {s.row for s in found.slots[7:]} == {2}


def test_lines_far_apart_are_rows() -> None:
    found = unstacked(grid(lines(0, "one", "two", step=40.0), lines(1, "first", "second", step=40.0)))
    assert [row for row, *_ in told(found)] == [0, 0, 1, 1, 2, 2]


def test_wrapped_words_and_numbers_with_their_ranges_stay_one_cell() -> None:
    words = grid(lines(0, "a long", "name"), lines(1, "another", "one"))
    ranges = grid(lines(0, "0.96", "(0.9-1.0)"), lines(1, "0.88", "(0.8-0.9)"))
    alone = grid(lines(0, "12", "13"), lines(1, "a note"))
    assert [unstacked(one) for one in (words, ranges, alone)] == [words, ranges, alone]
