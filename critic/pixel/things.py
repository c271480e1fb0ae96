"""What kind of thing an area shows, told by its geometry alone: text, line, mark, fill or picture."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np

from critic.pixel.inks import Inks, distance
from critic.pixel.ledger import Mask
from renderers.types import Image


class Thing(StrEnum):
    """What a person would call it."""

    TEXT = "text"
    LINE = "line"
    MARK = "mark"
    FILL = "fill"
    PICTURE = "picture"


_THIN = 0.4
"""Text heights up to which a stroke is a line's or a letter's: bold capitals have a fifth of theirs."""

_LONG = 3.0
"""Text heights from which what is thin and alone is a line."""

_SLIM = 8.0
"""Length over thickness from which a stroke is a line, however long: a dash has 4 to 6."""

_TEXT_TALL = 2.6
"""Text heights up to which thin pieces are letters: headings are set up to twice as large as the text."""

_MARK = 2.0
"""Text heights up to which a plain solid thing is a mark: markers, bullets and check boxes."""

_VARIED = 14.0
"""Mean CIE76 difference of a thing's pixels from their median from which it is a picture: gradients of
interfaces stay below, photographs are at 20 and more."""


def thing_of(inks: Inks, height: float, *, letters: bool) -> Thing:
    """What the area shows in the reference, or where the reference is empty, in the render.

    Args:
        inks: The area.
        height: Of the pictures' letters, in pixels.
        letters: Whether thin small pieces may be letters: a drawing's are shapes.
    """
    if inks.area.line is not None and inks.area.box.height <= _TEXT_TALL * height:
        return Thing.TEXT
    which = 0 if inks.reference.sum() >= inks.gained else 1
    ink = (inks.reference, inks.render)[which]
    if not ink.any():
        return Thing.FILL
    thick = thickness(ink)
    wide, tall = inks.area.box.width, inks.area.box.height
    if thick <= _THIN * height + 1:
        long = max(wide, tall)
        if min(wide, tall) <= _THIN * height + 2 and (long >= _LONG * height or long >= _SLIM * thick):
            return Thing.LINE
        small = Thing.TEXT if letters else Thing.MARK
        return small if tall <= _TEXT_TALL * height else Thing.LINE
    if _variety(inks.pixels[which], ink) >= _VARIED and min(wide, tall) > _MARK * height:
        return Thing.PICTURE
    return Thing.MARK if max(wide, tall) <= _MARK * height else Thing.FILL


def thickness(ink: Mask) -> float:
    """How thick the thickest stroke is, in pixels."""
    padded = np.pad(ink.astype(np.uint8), 1)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _variety(pixels: Image, ink: Mask) -> float:
    drawn = pixels[ink]
    return float(distance(drawn, np.median(drawn, axis=0).astype(np.float32)).mean())
