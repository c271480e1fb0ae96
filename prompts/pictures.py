"""Pictures as they go over the wire: bounded in size, encoded, in a data URL."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

Pixels = NDArray[np.uint8]
"""RGB pixels, shape (height, width, 3)."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """How a picture is prepared for a model.

    Attributes:
        longest: Longest side in pixels; larger pictures are scaled down, smaller ones left alone.
        encoding: File format.
        crop_padding: Cut to what differs from the top left pixel, with this margin; None leaves it whole.
    """

    longest: int
    encoding: Literal["JPEG", "PNG"]
    crop_padding: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be sent; the same pixels always give the same bytes.

    Attributes:
        detail: How finely a server is to look, in the protocol's words; left to it where empty.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    detail: str = ""

    @property
    def url(self) -> str:
        """The picture as a data URL."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"


def encode_picture(pixels: Pixels, form: PictureFormat) -> Picture:
    """Crop, scale down and encode ``pixels`` as ``form`` says."""
    image = Image.fromarray(pixels, "RGB")
    if form.crop_padding is not None:
        image = _cropped(image, form.crop_padding)
    image.thumbnail((form.longest, form.longest))
    buffer = io.BytesIO()
    image.save(buffer, format=form.encoding)
    return Picture(buffer.getvalue(), f"image/{form.encoding.lower()}", image.width, image.height)


def _cropped(image: Image.Image, padding: int) -> Image.Image:
    background = Image.new("RGB", image.size, image.getpixel((0, 0)))
    box = ImageChops.difference(image, background).getbbox()
    if box is None:
        return image
    left, top, right, bottom = box
    return image.crop(
        (
            max(0, left - padding),
            max(0, top - padding),
            min(image.width, right + padding),
            min(image.height, bottom + padding),
        )
    )
