"""Shadows that boxes throw on their ground."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import css
from critic.reading.page.fills import painted
from critic.reading.page.paint import Canvas, lay
from critic.reading.page.types import Fill, Shadow, Shape
from critic.types import Box
from renderers.types import Image

_LEAST_SIDE = 24
_REACH = 96
_LEAST_DEPTH = 3.0
_BLURS = (2.0, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64)
_DROPS = (0.0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24)
_BARE, _BARE_FOR = 0.5, 4
"""Channel levels of darkening below which ground is bare, and pixels for which it is so beyond a shadow."""
_RIM, _ALONG = 3.0, 0.8
"""Pixels that a strip of a shadow is wide at most; and the part of a box's side along it:
between round corners."""
_MOST_OPACITY = 0.95
"""Opacity of black above which it is no shadow but something drawn beside the box."""


def add_shadows(image: Image, fill: Fill, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The shapes with the shadows that the picture shows around them."""
    canvas = painted(fill, image.shape[1], image.shape[0])
    found = []
    explained: set[int] = set()
    for shape in shapes:
        if id(shape) in explained:
            continue
        under = canvas.copy() if _may_throw(shape, image) else None
        cast = shape
        if under is not None:
            rims = {id(other) for other in shapes if _is_rim(other.box, shape.box)}
            others = [other for other in shapes if other is not shape and id(other) not in rims]
            shadow = _shadow(image, under, shape, others)
            if shadow is not None:
                cast = shape.model_copy(update={"shadow": shadow})
                explained |= rims
        lay(canvas, cast)
        found.append(cast)
    return tuple(found)


def _is_rim(strip: Box, box: Box) -> bool:
    """Whether a strip lies right along a box's side, as the darkest of its shadow may."""
    thin = min(strip.width, strip.height) <= _RIM
    below = strip.width >= _ALONG * box.width and min(abs(strip.y0 - box.y1), abs(box.y0 - strip.y1)) <= 1
    beside = strip.height >= _ALONG * box.height and min(abs(strip.x0 - box.x1), abs(box.x0 - strip.x1)) <= 1
    return thin and (below or beside) and box.intersection(strip) is None


def _may_throw(shape: Shape, image: Image) -> bool:
    """A box of some size; nearly all shadows are thrown by light boxes or by bars over the page."""
    width, height = shape.box.width, shape.box.height
    return min(width, height) >= _LEAST_SIDE and width * height < 0.9 * image.shape[0] * image.shape[1]


def _shadow(image: Image, under: Canvas, shape: Shape, others: list[Shape]) -> Shadow | None:
    """Fit offset, blur and depth to how the ground darkens away from the box's sides."""
    sides = {
        name: _darkening(image, under, shape, name, others) for name in ("top", "bottom", "left", "right")
    }
    depth = max((float(side.max(initial=0.0)) for side in sides.values()), default=0.0)
    if depth * 255 < _LEAST_DEPTH:
        return None
    best: tuple[float, float, float, float] | None = None
    for blur, drop in itertools.product(_BLURS, _DROPS):
        if drop <= blur:
            error, opacity = _error(sides, blur, drop)
            if best is None or error < best[0]:
                best = (error, blur, drop, opacity)
    if best is None:
        return None
    error, blur, drop, opacity = best
    nothing = sum(float((side**2).sum()) for side in sides.values())
    if error > 0.25 * nothing or opacity * 255 < _LEAST_DEPTH or opacity > _MOST_OPACITY:
        return None
    return Shadow(dy=drop, blur=blur, colour=css(np.zeros(3)), opacity=round(opacity, 3))


def _darkening(
    image: Image, under: Canvas, shape: Shape, side: str, others: list[Shape]
) -> NDArray[np.float64]:
    """How far black covers the ground, pixel by pixel away from the middle of one side."""
    x0, y0, x1, y1 = (int(value) for value in shape.box)
    height, width = image.shape[:2]
    reach = _reach(shape.box, side, others)
    if side in ("top", "bottom"):
        a, b = x0 + (x1 - x0) // 3, x1 - (x1 - x0) // 3
        below = side == "bottom"
        rows = np.arange(y1, min(height, y1 + reach)) if below else np.arange(max(0, y0))[::-1][:reach]
        seen, ground = image[rows, a:b].astype(np.float64), under[rows, a:b].astype(np.float64)
    else:
        a, b = y0 + (y1 - y0) // 3, y1 - (y1 - y0) // 3
        after = side == "right"
        columns = np.arange(x1, min(width, x1 + reach)) if after else np.arange(max(0, x0))[::-1][:reach]
        seen = image[a:b, columns].swapaxes(0, 1).astype(np.float64)
        ground = under[a:b, columns].swapaxes(0, 1).astype(np.float64)
    if seen.size == 0:
        return np.zeros(0)
    ratio = 1 - seen.sum(axis=2) / np.maximum(ground.sum(axis=2), 1.0)
    return _to_its_end(np.asarray(np.median(ratio, axis=1)))


def _to_its_end(side: NDArray[np.float64]) -> NDArray[np.float64]:
    """A side's darkening up to where the ground is bare: what comes after is text or another box."""
    bare = np.abs(side) * 255 < _BARE
    run = np.convolve(bare, np.ones(_BARE_FOR), "valid") if len(side) >= _BARE_FOR else np.zeros(0)
    ends = np.flatnonzero(run >= _BARE_FOR)
    return side[: ends[0] + _BARE_FOR] if len(ends) else side


def _reach(box: Box, side: str, others: list[Shape]) -> int:
    """Pixels from a side to the next box, at most so many."""
    reach = _REACH
    for other in others:
        o = other.box
        if side in ("top", "bottom"):
            meets = o.x0 < box.x1 and box.x0 < o.x1
            gap = o.y0 - box.y1 if side == "bottom" else box.y0 - o.y1
        else:
            meets = o.y0 < box.y1 and box.y0 < o.y1
            gap = o.x0 - box.x1 if side == "right" else box.x0 - o.x1
        if meets and gap >= 0:
            reach = min(reach, int(gap))
    return reach


def _error(sides: dict[str, NDArray[np.float64]], blur: float, drop: float) -> tuple[float, float]:
    """Squared error of the best opacity for a blur and a drop, and that opacity."""
    sigma = max(blur / 2, 0.3)
    shifts = {"top": drop, "bottom": -drop, "left": 0.0, "right": 0.0}
    model, seen = [], []
    for name, side in sides.items():
        away = np.arange(len(side)) + 0.5 + shifts[name]
        model.append(np.array([0.5 * math.erfc(d / (sigma * math.sqrt(2))) for d in away]))
        seen.append(side)
    m, s = np.concatenate(model), np.concatenate(seen)
    weight = float((m * m).sum())
    opacity = float((m * s).sum()) / weight if weight > 0 else 0.0
    return float(((m * opacity - s) ** 2).sum()), opacity
