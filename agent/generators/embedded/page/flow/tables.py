"""Rows of a page whose cells stand below each other are a table."""

from __future__ import annotations

from itertools import groupby

from agent.generators.embedded.page.flow.element import Element

_ROWS, _COLUMNS = 3, 3
"""Rows and columns of the smallest table: two of either may be cards, or names and values."""

_ALIGNED = 6.0
"""Pixels by which cells of a column may differ on the side that they are aligned by."""

_PLACED = ("flex", "flex-shrink", "min-width", "width", "max-width", "margin-left", "align-self")
"""What tells where a cell stands in its row."""

RESET = (
    "table { border-spacing: 0; }",
    "table, tbody, td, th { display: block; }",
    "td, th { font-weight: inherit; text-align: inherit; }",
)
"""What a browser's own style gives the tags: here rows and cells stand as all rows and boxes do."""


def give_tables(root: Element) -> None:
    """Tell tables, their rows and cells, in place."""
    for element in list(root.walk()):
        if element.place.get("flex-direction") != "column":
            continue
        for count, run in groupby(list(element.children), key=_cells):
            rows = list(run)
            if count >= _COLUMNS and len(rows) >= _ROWS and _is_grid(rows):
                _table(element, rows)


def _cells(row: Element) -> int:
    """How many boxes stand side by side in an element; 0 where it is no row."""
    is_row = row.place.get("display") == "flex" and row.place.get("flex-direction") != "column"
    plain = row.tag == "div" and all(child.node is not None for child in row.children)
    return len(row.children) if is_row and plain else 0


def _is_grid(rows: list[Element]) -> bool:
    """Whether the boxes of each column begin, or end, at one place."""
    columns = zip(*([child.node for child in row.children] for row in rows), strict=True)
    return all(
        any(
            max(ends) - min(ends) <= _ALIGNED
            for ends in (
                [node.box.x0 for node in column if node],
                [node.box.x1 for node in column if node],
                [sum(node.box[::2]) / 2 for node in column if node],
            )
        )
        for column in columns
    )


def _table(parent: Element, rows: list[Element]) -> None:
    from agent.generators.embedded.page.flow.roles import wrap

    first = parent.children.index(rows[0])
    body = wrap(parent, first, first + len(rows), "tbody", "rows")
    table = Element("table", "table", body.node, room=body.room)
    for key in ("margin-top", "align-self"):
        if key in body.place:
            table.place[key] = body.place.pop(key)
    table.children = [body]
    parent.children[first] = table
    heading = _is_heading(rows[0], rows[1])
    for row in rows:
        row.tag = "tr"
        tag = "th" if heading and row is rows[0] else "td"
        row.children = [_cell(child, tag) for child in row.children]


def _is_heading(first: Element, second: Element) -> bool:
    """Whether the texts of the first row are set unlike those of the next."""
    looks = [[inner.look for inner in row.walk() if inner.text] for row in (first, second)]
    return bool(looks[0]) and all(look not in looks[1] for look in looks[0])


def _cell(child: Element, tag: str) -> Element:
    """A box of a row as its cell, or in one where it is something that a person works with."""
    if child.tag in ("p", "div"):
        child.tag = tag
        return child
    cell = Element(tag, "cell", child.node)
    cell.place = {key: child.place.pop(key) for key in _PLACED if key in child.place}
    cell.children = [child]
    return cell
