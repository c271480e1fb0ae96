"""The pixels of one text line: how far each is covered by ink, without rules and neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import PageColour, commonest, distance
from critic.types import Box
from renderers.types import Image

_FAINTEST = 24
_SOLID = 0.35
_VERY = 2
_LEAST_LETTERS, _MOST_LETTERS = 0.03, 0.6
"""Which part of a line's pixels is the very colour of its letters."""
_ONE_SHADE = 0.75
"""Part of the ground that is nearly of one shade where it is no photograph; rims of letters are not."""
_TOUCHED, _HALF = 0.2, 0.5
"""Cover from which a pixel is inked at all, and from which mostly: its colour is the ink's then."""

_UNTOUCHED = 0.1
"""Cover below which a pixel of a photograph is all ground."""

_OF_GROUND = 12
"""Channel levels from the commonest shade's middle within which a pixel is ground: a shade is 16 wide."""

_ONE_COLOUR = 0.4
"""Share of the ground from which its commonest colour is its colour; a gradient has none so common."""

_LETTERS_AT_RIM = 0.1
"""Share of a region's rim that letters on a photograph cover at most; a plain ground covers most of it."""

_MANY = 100
"""Pixels of ink from which the farthest few are left out as noise."""

_INK_COLOUR = 0.2
"""Share of the farthest pixels from which their commonest colour is the ink's."""

_LEAST_HIGH, _LEAST_WIDE = 4, 2
"""Pixels a region must have for letters to be in it."""

_LEAST_RUN = 3
"""Pixels from which a run in a rule's row is a part of the rule."""

_THIN_FRAME, _THIN_SIDE = 3, 2
"""Pixels across up to which what spans the region, or stands at its side, is a box's frame."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A rule drawn with the text: its rows and columns in the picture."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink of a line.

    Attributes:
        left: Column of the picture at which ``cover`` starts.
        top: Row at which it starts.
        cover: How far each pixel is covered, 0..1; rules removed.
        cut: Whether the picture's rim cuts the letters.
        strength: How far the ink that counts as full cover is from the ground.
        pixels: The picture under it.
        ground: The colour behind.
        colour: The colour of the ink.
        strips: Underlines and strike-throughs.
    """

    left: int
    top: int
    cover: NDArray[np.float32]
    pixels: Image
    ground: PageColour
    colour: PageColour
    strips: tuple[Strip, ...]
    cut: bool = False
    strength: float = 255.0

    @property
    def region(self) -> Box:
        """Where it was looked for."""
        height, width = self.cover.shape
        return Box(self.left, self.top, self.left + width, self.top + height)

    @property
    def box(self) -> Box:
        """The ink's bounds to a fraction of a pixel."""
        rows, columns = self.cover.max(axis=1), self.cover.max(axis=0)
        y0, y1 = _bounds(rows)
        x0, x1 = _bounds(columns)
        return Box(self.left + x0, self.top + y0, self.left + x1, self.top + y1)


def _bounds(profile: NDArray[np.float32]) -> tuple[float, float]:
    """First and last place that is inked; a partly covered pixel counts in part."""
    (places,) = np.nonzero(profile > _TOUCHED)
    first, last = int(places[0]), int(places[-1])
    return first + 1.0 - min(1.0, float(profile[first])), last + min(1.0, float(profile[last]))


def ground_of(pixels: Image) -> PageColour:
    """The colour behind a line: the middle of its commonest shade (a gradient has no single colour)."""
    flat = pixels.reshape(-1, 3)
    coarse = (flat >> 4).astype(np.int32)
    codes = (coarse[:, 0] << 8) | (coarse[:, 1] << 4) | coarse[:, 2]
    chosen = flat[codes == np.bincount(codes).argmax()]
    near = flat[distance(flat, np.median(chosen, axis=0)) <= _OF_GROUND]
    colour, share = commonest(near)
    if share >= _ONE_COLOUR:
        return colour
    return np.asarray(np.median(near, axis=0), dtype=np.int16)


def cover_on_picture(pixels: Image) -> NDArray[np.float32] | None:
    """How far letters of one colour cover a photograph; None where the ground is no photograph.

    A photograph has no single shade, and what is flat on it is the text: white letters, mostly.
    """
    colour, share = commonest(pixels)
    away = distance(pixels, colour).astype(np.float32)
    rest = pixels[away > 2 * _FAINTEST]
    if not _LEAST_LETTERS <= share <= _MOST_LETTERS or len(rest) < 0.3 * away.size:
        return None
    rim = np.concatenate([away[0], away[-1], away[:, 0], away[:, -1]])
    if (rim <= _FAINTEST).mean() > _LETTERS_AT_RIM or (
        distance(rest, ground_of(rest)) <= _FAINTEST
    ).mean() > _ONE_SHADE:
        return None
    contrast = float(np.percentile(away[away > 2 * _FAINTEST], 25))
    cover = np.asarray(np.clip(1 - away / contrast, 0, 1), dtype=np.float32)
    # the rim of a letter is beside its very colour; bright places of the photograph only come near it
    letters = cv2.dilate((away <= _VERY).astype(np.uint8), np.ones((3, 3), np.uint8))
    cover[letters == 0] = 0
    return cover


def colour_of(pixels: NDArray[np.uint8], ground: PageColour) -> PageColour:
    """The colour of ink: of the pixels farthest from the ground."""
    flat = pixels.reshape(-1, 3)
    away = distance(flat, ground)
    far = np.percentile(away, 99) if len(away) > _MANY else away.max(initial=0)
    colour, share = commonest(flat[away >= max(1.0, 0.92 * float(far))])
    if share >= _INK_COLOUR:
        return colour
    return np.asarray(np.median(flat[away >= max(1.0, 0.97 * float(far))], axis=0), dtype=np.int16)


def find_ink(image: Image, region: Box, letters: int) -> Ink | None:
    """The ink of a text line; None where there is nothing to see.

    Args:
        image: The picture.
        region: Where to look, in whole pixels; it holds the line and a little around it.
        letters: How many letters it has.
    """
    x0, y0, x1, y1 = (int(value) for value in region)
    pixels = image[y0:y1, x0:x1]
    if pixels.shape[0] < _LEAST_HIGH or pixels.shape[1] < _LEAST_WIDE:
        return None
    ground, strength = ground_of(pixels), 255.0
    on_picture = cover_on_picture(pixels)
    if on_picture is None:
        away = distance(pixels, ground).astype(np.float32)
        if away.max() < _FAINTEST:
            return None
        strength = max(float(np.percentile(away[away > _FAINTEST / 2], 95)), 1.0)
        cover = np.clip(away / strength, 0, 1)
        cover = np.where(away > _FAINTEST / 2, cover, 0).astype(np.float32)
    else:
        cover = on_picture
        ground = np.asarray(np.median(pixels[cover < _UNTOUCHED], axis=0), dtype=np.int16)
    strips = _take_strips(cover, letters) if letters > 1 else []
    _drop_neighbours(cover, at_top=y0 <= 0, at_bottom=y1 >= len(image))
    strips = [strip for strip in strips if strip.bottom > 0.25 * len(cover)]
    if not (cover > _SOLID).any():
        return None
    colour = colour_of(pixels[cover > _HALF] if (cover > _HALF).any() else pixels, ground)
    placed = tuple(Strip(s.top + y0, s.bottom + y0, s.left + x0, s.right + x0) for s in strips)
    cut = bool((y1 >= len(image) and cover[-1].max() > _SOLID) or (y0 <= 0 and cover[0].max() > _SOLID))
    return Ink(x0, y0, cover, pixels, ground, colour, placed, cut, strength)


def _take_strips(cover: NDArray[np.float32], letters: int) -> list[Strip]:
    """Find rules longer than letters' strokes, and wipe them out of ``cover``."""
    height, width = cover.shape
    inked = np.nonzero((cover > _SOLID).any(axis=0))[0]
    span = int(inked[-1] - inked[0] + 1) if len(inked) else width
    needed = min(1.3 * height, max(0.8 * span, 2.2 * span / letters, 6.0))
    rows: dict[int, list[tuple[int, int]]] = {}
    for row in range(height):
        runs = _runs(cover[row] > _SOLID)
        if any(stop - start >= needed for start, stop in runs):
            rows[row] = [run for run in runs if run[1] - run[0] >= _LEAST_RUN]
    strips = []
    for group in _neighbouring(sorted(rows)):
        if len(group) > max(3, height // 6):
            continue
        runs = sorted({run for row in group for run in rows[row]})
        for start, stop in _joined(runs, gap=height // 2):
            if stop - start >= min(needed, 0.5 * height):
                strips.append(Strip(group[0], group[-1] + 1, start, stop))
        for row in group:
            for start, stop in rows[row]:
                cover[row, start:stop] = 0
        for row in (group[0] - 1, group[-1] + 1):  # a rule's soft edge
            if 0 <= row < height:
                for start, stop in runs:
                    cover[row, start:stop][cover[row, start:stop] < _SOLID] = 0
    return strips


def _drop_neighbours(cover: NDArray[np.float32], *, at_top: bool, at_bottom: bool) -> None:
    """Wipe out what reaches in from outside: the next line's tails, a box's frame."""
    height, width = cover.shape
    above, below = _band(cover)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (cover > _TOUCHED).astype(np.uint8), connectivity=8
    )
    for label in range(1, count):
        left, top, wide, high, _ = stats[label]
        bottom = top + high
        beside = left == 0 or left + wide == width
        rim = (top == 0 and not at_top) or (bottom == height and not at_bottom)
        sliver = rim and high <= max(2, 0.3 * height)
        corner = rim and beside and max(wide, high) <= 0.6 * height  # outside a rounded box
        frame = (beside and high >= 0.9 * height) or (wide >= 0.9 * width and high <= _THIN_FRAME)
        if sliver or corner or frame or (beside and wide <= _THIN_SIDE) or bottom <= above or top >= below:
            cover[labels == label] = 0


def _band(cover: NDArray[np.float32]) -> tuple[float, float]:
    """The rows between which the line's own letters must reach: around its densest rows."""
    height = len(cover)
    rows = cover.sum(axis=1)
    (dense,) = np.nonzero(rows > 0.35 * rows.max(initial=0.0))
    if not len(dense):
        return 0.0, float(height)
    middle = float(np.median(dense))
    return min(middle - 0.28 * height, float(dense[0])), max(middle + 0.28 * height, float(dense[-1] + 1))


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _neighbouring(rows: list[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for row in rows:
        if groups and row == groups[-1][-1] + 1:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _joined(runs: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined
