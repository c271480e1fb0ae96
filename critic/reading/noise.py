"""Lossy pictures made flat again: what JPEG leaves around edges is taken off before a picture is read.

A drawn picture has few colours, each exact over areas and along lines. JPEG gives every pixel near an edge a
lightness of its own, and lets hues bleed into one another, as it stores them at half the size. Here each
pixel gets back the colour of a neighbouring area from which its lightness hardly differs, unless a whole run
of pixels differs alike: that is a line.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from critic.reading.reader import Reader
from renderers.types import Image

_Array = np.ndarray[Any, np.dtype[Any]]

_NEAR = 8
"""Values from the commonest colour within which noise is looked for."""

_APART = 2
"""Pixels from any other colour within which colours are blended by drawing as well."""

_NOISE_COLOURS = 25
_NOISE_SHARE = 0.005
"""So many colours beyond, on so many of all pixels, are noise: none of 150 drawn charts has them, and each of
15 of them has when saved as JPEG, at qualities from 75 to 95."""

_HUE_WEIGHT = 0.25
"""What a difference in hue counts beside one in lightness."""

_SAME = 8.0
"""Difference within which pixels are of one area."""

_CORE = 5
"""Pixels across that an area has somewhere; bleeding is narrower."""

_MOST_COLOURS = 48

_REACH = 4
"""Pixels from an area within which its colour is given back."""

_SWING = 32.0
"""Difference that noise makes at most."""

_DARK = 70
_WEAK_HUE = 45
"""A colour so dark and of so little hue was black or grey."""

_RUN = 25
_RUNS = ((_RUN, 1), (1, _RUN))
_LINE = 6
"""A run of so many pixels, across or down, most of which differ by so many values to one side, is a line."""

_SIDE = 4
"""Pixels from the middle of a line to what lies beside it."""
_MOST = 0.5
"""Share of a run above which it is most of it."""


def denoised(image: Image, reader: Reader) -> Image:
    """``without_noise``, once for the same pixels."""
    return reader.remember("without noise", image, without_noise)


def without_noise(image: Image) -> Image:
    """The picture as it was before it was stored with losses; the same one where it is not noisy.

    Args:
        image: RGB pixels.
    """
    if min(image.shape[:2]) < 2 * _RUN or not is_noisy(image):
        return image
    colours, areas = _areas(image)
    if not len(colours):
        return image
    toned = _toned(image)
    which, swing = _nearest(toned, colours, areas)
    target = colours[which]
    snapped = ((swing <= _SWING) & ~_of_line(swing > _SWING, which))[..., None]
    away = np.where(snapped, image.astype(np.int16) - target, 0)
    flat = np.clip(target + _along_lines(away, which), 0, 255).astype(np.uint8)
    return np.where(snapped, flat, _black_again(image, toned))


def _black_again(image: Image, toned: _Array) -> Image:
    """The picture without the hue that dark lines and letters have from what is beside them."""
    dark = (toned[..., 0] <= _DARK) & (np.abs(toned[..., 1:] - 128).max(2) <= _WEAK_HUE)
    return np.where(dark[..., None], toned[..., :1].astype(np.uint8), image)


def is_noisy(image: Image) -> bool:
    """Whether pixels near the commonest colour have ever other colours, as after JPEG."""
    colours, counts = _counted(image.reshape(-1, 3))
    away = np.abs(image.astype(np.int16) - colours[counts.argmax()]).max(2)
    around = np.ones((2 * _APART + 1, 2 * _APART + 1), np.uint8)
    noise = (away > 0) & (cv2.dilate((away > _NEAR).astype(np.uint8), around) == 0)
    if noise.mean() < _NOISE_SHARE:
        return False
    return len(_counted(image[noise])[0]) >= _NOISE_COLOURS


def _counted(pixels: _Array) -> tuple[_Array, _Array]:
    """The colours of pixels, and how many have each."""
    wide = pixels.astype(np.int32)
    keys, counts = np.unique((wide[:, 0] << 16) | (wide[:, 1] << 8) | wide[:, 2], return_counts=True)
    return np.stack([keys >> 16, (keys >> 8) & 255, keys & 255], axis=1), counts


def _toned(image: _Array) -> _Array:
    """Lightness and two hues of each pixel."""
    return cv2.cvtColor(np.ascontiguousarray(image, dtype=np.uint8), cv2.COLOR_RGB2YCrCb).astype(np.float32)


def _apart(toned: _Array, colour: _Array) -> _Array:
    """How different pixels are from a colour."""
    other = np.abs(toned - _toned(colour[None, None])[0, 0])
    return np.asarray(other[..., 0] + _HUE_WEIGHT * other[..., 1:].max(-1))


def _areas(image: Image) -> tuple[_Array, _Array]:
    """The colours of flat areas, and for each pixel which of them it is an area of, or -1."""
    smooth = np.asarray(cv2.medianBlur(image, _CORE), dtype=np.uint8)
    common, counts, place = _bins(smooth)
    toned, free = _toned(common[None])[0], np.ones(len(common), bool)
    areas = np.full(image.shape[:2], -1, np.int16)
    colours: list[_Array] = []
    core = np.ones((_CORE, _CORE), np.uint8)
    for number in np.argsort(-counts):
        if counts[number] < _CORE or len(colours) == _MOST_COLOURS:
            break
        if not free[number]:
            continue
        alike = free & (_apart(toned, common[number]) <= _SAME)
        free &= ~alike
        whole = cv2.morphologyEx(alike[place].astype(np.uint8), cv2.MORPH_OPEN, core) > 0
        if whole.any():
            areas[whole] = len(colours)
            exact, how_many = _counted(image[whole])
            colours.append(exact[how_many.argmax()])
    return np.array(colours, dtype=np.int16), areas


def _bins(image: Image) -> tuple[_Array, _Array, _Array]:
    """Colours by fours of their values: the middle of each, its pixels counted, and which each pixel has."""
    fours = (image >> 2).astype(np.int32)
    keys, place, counts = np.unique(
        (fours[..., 0] << 12) | (fours[..., 1] << 6) | fours[..., 2], return_inverse=True, return_counts=True
    )
    middles = np.stack([keys >> 12, (keys >> 6) & 63, keys & 63], axis=1) * 4 + 2
    return middles.astype(np.uint8), counts, place.reshape(image.shape[:2])


def _nearest(toned: _Array, colours: _Array, areas: _Array) -> tuple[_Array, _Array]:
    """For each pixel which of the colours of areas around it is most alike, and how different it is."""
    away = np.full(areas.shape, np.inf, np.float32)
    which = np.zeros(areas.shape, np.int16)
    around = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    for number, colour in enumerate(colours):
        near = np.nonzero(cv2.dilate((areas == number).astype(np.uint8), around))
        apart = _apart(toned[near], colour)
        closer = apart < away[near]
        taken = tuple(index[closer] for index in near)
        away[taken], which[taken] = apart[closer], number
    return which, away


def _of_line(thin: _Array, which: _Array) -> _Array:
    """Where most of a run across or down is no area's, so that what interrupts it is of a line as well."""
    found = np.zeros(thin.shape, bool)
    for axis, run in enumerate(_RUNS):
        found |= (_share(thin, run) > _MOST) & _within(which, axis)
    return found


def _within(which: _Array, axis: int) -> _Array:
    """Where on both sides lies the same area; what runs between two areas is their colours' bleeding."""
    return np.asarray((which == np.roll(which, _SIDE, axis)) & (which == np.roll(which, -_SIDE, axis)))


def _along_lines(away: _Array, which: _Array) -> _Array:
    """What lines have of the differences: their mean along them.

    A line is a run most of which differs alike.
    """
    lightness = away.mean(axis=2)
    along = np.zeros_like(away)
    strongest = np.zeros(away.shape[:2])
    for axis, run in enumerate(_RUNS):
        alike = np.maximum(_share(lightness >= _LINE, run), _share(lightness <= -_LINE, run))
        mean = cv2.blur(away.astype(np.float32), run)
        line = (alike > _MOST) & _within(which, axis) & (np.abs(mean).max(2) > strongest)
        along[line] = mean[line]
        strongest[line] = np.abs(mean[line]).max(1)
    return along


def _share(where: _Array, run: tuple[int, int]) -> _Array:
    """The share of each pixel's run that is so."""
    return np.asarray(cv2.blur(where.astype(np.float32), run))
