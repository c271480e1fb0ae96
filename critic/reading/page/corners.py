"""Corner radii of a box, from the soft pixels of its corners."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import rgb
from critic.reading.page.paint import coverage
from critic.reading.page.types import Edge, Shape
from critic.types import Box
from renderers.types import Image

_STEP = 0.5

_AROUND = 2
"""Pixels of a corner's surroundings that are looked at."""

_CORNERS = 512
"""Corners that are kept: each of a page's boxes is tried with a dozen radii, in few sizes."""


def refine_corners(image: Image, shape: Shape) -> Shape:
    """The shape with the radii whose painted corners come nearest to the picture's.

    A round end has no straight part, so its outermost pixels are soft and may have been missed: such a box
    is also tried a pixel larger.
    """
    if not any(shape.radius):
        return shape
    box = shape.box
    short = min(box.width, box.height)
    boxes = [box]
    if max(shape.radius) > 0.4 * short:
        boxes += [_grown(box, 1, 0), _grown(box, 0, 1), _grown(box, 1, 1)]
    best, least = shape, np.inf
    for candidate in boxes:
        sized = shape.model_copy(update={"box": candidate})
        radius, error = _best_radii(image, sized)
        if error < least - 1e-6:
            best, least = sized.model_copy(update={"radius": radius}), error
    return best


def _grown(box: Box, across: float, down: float) -> Box:
    return Box(box.x0 - across, box.y0 - down, box.x1 + across, box.y1 + down)


def _best_radii(image: Image, shape: Shape) -> tuple[tuple[float, float, float, float], float]:
    x0, y0, x1, y1 = (int(value) for value in shape.box)
    half = min(x1 - x0, y1 - y0) / 2
    errors: list[dict[float, float]] = []
    for index, (right, bottom) in enumerate(((False, False), (True, False), (True, True), (False, True))):
        guess = shape.radius[index]
        size = int(min(half, np.ceil(guess) + 4)) + 2
        left, top = x1 - size if right else x0 - _AROUND, y1 - size if bottom else y0 - _AROUND
        window = _window(image, left, top, size + _AROUND)
        window = window[:, ::-1] if right else window
        window = window[::-1] if bottom else window
        tried = {0.0, half} | {
            float(r) for r in np.arange(max(0.0, guess - 5), min(half, guess + 2) + 0.1, _STEP)
        }
        errors.append({r: _corner_error(window, shape, index, r) for r in tried})
    common = set.intersection(*(set(e) for e in errors))
    together = min(common, key=lambda r: sum(e[r] for e in errors))
    apart = tuple(min(e.items(), key=lambda item: item[1])[0] for e in errors)
    single = sum(e[together] for e in errors)
    several = sum(e[r] for e, r in zip(errors, apart, strict=True))
    if single <= 1.25 * several + 4:
        return (together,) * 4, single
    a, b, c, d = apart
    return (a, b, c, d), several


def _window(image: Image, x: int, y: int, size: int) -> NDArray[np.float32]:
    height, width = image.shape[:2]
    rows = np.clip(np.arange(y, y + size), 0, height - 1)
    columns = np.clip(np.arange(x, x + size), 0, width - 1)
    return image[np.ix_(rows, columns)].astype(np.float32)


def _corner_error(window: NDArray[np.float32], shape: Shape, index: int, radius: float) -> float:
    """Sum of differences at a corner turned to the top left, two pixels of surroundings included."""
    size = len(window) - _AROUND
    across = shape.border[3 if index in (0, 3) else 1]
    down = shape.border[0 if index in (0, 1) else 2]
    outside = window[0, 0]
    inner_colour = window[-1, -1] if shape.fill.flat is False else rgb(shape.fill.colour).astype(np.float32)
    inset_x, inset_y = (edge.width if edge else 0 for edge in (across, down))
    outer = _corner(size, radius)
    inner = _corner(size, max(0.0, radius - max(inset_x, inset_y)), inset_x, inset_y)
    frame = rgb(_first(down, across).colour).astype(np.float32) if (across or down) else inner_colour
    painted = inner_colour * inner[..., None] + frame * (1 - inner[..., None])
    painted = painted * outer[..., None] + outside * (1 - outer[..., None])
    return float(np.abs(painted - window).max(axis=2).sum())


def _first(*edges: Edge | None) -> Edge:
    return next(edge for edge in edges if edge)


@lru_cache(maxsize=_CORNERS)
def _corner(size: int, radius: float, across: int = 0, down: int = 0) -> NDArray[np.float32]:
    """Coverage by the top left corner of a large rounded box, two pixels of surroundings included.

    Args:
        size: Pixels of the box that are seen.
        radius: Of its corner.
        across: Pixels that it stands further in.
        down: As many downwards.
    """
    extent = max(size, int(np.ceil(radius)))
    corner = coverage(extent, extent, (radius, 0.0, 0.0, 0.0))
    whole = np.zeros((size + _AROUND, size + _AROUND), dtype=np.float32)
    inside = whole[_AROUND + down :, _AROUND + across :]
    inside[:] = corner[: inside.shape[0], : inside.shape[1]]
    whole.flags.writeable = False
    return whole
