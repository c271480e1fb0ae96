"""Continuous likeness of two pictures: SSIM at the reference's size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.deadline import check_deadline
from renderers.types import Image

_WINDOW = 7
_C1 = (0.01 * 255) ** 2
_C2 = (0.03 * 255) ** 2
_ASPECT_TOLERANCE = 0.05
_BAND = 32
"""Rows whose SSIM is computed at once."""

SsimMap = NDArray[np.float32]
"""SSIM at each pixel."""


def fit_to(reference: Image, render: Image) -> Image:
    """The render at the reference's size: scaled where the shapes agree within 5%, else cut or padded."""
    height, width = reference.shape[:2]
    if render.shape == reference.shape:
        return render
    ratio = (render.shape[1] / render.shape[0]) / (width / height)
    if abs(ratio - 1.0) <= _ASPECT_TOLERANCE:
        smaller = render.shape[0] > height
        method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(render, (width, height), interpolation=method), dtype=np.uint8)
    canvas = np.empty_like(reference)
    canvas[:] = np.median(render[:2].reshape(-1, 3), axis=0).astype(np.uint8)
    rows, columns = min(height, render.shape[0]), min(width, render.shape[1])
    canvas[:rows, :columns] = render[:rows, :columns]
    return canvas


def ssim_map(first: Image, second: Image) -> SsimMap:
    """SSIM at each pixel, averaged over the channels: shape (height, width), values -1..1.

    Wang et al. 2004 with a uniform 7 x 7 window, as ``skimage.metrics.structural_similarity`` computes it
    for ``channel_axis=2, data_range=255``, many times faster: windows without a difference are 1 exactly,
    and the others are computed in bands that the processor's cache holds.
    """
    check_deadline()
    height, width = first.shape[:2]
    apart = cv2.absdiff(first, second).reshape(height, -1)
    values = np.ones((height, width), np.float32)
    reach = _WINDOW // 2
    for top in range(0, height, _BAND):
        bottom = min(height, top + _BAND)
        above, below = max(0, top - reach), min(height, bottom + reach)
        columns = np.flatnonzero(apart[above:below].max(axis=0)) // first.shape[2]
        if not len(columns):
            continue
        left, right = max(0, int(columns[0]) - reach), min(width, int(columns[-1]) + reach + 1)
        before, after = max(0, left - reach), min(width, right + reach)
        band = _ssim(first[above:below, before:after], second[above:below, before:after])
        values[top:bottom, left:right] = band[top - above : bottom - above, left - before : right - before]
    return values


def _ssim(first: Image, second: Image) -> SsimMap:
    """SSIM at each pixel, windows reflected at the rim."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    unbiased = _WINDOW**2 / (_WINDOW**2 - 1)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        blurred = cv2.blur(values, (_WINDOW, _WINDOW), borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred, dtype=np.float32)

    mean_a, mean_b = mean(a), mean(b)
    variance_a = unbiased * (mean(a * a) - mean_a * mean_a)
    variance_b = unbiased * (mean(b * b) - mean_b * mean_b)
    covariance = unbiased * (mean(a * b) - mean_a * mean_b)
    top = (2 * mean_a * mean_b + _C1) * (2 * covariance + _C2)
    bottom = (mean_a**2 + mean_b**2 + _C1) * (variance_a + variance_b + _C2)
    return np.asarray((top / bottom).mean(axis=2), dtype=np.float32)


def mean_ssim(values: SsimMap) -> float:
    """The mean of an SSIM map inside of the rim where windows reach out of the picture, clipped to 0..1."""
    edge = _WINDOW // 2
    return float(np.clip(values[edge:-edge, edge:-edge].mean(), 0.0, 1.0))


def colour_difference(reference: Image, render: Image) -> NDArray[np.float32]:
    """How much colours differ round each pixel, 0..255; what anti-aliasing moves next door cancels out."""
    change = cv2.blur(reference.astype(np.float32) - render, (3, 3))
    return np.asarray(np.abs(change).max(axis=2), dtype=np.float32)


def similarity(reference: Image, render: Image) -> float:
    """Mean SSIM of the render, fitted to the reference's size, clipped to 0..1; 1.0 for equal pixels."""
    fitted = fit_to(reference, render)
    if np.array_equal(reference, fitted):
        return 1.0
    if min(reference.shape[:2]) <= _WINDOW:
        return float(1.0 - np.abs(reference.astype(int) - fitted).mean() / 255.0)
    return mean_ssim(ssim_map(reference, fitted))
