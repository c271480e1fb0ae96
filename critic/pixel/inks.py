"""What two pictures draw in an area: each one's ink on the ground that both have in common there."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.pixel.areas import Area
from critic.pixel.ledger import Mask
from renderers.types import Image

InkColour = NDArray[np.float32]
"""RGB, 0..255."""

_RIM = 4
"""Pixels round an area that tell its ground: beyond what anti-aliasing and the eye's blur reach."""

_SAME = 6.0
"""CIE76 difference up to which two colours are one: JPEG moves plain grounds by so much at most."""

_ON = 12.0
"""CIE76 difference from the ground above which a pixel is drawn on."""

_STEP = 16
"""Values of a channel that are counted together to find the commonest colour."""

_FEW = 8
"""Pixels that are enough to tell a colour."""


@dataclass(frozen=True, eq=False, slots=True)
class Inks:
    """An area as both pictures draw it.

    Attributes:
        area: Where.
        ground: The colour around it.
        reference: Its pixels that the reference draws on.
        render: Its pixels that the render draws on.
        pixels: Both pictures within its box.
    """

    area: Area
    ground: InkColour
    reference: Mask
    render: Mask
    pixels: tuple[Image, Image]

    @property
    def lost(self) -> int:
        """Pixels of ink that the render lacks."""
        return int((self.reference & ~self.render).sum())

    @property
    def gained(self) -> int:
        """Pixels of ink that only the render has."""
        return int((self.render & ~self.reference).sum())

    @property
    def both(self) -> int:
        """Pixels on which both draw."""
        return int((self.reference & self.render).sum())


def inks_of(area: Area, reference: Image, render: Image, visible: Mask) -> Inks:
    """Tell ink from ground in an area of two pictures of one size."""
    ground = _ground(area, reference, render, visible)
    pixels = reference[area.box.pixels], render[area.box.pixels]
    drawn = [(distance(image, ground) > _ON) & area.mask for image in pixels]
    return Inks(area, ground, drawn[0], drawn[1], pixels)


def _ground(area: Area, reference: Image, render: Image, visible: Mask) -> InkColour:
    """The commonest colour around an area that both pictures show; the reference's where they share none."""
    rows, columns = area.box.pixels
    window = (
        slice(max(0, rows.start - _RIM), rows.stop + _RIM),
        slice(max(0, columns.start - _RIM), columns.stop + _RIM),
    )
    mask = np.zeros(visible[window].shape, np.uint8)
    top, left = rows.start - window[0].start, columns.start - window[1].start
    mask[top : top + area.mask.shape[0], left : left + area.mask.shape[1]] = area.mask
    around = np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)
    rim = (cv2.dilate(mask, around) > 0) & (mask == 0)
    agreed = rim & ~visible[window] & (distance(reference[window], render[window]) <= _SAME)
    if agreed.sum() < _FEW:
        agreed = rim if rim.sum() >= _FEW else np.ones_like(rim)
    return commonest(reference[window][agreed])


def commonest(pixels: Image) -> InkColour:
    """The commonest colour of some pixels (n x 3)."""
    steps = (pixels // _STEP).astype(np.int32)
    keys = (steps[:, 0] << 16) | (steps[:, 1] << 8) | steps[:, 2]
    values, counts = np.unique(keys, return_counts=True)
    return np.asarray(np.median(pixels[keys == values[counts.argmax()]], axis=0), dtype=np.float32)


def distance(
    image: NDArray[np.uint8] | InkColour, other: NDArray[np.uint8] | InkColour
) -> NDArray[np.float32]:
    """CIE76 difference of each pixel from another picture, or from a colour."""
    return np.asarray(np.linalg.norm(_lab(image) - _lab(other), axis=-1), dtype=np.float32)


def _lab(values: NDArray[np.uint8] | InkColour) -> NDArray[np.float32]:
    flat = np.asarray(values, np.float32).reshape(-1, 1, 3) / np.float32(255)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB).reshape(np.shape(values)), dtype=np.float32)
