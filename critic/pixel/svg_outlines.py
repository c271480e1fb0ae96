"""What became of the outline of a shape that both drawings have: resized, bolder, cut, added to, reshaped."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from critic.elements import Cause, Value
from critic.pixel.svg_shapes import Blob, Mask, box_of, grown, likeness, shifted
from critic.types import Box

_SAME_OUTLINE = 0.88
"""Intersection over union, both brought to one box, from which it is one outline in two sizes: a stroke that
stays as wide in a smaller circle is below it."""

_SIZE = 2.0
"""Pixels from which a width, a height or a place is another one: rounding moves both edges by a half."""

_OTHERWISE = 0.05
"""Share of a shape up to which two are one, edges aside: of a disc that is a tenth larger a fifth differs."""

_ONE_SIDED = 0.1
"""Share of what changed up to which the shape has only lost, or only gained: what blending moves."""

_SAME_LINE = 0.8
"""Intersection over union, the slimmer one made as wide, from which two strokes run along one line."""

_BOLDER = 1.2
"""Ratio of two strokes' widths from which one is bolder: half a pixel in 3."""

_STROKE = 0.25
"""Width of a stroke as a share of its shape's longer side, above which it is no stroke but a filling."""

_RIM = 0.6
"""Share of the outline along which a shape has gained or lost, from which nothing was added to or cut off it
in one place."""


@dataclass(frozen=True, eq=False, slots=True)
class Change:
    """What became of an outline.

    Attributes:
        cause: The matter.
        box: Where it shows best, in the reference.
        reference: What was measured in the reference; units as of ``Cause``.
        render: What was measured in the render.
    """

    cause: Cause
    box: Box
    reference: Value | None = None
    render: Value | None = None


def change(one: Blob, other: Blob, lost: Mask, gained: Mask) -> Change:
    """Say what became of a shape.

    Args:
        one: The reference's.
        other: The render's.
        lost: Pixels that only the first has, without slivers.
        gained: Pixels that only the second has, without slivers.
    """
    shift = _shift(one, other)
    if shift is not None:
        return Change(Cause.MOVED, one.box, tuple(one.box), tuple(one.box.shifted(*shift)))
    widths = _stroke(one.mask), _stroke(other.mask)
    if _bolder(one, other, widths):
        return Change(Cause.WEIGHT, one.box, round(widths[0], 1), round(widths[1], 1))
    resized = max(abs(one.box.width - other.box.width), abs(one.box.height - other.box.height)) >= _SIZE
    if resized and likeness(one, other) >= _SAME_OUTLINE:
        return Change(Cause.RESIZED, one.box, tuple(one.box), tuple(other.box))
    sizes = int(lost.sum()), int(gained.sum())
    if min(sizes) <= _ONE_SIDED * sum(sizes):
        part = lost if sizes[0] > sizes[1] else gained
        if not _all_round(one.mask if sizes[0] > sizes[1] else other.mask, part):
            return Change(Cause.MISSING if sizes[0] > sizes[1] else Cause.EXTRA, box_of(part))
    if resized:
        return Change(Cause.RESIZED, one.box, tuple(one.box), tuple(other.box))
    return Change(Cause.RESHAPED, box_of(lost | gained))


def _shift(one: Blob, other: Blob) -> tuple[int, int] | None:
    """Pixels across and down to where a shape stands as it was, but for what the picture's edge cuts off."""
    across = {int(other.box.x0 - one.box.x0), int(other.box.x1 - one.box.x1)}
    down = {int(other.box.y0 - one.box.y0), int(other.box.y1 - one.box.y1)}
    for x, y in product(across, down):
        if abs(x) + abs(y) >= _SIZE and _is_same(shifted(one.mask, x, y), other.mask):
            return x, y
    return None


def _is_same(one: Mask, other: Mask) -> bool:
    """Whether two masks are one but for what blending moves."""
    apart = int((one & ~grown(other, 1)).sum()) + int((other & ~grown(one, 1)).sum())
    return apart <= _OTHERWISE * int(other.sum())


def _stroke(mask: Mask) -> float:
    """The usual width of a shape's strokes, in pixels: twice the distance from the ridge to the edge."""
    padded = np.pad(mask.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))) & (padded > 0)
    return 2 * float(np.median(depth[ridge]))


def _bolder(one: Blob, other: Blob, widths: tuple[float, float]) -> bool:
    """Whether two shapes are strokes of other widths along one line."""
    slim, bold = (one, other) if widths[0] <= widths[1] else (other, one)
    long = max(slim.box.width, slim.box.height)
    if max(widths) < _BOLDER * min(widths) or max(widths) > _STROKE * long:
        return False
    grow = max(1, round((max(widths) - min(widths)) / 2))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * grow + 1, 2 * grow + 1))
    widened = cv2.dilate(slim.mask.astype(np.uint8), brush) > 0
    return int((widened & bold.mask).sum()) >= _SAME_LINE * int((widened | bold.mask).sum())


def _all_round(mask: Mask, part: Mask) -> bool:
    """Whether what was gained or lost lies along most of an outline, as where a shape grows or shrinks."""
    edge = mask & ~(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    return bool((edge & grown(part, 1)).sum() >= _RIM * edge.sum())
