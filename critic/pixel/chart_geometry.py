"""Where the series of an axes lie in pixels, and their colours."""

from __future__ import annotations

import numpy as np

from critic.marks.geometry import around, off_path, overlap
from critic.reading.chart.colours import apart
from critic.reading.chart.description import Axes, Bars, Scale, Series
from critic.types import Box

__all__ = [
    "apart",
    "around",
    "bar_box",
    "box_of",
    "colours_of",
    "off_path",
    "overlap",
    "path_of",
    "pixel_of",
    "value_at",
]


def pixel_of(scale: Scale, start: float, end: float, value: float) -> float:
    """Where a data value lies along an axes side that runs from ``start`` to ``end``."""
    return scale.pixel(start, end, value)


def value_at(scale: Scale, start: float, end: float, pixel: float) -> float:
    """The data value that lies at a pixel along such a side."""
    return scale.value(start, end, pixel)


def path_of(xs: tuple[float, ...], ys: tuple[float, ...], axes: Axes) -> np.ndarray:
    """Pixels (x, y) of data points."""
    return axes.plane.path(xs, ys)


def colours_of(series: Series) -> tuple[str, ...]:
    """The colours a series draws with."""
    return series.palette


def box_of(series: Series, axes: Axes) -> Box:
    """The pixels around a series."""
    return series.box(axes.plane)


def bar_box(bars: Bars, axes: Axes, index: int) -> Box:
    """The pixels of a bar."""
    return bars.boxes(axes.plane)[index]
