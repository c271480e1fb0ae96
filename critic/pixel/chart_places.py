"""What differs in pixels though no reading says why: by place, with what each picture draws there."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_pixels import Mask, regions
from critic.reading.chart.colours import far, hex_of, mode_colour, rgb_of
from critic.reading.chart.description import Axes, Chart
from critic.types import Box, Discrepancy
from renderers.types import Image

_LEAST = 30
"""Differing pixels in one place that are reported though no reading explains them."""
_INK = 70
"""Channel difference from the face above which a pixel is drawn on, rather than blended at a rim."""


def unexplained(
    chart: Chart, different: Mask, found: list[Discrepancy], images: tuple[Image, Image]
) -> list[Discrepancy]:
    """The places that are left, small parts of known causes left out."""
    said = []
    for box, count in regions(different, _LEAST)[:6]:
        inside = next((a for a in chart.axes if _in(box, a.box)), None)
        if inside is None:
            place, (category, what) = "outside the axes", ("text_error", "text or marks look")
        else:
            place, (category, what) = "plot area", _drawn(inside, box, different, images)
        if count < 3 * _LEAST and any(item.category == category for item in found):
            continue
        text = f"{what} different here: {count} pixels"
        said.append(Discrepancy(category=category, severity=1, location=place, box=box, description=text))
    return said


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
