"""Differences between two rows of stems."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_geometry import path_of
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim
from critic.pixel.marks.claiming import OFF, claimed, hull, restyled
from critic.reading.chart.description import Stems
from critic.types import Box, Cause, Element


def compare_stems(ours: Stems, mate: Stems, view: View, box: Box) -> list[Claim]:
    """Number, heights and base of two rows of stems."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    counts = float(len(ours.x)), float(len(mate.x))
    if counts[0] != counts[1]:
        return claimed("data_error", 3, Cause.COUNT, element, box, ink, reference=counts[0], render=counts[1])
    a, b = path_of(ours.x, ours.y, view.one), path_of(mate.x, mate.y, view.other)
    away = np.hypot(*(a - b).T)
    worst = int(away.argmax())
    if away[worst] > OFF:
        stem = Element(kind="stem", index=(worst,), of=element)
        values = ours.y[worst], mate.y[worst]
        if abs(a[worst][0] - b[worst][0]) > OFF:
            values = ours.x[worst], mate.x[worst]
        near = hull([a[worst][None], b[worst][None]])
        return claimed("data_error", 2, Cause.VALUE, stem, near, ink, reference=values[0], render=values[1])
    foot = path_of(ours.x[:1], (ours.base,), view.one), path_of(mate.x[:1], (mate.base,), view.other)
    if abs(float(foot[0][0, 1] - foot[1][0, 1])) > OFF:
        base = Element(kind="base", of=element)
        return claimed("data_error", 2, Cause.VALUE, base, box, ink, reference=ours.base, render=mate.base)
    if ours.marker != mate.marker:
        markers = Element(kind="markers", of=element)
        return restyled(Cause.STYLE, markers, box, ink, ours.marker, mate.marker)
    return []
