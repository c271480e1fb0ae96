"""The same window of two pictures, compared without reading what it shows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import distance
from critic.reading.page.ink import ground_of
from critic.types import Box
from renderers.types import Image

Cover = NDArray[np.float32]

_STEPS = (-1, 0, 1)
_FAINT = 10
_OTHER_COLOUR = 44

_EDGE = 12
"""Channel levels between neighbours from which there is something to see: gradients and noise step less."""

_LEAST_SIDE = 5
"""Pixels of the shorter side from which windows are compared at shifts, which take a rim of one off."""

_LEAST_TEXT = 7
"""Pixels from which lines of text are compared at shifts, which take a rim of up to two off."""

_SHOWN = 0.5
"""Ink, in wholly covered pixels, above which a stretch about a letter wide shows something."""

_SOLID = 0.75
"""Cover above which a pixel has the ink's own colour rather than a mixture with the ground."""

_LEAST_SOLID = 6
"""Pixels of the ink's own colour from which its colour can be told."""

_GOOD_PART = 0.15
"""Share of those pixels above which another colour is not a matter of how the letters fall on the grid."""


def cut(image: Image, box: Box) -> Image:
    """The part of the picture inside the box; empty where they do not meet."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(np.floor(box.x0))), max(0, int(np.floor(box.y0)))
    x1, y1 = min(width, int(np.ceil(box.x1))), min(height, int(np.ceil(box.y1)))
    return image[y0 : max(y0, y1), x0 : max(x0, x1)]


def is_plain(pixels: Image) -> bool:
    """Whether there is nothing to see but a flat or smoothly changing ground."""
    if pixels.size == 0:
        return True
    values = pixels.astype(np.int16)
    steps = [np.abs(np.diff(values, axis=axis)).max(initial=0) for axis in (0, 1)]
    return bool(max(steps) < _EDGE)


def unlike(first: Image, second: Image) -> float:
    """How different two windows are, 0 for equal up to a pixel's shift, about 1 for unrelated ones.

    The sum of differences against the sum of what there is to see, at the best of nine shifts: letters that
    fall differently on the pixel grid are no difference.
    """
    if first.shape != second.shape or min(first.shape[:2]) < _LEAST_SIDE:
        return 0.0 if np.array_equal(first, second) else 1.0
    a = first.astype(np.float32)
    b = second.astype(np.float32)
    inner = a[1:-1, 1:-1]
    seen = float(_detail(first) + _detail(second)) / 2
    least = np.inf
    for dy in _STEPS:
        for dx in _STEPS:
            moved = b[1 + dy : b.shape[0] - 1 + dy, 1 + dx : b.shape[1] - 1 + dx]
            least = min(least, float(np.abs(inner - moved).max(axis=2).sum()))
    return least / max(seen, 1.0)


def _detail(pixels: Image) -> float:
    """How much there is to see: the sum of distances from the commonest shade."""
    flat = pixels.reshape(-1, 3)
    ground = np.median(flat, axis=0)
    return float(distance(flat, ground).sum())


def cover(pixels: Image) -> Cover:
    """How far each pixel is covered by ink, whatever the colours: 0 the ground, 1 the ink."""
    away = distance(pixels, ground_of(pixels)).astype(np.float32)
    seen = away[away > _FAINT]
    scale = float(np.percentile(seen, 90)) if len(seen) else 1.0
    return np.asarray(np.clip(np.where(away > _FAINT, away, 0) / max(scale, 1.0), 0, 1), dtype=np.float32)


def stretches(first: Cover, second: Cover) -> Cover:
    """How different two lines of text are, column by column, each about a letter wide: 0 alike, 1 not at all.

    As ``unlike``, but along the line, and each stretch at its own best shift: a line a little wider than
    another drifts away from it without being another text.
    """
    if first.shape != second.shape or min(first.shape) < _LEAST_TEXT:
        same = np.array_equal(first, second)
        return np.full(max(1, first.shape[1]), 0.0 if same else 1.0, dtype=np.float32)
    span = max(5, int(0.6 * first.shape[0]))
    inner = first[1:-1, 2:-2]
    least: Cover | None = None
    for dy in _STEPS:
        for dx in (-2, -1, 0, 1, 2):
            moved = second[1 + dy : first.shape[0] - 1 + dy, 2 + dx : first.shape[1] - 2 + dx]
            apart = _along(np.abs(inner - moved).sum(axis=0), span)
            least = apart if least is None else np.minimum(least, apart)
    assert least is not None
    shown = (_along(inner.sum(axis=0), span) + _along(second[1:-1, 2:-2].sum(axis=0), span)) / 2
    usual = float(np.median(shown[shown > _SHOWN])) if (shown > _SHOWN).any() else 1.0
    return np.asarray(np.pad(least / np.maximum(shown, 0.5 * usual), 2), dtype=np.float32)


def _along(columns: Cover, span: int) -> Cover:
    return np.asarray(np.convolve(columns, np.ones(span, dtype=np.float32), "same"), dtype=np.float32)


def recoloured(first: Image, second: Image, ink: Cover, other: Cover) -> bool:
    """Whether a good part of the ink that both windows show has another colour."""
    solid = (ink > _SOLID) & (other > _SOLID)
    if solid.sum() < _LEAST_SOLID:
        return False
    return bool((distance(first[solid], second[solid]) > _OTHER_COLOUR).mean() > _GOOD_PART)


def alike(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Correlation of two covers stretched to one size, 1 for the same shapes."""
    height = max(first.shape[0], second.shape[0], 8)
    width = max(first.shape[1], second.shape[1], 8)
    a, b = (
        np.asarray(
            cv2.GaussianBlur(cv2.resize(c, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 1.0),
            dtype=np.float32,
        )
        for c in (first, second)
    )
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


def find(template: Image, image: Image) -> tuple[int, int, float]:
    """Where in the picture a template fits best, and how well (normalised correlation)."""
    scores = cv2.matchTemplate(image, np.ascontiguousarray(template), cv2.TM_CCOEFF_NORMED)
    scores = np.nan_to_num(scores, nan=-1.0, posinf=-1.0, neginf=-1.0)
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    return int(x), int(y), float(best)
