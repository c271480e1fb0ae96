"""Differences between two groups of points."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_geometry import path_of
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim
from critic.pixel.marks.claiming import OFF, claimed, restyled
from critic.reading.chart.description import Points
from critic.types import Box, Cause

_SIZES = (0.75, 1.33)
"""Between these ratios of area, points look equally large: 15% of diameter, a pixel of 6."""
_POINTS_COUNT, _POINTS_OFF = 0.02, 0.01
"""Shares of points by which counts may differ, and that may lie elsewhere: overlapping ones are misread."""


def compare_points(ours: Points, mate: Points, view: View, box: Box) -> list[Claim]:
    """Scattered points: their number, places and sizes."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    counts = float(len(ours.x)), float(len(mate.x))
    if abs(counts[0] - counts[1]) > _POINTS_COUNT * counts[0]:
        return claimed("data_error", 2, Cause.COUNT, element, box, ink, reference=counts[0], render=counts[1])
    a, b = path_of(ours.x, ours.y, view.one), path_of(mate.x, mate.y, view.other)
    away = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2)).min(axis=1)
    if (away > OFF).sum() > _POINTS_OFF * len(a):
        worst = int(away.argmax())
        x, y = a[worst]
        near = Box(x - 12, y - 12, x + 12, y + 12)
        aside = f"{int((away > OFF).sum())} are elsewhere, such as ({ours.x[worst]:g}, {ours.y[worst]:g})"
        return claimed("data_error", 2, Cause.VALUE, element, near, ink, aside=aside)
    sizes = float(np.median(ours.sizes)), float(np.median(mate.sizes))
    if not _SIZES[0] < sizes[0] / max(sizes[1], 1e-9) < _SIZES[1]:
        return restyled(Cause.RESIZED, element, box, ink, sizes[0] ** 0.5, sizes[1] ** 0.5)
    return []
