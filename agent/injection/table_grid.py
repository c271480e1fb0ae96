"""Where each cell of an HTML table stands."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import html

from agent.injection.markup import Markup

_MOST = 1000
"""Cells that one may span, as HTML has it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        element: The ``td`` or ``th``.
        row: Of its upper left corner, from 0; so ``column``.
        across: Columns that it spans; ``down`` is rows.
        leaf: The element in it that holds all its text; None where several do.
    """

    element: html.HtmlElement
    row: int
    column: int
    across: int
    down: int
    leaf: html.HtmlElement | None

    @property
    def text(self) -> str:
        """What the leaf says."""
        return "" if self.leaf is None else str(self.leaf.text or "").strip()

    @property
    def place(self) -> str:
        """Where it stands, in words; counted from 1."""
        return f"row {self.row + 1}, column {self.column + 1}"


class Grid:
    """The first table of a piece of HTML.

    Attributes:
        markup: The whole piece.
        rows: The table's ``tr`` elements that have cells.
        cells: Its cells, row by row.
    """

    def __init__(self, markup: Markup) -> None:
        """Look at the table.

        Raises:
            ValueError: There is none.
        """
        table = markup.table
        if table is None:
            raise ValueError("no table in the code")
        self.markup = markup
        self.column_groups = [group for group in table.iter("colgroup") if len(group)]
        self.rows: list[html.HtmlElement] = [row for row in table.iter("tr") if len(row)]
        self.cells = list(_placed(self.rows))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((cell.column + cell.across for cell in self.cells), default=0)

    @property
    def regular(self) -> bool:
        """Whether there are no merged cells, no short rows and a definition for each column or none."""
        plain = all(cell.across == cell.down == 1 for cell in self.cells)
        widths = {len(row) for row in self.rows} | {len(group) for group in self.column_groups}
        return plain and len(widths) == 1

    def free_rows(self) -> list[int]:
        """The rows below the first that no cell reaches into or out of."""
        taken = {row for cell in self.cells if cell.down > 1 for row in range(cell.row, cell.row + cell.down)}
        return [row for row in range(1, len(self.rows)) if row not in taken]


def _placed(rows: list[html.HtmlElement]) -> list[Cell]:
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, line in enumerate(rows):
        column = 0
        for element in line:
            if element.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            across, down = _span(element, "colspan"), _span(element, "rowspan")
            taken.update((row + r, column + c) for r in range(down) for c in range(across))
            cells.append(Cell(element, row, column, across, down, _leaf(element)))
            column += across
    return cells


def _span(element: html.HtmlElement, name: str) -> int:
    value = element.get(name, "1").strip()
    return min(_MOST, max(1, int(value))) if value.isdecimal() else 1


def _leaf(element: html.HtmlElement) -> html.HtmlElement | None:
    """The one element, however deep, that holds a cell's text."""
    holding = [item for item in element.iter() if isinstance(item.tag, str) and (item.text or "").strip()]
    tails = any((item.tail or "").strip() for item in element.iterdescendants())
    return holding[0] if len(holding) == 1 and not tails else None
