"""Colours of a picture: hexadecimal names, distances, and the distinct colours of a region."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.deadline import check_deadline
from renderers.types import Image

Colour = NDArray[np.int_]
"""Red, green, blue as integers."""
_SAME = 14
"""Levels below which two colours of a palette are one."""
_BEGUN, _DONE = 0.02, 0.98
"""Shares of the way from one colour to another between which a colour is a blend, not one of the two."""
_GOOD_PART = 0.5
"""Share of a colour in a blend from which the blend stands for it."""
_OFF_WAY = 10
"""Levels by which a blend lies off that way at most; channels are rounded."""
_FLAT, _OWN, _APART = 0.9, 0.2, 5
"""Share of some pixels in few exact colours from which they are flat fillings, share of each at least, and
levels between two: translucent ones over white are that alike (Chart.js's blue and green differ by 9)."""


def hex_of(colour: Colour) -> str:
    """``#rrggbb``."""
    r, g, b = (int(v) for v in colour[:3])
    return f"#{r:02x}{g:02x}{b:02x}"


def rgb_of(name: str) -> Colour:
    """The inverse of :func:`hex_of`."""
    return np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)])


def far(region: Image, colour: Colour, tolerance: int) -> NDArray[np.bool_]:
    """Where any channel differs from ``colour`` by more than ``tolerance``."""
    return ~near(region, colour, tolerance)


def near(region: Image, colour: Colour, tolerance: int) -> NDArray[np.bool_]:
    """Where every channel is within ``tolerance`` of ``colour``; readers of charts ask for little else."""
    check_deadline()
    if not region.size or region.dtype != np.uint8:
        away = np.abs(region.astype(np.int16) - colour.astype(np.int16)).max(axis=2)
        return np.asarray(away <= tolerance)
    low, high = (
        (*np.clip(colour.astype(int) + step, 0, 255).tolist(), 0) for step in (-tolerance, tolerance)
    )
    return np.asarray(cv2.inRange(np.ascontiguousarray(region), low, high).astype(bool))


def mode_colour(pixels: NDArray[np.uint8]) -> Colour:
    """The most frequent colour of some pixels (any shape ending in 3)."""
    keys, counts = _exact(pixels)
    return _of_key(int(keys[counts.argmax()])) if len(keys) else np.array([255, 255, 255])


def _exact(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The exact colours of some pixels, each as one number, and how often each is there."""
    flat = pixels.reshape(-1, 3).astype(np.int64)
    keys, counts = np.unique(flat @ np.array([65536, 256, 1]), return_counts=True)
    return keys, counts


def _of_key(key: int) -> Colour:
    return np.array([key >> 16, key >> 8 & 255, key & 255])


def saturation(colour: Colour) -> int:
    """Largest minus smallest channel: 0 for greys."""
    return int(colour.max() - colour.min())


def palette(pixels: NDArray[np.uint8], background: Colour, least: int, most: int) -> list[tuple[Colour, int]]:
    """Distinct colours with their pixel counts, most frequent first.

    Blends of the background with a more frequent colour are anti-aliasing, not colours of their own,
    unless they are frequent.

    Args:
        pixels: Any shape ending in 3.
        background: Left out, with what is very near it.
        least: Colours with fewer pixels are left out.
        most: Return at most this many.
    """
    keys, counts = _exact(pixels)
    order = np.argsort(-counts)[:400]
    found: list[tuple[Colour, int]] = []
    for index in order:
        count, key = int(counts[index]), int(keys[index])
        if count < least or len(found) >= most:
            break
        colour = _of_key(key)
        if np.abs(colour - background).max() < _SAME:
            continue
        if any(np.abs(colour - other).max() < _SAME for other, _ in found):
            continue
        if any(_is_blend(colour, background, other) and count < 0.3 * n for other, n in found):
            continue
        found.append((colour, count))
    return found


def _is_blend(colour: Colour, background: Colour, other: Colour) -> bool:
    way = (other - background).astype(float)
    along = float((colour - background) @ way) / max(float(way @ way), 1.0)
    return _BEGUN < along < _DONE and float(np.abs(colour - background - along * way).max()) < _OFF_WAY


def apart(one: str, other: str) -> int:
    """Largest channel difference of two colours."""
    return max(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5))


def blend_gap(shade: str, full: str, ground: str) -> float:
    """How far a shade is off the blends of a colour with a ground that are in good part the colour's."""
    way = (rgb_of(full) - rgb_of(ground)).astype(float)
    away = (rgb_of(shade) - rgb_of(ground)).astype(float)
    share = float(np.clip(away @ way / max(float(way @ way), 1.0), _GOOD_PART, 1.0))
    return float(np.abs(away - share * way).max())


def told_apart(
    image: Image, colour: Colour, mask: NDArray[np.bool_]
) -> list[tuple[Colour, NDArray[np.bool_]]]:
    """What is nearly of a colour as the flat fillings that it holds: one, where it is no more than noisy."""
    pixels = image[mask]
    keys, counts = _exact(pixels)
    own = counts >= _OWN * len(pixels)
    exact = [_of_key(int(key)) for key in keys[own]]
    separate = all(np.abs(a - b).max() >= _APART for i, a in enumerate(exact) for b in exact[:i])
    if len(exact) <= 1 or not separate or counts[own].sum() < _FLAT * len(pixels):
        return [(colour, mask)]
    nearest = np.argmin([np.abs(pixels.astype(int) - one).max(axis=1) for one in exact], axis=0)
    found = []
    for index, one in enumerate(exact):
        part = np.zeros_like(mask)
        part[mask] = nearest == index
        found.append((one, part))
    return found
