"""Answers to what is wrong with figures, axes and their scales."""

from __future__ import annotations

from agent.generators.embedded.chart.answers.parts import (
    Answering,
    axes_of,
    colour_of,
    common,
    numbers,
    place_of,
    ratio_of,
)
from agent.generators.embedded.chart.moves import with_axes
from critic.reading.chart.description import Chart, LogScale
from critic.types import Box, Cause, Discrepancy, Element

_LEAST_COMMON = 0.3
"""Share of both boxes together that two axes must have in common to be the same one."""
_ENDS = 2
"""Numbers of a range."""
_ON_AXIS = {"x axis": "x", "y axis": "y"}
_GRID = {
    "both ways": (True, True),
    "along x": (True, False),
    "along y": (False, True),
    "none": (False, False),
}


def _axis_name(element: Element) -> str | None:
    axis = next((e for kind in _ON_AXIS if (e := element.within(kind)) is not None), None)
    return None if axis is None else _ON_AXIS[axis.kind]


def _rescaled_axis(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """Limits moved by what they are off, in units of the axis."""
    axes, name = axes_of(chart, element), _axis_name(element)
    one, other = numbers(item.reference), numbers(item.render)
    if axes is None or name is None or not len(one) == len(other) == _ENDS:
        return None
    scale = getattr(axes, name)
    if isinstance(scale, LogScale) and all(other):
        low, high = scale.low * one[0] / other[0], scale.high * one[1] / other[1]
    else:
        low, high = scale.low + one[0] - other[0], scale.high + one[1] - other[1]
    changed = scale.model_copy(update={"low": float(f"{low:.6g}"), "high": float(f"{high:.6g}")})
    return with_axes(chart, place_of(element), **{name: changed})


def _read_axis(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """An axis as it is read again."""
    axes, again, name = axes_of(chart, element), axes_of(fresh, element), _axis_name(element)
    if axes is None or again is None or name is None:
        return None
    return with_axes(chart, place_of(element), **{name: getattr(again, name)})


def _relabelled(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    """Labels that differ one by one, under the names that the reference has."""
    axes, name = axes_of(chart, element), _axis_name(element)
    one, other = item.reference, item.render
    if axes is None or name is None or not isinstance(one, tuple) or not isinstance(other, tuple):
        return None
    if len(one) != len(other):
        return _read_axis(chart, fresh, item, element)
    new = dict(zip(map(str, other), map(str, one), strict=True))
    scale = getattr(axes, name)
    ticks = tuple(t.model_copy(update={"label": new.get(t.label, t.label)}) for t in scale.ticks)
    changed = scale.model_copy(update={"ticks": ticks})
    return with_axes(chart, place_of(element), **{name: changed})


def _rescaled_labels(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes, name, ratio = axes_of(chart, element), _axis_name(element), ratio_of(item)
    if axes is None or name is None or ratio is None:
        return None
    scale = getattr(axes, name)
    changed = scale.model_copy(update={"size": round(scale.size * ratio, 1)})
    return with_axes(chart, place_of(element), **{name: changed})


def _moved_axes(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes = axes_of(chart, element)
    one, other = numbers(item.reference), numbers(item.render)
    if axes is None or not len(one) == len(other) == len(axes.box):
        return None
    box = Box(*(v + a - b for v, a, b in zip(axes.box, one, other, strict=True)))
    return with_axes(chart, place_of(element), box=box)


def _new_axes(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes = axes_of(fresh, element)
    if axes is None or any(common(a.box, axes.box) > _LEAST_COMMON for a in chart.axes):
        return None
    return chart.model_copy(update={"axes": (*chart.axes, axes)})


def _faced(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes, colour = axes_of(chart, element), colour_of(item)
    return None if axes is None or colour is None else with_axes(chart, place_of(element), face=colour)


def _grounded(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    colour = colour_of(item)
    return None if colour is None else chart.model_copy(update={"background": colour})


def _gridded(chart: Chart, fresh: Chart, item: Discrepancy, element: Element) -> Chart | None:
    axes, again = axes_of(chart, element), axes_of(fresh, element)
    if axes is None or not isinstance(item.reference, str) or item.reference not in _GRID:
        return None
    x, y = _GRID[item.reference]
    grid = axes.grid or (again.grid if again else None)
    changed = grid.model_copy(update={"x": x, "y": y}) if grid and (x or y) else None
    return with_axes(chart, place_of(element), grid=changed)


AXES_ANSWERS: dict[tuple[Cause, str], Answering] = {
    **{(Cause.RANGE, axis): _rescaled_axis for axis in _ON_AXIS},
    **{(Cause.SCALE, axis): _read_axis for axis in _ON_AXIS},
    (Cause.TEXT, "tick labels"): _relabelled,
    (Cause.FONT_SIZE, "tick labels"): _rescaled_labels,
    (Cause.MOVED, "axes"): _moved_axes,
    (Cause.RESIZED, "axes"): _moved_axes,
    (Cause.MISSING, "axes"): _new_axes,
    (Cause.RECOLOURED, "face"): _faced,
    (Cause.RECOLOURED, "background"): _grounded,
    (Cause.STYLE, "grid lines"): _gridded,
}
