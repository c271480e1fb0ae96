"""What was seen and no one would write: shadows kept as pixels, strips of a blend, borders twice."""

from __future__ import annotations

import base64

import cv2
import numpy as np

from critic.reading.page import Page, PixelPart, Shape
from critic.reading.page.colours import distance, rgb
from critic.types import Box

_FAINT = 20
"""Channel levels up to which a thing differs from what it lies on as a shadow does."""

_FAINT_SHARE = 99.5
"""Percentile of a picture's pixels that must be faint: a line across a chart is a fiftieth of its picture."""

_LINE = 2
"""Pixels up to which a faint box may be a rule."""

_CORNER = 3.0
"""Pixels by which what is left at a round corner is larger than its radius at most."""

_COVERED = 0.6
"""Part of a picture under boxes from which it is what is left around them."""

_IN_BORDER = 0.7
"""Part of a box in the border of the one that holds it from which it is that border."""


def without_debris(page: Page) -> Page:
    """The page without what only makes its pixels nearer by a shade."""
    shapes = tuple(
        shape
        for index, shape in enumerate(page.shapes)
        if not _is_blend(shape, _ground(shape.box, page, index), page)
        and not any(_is_border_of(shape.box, other) for other in page.shapes if other is not shape)
    )
    shapes = tuple(_closed(shape, page) for shape in shapes)
    pictures = tuple(
        picture
        for picture in page.pictures
        if not _is_shadow(picture, shapes) and not any(_is_corner_of(picture.box, shape) for shape in shapes)
    )
    return page.model_copy(update={"shapes": shapes, "pictures": pictures})


def _closed(shape: Shape, page: Page) -> Shape:
    """The box with the one side of its border that a shadow hid; not where it ends with the page."""
    edges = {edge for edge in shape.border if edge is not None}
    if shape.border.count(None) != 1 or shape.border[2] is not None or shape.box.y1 >= page.height - _LINE:
        return shape
    if any(_is_below(other, shape) for other in page.shapes):
        return shape
    thinnest = min(edges, key=lambda edge: edge.width)
    top, right, _, left = shape.border
    return shape.model_copy(update={"border": (top, right, thinnest, left)})


def _is_below(other: Shape, shape: Shape) -> bool:
    """Whether a box goes on where another one ends."""
    shared = min(other.box.x1, shape.box.x1) - max(other.box.x0, shape.box.x0)
    return abs(other.box.y0 - shape.box.y1) <= _LINE and shared > _COVERED * shape.box.width


def _ground(box: Box, page: Page, count: int) -> str:
    """The fill of the last box before this one that it lies on."""
    for shape in reversed(page.shapes[:count]):
        if _shared(shape.box, box) > _COVERED:
            return shape.fill.colour
    return page.fill.colour


def _is_blend(shape: Shape, ground: str, page: Page) -> bool:
    """Whether a box is a strip of a shadow: faint, without a border, and nothing stands on it."""
    wide, high = shape.box.width, shape.box.height
    if any(shape.border) or min(wide, high) <= _LINE or any(shape.radius):
        return False
    if int(distance(rgb(shape.fill.colour), rgb(ground))) > _FAINT:
        return False
    return not any(_shared(shape.box, line.ink) > _COVERED for line in page.lines) and not any(
        _shared(shape.box, other.box) > _COVERED for other in page.shapes if other is not shape
    )


def _is_border_of(box: Box, other: Shape) -> bool:
    if not any(other.border) or _shared(other.box, box) < _IN_BORDER:
        return False
    top, right, bottom, left = (edge.width if edge else 0 for edge in other.border)
    inner = Box(other.box.x0 + left, other.box.y0 + top, other.box.x1 - right, other.box.y1 - bottom)
    return _shared(inner, box) < 1 - _IN_BORDER


def _is_corner_of(box: Box, other: Shape) -> bool:
    """Whether a small picture is what the rounding of a framed box's corner leaves, read to half a pixel."""
    if not all(other.border) or max(box.width, box.height) > max(other.radius) + _CORNER:
        return False
    x0, y0, x1, y1 = other.box
    return (
        min(abs(box.x0 - x0), abs(box.x1 - x1)) <= _LINE and min(abs(box.y0 - y0), abs(box.y1 - y1)) <= _LINE
    )


def _is_shadow(picture: PixelPart, shapes: tuple[Shape, ...]) -> bool:
    covered = sum(
        _shared(shape.box, picture.box) * _inside(shape.box, picture.box)
        for shape in shapes
        if _inside(shape.box, picture.box) > _COVERED and _inside(picture.box, shape.box) < _COVERED
    )
    if covered > _COVERED:
        return True
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(picture.data), np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        return False
    middle = np.median(pixels.reshape(-1, 3), axis=0)
    return bool(np.percentile(distance(pixels, middle), _FAINT_SHARE) <= _FAINT)


def _inside(inner: Box, outer: Box) -> float:
    """Which part of a box lies in another."""
    return _shared(outer, inner)


def _shared(outer: Box, inner: Box) -> float:
    wide = max(0.0, min(outer.x1, inner.x1) - max(outer.x0, inner.x0))
    high = max(0.0, min(outer.y1, inner.y1) - max(outer.y0, inner.y0))
    return wide * high / max(1.0, inner.width * inner.height)
