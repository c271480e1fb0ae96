"""Reads a plot area that is crowded with translucent discs: roughly, as a first draft of each of them."""

from __future__ import annotations

import numpy as np

from critic.reading.chart.colours import hex_of
from critic.reading.chart.crowd.counts import Counts, count_discs
from critic.reading.chart.crowd.discs import Discs, counts_of, in_one_size
from critic.reading.chart.crowd.inks import Inks, find_inks
from critic.reading.chart.crowd.pursuit import pursue
from critic.reading.chart.description import Points
from critic.reading.chart.markers import SNAP
from critic.reading.chart.numbers import Mapping, rounded
from critic.reading.chart.plot import Plot

_ROUNDS = (0.85, 0.8, 0.7, 0.65)
"""How much of a disc's rim must be there, round by round."""
_SHARE = 0.7
"""Of the flat pixels that the inks must explain."""
_DEEP = 0.03
"""Of the flat pixels that must show discs over each other: without, other readers tell more."""
_LEAST = 25
_SMALL = 1.5
"""Pixels: discs of so small a radius may be the strokes of lines."""
_LEFT = 0.35
"""Share of the counts that the discs may leave unexplained."""
STROKE = 1.0
"""Points: width of the outlines that matplotlib draws in the colour of the discs, unless told not to."""
_OPAQUE = 0.9
_FINE = 0.06
"""Pixels to which places and radii are written."""


def read_crowd(plot: Plot) -> list[Points] | None:
    """The groups of a crowd, in the order in which they are drawn; None where the area holds none."""
    known = ~plot.hidden
    inks = find_inks(plot.pixels, known, plot.face.astype(float))
    if inks is None or inks.share < _SHARE or inks.deep < _DEEP or inks.alpha >= _OPAQUE:
        return None
    counts = count_discs(plot.pixels, known, inks)
    discs = pursue(counts, _ROUNDS, (0.0, STROKE / plot.points))
    small = len(discs) < _LEAST or float(np.median(discs.radius)) < _SMALL
    if small or left_over(counts, discs) > _LEFT:
        return None
    alike = in_one_size(discs)
    discs = discs if alike is None else alike
    return points_of(inks, discs, plot.x, plot.y, (plot.left, plot.top), plot.dpi)


def left_over(counts: Counts, discs: Discs) -> float:
    """What the discs leave of the counts, or add to them, as a share of all."""
    rest = counts - counts_of(discs, counts.shape[2], (counts.shape[0], counts.shape[1]))
    return float(np.abs(rest).sum() / max(1.0, counts.sum()))


def points_of(
    inks: Inks, discs: Discs, x: Mapping, y: Mapping, corner: tuple[int, int], dpi: float
) -> list[Points]:
    """Discs in data units, one series for each group, from left to right.

    Args:
        inks: Of the groups.
        discs: In pixels of an area.
        x: Mapping from picture columns.
        y: Mapping from picture rows.
        corner: Picture column and row of the area's first pixel.
        dpi: Dots per inch.
    """
    found = []
    inks = inks.written()
    # Outlined discs of one size are drawn as markers, which stand on whole pixels.
    snap = SNAP if discs.stroke and len(set(discs.radius.tolist())) == 1 else 0.0
    for index, ink in enumerate(inks.colours):
        own = discs.at(discs.group == index)
        own = own.at(np.lexsort((own.y, own.x)))
        if not len(own):
            continue
        sizes = (2 * own.radius * 72 / dpi) ** 2
        slack = 2 * sizes * _FINE / np.maximum(own.radius, 0.5)
        found.append(
            Points(
                colours=(hex_of(ink.round().astype(int)),) * len(own),
                x=tuple(_value(x, corner[0] + v - snap) for v in own.x.tolist()),
                y=tuple(_value(y, corner[1] + v - snap) for v in own.y.tolist()),
                sizes=tuple(rounded(s, e) for s, e in zip(sizes.tolist(), slack.tolist(), strict=True)),
                alpha=inks.alpha,
                edge="face" if discs.stroke else "none",
            )
        )
    return found


def _value(mapping: Mapping, pixel: float) -> float:
    """The value at a pixel, as short as the places are known."""
    value = mapping.value(pixel)
    return float(f"{value:.4g}") if mapping.log else rounded(value, mapping.per_pixel * _FINE)
