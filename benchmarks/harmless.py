"""Changes of a picture that no eye sees: a critic should have nothing to say of them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image as PILImage

from renderers.types import Image

_QUALITIES = (70, 80, 95)
_SHIFTS = ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))


def harmless(image: Image) -> Iterator[tuple[str, Image]]:
    """The picture stored as JPEG, half a pixel aside, and with other anti-aliasing, each with its name."""
    for quality in _QUALITIES:
        yield f"JPEG {quality}", _stored(image, quality)
    for across, down in _SHIFTS:
        yield f"{across:g}, {down:g} px aside", _aside(image, across, down)
    yield "other anti-aliasing", _softened(image)


def _stored(image: Image, quality: int) -> Image:
    file = io.BytesIO()
    PILImage.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(PILImage.open(file), dtype=np.uint8)


def _aside(image: Image, across: float, down: float) -> Image:
    """Shifted within a rim of its outermost pixels, so that nothing enters from outside."""
    rim = 2
    padded = cv2.copyMakeBorder(image, rim, rim, rim, rim, cv2.BORDER_REPLICATE)
    move = np.array([[1, 0, across], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(padded, move, padded.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved[rim:-rim, rim:-rim], dtype=np.uint8)


def _softened(image: Image) -> Image:
    """As drawn at twice the size and brought down."""
    large = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.resize(large, image.shape[1::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
