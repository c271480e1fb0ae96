"""Numbers of a drawing that can be turned a little: where each shows, and how far to turn it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agent.generators.embedded.chart.moves import NUDGED, Move, axes_of, with_axes, with_series, with_text
from critic.pixel.chart_geometry import around, box_of
from critic.pixel.chart_texts import placed_texts, tick_strip
from critic.reading.chart.description import Axes, Bars, Chart, Legend, Ring, Scale, Text
from critic.reading.chart.numbers import rounded
from critic.types import Box

Turn = Callable[[Chart, float], Chart]

_FRACTION = 0.4
"""Pixels: texts and edges stand at fractions of a pixel, which their anti-aliasing shows."""
_MOST_TEXTS = 40


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
    values: tuple[float, ...] = (_FRACTION, -_FRACTION)
    smooth: bool = True
    categories: tuple[str, ...] = ("style_error", "text_error")

    def move(self, value: float) -> Move:
        """The knob turned by a value, as a move."""
        reason = f"{self.name} {value:+.2g} {self.unit}"
        return Move(reason, lambda chart: self.turn(chart, value), self.box, self.categories)


def stages(chart: Chart) -> list[list[Knob]]:
    """Knobs in the order in which they should be turned: frames carry their labels along."""
    return [
        _angles(chart),
        _frames(chart),
        [*_ticks(chart), *_texts(chart, 1), *_legends(chart, 1)],
        [*_texts(chart, 0), *_legends(chart, 0), *_rings(chart, "radius")],
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


def _frames(chart: Chart) -> list[Knob]:
    """Each edge of each frame, seen at its spine and the tick labels beside it."""
    visible = [(i, a) for i, a in axes_of(chart) if a.visible]
    found = []
    for index, axes in visible if len(visible) <= 9 else []:
        b = axes.box
        places = {
            "x0": Box(b.x0 - 46, b.y0 + 4, b.x0 + 4, b.y1 - 4),
            "x1": Box(b.x1 - 4, b.y0 + 4, b.x1 + 6, b.y1 - 4),
            "y0": Box(b.x0 + 4, b.y0 - 6, b.x1 - 4, b.y0 + 4),
            "y1": Box(b.x0 + 4, b.y1 - 4, b.x1 - 4, b.y1 + 24),
        }
        for edge, place in places.items():
            name = f"{NUDGED} at edge {edge} of axes {index + 1}"
            found.append(Knob(name, "px", place, _edge_turn(index, edge)))
    return found


def _edge_turn(index: int, edge: str) -> Turn:
    def turn(chart: Chart, value: float) -> Chart:
        box = chart.axes[index].box
        return with_axes(chart, index, box=box._replace(**{edge: getattr(box, edge) + value}))

    return turn


def _ticks(chart: Chart) -> list[Knob]:
    """Tick labels nearer to the axes or farther away."""
    found = []
    for index, axes in axes_of(chart):
        if not axes.visible:
            continue
        for name, scale in (("x", axes.x), ("y", axes.y)):
            if scale.ticks:
                strip = tick_strip(axes, name, scale, scale)
                title = f"tick labels of the {name} axis of axes {index + 1} moved out by"
                found.append(
                    Knob(title, "points", strip, _scale_turn(index, name, "pad", 1.0), (0.3, -0.3, 1.5, -1.5))
                )
    return found


def _scale_turn(index: int, name: str, field: str, sign: float) -> Turn:
    def turn(chart: Chart, value: float) -> Chart:
        scale: Scale = getattr(chart.axes[index], name)
        changed = scale.model_copy(update={field: round(getattr(scale, field) + sign * value, 2)})
        return with_axes(chart, index, **{name: changed})

    return turn


def _texts(chart: Chart, direction: int) -> list[Knob]:
    found = []
    for item in placed_texts(chart)[:_MOST_TEXTS]:
        b = item.text.box
        place = Box(b.x0 - 3, b.y0 - 3, b.x1 + 3, b.y1 + 3)
        way = ("across", "down")[direction]
        name = f"{item.role} {item.text.text[:30]!r} moved {way}"
        found.append(Knob(name, "px", place, _text_turn(item.text, direction)))
    return found


def _text_turn(text: Text, direction: int) -> Turn:
    def turn(chart: Chart, value: float) -> Chart:
        now = next((i.text for i in placed_texts(chart) if i.text.box == text.box), None)
        if now is None:
            return chart
        nudge = _shifted(now.nudge, direction, value)
        return with_text(chart, now, now.model_copy(update={"nudge": nudge}))

    return turn


def _shifted(nudge: tuple[float, float], direction: int, value: float) -> tuple[float, float]:
    x, y = nudge
    return (round(x + value, 2), y) if direction == 0 else (x, round(y + value, 2))


def _legends(chart: Chart, direction: int) -> list[Knob]:
    found = []
    for index, axes in axes_of(chart):
        for which, legend in enumerate(axes.legends):
            b = legend.box
            place = Box(b.x0 - 4, b.y0 - 4, b.x1 + 4, b.y1 + 4)
            name = f"legend {which + 1} of axes {index + 1} moved {('across', 'down')[direction]}"
            found.append(Knob(name, "px", place, _legend_turn(index, which, direction)))
    return found


def _legend_turn(index: int, which: int, direction: int) -> Turn:
    def turn(chart: Chart, value: float) -> Chart:
        legend = chart.axes[index].legends[which]
        nudge = _shifted(legend.nudge, direction, value)
        return with_legend(chart, index, which, legend.model_copy(update={"nudge": nudge}))

    return turn


def with_legend(chart: Chart, index: int, which: int, legend: Legend) -> Chart:
    """The chart with one legend of an axes replaced."""
    legends = list(chart.axes[index].legends)
    legends[which] = legend
    return with_axes(chart, index, legends=tuple(legends))


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
        if not bars or len({s.horizontal for s in bars}) > 1 or "log" in (axes.x.kind, axes.y.kind):
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
