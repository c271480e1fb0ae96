"""Stepped lines: outlines of histograms, stairs and step functions."""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, hex_of
from critic.reading.chart.description import Steps
from critic.reading.chart.lines import snapped_width
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.strokes import Stroke, covered_by, level_strokes, upright_strokes
from critic.reading.chart.tracks import Shares, shares_of

_GAP = 4
"""Pixels between the end of a step and the beginning of the next."""
_RISE, _RISING = 3, 0.4
"""Pixels of a real step, and the share of steps that are."""
_UNEXPLAINED = 0.08
"""Share of the ink that may be off the strokes: blended corners."""
_LEAST_STEPS, _LEAST_RISERS = 4, 3
"""Steps, and rises between them, that tell stairs from bars' edges and error bars with caps."""
_INK = 40
"""Levels (0..255) from the face at which a pixel is ink of any colour."""
_HIDDEN = 0.8
"""Share of a gap that other ink must fill for the step to go on beneath it: its rims are blended."""
_BROKEN = 2
"""Pixels of a gap that blending leaves in one step."""
_TOUCH = 3
"""Pixels between a riser and the step that it joins: half of a thick line's width, and blending."""
_MOST_HIDDEN = 40
"""Pixels of a step that may run hidden before or behind its riser."""
_MEASURED = 4
"""Pixels: in the middle of a longer step no riser's ink adds to its width."""


def read_steps(plot: Plot, colour: Colour, mask: Mask) -> Steps | None:
    """A stepped line; None where the strokes do not chain from left to right."""
    level, upright = level_strokes(mask, 6), upright_strokes(mask, 4)
    if len(level) < _LEAST_STEPS or len(upright) < _LEAST_RISERS:
        return None
    if (mask & ~covered_by(mask, [*level, *upright])).sum() > _UNEXPLAINED * mask.sum():
        return None
    inked = np.asarray(mask | plot.hidden | _other_ink(plot, mask))
    chain = _chained(level, upright, inked)
    if chain is None or not _hang_together(mask, inked, chain, upright):
        return None
    edges = [chain[0].x0, *((a.x1 + b.x0) / 2 for a, b in itertools.pairwise(chain)), chain[-1].x1]
    unit = plot.y.per_pixel
    values = [_level(plot, (s.y0 + s.y1) / 2) for s in chain]
    return Steps(
        colour=hex_of(colour),
        values=tuple(values),
        edges=tuple(rounded(plot.at_x(e), 0.25 * plot.x.per_pixel) for e in edges),
        width=snapped_width(_thickness(chain, shares_of(plot, colour)) * plot.points),
        open=not any(_drops(chain, upright, at, values, unit, plot) for at in (0, -1)),
    )


def _hang_together(mask: Mask, inked: Mask, chain: list[Stroke], upright: list[Stroke]) -> bool:
    """Whether steps are joined, by no more risers than they need: markers are not, and stems are longer."""
    parts = len(np.unique(cv2.connectedComponents(inked.astype(np.uint8), connectivity=8)[1][mask]))
    rise = sum(abs(a.y0 - b.y0) for a, b in itertools.pairwise(chain)) + 2 * len(mask)
    return parts <= 0.6 * len(chain) + 1 and sum(s.y1 - s.y0 for s in upright) <= 1.3 * rise


def _other_ink(plot: Plot, mask: Mask) -> Mask:
    away = np.abs(plot.pixels.astype(np.int16) - plot.face).max(axis=2) > _INK
    return np.asarray(away & ~mask)


def _chained(level: list[Stroke], upright: list[Stroke], inked: Mask) -> list[Stroke] | None:
    """Steps from left to right, each beginning where the one before ends; parts of one step put together."""
    chain: list[Stroke] = []
    for stroke in sorted(level, key=lambda s: s.x0):
        if not chain:
            chain.append(stroke)
            continue
        last = chain[-1]
        gap = stroke.x0 - last.x1
        same = abs(stroke.y0 - last.y0) <= 1
        hidden = gap > 1 and inked[last.y0, last.x1 + 1 : stroke.x0].mean() > _HIDDEN
        if same and (gap <= _BROKEN or hidden):
            chain[-1] = Stroke(last.x0, last.y0, max(last.x1, stroke.x1), last.y1)
        elif abs(gap) <= _GAP:
            chain.append(stroke)
        elif gap > 0 and (landing := _upright_between(last, stroke, upright)) is not None:
            # The step runs hidden on one side of the riser.
            at = round((landing.x0 + landing.x1) / 2)
            chain[-1] = last._replace(x1=max(last.x1, at))
            chain.append(stroke._replace(x0=min(stroke.x0, at)))
        else:
            return None
    rises = [abs(a.y0 - b.y0) >= _RISE for a, b in itertools.pairwise(chain)]
    # A line that is nearly level is drawn in steps of a pixel.
    return (
        chain
        if len(chain) >= _LEAST_STEPS and sum(rises) >= max(_LEAST_RISERS, _RISING * len(rises))
        else None
    )


def _upright_between(last: Stroke, stroke: Stroke, upright: list[Stroke]) -> Stroke | None:
    for riser in upright:
        reaches = (
            riser.y0 - _TOUCH <= min(last.y0, stroke.y0) + _TOUCH
            or riser.y1 + _TOUCH >= max(last.y1, stroke.y1) - _TOUCH
        )
        if (
            last.x1 - _TOUCH <= riser.x0 <= stroke.x0 + _TOUCH
            and reaches
            and stroke.x0 - last.x1 < _MOST_HIDDEN
        ):
            return riser
    return None


def _level(plot: Plot, row: float) -> float:
    value, unit = plot.at_y(row), plot.y.per_pixel
    if plot.y.log:
        return float(f"{value:.4g}")
    return 0.0 if abs(value) < 1.1 * unit else rounded(value, 0.35 * unit)


def _drops(
    chain: list[Stroke], upright: list[Stroke], end: int, values: list[float], unit: float, plot: Plot
) -> bool:
    """Whether a stroke leads from an end of the steps to zero, or to the axes' edge before it."""
    x = chain[end].x0 if end == 0 else chain[end].x1
    row = chain[end].y0
    if abs(values[end]) < 3 * unit:
        return False
    for riser in upright:
        if abs(riser.x0 - x) <= _TOUCH and (abs(riser.y0 - row) <= _TOUCH or abs(riser.y1 - row) <= _TOUCH):
            other = riser.y1 if abs(riser.y0 - row) <= _TOUCH else riser.y0
            if abs(plot.at_y(float(other))) < 3 * unit or other >= plot.pixels.shape[0] - 2:
                return True
    return False


def _thickness(chain: list[Stroke], shares: Shares) -> float:
    """Pixels across the steps, blended ones in part."""
    widths = [
        float(shares[max(0, s.y0 - 2) : s.y1 + 3, (s.x0 + s.x1) // 2].sum())
        for s in chain
        if s.x1 - s.x0 > _MEASURED
    ]
    return float(np.median(widths)) if widths else 1.0
