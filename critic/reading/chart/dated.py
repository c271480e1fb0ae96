"""Axes whose labels are dates, on scales of time."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from critic.marks.columns import Along
from critic.marks.date_scale import DateScale, days_of, moment_of, roundest
from critic.marks.known import Series
from critic.marks.planes import Plane
from critic.marks.scales import Scale
from critic.reading.chart.description import Axes
from critic.reading.chart.moments import moments_of

_OFF = 1.5
"""Working pixels by which a label's tick may be off its moment: ticks are on whole pixels."""
_NEAR, _AT_EDGE = 1.0, 0.5
"""Working pixels within which a tick without a label, or the end of an axis, stands at a round moment."""


def dated(axes: Axes) -> Axes:
    """An axes with the scales of its dates, and its series on them."""
    plane = axes.plane
    x, y = (
        _on_dates(scale, side.start, side.end) for scale, side in ((axes.x, plane.across), (axes.y, plane.up))
    )
    celled = any(mark.traits.celled for mark in axes.series)
    if celled or (x is axes.x and y is axes.y):
        return axes
    found = axes.model_copy(update={"x": x, "y": y})
    dates: tuple[Along, ...] = (*(("x",) if x is not axes.x else ()), *(("y",) if y is not axes.y else ()))
    moved = (mark.rescaled(plane, found.plane) for mark in axes.series)
    return found.model_copy(update={"series": tuple(_at_dates(mark, found.plane, dates) for mark in moved)})


def _at_dates(mark: Series, plane: Plane, dates: tuple[Along, ...]) -> Series:
    """A mark with its points at the roundest moments within a pixel, where they stay apart."""
    places = {}
    for name, along in mark.measured().items():
        values = getattr(mark, name)
        if along in dates:
            short = (plane.across if along == "x" else plane.up).rounded(values, _NEAR)
            places[name] = short if len(set(short)) == len(set(values)) else values
    return mark.model_copy(update=places)


def _on_dates(scale: Scale, start: float, end: float) -> Scale:
    """The scale in time, where its labels tell that; else as it is."""
    named = [tick for tick in scale.ticks if tick.label]
    named.sort(key=lambda tick: scale.pixel(start, end, tick.value))
    if scale.kind != "categories":
        return scale
    at = [scale.pixel(start, end, tick.value) for tick in named]
    told = moments_of(at, [tick.label for tick in named], _OFF)
    if told is None:
        return scale
    days = [days_of(moment) for moment in told.moments]
    slope, offset = (float(v) for v in np.polyfit(at, days, 1))
    exact = dict(zip((tick.value for tick in named), days, strict=True))

    def moment(value: float, pixels: float = _NEAR) -> float:
        place = slope * scale.pixel(start, end, value) + offset
        return days_of(roundest(moment_of(place), timedelta(days=pixels * abs(slope))))

    kept = {name: getattr(scale, name) for name in Scale.model_fields if name != "kind"}
    return DateScale(
        **kept
        | {
            "low": moment(scale.low, _AT_EDGE),
            "high": moment(scale.high, _AT_EDGE),
            "ticks": tuple(
                tick.model_copy(update={"value": exact.get(tick.value, moment(tick.value))})
                for tick in scale.ticks
            ),
            "between": tuple(moment(value) for value in scale.between),
        },
        known=told.known,
        written=told.written,
    )
