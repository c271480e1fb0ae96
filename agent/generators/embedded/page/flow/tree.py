"""A page's description to its tree of boxes: each thing inside the smallest box that holds it, then cut."""

from __future__ import annotations

import math
from dataclasses import replace

from agent.generators.embedded.page.blocks import Block, blocks_of
from agent.generators.embedded.page.flow.cuts import arranged
from agent.generators.embedded.page.flow.grids import Grid, grids
from agent.generators.embedded.page.flow.listings import groups, listing
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.tables import is_ground, is_rule, table_node
from agent.generators.embedded.page.fonts import rise
from critic.reading.page import LaidLine, Page
from critic.reading.page.metrics import starts
from critic.types import Box

_SLACK = 2.0
"""Pixels by which what is inside a box may stick out: edges are read to the pixel, bearings are not seen."""

_MOSTLY = 0.5
"""Part of a box that lies in another from which it belongs to it although it sticks out."""

_ROWS_HIGH = 5.0
"""Text sizes above which a box is higher than a table's row: it may hold one."""


def tree_of(page: Page) -> Node:
    """The page as a tree; its root is the window.

    Args:
        page: What was read of it, in pixels.
    """
    boxes = [Node(shape.box, shape=shape) for shape in page.shapes if _is_seen(shape.box)]
    window = Node(Box(0.0, 0.0, float(page.width), float(page.height)), "column", is_window=True)
    tables = _tables(page, boxes, window)
    celled = [line for found in tables.values() for grid in found for row in grid.rows for line in row]
    known = set(map(id, celled))
    listings = groups(tuple(line for line in page.lines if id(line) not in known))
    known |= {id(line) for group in listings for line in group}
    others = tuple(line for line in page.lines if id(line) not in known)
    blocks = [*blocks_of(others), *(block for line in celled for block in blocks_of((line,)))]
    blocks += map(listing, listings)
    texts = [_text(block) for block in blocks]
    pictures = [Node(picture.box, picture=picture) for picture in page.pictures]
    return _filled(window, _Nest(boxes, [*boxes, *texts, *pictures], tables))


_Tables = dict[int, list[Grid]]
"""The tables by the box that holds them, as ``id`` tells it; ``id(None)`` for the window."""


def _tables(page: Page, boxes: list[Node], window: Node) -> _Tables:
    held: dict[int, list[LaidLine]] = {}
    homes: dict[int, Node | None] = {id(None): None}
    for line in page.lines:
        high = [box for box in boxes if box.height > _ROWS_HIGH * line.size and _holds(box.box, line.ink)]
        home = min(high, key=_size, default=None)
        held.setdefault(id(home), []).append(line)
        homes[id(home)] = home
    found = {}
    for key, lines in held.items():
        home = homes[key]
        room = home.box if home else window.box
        found[key] = grids(lines, [shape for shape in page.shapes if _holds(room, shape.box)], room)
    return found


def _is_seen(box: Box) -> bool:
    return box.x1 > box.x0 and box.y1 > box.y0


class _Nest:
    """Which box holds what, what only lies over its edge, and which tables it has."""

    def __init__(self, boxes: list[Node], nodes: list[Node], tables: _Tables) -> None:
        self._tables = tables
        self._inside: dict[int, list[Node]] = {}
        self._over: dict[int, list[Node]] = {}
        for node in nodes:
            home, whole = _home(node, boxes)
            kept = self._inside if whole else self._over
            kept.setdefault(id(home), []).append(node)

    def inside(self, box: Node | None) -> tuple[Node, ...]:
        """What a box holds (None: what no box does)."""
        return tuple(self._inside.get(id(box), ()))

    def tables(self, box: Node | None) -> list[Grid]:
        """The tables on a box (None: on the window)."""
        return self._tables.get(id(box), [])

    def over(self, box: Node | None) -> tuple[Node, ...]:
        """What lies over a box's edge."""
        return tuple(self._over.get(id(box), ()))


def _filled(box: Node, nest: _Nest, own: Node | None = None) -> Node:
    """The box with its content arranged. The window is no box of the nest: ``own`` is None."""
    content = arranged(_contents(nest, own))
    pinned = tuple(_filled(node, nest, node) for node in nest.over(own))
    if not content:
        return replace(box, pinned=pinned)
    only = content[0]
    if only.shape is None and only.arrangement in ("row", "column"):
        return replace(
            box,
            arrangement=only.arrangement,
            children=only.children,
            pinned=(*only.pinned, *pinned),
        )
    return replace(box, arrangement="column", children=content, pinned=pinned)


def _contents(nest: _Nest, own: Node | None) -> tuple[Node, ...]:
    """What a box holds, filled; what is of a table in one node."""
    nodes = list(nest.inside(own))
    found = []
    for grid in nest.tables(own):
        members = [node for node in nodes if _shared(grid.box, node.box) > _MOSTLY]
        nodes = [node for node in nodes if node not in members]
        grounds = [node for node in members if is_ground(node, grid)]
        cells = [node for node in members if node not in grounds]
        for ground in grounds:
            cells += [*nest.inside(ground), *nest.over(ground)]
        rules = [node for node in cells if is_rule(node)]
        cells = [node for node in cells if not is_rule(node)]
        if cells:
            found.append(table_node(grid, [_filled(cell, nest, cell) for cell in cells], grounds, rules))
    return (*(_filled(node, nest, node) for node in nodes), *found)


def _home(node: Node, boxes: list[Node]) -> tuple[Node | None, bool]:
    """The smallest box that holds the node, or most of it; and whether it holds all."""
    homes = [box for box in boxes if box is not node and _area(box.box) > _area(node.box)]
    whole = min((box for box in homes if _holds(box.box, node.box)), key=_size, default=None)
    most = min((box for box in homes if _shared(box.box, node.box) > _MOSTLY), key=_size, default=None)
    if most is None or (whole is not None and _size(whole) <= _size(most)) or node.block is not None:
        return (most, True) if node.block is not None else (whole, True)
    return most, False


def _size(node: Node) -> float:
    return _area(node.box)


def _area(box: Box) -> float:
    return box.width * box.height


def _holds(outer: Box, inner: Box) -> bool:
    return (
        inner.x0 >= outer.x0 - _SLACK
        and inner.y0 >= outer.y0 - _SLACK
        and inner.x1 <= outer.x1 + _SLACK
        and inner.y1 <= outer.y1 + _SLACK
    )


def _shared(outer: Box, inner: Box) -> float:
    wide = min(outer.x1, inner.x1) - max(outer.x0, inner.x0)
    high = min(outer.y1, inner.y1) - max(outer.y0, inner.y0)
    return max(0.0, wide) * max(0.0, high) / _area(inner)


def _text(block: Block) -> Node:
    first = block.lines[0]
    # Chromium lets the lower half of the leading have the odd pixel
    top = first.baseline - math.floor(rise(block.style.family, block.style.size, block.pitch))
    width = max(advance(line) for line in block.lines)
    box = Box(block.x, top, block.x + width, top + block.pitch * len(block.lines))
    return Node(box, block=block)


def advance(line: LaidLine) -> float:
    """How wide a line is set, from its first letter's origin to the end of its last."""
    natural = sum(starts(span.text, line.family, span.bold)[-1] for span in line.spans)
    return natural * line.size + line.spacing * len(line.text)
