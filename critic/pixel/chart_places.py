"""What differs in axes though no reading says why: by place, with what each picture draws there.

What is outside of all axes is named from the pixels alone, as in every kind (see ``critic.pixel.layer``).
"""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_pixels import regions
from critic.pixel.chart_texts import axes_element
from critic.pixel.ledger import Ledger, Mask
from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, rgb_of
from critic.reading.chart.description import Axes, Chart
from critic.types import Box, Cause, Discrepancy, Element, Severity, difference
from renderers.types import Image

_LEAST = 30
"""Differing pixels in one place that are reported though no reading explains them."""
_MOST = 6
"""Places that are reported, the largest first: a person looks at no more."""
_CLEARLY = 3
"""Times ``_LEAST`` from which a place is reported beside a finding of its category that is near in kind."""
_LARGE = 0.01
"""Of the picture: differences of so many pixels, where one side draws nothing, are no text or rim."""
_INK = 70
"""Channel difference from the face above which a pixel is drawn on, rather than blended at a rim."""
_NOTHING, _SOMETHING = 0.1, 0.6
"""Shares of a place's pixels with ink below which a picture draws nothing there, and above which it does."""
_EDGE = 2
"""Pixels around an axes that are its own: half a spine and its blending."""


def unexplained(
    chart: Chart, ledger: Ledger[Discrepancy], images: tuple[Image, Image]
) -> Ledger[Discrepancy]:
    """The ledger with the places that were left, small parts of known causes left out."""
    left = ledger.left
    known = {item.category for item in ledger}
    for box, count in regions(left, _LEAST)[:_MOST]:
        said = _named(chart, box, count, left, images)
        if said is not None and not (count < _CLEARLY * _LEAST and said.category in known):
            ledger = ledger.explained(said, box)
    return ledger


def _named(chart: Chart, box: Box, count: int, left: Mask, images: tuple[Image, Image]) -> Discrepancy | None:
    index = next((k for k, axes in enumerate(chart.axes) if _in(box, axes.box)), None)
    if index is None:
        return None
    inside, where = chart.axes[index], axes_element(chart, index)
    place = Element(kind="plot area", of=where)
    aside = f"{count} px"
    lone = _on_one_side(rgb_of(inside.face), box, left, images)
    if lone is not None and count > _LARGE * left.size:
        drawing = Element(kind="drawing in the plot area", of=where)
        severity: Severity = 3
        return difference("structure_error", severity, lone, drawing, box, aside=aside)
    colours = _colours(inside, box, left, images)
    if colours is None:
        return difference("data_error", 1, Cause.UNEXPLAINED, place, box, aside=aside)
    return difference(
        "style_error", 1, Cause.RECOLOURED, place, box, reference=colours[0], render=colours[1], aside=aside
    )


def _on_one_side(bare: Colour, box: Box, left: Mask, images: tuple[Image, Image]) -> Cause | None:
    """Missing or extra, where one picture shows hardly more than what lies behind."""
    rows, columns = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    mask = left[rows, columns]
    one, other = (float(far(image[rows, columns], bare, _INK)[mask].mean()) for image in images)
    if min(one, other) > _NOTHING or max(one, other) < _SOMETHING:
        return None
    return Cause.MISSING if other < one else Cause.EXTRA


def _colours(axes: Axes, box: Box, left: Mask, images: tuple[Image, Image]) -> tuple[str, str] | None:
    """A change of colour where both pictures draw on the same pixels; None where what is drawn differs."""
    rows, columns = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    mask, face = left[rows, columns], rgb_of(axes.face)
    one, other = (image[rows, columns] for image in images)
    both = far(one, face, _INK) & far(other, face, _INK) & mask
    if both.sum() < _SOMETHING * mask.sum():
        return None
    first, second = (hex_of(np.asarray(mode_colour(region[both]))) for region in (one, other))
    return first, second


def _in(box: Box, other: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return other.x0 - _EDGE <= x <= other.x1 + _EDGE and other.y0 - _EDGE <= y <= other.y1 + _EDGE
