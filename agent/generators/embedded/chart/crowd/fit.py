"""Fits translucent discs to a plot area: inks, counts, discs by their rims, then all of them at once."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from agent.generators.embedded.chart.crowd.counts import Counts, count_discs
from agent.generators.embedded.chart.crowd.discs import Discs, counts_of, no_discs
from agent.generators.embedded.chart.crowd.inks import Colours, Inks, find_inks
from agent.generators.embedded.chart.crowd.pursuit import RimFilters, find_discs
from agent.generators.embedded.chart.crowd.refine import pruned, refined
from critic.reading.chart.plot import Mask
from renderers.types import Image

_SHARE = 0.7
"""Flat pixels that the inks must explain for an area to be a crowd of discs."""
_ROUNDS = (0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.6)
"""How much of a disc's rim must be there, round by round."""
_LAST = 0.65
_LARGEST = 45.0
"""Pixels: larger radii are not sought."""
_MOST = 6000
"""So many discs are no longer told apart."""


class Crowd(NamedTuple):
    """What was found in a plot area."""

    inks: Inks
    discs: Discs


def fit_crowd(pixels: Image, known: Mask, face: Colours) -> Crowd | None:
    """The discs of a plot area, in its pixels; None where it is no crowd of translucent discs."""
    inks = find_inks(pixels, known, face)
    if inks is None or inks.share < _SHARE:
        return None
    counts = count_discs(pixels, known, inks)
    discs = _pursued(counts)
    if not 3 <= len(discs) <= _MOST:
        return None
    seen = pixels.astype(float)
    discs = pruned(discs, seen, known, inks)
    discs = refined(discs, seen, known, inks, steps=2)
    discs = pruned(discs, seen, known, inks)
    filters = _filters(counts, float(discs.radius.max(initial=1.0)) + 2)
    shape = known.shape[0], known.shape[1]
    discs = discs.and_also(find_discs(counts - counts_of(discs, counts.shape[2], shape), filters, _LAST))
    discs = refined(discs, seen, known, inks, steps=2)
    discs = pruned(discs, seen, known, inks)
    return Crowd(inks, discs)


def _pursued(counts: Counts) -> Discs:
    """Discs found round by round in what is left of the counts, the clearest first."""
    shape = counts.shape[0], counts.shape[1]
    thickest = max(_inscribed(counts[..., i] > 0.5) for i in range(counts.shape[2]))
    filters = _filters(counts, thickest + 2)
    discs = no_discs()
    for index, least in enumerate(_ROUNDS):
        rest = counts - counts_of(discs, counts.shape[2], shape)
        discs = discs.and_also(find_discs(rest, filters, least))
        if index == 1 and len(discs):
            filters = _filters(counts, min(thickest, float(discs.radius.max())) + 2)
    return discs


def _inscribed(mask: Mask) -> float:
    """Radius of the largest disc inside a mask."""
    return float(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5).max())


def _filters(counts: Counts, largest: float) -> RimFilters:
    """Filters for radii up to the largest, spaced as finely as rims are sharp."""
    largest = float(np.clip(largest, 3.0, _LARGEST))
    radii = np.arange(1.0, largest + 0.5, 0.5)
    return RimFilters((counts.shape[0], counts.shape[1]), radii)
