"""Fits translucent discs to a plot area: found by their rims, then moved and sifted all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agent.generators.embedded.chart.crowd.refine import pruned, refined, worth_of
from critic.reading.chart.crowd.counts import Counts, count_discs
from critic.reading.chart.crowd.discs import Discs, Floats, counts_of, in_one_size
from critic.reading.chart.crowd.inks import Inks
from critic.reading.chart.crowd.pursuit import RimFilters, filters_for, find_discs, pursue
from critic.reading.chart.crowd.read import left_over
from critic.reading.chart.plot import Mask
from renderers.types import Image

_SHARE = 0.7
"""Flat pixels that the inks must explain for an area to be a crowd of discs."""
_ROUNDS = (0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.6)
"""How much of a disc's rim must be there, round by round."""
_AGAIN = (0.85, 0.75, 0.65, 0.6)
"""The same where weak discs were taken out again."""
_WEAK, _TINY = 0.12, 2.0
"""Discs whose worth differs more from 1, or with a smaller radius, may stand for what was not found yet."""
_LEFT = 0.5
"""Share of the layers that the first discs may leave unexplained."""
_MOST = 6000
"""So many discs are no longer told apart."""
_LEAST = 3
"""Fewer discs are no crowd: they are read one by one."""


class Crowd(NamedTuple):
    """What was found in a plot area."""

    inks: Inks
    discs: Discs


def fit_crowd(pixels: Image, known: Mask, inks: Inks, stroke: float) -> Crowd | None:
    """The discs of a plot area, in its pixels; None where it is no crowd of translucent discs.

    Args:
        pixels: The area.
        known: Where nothing but discs is drawn.
        inks: That the discs may have.
        stroke: Width in pixels of the outlines that discs may have.
    """
    if inks.share < _SHARE:
        return None
    counts = count_discs(pixels, known, inks)
    found = pursue(counts, _ROUNDS, (0.0, stroke))
    if not _LEAST <= len(found) <= _MOST or left_over(counts, found) > _LEFT:
        return None
    area = _Area(pixels.astype(float), known, inks, counts)
    found = area.settled(found)
    drawn = counts_of(found, counts.shape[2], (known.shape[0], known.shape[1]))
    area = area._replace(counts=count_discs(pixels, known, inks, near=drawn))
    found = area.settled(area.again(found))
    alike = in_one_size(found)
    if alike is not None:
        found = area.settled(area.completed(alike), one_size=True)
    return Crowd(inks, found)


class _Area(NamedTuple):
    """What discs are fitted to."""

    pixels: Floats
    known: Mask
    inks: Inks
    counts: Counts

    def settled(self, discs: Discs, *, one_size: bool = False) -> Discs:
        """The discs moved to their places, without those that bring nothing."""
        given = self.pixels, self.known, self.inks
        discs = pruned(discs, *given)
        discs = refined(discs, *given, steps=2, one_size=one_size)
        return pruned(discs, *given)

    def again(self, discs: Discs) -> Discs:
        """Weak discs taken out, and what is then left found anew: the others now lie where they should."""
        worth = worth_of(discs, self.pixels, self.known, self.inks)
        strong = discs.at((np.abs(worth - 1) <= _WEAK) & (discs.radius >= _TINY))
        filters = filters_for(self.counts, _largest(discs), discs.stroke)
        return self._pursued(strong, filters)

    def completed(self, discs: Discs) -> Discs:
        """Discs of one size, and those of that size that were not found."""
        shape = self.known.shape[0], self.known.shape[1]
        return self._pursued(discs, RimFilters(shape, discs.radius[:1], discs.stroke))

    def _pursued(self, discs: Discs, filters: RimFilters) -> Discs:
        for least in _AGAIN:
            rest = self.counts - counts_of(discs, self.counts.shape[2], filters.shape)
            rest[~self.known] = 0.0
            discs = discs.and_also(find_discs(rest, filters, least))
        return discs


def _largest(discs: Discs) -> float:
    return float(np.percentile(discs.radius, 99.5)) + 2 if len(discs) else 0.0
