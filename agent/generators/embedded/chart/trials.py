"""Changes to what is drawn, to be tried one by one: widths, sizes, curves, phantoms, uncovered regions."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.interpolate import PchipInterpolator

from agent.generators.embedded.chart.moves import Change, Move, axes_of, with_axes, with_series
from critic.pixel.chart_geometry import box_of
from critic.pixel.chart_pixels import count_in, differing
from critic.reading.chart.colours import hex_of, near, palette, rgb_of
from critic.reading.chart.description import Area, Axes, Chart, Line, Series, Shape
from renderers.types import Image

_WIDTHS = (0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
_MOST_SHAPES = 24
_FINE = 0.25
"""Pixels by which a corner of a shape may be off."""
AS_SHAPES = "drawn as shapes"
"""How the reasons end that draw regions without knowing what they are."""


def trial_moves(chart: Chart, fine: Chart | None, reference: Image, render: Image) -> list[Move]:
    """Moves in the order of how many pixels differ where they act."""
    different = differing(reference, render)
    weighed: list[tuple[int, Move]] = []
    for index, axes in axes_of(chart):
        count = count_in(different, axes.box)
        if count < 12:
            continue
        weighed += [(2 * count, move) for move in _finer(index, axes, fine)]
        weighed += [(count, move) for move in _uncovered(index, axes, reference, render)]
        for which, series in enumerate(axes.series):
            local = count_in(different, box_of(series, axes))
            weighed += [(local, move) for move in _styled(index, which, series, axes)]
            weighed += [(2 * local, move) for move in _filled_in(index, which, series, axes)]
            if local > 30 and len(axes.series) > 1:
                weighed.append((local // 2, _dropped(index, which, series, axes)))
    return [move for _, move in sorted(weighed, key=lambda item: -item[0])]


def _series_change(index: int, which: int, old: Series, new: Series | None) -> Change:
    def change(chart: Chart) -> Chart:
        series = chart.axes[index].series
        if which < len(series) and series[which] == old:
            return with_series(chart, index, which, new)
        return chart

    return change


def _finer(index: int, axes: Axes, fine: Chart | None) -> list[Move]:
    """Curves with more of their points, where the axes were read alike."""
    if fine is None or index >= len(fine.axes):
        return []
    found = []
    for which, (old, new) in enumerate(zip(axes.series, fine.axes[index].series, strict=False)):
        if not isinstance(old, (Line, Area)) or not isinstance(new, type(old)) or len(new.x) <= len(old.x):
            continue
        if isinstance(new, Line) and isinstance(old, Line):
            new = new.model_copy(update={"width": old.width, "label": old.label})
        found.append(
            Move(
                f"{old.type} in {old.colour} followed at {len(new.x)} points",
                _series_change(index, which, old, new),
                box_of(old, axes),
                ("data_error",),
            )
        )
    return found


def _styled(index: int, which: int, series: Series, axes: Axes) -> list[Move]:
    """Other widths, sizes and dashes around what was read."""
    return [
        Move(
            f"{reason} for the {series.type} {which + 1} of axes {index + 1}",
            _series_change(index, which, series, new),
            box_of(series, axes),
            ("style_error",),
        )
        for reason, new in series.variants()
    ]


def _filled_in(index: int, which: int, series: Series, axes: Axes) -> list[Move]:
    """Markers hidden behind other lines, put back where an even spacing says they are."""
    if not isinstance(series, Line) or not series.marker or len(series.x) < 8:
        return []
    order = np.argsort(series.x)
    x, y = np.array(series.x)[order], np.array(series.y)[order]
    steps = np.diff(x)
    step = float(np.median(steps[steps <= 1.3 * np.percentile(steps, 30)]))
    times = np.round(steps / step) if step > 0 else steps
    if (
        step <= 0
        or (np.abs(steps - times * step) > 0.25 * step).mean() > 0.1
        or times.max() > 6
        or times.max() < 2
    ):
        return []
    missing = [a + step * k for a, n in zip(x, times, strict=False) for k in range(1, int(n))]
    curve = PchipInterpolator(x[np.append(True, steps > 0.2 * step)], y[np.append(True, steps > 0.2 * step)])
    added = sorted([*zip(x, y, strict=True), *((v, float(curve(v))) for v in missing)])
    new = series.model_copy(
        update={
            "x": tuple(float(f"{v:.5g}") for v, _ in added),
            "y": tuple(float(f"{v:.5g}") for _, v in added),
        }
    )
    return [
        Move(
            f"{len(missing)} hidden points of line {which + 1} of axes {index + 1} put back",
            _series_change(index, which, series, new),
            box_of(series, axes),
            ("data_error", "style_error"),
        )
    ]


def _dropped(index: int, which: int, series: Series, axes: Axes) -> Move:
    colour = series.palette[0]
    return Move(
        f"{series.type} {which + 1} {colour} of axes {index + 1} left out",
        _series_change(index, which, series, None),
        box_of(series, axes),
        ("structure_error", "data_error"),
    )


def _uncovered(index: int, axes: Axes, reference: Image, render: Image) -> list[Move]:
    """Coloured regions of the reference that the render lacks, drawn as shapes."""
    if not axes.visible:
        return []
    shapes = _missing_shapes(axes, reference, render)
    if not shapes:
        return []

    def change(chart: Chart) -> Chart:
        return with_axes(chart, index, series=(*chart.axes[index].series, *shapes))

    reason = f"{len(shapes)} uncovered regions of axes {index + 1} {AS_SHAPES}"
    return [Move(reason, change, axes.box, ("structure_error", "data_error"))]


def _missing_shapes(axes: Axes, reference: Image, render: Image) -> list[Shape]:
    x0, y0 = int(axes.box.x0) + 2, int(axes.box.y0) + 2
    x1, y1 = int(axes.box.x1) - 1, int(axes.box.y1) - 1
    want, have = reference[y0:y1, x0:x1], render[y0:y1, x0:x1]
    if want.size == 0:
        return []
    missing = np.abs(want.astype(np.int16) - have).max(axis=2) > 24
    for legend in axes.legends:
        b = legend.box
        missing[
            max(0, int(b.y0) - y0) : max(0, int(b.y1) - y0), max(0, int(b.x0) - x0) : max(0, int(b.x1) - x0)
        ] = 0
    found: list[tuple[float, Shape]] = []
    for layer, (colour, _) in enumerate(palette(want[missing], rgb_of(axes.face), 24, 10)):
        mask = (missing & near(want, colour, 20)).astype(np.uint8)
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            area = cv2.contourArea(outline)
            if area < 14:
                continue
            points = cv2.approxPolyDP(outline, 0.8, True).reshape(-1, 2) + 0.5
            if len(points) < 3:
                continue
            xs = tuple(axes.plane.across.short_value(x0 + p, _FINE) for p in points[:, 0])
            ys = tuple(axes.plane.up.short_value(y0 + p, _FINE) for p in points[:, 1])
            found.append((area, Shape(colour=hex_of(colour), x=xs, y=ys, layer=layer)))
    found.sort(key=lambda item: -item[0])
    return [shape for _, shape in found[:_MOST_SHAPES]]
