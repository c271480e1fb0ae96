"""Pictures with some of their elements gone: told by connected ink alone, not by the critic's own readers."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.types import Image

_APART = 30
"""Values of a channel from the commonest colour that make ink."""

_NEAR = (5, 9)
"""Rows and columns within which pieces of ink are one element: letters are words, and words lines."""

_LEAST = 30
"""Pixels of an element."""

Labels = NDArray[np.int32]


def elements(image: Image) -> tuple[Labels, list[int]]:
    """The element of each pixel, 0 for none, and the elements in an order that is always the same."""
    colours, counts = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)
    ground = colours[counts.argmax()].astype(np.int16)
    ink = (np.abs(image - ground).max(axis=2) > _APART).astype(np.uint8)
    joined = cv2.dilate(ink, np.ones(_NEAR, np.uint8))
    labels = np.asarray(cv2.connectedComponents(joined, connectivity=8)[1], dtype=np.int32)
    sizes = np.bincount(labels[ink > 0])
    found = [label for label in range(1, len(sizes)) if sizes[label] >= _LEAST]
    np.random.default_rng(len(found)).shuffle(found)
    return labels, found


def without(image: Image, labels: Labels, gone: list[int]) -> Image:
    """The picture with its commonest colour where some elements were."""
    colours, counts = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)
    erased = image.copy()
    erased[np.isin(labels, gone)] = colours[counts.argmax()]
    return erased


def erasures(image: Image) -> Iterator[tuple[int, int, Image]]:
    """How many of how many elements are gone (1, 2, 4, ... all), and the picture without them."""
    labels, found = elements(image)
    count = 1
    while found:
        count = min(count, len(found))
        yield count, len(found), without(image, labels, found[:count])
        if count == len(found):
            return
        count *= 2
