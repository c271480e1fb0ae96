"""A page's description to its tree of boxes: each thing inside the smallest box that holds it, then cut."""

from __future__ import annotations

import math
from dataclasses import replace

from agent.generators.embedded.page.blocks import Block, blocks_of
from agent.generators.embedded.page.flow.cuts import arranged
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.fonts import rise
from critic.reading.page import LaidLine, Page
from critic.reading.page.metrics import starts
from critic.types import Box

_SLACK = 2.0
"""Pixels by which what is inside a box may stick out: edges are read to the pixel, bearings are not seen."""

_MOSTLY = 0.5
"""Part of a box that lies in another from which it belongs to it although it sticks out."""


def tree_of(page: Page) -> Node:
    """The page as a tree; its root is the window.

    Args:
        page: What was read of it, in pixels.
    """
    boxes = [Node(shape.box, shape=shape) for shape in page.shapes if _is_seen(shape.box)]
    texts = [_text(block) for block in blocks_of(page.lines)]
    pictures = [Node(picture.box, picture=picture) for picture in page.pictures]
    window = Node(Box(0.0, 0.0, float(page.width), float(page.height)), "column", is_window=True)
    return _filled(window, _Nest(boxes, [*boxes, *texts, *pictures]))


def _is_seen(box: Box) -> bool:
    return box.x1 > box.x0 and box.y1 > box.y0


class _Nest:
    """Which box holds what, and what only lies over its edge."""

    def __init__(self, boxes: list[Node], nodes: list[Node]) -> None:
        self._inside: dict[int, list[Node]] = {}
        self._over: dict[int, list[Node]] = {}
        for node in nodes:
            home, whole = _home(node, boxes)
            kept = self._inside if whole else self._over
            kept.setdefault(id(home), []).append(node)

    def inside(self, box: Node | None) -> tuple[Node, ...]:
        """What a box holds (None: what no box does)."""
        return tuple(self._inside.get(id(box), ()))

    def over(self, box: Node | None) -> tuple[Node, ...]:
        """What lies over a box's edge."""
        return tuple(self._over.get(id(box), ()))


def _filled(box: Node, nest: _Nest, own: Node | None = None) -> Node:
    """The box with its content arranged. The window is no box of the nest: ``own`` is None."""
    content = arranged(tuple(_filled(node, nest, node) for node in nest.inside(own)))
    pinned = tuple(_filled(node, nest, node) for node in nest.over(own))
    if not content:
        return replace(box, pinned=pinned)
    only = content[0]
    if only.shape is None and only.arrangement != "leaf":
        return replace(
            box,
            arrangement=only.arrangement,
            children=only.children,
            pinned=(*only.pinned, *pinned),
        )
    return replace(box, arrangement="column", children=content, pinned=pinned)


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
