"""Rings of pies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import cv2
import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.geometry import Mask, Shape2D
from critic.marks.literals import call, colour, number, numbers, strings
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_OUTERMOST = 0.999
"""Share of the largest radius from which a ring is the outermost."""


class Ring(Mark):
    """One ring of a pie: fractions counter-clockwise from ``start`` degrees, in pixels around its centre."""

    traits: ClassVar[Traits] = Traits("pie", 0, single=False, named=False)
    type: Literal["ring"] = "ring"
    centre: tuple[float, float]
    radius: float
    hole: float = 0.0
    start: float = 0.0
    fractions: tuple[float, ...]
    colours: tuple[str, ...]
    explode: tuple[float, ...] = ()
    edge: str | None = None

    @property
    def palette(self) -> tuple[str, ...]:
        """One for each wedge."""
        return self.colours

    @property
    def weight(self) -> int:
        """Its wedges."""
        return len(self.fractions)

    def box(self, plane: Plane) -> Box:
        """Round the disc."""
        (x, y), r = self.centre, self.radius
        return Box(x - r, y - r, x + r, y + r)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The disc without its hole."""
        (x, y), canvas = self.centre, np.zeros(shape, np.uint8)
        cv2.circle(canvas, (round(x), round(y)), round(self.radius), 1, -1)
        if self.hole:
            cv2.circle(canvas, (round(x), round(y)), round(self.hole), 0, -1)
        return canvas.astype(bool)

    def moved(self, before: Plane, after: Plane) -> Self:
        """Pies lie in pixels: nothing moves them."""
        return self

    def drawn_with(self, marks: Sequence[Mark], at: int) -> list[int]:
        """All rings of a pie, which are drawn in units of the largest."""
        return [i for i, mark in enumerate(marks) if isinstance(mark, Ring)]

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """None: pies are found in pictures without axes."""
        return []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Number, shares and colours of the wedges, radius and hole."""
        from critic.pixel.chart_marks import compare_rings

        return compare_rings(self, mate, view, box)

    def away_from(self, mate: Self, view: View) -> float:
        """Rings are told by their radii."""
        return abs(self.radius - mate.radius)

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``pie``, once a ring, and limits at which the largest has radius 1."""
        largest = max(ring.radius for ring in marks)
        lines = []
        for ring in marks:
            share = ring.radius / largest
            hole = (ring.radius - ring.hole) / largest if ring.hole else 0.0
            given = [f"width={number(round(hole, 3))}"] if hole else []
            given += [f"edgecolor={colour(ring.edge)}"] if ring.edge else []
            lines.append(
                call(
                    f"{ax}.pie",
                    numbers(ring.fractions),
                    f"colors={strings(ring.colours)}",
                    f"radius={number(round(share, 3))}" if share < _OUTERMOST else "",
                    f"startangle={number(ring.start)}" if ring.start else "",
                    f"explode={numbers(ring.explode)}" if any(ring.explode) else "",
                    f"wedgeprops=dict({', '.join(given)})" if given else "",
                )
            )
        return [*lines, f"{ax}.set(xlim=(-1, 1), ylim=(-1, 1))"]
