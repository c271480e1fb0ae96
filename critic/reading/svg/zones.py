"""Splits a picture into zones of one colour, or of one smooth ramp, with sub-pixel borders.

Inside a zone neighbouring pixels hardly differ. A pixel on a border is a mixture of two zones; how much of
each it holds tells where between pixel centres the border runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects, maximum_filter, minimum_filter
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from critic.deadline import check_deadline
from critic.reading.svg.ramps import Ramp, Shades, read_shades
from renderers.types import Image

_FLAT = 6
_STEEPEST, _UNEVEN = 30, 3
"""Channel levels between the pixels round one up to which it may be in a gradient, and those that it lies off
the middle of two opposite ones at most: rounding moves it by two."""

_REACH = 3
_SPECK = 24
_ECHO = 24
_FAR_REACH = 9
_THIN_PIXELS = 4
_KNOWN = 12.0
_CANDIDATES = 4
_UNEXPLAINED = 22.0
_MAX_ZONES = 1500
_LEGIBLE = 160
_LEAST_FACTOR, _MOST_FACTOR = 2, 6
"""Between which a small picture is drawn larger; enlarging is by whole factors."""

_MOST_PIXELS = 4_000_000
"""Pixels that are read: those of an icon of 2,000 by 2,000. Zones take some 200 bytes of memory for each."""

_FAINTEST_RIPPLE, _STRONGEST_RIPPLE = 2, 24
"""Channel levels between neighbours, above the one and up to the other, that lossy compression leaves."""

_NOISY = 0.15
"""Share of pixels with ripples from which a picture is smoothed."""

_LEAST_ZONE = 2
"""Pixels below which a zone is a speck, whatever its colour."""

_SEAM_SIDES = 2
"""Shapes that a seam runs between."""

_COLOURED = 40
"""Channel levels from white below which a shape is too light for white to shine through beside it."""

_MIXED = 12.0
"""Channel levels from a mixture of three colours within which a colour is that mixture."""

_LEAST_SHARE, _MOST_WHITE = -0.05, 0.5
"""Shares of such a mixture: a little below nothing by rounding, and the most that white has at a seam."""

_HALF = 0.5
"""Share of a pixel below which the other zone fills most of it."""

Mask = NDArray[np.bool_]
Field = NDArray[np.float32]


@dataclass(frozen=True)
class Zones:
    """A picture as zones.

    Attributes:
        first: At each pixel the zone that fills most of it.
        second: The other zone of its mixture; the same where there is none.
        share: How much of the pixel ``first`` fills, 0.5..1.
        colours: Mean colour of each zone, RGB.
        spread: Largest deviation of a zone's pixels from that colour.
        ramps: Gradients by zone, of those whose colour changes evenly.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    share: Field
    colours: NDArray[np.float32]
    spread: NDArray[np.float32]
    ramps: Mapping[int, Ramp] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of zones."""
        return len(self.colours)

    def coverage(self, zones: NDArray[np.int32]) -> Field:
        """How much of each pixel the given zones fill together, 0..1."""
        chosen = np.zeros(self.count, bool)
        chosen[zones] = True
        own = np.where(chosen[self.first], self.share, 0.0)
        return np.asarray(own + np.where(chosen[self.second], 1.0 - self.share, 0.0), dtype=np.float32)

    @cached_property
    def areas(self) -> Field:
        """Area of each zone in pixels, mixtures counted by their share."""
        own = np.bincount(self.first.ravel(), self.share.ravel(), self.count)
        other = np.bincount(self.second.ravel(), 1.0 - self.share.ravel(), self.count)
        return np.asarray(own + other, dtype=np.float32)


def split(image: Image) -> Zones:
    """Split a picture into zones."""
    calm = _without_noise(image)
    labels = _without_echoes(calm, _cores(calm))
    shades = read_shades(calm, labels, *_colours(calm, labels))
    labels = _with_thin_parts(calm, labels, shades)
    colours, spread = _colours(calm, labels)
    return _mixtures(calm, labels, replace(shades, colours=colours), spread)


def bounded(image: Image) -> Image:
    """A huge picture, drawn smaller, so that what is done with it takes bounded memory."""
    height, width = image.shape[:2]
    if height * width <= _MOST_PIXELS:
        return image
    reduced = (_MOST_PIXELS / (height * width)) ** 0.5
    size = (max(1, int(width * reduced)), max(1, int(height * reduced)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def enlarged(image: Image) -> Image:
    """A small picture, drawn larger: thin parts come apart better where they are several pixels wide."""
    image = bounded(image)
    factor = int(np.ceil(_LEGIBLE / max(image.shape[:2])))
    if factor < _LEAST_FACTOR:
        return image
    factor = min(factor, _MOST_FACTOR)
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)


def _without_noise(image: Image) -> Image:
    """Lossy compression leaves ripples round edges; smooth them away without moving the edges."""
    spread = _range(image)
    ripples = float(((spread > _FAINTEST_RIPPLE) & (spread <= _STRONGEST_RIPPLE)).mean())
    if ripples < _NOISY:
        return image
    return np.asarray(cv2.bilateralFilter(image, 7, 28, 4), dtype=np.uint8)


def _range(image: Image) -> NDArray[np.int16]:
    """Largest difference in any channel between a pixel's eight neighbours and itself."""
    top = maximum_filter(image, size=(3, 3, 1)).astype(np.int16)
    return np.asarray((top - minimum_filter(image, size=(3, 3, 1))).max(axis=2), dtype=np.int16)


def _cores(image: Image) -> NDArray[np.int32]:
    """Zones of calm pixels, numbered from 0; -1 elsewhere."""
    change = _range(image)
    calm = (change <= _FLAT) | (_even(image) & (change <= _STEEPEST))
    return _connected(image, calm, _FLAT)


def _even(image: Image) -> Mask:
    """Pixels in a steep gradient: they and all round them lie halfway between their neighbours."""
    values = np.pad(image.astype(np.int16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    height, width = image.shape[:2]

    def moved(down: int, across: int) -> NDArray[np.int16]:
        return values[1 + down : 1 + down + height, 1 + across : 1 + across + width]

    bent = np.zeros(image.shape, np.int16)
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        np.maximum(bent, np.abs(2 * moved(0, 0) - moved(down, across) - moved(-down, -across)), out=bent)
    even = (bent.max(axis=2) <= _UNEVEN).astype(np.uint8)
    return np.asarray(cv2.erode(even, np.ones((3, 3), np.uint8)) > 0)


def _connected(image: Image, inside: Mask, step: int) -> NDArray[np.int32]:
    """Groups of neighbouring pixels inside a mask whose colours differ by at most ``step``."""
    height, width = inside.shape
    index = np.arange(height * width).reshape(height, width)
    values = image.astype(np.int16)
    across = inside[:, 1:] & inside[:, :-1] & (np.abs(values[:, 1:] - values[:, :-1]).max(axis=2) <= step)
    down = inside[1:] & inside[:-1] & (np.abs(values[1:] - values[:-1]).max(axis=2) <= step)
    start = np.concatenate([index[:, :-1][across], index[:-1][down]])
    end = np.concatenate([index[:, 1:][across], index[1:][down]])
    graph = coo_matrix((np.ones(len(start), bool), (start, end)), shape=(index.size, index.size))
    _, labels = connected_components(graph, directed=False)
    labels = np.where(inside.ravel(), labels, -1)
    kept, counts = np.unique(labels[labels >= 0], return_counts=True)
    kept = kept[np.argsort(-counts, kind="stable")[:_MAX_ZONES]]
    numbers = np.full(index.size + 1, -1, np.int32)
    numbers[kept] = np.arange(len(kept))
    return np.asarray(numbers[labels].reshape(height, width), dtype=np.int32)


def _colours(image: Image, labels: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    inside = labels >= 0
    count = int(labels.max(initial=-1)) + 1
    ids, pixels = labels[inside], image[inside].astype(np.float32)
    sizes = np.maximum(np.bincount(ids, minlength=count), 1)
    colours = np.stack([np.bincount(ids, pixels[:, c], count) / sizes for c in range(3)], axis=1)
    spread = np.zeros(count, np.float32)
    np.maximum.at(spread, ids, np.abs(pixels - colours[ids]).max(axis=1))
    return colours.astype(np.float32), spread


def _without_echoes(image: Image, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Drops specks that hardly differ from a zone they touch: plateaus on that zone's border."""
    colours, _ = _colours(image, labels)
    if not len(colours):
        return labels
    sizes = np.bincount(labels[labels >= 0], minlength=len(colours))
    dropped = np.zeros(len(colours), bool)
    for zone, window in enumerate(find_objects(labels + 1, len(colours))):
        if window is None or sizes[zone] >= _SPECK:
            continue
        wider = tuple(slice(max(0, part.start - 3), part.stop + 3) for part in window)
        around = np.unique(labels[wider])
        others = around[(around >= 0) & (around != zone)]
        others = others[sizes[others] > sizes[zone]]
        close = np.abs(colours[others] - colours[zone]).max(axis=1) < _ECHO
        dropped[zone] = bool(close.any()) or sizes[zone] < _LEAST_ZONE
    numbers = np.where(dropped, -1, np.cumsum(~dropped) - 1)
    return np.asarray(np.where(labels >= 0, numbers[np.maximum(labels, 0)], -1), dtype=np.int32)


def _with_thin_parts(image: Image, labels: NDArray[np.int32], shades: Shades) -> NDArray[np.int32]:
    """Adds zones for parts too thin to have calm pixels: what no mixture of neighbouring zones explains."""
    colours = shades.colours
    if not len(colours):
        return _connected(image, np.ones(labels.shape, bool), _FLAT)
    rows, columns = np.nonzero(labels < 0)
    for reach in (_REACH, _FAR_REACH):
        pixels = rows, columns
        *_, error = _best_mixture(image, shades, _neighbours(labels, pixels, reach), pixels)
        rows, columns = rows[error > _UNEXPLAINED], columns[error > _UNEXPLAINED]
    strange = np.zeros(labels.shape, np.uint8)
    strange[rows, columns] = 1
    count, parts, stats, _ = cv2.connectedComponentsWithStats(strange, connectivity=8)
    result = labels.copy()
    following = len(colours)
    for part in range(1, count):
        check_deadline()
        if stats[part, cv2.CC_STAT_AREA] < _THIN_PIXELS or following >= _MAX_ZONES:
            continue
        left, top, width, height = stats[part, :4]
        window = (slice(top, top + height), slice(left, left + width))
        own = parts[window] == part
        near = cv2.dilate(own.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        core = _thin_core(image[window], own, labels[window], near, colours)
        if core.sum() < _THIN_PIXELS:
            continue
        beside = labels[window][near & (labels[window] >= 0)]
        if not _is_seam(image[window][core].mean(axis=0), beside, colours):
            result[window][core] = following
            following += 1
    return result


def _is_seam(colour: NDArray[np.float64], beside: NDArray[np.int32], colours: NDArray[np.float32]) -> bool:
    """Whether a thin part is but the white canvas shining through where two shapes' smoothed edges meet."""
    zones, counts = np.unique(beside, return_counts=True)
    two = zones[np.argsort(-counts)[:_SEAM_SIDES]]
    if len(two) < _SEAM_SIDES or np.abs(colours[two] - 255.0).max(axis=1).min() < _COLOURED:
        return False
    parts = np.vstack([np.stack([*colours[two], np.full(3, 255.0)], axis=1), np.full(3, 255.0)])
    shares = np.linalg.lstsq(parts, np.append(colour, 255.0), rcond=None)[0]
    close = float(np.abs(parts @ shares - np.append(colour, 255.0)).max()) < _MIXED
    return close and float(shares.min()) > _LEAST_SHARE and float(shares[2]) < _MOST_WHITE


def _thin_core(
    image: Image, own: Mask, labels: NDArray[np.int32], near: Mask, colours: NDArray[np.float32]
) -> Mask:
    """The pixels of a thin part that show its own colour.

    That is a colour known from elsewhere in the picture, else one that many of its pixels have, else the one
    farthest from the zones round it.
    """
    values = image.astype(np.float32)
    strong = own & (np.abs(values[:, :, None] - colours[None, None]).max(axis=3).min(axis=2) < _KNOWN)
    if strong.sum() < _THIN_PIXELS:
        codes = (image >> 3).astype(np.int32) @ np.array([1, 32, 1024])
        found, counts = np.unique(codes[own], return_counts=True)
        if counts.max() >= max(_THIN_PIXELS, 0.15 * own.sum()):
            usual = np.median(values[own & (codes == found[counts.argmax()])], axis=0)
            strong = own & (np.abs(values - usual).max(axis=2) < _KNOWN)
        else:
            around = np.unique(labels[near & (labels >= 0)])
            ground = colours[around] if len(around) else values[own].mean(axis=0, keepdims=True)
            distance = np.abs(values[:, :, None, :] - ground[None, None]).sum(axis=3).min(axis=2)
            strong = own & (distance >= 0.75 * np.quantile(distance[own], 0.9))
    _, groups, stats, _ = cv2.connectedComponentsWithStats(strong.astype(np.uint8), connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= _THIN_PIXELS
    return np.asarray(strong & large[groups])


Pixels = tuple[NDArray[np.intp], ...]
"""Rows and columns."""


def _neighbours(labels: NDArray[np.int32], pixels: Pixels, reach: int) -> NDArray[np.int32]:
    """For each of the pixels up to four zones near it, nearest first; -1 where there are fewer."""
    rows, columns = pixels
    slots = np.full((len(rows), _CANDIDATES), -1, np.int32)
    filled = np.zeros(len(rows), np.int32)
    padded = np.pad(labels, reach, constant_values=-1)
    offsets = [(dy, dx) for dy in range(-reach, reach + 1) for dx in range(-reach, reach + 1)]
    for dy, dx in sorted(offsets, key=lambda offset: offset[0] ** 2 + offset[1] ** 2):
        found = padded[rows + reach + dy, columns + reach + dx]
        fresh = (found >= 0) & (filled < _CANDIDATES) & (slots != found[:, None]).all(axis=1)
        where = np.nonzero(fresh)[0]
        slots[where, filled[where]] = found[where]
        filled[where] += 1
    return slots


def _best_mixture(
    image: Image, shades: Shades, candidates: NDArray[np.int32], pixels: Pixels
) -> tuple[NDArray[np.int32], NDArray[np.int32], Field, Field]:
    """The two candidates whose mixture comes closest, the first one's share, and the colour left over."""
    values = image[pixels].astype(np.float32)
    colours = shades.at(np.maximum(candidates, 0), *pixels)
    size = len(values)
    first = np.maximum(candidates[:, 0], 0)
    second = first.copy()
    share = np.ones(size, np.float32)
    error = np.where(candidates[:, 0] >= 0, np.abs(values - colours[:, 0]).max(axis=1), 255.0).astype(
        np.float32
    )
    for i in range(_CANDIDATES):
        for j in range(i + 1, _CANDIDATES):
            both = candidates[:, j] >= 0
            a, b = candidates[:, i], candidates[:, j]
            ends = colours[:, i] - colours[:, j]
            length = np.maximum((ends**2).sum(axis=1), 1e-6)
            t = np.clip(((values - colours[:, j]) * ends).sum(axis=1) / length, 0.0, 1.0)
            rest = np.abs(values - colours[:, j] - t[:, None] * ends).max(axis=1)
            better = both & (rest < error - 2.0)
            first[better], second[better] = a[better], b[better]
            share[better], error[better] = t[better], rest[better]
    return first, second, share, error


def _mixtures(image: Image, labels: NDArray[np.int32], shades: Shades, spread: NDArray[np.float32]) -> Zones:
    first, second = np.maximum(labels, 0), np.maximum(labels, 0)
    share = np.ones(labels.shape, np.float32)
    pixels = np.nonzero(labels < 0)
    candidates = _neighbours(labels, pixels, _REACH)
    missing = candidates[:, 0] < 0
    candidates[missing, 0] = _reach_out(labels)[pixels][missing]
    a, b, t, error = _best_mixture(image, shades, candidates, pixels)
    odd = error > _UNEXPLAINED
    if odd.any():
        rest = (pixels[0][odd], pixels[1][odd])
        a[odd], b[odd], t[odd], _ = _best_mixture(image, shades, _neighbours(labels, rest, _FAR_REACH), rest)
    swap = t < _HALF
    first[pixels] = np.where(swap, b, a)
    second[pixels] = np.where(swap, a, b)
    share[pixels] = np.where(swap, 1.0 - t, t)
    ids = first.astype(np.int32), second.astype(np.int32)
    return Zones(*ids, share, shades.colours, spread, shades.ramps)


def _reach_out(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Each pixel's nearest zone."""
    if (labels >= 0).all():
        return labels
    _, (rows, columns) = distance_transform_edt(labels < 0, return_indices=True)
    return np.asarray(labels[rows, columns], dtype=np.int32)
