"""Pictures in one ink on one ground: how much of each pixel the ink covers is read off its colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, label

from critic.reading.svg.colour import Shade
from critic.reading.svg.zones import Field, Zones
from renderers.types import Image

_STRANGE, _MOST_STRANGE = 14.0, 0.003
"""Channel levels from a mixture of ink and ground from which a pixel is neither, and the most such pixels."""

_LEAST_CONTRAST = 40.0
"""Channel levels between ink and ground: below, compression's ripples are as strong as rims."""

_INK = 0.001
"""Share of the pixels with the strongest colour from which the ink's is taken: a thin line has so many."""

_FLAT = 6
"""Channel levels between a pixel and its neighbours within which it is on no rim."""

_TONE, _MOST_TONES = (0.1, 0.9), 0.02
"""Covers between which a flat pixel shows a second tone, and the share of flat pixels that may."""

_CLEAR = 0.02
"""Cover from nothing or all within which a pixel is on no rim."""

_HALF = 0.5
"""Cover from which a pixel is the ink's."""

_RIM = 3.0
"""Pixels from a shape within which a pixel is on its rim."""

_LOST = 0.1
"""Share of the ink that may be too faint to belong to a shape."""


def one_ink(image: Image) -> Zones | None:
    """The zones of a picture of one ink; None where it has more, or none."""
    pixels = image.astype(np.float32)
    ground = _ground(image)
    away = pixels - ground
    far = np.abs(away).max(axis=2)
    limit = float(np.quantile(far, 1 - _INK))
    if limit < _LEAST_CONTRAST:
        return None
    ink = _ink(image, far, limit)
    axis = ink - ground
    along = (away @ axis) / float(axis @ axis)
    strange = np.abs(away - along[..., None] * axis).max(axis=2) > _STRANGE
    cover: Field = np.asarray(np.clip(along, 0.0, 1.0), dtype=np.float32)
    if strange.mean() > _MOST_STRANGE or _has_tones(image, cover):
        return None
    return _zones(cover, np.stack([ground, ink]).astype(np.float32))


def _ink(image: Image, far: Field, limit: float) -> Shade:
    """The ink's colour: where nothing changes around; of thin lines, which nowhere are flat, the strongest.

    Rims of a picture that was made smaller may be stronger than the ink (a disc by Lanczos' filter: by 17).
    """
    within = _flat(image) & (far >= _HALF * limit)
    chosen = within if within.mean() >= _INK else far >= limit - 1.0
    return np.asarray(np.median(image[chosen], axis=0), dtype=np.float32)


def _flat(image: Image) -> NDArray[np.bool_]:
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray((cv2.dilate(image, kernel) - cv2.erode(image, kernel)).max(axis=2) <= _FLAT)


def _ground(image: Image) -> Shade:
    """The commonest colour of the border."""
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    values, counts = np.unique(border, axis=0, return_counts=True)
    return np.asarray(values[counts.argmax()], dtype=np.float32)


def _has_tones(image: Image, cover: Field) -> bool:
    """Whether flat pixels show a colour between ink and ground."""
    drawn = _flat(image) & (cover > _TONE[0])
    return bool(drawn.any()) and float((cover[drawn] < _TONE[1]).mean()) > _MOST_TONES


def _zones(cover: Field, colours: Shade) -> Zones | None:
    inked = cover >= _HALF
    shapes, count = label(inked, np.ones((3, 3)))
    grounds, rest = label(~inked)
    if not count or not rest:
        return None
    shape_at, near_shape = _nearest(shapes)
    ground_at, near_ground = _nearest(grounds)
    if float(cover[near_shape > _RIM].sum()) > _LOST * float(cover.sum()):
        return None
    shape_at, ground_at = shape_at - 1 + rest, ground_at - 1
    clear = np.minimum(cover, 1 - cover) < _CLEAR
    alone = clear | (np.where(inked, near_ground, near_shape) > _RIM)
    first = np.where(inked, shape_at, ground_at)
    second = np.where(alone, first, np.where(inked, ground_at, shape_at))
    share = np.where(alone, 1.0, np.where(inked, cover, 1 - cover))
    paints = np.concatenate([np.repeat(colours[:1], rest, 0), np.repeat(colours[1:], count, 0)])
    ids = first.astype(np.int32), second.astype(np.int32)
    return Zones(*ids, share.astype(np.float32), paints, np.zeros(rest + count, np.float32))


def _nearest(labels: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The nearest label of each pixel, and how far it is."""
    distance, (rows, columns) = distance_transform_edt(labels == 0, return_indices=True)
    return np.asarray(labels[rows, columns]), np.asarray(distance)
