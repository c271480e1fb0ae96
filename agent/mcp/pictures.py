"""Pictures in answers: small crops of the worst places; whole pictures only where they are asked for."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np
from mcp_types import ContentBlock, ImageContent, TextContent
from PIL import Image as PILImage

from critic.similarity import fit_to
from critic.types import Box, Discrepancy
from renderers.types import Image

Shown = Literal["none", "crops", "whole"]
"""Which pictures an answer brings: none, the worst places, or reference and render whole."""

MOST_CROPS = 3
CROP_SIDE = 200
"""Pixels of a crop's longer side: a line of text is read at that size."""
WHOLE_SIDE = 768
"""Pixels of a whole picture's longer side, which models scale pictures down to or near."""
LARGEST_BYTES = 60_000
"""Of one picture's file; one that is larger is made smaller."""
_MARGIN = 12.0
_GAP = 6
_SMALLER = 0.7


def shown(
    which: Shown, reference: Image, render: Image | None, found: Sequence[Discrepancy]
) -> list[ContentBlock]:
    """The pictures of an answer, each headed by a line that says what it is."""
    if which == "none" or render is None:
        return []
    fitted = fit_to(reference, render)
    if which == "whole":
        return [*whole("reference", reference), *whole("render", fitted)]
    blocks: list[ContentBlock] = []
    boxes = [(number, item.box) for number, item in enumerate(found, start=1) if item.box is not None]
    for number, box in boxes[:MOST_CROPS]:
        pair = _pair(reference, fitted, box)
        if pair is not None:
            blocks += _picture(f"finding {number}: reference left, render right", pair, 2 * CROP_SIDE + _GAP)
    return blocks


def whole(name: str, image: Image) -> list[ContentBlock]:
    """A picture that was asked for, headed by its name; scaled down to what a model looks at."""
    return _picture(name, image, WHOLE_SIDE)


def _pair(reference: Image, render: Image, box: Box) -> Image | None:
    """A place in both pictures, side by side."""
    height, width = reference.shape[:2]
    place = box.grown(_MARGIN).clipped(width, height)
    if place.is_empty:
        return None
    crops = [_within(image[place.pixels], CROP_SIDE) for image in (reference, render)]
    gap = np.full((crops[0].shape[0], _GAP, 3), 128, np.uint8)
    return np.concatenate((crops[0], gap, crops[1]), axis=1)


def _within(image: Image, side: int) -> Image:
    scale = min(1.0, side / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(np.ascontiguousarray(image), size, interpolation=cv2.INTER_AREA), np.uint8)


def _picture(name: str, image: Image, side: int) -> list[ContentBlock]:
    small = _within(image, side)
    while len(data := _png(small)) > LARGEST_BYTES:
        small = _within(small, round(max(small.shape[:2]) * _SMALLER))
    encoded = base64.b64encode(data).decode()
    return [
        TextContent(type="text", text=name),
        ImageContent(type="image", data=encoded, mime_type="image/png"),
    ]


def _png(image: Image) -> bytes:
    file = io.BytesIO()
    PILImage.fromarray(image).save(file, format="PNG", optimize=True)
    return file.getvalue()
