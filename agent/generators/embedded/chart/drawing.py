"""Series to matplotlib calls, with what several of them share written once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from critic.marks.columns import Along
from critic.marks.literals import string
from critic.marks.planes import Plane
from critic.reading.chart.description import Axes, Series

_SEVERAL = 2
"""Series that share their points from which these are written once."""
_LEAST = 3
"""Points that are worth it."""


def draw(ax: str, axes: Axes) -> list[str]:
    """The calls that draw all series of an axes; what belongs together is drawn once.

    Series over the same points are a table before them, and the calls name its columns.
    """
    table = f"data{ax.removeprefix('ax')}"
    shared = _shared(axes)
    columns = _columns(axes, shared)
    lines = [f"{table} = {{", *(f"    {string(name)}: {text}," for name, text in columns.values()), "}", ""]
    lines = lines if columns else []
    drawn: set[int] = set()
    for index, mark in enumerate(axes.series):
        if index in drawn:
            continue
        group = mark.drawn_with(axes.series, index)
        drawn.update(group)
        code = type(mark).code(ax, [axes.series[k] for k in group], axes.plane)
        for key in ((-1, _points(mark, axes.plane)), (index, "")) if index in shared else ():
            name, text = columns[key]
            code = [line.replace(text, f"{table}[{string(name)}]", 1) for line in code]
        lines += code
    return lines


def _points(mark: Series, plane: Plane) -> str:
    """The places that tell a mark's points, as code; empty for a mark of none."""
    fields = [*mark.measured().items()][:1]
    written = [_written(getattr(mark, name), along, plane) for name, along in fields]
    return written[0] if written and len(getattr(mark, fields[0][0])) >= _LEAST else ""


def _values(mark: Series, plane: Plane) -> str:
    """What a mark has at its points, as code; empty where that is not one number each."""
    measured = list(mark.measured().items())
    if len(measured) < _SEVERAL:
        return ""
    (first, _), (name, along) = measured[:2]
    values: Sequence[float] = getattr(mark, name)
    return _written(values, along, plane) if len(values) == len(getattr(mark, first)) else ""


def _written(values: Sequence[float], along: Along, plane: Plane) -> str:
    return (plane.x if along == "x" else plane.y).literals(values)


def _shared(axes: Axes) -> set[int]:
    """The series whose points are also those of others that are drawn by calls of their own."""
    alone = [i for i, mark in enumerate(axes.series) if list(mark.drawn_with(axes.series, i)) == [i]]
    plane = axes.plane
    alone = [i for i in alone if _points(axes.series[i], plane) and _values(axes.series[i], plane)]
    times = Counter(_points(axes.series[i], plane) for i in alone)
    most = max(times, key=lambda text: times[text], default="")
    return {i for i in alone if _points(axes.series[i], plane) == most} if times[most] >= _SEVERAL else set()


def _columns(axes: Axes, shared: set[int]) -> dict[tuple[int, str], tuple[str, str]]:
    """The columns of the table, by series: what each is called, and its values as code."""
    if not shared:
        return {}
    first = axes.series[min(shared)]
    along = first.measured()[next(iter(first.measured()))]
    label = axes.x_label if along == "x" else axes.y_label
    points = _points(first, axes.plane)
    found = {(-1, points): (label.text if label else along, points)}
    for index in sorted(shared):
        mark = axes.series[index]
        name, number = mark.label or f"series {index + 1}", 2
        taken = {name for name, _ in found.values()}
        while name in taken:
            name, number = f"{mark.label or 'series'} {number}", number + 1
        found[index, ""] = name, _values(mark, axes.plane)
    return found
