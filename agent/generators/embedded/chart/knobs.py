"""Numbers of a drawing that can be turned a little: where each shows, and how far to turn it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from agent.generators.embedded.chart.moves import Move, axes_of, with_axes
from critic.marks.dials import Dial
from critic.pixel.chart_texts import tick_strip
from critic.reading.chart.description import Axes, Chart, Scale
from critic.types import Box

Turn = Callable[[Chart, float], Chart]
_STAGES = (1, 2, 3)
"""Of the marks' dials, in order."""
_SHOWS = 3
"""Pixels beyond a mark's box in which turning a number of it still shows."""
_UPRIGHT = 90
"""Degrees of labels that stand upright; those between slant."""
_FAR = 10
"""Degrees by which slants are read off at most."""


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
    return [_angles(chart), *(_dials(chart, stage) for stage in _STAGES)]


def _angles(chart: Chart) -> list[Knob]:
    """Slanted tick labels at other angles, and the row of them nearer or farther."""
    found = []
    for index, axes in axes_of(chart):
        scale = axes.x
        if axes.visible and 0 < abs(scale.rotation) < _UPRIGHT:
            around = tuple(
                float(angle) - abs(scale.rotation)
                for angle in (15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70)
                if 0 < abs(angle - abs(scale.rotation)) <= _FAR
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


def _dials(chart: Chart, stage: int) -> list[Knob]:
    """What the marks say of themselves that can be turned at a stage."""
    found = []
    for index, axes in axes_of(chart):
        shared: dict[str, list[int]] = defaultdict(list)
        for which, mark in enumerate(axes.series):
            for dial in mark.dials(axes.plane):
                if dial.stage == stage and dial.together:
                    shared[dial.name].append(which)
                elif dial.stage == stage:
                    name = f"{dial.name} of {mark.traits.noun} {which + 1} of axes {index + 1}"
                    found.append(_knob(name, dial, index, axes, [which]))
        for name, marks in shared.items():
            offered = (dial for which in marks for dial in axes.series[which].dials(axes.plane))
            dials = {dial for dial in offered if (dial.stage, dial.name) == (stage, name)}
            # Marks that lie along different directions cannot be turned as one.
            if len(dials) == 1:
                title = f"{axes.series[marks[0]].traits.noun} of axes {index + 1} {name}"
                found.append(_knob(title, dials.pop(), index, axes, marks))
    return found


def _knob(name: str, dial: Dial, index: int, axes: Axes, marks: list[int]) -> Knob:
    """The knob that turns a dial of some marks of an axes."""

    def turn(chart: Chart, value: float) -> Chart:
        series = tuple(
            mark.turned(dial, value) if which in marks else mark
            for which, mark in enumerate(chart.axes[index].series)
        )
        return with_axes(chart, index, series=series)

    place = Box.around([axes.series[which].box(axes.plane) for which in marks])
    place = place if dial.together else place.grown(_SHOWS)
    return Knob(name, dial.unit, place, turn, dial.values, dial.smooth, ("data_error", "style_error"))
