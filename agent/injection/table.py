"""What can go wrong with a table, as edits of its HTML."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from lxml import html

from agent.injection import severity
from agent.injection.markup import Markup, conceal, restyle, says
from agent.injection.plan import Edit, Plan
from agent.injection.table_grid import Cell, Grid
from agent.injection.words import (
    has_digit,
    has_word,
    other_digit,
    other_letter,
    other_sign,
    other_unit,
    other_word,
)
from critic.types import Severity

_ALIGNMENTS = ("left", "center", "right")
_FILLS = ("#ffe08a", "#cfe8ff", "#d8f0d0")

Changed = Callable[[str, random.Random], tuple[str, Severity] | None]
"""Another text for a cell's, and how severe that is; None where it cannot be changed so."""
_BESIDES = 3
"""Columns from which one can be left out and a table stays."""


def _digit(text: str, chance: random.Random) -> tuple[str, Severity] | None:
    if not has_digit(text) or has_word(text):
        return None
    after, share = other_digit(text, chance)
    return after, severity.of_value(share)


def _sign(text: str, chance: random.Random) -> tuple[str, Severity] | None:
    after = other_sign(text)
    return None if after is None else (after, severity.SEVERE)


def _unit(text: str, chance: random.Random) -> tuple[str, Severity] | None:
    after = other_unit(text)
    return None if after is None else (after, severity.MEDIUM)


def _word(text: str, chance: random.Random) -> tuple[str, Severity] | None:
    if not has_word(text):
        return None
    after, letters = other_word(text, chance)
    return after, severity.of_text(letters, len(text))


def _letter(text: str, chance: random.Random) -> tuple[str, Severity] | None:
    return (other_letter(text, chance), severity.of_text(1, len(text))) if has_word(text) else None


def _text_edit(changed: Changed) -> Callable[[Grid, random.Random], Plan | None]:
    def plan(grid: Grid, chance: random.Random) -> Plan | None:
        cells = [
            cell for cell in grid.cells if cell.leaf is not None and changed(cell.text, random.Random(0))
        ]
        if not cells:
            return None
        cell = chance.choice(cells)
        after, grade = changed(cell.text, chance) or ("", severity.MINOR)
        leaf = cell.leaf
        told = f"says '{after}' instead of '{cell.text}'"

        def do() -> None:
            if leaf is not None:
                leaf.text = after

        return _of_cell(cell, grade, told, do)

    return plan


def _of_cell(cell: Cell, grade: Severity, told: str, do: Callable[[], None]) -> Plan:
    touched = frozenset({cell.element})
    return Plan(grade, cell.place, told, touched, do, partial(conceal, cell.element))


def _emptied(grid: Grid, chance: random.Random) -> Plan | None:
    cells = [cell for cell in grid.cells if cell.leaf is not None and has_word(cell.text)]
    if not cells:
        return None
    cell = chance.choice(cells)
    leaf = cell.leaf

    def do() -> None:
        if leaf is not None:
            leaf.text = None

    return _of_cell(cell, severity.MEDIUM, f"is empty where it should say '{cell.text}'", do)


def _row_dropped(grid: Grid, chance: random.Random) -> Plan | None:
    rows = grid.free_rows()
    if len(rows) <= 1:
        return None
    row = chance.choice(rows)
    element = grid.rows[row]

    def do() -> None:
        element.getparent().remove(element)

    grade = severity.of_loss(1 / len(grid.rows))
    told = f"the row '{says(element)[:60]}' is missing"
    touched = frozenset({element, *element})
    return Plan(grade, f"row {row + 1}", told, touched, do, partial(conceal, *element), moves=True)


def _rows_swapped(grid: Grid, chance: random.Random) -> Plan | None:
    free = grid.free_rows()
    pairs = [row for row in free if row + 1 in free and grid.rows[row].getnext() is grid.rows[row + 1]]
    pairs = [row for row in pairs if says(grid.rows[row]) != says(grid.rows[row + 1])]
    if not pairs:
        return None
    row = chance.choice(pairs)
    first, second = grid.rows[row], grid.rows[row + 1]
    touched = frozenset({first, second, *first, *second})
    told = f"rows {row + 1} and {row + 2} have changed places"
    hide = partial(conceal, *first, *second)
    return Plan(
        severity.MEDIUM,
        f"rows {row + 1} and {row + 2}",
        told,
        touched,
        lambda: second.addnext(first),
        hide,
        moves=True,
    )


def _columns(grid: Grid, *columns: int) -> list[html.HtmlElement]:
    """The cells of columns of a table without merged cells, with their definitions."""
    found = [row[column] for row in grid.rows for column in columns]
    return found + [group[column] for group in grid.column_groups for column in columns]


def _column_dropped(grid: Grid, chance: random.Random) -> Plan | None:
    if not grid.regular or grid.width < _BESIDES:
        return None
    column = chance.randrange(grid.width)
    elements = _columns(grid, column)

    def do() -> None:
        for element in elements:
            element.getparent().remove(element)

    cells = [element for element in elements if element.tag != "col"]
    told = f"the column '{says(cells[0])[:60]}' is missing"
    grade = severity.of_loss(1 / grid.width)
    return Plan(
        grade, f"column {column + 1}", told, frozenset(elements), do, partial(conceal, *cells), moves=True
    )


def _columns_swapped(grid: Grid, chance: random.Random) -> Plan | None:
    if not grid.regular or grid.width <= 1:
        return None
    column = chance.randrange(grid.width - 1)
    first, second = _columns(grid, column), _columns(grid, column + 1)
    if [says(cell) for cell in first] == [says(cell) for cell in second]:
        return None

    def do() -> None:
        for left, right in zip(first, second, strict=True):
            right.addnext(left)

    cells = [element for element in (*first, *second) if element.tag != "col"]
    where = f"columns {column + 1} and {column + 2}"
    return Plan(
        severity.MEDIUM,
        where,
        f"{where} have changed places",
        frozenset({*first, *second}),
        do,
        partial(conceal, *cells),
        moves=True,
    )


def _merge_broken(grid: Grid, chance: random.Random) -> Plan | None:
    merged = [cell for cell in grid.cells if cell.across > 1 or (cell.down > 1 and cell.column == 0)]
    if not merged:
        return None
    cell = chance.choice(merged)
    element, row = cell.element, cell.row

    def do() -> None:
        if cell.across > 1:
            element.set("colspan", "1")
            for _ in range(cell.across - 1):
                element.addnext(element.makeelement(element.tag))
            return
        element.set("rowspan", "1")
        for below in grid.rows[row + 1 : row + cell.down]:
            below.insert(0, element.makeelement(element.tag))

    told = f"'{cell.text[:60]}' is no longer merged over {max(cell.across, cell.down)} cells"
    touched = frozenset({element, *grid.rows[row]})
    return Plan(severity.MEDIUM, cell.place, told, touched, do, partial(conceal, element), moves=True)


def _header_level(grid: Grid, chance: random.Random) -> Plan | None:
    cells = list(grid.rows[0]) if grid.rows else []
    if not cells:
        return None
    headed = any(cell.tag == "th" for cell in cells)

    def do() -> None:
        for cell in cells:
            cell.tag = "td" if headed else "th"

    told = "the first row is no heading" if headed else "the first row is a heading, which it should not be"
    touched = frozenset({grid.rows[0], *cells})
    return Plan(severity.MINOR, "row 1", told, touched, do, partial(conceal, *cells), moves=True)


def _alignment(grid: Grid, chance: random.Random) -> Plan | None:
    if not grid.cells:
        return None
    column = chance.choice(sorted({cell.column for cell in grid.cells}))
    cells = [
        cell.element for cell in grid.cells if cell.column == column and cell.across == 1 and cell.row > 0
    ]
    after = chance.choice(_ALIGNMENTS)

    def do() -> None:
        for cell in cells:
            restyle(cell, text_align=after)

    told = f"the column is set {after}, which it should not be"
    if not cells:
        return None
    return Plan(severity.MINOR, f"column {column + 1}", told, frozenset(cells), do, partial(conceal, *cells))


def _rule(grid: Grid, chance: random.Random) -> Plan | None:
    if not grid.cells:
        return None
    drawn = chance.random() < _SHARE_OF_DRAWN_RULES
    cells = [cell.element for cell in grid.cells]

    def do() -> None:
        for cell in cells:
            restyle(cell, border="1px solid #333" if drawn else "0 none")

    told = (
        "the cells have rules that should not be there"
        if drawn
        else "the rules between the cells are missing"
    )
    return Plan(severity.MINOR, "whole table", told, frozenset({"rules"}), do)


_SHARE_OF_DRAWN_RULES = 0.3
"""Most tables have rules, so most changes of rules take them away."""


def _fill(grid: Grid, chance: random.Random) -> Plan | None:
    if len(grid.rows) <= 1:
        return None
    row = chance.randrange(len(grid.rows))
    cells, colour = list(grid.rows[row]), chance.choice(_FILLS)

    def do() -> None:
        for cell in cells:
            restyle(cell, background=colour)

    told = f"the row is filled with {colour}, which it should not be"
    touched = frozenset({grid.rows[row], *cells})
    return Plan(severity.MINOR, f"row {row + 1}", told, touched, do)


EDITS: tuple[Edit[Grid], ...] = (
    Edit("digit", "numeric_error", _text_edit(_digit)),
    Edit("sign", "numeric_error", _text_edit(_sign)),
    Edit("unit", "numeric_error", _text_edit(_unit)),
    Edit("word", "text_error", _text_edit(_word)),
    Edit("letter", "text_error", _text_edit(_letter)),
    Edit("emptied", "text_error", _emptied),
    Edit("row dropped", "layout_error", _row_dropped),
    Edit("rows swapped", "layout_error", _rows_swapped),
    Edit("column dropped", "layout_error", _column_dropped),
    Edit("columns swapped", "layout_error", _columns_swapped),
    Edit("merge broken", "layout_error", _merge_broken),
    Edit("header level", "layout_error", _header_level),
    Edit("alignment", "layout_error", _alignment),
    Edit("rule", "layout_error", _rule),
    Edit("fill", "layout_error", _fill),
)


def parse(code: str) -> Grid:
    """A table to edit.

    Raises:
        ValueError: There is no table in the code.
    """
    return Grid(Markup(code))


def write(grid: Grid) -> str:
    """The table's code."""
    return grid.markup.code
