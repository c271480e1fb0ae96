"""Bins and bars set evenly where they nearly are, and outlines that were read as lines taken off again."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.moves import Change, Move, linear_axes, with_axes
from critic.pixel.chart_geometry import bar_box, path_of
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Axes, Bars, Chart, Line, Series, Steps
from critic.reading.chart.numbers import rounded
from critic.types import Box
from renderers.types import Image

_UNEVEN = 2.0
"""Pixels by which edges of even bins may have been read off."""
_ROUND = 0.6
"""Pixels by which places may be off the round values that somebody has set them to."""
_ALONG = 2.6
"""Pixels within which a line runs along a bar's outline."""
_ROOM = 4.0
_THIN = 0.8
"""Points: lines of one colour up to so wide may all be the blends where others meet."""


def evening_moves(chart: Chart, reference: Image) -> list[Move]:
    """One move an axes for its steps, its bars, the outlines of bars, and each colour of thin lines."""
    found = []
    for index, axes in linear_axes(chart):
        where = f"of axes {index + 1}"
        for series, reason in (
            (_even_steps(axes, reference), f"bins {where} set evenly"),
            (_even_bars(axes), f"bars {where} set evenly"),
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
    outlines = [s for s in axes.series if isinstance(s, Steps) and not s.filled and len(s.edges) > 3]
    edges = np.array([v for s in outlines for v in s.edges])
    unit = (axes.x.high - axes.x.low) / (axes.box.x1 - axes.box.x0)
    if not outlines:
        return None
    grid = _on_grid(edges, float(np.median([_step(s.edges) for s in outlines])), abs(unit))
    if grid is None:
        return None
    pixels = (grid - axes.x.low) / unit + axes.box.x0
    first, last = float(pixels.min()), float(pixels.max())
    shares = (pixels - first) / (last - first)
    risers = np.concatenate([_risers(s, axes, reference) for s in outlines])
    steps = np.arange(-_UNEVEN, _UNEVEN + 0.01, 0.1)
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
        if bottom - top >= 6:
            found[k] = mask[max(0, top + 2) : bottom - 1].mean(axis=0)
    return found


def _step(edges: tuple[float, ...]) -> float:
    return float(np.median(np.diff(edges)))


def _on_grid(values: NDArray[np.float64], step: float, per_pixel: float) -> NDArray[np.float64] | None:
    """Values put on an even grid of about a step; None where one of them is too far off it."""
    if step < 4 * per_pixel:
        return None
    count = np.round((values - values.min()) / step)
    for _ in range(2):
        if np.ptp(count) < 3:
            return None
        slope, start = np.polyfit(count, values, 1)
        count = np.round((values - start) / slope)
    off = np.abs(start + slope * count - values).max() / per_pixel
    return np.asarray(start + slope * count) if off <= _UNEVEN else None


def _even_bars(axes: Axes) -> tuple[Series | None, ...] | None:
    """Each colour's bars at even distances and equally wide, where they nearly are; at round values."""
    return tuple(_even(s, axes) if isinstance(s, Bars) else s for s in axes.series)


def _even(bars: Bars, axes: Axes) -> Bars:
    scale, box = (axes.y, axes.box) if bars.horizontal else (axes.x, axes.box)
    length = (box.y1 - box.y0) if bars.horizontal else (box.x1 - box.x0)
    unit = abs(scale.high - scale.low) / length
    step = _step(tuple(sorted(bars.positions))) if len(bars.positions) > 3 else 0.0
    at = _on_grid(np.array(bars.positions), step, unit)
    widths = np.array(bars.widths)
    if np.ptp(widths) > _UNEVEN * unit:
        return bars
    positions = np.array(bars.positions) if at is None else at
    return bars.model_copy(
        update={
            "positions": _at_round_values(positions, unit),
            "widths": _at_round_values(np.full(len(widths), widths.mean()), unit),
        }
    )


def _at_round_values(values: NDArray[np.float64], unit: float) -> tuple[float, ...]:
    """Values to the fewest digits that move none by more than a pixel allows."""
    for digits in range(-3, 9):
        short = np.round(values, digits)
        if np.abs(short - values).max() <= _ROUND * unit:
            return tuple((short + 0.0).tolist())
    return tuple(values.tolist())


def _shrunk(box: Box) -> Box:
    """A bar itself, from the box that leaves some room round it."""
    return Box(box.x0 + _ROOM, box.y0 + _ROOM, box.x1 - _ROOM, box.y1 - _ROOM)


def _without_outlines(axes: Axes) -> tuple[Series | None, ...] | None:
    """Lines cut to what does not run along the outline of a bar with an edge."""
    boxes = [
        _shrunk(bar_box(s, axes, i))
        for s in axes.series
        if isinstance(s, Bars) and s.edge
        for i in range(len(s.values))
    ]
    if not boxes:
        return None
    kept: list[Series | None] = []
    for series in axes.series:
        if not isinstance(series, Line) or series.marker:
            kept.append(series)
            continue
        path = path_of(series.x, series.y, axes)
        free = [
            not any(
                b.x0 - _ALONG <= x <= b.x1 + _ALONG
                and b.y0 - _ALONG <= y <= b.y1 + _ALONG
                and min(abs(x - b.x0), abs(x - b.x1), abs(y - b.y0), abs(y - b.y1)) <= _ALONG
                for b in boxes
            )
            for x, y in path.tolist()
        ]
        if all(free):
            kept.append(series)
            continue
        # A point on an outline beside a free one ends the free part.
        ends = [f or any(free[max(0, i - 1) : i + 2]) for i, f in enumerate(free)]
        points = [(x, y) for x, y, e in zip(series.x, series.y, ends, strict=True) if e]
        if len(points) > 1:
            x, y = zip(*points, strict=True)
            kept.append(series.model_copy(update={"x": x, "y": y}))
        else:
            kept.append(None)
    return tuple(kept)
