"""Lays the render of a drawing onto its reference, where all of it stands elsewhere or has another size."""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.ledger import Mask
from critic.pixel.registered import Registered, Registration
from critic.pixel.svg import NOTED_OUTLINE, VISIBLE, compare, thickness_of
from critic.pixel.svg_shapes import box_of, clear, grown
from critic.reading import Reader
from critic.similarity import colour_difference, fit_to
from critic.types import Box, Cause, Discrepancy, Element, difference
from renderers.types import Image

_OFF = 2.0
"""Pixels by which the edges of what is drawn may be off unseen: rounding moves each by one."""

_LEFT = 0.05
"""Share of the box round all that is drawn in which outlines may differ once one is laid on the other: those
of an engraving that was narrowed to .6 do in .04."""

_INKED = 12
"""Channel levels from the ground above which a pixel is drawn on."""

_GRAVE = 0.15
"""How far from 1 a factor is that is severe: a person sees at once that the drawing is smaller."""


def registered_svg(reference: Image, render: Image, _reader: Reader) -> Registered | None:
    """The render with all that is drawn where the reference has it.

    None where it stands there, reaches the picture's edge (which may cut it off), or has another ground: the
    corners' pixels are compared exactly, so that a drawing kept as JPEG is compared as it stands. None, too,
    where other things differ so much that it is no one change.
    """
    fitted = fit_to(reference, render)
    ground = reference[0, 0]
    if (fitted[0, 0] != ground).any():
        return None
    places = [_drawn(image, ground) for image in (reference, fitted)]
    was, now = places
    if was is None or now is None or max(abs(a - b) for a, b in zip(was, now, strict=True)) <= _OFF:
        return None
    small = Box(0, 0, min(was.width, now.width), min(was.height, now.height))
    pair = _sized(reference, was, small), _sized(fitted, now, small)
    outlines = [_ink(image, ground) for image in pair]
    thickness = thickness_of(reference)
    if clear(outlines[0] ^ outlines[1], thickness).sum() > _LEFT * small.area:
        return None
    laid, other = (
        _sized(fitted, now, was),
        _enlarged(_solid(colour_difference(*pair) > VISIBLE, thickness), was),
    )
    image, told = np.broadcast_to(ground, reference.shape).copy(), np.zeros(reference.shape[:2], bool)
    image[was.pixels] = np.where(other[..., None], laid, reference[was.pixels])  # enlarging blurs the rest
    return Registered(image, _told(was, now), told, alike=0.0)


def _solid(apart: Mask, thickness: int) -> Mask:
    """A difference without slivers along edges."""
    return grown(clear(apart, thickness), thickness) & apart


def _enlarged(mask: Mask, box: Box) -> Mask:
    rows, columns = (round(side) for side in (box.height, box.width))
    sized = cv2.resize(mask.astype(np.uint8), (columns, rows), interpolation=cv2.INTER_NEAREST)
    return np.asarray(sized > 0)


def _ink(image: Image, ground: Image) -> Mask:
    return np.asarray(np.abs(image.astype(np.int16) - ground).max(axis=2) > _INKED)


def _drawn(image: Image, ground: Image) -> Box | None:
    """The box around all that does not have the ground's colour; None where the picture may cut it off."""
    ink = _ink(image, ground)
    if not ink.any() or ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any():
        return None
    return box_of(ink)


def _sized(image: Image, box: Box, as_large_as: Box) -> Image:
    """What is drawn in a box, as large as another one."""
    part = np.ascontiguousarray(image[box.pixels])
    size = max(1, round(as_large_as.width)), max(1, round(as_large_as.height))
    smaller = size[0] < part.shape[1] or size[1] < part.shape[0]
    sized = cv2.resize(part, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return np.asarray(sized, dtype=np.uint8)


def _told(was: Box, now: Box) -> list[Discrepancy]:
    factors = now.width / was.width, now.height / was.height
    off = max(abs(factor - 1) for factor in factors)
    moved = max(abs(now.width - was.width), abs(now.height - was.height)) <= _OFF
    cause, category = (Cause.MOVED, "structure_error") if moved else (Cause.RESIZED, "shape_error")
    found = difference(
        category,
        2 if moved else 3 if off >= _GRAVE else 2 if off >= NOTED_OUTLINE else 1,
        cause,
        Element(kind="shapes", at=was),
        was,
        reference=tuple(was),
        render=tuple(now),
    )
    return [] if found is None else [found.model_copy(update={"places": (was, now)})]


REGISTRATION = Registration(registered_svg, compare)
"""How the pixel critic lays renders onto their references."""
