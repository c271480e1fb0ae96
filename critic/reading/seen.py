"""What a reader saw, drawn over its picture: all places that a description names, and the marks' ink."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage
from PIL import ImageDraw
from pydantic import BaseModel

from critic.boxes import Box
from critic.marks.scales import Scale
from critic.reading.chart.description import Axes
from critic.reading.svg.types import Circle, Ellipse, Outline, Rect
from renderers.types import Image

_COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000")
"""Told apart on white and on each other; each name of a thing keeps one."""
_TICK = 5.0
"""Pixels that a tick is drawn to each side of its axis."""
_DIMMED = 0.35
"""Share of the picture that is left under the drawing: enough to recognise it, too little to compete."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was seen.

    Attributes:
        name: What it is: the field or the mark that it is in.
        path: Points (x, y) in the pixels of the description, one row each.
        closed: Whether the last is joined to the first.
    """

    name: str
    path: NDArray[np.float64]
    closed: bool = True


def seen(description: BaseModel) -> Iterator[Seen]:
    """All places of a description, in its order."""
    if isinstance(description, Axes):
        yield from _marks(description)
        yield from _ticks(description)
    for name in type(description).model_fields:
        yield from _in_value(name, getattr(description, name))


def _in_value(name: str, value: object) -> Iterator[Seen]:
    if isinstance(value, Box):
        corners = [(value.x0, value.y0), (value.x1, value.y0), (value.x1, value.y1), (value.x0, value.y1)]
        yield Seen(name, np.array(corners, float))
    elif isinstance(value, Outline):
        yield Seen(name, np.array([value.start, *(segment.end for segment in value.segments)], float))
    elif isinstance(value, Circle | Ellipse | Rect):
        yield from _in_value(value.kind, _around(value))
    elif isinstance(value, BaseModel):
        for place in seen(value):
            # a box is called after what it is the box of
            yield Seen(name, place.path, place.closed) if place.name in ("box", "ink") else place
    elif isinstance(value, tuple):
        for item in value:
            yield from _in_value(name, item)


def _around(shape: Circle | Ellipse | Rect) -> Box:
    if isinstance(shape, Rect):
        x, y = shape.corner
        return Box(x, y, x + shape.width, y + shape.height)
    across, down = shape.radii if isinstance(shape, Ellipse) else (shape.radius, shape.radius)
    return Box(*shape.centre, *shape.centre).grown(across, down)


def _marks(axes: Axes) -> Iterator[Seen]:
    """The outlines of the ink of each mark."""
    shape = (round(axes.box.y1) + 1, round(axes.box.x1) + 1)
    for mark in axes.series:
        ink = mark.ink(axes.plane, shape).astype(np.uint8)
        for contour in cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            yield Seen(mark.type, contour.reshape(-1, 2).astype(float))


def _ticks(axes: Axes) -> Iterator[Seen]:
    if not axes.visible:
        return
    left, bottom = axes.box.x0, axes.box.y1
    for value in _values(axes.x):
        x = axes.plane.across.pixel(value)
        yield Seen("tick", np.array([(x, bottom - _TICK), (x, bottom + _TICK)]), closed=False)
    for value in _values(axes.y):
        y = axes.plane.up.pixel(value)
        yield Seen("tick", np.array([(left - _TICK, y), (left + _TICK, y)]), closed=False)


def _values(scale: Scale) -> list[float]:
    return [tick.value for tick in scale.ticks]


def overlay(image: Image, description: BaseModel) -> Image:
    """The picture, dimmed, with everything that was seen drawn over it in a colour and named where it begins.

    Args:
        image: RGB pixels.
        description: What was read from it; its places may be in pixels of another size (see ``width``).
    """
    factor = image.shape[1] / (getattr(description, "width", 0) or image.shape[1])
    dimmed = (255 - (255 - image.astype(float)) * _DIMMED).astype(np.uint8)
    canvas = PILImage.fromarray(dimmed)
    draw = ImageDraw.Draw(canvas)
    colours: dict[str, str] = {}
    for place in seen(description):
        colour = colours.setdefault(place.name, _COLOURS[len(colours) % len(_COLOURS)])
        points = [(x * factor, y * factor) for x, y in place.path.tolist()]
        draw.line([*points, points[0]] if place.closed else points, fill=colour)
    _key(draw, colours)
    return np.asarray(canvas)


def _key(draw: ImageDraw.ImageDraw, colours: dict[str, str]) -> None:
    """Which colour is which, in the upper left corner."""
    x = 2.0
    for name, colour in colours.items():
        draw.text((x, 1), name, fill=colour)
        x += draw.textlength(f"{name}  ")
