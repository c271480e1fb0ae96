"""Differences between two pies."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_geometry import apart
from critic.pixel.chart_view import SAME, View
from critic.pixel.claims import Claim
from critic.pixel.marks.claiming import OFF, claimed, restyled
from critic.reading.chart.description import Ring
from critic.types import Box, Cause, Element

_SHARE_OFF = 0.006
"""Of a pie: two degrees, a pixel at the rim of a pie 60 pixels wide."""


def compare_rings(ours: Ring, mate: Ring, view: View, box: Box) -> list[Claim]:
    """Pies: number, shares and colours of the wedges, radius and hole."""
    element = view.mark(ours)
    counts = float(len(ours.fractions)), float(len(mate.fractions))
    if counts[0] != counts[1]:
        return claimed("data_error", 3, Cause.COUNT, element, box, box, reference=counts[0], render=counts[1])
    off = [abs(a - b) for a, b in zip(ours.fractions, mate.fractions, strict=True)]
    if max(off) > _SHARE_OFF:
        k = int(np.argmax(off))
        wedge = Element(kind="wedge", index=(k,), of=element)
        shares = ours.fractions[k], mate.fractions[k]
        return claimed("data_error", 2, Cause.VALUE, wedge, box, box, reference=shares[0], render=shares[1])
    found: list[Claim] = []
    for k, (a, b) in enumerate(zip(ours.colours, mate.colours, strict=True)):
        if apart(a, b) > SAME:
            wedge = Element(kind="wedge", index=(k,), of=element)
            found += claimed("style_error", 2, Cause.RECOLOURED, wedge, box, box, reference=a, render=b)
    if found:
        return found
    sizes = ((ours.radius, mate.radius, element), (ours.hole, mate.hole, Element(kind="hole", of=element)))
    for mine, theirs, part in sizes:
        if abs(mine - theirs) > OFF:
            return restyled(Cause.RESIZED, part, box, box, 2 * mine, 2 * theirs)
    return []
