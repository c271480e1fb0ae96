"""Where values lie in a picture: two scales put into a rectangle, or round a centre."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.marks.scales import Scale
from critic.types import Box

Path = NDArray[np.float64]
"""Pixels (x, y), one row a point."""
ROOM = 4
"""Pixels round values within which their drawing lies: half a marker or a thick line."""
_FINE = 10
"""Values that are moved are rounded to this part of a pixel."""


class Side(NamedTuple):
    """A scale along a straight line of pixels: where its low and its high end lie."""

    scale: Scale
    start: float
    end: float

    def pixel(self, value: float) -> float:
        """Where a value lies."""
        return self.scale.pixel(self.start, self.end, value)

    def value(self, pixel: float) -> float:
        """What lies at a pixel."""
        return self.scale.value(self.start, self.end, pixel)

    def short_value(self, pixel: float, within: float) -> float:
        """What lies at a pixel, as short as ``within`` pixels allow."""
        return self.scale.shortened(self.value(pixel), within * self.per_pixel)

    def rounded(self, values: Sequence[float], pixels: float) -> tuple[float, ...]:
        """Values with as few digits as so many pixels allow."""
        return self.scale.shortened_all(values, [pixels * self.pixel_at(value) for value in values])

    def pixel_at(self, value: float) -> float:
        """How much a pixel is at a value."""
        pixel = self.pixel(value)
        return abs(self.value(pixel + 1) - self.value(pixel - 1)) / 2

    @property
    def per_pixel(self) -> float:
        """Data units that a pixel is long, as the scale measures them."""
        return self.scale.per_pixel(self.start, self.end)

    def moved_from(self, other: Side, values: Sequence[float]) -> tuple[float, ...]:
        """The values that lie here where others lie on another side."""
        slack = self.per_pixel / _FINE
        return tuple(self.scale.shortened(self.value(other.pixel(v)), slack) for v in values)


@dataclass(frozen=True)
class Plane(ABC):
    """The place of an axes in pixels, with the scales of its two directions."""

    box: Box
    x: Scale
    y: Scale

    @property
    @abstractmethod
    def across(self) -> Side:
        """The first direction by itself."""

    @property
    @abstractmethod
    def up(self) -> Side:
        """The second direction by itself."""

    @abstractmethod
    def path(self, xs: Sequence[float], ys: Sequence[float]) -> Path:
        """Pixels of data points."""

    def around(self, xs: Sequence[float], ys: Sequence[float]) -> Box:
        """The pixels round points and their drawing; the whole axes where there are none."""
        if not len(xs) or not len(ys):
            return self.box
        x0, y0, x1, y1 = self.span(xs, ys)
        return Box(x0 - ROOM, y0 - ROOM, x1 + ROOM, y1 + ROOM)

    def span(self, xs: Sequence[float], ys: Sequence[float]) -> Box:
        """The pixels between the outermost of some values."""
        pairs = [(x, y) for x in (min(xs), max(xs)) for y in (min(ys), max(ys))]
        at = self.path([x for x, _ in pairs], [y for _, y in pairs])
        (x0, y0), (x1, y1) = at.min(axis=0).tolist(), at.max(axis=0).tolist()
        return Box(x0, y0, x1, y1)


class Cartesian(Plane):
    """Values across and up."""

    @property
    def across(self) -> Side:
        """From the left edge to the right."""
        return Side(self.x, self.box.x0, self.box.x1)

    @property
    def up(self) -> Side:
        """From the bottom edge to the top."""
        return Side(self.y, self.box.y1, self.box.y0)

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> Path:
        """Pixels of data points."""
        across, up = self.across, self.up
        points = [(across.pixel(x), up.pixel(y)) for x, y in zip(xs, ys, strict=True)]
        return np.array(points).reshape(-1, 2)
