"""Steps: outlines of histograms, and filled ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Column
from critic.marks.geometry import Mask, Shape2D, filled, stroked
from critic.marks.literals import call, colour, label_code, number, numbers
from critic.marks.planes import Path, Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_SQUARE = 1.2
"""Confidence in an outline of level and upright strokes alone: other lines have them by chance only, and
error bars in its colour, which a line takes along, are a tenth of its ink."""


class Steps(Mark):
    """A histogram outline, steps (``open`` where no stroke leads to zero at the ends) or filled ones.

    ``len(edges) == len(values) + 1``.
    """

    traits: ClassVar[Traits] = Traits("steps", 2, filled=True)
    type: Literal["steps"] = "steps"
    colour: str
    edges: tuple[float, ...]
    values: tuple[float, ...]
    bases: tuple[float, ...] = ()
    filled: bool = False
    open: bool = False
    width: float = 1.0

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its steps."""
        return len(self.values)

    def box(self, plane: Plane) -> Box:
        """Round all steps, down to where they begin."""
        return plane.around(self.edges, (*self.values, *(self.bases or (0.0,))))

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The outline, or what it holds."""
        top = self._outline(plane, self.values)
        if not self.filled:
            return stroked(shape, top, self.width)
        bottom = self._outline(plane, self.bases or (0.0,) * len(self.values))
        return filled(shape, np.concatenate((top, bottom[::-1])))

    def _outline(self, plane: Plane, values: Sequence[float]) -> Path:
        xs = [edge for pair in itertools.pairwise(self.edges) for edge in pair]
        return plane.path(xs, [value for value in values for _ in range(2)])

    def moved(self, before: Plane, after: Plane) -> Self:
        """Edges and levels where they were."""
        fields = {"edges": after.across.moved_from(before.across, self.edges)}
        fields |= {name: after.up.moved_from(before.up, getattr(self, name)) for name in ("values", "bases")}
        return self.model_copy(update=fields)

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Claims on the ink of one colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.steps import read_steps

        if sight.layer is None:
            return []
        steps = read_steps(sight.plot, sight.layer.colour, sight.layer.mask)
        return [] if steps is None else [Claim((steps,), _SQUARE)]

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Step by step."""
        from critic.pixel.marks.steps import compare_steps

        return compare_steps(self, mate, view)

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Each step from where it begins to where it ends."""
        ends = Column("x", self.edges[:-1], "x"), Column("x_end", self.edges[1:], "x")
        base = (Column("base", self.bases, "y"),) if any(self.bases) else ()
        return *ends, Column("y", self.values, "y"), *base

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``stairs``."""
        (steps,) = marks
        return [
            call(
                f"{ax}.stairs",
                numbers(steps.values),
                numbers(steps.edges),
                f"baseline={numbers(steps.bases)}" if any(steps.bases) else "",
                "baseline=None" if steps.open else "",
                "fill=True" if steps.filled else "",
                f"color={colour(steps.colour)}",
                "" if steps.filled or steps.width == 1.0 else f"linewidth={number(steps.width)}",
                label_code(steps.label),
            )
        ]
