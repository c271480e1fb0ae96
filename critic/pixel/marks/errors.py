"""Differences between two rows of error bars."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_geometry import path_of
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim
from critic.pixel.marks.claiming import OFF, WIDER, claimed, hull, restyled
from critic.reading.chart.description import Axes, ErrorBars
from critic.types import Cause, Element


def compare_errors(ours: ErrorBars, mate: ErrorBars, view: View) -> list[Claim]:
    """Number and ends of two rows of error bars."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    ends, others = _ends(ours, view.one), _ends(mate, view.other)
    box = hull([*ends, *others])
    if len(ours.x) != len(mate.x):
        counts = float(len(ours.x)), float(len(mate.x))
        return claimed("data_error", 3, Cause.COUNT, element, box, ink, reference=counts[0], render=counts[1])
    away = [np.hypot(*(a - b).T) for a, b in zip(ends, others, strict=True)]
    side = int(np.argmax([a.max(initial=0.0) for a in away]))
    if away[side].max(initial=0.0) > OFF:
        worst = int(away[side].argmax())
        end = Element(kind=("lower end", "upper end")[side], index=(worst,), of=element)
        values = tuple((s.low, s.high)[side][worst] for s in (ours, mate))
        near = hull([e[worst : worst + 1] for e in (*ends, *others)])
        return claimed("data_error", 2, Cause.VALUE, end, near, ink, reference=values[0], render=values[1])
    if abs(ours.width - mate.width) > WIDER:
        return restyled(Cause.WEIGHT, element, box, ink, ours.width, mate.width)
    if bool(ours.cap) != bool(mate.cap):
        caps = Element(kind="caps", of=element)
        return restyled(Cause.MISSING if ours.cap else Cause.EXTRA, caps, box, ink)
    return []


def _ends(errors: ErrorBars, axes: Axes) -> list[np.ndarray]:
    if errors.horizontal:
        return [path_of(v, errors.y, axes) for v in (errors.low, errors.high)]
    return [path_of(errors.x, v, axes) for v in (errors.low, errors.high)]
