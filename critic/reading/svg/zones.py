"""Splits a picture into zones of one colour, or of one smooth ramp, with sub-pixel borders.

Inside a zone neighbouring pixels hardly differ. A pixel on a border is a mixture of two zones; how much of
each it holds tells where between pixel centres the border runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects, maximum_filter, minimum_filter
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from critic.deadline import check_deadline
from renderers.types import Image

_FLAT = 6
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
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    share: Field
    colours: NDArray[np.float32]
    spread: NDArray[np.float32]

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
    labels = _with_thin_parts(calm, labels)
    colours, spread = _colours(calm, labels)
    return _mixtures(calm, labels, colours, spread)


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
    calm = _range(image) <= _FLAT
    return _connected(image, calm, _FLAT)


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


def _with_thin_parts(image: Image, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Adds zones for parts too thin to have calm pixels: what no mixture of neighbouring zones explains."""
    colours, _ = _colours(image, labels)
    if not len(colours):
        return _connected(image, np.ones(labels.shape, bool), _FLAT)
    rows, columns = np.nonzero(labels < 0)
    for reach in (_REACH, _FAR_REACH):
        pixels = rows, columns
        *_, error = _best_mixture(image, colours, _neighbours(labels, pixels, reach), pixels)
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
    image: Image, colours: NDArray[np.float32], candidates: NDArray[np.int32], pixels: Pixels
) -> tuple[NDArray[np.int32], NDArray[np.int32], Field, Field]:
    """The two candidates whose mixture comes closest, the first one's share, and the colour left over."""
    values = image[pixels].astype(np.float32)
    size = len(values)
    first = np.maximum(candidates[:, 0], 0)
    second = first.copy()
    share = np.ones(size, np.float32)
    error = np.where(candidates[:, 0] >= 0, np.abs(values - colours[first]).max(axis=1), 255.0).astype(
        np.float32
    )
    for i in range(_CANDIDATES):
        for j in range(i + 1, _CANDIDATES):
            both = candidates[:, j] >= 0
            a, b = candidates[:, i], candidates[:, j]
            ends = colours[a] - colours[b]
            length = np.maximum((ends**2).sum(axis=1), 1e-6)
            t = np.clip(((values - colours[b]) * ends).sum(axis=1) / length, 0.0, 1.0)
            rest = np.abs(values - colours[b] - t[:, None] * ends).max(axis=1)
            better = both & (rest < error - 2.0)
            first[better], second[better] = a[better], b[better]
            share[better], error[better] = t[better], rest[better]
    return first, second, share, error


def _mixtures(
    image: Image, labels: NDArray[np.int32], colours: NDArray[np.float32], spread: NDArray[np.float32]
) -> Zones:
    first, second = np.maximum(labels, 0), np.maximum(labels, 0)
    share = np.ones(labels.shape, np.float32)
    pixels = np.nonzero(labels < 0)
    candidates = _neighbours(labels, pixels, _REACH)
    missing = candidates[:, 0] < 0
    candidates[missing, 0] = _reach_out(labels)[pixels][missing]
    a, b, t, error = _best_mixture(image, colours, candidates, pixels)
    odd = error > _UNEXPLAINED
    if odd.any():
        rest = (pixels[0][odd], pixels[1][odd])
        a[odd], b[odd], t[odd], _ = _best_mixture(image, colours, _neighbours(labels, rest, _FAR_REACH), rest)
    swap = t < _HALF
    first[pixels] = np.where(swap, b, a)
    second[pixels] = np.where(swap, a, b)
    share[pixels] = np.where(swap, 1.0 - t, t)
    return Zones(first.astype(np.int32), second.astype(np.int32), share, colours, spread)


def _reach_out(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Each pixel's nearest zone."""
    if (labels >= 0).all():
        return labels
    _, (rows, columns) = distance_transform_edt(labels < 0, return_indices=True)
    return np.asarray(labels[rows, columns], dtype=np.int32)
