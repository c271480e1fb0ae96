"""Two axes beside each other: what a comparison of charts looks at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from critic.pixel.chart_geometry import apart, colours_of
from critic.pixel.ledger import Ledger, Mask
from critic.reading.chart.description import Axes, Series
from critic.types import Box, Discrepancy, Element
from renderers.types import Image

SAME = 30
"""Channel difference up to which colours are called the same: JPEG and blending move them by up to 25."""
_HALO = 7
"""Pixels of the brush that grows ink by what its anti-aliasing and a shift of a pixel can touch."""


@dataclass(frozen=True, slots=True)
class View:
    """An axes of the reference beside its mate in the render, and where the pictures differ.

    Attributes:
        element: The axes as an element; None where the figure has one alone.
        one: The reference's axes.
        other: The render's.
        images: The pictures, of one size.
        ledger: What visibly differs; nothing in it is explained yet.
    """

    element: Element | None
    one: Axes
    other: Axes
    images: tuple[Image, Image]
    ledger: Ledger[Discrepancy]

    def seen(self, region: Box | Mask, margin: float = 0.0) -> int:
        """How many pixels differ in a region."""
        return self.ledger.seen(region, margin)

    def part(self, kind: str, name: str = "", index: tuple[int, ...] = (), colour: str = "") -> Element:
        """A part of this axes."""
        return Element(kind=kind, name=name, index=index, colour=colour, of=self.element)

    def mark(self, series: Series) -> Element:
        """A series of either axes as an element, with its number where there are more of its kind."""
        noun = series.traits.noun
        for axes in (self.one, self.other):
            like = [s for s in axes.series if s.type == series.type]
            place = next((k for k, s in enumerate(like) if s is series), None)
            if place is not None:
                index = (place,) if len(like) > 1 else ()
                return self.part(noun, series.label, index, colours_of(series)[0])
        return self.part(noun, series.label, colour=colours_of(series)[0])

    def ink(self, *drawn: tuple[Series, Axes]) -> Mask:
        """The pixels of series, and of what their rims may touch."""
        height, width = self.ledger.visible.shape
        canvas = np.zeros((height, width), np.uint8)
        for series, axes in drawn:
            canvas |= series.ink(axes.plane, (height, width)).astype(np.uint8)
        return np.asarray(cv2.dilate(canvas, np.ones((_HALO, _HALO), np.uint8)).astype(bool))


def close(one: str, other: str) -> bool:
    """Whether two colours are called the same."""
    return apart(one, other) <= SAME
