"""The tree of boxes that a page is laid out as: what stands beside, below and inside what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.generators.embedded.page.blocks import Block
from critic.reading.page import PixelPart, Shape
from critic.types import Box

Arrangement = Literal["leaf", "row", "column", "table"]


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the page with what is inside it.

    Attributes:
        box: Where it lies on the page: a text's line boxes, a shape's outer edge, the union of a group.
        arrangement: How its children follow each other.
        children: In reading order.
        pinned: What lies over it out of the order, as a badge on a corner does.
        shape: What is painted, for a box that is.
        block: Its text, for a text.
        picture: Its pixels, for a picture.
        is_window: Whether it is the root: what it ends with may go on below.
    """

    box: Box
    arrangement: Arrangement = "leaf"
    children: tuple[Node, ...] = ()
    pinned: tuple[Node, ...] = ()
    shape: Shape | None = None
    block: Block | None = None
    picture: PixelPart | None = None
    is_window: bool = False

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.box.width

    @property
    def height(self) -> float:
        """Pixels down."""
        return self.box.height

    @property
    def inside(self) -> Box:
        """Its box without its border."""
        if self.shape is None:
            return self.box
        top, right, bottom, left = (edge.width if edge else 0 for edge in self.shape.border)
        return Box(self.box.x0 + left, self.box.y0 + top, self.box.x1 - right, self.box.y1 - bottom)

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in reading order."""
        yield self
        for child in (*self.children, *self.pinned):
            yield from child.walk()


def union(nodes: tuple[Node, ...]) -> Box:
    """The box around some nodes."""
    return Box(
        min(node.box.x0 for node in nodes),
        min(node.box.y0 for node in nodes),
        max(node.box.x1 for node in nodes),
        max(node.box.y1 for node in nodes),
    )
