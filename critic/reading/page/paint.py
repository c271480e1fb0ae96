"""Paints what was read, without text: what the page would look like if nothing else were on it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import rgb
from critic.reading.page.fills import painted
from critic.reading.page.types import Fill, Shape
from critic.types import Box
from renderers.types import Image

Canvas = NDArray[np.float32]


def paint(width: int, height: int, fill: Fill, shapes: tuple[Shape, ...]) -> Image:
    """The page's background and boxes as pixels."""
    canvas = painted(fill, width, height)
    for shape in shapes:
        lay(canvas, shape)
    return np.asarray(np.clip(canvas + 0.5, 0, 255), dtype=np.uint8)


def lay(canvas: Canvas, shape: Shape) -> None:
    """Lay one box on the canvas."""
    if shape.shadow is not None:
        _lay_shadow(canvas, shape)
    x0, y0, x1, y1 = (round(value) for value in shape.box)
    left, top = max(0, x0), max(0, y0)
    right, bottom = min(canvas.shape[1], x1), min(canvas.shape[0], y1)
    if right <= left or bottom <= top:
        return
    area = canvas[top:bottom, left:right]
    part = np.s_[top - y0 : bottom - y0, left - x0 : right - x0]
    outer = coverage(x1 - x0, y1 - y0, shape.radius)[part][..., None]
    whole = painted(shape.fill, x1 - x0, y1 - y0)[part]
    if any(shape.border):
        inner = _inner(shape)[part][..., None]
        frame = _frame(shape)[part]
        whole = whole * inner + frame * (1 - inner)
    area[:] = whole * outer + area * (1 - outer)


def coverage(width: int, height: int, radius: tuple[float, float, float, float]) -> Canvas:
    """How far each pixel lies inside a rounded rectangle."""
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    out = np.ones((height, width), dtype=np.float32)
    for r, flip_x, flip_y in zip(radius, (False, True, True, False), (False, False, True, True), strict=True):
        n = min(int(np.ceil(r)), width, height)
        if n <= 0:
            continue
        away = np.hypot(np.maximum(r - x[:n], 0)[None, :], np.maximum(r - y[:n], 0)[:, None])
        corner = np.clip(r - away + 0.5, 0, 1)
        corner = corner[:, ::-1] if flip_x else corner
        corner = corner[::-1] if flip_y else corner
        rows = slice(height - n, height) if flip_y else slice(0, n)
        columns = slice(width - n, width) if flip_x else slice(0, n)
        out[rows, columns] = np.minimum(out[rows, columns], corner)
    return out


def _widths(shape: Shape) -> tuple[int, int, int, int]:
    top, right, bottom, left = (edge.width if edge else 0 for edge in shape.border)
    return top, right, bottom, left


def _inner(shape: Shape) -> Canvas:
    x0, y0, x1, y1 = (round(value) for value in shape.box)
    width, height = x1 - x0, y1 - y0
    top, right, bottom, left = _widths(shape)
    w, h = max(1, width - left - right), max(1, height - top - bottom)
    sides = (max(top, left), max(top, right), max(bottom, right), max(bottom, left))
    a, b, c, d = (max(0.0, r - side) for r, side in zip(shape.radius, sides, strict=True))
    out = np.zeros((height, width), dtype=np.float32)
    hole = coverage(w, h, (a, b, c, d))
    out[top : top + h, left : left + w] = hole[: height - top, : width - left]
    return out


def _frame(shape: Shape) -> Canvas:
    """The border's colours, each side its own."""
    x0, y0, x1, y1 = (round(value) for value in shape.box)
    width, height = x1 - x0, y1 - y0
    out = np.zeros((height, width, 3), dtype=np.float32)
    known = next(edge for edge in shape.border if edge)
    out[:] = rgb(known.colour)
    top, right, bottom, left = shape.border
    if top:
        out[: height // 2] = rgb(top.colour)
    if bottom:
        out[height // 2 :] = rgb(bottom.colour)
    if left:
        out[:, : left.width] = rgb(left.colour)
    if right:
        out[:, width - right.width :] = rgb(right.colour)
    return out


def _lay_shadow(canvas: Canvas, shape: Shape) -> None:
    shadow = shape.shadow
    assert shadow is not None
    x0, y0, x1, y1 = (round(value) for value in shape.box)
    pad = int(shadow.blur * 1.5) + int(abs(shadow.dy)) + 2
    mask = np.pad(coverage(x1 - x0, y1 - y0, shape.radius), pad)
    if shadow.blur > 0:
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), shadow.blur / 2), dtype=np.float32)
    place = Box(x0 - pad, y0 - pad + round(shadow.dy), x1 + pad, y1 + pad + round(shadow.dy))
    left, top = int(max(0, place.x0)), int(max(0, place.y0))
    right, bottom = int(min(canvas.shape[1], place.x1)), int(min(canvas.shape[0], place.y1))
    if right <= left or bottom <= top:
        return
    oy, ox = int(place.y0), int(place.x0)
    part = mask[top - oy : bottom - oy, left - ox : right - ox, None] * shadow.opacity
    area = canvas[top:bottom, left:right]
    area[:] = rgb(shadow.colour) * part + area * (1 - part)
