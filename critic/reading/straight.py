"""Scans and photographs of documents made straight and evenly lit, as a screen would show them.

What is straight and even already, as all that a program drew is, stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.types import Image

Corners = tuple[tuple[float, float], ...]

_SMALLEST = 160
"""Pixels of the shorter side below which there is too little to measure an angle by."""

_LOOKED_AT = 900
"""Pixels along the longer side at which angles are measured."""

_STEEPEST = 12.0
"""Degrees that a page may be turned by; further, it was not laid askew by accident."""

_COARSE, _FINE = 0.5, 0.05
"""Degrees between the angles that are tried, first and then."""

_LEAST = 0.3
"""Degrees from which it is worth turning: a row of 1000 pixels rises by five."""

_GAIN = 1.25
"""How much sharper rows must be at the angle than level: text that is level is sharpest as it is."""

_LETTERS = 12
"""Outlines of letter size that a document has at least; those of a word may touch and count as one."""

_LOWEST, _HIGHEST, _BROADEST = 5, 48, 90
_EDGE = 50
"""Levels of a letter's outline."""

_FLAT = 0.12
"""Share of a picture that has exactly its commonest colour, from which its ground was drawn, not lit."""

_PALE = 90
"""Levels of the darkest ground of paper: what is darker is no paper in a shadow."""

_GROUND = 0.03
"""Size of the patches whose brightest part is the ground, of the longer side: larger than letters."""

_UNEVEN = 8.0
"""Levels by which the ground differs over a picture from which its light is evened."""

_WHITE = 0.95
"""Share of the ground's light from which a pixel is white: grain that is left is below the rest."""

_BRIGHT, _MOSTLY = 240, 0.5
"""Level from which a pixel is white, and the share of such ones from which a picture is of paper."""

_LARGE = 0.25
"""Share of the picture that a sheet covers at least."""

_WHOLE = 0.97
"""Share that is no sheet on something, but all that there is."""

_RIM, _LEAST_RIM = 0.006, 2
"""Share of its shorter side, and pixels, by which a flattened sheet is cut at each side: its outline is known
to a pixel or two, and a dark rim would be read as a rule."""

_CORNERS = 4


@dataclass(frozen=True, slots=True)
class Correction:
    """What was done to a picture.

    Attributes:
        degrees: It was turned by, counter-clockwise.
        corners: Of the sheet that was made a rectangle, from the top left clockwise, in its pixels; none
            where it was not seen at a slant.
        evened: Whether its light was.
    """

    degrees: float = 0.0
    corners: Corners = ()
    evened: bool = False

    def to_json(self) -> dict[str, Any]:
        """As ``run.json`` has it."""
        return {
            "degrees": round(self.degrees, 2),
            "corners": [[round(x, 1), round(y, 1)] for x, y in self.corners],
            "evened": self.evened,
        }

    def __str__(self) -> str:
        """In words."""
        done = ["the sheet made a rectangle"] if self.corners else []
        done += [f"turned by {self.degrees:.1f} degrees"] if self.degrees else []
        done += ["its light evened"] if self.evened else []
        return f"a scan or photograph: {', '.join(done)}; it is compared as corrected"


def straightened(picture: Image) -> tuple[Image, Correction | None]:
    """A picture of a document as it would be on a screen; the same picture and None where it is that already.

    Args:
        picture: RGB pixels.
    """
    if min(picture.shape[:2]) < _SMALLEST or _letters(picture) < _LETTERS:
        return picture, None
    lit = not _is_drawn(picture)
    corners = _sheet(picture) if lit else ()
    flat = _flattened(picture, corners) if corners else picture
    degrees = _skew(flat)
    if degrees:
        flat = _turned(flat, degrees)
    light = _evened(flat) if lit and _is_uneven(flat) else flat
    evened = light is not flat and _is_paper(light)
    if evened:
        flat = light
    if not (corners or degrees or evened):
        return picture, None
    return flat, Correction(degrees, corners, evened)


def _grey(picture: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _letters(picture: Image) -> int:
    edges = cv2.morphologyEx(_grey(picture), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > _EDGE
    count, _, stats, _ = cv2.connectedComponentsWithStats(edges.astype(np.uint8), connectivity=8)
    high, wide = stats[1:count, cv2.CC_STAT_HEIGHT], stats[1:count, cv2.CC_STAT_WIDTH]
    return int(((high >= _LOWEST) & (high <= _HIGHEST) & (wide <= _BROADEST) & (wide > 1)).sum())


def _is_drawn(picture: Image) -> bool:
    """Whether a ground of one exact colour shows that a program drew it."""
    packed = picture.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    _, counts = np.unique(packed, return_counts=True)
    return bool(counts.max() >= _FLAT * packed.size)


def _skew(picture: Image) -> float:
    """Degrees by which rows rise to the right; 0 where they are level, or nothing tells."""
    grey = _grey(picture)
    scale = min(1.0, _LOOKED_AT / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = np.abs(small.astype(np.float32) - cv2.medianBlur(small, 31).astype(np.float32))
    ink = np.where(ink > _EDGE / 2, ink, 0).astype(np.float32)
    level = _sharpness(ink, 0.0)
    coarse = np.arange(-_STEEPEST, _STEEPEST + _COARSE, _COARSE)
    best = max(coarse, key=lambda angle: _sharpness(ink, float(angle)))
    fine = np.arange(best - _COARSE, best + _COARSE + _FINE, _FINE)
    angle = float(max(fine, key=lambda angle: _sharpness(ink, float(angle))))
    if abs(angle) < _LEAST or abs(angle) >= _STEEPEST or _sharpness(ink, angle) < _GAIN * level:
        return 0.0
    return -angle


def _sharpness(ink: NDArray[np.float32], degrees: float) -> float:
    """How much rows of pixels differ from the next ones, once turned."""
    rows = _turned_grey(ink, degrees).sum(axis=1)
    return float((np.diff(rows) ** 2).sum())


def _turned_grey(ink: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR), np.float32)


def _turned(picture: Image, degrees: float) -> Image:
    """A picture turned counter-clockwise, on as much of its ground as that needs."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = round(height * sin + width * cos), round(height * cos + width * sin)
    turn[:, 2] += (wide - width) / 2, (high - height) / 2
    ground = [float(value) for value in np.median(_border(picture), axis=0)]
    return np.asarray(
        cv2.warpAffine(picture, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=ground), np.uint8
    )


def _border(picture: Image) -> NDArray[np.uint8]:
    return np.concatenate((picture[0], picture[-1], picture[:, 0], picture[:, -1]))


def _is_uneven(picture: Image) -> bool:
    ground = _ground(_grey(picture))
    low, high = np.percentile(ground, [2, 98])
    return bool(high >= _PALE and (high - low > _UNEVEN or not _is_drawn(picture)))


def _is_paper(picture: Image) -> bool:
    """Whether most of it is white, now that its light is even."""
    return bool((picture.min(axis=2) >= _BRIGHT).mean() >= _MOSTLY)


def _ground(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The light of the paper behind each pixel."""
    size = max(9, 2 * round(_GROUND * max(grey.shape) / 2) + 1)
    quiet = cv2.medianBlur(grey, 3)
    paper = cv2.morphologyEx(quiet, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return np.asarray(cv2.GaussianBlur(paper, (2 * size + 1, 2 * size + 1), 0), np.float32)


def _evened(picture: Image) -> Image:
    """The paper white, whatever fell on it, its grain gone, and the ink as dark as it was."""
    quiet = np.asarray(cv2.fastNlMeansDenoisingColored(picture, None, 6, 6, 5, 15), np.uint8)
    share = quiet.astype(np.float32) / np.maximum(_ground(_grey(quiet)), 1)[:, :, None]
    return np.asarray(np.clip(share / _WHITE * 255, 0, 255), np.uint8)


def _sheet(picture: Image) -> Corners:
    """The corners of a sheet that was seen at a slant; none where there is no such thing."""
    grey = cv2.GaussianBlur(_grey(picture), (5, 5), 0)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return ()
    largest = max(outlines, key=cv2.contourArea)
    area = cv2.contourArea(largest)
    if not _LARGE * grey.size <= area <= _WHOLE * grey.size:
        return ()
    shape = cv2.approxPolyDP(largest, 0.02 * cv2.arcLength(largest, True), True).reshape(-1, 2)
    if len(shape) != _CORNERS or not cv2.isContourConvex(shape):
        return ()
    return _ordered(np.asarray(shape, np.int64))


def _ordered(shape: NDArray[np.int64]) -> Corners:
    """Four corners from the top left clockwise."""
    total, apart = shape.sum(axis=1), np.diff(shape, axis=1).reshape(-1)
    chosen = (np.argmin(total), np.argmin(apart), np.argmax(total), np.argmax(apart))
    return tuple((float(shape[index][0]), float(shape[index][1])) for index in chosen)


def _flattened(picture: Image, corners: Corners) -> Image:
    """A sheet as a rectangle that is as large as its longer sides, without its rim."""
    a, b, c, d = (np.array(corner) for corner in corners)
    wide = round(max(np.linalg.norm(b - a), np.linalg.norm(c - d)))
    high = round(max(np.linalg.norm(d - a), np.linalg.norm(c - b)))
    there = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    change = cv2.getPerspectiveTransform(np.array(corners, np.float32), there)
    flat = cv2.warpPerspective(picture, change, (int(wide), int(high)), flags=cv2.INTER_CUBIC)
    rim = max(_LEAST_RIM, round(_RIM * min(flat.shape[:2])))
    return np.asarray(flat[rim:-rim, rim:-rim], np.uint8)
