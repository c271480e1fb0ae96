"""What a series' own pixels became in the other picture: kept, repainted, gone, or broken into dashes."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from critic.pixel.chart_geometry import colours_of, path_of
from critic.pixel.ledger import Mask
from critic.reading.chart.colours import far, hex_of, mode_colour, near, rgb_of
from critic.reading.chart.description import Axes, Line, Series
from critic.reading.chart.frames import runs
from renderers.types import Image

_SAME = 40
"""Channel difference up to which a pixel shows a colour."""

_EQUAL = 24
"""Channel difference up to which pixels are one colour: what JPEG and dithering make of one."""
_LEAST = 12
"""Pixels of ink, or of a path, that are needed to tell anything: a dash and a gap."""
_MUCH, _ONE_COLOUR = 0.4, 0.6
"""Shares of a series' pixels that must show something else, and one colour, to be repainted."""
_GAPS, _SOLID = 4, 0.92
"""Gaps from which a line is broken, and the share drawn above which crossing lines make them."""
_GAP = 2
"""Pixels from which a gap is none of blending."""
_PALE = 60
"""Channel difference up to which a thin line, blended with its ground, shows its colour."""


class Fate(NamedTuple):
    """What the other picture shows at a series' pixels.

    Attributes:
        kept: Share that still has the colour, within a pixel.
        bare: Share that shows what lies behind.
        repainted: The one other colour that covers most of them, if any.
    """

    kept: float
    bare: float
    repainted: str | None


def fate_of(series: Series, axes: Axes, reference: Image, render: Image) -> Fate | None:
    """The fate of a series; None where its pixels cannot be told."""
    colour = colours_of(series)[0]
    if len(set(colours_of(series))) > 1:
        return None
    ink = series.ink(axes.plane, reference.shape[:2]) & near(reference, rgb_of(colour), _EQUAL)
    if ink.sum() < _LEAST:
        return None
    there = near(render, rgb_of(colour), _SAME).astype(np.uint8)
    kept = float(cv2.dilate(there, np.ones((3, 3), np.uint8)).astype(bool)[ink].mean())
    pixels = render[ink]
    empty = near(pixels[None], _behind(ink, reference, axes), _EQUAL) | near(
        pixels[None], rgb_of(axes.face), _EQUAL
    )
    bare = float(empty.mean())
    rest = pixels[~empty[0] & far(pixels[None], rgb_of(colour), _SAME)[0]]
    repainted = None
    if len(rest) > _MUCH * len(pixels):
        common = mode_colour(rest)
        if near(rest[None], common, _EQUAL)[0].mean() > _ONE_COLOUR:
            repainted = hex_of(common)
    return Fate(kept, bare, repainted)


def _behind(ink: Mask, reference: Image, axes: Axes) -> np.ndarray:
    """What surrounds the ink: most often the face."""
    ring = cv2.dilate(ink.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    ring &= ~cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    return mode_colour(reference[ring]) if ring.any() else rgb_of(axes.face)


class Dashes(NamedTuple):
    """How a line is broken along its path: share drawn, number of gaps, usual length of a dash in pixels."""

    share: float
    gaps: int
    length: float

    @property
    def broken(self) -> bool:
        """Whether the line is dashed or dotted rather than solid."""
        return self.gaps >= _GAPS and self.share < _SOLID


def dashes_of(line: Line, axes: Axes, image: Image, colour: str) -> Dashes:
    """The breaks of a colour along a line's path."""
    shown = near(image, rgb_of(colour), _PALE)
    at = _along(path_of(line.x, line.y, axes))
    height, width = shown.shape
    inside = (at[:, 0] >= 1) & (at[:, 0] < width - 1) & (at[:, 1] >= 1) & (at[:, 1] < height - 1)
    at = at[inside].astype(int)
    if len(at) < _LEAST:
        return Dashes(1.0, 0, 0.0)
    grown = cv2.dilate(shown.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    hit = grown[at[:, 1], at[:, 0]]
    drawn = [b - a for a, b in runs(hit)]
    gaps = sum(b - a >= _GAP for a, b in runs(~hit))
    return Dashes(float(hit.mean()), gaps, float(np.median(drawn)) if drawn else 0.0)


def _along(path: np.ndarray) -> np.ndarray:
    """Points a pixel apart along a polyline."""
    if len(path) <= 1:
        return path
    steps = np.hypot(*np.diff(path, axis=0).T)
    way = np.concatenate(([0.0], np.cumsum(steps)))
    at = np.arange(0, way[-1], 1.0)
    return np.stack([np.interp(at, way, path[:, 0]), np.interp(at, way, path[:, 1])], axis=1)
