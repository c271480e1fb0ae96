"""The layers of colour in a plot area, and which colours are blends of others."""

from __future__ import annotations

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, near, palette, told_apart
from critic.reading.chart.plot import Mask, Plot

_LEAST_LAYER = 12
"""Pixels of the smallest layer."""
_BESIDE_ALL = 0.9
"""Share of a colour that lies beside stronger ones where it is their rim only."""
_ROUND_ENDS, _ENDS = 5, 0.95
"""Pixels across the square round a colour in which rims of its dashes lie, and share of a rim that does."""
_LEAST_WAY = 400
"""Squared levels between two colours, 20 of each other, from which their blends are told from them."""
_ONE, _OTHER = 0.02, 0.98
"""Shares of the way from one colour to another between which a colour is a blend rather than either."""
_OFF_WAY = 12
"""Levels that a blend lies off the straight way between its two colours, at most."""
_PALE = 30
"""A colour this near to the face's may be the rim of any other."""


def split_layers(plot: Plot, most: int = 14) -> list[tuple[Colour, Mask]]:
    """The colours of the area with their masks, most frequent first; blends go to no layer."""
    visible = plot.pixels[~plot.hidden]
    if not len(visible):
        return []
    found: list[tuple[Colour, Mask]] = []
    for colour, _ in palette(visible, plot.face, max(14, len(visible) // 20000), 3 * most):
        mask = np.asarray(near(plot.pixels, colour, 12) & ~plot.hidden)
        if mask.sum() >= _LEAST_LAYER:
            found += told_apart(plot.pixels, colour, mask)
    solid = [(c, m) for c, m in found if not _is_rim(c, m, found, plot.face)]
    return solid[:most]


def _is_rim(colour: Colour, mask: Mask, layers: list[tuple[Colour, Mask]], face: Colour) -> bool:
    """Whether a colour only lines two other colours, as their blend: anti-aliasing, however frequent."""
    thin = cv2.erode(mask.astype(np.uint8), np.ones((2, 2), np.uint8)).sum() < 0.12 * mask.sum()
    if not thin:
        return False
    if _lines_several(colour, mask, layers, face):
        return True
    others = [(face, None), *((c, m) for c, m in layers if c is not colour)]
    for index, (one, one_mask) in enumerate(others):
        for other, other_mask in others[index + 1 :]:
            if not mixes(colour, one, other):
                continue
            stronger = [m for m in (one_mask, other_mask) if m is not None]
            # The rim of a dash lies round its ends too, two pixels off where those are blended.
            if one_mask is None and _beside(mask, stronger[0], _ROUND_ENDS) > _ENDS:
                return True
            if all(_beside(mask, m) > (0.8 if one_mask is None else 0.6) for m in stronger):
                return True
    return False


def _lines_several(colour: Colour, mask: Mask, layers: list[tuple[Colour, Mask]], face: Colour) -> bool:
    """Whether a pale colour is the blend of the face with several others at once, and lies beside them."""
    if np.abs(colour - face).max() > _PALE:
        return False
    stronger = [m for c, m in layers if c is not colour and np.abs(c - face).max() > 2 * _PALE]
    return len(stronger) > 1 and _beside(mask, np.logical_or.reduce(stronger)) > _BESIDE_ALL


def mixes(colour: Colour, one: Colour, other: Colour, off: int = _OFF_WAY) -> bool:
    """Whether a colour is a blend of two others, ``off`` levels from the straight way between at most."""
    way = (other - one).astype(float)
    length = float(way @ way)
    if length < _LEAST_WAY:
        return False
    along = float((colour - one) @ way) / length
    return _ONE < along < _OTHER and float(np.abs(colour - one - along * way).max()) < off


def _beside(mask: Mask, other: Mask, reach: int = 3) -> float:
    """Share of a mask that lies in a square of so many pixels round another."""
    grown = cv2.dilate(other.astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool)
    return float((mask & grown).sum() / max(1, mask.sum()))
