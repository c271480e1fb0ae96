"""The outline of a radar chart: a value at each name, joined round the centre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Column, xy
from critic.marks.geometry import Mask, Shape2D, filled, stroked
from critic.marks.literals import call, colour, label_code, number, numbers, string
from critic.marks.planes import Path, Plane
from critic.types import Box, Cause, Element, difference

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_OFF = 2.5
"""Pixels by which a value may be off: readings of blended edges differ by up to 2."""
_WIDER, _STEP = 0.45, 0.5
"""Points by which line widths must differ, and the steps in which others are tried."""


class Radar(Mark):
    """One outline of a radar chart.

    Attributes:
        colour: Of the outline, and of the filling.
        values: One for each name, in their order.
        fill: Opacity of the filling; 0 without.
        width: Of the outline, in points.
        marker: At the values, and its size in points.
    """

    traits: ClassVar[Traits] = Traits("radar", 3)
    type: Literal["radar"] = "radar"
    colour: str
    values: tuple[float, ...]
    fill: float = 0.0
    width: float = 1.5
    marker: str = ""
    marker_size: float = 6.0

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its values."""
        return len(self.values)

    def outline(self, plane: Plane) -> Path:
        """Pixels of the values, the first again at the end."""
        return plane.path(range(len(self.values) + 1), (*self.values, self.values[0]))

    def box(self, plane: Plane) -> Box:
        """Round the outline."""
        (x0, y0), (x1, y1) = self.outline(plane).min(axis=0), self.outline(plane).max(axis=0)
        return Box(float(x0), float(y0), float(x1), float(y1)).grown(4)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The outline and what it holds."""
        found = stroked(shape, self.outline(plane), self.width)
        return found | filled(shape, self.outline(plane)) if self.fill else found

    def moved(self, before: Plane, after: Plane) -> Self:
        """The values that lie where they did."""
        return self.model_copy(update={"values": after.up.moved_from(before.up, self.values)})

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """None: they are found with their axes."""
        return []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Number of values, and the one that is off the most."""
        from critic.pixel.claims import Claim, Rank

        element, ink = view.mark(self), view.ink((self, view.one), (mate, view.other))
        counts = float(self.weight), float(mate.weight)
        if counts[0] != counts[1]:
            said = difference(
                "structure_error", 3, Cause.COUNT, element, box, reference=counts[0], render=counts[1]
            )
            return [] if said is None else [Claim(said, Rank.MARK, ink)]
        away = np.hypot(*(self.outline(view.one.plane) - mate.outline(view.other.plane)).T)[:-1]
        worst = int(away.argmax())
        if away[worst] > _OFF:
            part = Element(kind="value", index=(worst,), of=element)
            one, other = self.values[worst], mate.values[worst]
            said = difference("data_error", 2, Cause.VALUE, part, box, reference=one, render=other)
        elif abs(self.width - mate.width) > _WIDER:
            widths = self.width, mate.width
            said = difference(
                "style_error", 1, Cause.WEIGHT, element, box, reference=widths[0], render=widths[1]
            )
        else:
            return []
        return [] if said is None else [Claim(said, Rank.MARK, ink)]

    def away_from(self, mate: Self, view: View) -> float:
        """The largest distance of two values."""
        if self.weight != mate.weight:
            return float("inf")
        return float(np.hypot(*(self.outline(view.one.plane) - mate.outline(view.other.plane)).T).max())

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """A value a name round the rim."""
        return xy(tuple(map(float, range(len(self.values)))), self.values)

    def variants(self) -> list[tuple[str, Self]]:
        """Thinner and thicker outlines."""
        widths = [w for w in (self.width - _STEP, self.width + _STEP) if w > 0]
        return [(f"outline {w:g} points wide", self.model_copy(update={"width": w})) for w in widths]

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``plot`` round the centre, and ``fill`` where it is filled."""
        (radar,) = marks
        closed = numbers((*radar.values, radar.values[0]))
        angles = f"np.linspace(0, 2 * np.pi, {len(radar.values) + 1})"
        made = call(
            f"{ax}.plot",
            angles,
            closed,
            f"color={colour(radar.colour)}",
            f"linewidth={number(radar.width)}",
            f"marker={string(radar.marker)}, markersize={number(radar.marker_size)}" if radar.marker else "",
            label_code(radar.label),
        )
        shade = f"color={colour(radar.colour)}, alpha={number(radar.fill)}, linewidth=0"
        return [made, call(f"{ax}.fill", angles, closed, shade)] if radar.fill else [made]
