"""What is drawn in a plot area: each colour given to the reader that explains it."""

from __future__ import annotations

import cv2
import numpy as np

from critic.reading.chart.areas import read_areas, read_shapes
from critic.reading.chart.bars import read_bars
from critic.reading.chart.boxplots import read_boxes
from critic.reading.chart.colours import Colour
from critic.reading.chart.crowd.read import read_crowd
from critic.reading.chart.description import Bars, Legend, Line, Points, Series, Text
from critic.reading.chart.dots import read_dots
from critic.reading.chart.error_lines import read_error_line
from critic.reading.chart.lines import read_lines
from critic.reading.chart.named_layers import with_named
from critic.reading.chart.plot import Mask, Plot, split_layers
from critic.reading.chart.points import discs_of, read_cloud, read_points
from critic.reading.chart.stacking import stacked
from critic.reading.chart.stems import with_stems
from critic.reading.chart.steps import read_steps
from critic.reading.chart.strokes import read_errors

_ALL_ROUND = 0.9
"""Share of a colour in round blobs from which no line joins them."""
_SPECK = 12.0
"""Area in points squared of dots that are hardly more than blends."""


def read_series(plot: Plot, legends: list[Legend], texts: list[Text]) -> tuple[list[Series], list[Text]]:
    """The series of an axes, back to front, and the texts among them that stand for themselves."""
    series: list[Series] = []
    boxes = read_boxes(plot)
    if boxes is not None:
        series, plot = [boxes[0]], boxes[1]
    layers = split_layers(plot)
    scattered = not series and not _is_all_lines(legends)
    if scattered and len(layers) > 1:
        crowd = read_crowd(plot)
        if crowd is not None:
            return [*crowd], texts
    if scattered and len(layers) >= 6:
        cloud = read_cloud(plot)
        if cloud is not None:
            return [cloud[0]], texts
    taken = np.zeros(plot.hidden.shape, bool)
    for index, (colour, whole) in enumerate(with_named(plot, layers, legends)):
        mask = np.asarray(whole & ~taken)
        found = _one(plot, colour, mask, index) if mask.sum() >= 12 else []
        if found and isinstance(found[0], Points) and found[0].sizes[0] < _SPECK:
            # What surrounds specks is their own blended rim, which may be as frequent as their colour.
            taken |= cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        series += found
    order = {"area": 0, "shape": 0, "bars": 1, "steps": 2, "boxes": 3, "line": 3, "errors": 4, "points": 5}
    series.sort(key=lambda item: order.get(item.type, 0))
    return with_stems(plot, stacked(plot, _clean(series))), texts


def _is_all_lines(legends: list[Legend]) -> bool:
    """Whether all that the legends name are bare lines."""
    entries = [entry for legend in legends for entry in legend.entries]
    return bool(entries) and all(entry.handle == "line" and not entry.marker for entry in entries)


def _one(plot: Plot, colour: Colour, mask: Mask, layer: int) -> list[Series]:
    bars = read_bars(plot, colour, mask)
    if bars is not None:
        return [bars]
    steps = read_steps(plot, colour, mask)
    if steps is not None:
        return [steps]
    errors = read_errors(plot, colour, mask)
    errors = errors or read_error_line(plot, colour, mask)
    if errors:
        return [*errors]
    points = read_points(plot, colour, mask)
    dots = read_dots(plot, colour, mask)
    if dots is not None and (points is None or len(dots.x) >= len(points.x)):
        return [dots]
    if points is not None and discs_of(mask, colour)[1] > _ALL_ROUND:
        return [points]
    lines = read_lines(plot, colour, mask)
    if points is not None and not _more_than(points, lines):
        return [points]
    thick = mask.sum() / max(1, mask.any(axis=0).sum())
    areas = read_areas(plot, colour, mask) if thick > 10 and _is_solid(mask) else []
    if areas:
        return [*areas]
    if lines:
        return [*lines]
    if thick > 3 and mask.sum() > 60:
        return [*read_shapes(plot, colour, mask, layer)]
    return []


def _is_solid(mask: Mask) -> bool:
    """Whether most of a mask is wide both ways, as a filling is and a steep line is not."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return bool(opened.sum() > 0.5 * mask.sum())


def _more_than(points: Points, lines: list[Line]) -> bool:
    """Whether lines say more than scattered points: the markers are joined, or crowded and so more."""
    marked = [line for line in lines if line.marker]
    return any(line.style or len(line.x) > 1.05 * len(points.x) for line in marked)


def _clean(series: list[Series]) -> list[Series]:
    """Without bars so thin and few that they are the rest of something else."""
    return [s for s in series if not (isinstance(s, Bars) and not s.values)]
