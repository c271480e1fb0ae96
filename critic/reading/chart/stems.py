"""Stem plots: markers on upright strokes that all begin at one base."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from critic.reading.chart.description import ErrorBars, Line, Series, Stems
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Plot

_LEAST = 4
"""Stems that tell themselves from error bars."""
_NEAR = 6.0
"""Pixels between the end of a stroke and the marker or the base that covers it."""
_ELSEWHERE = 0.2
"""Share of stems that may begin off their base, misread where something covers them."""
_ENDS = 2
"""Points of a line that is one straight piece."""


def with_stems(plot: Plot, series: Sequence[Series]) -> list[Series]:
    """Strokes that lead from one base to the markers of their colour as stems; other series as they are."""
    found = list(series)
    for errors in [s for s in series if isinstance(s, ErrorBars) and not s.cap and not s.horizontal]:
        heads = next((s for s in found if isinstance(s, Line) and _heads(s, errors)), None)
        stems = _stems(plot, errors, heads) if heads is not None else None
        if stems is None or heads is None:
            continue
        base = next((s for s in found if isinstance(s, Line) and _is_base(plot, s, stems)), None)
        if base is not None:
            height = 0.0 if abs(base.y[0]) < 1.5 * plot.y.per_pixel else base.y[0]
            stems = stems.model_copy(update={"base_colour": base.colour, "base": height})
        gone = (errors, heads, base)
        found = [stems if s is heads else s for s in found if s is heads or not any(s is g for g in gone)]
    return found


def _heads(line: Line, errors: ErrorBars) -> bool:
    return bool(line.marker) and not line.style and line.colour == errors.colour


def _stems(plot: Plot, errors: ErrorBars, heads: Line) -> Stems | None:
    """Stems where nearly every stroke leads to a marker, from one height."""
    if min(len(errors.x), len(heads.x)) < _LEAST:
        return None
    unit_x, unit_y = plot.x.per_pixel, plot.y.per_pixel
    reach = heads.marker_size / plot.points / 2 * unit_y + _NEAR * unit_y
    bases = []
    for x, low, high in zip(errors.x, errors.low, errors.high, strict=True):
        at = int(np.abs(np.array(heads.x) - x).argmin())
        ends = sorted((low, high), key=lambda end: abs(end - heads.y[at]))
        if abs(heads.x[at] - x) <= 2.5 * unit_x and abs(ends[0] - heads.y[at]) <= reach:
            bases.append(ends[1])
    if len(bases) < 0.8 * len(errors.x) or len(bases) < _LEAST:
        return None
    base = float(np.median(bases))
    if (np.abs(np.array(bases) - base) > _NEAR * unit_y).mean() > _ELSEWHERE:
        return None
    order = np.argsort(heads.x)
    return Stems(
        colour=heads.colour,
        x=tuple(heads.x[k] for k in order),
        y=tuple(heads.y[k] for k in order),
        base=0.0 if abs(base) < _NEAR * unit_y else rounded(base, unit_y),
        width=errors.width,
        marker=heads.marker,
        marker_size=heads.marker_size,
    )


def _is_base(plot: Plot, line: Line, stems: Stems) -> bool:
    """Whether a line runs level from the first stem to the last, where they begin."""
    level = not line.marker and len(line.x) == _ENDS and np.ptp(line.y) < plot.y.per_pixel
    ends = abs(min(line.x) - stems.x[0]), abs(max(line.x) - stems.x[-1])
    near = abs(line.y[0] - stems.base) < _NEAR * plot.y.per_pixel
    return bool(level and near and max(ends) < _NEAR * plot.x.per_pixel)
