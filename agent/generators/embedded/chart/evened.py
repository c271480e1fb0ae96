"""Bins and bars set evenly where they nearly are, and outlines that were read as lines taken off again."""

from __future__ import annotations

from collections import Counter

from agent.generators.embedded.chart.moves import Change, Move, linear_axes, with_axes
from critic.marks.known import MARKS
from critic.reading.chart.description import Axes, Chart, Series
from renderers.types import Image


def evening_moves(chart: Chart, reference: Image) -> list[Move]:
    """One move an axes for its steps, its bars, the outlines of bars, and each colour of thin lines."""
    found = []
    for index, axes in linear_axes(chart):
        where = f"of axes {index + 1}"
        for series, reason in (
            (_gridded(axes, reference), f"bins {where} set evenly"),
            (tuple(mark.evened(axes.plane) for mark in axes.series), f"bars {where} set evenly"),
            (_without_outlines(axes), f"lines along the bars' outlines {where} taken off"),
        ):
            pairs = [(a, b) for a, b in zip(axes.series, series or axes.series, strict=True) if a != b]
            if pairs:
                found.append(Move(reason, _series_change(index, pairs), axes.box, _ALL))
        for colour, count in Counter(s.palette[0] for s in axes.series if s.hairline).items():
            if count > 1:
                thin: list[tuple[Series, Series | None]] = [
                    (s, None) for s in axes.series if s.hairline and s.palette[0] == colour
                ]
                reason = f"{count} thin lines in {colour} {where} left out"
                found.append(Move(reason, _series_change(index, thin), axes.box, _ALL))
    return found


_ALL = ("structure_error", "data_error", "style_error")


def _series_change(index: int, pairs: list[tuple[Series, Series | None]]) -> Change:
    """Replaces each old series by its new one or nothing; what others changed meanwhile stays."""

    def change(chart: Chart) -> Chart:
        now: list[Series] = []
        for item in chart.axes[index].series:
            new = next((n for old, n in pairs if old == item), item)
            now += [new] if new is not None else []
        return with_axes(chart, index, series=tuple(now))

    return change


def _gridded(axes: Axes, reference: Image) -> tuple[Series, ...]:
    """The series, those of each kind on the grid that they share."""
    series: list[Series] = list(axes.series)
    for mark in MARKS:
        series = mark.gridded(series, axes.plane, reference)
    return tuple(series)


def _without_outlines(axes: Axes) -> tuple[Series | None, ...] | None:
    """Marks without what runs along the outlines of others."""
    plane = axes.plane
    outlines = [box for mark in axes.series for box in mark.outlined(plane)]
    return tuple(mark.without(outlines, plane) for mark in axes.series) if outlines else None
