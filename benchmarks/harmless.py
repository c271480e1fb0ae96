"""Changes of a picture that no eye sees: a critic should have nothing to say of them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image as PILImage

from renderers.types import Image

_QUALITIES = (70, 80, 95)
_RIM = 4
"""Pixels around a picture that is moved."""

_SHIFTS = ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))


def harmless(image: Image) -> Iterator[tuple[str, Image, Image]]:
    """A name, the picture, and the picture stored as JPEG, half a pixel aside, or with other anti-aliasing.

    What is moved is moved within a rim of ground, so that nothing is cut off: half of a rule along the
    picture's edge would be.
    """
    for quality in _QUALITIES:
        yield f"JPEG {quality}", image, _stored(image, quality)
    rimmed = _rimmed(image)
    for across, down in _SHIFTS:
        yield f"{across:g}, {down:g} px aside", rimmed, _aside(rimmed, across, down)
    yield "other anti-aliasing", image, _softened(image)


def _stored(image: Image, quality: int) -> Image:
    file = io.BytesIO()
    PILImage.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(PILImage.open(file), dtype=np.uint8)


def _aside(image: Image, across: float, down: float) -> Image:
    move = np.array([[1, 0, across], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(image, move, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.uint8)


def _rimmed(image: Image) -> Image:
    colours, counts = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)
    ground = [int(value) for value in colours[counts.argmax()]]
    rimmed = cv2.copyMakeBorder(image, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_CONSTANT, value=ground)
    return np.asarray(rimmed, dtype=np.uint8)


def _softened(image: Image) -> Image:
    """As drawn at twice the size and brought down."""
    large = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.resize(large, image.shape[1::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
