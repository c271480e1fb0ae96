"""Charts whose points were not told apart: the crowd is fitted and takes the place of what was read."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from agent.generators.embedded.chart.crowd.fit import Crowd, fit_crowd
from agent.generators.embedded.chart.crowd.inks import Inks
from agent.generators.embedded.chart.moves import Move, with_axes
from critic.reading.chart.colours import hex_of, rgb_of
from critic.reading.chart.description import Axes, Chart, Legend, Points, Scale
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask
from renderers.types import Image

FITTED = "overlapping discs fitted"
"""How the reasons begin."""
_INNER = 2
"""Pixels inside of the axes rectangle where no spine is."""
_FINE = 0.06
"""Pixels to which places and radii are written."""
_SAME_COLOUR = 60.0
"""Channel difference between a group's colour and its legend entry's, which others may shine through."""


def crowd_moves(chart: Chart, reference: Image, different: Mask, refused: set[str]) -> list[Move]:
    """One move for each axes whose drawing differs and is a crowd of discs, unless it was refused before."""
    found = []
    for index, axes in enumerate(chart.axes):
        name = f"{FITTED} in axes {index + 1}"
        if not axes.visible or any(reason.startswith(name) for reason in refused):
            continue
        move = _move(name, index, axes, chart.dpi, reference, different)
        found += [move] if move is not None else []
    return found


def _move(name: str, index: int, axes: Axes, dpi: float, reference: Image, different: Mask) -> Move | None:
    rows = slice(int(axes.box.y0) + _INNER, int(axes.box.y1) - _INNER + 1)
    columns = slice(int(axes.box.x0) + _INNER, int(axes.box.x1) - _INNER + 1)
    pixels = np.ascontiguousarray(reference[rows, columns])
    if min(pixels.shape[:2], default=0) < 24 or different[rows, columns].mean() < 0.004:
        return None
    known = _known(axes, pixels.shape[:2])
    crowd = fit_crowd(pixels, known, rgb_of(axes.face).astype(float))
    if crowd is None or not len(crowd.discs):
        return None
    legends = tuple(_without_shadow(legend) for legend in axes.legends)
    labels = _labels(crowd.inks, legends)
    series = tuple(
        _points(crowd, group, labels[group], axes, dpi) for group in range(len(crowd.inks.colours))
    )
    series = tuple(points for points in series if points.x)

    def change(chart: Chart) -> Chart:
        return with_axes(chart, index, series=series, legends=legends)

    reason = f"{name}: {len(crowd.discs)} of {len(series)} colours, alpha {crowd.inks.alpha:g}"
    return Move(reason, change, axes.box, ("data_error", "structure_error", "style_error"))


def _known(axes: Axes, shape: tuple[int, ...]) -> Mask:
    """Where nothing but discs is drawn: no legend, no text, no grid line."""
    left, top = int(axes.box.x0) + _INNER, int(axes.box.y0) + _INNER
    known = np.ones(shape[:2], bool)
    covers = [legend.box for legend in axes.legends] + [text.box for text in axes.texts]
    for box in covers:
        x0, y0 = max(0, int(box.x0) - left - 2), max(0, int(box.y0) - top - 2)
        known[y0 : max(0, int(box.y1) - top + 3), x0 : max(0, int(box.x1) - left + 3)] = False
    if axes.grid is not None:
        for tick in axes.x.ticks if axes.grid.x else ():
            at = round(tick.pixel) - left
            known[:, max(0, at - 1) : max(0, at + 2)] = False
        for tick in axes.y.ticks if axes.grid.y else ():
            at = round(tick.pixel) - top
            known[max(0, at - 1) : max(0, at + 2)] = False
    return known


def _without_shadow(legend: Legend) -> Legend:
    """Discs beside a legend look like its shadow."""
    return legend.model_copy(update={"shadow": False})


def _labels(inks: Inks, legends: tuple[Legend, ...]) -> list[str]:
    """The legend's texts for the groups, where it has one entry for each."""
    groups = len(inks.colours)
    entries = [entry for legend in legends for entry in legend.entries]
    none = [""] * groups
    if len(legends) != 1 or len(entries) != groups:
        return none
    single = inks.over(np.eye(groups))
    shown = np.array([rgb_of(entry.colour) for entry in entries], float)
    off = np.abs(single[:, None] - shown[None]).max(axis=2)
    rows, columns = linear_sum_assignment(off)
    if off[rows, columns].max() > _SAME_COLOUR or list(columns) != sorted(columns):
        return none
    return [entries[column].text for column in columns]


def _points(crowd: Crowd, group: int, label: str, axes: Axes, dpi: float) -> Points:
    """One group in data units, from left to right."""
    discs = crowd.discs.at(crowd.discs.group == group)
    discs = discs.at(np.argsort(discs.x))
    left, top = int(axes.box.x0) + _INNER, int(axes.box.y0) + _INNER
    box = axes.box
    diameter = 2 * discs.radius * 72 / dpi
    areas = diameter**2
    return Points(
        colours=(hex_of(crowd.inks.colours[group].round().astype(int)),) * len(discs),
        x=tuple(_data(axes.x, box.x0, box.x1, left + v) for v in discs.x.tolist()),
        y=tuple(_data(axes.y, box.y1, box.y0, top + v) for v in discs.y.tolist()),
        sizes=tuple(
            rounded(a, 2 * a * _FINE / max(r, 0.5)) for a, r in zip(areas.tolist(), discs.radius, strict=True)
        ),
        alpha=crowd.inks.alpha,
        edge="none",
        label=label,
    )


def _data(scale: Scale, start: float, end: float, pixel: float) -> float:
    """The value at a pixel, as short as the places are known."""
    share = (pixel - start) / (end - start)
    if scale.kind == "log":
        low, high = (float(np.log10(max(v, 1e-300))) for v in (scale.low, scale.high))
        return float(f"{10 ** (low + share * (high - low)):.4g}")
    span = scale.high - scale.low
    return rounded(scale.low + share * span, abs(span / (end - start)) * _FINE)
