"""Differences between two filled areas."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_view import View
from critic.pixel.claims import Claim
from critic.pixel.marks.claiming import OFF, claimed
from critic.reading.chart.description import Area
from critic.types import Box, Cause, Element


def compare_areas(ours: Area, mate: Area, view: View, box: Box) -> list[Claim]:
    """The largest distance of the edges."""
    one, element = view.one, view.mark(ours)
    xs = np.linspace(max(ours.x[0], mate.x[0]), min(ours.x[-1], mate.x[-1]), 200)
    unit = abs(one.y.high - one.y.low) / max(1.0, one.box.height)
    worst, place, values, edge = 0.0, 0, (0.0, 0.0), "upper edge"
    for name, words in (("high", "upper edge"), ("low", "lower edge")):
        a, b = (np.interp(xs, s.x, getattr(s, name)) for s in (ours, mate))
        gap = np.abs(a - b) / unit
        if gap.max() > worst:
            place = int(gap.argmax())
            worst, values, edge = float(gap.max()), (float(a[place]), float(b[place])), words
    if worst <= OFF:
        return []
    aside = f"up to {worst:.0f} px off, near x = {xs[place]:.4g}"
    part, ink = Element(kind=edge, of=element), view.ink((ours, view.one), (mate, view.other))
    return claimed(
        "data_error",
        2,
        Cause.VALUE,
        part,
        box,
        ink,
        reference=values[0],
        render=values[1],
        aside=aside,
    )
