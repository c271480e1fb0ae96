"""Tick marks that point into the axes, as gnuplot draws them."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far
from critic.reading.chart.frames import Frame, runs
from renderers.types import Image

_INSET = 2
"""Pixels from a spine within which its own ink and its blended rim lie."""
_THICKEST, _LONGEST, _SHORTEST = 3, 12, 2
"""Pixels across a mark at most, along it beyond the inset at most, and at least: gnuplot's have 9 and 4."""
_LEAST = 4
"""Marks along a side at least: of two or three strokes none tells that they are no data."""
_ALIKE = 1
"""Pixels by which marks of one kind differ in length."""
_KINDS = 2
"""Lengths at most, major and minor: strokes of data have more."""
_DARK, _PALE, _GREY = 80, 4, 24
"""Levels from the face at which a mark's ink is, and its blended rims; and between its channels at most."""


class Mark(NamedTuple):
    """A mark: where it is along its side, its first and last pixel there, and how far it reaches in."""

    at: float
    first: int
    last: int
    length: int


def inner_marks(image: Image, frame: Frame, side: str, face: Colour) -> list[Mark]:
    """The marks on the inner side of a spine; none where strokes there are not alike.

    Args:
        image: RGB pixels.
        frame: The axes rectangle.
        side: Of which marks are looked for.
        face: The colour behind the data.
    """
    area = image[
        frame.top + _INSET : frame.bottom - _INSET + 1, frame.left + _INSET : frame.right - _INSET + 1
    ]
    strip = {
        "bottom": area[::-1],
        "top": area,
        "left": area.transpose(1, 0, 2),
        "right": area[:, ::-1].transpose(1, 0, 2),
    }[side][: _LONGEST + 2]
    if len(strip) < _LONGEST + 2:
        return []
    start = (frame.left if side in ("bottom", "top") else frame.top) + _INSET
    ink = np.asarray(far(strip, face, _DARK) & (np.ptp(strip.astype(int), axis=2) < _GREY))
    found = [
        Mark(start + (a + b - 1) / 2, start + a, start + b - 1, length)
        for a, b in runs(ink[0])
        if b - a <= _THICKEST and _SHORTEST <= (length := _reach(ink[:, a:b])) <= _LONGEST
    ]
    lengths = sorted({mark.length for mark in found})
    kinds = 1 + sum(b - a > _ALIKE for a, b in pairwise(lengths))
    return found if len(found) >= _LEAST and kinds <= _KINDS else []


def major(marks: list[Mark]) -> list[float]:
    """Where the longer of the marks are, but of those at the corners, which are the spines' own."""
    longest = max((mark.length for mark in marks), default=0)
    return [mark.at for mark in marks if mark.length >= longest - _ALIKE]


def without_inner_marks(image: Image, frame: Frame, face: Colour) -> Image:
    """The picture with the marks within a frame painted over."""
    bare: Image | None = None
    for side in ("bottom", "top", "left", "right"):
        for mark in inner_marks(image, frame, side, face):
            bare = image.copy() if bare is None else bare
            deep = mark.length + 2
            along = slice(mark.first - 1, mark.last + 2)
            across = {
                "bottom": slice(frame.bottom - _INSET - deep, frame.bottom - _INSET + 1),
                "top": slice(frame.top + _INSET, frame.top + _INSET + deep),
                "left": slice(frame.left + _INSET, frame.left + _INSET + deep),
                "right": slice(frame.right - _INSET - deep, frame.right - _INSET + 1),
            }[side]
            part = bare[across, along] if side in ("bottom", "top") else bare[along, across]
            part[far(part, face, _PALE) & (np.ptp(part.astype(int), axis=2) < _GREY)] = face
    return image if bare is None else bare


def _reach(ink: NDArray[np.bool_]) -> int:
    """How many rows from the spine on are inked."""
    rows = np.asarray(ink.any(axis=1))
    return len(rows) if rows.all() else int(np.argmin(rows))
