"""Steps: outlines of histograms, and filled ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column
from critic.marks.evening import UNEVEN, on_grid
from critic.marks.geometry import Mask, Shape2D, filled, stroked
from critic.marks.literals import call, colour, label_code, number, numbers
from critic.marks.planes import Path, Plane
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.numbers import rounded
from critic.types import Box
from renderers.types import Image

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_SQUARE = 1.2
"""Confidence in an outline of level and upright strokes alone: other lines have them by chance only, and
error bars in its colour, which a line takes along, are a tenth of its ink."""

_LEAST_EDGES = 3
"""Edges of an outline up to which it has too few bins to lie on a grid."""
_LEAST_RISER = 6
"""Pixels of the lowest riser that is looked for: both ends of it are blended with the steps."""
_INKED = 60
"""Channel difference up to which a pixel shows an outline's colour, thin and paler as it may be."""
_FINE = 10
"""Edges are rounded to this part of a pixel."""
_TURN = 0.1
"""Pixels between two grids that are tried."""
_AS_GOOD = 0.05
"""Of a riser: grids that meet all risers but so much as well as the best are one."""


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

    def measured(self) -> dict[str, Along]:
        """Its steps."""
        return {"edges": "x", "values": "y", "bases": "y"}

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Each step from where it begins to where it ends."""
        ends = Column("x", self.edges[:-1], "x"), Column("x_end", self.edges[1:], "x")
        base = (Column("base", self.bases, "y"),) if any(self.bases) else ()
        return *ends, Column("y", self.values, "y"), *base

    @classmethod
    def gridded(cls, marks: Sequence[Mark], plane: Plane, image: Image) -> list[Mark]:
        """All outlines on one grid, as histograms of several samples have, that meets their risers."""
        outlines = [
            mark
            for mark in marks
            if isinstance(mark, Steps) and not mark.filled and len(mark.edges) > _LEAST_EDGES
        ]
        mapped = _grid(outlines, plane, image) if outlines else None
        if mapped is None:
            return list(marks)
        digits = abs(plane.across.per_pixel) / _FINE
        return [
            mark.model_copy(update={"edges": tuple(rounded(mapped[v], digits) for v in mark.edges)})
            if isinstance(mark, Steps) and mark in outlines
            else mark
            for mark in marks
        ]

    def risers(self, plane: Plane, image: Image) -> NDArray[np.float64]:
        """For each edge, how much of its riser each column of a picture shows."""
        rows = plane.path(self.edges[:-1], self.values)[:, 1]
        mask = near(image, rgb_of(self.colour), _INKED)
        found = np.zeros((len(self.edges), image.shape[1]))
        for k in range(1, len(self.edges) - 1):
            top, bottom = sorted((int(rows[k - 1]), int(rows[k])))
            if bottom - top >= _LEAST_RISER:
                found[k] = mask[max(0, top + 2) : bottom - 1].mean(axis=0)
        return found

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


def _grid(outlines: Sequence[Steps], plane: Plane, image: Image) -> dict[float, float] | None:
    """Where each edge lies on the grid that meets most of the risers; None where there is no grid."""
    edges = np.array([v for s in outlines for v in s.edges])
    unit = (plane.x.high - plane.x.low) / plane.box.width
    grid = on_grid(edges, float(np.median([np.median(np.diff(s.edges)) for s in outlines])), abs(unit))
    if grid is None:
        return None
    pixels = (grid - plane.x.low) / unit + plane.box.x0
    first, last = float(pixels.min()), float(pixels.max())
    shares = (pixels - first) / (last - first)
    risers = np.concatenate([s.risers(plane, image) for s in outlines])
    steps = np.arange(-UNEVEN, UNEVEN + _TURN / 10, _TURN)
    start, end = (g[..., None] for g in np.meshgrid(first + steps, last + steps, indexing="ij"))
    # A riser at position p is drawn into the pixel round(p).
    at = np.floor(start + shares * (end - start) + 0.5).astype(int).clip(0, risers.shape[1] - 1)
    score = risers[np.arange(len(edges)), at].sum(axis=2)
    best = np.argwhere(score > score.max() - _AS_GOOD)
    a, c = steps[best].mean(axis=0).tolist()
    fitted = plane.x.low + (first + a + shares * (last + c - first - a) - plane.box.x0) * unit
    return dict(zip(edges.tolist(), fitted.tolist(), strict=True))
