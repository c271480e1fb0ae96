"""A drawing without axes that nothing claims: its ink as shapes in place, so that none of it is dropped."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from critic.marks.geometry import Mask
from critic.reading.chart.areas import read_shapes
from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, near, rgb_of
from critic.reading.chart.description import Axes, LinearScale, Shape, Text
from critic.reading.chart.layers import split_layers
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from critic.types import Box
from renderers.types import Image

_INK, _BESIDE = 24, 0.08
"""Levels from the background of what is drawn, and share of it beside what was taken for axes."""
_SCALED = 2
"""Ticks that make a scale."""
_NARROW = 40
"""Working pixels of a side along which no labels have room."""
_ROOM, _RIM = 1.0, 3
"""Working pixels round the box of a text, and across the square that takes the blended rims of letters."""
_SHARE = 0.9
"""Share of the contrast of letters to their ground within which ink is theirs."""
_MOST = 80
"""Shapes of one drawing, the largest first: of a photograph there would be thousands."""


def are_fillings(axes: Sequence[Axes], image: Image, background: Colour, texts: list[Text]) -> bool:
    """Whether what was taken for axes is filled shapes among others: bars, or the tiles of a treemap.

    Nothing surrounds them, and they have no scale, or no room for one; and much else is drawn beside them.
    """
    if not axes or not all(_is_filling(one) for one in axes):
        return False
    ink = np.asarray(far(image, background, _INK) & ~_written(image, texts))
    beside = ink.copy()
    for one in axes:
        beside[one.box.grown(1).pixels] = False
    return bool(beside.sum() > _BESIDE * ink.sum())


def _is_filling(axes: Axes) -> bool:
    if any(axes.frame) or any(mark.traits.celled or mark.traits.explains for mark in axes.series):
        return False
    scales = ((axes.x, axes.box.width), (axes.y, axes.box.height))
    return all(len(scale.ticks) < _SCALED for scale, _ in scales) or any(
        length < _NARROW and not scale.ticks for scale, length in scales
    )


def unclaimed(image: Image, background: Colour, texts: list[Text], dpi: float) -> list[Axes]:
    """Axes over the whole picture that hold its ink as shapes; none where there is no ink.

    Args:
        image: RGB pixels.
        background: The colour around the drawing.
        texts: What is written, which is drawn by itself.
        dpi: Dots per inch.
    """
    high, wide = image.shape[:2]
    nothing = np.zeros((high, wide), bool)
    bare = _unwritten(image, texts)
    plot = Plot(bare, nothing, Mapping(1.0, 0.0), Mapping(-1.0, high), 0, 0, background, dpi)
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


def _unwritten(image: Image, texts: list[Text]) -> Image:
    """The picture with what its texts are written on in their places, so that they leave no holes."""
    letters = np.zeros(image.shape[:2], np.uint8)
    for text in texts:
        place = text.box.grown(_ROOM).pixels
        region = image[place]
        if region.size:
            ground = mode_colour(region)
            inked = far(region, ground, _INK)
            # What is as far from the letters as their ground is belongs to another shape.
            contrast = int(np.abs(rgb_of(text.colour) - ground).max())
            own = near(region, rgb_of(text.colour), round(_SHARE * contrast))
            letters[place] |= (inked & own).astype(np.uint8)
    whole = cv2.dilate(letters, np.ones((_RIM, _RIM), np.uint8))
    return np.asarray(cv2.inpaint(np.ascontiguousarray(image), whole, _RIM, cv2.INPAINT_TELEA), np.uint8)


def _written(image: Image, texts: list[Text]) -> Mask:
    hidden = np.zeros(image.shape[:2], bool)
    for box in (text.box for text in texts):
        hidden[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = True
    return hidden


def _size(shape: Shape) -> float:
    """The area of the box round a shape: what is larger lies behind."""
    return (max(shape.x) - min(shape.x)) * (max(shape.y) - min(shape.y))
