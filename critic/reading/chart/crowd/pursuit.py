"""Finds the discs of which maps of counts are the sum, by their rims: matching pursuit."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from critic.reading.chart.crowd.discs import Discs, counts_of, no_discs, profile

Map = NDArray[np.float32]

_BLUR, _BLUR_OUTLINED = 0.8, 1.4
"""Pixels by which rims are softened, so that a disc between two places is found at both."""
_VAGUE = 0.15
"""The two rims of an outline answer by so much less where a disc stands between two places."""
_APART = 7
"""Of places so near to each other only the best is taken at once."""
_LARGEST = 45.0
"""Pixels: larger radii are not sought."""
_FEW = 6
"""Fewer discs than this in the first round are chance."""
_COVERED = 0.5
"""Layers from which a pixel lies inside a group's ink: half of one."""


def pursue(counts: NDArray[np.float64], needed: Sequence[float], strokes: Sequence[float]) -> Discs:
    """Discs found round by round in what is left of the counts, the clearest first.

    Args:
        counts: Layers of each group over each pixel: shape (height, width, groups).
        needed: How much of a disc's rim must be there, for each round.
        strokes: Widths of outlines that the discs may have; the one that explains more is theirs.
    """
    thickest = max(_inscribed(counts[..., i]) for i in range(counts.shape[2])) + 2
    found = max((_first(counts, thickest, stroke, needed[0]) for stroke in strokes), key=lambda v: v[0])[1]
    if len(found) < _FEW:
        return found
    filters = filters_for(
        counts, min(thickest, float(np.percentile(found.radius, 99)) * 1.3 + 2), found.stroke
    )
    for least in needed[1:]:
        rest = counts - counts_of(found, counts.shape[2], filters.shape)
        found = found.and_also(find_discs(rest, filters, least))
    return found


def _first(counts: NDArray[np.float64], thickest: float, stroke: float, least: float) -> tuple[float, Discs]:
    """The clearest discs with one kind of outline, and how much of the rims they explain for their number."""
    filters = filters_for(counts, thickest, stroke)
    found = find_discs(counts, filters, least)
    rest = counts - counts_of(found, counts.shape[2], filters.shape)
    return (_steepness(counts) - _steepness(rest)) / max(1, len(found)) ** 0.75, found


def _steepness(counts: NDArray[np.float64]) -> float:
    return float(sum((np.diff(counts, axis=axis) ** 2).sum() for axis in (0, 1)))


def _inscribed(counts: NDArray[np.float64]) -> float:
    """Radius of the largest disc inside a group's ink."""
    mask = (counts > _COVERED).astype(np.uint8)
    return float(cv2.distanceTransform(mask, cv2.DIST_L2, 5).max())


def filters_for(counts: NDArray[np.float64], largest: float, stroke: float) -> RimFilters:
    """Filters for radii up to the largest, spaced as finely as rims are sharp."""
    radii = np.arange(1.0, float(np.clip(largest, 3.0, _LARGEST)) + 0.5, 0.5)
    return RimFilters((counts.shape[0], counts.shape[1]), radii, stroke)


class RimFilters:
    """Discs of a series of radii as filters that answer to rims alone.

    A map's correlation with the Laplacian of a disc is the fit of their gradients: what lies evenly beneath
    a disc says nothing, and the step of one around it says everything.
    """

    def __init__(self, shape: tuple[int, int], radii: NDArray[np.float64], stroke: float = 0.0) -> None:
        self.radii, self.stroke = radii, stroke
        self.shape = shape
        reach = int(np.ceil(radii.max() + stroke / 2)) + 4
        self._padded = tuple(fft.next_fast_len(n + reach, real=True) for n in shape)
        spectra, energies = [], []
        for radius in radii:
            kernel, energy = _kernel(float(radius), stroke, reach)
            canvas = np.zeros(self._padded, np.float32)
            size = 2 * reach + 1
            canvas[:size, :size] = kernel
            canvas = np.roll(canvas, (-reach, -reach), axis=(0, 1))
            spectra.append(np.conj(fft.rfft2(canvas)))
            energies.append(energy)
        self._spectra = spectra
        self.energies = np.array(energies, np.float32)

    def gains(self, counts: Map) -> Map:
        """What a disc of each radius at each place explains of a map's gradient: (radii, height, width)."""
        spectrum = fft.rfft2(counts, self._padded)
        gain = np.empty((len(self.radii), *self.shape), np.float32)
        for index, (kernel, energy) in enumerate(zip(self._spectra, self.energies, strict=True)):
            answer = fft.irfft2(spectrum * kernel, self._padded)[: self.shape[0], : self.shape[1]]
            gain[index] = 2 * answer - energy
        return gain


def _kernel(radius: float, stroke: float, reach: int) -> tuple[Map, float]:
    """The softened disc's negative Laplacian, and its correlation with the disc itself."""
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    cover = profile(np.hypot(rows, columns), np.full(rows.shape, radius), stroke)
    disc = (cover.face + cover.ring).astype(np.float32)
    blur = _BLUR_OUTLINED if stroke else _BLUR
    soft = cv2.GaussianBlur(disc, (0, 0), blur, borderType=cv2.BORDER_CONSTANT)
    kernel = -cv2.Laplacian(soft, cv2.CV_32F, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(kernel, np.float32), float((kernel * disc).sum())


def find_discs(rest: NDArray[np.float64], filters: RimFilters, least: float) -> Discs:
    """Discs in maps of counts (height, width, groups) that stand well apart within each group.

    Args:
        rest: What is not explained yet.
        filters: For the radii to look for.
        least: Share of a disc's rim that must be there.
    """
    found = no_discs(filters.stroke)
    least -= _VAGUE if filters.stroke else 0.0
    for group in range(rest.shape[2]):
        gain = filters.gains(rest[..., group].astype(np.float32))
        pick = gain.argmax(axis=0)
        top = np.take_along_axis(gain, pick[None], axis=0)[0]
        # A gain of (2 * share - 1) times its energy is what a disc with that share of its rim brings.
        needed = (2 * least - 1) * filters.energies[pick]
        around = cv2.dilate(top, np.ones((_APART, _APART), np.uint8))
        rows, columns = np.where((top >= around) & (top > needed) & (top > 0))
        if len(rows):
            found = found.and_also(_between(gain, pick[rows, columns], rows, columns, group, filters.radii))
    return found


def _between(
    gain: Map,
    pick: NDArray[np.int_],
    rows: NDArray[np.int_],
    columns: NDArray[np.int_],
    group: int,
    radii: NDArray[np.float64],
) -> Discs:
    """Discs at the peaks of parabolas through the gains beside each place and radius."""

    def peak(step: tuple[int, int, int]) -> NDArray[np.float64]:
        low, middle, high = (
            gain[
                np.clip(pick + k * step[0], 0, gain.shape[0] - 1),
                np.clip(rows + k * step[1], 0, gain.shape[1] - 1),
                np.clip(columns + k * step[2], 0, gain.shape[2] - 1),
            ].astype(float)
            for k in (-1, 0, 1)
        )
        bend = np.maximum(2 * middle - low - high, 1e-6)
        return np.asarray(np.clip((high - low) / (2 * bend), -0.5, 0.5))

    step = float(radii[1] - radii[0]) if len(radii) > 1 else 0.0
    return Discs(
        np.full(len(rows), group, np.int64),
        columns + 0.5 + peak((0, 0, 1)),
        rows + 0.5 + peak((0, 1, 0)),
        radii[pick] + step * peak((1, 0, 0)),
    )
