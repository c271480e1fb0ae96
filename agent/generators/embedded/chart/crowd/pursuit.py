"""Finds the discs of which a map of counts is the sum, by their rims: matching pursuit."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from agent.generators.embedded.chart.crowd.discs import Discs, no_discs

Map = NDArray[np.float32]

_BLUR = 0.8
"""Pixels by which rims are softened, so that a disc between two places is found at both."""
_APART = 7
"""Of places so near to each other only the best is taken at once."""


class RimFilters:
    """Discs of a series of radii as filters that answer to rims alone.

    A map's correlation with the Laplacian of a disc is the fit of their gradients: what lies evenly beneath
    a disc says nothing, and the step of one around it says everything.
    """

    def __init__(self, shape: tuple[int, int], radii: NDArray[np.float64]) -> None:
        self.radii = radii
        self._shape = shape
        reach = int(np.ceil(radii.max())) + 4
        self._padded = tuple(fft.next_fast_len(n + reach, real=True) for n in shape)
        spectra, energies = [], []
        for radius in radii:
            kernel, energy = _kernel(float(radius), reach)
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
        gain = np.empty((len(self.radii), *self._shape), np.float32)
        for index, (kernel, energy) in enumerate(zip(self._spectra, self.energies, strict=True)):
            answer = fft.irfft2(spectrum * kernel, self._padded)[: self._shape[0], : self._shape[1]]
            gain[index] = 2 * answer - energy
        return gain


def _kernel(radius: float, reach: int) -> tuple[Map, float]:
    """The softened disc's negative Laplacian, and its correlation with the disc itself."""
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius - np.hypot(rows, columns) + 0.5, 0.0, 1.0).astype(np.float32)
    disc *= min(1.0, np.pi * radius**2)
    soft = cv2.GaussianBlur(disc, (0, 0), _BLUR, borderType=cv2.BORDER_CONSTANT)
    kernel = -cv2.Laplacian(soft, cv2.CV_32F, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(kernel, np.float32), float((kernel * disc).sum())


def find_discs(rest: NDArray[np.float64], filters: RimFilters, least: float) -> Discs:
    """Discs in maps of counts (height, width, groups) that stand well apart within each group.

    Args:
        rest: What is not explained yet.
        filters: For the radii to look for.
        least: Share of a disc's rim that must be there.
    """
    found = no_discs()
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
