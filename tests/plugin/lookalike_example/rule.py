"""A mark: a level line across the whole of a chart's axes."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from critic import Box
from critic.marks.base import Mark, Traits
from critic.marks.claims import Claim, Sight
from critic.marks.geometry import Mask, Shape2D, stroked
from critic.marks.literals import call, colour, label_code, number
from critic.marks.planes import Plane
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim as Difference


class Rule(Mark):
    """A level line at ``y``, in points wide."""

    traits: ClassVar[Traits] = Traits("rule", 2)
    type: Literal["rule"] = "rule"
    colour: str
    y: float
    width: float = 1.5

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """One value."""
        return 1

    def box(self, plane: Plane) -> Box:
        """From edge to edge of the axes."""
        return plane.around(_ends(plane), (self.y, self.y))

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The stroke."""
        return stroked(shape, plane.path(_ends(plane), (self.y, self.y)), self.width)

    def moved(self, before: Plane, after: Plane) -> Self:
        """At the value that it has where it is drawn."""
        (y,) = after.up.moved_from(before.up, (self.y,))
        return self.model_copy(update={"y": y})

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """None: it is only drawn. One that reads makes claims on the ink of ``sight.layer``."""
        return []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Nothing: where it lies elsewhere, its pixels tell."""
        return []

    def variants(self) -> list[tuple[str, Self]]:
        """A thinner and a thicker one."""
        return [(f"{width:g} pt wide", self.model_copy(update={"width": width})) for width in (1.0, 2.0)]

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """One call of ``axhline`` each."""
        return [
            call(
                f"{ax}.axhline",
                number(rule.y),
                f"color={colour(rule.colour)}",
                f"linewidth={number(rule.width)}",
                label_code(rule.label),
            )
            for rule in marks
        ]


def _ends(plane: Plane) -> tuple[float, float]:
    """The values at both ends of the axes."""
    across = plane.across
    return across.value(across.start), across.value(across.end)
