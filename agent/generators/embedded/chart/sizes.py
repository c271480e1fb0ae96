"""Font sizes of tick labels and legends, from what came of them: a render is read as its picture was."""

from __future__ import annotations

from statistics import median

from agent.generators.embedded.chart.moves import Change, Move, axes_of, with_axes, with_legend
from critic.pixel.chart_texts import tick_strip
from critic.reading.chart.description import Axes, Chart, Legend, Scale
from critic.reading.chart.words import ink_of
from critic.types import Box
from renderers.types import Image

_USUAL = (5.0, 6.0, 7.0, 8.0, 8.33, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0, 20.0, 24.0)
_NEAR = 0.06
"""A size this near to a usual one, as a share, is that."""
_AROUND = 4
"""Pixels round a label's place that are looked at; marks and spines stay outside."""
_CLEARLY = 2.0
"""Pixels by which labels must be longer or shorter."""
_OFF = 0.045
"""And one that is off by less is left as it is."""
_ELSEWHERE = 12
"""Pixels by which the edges of one axes may lie off in the render; beyond, it is another."""
_LEAST_LONG = 6
"""Pixels of a label below which its length tells no size."""
_SMALLER, _LARGER = 0.4, 2.5
"""Times that a size may change at once: beyond, something else was measured."""


def size_moves(chart: Chart, render: Image, drawn: Chart) -> list[Move]:
    """Sizes under which the labels and legends of the render would come out as large as the reference's."""
    if len(chart.axes) != len(drawn.axes):
        return []
    found = []
    for index, axes in axes_of(chart):
        other = drawn.axes[index]
        if max(abs(a - b) for a, b in zip(axes.box, other.box, strict=True)) > _ELSEWHERE:
            continue
        for name, scale in (("x", axes.x), ("y", axes.y)):
            size = _resized(scale.size, _label_ratio(scale, render))
            if size is not None:
                reason = (
                    f"tick labels of the {name} axis of axes {index + 1}: size {scale.size:g} to {size:g}"
                )
                strip = tick_strip(axes, name, scale, scale)
                found.append(
                    Move(reason, _scale_change(index, name, size), strip, ("style_error", "text_error"))
                )
        found += _legend_moves(index, axes, other)
    return found


def _label_ratio(scale: Scale, render: Image) -> float:
    """How much larger the reference's labels are than what the render shows in their places."""
    ratios, off = [], []
    for box in (tick.box for tick in scale.ticks if tick.box is not None):
        place = Box(box.x0 - _AROUND, box.y0 - _AROUND, box.x1 + _AROUND, box.y1 + _AROUND)
        drawn = ink_of(render, place, margin=0) if min(place) >= 0 else None
        if drawn is None or _length(box) < _LEAST_LONG or _reaches_rim(drawn[0], place):
            continue
        ratios.append(_length(box) / max(1.0, _length(drawn[0])))
        off.append(abs(_length(box) - _length(drawn[0])))
    certain = len(ratios) > 1 and median(off) >= _CLEARLY and not scale.rotation
    return float(median(ratios)) if certain else 1.0


def _reaches_rim(box: Box, place: Box) -> bool:
    """Whether ink runs to the rim of a place, so that it may not end there."""
    return (
        box.x0 <= place.x0 + 1 or box.y0 <= place.y0 + 1 or box.x1 >= place.x1 - 1 or box.y1 >= place.y1 - 1
    )


def _length(box: Box) -> float:
    return max(box.width, box.height)


def _resized(size: float, ratio: float) -> float | None:
    """A size times a ratio, a usual one where it is near one; None where nothing changes."""
    if abs(ratio - 1) < _OFF or not _SMALLER < ratio < _LARGER:
        return None
    wanted = size * ratio
    usual = min(_USUAL, key=lambda s: abs(s - wanted))
    new = usual if abs(usual / wanted - 1) <= _NEAR else round(wanted, 1)
    return None if new == size else new


def _scale_change(index: int, name: str, size: float) -> Change:
    def change(chart: Chart) -> Chart:
        scale: Scale = getattr(chart.axes[index], name)
        return with_axes(chart, index, **{name: scale.model_copy(update={"size": size})})

    return change


def _legend_moves(index: int, axes: Axes, other: Axes) -> list[Move]:
    """Everything in a legend is as large as its font, so that the height of its box says which."""
    found = []
    for which, legend in enumerate(axes.legends):
        mates = [o for o in other.legends if len(o.entries) == len(legend.entries)]
        if not mates:
            continue
        mate = min(mates, key=lambda o: abs(o.box.y0 - legend.box.y0) + abs(o.box.x0 - legend.box.x0))
        ratio = legend.box.height / max(1.0, mate.box.height)
        size = _resized(legend.size, ratio)
        if size is not None:
            reason = f"legend {which + 1} of axes {index + 1}: font size {legend.size:g} to {size:g}"
            found.append(Move(reason, _legend_change(index, which, size), legend.box, ("style_error",)))
    return found


def _legend_change(index: int, which: int, size: float) -> Change:
    def change(chart: Chart) -> Chart:
        legend: Legend = chart.axes[index].legends[which]
        return with_legend(chart, index, which, legend.model_copy(update={"size": size}))

    return change
