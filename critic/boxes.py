"""Rectangles in a picture, and what is asked of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in the reference's pixels: left, top, right, bottom (the last two exclusive)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of them; there must be one.

        Raises:
            ValueError: There is none.
        """
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return cls(min(lefts), min(tops), max(rights), max(bottoms))

    @property
    def width(self) -> float:
        """From left to right; negative for a box turned inside out."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From top to bottom; negative for a box turned inside out."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """In square pixels; 0 for an empty box."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def centre(self) -> tuple[float, float]:
        """The point in the middle, (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing."""
        return self.x1 <= self.x0 or self.y1 <= self.y0

    @property
    def pixels(self) -> tuple[slice, slice]:
        """Index of all pixels that it touches, as rows and columns; none left of or above the picture."""
        rows = slice(max(0, math.floor(self.y0)), max(0, math.ceil(self.y1)))
        return rows, slice(max(0, math.floor(self.x0)), max(0, math.ceil(self.x1)))

    def intersection(self, other: Box) -> Box | None:
        """What both hold; None where that is nothing."""
        shared = Box(
            max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1)
        )
        return None if shared.is_empty else shared

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    def meets(self, other: Box) -> bool:
        """Whether they share more than an edge."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def overlap(self, other: Box) -> float:
        """The area that they share."""
        shared = self.intersection(other)
        return shared.area if shared else 0.0

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        """Whether the other lies within this one, reaching out by ``slack`` pixels at most."""
        return (
            self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies in it: on its left and top edges it does, on the others it does not."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def distance(self, other: Box) -> float:
        """From edge to edge, the longer of the distances across and down; 0 where they meet or touch."""
        across = max(self.x0 - other.x1, other.x0 - self.x1)
        down = max(self.y0 - other.y1, other.y0 - self.y1)
        return max(0.0, across, down)

    def beside(self, other: Box, within: float) -> bool:
        """Whether it stands on one level with another, less than so far to its left or right."""
        return self.y0 < other.y1 and other.y0 < self.y1 and self.distance(other) < within

    def grown(self, across: float, down: float | None = None) -> Box:
        """Larger by so much on each side; above and below by ``down`` where that is given."""
        down = across if down is None else down
        return Box(self.x0 - across, self.y0 - down, self.x1 + across, self.y1 + down)

    def shifted(self, across: float, down: float) -> Box:
        """Moved to the right and down."""
        return Box(self.x0 + across, self.y0 + down, self.x1 + across, self.y1 + down)

    def scaled(self, across: float, down: float | None = None) -> Box:
        """In the pixels of a picture so many times as large; as high times ``down`` where that is given."""
        down = across if down is None else down
        return Box(self.x0 * across, self.y0 * down, self.x1 * across, self.y1 * down)

    def clipped(self, width: float, height: float) -> Box:
        """The part within a picture of that size; empty, on its edge, for a box outside."""
        return Box(
            min(max(self.x0, 0), width),
            min(max(self.y0, 0), height),
            min(max(self.x1, 0), width),
            min(max(self.y1, 0), height),
        )
