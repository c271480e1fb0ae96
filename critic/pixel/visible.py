"""Which pixels of two pictures an eye tells apart.

Colours are compared in CIE L*a*b*, after a blur as wide as what an eye resolves at arm's length, so that the
same edge drawn with another anti-aliasing is the same. A pixel differs by what it lies beyond all colours
within a pixel's reach in the other picture: what is drawn up to a pixel aside is no difference. What of it
can be seen falls with its extent (a dot must stand out, a line may be fainter, a plain area is told from
another by very little) and rises with the contrast that both pictures have there, which masks it. Where
shapes are as small and dense as letters, they must fit as a whole besides (``critic.pixel.aligned``).
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.pixel.aligned import shapes_differ
from critic.pixel.areas import text_height
from critic.pixel.ledger import Mask
from renderers.types import Image

Lab = NDArray[np.uint8]
"""Pixels in CIE L*a*b* as OpenCV keeps them in 8 bits: L* times 2.55, a* and b* plus 128."""

_Apart = NDArray[np.float32]

_EYE = 1.0
"""Standard deviation of the blur in pixels: at 96 dpi and 60 cm a pixel spans 1.5 arc minutes, and the eye's
own blur about 1 (Campbell and Gubisch 1966)."""

_EYE_HUE = 2.0
"""The same for hues, which are resolved half as finely (Mullen 1985); JPEG stores them so."""

_WEIGHTS = (100 / 255, 0.6, 0.6)
"""From 8 bits to L*a*b*; a difference in hue counts less."""

_REACH = 1
"""Pixels by which a thing may stand aside unseen: the largest step of hinting and of rounding to the grid."""

_DOT, _LINE, _AREA = 12.0, 4.0, 2.3
"""Differences in L*a*b* from which a dot, a line and an area are seen. 2.3 is the least noticed of two plain
areas (Mahy et al. 1994); the others are what pictures drawn anew at another resolution, with other
hinting, or stored as JPEG at quality 70 do not reach, but for 2 in 100 of them (``benchmarks.critic``)."""

_MASKING = 0.25
"""Share of the contrast that both pictures have round a pixel which a difference must reach besides: a
difference beside strong edges is seen less (Legge and Foley 1980)."""

_AROUND = 7
"""Side in pixels of the window in which contrast masks: as far as JPEG's blocks of 8 x 8 ring."""

_STROKE = 31
"""Length in pixels over which a line is seen as one: two text heights."""

_PATCH = 9
"""Side in pixels of what is seen as an area rather than as a dot."""

_SMALL_PRINT = 8.0
"""Height in pixels of letters below which a pixel is too much of one to be passed over: a sixth of a letter
is what tells a serif, or a full stop between digits."""

_CLOSE = 2, 1.6
"""How many times as large small print is looked at, and the eye's blur then, from nearer by: at less, a black
hair line differs from itself half a pixel aside."""

_TINY_PRINT = 7.0
"""Height in pixels of letters below which a 3 and a 1 are within what the eye's blur and a pixel's reach take
away even at twice their size: papers' tables have 6."""

_CLOSER = 3, 2.0
"""The same where digits are said to be others: at three times, a 3 and a 1 of 6 pixels differ, and some of a
picture stored as JPEG at quality 70 or half a pixel aside."""

_UNCHANGED = 3
"""Values of any channel up to which a pixel and its neighbours are as they were, though the blur shows there
what differs beside them."""

_BAND = 128
"""Rows that are compared at once, so that they stay in the processor's cache."""


def visible(reference: Image, render: Image) -> Mask:
    """The pixels in which two pictures of one size visibly differ; small print is looked at enlarged."""
    if text_height(reference) >= _SMALL_PRINT:
        return _visible(reference, render, _EYE)
    return _enlarged(reference, render, *_CLOSE)


def visible_letters(reference: Image, render: Image) -> Mask:
    """The pixels in which tiny print differs, should it be read as something else; none of larger print.

    To be believed of a number's cell alone: of a sentence that stands half a pixel aside, or was stored as
    JPEG, some letter is always read otherwise.
    """
    if text_height(reference) >= _TINY_PRINT:
        return np.zeros(reference.shape[:2], dtype=bool)
    return _enlarged(reference, render, *_CLOSER)


def _enlarged(reference: Image, render: Image, times: int, eye: float) -> Mask:
    height, width = reference.shape[:2]
    size = times * width, times * height
    one, other = (
        np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        for image in (reference, render)
    )
    seen = _visible(one, other, eye).reshape(height, times, width, times)
    return np.asarray(seen.any(axis=(1, 3)))


def _visible(reference: Image, render: Image, eye: float) -> Mask:
    height, width = reference.shape[:2]
    seen = np.zeros((height, width), dtype=bool)
    apart = cv2.absdiff(reference, render)
    for top in range(0, height, _BAND):
        bottom = min(height, top + _BAND)
        above, below = max(0, top - _STROKE), min(height, bottom + _STROKE)
        columns = np.flatnonzero(apart[above:below].any(axis=(0, 2)))
        if not len(columns):
            continue
        left, right = max(0, int(columns[0]) - _STROKE), min(width, int(columns[-1]) + 1 + _STROKE)
        window = slice(above, below), slice(left, right)
        found = _told_apart(lab(reference[window], eye), lab(render[window], eye))
        changed = cv2.dilate(apart[window].max(axis=2), np.ones((3, 3), np.uint8)) > _UNCHANGED
        seen[top:bottom, left:right] = (found & changed)[top - above : bottom - above]
    return seen


def lab(image: Image, eye: float) -> Lab:
    """A picture as the eye gets it: blurred by so many pixels, in L*a*b*."""
    values = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    lightness, *hue = cv2.split(values)
    sharp = cv2.GaussianBlur(lightness, (0, 0), eye)
    return np.asarray(
        cv2.merge([sharp, *(cv2.GaussianBlur(part, (0, 0), _EYE_HUE) for part in hue)]), np.uint8
    )


def _told_apart(one: Lab, other: Lab) -> Mask:
    greys = [part[..., 0].astype(np.float32) * np.float32(_WEIGHTS[0]) for part in (one, other)]
    contrasts = _contrast(one), _contrast(other)
    shapes = shapes_differ(greys[0], greys[1], np.maximum(*contrasts), _DOT)
    masked = np.asarray(np.minimum(*contrasts) * np.float32(_MASKING))
    return np.asarray(shapes | _seen(one, other, masked) | _seen(other, one, masked))


def _contrast(values: Lab) -> _Apart:
    around = np.ones((_AROUND, _AROUND), np.uint8)
    return _length(_weighed(cv2.subtract(cv2.dilate(values, around), cv2.erode(values, around))))


def _seen(one: Lab, other: Lab, masked: Any) -> Mask:
    """Where one picture shows what the other does not, seen as a dot, as part of a line or of an area."""
    reach = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    above, below = cv2.subtract(one, cv2.dilate(other, reach)), cv2.subtract(cv2.erode(other, reach), one)
    apart: Any = _weighed(above) - _weighed(below)
    size = _length(apart) - masked
    found = size > _DOT
    faint = size > _AREA / 2
    if not faint.any():
        return np.asarray(found)
    for window, least in (((_STROKE, 1), _LINE), ((1, _STROKE), _LINE), ((_PATCH, _PATCH), _AREA)):
        found |= faint & (_length(np.asarray(cv2.blur(apart, window), np.float32)) - masked > least)
    return np.asarray(found)


def _weighed(values: Any) -> _Apart:
    return np.asarray(values * np.array(_WEIGHTS, np.float32), dtype=np.float32)


def _length(values: _Apart) -> _Apart:
    return np.asarray(np.sqrt(cv2.transform(values * values, np.ones((1, 3), np.float32))))
