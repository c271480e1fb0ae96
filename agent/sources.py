"""Pictures as a caller has them: a path, bytes, a PIL image or an array."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage

from agent.documents.drawn import is_drawing, pixels_of
from agent.documents.region import Region
from agent.errors import InputError
from renderers.pictures import Laid, load_laid
from renderers.types import Image

PictureSource = str | Path | bytes | PILImage.Image | NDArray[np.uint8] | Laid | Region
"""What a picture can be given as; an array is RGB or grey, (height, width[, 3 or 4]), 0..255."""
_GREY, _COLOUR, _CHANNELS = 2, 3, (3, 4)
"""Dimensions of a picture in grey and in colour, and what the last of those may hold."""


def to_pixels(picture: PictureSource) -> Image:
    """The RGB pixels of a picture; errors as for ``to_laid``."""
    return to_laid(picture).pixels


def to_laid(picture: PictureSource) -> Laid:
    """The RGB pixels of a picture, and what its transparency was laid on.

    Raises:
        PictureError: It cannot be read.
        InputError: It is nothing that a picture can be given as.
    """
    if isinstance(picture, Laid):
        return picture
    if isinstance(picture, Region):
        return Laid(picture.load().pixels)
    if isinstance(picture, (str, Path)):
        path = Path(picture)
        return Laid(pixels_of(path)) if is_drawing(path) else load_laid(path)
    if isinstance(picture, bytes):
        return load_laid(picture)
    if isinstance(picture, np.ndarray):
        picture = _from_array(picture)
    if isinstance(picture, PILImage.Image):
        buffer = io.BytesIO()
        picture.save(buffer, format="PNG" if picture.mode not in ("CMYK", "F", "YCbCr", "HSV") else "TIFF")
        return load_laid(buffer.getvalue())
    raise InputError(
        f"a {type(picture).__name__} is not a picture; give a path, bytes, a PIL image or an array"
    )


def _from_array(array: NDArray[np.uint8]) -> PILImage.Image:
    plausible = array.ndim == _GREY or (array.ndim == _COLOUR and array.shape[2] in _CHANNELS)
    if array.dtype != np.uint8 or not plausible or array.size == 0:
        raise InputError(
            f"an array of shape {array.shape} and type {array.dtype} is not a picture; "
            "give uint8 of shape (height, width), (height, width, 3) or (height, width, 4)"
        )
    return PILImage.fromarray(array)


def name_of(picture: PictureSource) -> str:
    """What to call the picture in folders and reports."""
    if isinstance(picture, Region):
        return picture.name
    return Path(picture).name if isinstance(picture, (str, Path)) else "picture"
