"""Pictures as data URIs, so that a report is one file."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image as PILImage

from renderers.types import Image

_MAX_PIXELS = 8_000_000
_MAX_SIDE = 16_000
_HEAVY = 300_000
"""Bytes from which a picture that is only looked at may lose a little detail."""


@dataclass(frozen=True, slots=True)
class DataPicture:
    """A picture ready for an ``img`` element; the size is that of the original."""

    uri: str
    width: int
    height: int


def embed(image: Image, *, exact: bool = False) -> DataPicture:
    """A picture as a data URI.

    Args:
        image: The pixels; more than eight million are scaled down.
        exact: Whether each pixel counts; otherwise a large picture is compressed with small losses.
    """
    height, width = image.shape[:2]
    data, form = _encode(_bounded(image), exact)
    return DataPicture(f"data:image/{form};base64,{base64.b64encode(data).decode()}", width, height)


Shows = Callable[[Image, str, bool], DataPicture]
"""Makes a picture for the page from its pixels, its file in the run folder, and whether each pixel counts."""


def embedded(image: Image, file: str, exact: bool) -> DataPicture:
    """The picture in the page itself, so that the page is one file."""
    return embed(image, exact=exact)


def thumbnail(image: Image, width: int = 360, height: int = 240) -> DataPicture:
    """A small version that fits into ``width`` x ``height``."""
    scale = min(1.0, width / image.shape[1], height / image.shape[0])
    return embed(_scaled(image, scale))


def _bounded(image: Image) -> Image:
    height, width = image.shape[:2]
    return _scaled(image, min(1.0, (_MAX_PIXELS / (width * height)) ** 0.5, _MAX_SIDE / max(width, height)))


def _scaled(image: Image, scale: float) -> Image:
    if scale >= 1.0:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _encode(image: Image, exact: bool) -> tuple[bytes, str]:
    picture = PILImage.fromarray(np.ascontiguousarray(image))
    plain = io.BytesIO()
    picture.save(plain, format="PNG", compress_level=7)
    if exact or plain.tell() < _HEAVY:
        return plain.getvalue(), "png"
    small = io.BytesIO()
    picture.save(small, format="WEBP", quality=88, method=3)
    return (small.getvalue(), "webp") if small.tell() < plain.tell() else (plain.getvalue(), "png")
