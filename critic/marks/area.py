"""Filled areas between two curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column, xy
from critic.marks.geometry import Mask, Shape2D, filled
from critic.marks.literals import call, colour, label_code, number, numbers
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_BELIEF = 0.965
"""What an area is worth beside bars, whose outlines it can follow too."""


class Area(Mark):
    """A filled region between two curves over ``x``."""

    traits: ClassVar[Traits] = Traits("area", 0, filled=True, followed=True)
    type: Literal["area"] = "area"
    colour: str
    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its points."""
        return len(self.x)

    def box(self, plane: Plane) -> Box:
        """Round both edges."""
        return plane.around(self.x, (*self.low, *self.high))

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """What the edges hold."""
        return filled(shape, plane.path((*self.x, *self.x[::-1]), (*self.high, *self.low[::-1])))

    def moved(self, before: Plane, after: Plane) -> Self:
        """Both edges where they were."""
        return self.model_copy(
            update={
                "x": after.across.moved_from(before.across, self.x),
                "low": after.up.moved_from(before.up, self.low),
                "high": after.up.moved_from(before.up, self.high),
            }
        )

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Claims on the ink of one colour, or of thin layers on each other."""
        from critic.marks.claims import Claim
        from critic.reading.chart.areas import is_solid, read_areas
        from critic.reading.chart.stacks import read_stack

        if sight.layer is None:
            stack = read_stack(sight.plot, sight.layers)
            return [Claim(tuple(stack), _BELIEF, rest=sight.plot.emptied())] if stack else []
        if not is_solid(sight.layer.mask):
            return []
        areas = read_areas(sight.plot, sight.layer.colour, sight.layer.mask)
        return [Claim(tuple(areas), _BELIEF)] if areas else []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """The courses of both edges."""
        from critic.pixel.marks.areas import compare_areas

        return compare_areas(self, mate, view, box)

    def measured(self) -> dict[str, Along]:
        """Its edges."""
        return {"x": "x", "low": "y", "high": "y"}

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Its upper edge, and the lower one."""
        return xy(self.x, self.high, Column("base", self.low, "y"))

    def finer(self, reading: Mark) -> Mark | None:
        """The reading where it has more points."""
        return reading if isinstance(reading, Area) and len(reading.x) > len(self.x) else None

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``fill_between``."""
        (area,) = marks
        flat = len(set(area.low)) == 1
        low = ("" if area.low[0] == 0 else number(area.low[0])) if flat else numbers(area.low)
        return [
            call(
                f"{ax}.fill_between",
                plane.x.literals(area.x),
                numbers(area.high),
                low,
                f"color={colour(area.colour)}",
                "linewidth=0",
                label_code(area.label),
            )
        ]
