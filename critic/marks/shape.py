"""Coloured regions that could not be read as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from critic.marks.base import Mark, Traits
from critic.marks.geometry import Mask, Shape2D, filled
from critic.marks.literals import call, colour
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_BELIEF = 0.5
"""What an outline is worth beside anything that says what is drawn."""
_MANY = 3
"""So many shapes are drawn in a loop."""


class Shape(Mark):
    """A coloured region that could not be read as data: its outline in data units."""

    traits: ClassVar[Traits] = Traits("region", 0, filled=True, named=False)
    type: Literal["shape"] = "shape"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    layer: int = 0

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its corners."""
        return len(self.x)

    def box(self, plane: Plane) -> Box:
        """Round all corners."""
        return plane.around(self.x, self.y)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """What the outline holds."""
        return filled(shape, plane.path(self.x, self.y))

    def moved(self, before: Plane, after: Plane) -> Self:
        """All corners where they were."""
        return self.model_copy(
            update={
                "x": after.across.moved_from(before.across, self.x),
                "y": after.up.moved_from(before.up, self.y),
            }
        )

    def drawn_with(self, marks: Sequence[Mark], at: int) -> list[int]:
        """The shapes that follow one another."""
        last = at
        while last + 1 < len(marks) and isinstance(marks[last + 1], Shape):
            last += 1
        return list(range(at, last + 1))

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Claims on the ink of one colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.areas import is_thick, read_shapes

        if sight.layer is None or not is_thick(sight.layer.mask):
            return []
        shapes = read_shapes(sight.plot, *sight.layer)
        return [Claim(tuple(shapes), _BELIEF)] if shapes else []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Nothing: an outline has no numbers, its pixels tell."""
        return []

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``fill``, in a loop where there are many."""
        if len(marks) < _MANY:
            return [
                call(
                    f"{ax}.fill",
                    plane.x.literals(s.x),
                    plane.y.literals(s.y),
                    f"color={colour(s.colour)}",
                    "linewidth=0",
                )
                for s in marks
            ]
        rows = [f"    ({colour(s.colour)}, {plane.x.literals(s.x)}, {plane.y.literals(s.y)})," for s in marks]
        name = "shapes" + ax.removeprefix("ax")
        loop = f"for color, x, y in {name}:\n    {ax}.fill(x, y, color=color, linewidth=0)"
        return [f"{name} = [", *rows, "]", loop]
