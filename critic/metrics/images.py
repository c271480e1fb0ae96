"""Measures of one picture against another that need no weights."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.similarity import fit_to, similarity
from renderers.types import Image

_GMSD_CONSTANT = 170.0
"""T of the gradient magnitude similarity, for grey values 0..255 (Xue et al. 2014, section III)."""

_GREY = np.array([0.299, 0.587, 0.114])
_PREWITT = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]], np.float64) / 3.0


def ssim(reference: Image, render: Image) -> float:
    """Mean SSIM of the render, fitted to the reference's size: 0..1, 1 for equal pixels."""
    return similarity(reference, render)


def mse(reference: Image, render: Image) -> float:
    """Mean squared error of the values as shares of 255: 0..1, 0 for equal pixels."""
    apart = (reference.astype(np.float64) - fit_to(reference, render)) / 255.0
    return float((apart**2).mean())


def gmsd(reference: Image, render: Image) -> float:
    """Gradient magnitude similarity deviation: 0 for equal pixels, the higher the worse.

    Xue, Zhang, Mou, Bovik 2014 (IEEE TIP 23(2)): of grey pictures, averaged over 2 x 2 pixels, the standard
    deviation of (2 a b + T) / (a^2 + b^2 + T), a and b the magnitudes of their Prewitt gradients.
    """
    first, second = (_magnitudes(image) for image in (reference, fit_to(reference, render)))
    alike = (2 * first * second + _GMSD_CONSTANT) / (first**2 + second**2 + _GMSD_CONSTANT)
    return float(alike.std())


def _magnitudes(image: Image) -> NDArray[np.float64]:
    grey = image.astype(np.float64) @ _GREY
    halved = cv2.blur(grey, (2, 2), borderType=cv2.BORDER_REFLECT)[::2, ::2]
    across = cv2.filter2D(halved, -1, _PREWITT, borderType=cv2.BORDER_REFLECT)
    down = cv2.filter2D(halved, -1, _PREWITT.T, borderType=cv2.BORDER_REFLECT)
    return np.asarray(np.hypot(across, down), dtype=np.float64)
