"""Slanted tick labels: their angle from the shape of their ink, their tick from the nearest corner."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import far, mode_colour
from critic.reading.chart.description import Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.glyphs import ink
from critic.reading.chart.words import cut
from renderers.types import Image

_ANGLES = (15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75)
_SIZES = (7.0, 8.0, 8.33, 9.0, 10.0, 12.0)
_REACH = 22
"""A slanted label starts at most this far outside the frame."""
_LEAST = 2
"""Labels whose common slant can be told: one alone may be anything."""
_OVERLAP = -3
"""Pixels that a slanted label's box may reach into the frame: OCR's margin."""
_LEAST_TALL = 18
"""Pixels: upright labels of up to 12 pt are lower."""
_SHORT = 2
"""Letters up to which a text is as high as wide, whatever its slant."""
_LEAST_INK = 8
"""Pixels of ink below which its slant is not told."""


def slanted_on(
    image: Image, texts: list[Text], frame: Frame, side: str, marks: list[float], dpi: float
) -> list[tuple[float, Text]]:
    """The slanted texts that end (or begin) at the ticks of the bottom or top side."""
    candidates = [text for text in texts if _stands_at(text, frame, side)]
    if len(candidates) < _LEAST:
        return []
    angle, size = _common_angle(candidates, dpi)
    if angle == 0:
        return []
    rises = sum(_rise(image, text, angle) for text in candidates) >= 0
    gap = float(np.median(np.diff(sorted(marks)))) if len(marks) > 1 else 40.0
    ends_here = rises == (side == "bottom")
    best: dict[float, tuple[float, Text]] = {}
    for text in candidates:
        corner = text.box.x1 - 6 if ends_here else text.box.x0 + 6
        mark = min(marks, key=lambda m: abs(m - corner))
        off = abs(mark - corner)
        if off < max(9.0, 0.55 * gap) and (mark not in best or off < best[mark][0]):
            turned = text.model_copy(update={"rotation": float(angle if rises else -angle), "size": size})
            best[mark] = (off, turned)
    return sorted(((mark, text) for mark, (_, text) in best.items()), key=lambda pair: pair[0])


def _stands_at(text: Text, frame: Frame, side: str) -> bool:
    near = text.box.y0 - frame.bottom if side == "bottom" else frame.top - text.box.y1
    tall = text.box.height
    beside = frame.left - 90 < text.box.x1 and text.box.x0 < frame.right + 90
    return _OVERLAP <= near <= _REACH and tall >= _LEAST_TALL and len(text.text) > _SHORT and beside


def _common_angle(texts: list[Text], dpi: float) -> tuple[int, float]:
    """The angle and size at which all texts together fill their boxes best; 0 where they are upright."""
    best, least = (0, 10.0), 1e9
    for size in _SIZES:
        shapes = [ink(text.text, size, dpi).pixels.shape for text in texts]
        for angle in (0, *_ANGLES):
            turn = np.deg2rad(angle)
            misses = []
            for text, (height, length) in zip(texts, shapes, strict=True):
                w = length * np.cos(turn) + height * np.sin(turn)
                h = length * np.sin(turn) + height * np.cos(turn)
                wide, tall = text.box.width, text.box.height
                # Neighbours' ink makes boxes larger, never smaller.
                misses.append(
                    min(abs(w - wide), 15)
                    + min(abs(h - tall), 15)
                    + 2 * max(0, w - wide)
                    + 2 * max(0, h - tall)
                )
            miss = float(np.mean(misses)) + (0 if size in (8.0, 10.0) else 4) + (0 if angle % 15 == 0 else 3)
            if miss < least:
                best, least = (angle, size), miss
    return best


def _rise(image: Image, text: Text, angle: float) -> float:
    """How much more of a text's ink lies in lines if it runs up than if it runs down; 0 without ink.

    Laid level, letters share few rows; turned the wrong way, they spread over all. What of its neighbours
    lies in its box runs as it does.
    """
    region, _, _ = cut(image, text.box)
    mask = far(region, mode_colour(region), 60)
    if mask.sum() < _LEAST_INK:
        return 0.0
    return _levelled(mask, -angle) - _levelled(mask, angle)


def _levelled(mask: NDArray[np.bool_], angle: float) -> float:
    """How unevenly ink is spread over the rows once it is turned by so many degrees, counter-clockwise."""
    side = int(np.ceil(np.hypot(*mask.shape)))
    turn = cv2.getRotationMatrix2D((mask.shape[1] / 2, mask.shape[0] / 2), angle, 1.0)
    turn[:, 2] += (side - mask.shape[1]) / 2, (side - mask.shape[0]) / 2
    rows = cv2.warpAffine(mask.astype(np.float32), turn, (side, side)).sum(axis=1)
    return float(np.square(rows / rows.sum()).sum())
