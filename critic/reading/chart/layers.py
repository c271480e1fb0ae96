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
_THIN = 0.12
"""Share of a mask that is two pixels across, below which it is a thin line's or a rim's."""
_AROUND, _FAINT_SHARE, _SPREAD = 5, 0.15, 0.5
"""Pixels across the square round the full colour in which its rims lie; share of it from which a pixel is
told from the face; and share of a line's blends in one shade, below which no shade is the line's own: of
gnuplot's lines of one pixel the commonest has 0.23."""
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
    return [(c, m) for c, m in solid if not _is_thinned(plot, c, m, solid)][:most]


def _is_thinned(plot: Plot, colour: Colour, mask: Mask, layers: list[tuple[Colour, Mask]]) -> bool:
    """Whether a colour is one of the many blends that a line thinner than a pixel or two is drawn in.

    The full colour is elsewhere then, in the line's markers. A pale series has nearly all of its ink in one
    shade; blends are spread over all of the way to the full colour.
    """
    if not _is_thin(mask):
        return False
    for full, full_mask in layers:
        if full is colour or not mixes(colour, plot.face, full):
            continue
        way = (full - plot.face).astype(float)
        away = plot.pixels.astype(float) - plot.face
        share = away @ way / float(way @ way)
        on_way = np.abs(away - share[..., None] * way).max(axis=2) < _OFF_WAY
        around = cv2.dilate(full_mask.astype(np.uint8), np.ones((_AROUND, _AROUND), np.uint8)) > 0
        blends = on_way & (share > _FAINT_SHARE) & ~around & ~plot.hidden
        if (mask & blends).sum() < _SPREAD * blends.sum():
            return True
    return False


def _is_rim(colour: Colour, mask: Mask, layers: list[tuple[Colour, Mask]], face: Colour) -> bool:
    """Whether a colour only lines two other colours, as their blend: anti-aliasing, however frequent."""
    if not _is_thin(mask):
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


def _is_thin(mask: Mask) -> bool:
    """Whether hardly any of a mask is two pixels across."""
    return bool(cv2.erode(mask.astype(np.uint8), np.ones((2, 2), np.uint8)).sum() < _THIN * mask.sum())


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
