"""The inks of a crowd: which colours, in which order and how translucent, explain the colours of overlaps.

Discs of one group over each other show ``face``, then one step towards the group's colour for each disc: the
flat places between the rims take few colours, and those tell the inks.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.plot import Mask
from renderers.types import Image

Colours = NDArray[np.float64]

_ALPHAS = tuple(np.round(np.arange(0.1, 0.96, 0.05), 2))
_MOST_INKS = 4
_CANDIDATES = 10
"""Frequent colours that are tried as a group's own, over the bare face."""
_DEEP = 3
"""Discs over each other up to which colours are explained."""
_NEAR = 3.5
"""Channel difference of a colour that is explained."""
_GAIN = 0.04
"""Share of the flat pixels that another group must explain."""
_OPAQUE, _SHINING = 0.9, 0.01
"""The alpha from which discs may be opaque, and the share of flat pixels that shows that they are not."""
_CONTRAST = 12
"""Channel difference from the face of one disc's colour."""
_FLAT = 2
"""Levels between a flat pixel and its neighbours at most."""
_BARE = 4
"""Levels from the face within which nothing is drawn."""
_LEAST = 200
"""Flat pixels on discs from which their colours say something."""
_SAME = 1.5
"""Levels within which two colours are one: both are rounded."""
_DARKEST, _BRIGHTEST = -4, 259
"""What a channel of a disc's own colour comes to, told from a rounded blend: 0..255, and four more."""


class Inks(NamedTuple):
    """The groups of a crowd, in the order in which they are drawn.

    Attributes:
        face: The colour beneath.
        colours: One row of red, green and blue for each group.
        alpha: Of every disc.
        share: Of the flat pixels that are explained.
        deep: Of the flat pixels that show several discs over each other.
    """

    face: Colours
    colours: Colours
    alpha: float
    share: float = 1.0
    deep: float = 1.0

    def written(self) -> Inks:
        """As they would be drawn: opaque where nothing shows that anything shines through."""
        if self.alpha < _OPAQUE or self.deep >= _SHINING:
            return self
        return self._replace(colours=self.face + (self.colours - self.face) * self.alpha, alpha=1.0)

    def over(self, counts: NDArray[np.float64]) -> Colours:
        """The colours where so many discs of each group lie over each other (last axis: groups)."""
        seen = np.broadcast_to(self.face, (*counts.shape[:-1], 3))
        for index, colour in enumerate(self.colours):
            left = ((1 - self.alpha) ** counts[..., index])[..., None]
            seen = colour + (seen - colour) * left
        return np.asarray(seen)


def flat_pixels(pixels: Image, known: Mask) -> Mask:
    """Where no rim passes: a pixel's neighbours have its colour."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    spread = cv2.dilate(pixels, cross).astype(np.int16) - cv2.erode(pixels, cross)
    inner = cv2.erode(known.astype(np.uint8), cross).astype(bool)
    return np.asarray((spread.max(axis=2) <= _FLAT) & inner)


def find_inks(pixels: Image, known: Mask, face: Colours) -> Inks | None:
    """The fewest groups that explain most flat colours; None where translucent discs do not."""
    shown = pixels[flat_pixels(pixels, known)]
    shown = shown[np.abs(shown - face).max(axis=1) > _BARE]
    if len(shown) < _LEAST:
        return None
    colours, weights = _frequent(shown)
    best: tuple[float, Inks] | None = None
    for alpha in _ALPHAS:
        found = _explained(colours, weights, face, float(alpha))
        if found is not None:
            score = found.share - _GAIN * len(found.colours)
            if best is None or score > best[0]:
                best = score, found
    return best[1] if best else None


def _frequent(shown: NDArray[np.uint8]) -> tuple[Colours, NDArray[np.float64]]:
    """Distinct colours, those within a level of a more frequent one added to it, and their shares."""
    keys, counts = np.unique(shown.astype(np.int64) @ np.array([65536, 256, 1]), return_counts=True)
    order = np.argsort(-counts)[:600]
    every = np.stack([keys[order] >> 16, keys[order] >> 8 & 255, keys[order] & 255], axis=1).astype(float)
    kept: list[int] = []
    weights: list[float] = []
    for index, colour in enumerate(every):
        close = np.abs(every[kept] - colour).max(axis=1) <= _SAME if kept else np.zeros(0, bool)
        if close.any():
            weights[int(close.argmax())] += float(counts[order[index]])
        else:
            kept.append(index)
            weights.append(float(counts[order[index]]))
    ranked = np.argsort(-np.array(weights))[:250]
    return every[np.array(kept)[ranked]], np.array(weights)[ranked] / len(shown)


def _explained(colours: Colours, weights: NDArray[np.float64], face: Colours, alpha: float) -> Inks | None:
    """Groups added one by one, wherever in the order they explain the most."""
    chosen = np.zeros((0, 3))
    share = 0.0
    explained = np.zeros(len(colours), bool)
    while len(chosen) < _MOST_INKS:
        best: tuple[float, Colours] | None = None
        for index in np.where(~explained)[0][:_CANDIDATES]:
            if np.abs(colours[index] - face).max() < _CONTRAST:
                continue
            own = face + (colours[index] - face) / alpha
            if own.min() < _DARKEST or own.max() > _BRIGHTEST:
                continue
            for place in range(len(chosen) + 1):
                trial = np.insert(chosen, place, np.clip(own, 0, 255), axis=0)
                value = float(weights[_told(colours, Inks(face, trial, alpha))].sum())
                if best is None or value > best[0] + 1e-9:
                    best = value, trial
        if best is None or best[0] < share + _GAIN:
            break
        share, chosen = best
        explained = _told(colours, Inks(face, chosen, alpha))
    if not len(chosen):
        return None
    single = _told(colours, Inks(face, chosen, alpha), deep=1)
    return Inks(face, chosen, alpha, share, float(weights[explained & ~single].sum()))


def _told(colours: Colours, inks: Inks, deep: int = _DEEP) -> NDArray[np.bool_]:
    """Which colours so many discs over each other, or fewer, show."""
    shades = inks.over(combinations(len(inks.colours), deep).astype(float))
    return np.asarray(np.abs(colours[:, None] - shades[None]).max(axis=2).min(axis=1) <= _NEAR)


def combinations(groups: int, deep: int) -> NDArray[np.int_]:
    """All numbers of discs of each group that are ``deep`` or fewer in sum, the fewest first."""
    every = [c for c in itertools.product(range(deep + 1), repeat=groups) if sum(c) <= deep]
    return np.array(sorted(every, key=sum))
