"""Pictures that were enlarged a whole number of times, and the small pictures that they were made from.

A filter that enlarges loses nothing: where the small picture, enlarged again, gives the large one to within
the rounding of its values, that is what it was.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage

from renderers.types import Image

Filter = Literal["nearest", "bilinear", "bicubic", "lanczos", "bicubic of OpenCV"]

_PILLOW: dict[str, PILImage.Resampling] = {
    "nearest": PILImage.Resampling.NEAREST,
    "bilinear": PILImage.Resampling.BILINEAR,
    "bicubic": PILImage.Resampling.BICUBIC,
    "lanczos": PILImage.Resampling.LANCZOS,
}
_FILTERS: tuple[Filter, ...] = ("nearest", "bilinear", "bicubic", "lanczos", "bicubic of OpenCV")

_PART = 128
"""Side in small pixels of the part on which filters are tried."""

_STEPS = 8
"""Corrections of the small picture."""

_FIRST, _HOPELESS = 1, 0.3
"""After so many corrections the right filter leaves less than so much: 0.1 of charts that were enlarged."""

_GAIN = 1.3
"""Of a correction: the mean of a block takes back less than what was missing at its middle."""

_LEFT = 0.05
"""What is left unexplained, of the mean difference between neighbouring pixels: 0.01 and less on enlarged
charts, 0.4 and more on charts, tables and pages that were drawn as large."""


class Enlargement(NamedTuple):
    """How a picture was enlarged: so many times, by this filter."""

    factor: int
    filter: Filter


def enlargement(image: Image, factor: int) -> Enlargement | None:
    """The filter by which the picture was enlarged ``factor`` times; None where it was not.

    Args:
        image: RGB pixels.
        factor: A whole number above 1.
    """
    height, width = image.shape[:2]
    if height % factor or width % factor:
        return None
    part = _liveliest(image, factor)
    change = float(np.abs(np.diff(part.astype(np.int16), axis=1)).mean())
    if not change:
        return None
    for name in _FILTERS:
        way = Enlargement(factor, name)
        if _left(part, way, _FIRST) < _HOPELESS * change and _left(part, way, _STEPS) < _LEFT * change:
            return way
    return None


def original(image: Image, way: Enlargement, steps: int = _STEPS) -> Image:
    """The picture that was enlarged, by back-projection (Irani and Peleg 1991).

    Args:
        image: The large picture.
        way: How it was enlarged.
        steps: Corrections.
    """
    small = _reduced(image, way.factor).astype(np.float32)
    for _ in range(steps):
        missing = _missing(image, _rounded(small), way)
        small = np.clip(small + _GAIN * _reduced(missing, way.factor), 0.0, 255.0)
    return _rounded(small)


def _liveliest(image: Image, factor: int) -> Image:
    """A part of the picture on the grid of its blocks, where most is drawn."""
    side = _PART * factor
    height, width = image.shape[:2]
    corners = [
        (top, left)
        for top in range(0, max(1, height - side // 2), side)
        for left in range(0, max(1, width - side // 2), side)
    ]
    parts = [image[top : top + side, left : left + side] for top, left in corners]
    return max(parts, key=lambda part: float(np.abs(np.diff(part[:, :, 1].astype(np.int16), axis=1)).mean()))


def _left(image: Image, way: Enlargement, steps: int) -> float:
    """What the small picture does not explain, in levels."""
    return float(np.abs(_missing(image, original(image, way, steps), way)).mean())


def _missing(image: Image, small: Image, way: Enlargement) -> NDArray[np.float32]:
    """What the small picture, enlarged, lacks of the large one."""
    height, width = image.shape[:2]
    if way.filter in _PILLOW:
        large = np.asarray(PILImage.fromarray(small).resize((width, height), _PILLOW[way.filter]))
    else:
        large = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))
    return np.asarray(image.astype(np.float32) - large, dtype=np.float32)


def _reduced(image: NDArray[Any], factor: int) -> NDArray[Any]:
    size = (image.shape[1] // factor, image.shape[0] // factor)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _rounded(values: NDArray[np.float32]) -> Image:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
