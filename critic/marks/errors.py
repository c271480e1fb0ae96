"""Error bars: a stroke at each point, with caps or without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column, xy
from critic.marks.geometry import POINT, Mask, Shape2D, stroked
from critic.marks.literals import call, colour, number, numbers
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_USUAL_WIDTH = 1.5
"""Points, of matplotlib's error bars."""


class ErrorBars(Mark):
    """Error bars: low and high ends in data units at each point."""

    traits: ClassVar[Traits] = Traits("error bars", 4, named=False)
    type: Literal["errors"] = "errors"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    horizontal: bool = False
    width: float = 1.5
    cap: float = 0.0

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its strokes."""
        return len(self.x)

    def box(self, plane: Plane) -> Box:
        """Round all strokes."""
        ends = (*self.low, *self.high)
        return plane.around(ends, self.y) if self.horizontal else plane.around(self.x, ends)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The strokes and their caps."""
        found = np.zeros(shape, bool)
        for index, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            at = self.y[index] if self.horizontal else self.x[index]
            ends = ((low, high), (at, at)) if self.horizontal else ((at, at), (low, high))
            path = plane.path(*ends)
            found |= stroked(shape, path, self.width)
            for end in path:
                reach = np.array([0.0, self.cap] if self.horizontal else [self.cap, 0.0]) * POINT
                found |= stroked(shape, np.array([end - reach, end + reach]), self.width)
        return found

    def moved(self, before: Plane, after: Plane) -> Self:
        """Points and ends where they were."""
        new, old = (after.across, before.across) if self.horizontal else (after.up, before.up)
        return self.model_copy(
            update={
                "x": after.across.moved_from(before.across, self.x),
                "y": after.up.moved_from(before.up, self.y),
                "low": new.moved_from(old, self.low),
                "high": new.moved_from(old, self.high),
            }
        )

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Claims on the ink of one colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.error_lines import read_error_line
        from critic.reading.chart.strokes import read_errors

        if sight.layer is None:
            return []
        given = sight.plot, sight.layer.colour, sight.layer.mask
        found = read_errors(*given) or read_error_line(*given)
        return [Claim(tuple(found))] if found else []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Number, ends and strokes."""
        from critic.pixel.marks.errors import compare_errors

        return compare_errors(self, mate, view)

    def measured(self) -> dict[str, Along]:
        """Its points, and both ends of each bar."""
        along: Along = "x" if self.horizontal else "y"
        return {"x": "x", "y": "y", "low": along, "high": along}

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Its points, and both ends of each bar."""
        along: Along = "x" if self.horizontal else "y"
        return xy(self.x, self.y, Column("low", self.low, along), Column("high", self.high, along))

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``errorbar`` without a line or markers."""
        (errors,) = marks
        middles = errors.x if errors.horizontal else errors.y
        below = [max(0.0, at - low) for at, low in zip(middles, errors.low, strict=True)]
        above = [max(0.0, high - at) for at, high in zip(middles, errors.high, strict=True)]
        axis = "xerr" if errors.horizontal else "yerr"
        return [
            call(
                f"{ax}.errorbar",
                plane.x.literals(errors.x),
                plane.y.literals(errors.y),
                f"{axis}=[{numbers(below)}, {numbers(above)}]",
                'fmt="none"',
                f"ecolor={colour(errors.colour)}",
                "" if errors.width == _USUAL_WIDTH else f"elinewidth={number(errors.width)}",
                f"capsize={number(errors.cap)}" if errors.cap else "",
            )
        ]
