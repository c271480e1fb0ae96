"""Colours of pixels: the commonest, and between numbers and CSS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PageColour = NDArray[np.int16]
"""Three values, RGB."""


def css(colour: NDArray[np.generic]) -> str:
    """``#rrggbb``."""
    red, green, blue = (int(np.clip(round(float(value)), 0, 255)) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"


def rgb(colour: str) -> PageColour:
    """The values of ``#rrggbb``."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.int16)


def commonest(pixels: NDArray[np.uint8]) -> tuple[PageColour, float]:
    """The most frequent colour of some pixels, and its share of them."""
    flat = pixels.reshape(-1, 3).astype(np.int32)
    if not len(flat):
        return np.full(3, 255, dtype=np.int16), 0.0
    codes = (flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2]
    values, counts = np.unique(codes, return_counts=True)
    best = int(values[counts.argmax()])
    colour = np.array([best >> 16, best >> 8 & 255, best & 255], dtype=np.int16)
    return colour, float(counts.max() / len(flat))


def distance(pixels: NDArray[np.generic], colour: NDArray[np.generic]) -> NDArray[np.int16]:
    """Largest difference over the channels, pixel by pixel."""
    return np.asarray(np.abs(pixels.astype(np.int16) - colour.astype(np.int16)).max(axis=-1), dtype=np.int16)
