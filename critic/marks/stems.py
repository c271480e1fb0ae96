"""Stems: markers at the ends of strokes from a base line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column, xy
from critic.marks.geometry import Mask, Shape2D, dotted, stroked
from critic.marks.literals import call, colour, label_code, number, string
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference
    from critic.reading.chart.plot import Plot

_USUAL_COLOUR, _USUAL_BASE = "#1f77b4", "#d62728"
"""Of matplotlib's stems and of the line that they stand on."""
_USUAL_WIDTH, _USUAL_MARKER = 1.5, 6.0
"""Points, of matplotlib's stems and markers."""


class Stems(Mark):
    """Markers at the ends of upright strokes from ``base``; sizes in points.

    ``base_colour`` is the colour of the level line that they stand on, if there is one.
    """

    traits: ClassVar[Traits] = Traits("stems", 3)
    type: Literal["stems"] = "stems"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    base: float = 0.0
    width: float = 1.5
    marker: str = "o"
    marker_size: float = 6.0
    base_colour: str = ""

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its stems."""
        return len(self.x)

    def box(self, plane: Plane) -> Box:
        """Round all stems and markers."""
        return plane.around(self.x, (*self.y, self.base))

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """Strokes, markers and the base line."""
        path = plane.path(self.x, self.y)
        found = dotted(shape, path, [self.marker_size] * len(path))
        for x, y in zip(self.x, self.y, strict=True):
            found |= stroked(shape, plane.path((x, x), (self.base, y)), self.width)
        if self.base_colour:
            found |= stroked(shape, plane.path((min(self.x), max(self.x)), (self.base,) * 2), self.width)
        return found

    def moved(self, before: Plane, after: Plane) -> Self:
        """Markers and base where they were; a base of zero stays, for stems begin there."""
        (base,) = after.up.moved_from(before.up, (self.base,)) if self.base else (0.0,)
        return self.model_copy(
            update={
                "x": after.across.moved_from(before.across, self.x),
                "y": after.up.moved_from(before.up, self.y),
                "base": base,
            }
        )

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """None of its own: they are put together of error bars and markers (see :meth:`joined`)."""
        return []

    @classmethod
    def joined(cls, plot: Plot, marks: Sequence[Mark]) -> list[Mark]:
        """Strokes that lead from one base to the markers of their colour become stems."""
        from critic.reading.chart.stems import with_stems

        return with_stems(plot, marks)

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Number, heights and base."""
        from critic.pixel.marks.stems import compare_stems

        return compare_stems(self, mate, view, box)

    def measured(self) -> dict[str, Along]:
        """Its points."""
        return {"x": "x", "y": "y"}

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Its points."""
        return xy(self.x, self.y)

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``stem``, in matplotlib's own colours where they are those."""
        (stems,) = marks
        plain = stems.colour == _USUAL_COLOUR and stems.marker == "o"
        base = {"": '" "', _USUAL_BASE: ""}.get(stems.base_colour, colour(stems.base_colour or "#000000"))
        drawn = f"stems{ax.removeprefix('ax')}"
        styles = [
            "" if stems.width == _USUAL_WIDTH else f"{drawn}.stemlines.set_linewidth({number(stems.width)})",
            "" if stems.marker == "o" else f"{drawn}.markerline.set_marker({string(stems.marker)})",
            ""
            if stems.marker_size == _USUAL_MARKER
            else f"{drawn}.markerline.set_markersize({number(stems.marker_size)})",
        ]
        styles = [style for style in styles if style]
        made = call(
            f"{ax}.stem",
            plane.x.literals(stems.x),
            plane.y.literals(stems.y),
            "" if plain else f"linefmt={colour(stems.colour)}",
            f"bottom={number(stems.base)}" if stems.base else "",
            f"basefmt={base}" if base else "",
            label_code(stems.label),
        )
        return [f"{drawn} = {made}" if styles else made, *styles]
