"""The lines around a box: its border, told from the ground and from a round rim's soft pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import css, distance, rgb
from critic.reading.page.types import Edge, Fill
from renderers.types import Image

_WIDEST_BORDER = 8
_LEAST_CONTRAST = 200
"""Squared channel levels, summed, between inside and outside from which their mixtures can be told."""
_SAME_FILL, _NO_EDGE, _SAME_EDGE, _OF_EDGE, _MIXED = 2, 4, 6, 8, 8
"""Channel levels within which two grounds are one, a line goes on in the one before it, a line is of a border
and a pixel of it, and a colour is a mixture of two others."""
_EVEN = 0.85
"""Share of a line's pixels that have the border's colour."""
_SEEN = 0.5
"""Share of a border's pixels at the top that are seen beside a badge."""
_TOLD_LINES = 2
"""Lines to the picture's rim up to which they may be a border; more, all alike, are ground."""

Border = tuple[Edge | None, Edge | None, Edge | None, Edge | None]
"""Top, right, bottom, left."""


def border_of(image: Image, box: tuple[int, int, int, int], radius: float, mask: NDArray[np.bool_]) -> Border:
    """The lines around an area, less what is only ground.

    Args:
        image: The picture.
        box: The area's bounds.
        radius: The largest of its corners.
        mask: Its own pixels within the bounds.
    """
    x0, y0, x1, y1 = box
    height, width = image.shape[:2]
    rows, columns = _middle(y0, y1, radius), _middle(x0, x1, radius)
    reach = _WIDEST_BORDER + 2
    inner = image[y0:y1, x0:x1]

    def edge(lines: NDArray[np.uint8], at_rim: NDArray[np.uint8]) -> Edge | None:
        return _edge(lines, np.median(at_rim.reshape(-1, 3), axis=0))

    top = edge(image[max(0, y0 - reach) : y0, columns][::-1], inner[0][mask[0]])
    bottom = edge(image[y1 : min(height, y1 + reach), columns], inner[-1][mask[-1]])
    left = edge(image[rows, max(0, x0 - reach) : x0].swapaxes(0, 1)[::-1], inner[:, 0][mask[:, 0]])
    right = edge(image[rows, x1 : min(width, x1 + reach)].swapaxes(0, 1), inner[:, -1][mask[:, -1]])
    if top is None and bottom is not None and bottom == left == right:
        top = _uncovered(image[max(0, y0 - bottom.width) : y0, columns], bottom)
    return _less_ground((top, right, bottom, left), image, box)


def _uncovered(lines: NDArray[np.uint8], other: Edge) -> Edge | None:
    """The border at the top where it is as at the other sides, though a badge lies over a part of it."""
    alike = (distance(lines, rgb(other.colour)) <= _OF_EDGE).mean() if lines.size else 0.0
    return other if alike >= _SEEN else None


def _less_ground(border: Border, image: Image, box: tuple[int, int, int, int]) -> Border:
    """The border without what is the ground of another side, between this box and a line near it."""
    grounds = [beyond for beyond, edge in zip(_beyond(image, box), border, strict=True) if edge is None]
    top, right, bottom, left = (
        None if edge and any(distance(rgb(edge.colour), other) <= _SAME_FILL for other in grounds) else edge
        for edge in border
    )
    return top, right, bottom, left


def _beyond(image: Image, box: tuple[int, int, int, int]) -> tuple[NDArray[np.uint8], ...]:
    """What lies a few pixels outside of the middle of each side: top, right, bottom, left."""
    x0, y0, x1, y1 = box
    height, width = image.shape[:2]
    middle_x, middle_y = min(width - 1, (x0 + x1) // 2), min(height - 1, (y0 + y1) // 2)
    return (
        image[max(0, y0 - 3), middle_x],
        image[middle_y, min(width - 1, x1 + 2)],
        image[min(height - 1, y1 + 2), middle_x],
        image[middle_y, max(0, x0 - 3)],
    )


def is_soft_rim(
    image: Image,
    box: tuple[int, int, int, int],
    fill: Fill,
    border: Border,
) -> bool:
    """Whether a round box's border is only its rim mixing with the ground, as round rims do."""
    outside = _beyond(image, box)
    inside = rgb(fill.colour).astype(np.float64)
    for edge, beyond in zip(border, outside, strict=True):
        if edge is None:
            continue
        way = beyond - inside
        length = float((way * way).sum())
        if edge.width > 1 or length < _LEAST_CONTRAST:
            return False
        own = rgb(edge.colour) - inside
        part = float((own * way).sum()) / length
        if not 0 < part < 1 or float(np.abs(own - part * way).max()) > _MIXED:
            return False
    return True


def _middle(start: int, stop: int, radius: float) -> slice:
    """The straight part of a side; at least its two middle pixels."""
    keep, half = int(radius) + 1, (start + stop) // 2
    return slice(max(start, min(start + keep, half - 1)), min(stop, max(stop - keep, half + 1)))


def _edge(lines: NDArray[np.uint8], fill: NDArray[np.float64]) -> Edge | None:
    """The border that starts with the first of the lines, which lead away from the area."""
    if not lines.size:
        return None
    middles = [np.median(line, axis=0) for line in lines]
    first = middles[0]
    if distance(first, fill) <= _NO_EDGE:
        return None
    count = 0
    for line, middle in zip(lines, middles, strict=True):
        if distance(middle, first) > _SAME_EDGE or (distance(line, first) <= _OF_EDGE).mean() < _EVEN:
            break
        count += 1
    if not 1 <= count <= _WIDEST_BORDER or (
        count < len(lines) and distance(middles[count], middles[count - 1]) <= _NO_EDGE
    ):
        return None
    if count == len(lines) and len(lines) > _TOLD_LINES:
        return None
    return Edge(width=count, colour=css(first))
