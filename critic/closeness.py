"""Which of two renders is nearer to the reference, however the layout lies: pixels, with room to shift."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.similarity import fit_to
from renderers.types import Image

_REACHES = (2, 6)
"""How far, in pixels, a colour may lie from its place. Two decide between layouts that agree, where a wrong
letter still shows; six where the layout is a percent off or set anew. ``benchmarks.acceptance`` compares
them, and SSIM, on repairs with known truth."""

_APART = 24
"""Of 255 in one channel: what lies within it of the other's colours is anti-aliasing or JPEG."""

_BELIEF = 20
"""Pixels that would have to change before a change of few is believed: a full stop of 14 px text has about as
many."""

_MOST_PIXELS = 2_000_000
"""Larger pictures are compared at this size; a text of theirs is large enough there."""


def nearer(reference: Image, before: Image, after: Image) -> tuple[float, ...]:
    """Whether ``after`` is nearer to the reference than ``before``, for each reach: -1..1.

    A pixel of a render, or of the reference, is unmatched where its colour lies outside of the darkest and
    the lightest that the other picture shows within reach. Of the pixels that are matched in one render and
    not in the other, 1 says that all speak for ``after``, -1 that all speak against it, 0 that nothing does
    or that both are as many.

    Args:
        reference: The picture to reproduce.
        before: One render, of any size.
        after: Another.
    """
    shrunk = _shrunk(reference)
    renders = [fit_to(shrunk, _shrunk(render, like=reference)) for render in (before, after)]
    if np.array_equal(renders[0], renders[1]):
        return (0.0,) * len(_REACHES)
    return tuple(_evidence(*(_unmatched(shrunk, render, reach) for render in renders)) for reach in _REACHES)


def _evidence(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> float:
    won, lost = int((before & ~after).sum()), int((after & ~before).sum())
    return (won - lost) / (won + lost + _BELIEF)


def _unmatched(reference: Image, render: Image, reach: int) -> NDArray[np.bool_]:
    """Unmatched pixels of the reference, then of the render: shape (2, height, width)."""
    return np.stack([_outside(reference, render, reach), _outside(render, reference, reach)])


def _outside(image: Image, other: Image, reach: int) -> NDArray[np.bool_]:
    window = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    darker = cv2.subtract(cv2.erode(other, window), image)
    lighter = cv2.subtract(image, cv2.dilate(other, window))
    red, green, blue = cv2.split(cv2.max(darker, lighter))
    return np.asarray(cv2.max(cv2.max(red, green), blue) > _APART)


def _shrunk(image: Image, like: Image | None = None) -> Image:
    """A picture at the scale at which the reference has no more pixels than are compared."""
    height, width = (image if like is None else like).shape[:2]
    scale = (_MOST_PIXELS / (height * width)) ** 0.5
    if scale >= 1.0:
        return image
    size = tuple(max(1, round(side * scale)) for side in (image.shape[1], image.shape[0]))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
