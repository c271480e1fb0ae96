"""Colours that nobody takes for the one they stand in for."""

from __future__ import annotations

import random

import numpy as np
from matplotlib.colors import is_color_like, to_rgb
from skimage.color import deltaE_ciede2000, rgb2lab

_PALETTE = ("#d7263d", "#1b998b", "#e0a100", "#5b2a86", "#0b6fb8", "#3a3a3a", "#e4572e", "#2e8b57", "#c71585")

_PLAIN = 25.0
"""CIEDE2000 from which two colours are plainly two: ten times a just noticeable difference of about 2.3."""


def other_colour(before: str | None, chance: random.Random) -> str:
    """A colour plainly different from ``before``; any of the palette where that is no colour."""
    if before is None or not is_color_like(before):
        return chance.choice(_PALETTE)
    return chance.choice([item for item in _PALETTE if apart(item, before) >= _PLAIN] or list(_PALETTE))


def apart(first: str, second: str) -> float:
    """How far two colours are from each other, CIEDE2000."""
    labs = [rgb2lab(np.array([[to_rgb(colour)]])) for colour in (first, second)]
    return float(deltaE_ciede2000(*labs)[0, 0])  # type: ignore[no-untyped-call]
