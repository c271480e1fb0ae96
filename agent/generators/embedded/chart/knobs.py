"""Numbers of a drawing that can be turned a little: where each shows, and how far to turn it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agent.generators.embedded.chart.moves import Move, axes_of, with_axes, with_series
from critic.pixel.chart_geometry import around, box_of
from critic.pixel.chart_texts import tick_strip
from critic.reading.chart.description import Axes, Bars, Chart, Ring, Scale
from critic.reading.chart.numbers import rounded
from critic.types import Box

Turn = Callable[[Chart, float], Chart]


@dataclass(frozen=True, slots=True)
class Knob:
    """A number to be turned.

    Attributes:
        name: What is turned, for the reason of the move.
        unit: What the number counts.
        box: Where turning it shows, in reference pixels.
        turn: Makes the chart turned by a value.
        values: What to try.
        smooth: Whether values between those may be better still.
        categories: The discrepancy categories that it answers.
    """

    name: str
    unit: str
    box: Box
    turn: Turn
    values: tuple[float, ...]
    smooth: bool = True
    categories: tuple[str, ...] = ("style_error", "text_error")

    def move(self, value: float) -> Move:
        """The knob turned by a value, as a move."""
        reason = f"{self.name} {value:+.2g} {self.unit}"
        return Move(reason, lambda chart: self.turn(chart, value), self.box, self.categories)


def stages(chart: Chart) -> list[list[Knob]]:
    """Knobs in the order in which they should be turned."""
    return [
        _angles(chart),
        _rings(chart, "radius"),
        [*_rings(chart, "hole"), *_bars(chart, "widths")],
        [*_rings(chart, "start"), *_bars(chart, "positions")],
    ]


def _angles(chart: Chart) -> list[Knob]:
    """Slanted tick labels at other angles, and the row of them nearer or farther."""
    found = []
    for index, axes in axes_of(chart):
        scale = axes.x
        if axes.visible and 0 < abs(scale.rotation) < 90:
            around = tuple(
                float(angle) - abs(scale.rotation)
                for angle in (15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70)
                if 0 < abs(angle - abs(scale.rotation)) <= 10
            )
            sign = 1.0 if scale.rotation > 0 else -1.0
            strip = tick_strip(axes, "x", scale, scale)
            name = f"tick labels of the x axis of axes {index + 1} turned by"
            turn = _scale_turn(index, "x", "rotation", sign)
            found.append(Knob(name, "degrees", strip, turn, around, smooth=False))
    return found


def _scale_turn(index: int, name: str, field: str, sign: float) -> Turn:
    def turn(chart: Chart, value: float) -> Chart:
        scale: Scale = getattr(chart.axes[index], name)
        changed = scale.model_copy(update={field: round(getattr(scale, field) + sign * value, 2)})
        return with_axes(chart, index, **{name: changed})

    return turn


def _rings(chart: Chart, field: str) -> list[Knob]:
    found = []
    for index, axes in axes_of(chart):
        for which, ring in enumerate(axes.series):
            if isinstance(ring, Ring) and (field != "hole" or ring.hole):
                found.append(_ring_knob(index, which, ring, field, axes))
    return found


def _ring_knob(index: int, which: int, ring: Ring, field: str, axes: Axes) -> Knob:
    (cx, cy), r = ring.centre, ring.radius + 3

    def turn(chart: Chart, value: float) -> Chart:
        now = chart.axes[index].series[which]
        changed = now.model_copy(update={field: round(getattr(now, field) + value, 2)})
        return with_series(chart, index, which, changed)

    unit = "degrees" if field == "start" else "px"
    return Knob(
        f"{field} of ring {which + 1} of axes {index + 1}",
        unit,
        Box(cx - r, cy - r, cx + r, cy + r),
        turn,
        (0.25, -0.25) if field == "start" else (0.7, -0.7),
        categories=("style_error", "data_error"),
    )


def _bars(chart: Chart, field: str) -> list[Knob]:
    """All bars of an axes wider, or farther along: bars side by side are moved together."""
    found = []
    for index, axes in axes_of(chart):
        bars = [s for s in axes.series if isinstance(s, Bars)]
        if not bars or len({s.horizontal for s in bars}) > 1 or not (axes.x.straight and axes.y.straight):
            continue
        across = bars[0].horizontal
        scale, b = (axes.y, axes.box) if across else (axes.x, axes.box)
        unit = (scale.high - scale.low) / ((b.y1 - b.y0) if across else (b.x1 - b.x0))
        name = f"bars of axes {index + 1} {'wider' if field == 'widths' else 'moved along'}"
        place = around([box_of(s, axes) for s in bars])
        turn = _bar_turn(index, field, abs(unit))
        found.append(
            Knob(name, "px", place, turn, (1.0, -1.0, 0.5, -0.5), False, ("data_error", "style_error"))
        )
    return found


def _bar_turn(index: int, field: str, unit: float) -> Turn:
    def turn(chart: Chart, value: float) -> Chart:
        series = tuple(
            s.model_copy(
                update={field: tuple(rounded(v + value * unit, unit / 10) for v in getattr(s, field))}
            )
            if isinstance(s, Bars)
            else s
            for s in chart.axes[index].series
        )
        return with_axes(chart, index, series=series)

    return turn
