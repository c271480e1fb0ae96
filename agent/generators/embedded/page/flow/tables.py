"""A page's table as ``table``: columns by their share of its width, rows by height, lines as borders."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from agent.generators.embedded.page.flow.cuts import arranged
from agent.generators.embedded.page.flow.element import Element, Style
from agent.generators.embedded.page.flow.grids import Grid
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.values import fill, lengths, px
from critic.reading.page import Edge
from critic.types import Box

_LINE = 3.0
"""Pixels that a rule is high at most."""

_NEAR = 2.0
"""Pixels within which a line is a row's end."""

_PAD = 8.0
"""Pixels of a cell's padding where the table does not tell it."""

_OFF = 0.75
"""Pixels off its column's usual place from which a cell's content has a place of its own."""

_SAME = 1.5
"""Pixels within which the table is as wide as its room."""

RESET = (
    "table { border-spacing: 0; }",
    "th { font-weight: inherit; text-align: inherit; }",
    "th, td { white-space: nowrap; vertical-align: top; }",
    ".table-scroll { overflow-x: auto; }",
)
"""What a browser's own style gives the tags, less what the page has of its own."""

Compose = Callable[[Node, Box], Element]


def table_node(grid: Grid, cells: list[Node], grounds: list[Node], rules: list[Node]) -> Node:
    """The node of a table: a row for each of its rows, in each a node for each column.

    Args:
        grid: Where it is.
        cells: What stands in it: texts, badges, signs.
        grounds: Boxes of rows.
        rules: Lines between rows.
    """
    edges = _boundaries(grid, cells)
    rows = []
    for top, bottom in pairwise(grid.tops):
        own = [node for node in cells if top <= node.box.centre[1] < bottom]
        ground = next((g for g in grounds if top - _NEAR <= g.box.centre[1] <= bottom + _NEAR), None)
        children = tuple(
            Node(
                Box(left, top, right, bottom),
                "column",
                arranged(tuple(node for node in own if left <= node.box.centre[0] < right)),
            )
            for left, right in pairwise(edges)
        )
        box = Box(grid.left, top, grid.right, bottom)
        pinned = tuple(rule for rule in rules if _is_edge(rule, box))
        rows.append(Node(box, "row", children, pinned, shape=ground.shape if ground else None))
    return Node(grid.box, "table", tuple(rows))


def _is_edge(rule: Node, row: Box) -> bool:
    """Whether a line is a row's lower end, or one of its sides."""
    if rule.height <= _LINE:
        return abs(rule.box.y1 - row.y1) <= _NEAR
    beside = min(abs(rule.box.x0 - row.x0), abs(rule.box.x1 - row.x1)) <= _NEAR
    return beside and 2 * (min(rule.box.y1, row.y1) - max(rule.box.y0, row.y0)) > row.height


def is_ground(node: Node, grid: Grid) -> bool:
    """Whether a box is a row's own."""
    return node.shape is not None and node.height > _LINE and 2 * node.width > grid.box.width


def is_rule(node: Node) -> bool:
    """Whether a box is a line between rows, or columns."""
    return node.shape is not None and min(node.height, node.width) <= _LINE


def _boundaries(grid: Grid, cells: list[Node]) -> list[float]:
    """Where columns begin, and the last one ends."""
    extents = []
    for column in grid.columns:
        own = [c.box for c in cells if column.start - _NEAR <= c.box.centre[0] <= column.stop + _NEAR]
        extents.append(
            (min((b.x0 for b in own), default=column.start), max((b.x1 for b in own), default=column.stop))
        )
    pad = max(0.0, extents[0][0] - grid.left)
    edges = [min(grid.left, extents[0][0])]
    for (_, stop), (start, _), column in zip(extents, extents[1:], grid.columns[1:], strict=False):
        middle = (stop + start) / 2
        edges.append(max(stop, start - (pad or _PAD)) if column.align == "left" else middle)
    return [*edges, max(grid.right, extents[-1][1])]


def table_element(node: Node, room: Box, compose: Compose) -> Element:
    """The table, in a box in which it can be scrolled where the window is narrower than its words.

    Args:
        node: The table's.
        room: What it is given by its parent.
        compose: Makes the element of what is in a cell, in its room.
    """
    table = Element("table", "table", node)
    wide = abs(room.width - node.width) <= _SAME
    table.place["width"] = "100%"
    below = (*node.children[1:], None)
    rows = [_row(row, after, compose) for row, after in zip(node.children, below, strict=True)]
    _settle(rows)
    head = rows[:1] if len(rows) > 1 and _is_heading(rows[0], rows[1]) else []
    for cell in head[0].children if head else []:
        cell.tag, cell.role = "th", "head"
    for cell in rows[0].children:
        assert cell.node is not None
        cell.place["width"] = f"{round(100 * cell.node.width / node.width, 2):g}%"
    for tag, members in (("thead", head), ("tbody", rows[len(head) :])):
        if members:
            table.children.append(Element(tag, tag, children=members))
    scroll = Element("div", "table-scroll", node, children=[table])
    if not wide:
        scroll.place.update({"width": "100%", "max-width": px(node.width)})
    if node.box.x0 - room.x0 > _SAME and not wide:
        scroll.place["margin-left"] = px(node.box.x0 - room.x0)
    return scroll


def _row(row: Node, below: Node | None, compose: Compose) -> Element:
    element = Element("tr", "line", row, place={"height": px(row.height)})
    last = len(row.children) - 1
    for index, cell in enumerate(row.children):
        made = _cell(cell, compose)
        made.look.update(_border("bottom", _edge(row, 2) or (_edge(below, 0) if below else None)))
        made.look.update(_border("left", _edge(row, 3) if index == 0 else None))
        made.look.update(_border("right", _edge(row, 1) if index == last else None))
        if row.shape is not None:
            made.look["background"] = fill(row.shape.fill)
        element.children.append(made)
    return element


def _border(side: str, edge: Edge | None) -> Style:
    return {f"border-{side}": f"{edge.width}px solid {edge.colour}"} if edge else {}


def _edge(row: Node, side: int) -> Edge | None:
    """A row's line on a side (top, right, bottom, left): of its own box, or drawn beside it."""
    if row.shape is not None and row.shape.border[side] is not None:
        return row.shape.border[side]
    for line in row.pinned:
        lies = (line.height > _LINE, line.box.x0 > row.box.x0 + _NEAR)
        if line.shape is not None and lies == _LIES.get(side):
            return Edge(width=max(1, round(min(line.width, line.height))), colour=line.shape.fill.colour)
    return None


_LIES = {1: (True, True), 2: (False, False), 3: (True, False)}
"""Whether the line on a side of a row is upright, and away from the row's start."""


def _cell(cell: Node, compose: Compose) -> Element:
    """A cell with its one text as its own, or with what it holds."""
    made = Element("td", "cell", cell)
    for child in cell.children:
        inner = compose(child, child.box)
        if child.block is not None:
            made.text, made.look = inner.text, dict(inner.look)
        else:
            made.children.append(inner)
    return made


def _settle(rows: list[Element]) -> None:
    """How the contents of each column stand in their cells: one place for all that keep to it."""
    for cells in zip(*(row.children for row in rows), strict=True):
        held = [cell for cell in cells if cell.node is not None and cell.node.children]
        if not held:
            continue
        align, before, after = _kept(held)
        down = [_down(cell) for cell in held]
        usual = float(np.median(down))
        for cell, own in zip(held, down, strict=True):
            off = own if abs(own - usual) >= _OFF else usual
            cell.place["padding"] = lengths(max(0.0, off), after, 0.0, before)
            if align != "left":
                cell.place["text-align"] = align


def _kept(cells: list[Element]) -> tuple[str, float, float]:
    """The side that a column's contents keep to, and their distance from the left or the right one."""
    lefts, rights = zip(*(_sides(cell) for cell in cells), strict=True)
    leaning = [a - b for a, b in zip(lefts, rights, strict=True)]
    spreads = {
        "left": float(np.ptp(lefts)),
        "right": float(np.ptp(rights)),
        "center": float(np.ptp(leaning)) / 2,
    }
    align = min(spreads, key=lambda side: spreads[side])
    if align == "left":
        return align, max(0.0, float(np.median(lefts))), 0.0
    if align == "right":
        return align, 0.0, max(0.0, float(np.median(rights)))
    lean = float(np.median(leaning))
    return align, max(0.0, lean), max(0.0, -lean)


def _sides(cell: Element) -> tuple[float, float]:
    node = cell.node
    assert node is not None
    (content,) = node.children
    left = float(cell.look.get("border-left", "0px").split("px")[0])
    right = float(cell.look.get("border-right", "0px").split("px")[0])
    return content.box.x0 - node.box.x0 - left, node.box.x1 - content.box.x1 - right


def _down(cell: Element) -> float:
    """How far below the top of its cell a content begins."""
    node = cell.node
    assert node is not None
    (content,) = node.children
    return content.box.y0 - node.box.y0


def _is_heading(first: Element, second: Element) -> bool:
    """Whether the texts of the first row are set unlike those of the next."""
    looks = [[_set(cell) for cell in row.children if cell.text] for row in (first, second)]
    return bool(looks[0]) and all(look not in looks[1] for look in looks[0])


def _set(cell: Element) -> Style:
    return {
        key: value
        for key, value in cell.look.items()
        if key.startswith(("font", "color", "letter", "background"))
    }
