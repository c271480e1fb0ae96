"""Rings of pies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import cv2
import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Column
from critic.marks.dials import Dial
from critic.marks.geometry import Mask, Shape2D
from critic.marks.literals import call, colour, number, numbers, strings
from critic.marks.parts import Entry
from critic.marks.planes import Plane
from critic.marks.texts import Text
from critic.reading.chart.colours import apart
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_TINT = 60
"""Levels within which a wedge and a legend's handle have one colour; hues of a cycle are further apart."""
_BESIDE = 0.6
"""Radii from a wedge's rim to the text that names it at most: matplotlib puts labels at 1.1 radii."""
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

    def dials(self, plane: Plane) -> list[Dial]:
        """Its radii and where its first wedge begins."""
        hole = [Dial("hole", "hole", "px", 1.0, (0.7, -0.7), 2)] if self.hole else []
        radius = Dial("radius", "radius", "px", 1.0, (0.7, -0.7), 1)
        return [radius, *hole, Dial("start", "start", "degrees", 1.0, (0.25, -0.25), 3)]

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
        from critic.pixel.marks.rings import compare_rings

        return compare_rings(self, mate, view, box)

    def away_from(self, mate: Self, view: View) -> float:
        """Rings are told by their radii."""
        return abs(self.radius - mate.radius)

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """The share of each wedge."""
        return (Column("share", self.fractions),)

    def point_names(self, texts: Sequence[Text], entries: Sequence[Entry]) -> tuple[str, ...]:
        """What a legend calls each wedge by its colour, else the text beside it."""
        return tuple(
            _named_by(shade, entries) or self._text_beside(index, texts)
            for index, shade in enumerate(self.colours)
        )

    def _text_beside(self, index: int, texts: Sequence[Text]) -> str:
        """The nearest text outside of the ring, in the direction of a wedge's middle."""
        total = sum(self.fractions) or 1.0
        before, own = sum(self.fractions[:index]) / total, self.fractions[index] / total
        middle = np.radians(self.start + 360 * (before + own / 2))
        x = self.centre[0] + self.radius * np.cos(middle)
        y = self.centre[1] - self.radius * np.sin(middle)
        found = [(_gap(text.box, x, y), text.text) for text in texts if not text.text.endswith("%")]
        gap, name = min(found, default=(np.inf, ""))
        return name if gap < _BESIDE * self.radius else ""

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


def _named_by(shade: str, entries: Sequence[Entry]) -> str:
    """The legend's word for a colour; empty where it has none."""
    gap, name = min(((float(apart(shade, e.colour)), e.text) for e in entries), default=(np.inf, ""))
    return name if gap < _TINT else ""


def _gap(box: Box, x: float, y: float) -> float:
    """Pixels from a point to a box."""
    return float(np.hypot(max(box.x0 - x, 0, x - box.x1), max(box.y0 - y, 0, y - box.y1)))
