"""Charts whose points were not told apart: the crowd is fitted and takes the place of what was read."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from agent.generators.embedded.chart.crowd.fit import fit_crowd
from agent.generators.embedded.chart.moves import Move, with_axes
from critic.marks.literals import NAMED
from critic.pixel.chart_geometry import apart
from critic.reading.chart.colours import Colour, rgb_of
from critic.reading.chart.crowd.inks import find_inks
from critic.reading.chart.crowd.read import STROKE, points_of
from critic.reading.chart.description import Axes, Chart, Legend, Points, Scale
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Mask, lines_of
from renderers.types import Image

FITTED = "overlapping discs fitted"
"""How the reasons begin."""
_SMALLEST = 24
"""Pixels: smaller axes hold no crowd."""
_ALIKE = 0.25
"""Levels by which the drawing differs where nothing is left to be fitted."""
_DEEP = 0.02
"""Share of an area's ink that shows discs over each other."""
_SNAPPED = 6
"""Channel difference from a usual colour that blending's rounding accounts for."""
_INNER = 2
"""Pixels inside of the axes rectangle where no spine is."""
_SAME_COLOUR = 60.0
"""Channel difference between a group's colour and its legend entry's, which others may shine through."""


def crowd_moves(chart: Chart, reference: Image, render: Image, refused: set[str]) -> list[Move]:
    """One move for each axes whose drawing differs and is a crowd of discs, unless it was refused before."""
    found = []
    for index, axes in enumerate(chart.axes):
        name = f"{FITTED} in axes {index + 1}"
        if not axes.visible or any(reason.startswith(name) for reason in refused):
            continue
        move = _move(name, index, axes, chart.dpi, reference, render)
        found += [move] if move is not None else []
    return found


def _move(name: str, index: int, axes: Axes, dpi: float, reference: Image, render: Image) -> Move | None:
    points = [found for series in axes.series if (found := series.loose_points()) is not None]
    if any(group.fitted for group in points):
        return None
    rows = slice(int(axes.box.y0) + _INNER, int(axes.box.y1) - _INNER + 1)
    columns = slice(int(axes.box.x0) + _INNER, int(axes.box.x1) - _INNER + 1)
    pixels = np.ascontiguousarray(reference[rows, columns])
    if min(pixels.shape[:2], default=0) < _SMALLEST:
        return None
    if np.abs(pixels.astype(np.int16) - render[rows, columns]).mean() < _ALIKE:
        return None
    known, face = _known(axes, pixels.shape[:2]), rgb_of(axes.face)
    inks = find_inks(pixels, known, face.astype(float))
    # Where nothing lies over anything else, only what was read as points may be discs.
    if inks is None or (inks.deep < _DEEP and not points):
        return None
    crowd = fit_crowd(pixels, known, inks, STROKE * dpi / 72)
    if crowd is None or not len(crowd.discs):
        return None
    corner = int(axes.box.x0) + _INNER, int(axes.box.y0) + _INNER
    legends = tuple(_without_shadow(legend) for legend in axes.legends)

    def change(chart: Chart) -> Chart:
        box, x, y = (getattr(chart.axes[index], name) for name in ("box", "x", "y"))
        maps = _mapping(x, box.x0, box.x1), _mapping(y, box.y1, box.y0)
        groups = points_of(crowd.inks, crowd.discs, *maps, corner, dpi)
        series = _labelled([_finished(group) for group in groups], face, legends)
        return with_axes(chart, index, series=series, legends=legends)

    reason = f"{name}: {len(crowd.discs)} in {len(crowd.inks.colours)} colours, alpha {crowd.inks.alpha:g}"
    return Move(reason, change, axes.box, ("data_error", "structure_error", "style_error"))


def _finished(group: Points) -> Points:
    """A group in the usual colour that it nearly has, marked as fitted."""
    shown = group.colours[0]
    usual = min(NAMED, key=lambda name: apart(name, shown))
    colour = usual if apart(usual, shown) <= _SNAPPED else shown
    return group.model_copy(update={"colours": (colour,) * len(group.x), "fitted": True})


def _mapping(scale: Scale, start: float, end: float) -> Mapping:
    """How pixels map to values along an axes side, from where its low end lies to where its high end does."""
    low, high = scale.plain(scale.low), scale.plain(scale.high)
    slope = (high - low) / (end - start)
    return Mapping(slope, low - slope * start, not scale.straight)


def _known(axes: Axes, shape: tuple[int, ...]) -> Mask:
    """Where nothing but discs is drawn: no legend, no text, no grid line."""
    left, top = int(axes.box.x0) + _INNER, int(axes.box.y0) + _INNER
    known = np.ones(shape[:2], bool)
    covers = [legend.box for legend in axes.legends] + [text.box for text in axes.texts]
    for box in covers:
        x0, y0 = max(0, int(box.x0) - left - 2), max(0, int(box.y0) - top - 2)
        known[y0 : max(0, int(box.y1) - top + 3), x0 : max(0, int(box.x1) - left + 3)] = False
    if axes.grid is not None:
        for line in lines_of(axes.x, axes.box.x0, axes.box.x1) if axes.grid.x else ():
            at = round(line) - left
            known[:, max(0, at - 1) : max(0, at + 2)] = False
        for line in lines_of(axes.y, axes.box.y1, axes.box.y0) if axes.grid.y else ():
            at = round(line) - top
            known[max(0, at - 1) : max(0, at + 2)] = False
    return known


def _without_shadow(legend: Legend) -> Legend:
    """Discs beside a legend look like its shadow."""
    return legend.model_copy(update={"shadow": False})


def _labelled(groups: list[Points], face: Colour, legends: tuple[Legend, ...]) -> tuple[Points, ...]:
    """The groups with the legend's texts, where it has one entry for each."""
    entries = [entry for legend in legends for entry in legend.entries]
    if len(legends) != 1 or len(entries) != len(groups):
        return tuple(groups)
    single = np.array([face + (rgb_of(g.colours[0]) - face) * g.alpha for g in groups])
    shown = np.array([rgb_of(entry.colour) for entry in entries], float)
    off = np.abs(single[:, None] - shown[None]).max(axis=2)
    rows, columns = linear_sum_assignment(off)
    if off[rows, columns].max() > _SAME_COLOUR or list(columns) != sorted(columns):
        return tuple(groups)
    return tuple(
        group.model_copy(update={"label": entries[column].text})
        for group, column in zip(groups, columns, strict=True)
    )
