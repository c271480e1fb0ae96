"""What differs in pixels though no reading says why: by place, with what each picture draws there."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_pixels import Mask, regions
from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, rgb_of
from critic.reading.chart.description import Axes, Chart
from critic.types import Box, Discrepancy, Severity
from renderers.types import Image

_LEAST = 30
"""Differing pixels in one place that are reported though no reading explains them."""
_LARGE = 0.01
"""Of the picture: differences of so many pixels, where one side draws nothing, are no text or rim."""
_INK = 70
"""Channel difference from the face above which a pixel is drawn on, rather than blended at a rim."""


def unexplained(
    chart: Chart, different: Mask, found: list[Discrepancy], images: tuple[Image, Image]
) -> list[Discrepancy]:
    """The places that are left, small parts of known causes left out."""
    said = []
    for box, count in regions(different, _LEAST)[:6]:
        inside = next((a for a in chart.axes if _in(box, a.box)), None)
        place = "plot area" if inside else "outside the axes"
        severity: Severity = 1
        lone = _on_one_side(rgb_of(inside.face if inside else chart.background), box, different, images)
        if lone and count > _LARGE * different.size:
            (category, what), severity = ("structure_error", lone), 3
        elif inside is None:
            category, what = "text_error", "text or marks look"
        else:
            category, what = _drawn(inside, box, different, images)
        if count < 3 * _LEAST and any(item.category == category for item in found):
            continue
        text = f"{what} different here: {count} pixels"
        said.append(
            Discrepancy(category=category, severity=severity, location=place, box=box, description=text)
        )
    return said


def _on_one_side(bare: Colour, box: Box, different: Mask, images: tuple[Image, Image]) -> str:
    """What to say where one picture shows hardly more than what lies behind; empty where both draw."""
    rows, columns = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    mask = different[rows, columns]
    one, other = (float(far(image[rows, columns], bare, _INK)[mask].mean()) for image in images)
    if min(one, other) > 0.1 or max(one, other) < 0.6:
        return ""
    return "a missing drawing looks" if other < one else "a drawing that is not in the reference looks"


def _drawn(axes: Axes, box: Box, different: Mask, images: tuple[Image, Image]) -> tuple[str, str]:
    """A change of colour where both pictures draw on the same pixels; else of what is drawn."""
    rows, columns = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    mask, face = different[rows, columns], rgb_of(axes.face)
    one, other = (image[rows, columns] for image in images)
    both = far(one, face, _INK) & far(other, face, _INK) & mask
    if both.sum() < 0.6 * mask.sum():
        return "data_error", "the drawing looks"
    colours = tuple(hex_of(np.asarray(mode_colour(region[both]))) for region in (one, other))
    return "style_error", f"colour, reference {colours[0]}, render {colours[1]},"


def _in(box: Box, other: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return other.x0 - 2 <= x <= other.x1 + 2 and other.y0 - 2 <= y <= other.y1 + 2
