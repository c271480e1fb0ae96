"""Series to matplotlib calls."""

from __future__ import annotations

from critic.reading.chart.description import Axes


def draw(ax: str, axes: Axes) -> list[str]:
    """The calls that draw all series of an axes; what belongs together is drawn once."""
    lines: list[str] = []
    drawn: set[int] = set()
    for index, mark in enumerate(axes.series):
        if index in drawn:
            continue
        group = mark.drawn_with(axes.series, index)
        drawn.update(group)
        lines += type(mark).code(ax, [axes.series[k] for k in group], axes.plane)
    return lines
