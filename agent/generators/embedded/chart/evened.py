"""Bins and bars set evenly where they nearly are, and outlines that were read as lines taken off again."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.moves import Change, Move, linear_axes, with_axes
from critic.marks.evening import UNEVEN, on_grid
from critic.pixel.chart_geometry import path_of
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Axes, Chart, Line, Series, Steps
from critic.reading.chart.numbers import rounded
from renderers.types import Image

_THIN = 0.8
"""Points: lines of one colour up to so wide may all be the blends where others meet."""
_LEAST_EDGES = 3
"""Edges of an outline up to which it has too few bins to lie on a grid."""
_LEAST_RISER = 6
"""Pixels of the lowest riser that is looked for: both ends of it are blended with the steps."""


def evening_moves(chart: Chart, reference: Image) -> list[Move]:
    """One move an axes for its steps, its bars, the outlines of bars, and each colour of thin lines."""
    found = []
    for index, axes in linear_axes(chart):
        where = f"of axes {index + 1}"
        for series, reason in (
            (_even_steps(axes, reference), f"bins {where} set evenly"),
            (tuple(mark.evened(axes.plane) for mark in axes.series), f"bars {where} set evenly"),
            (_without_outlines(axes), f"lines along the bars' outlines {where} taken off"),
        ):
            pairs = [(a, b) for a, b in zip(axes.series, series or axes.series, strict=True) if a != b]
            if pairs:
                found.append(Move(reason, _series_change(index, pairs), axes.box, _ALL))
        for colour, count in _thin_lines(axes).items():
            if count > 1:
                thin: list[tuple[Series, Series | None]] = [
                    (s, None) for s in axes.series if _is_thin(s, colour)
                ]
                reason = f"{count} thin lines in {colour} {where} left out"
                found.append(Move(reason, _series_change(index, thin), axes.box, _ALL))
    return found


_ALL = ("structure_error", "data_error", "style_error")


def _series_change(index: int, pairs: list[tuple[Series, Series | None]]) -> Change:
    """Replaces each old series by its new one or nothing; what others changed meanwhile stays."""

    def change(chart: Chart) -> Chart:
        now: list[Series] = []
        for item in chart.axes[index].series:
            new = next((n for old, n in pairs if old == item), item)
            now += [new] if new is not None else []
        return with_axes(chart, index, series=tuple(now))

    return change


def _thin_lines(axes: Axes) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for series in axes.series:
        if isinstance(series, Line) and _is_thin(series, series.colour):
            counts[series.colour] += 1
    return counts


def _is_thin(series: Series, colour: str) -> bool:
    return isinstance(series, Line) and series.colour == colour and series.width <= _THIN and not series.label


def _even_steps(axes: Axes, reference: Image) -> tuple[Series | None, ...] | None:
    """All outlines of an axes on one grid, as histograms of several samples have, that meets their risers."""
    outlines = [
        s for s in axes.series if isinstance(s, Steps) and not s.filled and len(s.edges) > _LEAST_EDGES
    ]
    edges = np.array([v for s in outlines for v in s.edges])
    unit = (axes.x.high - axes.x.low) / (axes.box.x1 - axes.box.x0)
    if not outlines:
        return None
    grid = on_grid(edges, float(np.median([_step(s.edges) for s in outlines])), abs(unit))
    if grid is None:
        return None
    pixels = (grid - axes.x.low) / unit + axes.box.x0
    first, last = float(pixels.min()), float(pixels.max())
    shares = (pixels - first) / (last - first)
    risers = np.concatenate([_risers(s, axes, reference) for s in outlines])
    steps = np.arange(-UNEVEN, UNEVEN + 0.01, 0.1)
    start, end = (g[..., None] for g in np.meshgrid(first + steps, last + steps, indexing="ij"))
    # A riser at position p is drawn into the pixel round(p).
    at = np.floor(start + shares * (end - start) + 0.5).astype(int).clip(0, risers.shape[1] - 1)
    score = risers[np.arange(len(edges)), at].sum(axis=2)
    best = np.argwhere(score > score.max() - 0.05)
    a, c = steps[best].mean(axis=0).tolist()
    fitted = axes.x.low + (first + a + shares * (last + c - first - a) - axes.box.x0) * unit
    mapped = dict(zip(edges.tolist(), fitted.tolist(), strict=True))
    return tuple(
        s.model_copy(update={"edges": tuple(rounded(mapped[v], abs(unit) / 10) for v in s.edges)})
        if s in outlines and isinstance(s, Steps)
        else s
        for s in axes.series
    )


def _risers(steps: Steps, axes: Axes, reference: Image) -> NDArray[np.float64]:
    """For each edge, how much of its riser each column of the picture shows."""
    rows = path_of(steps.edges[:-1], steps.values, axes)[:, 1]
    mask = near(reference, rgb_of(steps.colour), 60)
    found = np.zeros((len(steps.edges), reference.shape[1]))
    for k in range(1, len(steps.edges) - 1):
        top, bottom = sorted((int(rows[k - 1]), int(rows[k])))
        if bottom - top >= _LEAST_RISER:
            found[k] = mask[max(0, top + 2) : bottom - 1].mean(axis=0)
    return found


def _step(edges: tuple[float, ...]) -> float:
    return float(np.median(np.diff(edges)))


def _without_outlines(axes: Axes) -> tuple[Series | None, ...] | None:
    """Marks without what runs along the outlines of others."""
    plane = axes.plane
    outlines = [box for mark in axes.series for box in mark.outlined(plane)]
    return tuple(mark.without(outlines, plane) for mark in axes.series) if outlines else None
