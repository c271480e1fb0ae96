"""Changes to what is drawn, to be tried one by one: widths, sizes, curves, phantoms, uncovered regions."""

from __future__ import annotations

import cv2
import numpy as np

from agent.generators.embedded.chart.moves import Change, Move, axes_of, with_axes, with_series
from critic.pixel.chart_geometry import box_of
from critic.pixel.chart_pixels import count_in, differing
from critic.reading.chart.colours import hex_of, near, palette, rgb_of
from critic.reading.chart.description import Axes, Chart, Series, Shape
from renderers.types import Image

_MOST_SHAPES = 24
_FINE = 0.25
"""Pixels by which a corner of a shape may be off."""
AS_SHAPES = "drawn as shapes"
"""How the reasons end that draw regions without knowing what they are."""
_LEAST_DIFFERENT = 12
"""Different pixels of an axes below which nothing is tried."""
_PHANTOM = 30
"""Different pixels round a mark from which it may be none."""
_MISSING = 24
"""Levels between the channels of both pictures where something is not covered."""
_LEAST_REGION, _CORNERS = 14, 3
"""Square pixels of the smallest region that is drawn as a shape, and the corners of the simplest one."""


def trial_moves(chart: Chart, fine: Chart | None, reference: Image, render: Image) -> list[Move]:
    """Moves in the order of how many pixels differ where they act."""
    different = differing(reference, render)
    weighed: list[tuple[int, Move]] = []
    for index, axes in axes_of(chart):
        count = count_in(different, axes.box)
        if count < _LEAST_DIFFERENT:
            continue
        weighed += [(2 * count, move) for move in _finer(index, axes, fine)]
        weighed += [(count, move) for move in _uncovered(index, axes, reference, render)]
        for which, series in enumerate(axes.series):
            local = count_in(different, box_of(series, axes))
            weighed += [(local, move) for move in _styled(index, which, series, axes)]
            weighed += [(2 * local, move) for move in _filled_in(index, which, series, axes)]
            if local > _PHANTOM and len(axes.series) > 1:
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
        better = old.finer(new)
        if better is None:
            continue
        found.append(
            Move(
                f"{old.named()} followed at {better.weight} points",
                _series_change(index, which, old, better),
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
    """What is hidden behind other marks, put back where the mark knows that it is."""
    found = series.completed()
    if found is None:
        return []
    missing, new = found
    return [
        Move(
            f"{missing} hidden points of {series.traits.noun} {which + 1} of axes {index + 1} put back",
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
    missing = np.abs(want.astype(np.int16) - have).max(axis=2) > _MISSING
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
            if area < _LEAST_REGION:
                continue
            points = cv2.approxPolyDP(outline, 0.8, True).reshape(-1, 2) + 0.5
            if len(points) < _CORNERS:
                continue
            xs = tuple(axes.plane.across.short_value(x0 + p, _FINE) for p in points[:, 0])
            ys = tuple(axes.plane.up.short_value(y0 + p, _FINE) for p in points[:, 1])
            found.append((area, Shape(colour=hex_of(colour), x=xs, y=ys, layer=layer)))
    found.sort(key=lambda item: -item[0])
    return [shape for _, shape in found[:_MOST_SHAPES]]
