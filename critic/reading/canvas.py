"""The canvas: a picture and its ruler, as readers see it.

Readers, generators and critics of charts, tables and pages work on the canvas's ``pixels``: at 100 dots per
inch where it is a chart, so that a pixel is 0.72 points, and in CSS pixels where it is a table or a page.
What they find is mapped back to the picture's own pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.enlarged import original
from critic.reading.reader import Reader
from critic.reading.scale import Ruler, ruler_of
from critic.similarity import fit_to
from critic.types import Box
from renderers.types import Image, Kind

_RULED = (None, Kind.CHART, Kind.TABLE, Kind.PAGE)
"""Kinds whose pictures hold text of a usual size."""

_RUN = 24
"""Pixels that a line is long at least: longer than any stroke of a letter."""

_BESIDE = 6
"""Levels within which both sides of a line are the same ground."""

_SEEN = 8
"""Levels by which both of two rows differ from the ground where a line lies on both."""

_PALE = 120
"""Levels from the ground up to which a line is pale: grid lines of #b0b0b0 have 79, frames of legends 45.
Darker ones are found on two rows as well."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture and its ruler.

    Attributes:
        picture: RGB pixels, as given.
        ruler: Its scale, and what that was measured from.
        pixels: The picture at the working resolution; the picture itself where the scale is 1.
    """

    picture: Image
    ruler: Ruler
    pixels: Image

    @property
    def scale(self) -> float:
        """Pixels of the picture in one at the working resolution."""
        return self.ruler.scale

    def fitted(self, render: Image) -> Image:
        """A render at the working resolution, to compare with ``pixels``.

        Args:
            render: RGB pixels of any size; brought to the picture's size first.
        """
        return render if self.scale == 1.0 else _reduced(fit_to(self.picture, render), self.pixels)

    def shrunk(self, render: Image) -> Image:
        """A render at the working resolution and of its own extent, which may be more than the picture's."""
        if self.scale == 1.0:
            return render
        height, width = (max(1, round(side / self.scale)) for side in render.shape[:2])
        return _reduced(render, np.empty((height, width, 3), np.uint8))

    def back(self, box: Box) -> Box:
        """A box in ``pixels`` as one in the picture."""
        return Box(*(value * self.scale for value in box))

    def forth(self, box: Box) -> Box:
        """A box in the picture as one in ``pixels``."""
        return Box(*(value / self.scale for value in box))


def canvas_of(image: Image, kind: Kind | None, reader: Reader) -> Canvas:
    """The canvas of a picture, made once for the same pixels.

    Args:
        image: RGB pixels.
        kind: What it shows, None where that is not known yet; drawings are read as they are, letters or not.
        reader: The readings of the run.
    """
    if kind not in _RULED:
        return Canvas(image, Ruler(1.0), image)
    return replace(reader.remember("canvas", image, _canvas), picture=image)


def _canvas(image: Image) -> Canvas:
    ruler = ruler_of(image)
    if ruler.scale == 1.0:
        return Canvas(image, ruler, image)
    if ruler.enlargement is not None:
        return Canvas(image, ruler, original(image, ruler.enlargement))
    return Canvas(image, ruler, Canvas(image, ruler, image).shrunk(image))


def _reduced(image: Image, like: Image) -> Image:
    """The picture at the size of another, each pixel the mean of what it covers, thin lines whole."""
    size = (like.shape[1], like.shape[0])
    small = np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    for view in (small, small.transpose(1, 0, 2)):
        _with_whole_lines(view)
    return small


def _with_whole_lines(image: Image) -> None:
    """Put pale lines across that came to lie on two rows onto the one that has more of them, in place.

    So they are drawn at the working resolution, where nothing is thinner than a pixel.
    """
    values = image.astype(np.int16)
    ground, below = values[:-3], values[3:]
    first, second = values[1:-2] - ground, values[2:-1] - ground
    line = (np.abs(ground - below).max(2) <= _BESIDE) & (first * second >= 0).all(2)
    line &= (np.abs(first).max(2) >= _SEEN) & (np.abs(second).max(2) >= _SEEN)
    line &= np.abs(first + second).max(2) <= _PALE
    run = np.ones((1, _RUN), np.uint8)
    line = cv2.morphologyEx(line.astype(np.uint8), cv2.MORPH_OPEN, run).astype(bool)
    for row in np.flatnonzero(line.any(axis=1)).tolist():
        there = line[row]
        one, other = first[row, there], second[row, there]
        whole = _within_bytes(ground[row, there] + one + other)
        kept, emptied = (1, 2) if np.abs(one).sum() >= np.abs(other).sum() else (2, 1)
        image[row + kept, there] = whole
        image[row + emptied, there] = _within_bytes(ground[row, there])


def _within_bytes(values: NDArray[np.int16]) -> Image:
    return np.clip(values, 0, 255).astype(np.uint8)
