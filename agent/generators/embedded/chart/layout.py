"""Where axes stand in a figure, and where legends stand in axes, in matplotlib's own words."""

from __future__ import annotations

from critic.reading.chart.description import Axes, Chart, Legend
from critic.reading.chart.frames import default_box
from critic.types import Box

_PLACED = 3.5
"""Pixels by which a legend that was read may be off one of matplotlib's places: its frame is rounded and its
texts are measured to a pixel each."""


def is_default(box: Box, chart: Chart, slack: float = 0.1) -> bool:
    """Whether a single axes stands where matplotlib puts it."""
    usual = default_box(chart.width, chart.height, 1, 1, 0)
    return all(abs(a - b) <= slack for a, b in zip(box, usual, strict=True))


def rectangle(box: Box, chart: Chart) -> tuple[float, float, float, float]:
    """Left, bottom, width, height in fractions of the figure."""
    w, h = chart.width, chart.height
    return box.x0 / w, 1 - box.y1 / h, box.width / w, box.height / h


_PLACES = {
    "upper right": (1.0, 0.0),
    "upper left": (0.0, 0.0),
    "lower left": (0.0, 1.0),
    "lower right": (1.0, 1.0),
    "center right": (1.0, 0.5),
    "center left": (0.0, 0.5),
    "lower center": (0.5, 1.0),
    "upper center": (0.5, 0.0),
    "center": (0.5, 0.5),
}


def legend_place(legend: Legend, axes: Axes, dpi: float) -> str | None:
    """The named place of a legend that stands where matplotlib would put it; None where it does not."""
    pad = 0.5 * legend.size * dpi / 72
    free_w = axes.box.width - legend.box.width - 2 * pad
    free_h = axes.box.height - legend.box.height - 2 * pad
    for name, (across, down) in _PLACES.items():
        x = axes.box.x0 + pad + across * free_w
        y = axes.box.y0 + pad + down * free_h
        if abs(x - legend.box.x0) <= _PLACED and abs(y - legend.box.y0) <= _PLACED:
            return name
    return None
