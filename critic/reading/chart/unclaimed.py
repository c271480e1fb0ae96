"""A drawing without axes that nothing claims: its ink as shapes in place, so that none of it is dropped."""

from __future__ import annotations

import numpy as np

from critic.marks.geometry import Mask
from critic.reading.chart.areas import read_shapes
from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import Axes, LinearScale, Shape, Text
from critic.reading.chart.layers import split_layers
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from critic.types import Box
from renderers.types import Image

_MOST = 80
"""Shapes of one drawing, the largest first: of a photograph there would be thousands."""


def unclaimed(image: Image, background: Colour, texts: list[Text], dpi: float) -> list[Axes]:
    """Axes over the whole picture that hold its ink as shapes; none where there is no ink.

    Args:
        image: RGB pixels.
        background: The colour around the drawing.
        texts: What is written, which is drawn by itself.
        dpi: Dots per inch.
    """
    high, wide = image.shape[:2]
    plot = Plot(image, _written(image, texts), Mapping(1.0, 0.0), Mapping(-1.0, high), 0, 0, background, dpi)
    shapes: list[Shape] = []
    for number, (colour, mask) in enumerate(split_layers(plot)):
        shapes += read_shapes(plot, colour, mask, number)
    if not shapes:
        return []
    shapes = sorted(shapes, key=_size, reverse=True)[:_MOST]
    return [
        Axes(
            box=Box(0.0, 0.0, float(wide), float(high)),
            x=LinearScale(low=0.0, high=float(wide), marks=False),
            y=LinearScale(low=0.0, high=float(high), side="left", marks=False),
            face=hex_of(background),
            frame=(False,) * 4,
            series=tuple(shapes),
            loose=True,
        )
    ]


def _written(image: Image, texts: list[Text]) -> Mask:
    hidden = np.zeros(image.shape[:2], bool)
    for box in (text.box for text in texts):
        hidden[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = True
    return hidden


def _size(shape: Shape) -> float:
    """The area of the box round a shape: what is larger lies behind."""
    return (max(shape.x) - min(shape.x)) * (max(shape.y) - min(shape.y))
