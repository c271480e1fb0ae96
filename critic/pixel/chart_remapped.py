"""A render drawn anew on the reference's axes, so that what else differs is seen where a range does."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.pixel.chart_geometry import pixel_of, value_at
from critic.pixel.chart_pixels import differing
from critic.pixel.chart_view import View
from critic.pixel.ledger import Ledger
from critic.reading.chart.colours import Colour, rgb_of
from critic.reading.chart.description import Scale
from critic.types import Discrepancy
from renderers.types import Image

_STRETCHED = 2.0
"""Ratio of lengths up to which lines and markers stay what they are when they are stretched so."""


def on_our_axes(view: View) -> View | None:
    """Both axes with one mapping of values to pixels; None where no stretch makes the one the other.

    Args:
        view: Two axes of which a range differs.
    """
    one, other = view.one, view.other
    columns = _places(one.x, other.x, (one.box.x0, one.box.x1), (other.box.x0, other.box.x1))
    rows = _places(one.y, other.y, (one.box.y1, one.box.y0), (other.box.y1, other.box.y0))
    if columns is None or rows is None:
        return None
    reference, render = view.images
    drawn = _drawn(render, reference.shape, columns, rows, rgb_of(other.face))
    mapped = other.model_copy(update={"x": one.x, "y": one.y, "box": one.box})
    ledger = Ledger[Discrepancy].of(differing(reference, drawn))
    return replace(view, other=mapped, images=(reference, drawn), ledger=ledger)


def _places(
    one: Scale, other: Scale, here: tuple[float, float], there: tuple[float, float]
) -> tuple[int, NDArray[np.float32]] | None:
    """The first pixel of an axis and, for each from there on, where the render has its value."""
    if one.kind != other.kind:
        return None
    first, last = round(min(here)), round(max(here))
    pixels = np.arange(first, last + 1)
    start, end = (pixel_of(other, *there, value_at(one, *here, pixel)) for pixel in here)
    stretch = abs(end - start) / max(1.0, abs(here[1] - here[0]))
    if not 1 / _STRETCHED <= stretch <= _STRETCHED:
        return None
    return first, np.asarray(
        start + (pixels - here[0]) * (end - start) / (here[1] - here[0]), dtype=np.float32
    )


def _drawn(
    render: Image,
    shape: tuple[int, ...],
    columns: tuple[int, NDArray[np.float32]],
    rows: tuple[int, NDArray[np.float32]],
    face: Colour,
) -> Image:
    """The render with what is within the reference's axes taken from where it has the same values."""
    across, down = (np.arange(length, dtype=np.float32) for length in (shape[1], shape[0]))
    for places, (first, values) in ((across, columns), (down, rows)):
        room = places[max(0, first) : first + len(values)]
        room[:] = values[max(0, -first) :][: len(room)]
    columns_of = np.ascontiguousarray(np.broadcast_to(across, shape[:2]))
    rows_of = np.ascontiguousarray(np.broadcast_to(down[:, None], shape[:2]))
    drawn = cv2.remap(
        render,
        columns_of,
        rows_of,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=[float(level) for level in face],
    )
    return np.asarray(drawn, dtype=np.uint8)
