"""How many discs of each group lie over each pixel, told from its colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.crowd.inks import Inks, combinations, flat_pixels
from critic.reading.chart.plot import Mask
from renderers.types import Image

Counts = NDArray[np.float64]
"""Shape (height, width, groups): whole numbers where no rim passes."""

_DEEP = (14, 9, 7, 6)
"""Layers over each other that are told apart, by the number of groups."""
_NEAR = 5.0
"""Channel difference of a flat pixel from the shade that it shows."""
_SURPRISE = 1.2
"""What one more disc must bring nearer, in levels: fewer discs are likelier."""
_STEPS = 4
_MORE = 3.0
"""Layers that a rim's pixel may have more than its neighbours."""
_STIFF = 60.0
"""Keeps pixels whose colour hardly tells near to their neighbours."""
_AROUND = 0.1
"""Share of the pixels around an unknown one that must be known."""


def count_discs(pixels: Image, known: Mask, inks: Inks, near: Counts | None = None) -> Counts:
    """The counts; fractions at rims, and neighbours' values where a pixel is not known.

    Args:
        pixels: The area.
        known: Where nothing but discs is drawn.
        inks: Of the discs.
        near: Counts that are nearly right; without, the nearest flat place's are.
    """
    flat = flat_pixels(pixels, known)
    whole = combinations(len(inks.colours), _DEEP[len(inks.colours) - 1])
    counts, sure = _looked_up(pixels, flat, inks, whole)
    start = _nearest(counts, sure) if near is None else np.where(sure[..., None], counts, near)
    rims = known & ~sure
    start[rims] = _solved(pixels[rims].astype(float), start[rims], inks)
    return _bridged(start, known)


def _looked_up(pixels: Image, flat: Mask, inks: Inks, whole: NDArray[np.int_]) -> tuple[Counts, Mask]:
    """Whole numbers for the flat pixels whose colour is some numbers' shade."""
    keys, inverse = np.unique(pixels[flat].astype(np.int64) @ np.array([65536, 256, 1]), return_inverse=True)
    colours = np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=1).astype(float)
    shades = inks.over(whole.astype(float))
    off = np.abs(colours[:, None] - shades[None]).max(axis=2) if len(colours) else np.zeros((0, len(whole)))
    pick = (off + _SURPRISE * whole.sum(axis=1)).argmin(axis=1)
    good = off[np.arange(len(off)), pick] <= _NEAR
    counts = np.zeros((*flat.shape, len(inks.colours)))
    counts[flat] = whole[pick][inverse]
    sure = flat.copy()
    sure[flat] = good[inverse]
    return counts, sure


def _nearest(counts: Counts, sure: Mask) -> Counts:
    """Each pixel's nearest sure pixel's counts."""
    if not sure.any():
        return np.zeros_like(counts)
    _, labels = cv2.distanceTransformWithLabels(
        (~sure).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.where(sure)
    index = np.zeros(labels.max() + 1, np.int64)
    index[labels[rows, columns]] = np.arange(len(rows))
    found = counts[rows, columns][index[labels]]
    return np.asarray(found, dtype=np.float64)


def _solved(seen: NDArray[np.float64], start: Counts, inks: Inks) -> Counts:
    """Counts whose shade is the colour seen, from a start: Newton steps, damped where colours hardly tell."""
    counts = start.copy()
    small = 1e-3
    groups = len(inks.colours)
    for _ in range(_STEPS):
        shade = inks.over(counts)
        slopes = np.stack(
            [(inks.over(counts + small * np.eye(groups)[i]) - shade) / small for i in range(groups)], axis=2
        )
        square = np.einsum("pci,pcj->pij", slopes, slopes) + _STIFF * np.eye(groups)
        pull = np.einsum("pci,pc->pi", slopes, seen - shade)
        counts = np.clip(counts + np.linalg.solve(square, pull[..., None])[..., 0], 0, start + _MORE)
    return counts


def _bridged(counts: Counts, known: Mask) -> Counts:
    """Unknown pixels filled from their known neighbours on all sides, so that lines across leave no rims."""
    weight = known.astype(np.float32)
    filled = counts.astype(np.float32) * weight[..., None]
    out = counts.copy()
    left = ~known
    for size in (3, 5, 9, 15):
        if not left.any():
            break
        total = cv2.blur(weight, (size, size))
        mean = cv2.blur(filled, (size, size)).reshape(counts.shape)
        ready = left & (total > _AROUND)
        out[ready] = mean[ready] / total[ready][:, None]
        left = left & ~ready
    out[left] = 0.0
    return out
