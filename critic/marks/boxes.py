"""Box plots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column
from critic.marks.geometry import Mask, Shape2D, dotted, filled, stroked
from critic.marks.literals import call, colour, number, numbers, string, strings
from critic.marks.planes import Path, Plane
from critic.reading.chart.numbers import rounded
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_USUAL_MEDIAN = "#ff7f0e"
_USUAL_MARKER = 6.0
"""Points, of matplotlib's fliers."""


class Boxes(Mark):
    """A box plot: the five numbers of each box in data units, its notch and its fliers.

    Attributes:
        colour: Of the outlines, whiskers and caps.
        positions: Along the other axis.
        width: Of the boxes in data units.
        lows: Ends of the lower whiskers, likewise ``highs``.
        notches: Low and high end of each notch; empty where boxes have none.
        fliers: Values beyond the whiskers, box by box.
        faces: Filling of each box; None where it is hollow.
        marker: Of the fliers, and its size in points.
        marker_face: Filling of the fliers; None where they are hollow.
    """

    traits: ClassVar[Traits] = Traits("box plot", 3, named=False)
    type: Literal["boxes"] = "boxes"
    colour: str
    positions: tuple[float, ...]
    width: float
    q1: tuple[float, ...]
    medians: tuple[float, ...]
    q3: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    notches: tuple[tuple[float, float], ...] = ()
    fliers: tuple[tuple[float, ...], ...] = ()
    faces: tuple[str | None, ...] = ()
    median_colour: str = "#ff7f0e"
    median_width: float = 1.0
    line_width: float = 1.0
    caps: bool = True
    horizontal: bool = False
    marker: str = "o"
    marker_size: float = 6.0
    marker_colour: str = "#000000"
    marker_face: str | None = None

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its boxes."""
        return len(self.positions)

    def box(self, plane: Plane) -> Box:
        """Round boxes, whiskers and fliers."""
        half = self.width / 2
        along = [at + way * half for at in self.positions for way in (-1, 1)]
        values = (*self.lows, *self.highs, *(value for box in self.fliers for value in box))
        return plane.around(values, along) if self.horizontal else plane.around(along, values)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """Outlines, fillings where there are any, whiskers and fliers."""
        found = np.zeros(shape, bool)
        for index, at in enumerate(self.positions):
            low, high, half = self.q1[index], self.q3[index], self.width / 2
            outline = self._corners(plane, at, ((-half, low), (half, low), (half, high), (-half, high)))
            if self.faces and self.faces[index] is not None:
                found |= filled(shape, outline)
            strokes = [np.concatenate((outline, outline[:1]))]
            for value, reach in ((self.medians[index], half), *self._caps(index)):
                strokes.append(self._corners(plane, at, ((-reach, value), (reach, value))))
            strokes.append(self._corners(plane, at, ((0.0, self.lows[index]), (0.0, low))))
            strokes.append(self._corners(plane, at, ((0.0, high), (0.0, self.highs[index]))))
            for stroke in strokes:
                found |= stroked(shape, stroke, self.line_width)
            fliers = self._corners(plane, at, [(0.0, v) for v in (self.fliers[index] if self.fliers else ())])
            found |= dotted(shape, fliers, [self.marker_size] * len(fliers))
        return found

    def _caps(self, index: int) -> list[tuple[float, float]]:
        """Values and half lengths of the caps, which are half as wide as boxes."""
        ends = (self.lows[index], self.highs[index])
        return [(value, self.width / 4) for value in ends] if self.caps else []

    def _corners(self, plane: Plane, at: float, places: Sequence[tuple[float, float]]) -> Path:
        """Pixels of places given along the positions, from a box's own on, and as values."""
        along, values = [at + off for off, _ in places], [value for _, value in places]
        return plane.path(values, along) if self.horizontal else plane.path(along, values)

    def moved(self, before: Plane, after: Plane) -> Self:
        """Positions and statistics where they were."""
        along, values = ("up", "across") if self.horizontal else ("across", "up")
        old, new = getattr(before, values), getattr(after, values)
        here, there = getattr(before, along), getattr(after, along)
        named: dict[str, object] = {
            name: new.moved_from(old, getattr(self, name))
            for name in ("q1", "medians", "q3", "lows", "highs")
        }
        named["notches"] = tuple(new.moved_from(old, pair) for pair in self.notches)
        named["fliers"] = tuple(new.moved_from(old, box) for box in self.fliers)
        named["positions"] = there.moved_from(here, self.positions)
        named["width"] = rounded(self.width * there.per_pixel / here.per_pixel, there.per_pixel / 10)
        return self.model_copy(update=named)

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """A claim on the whole area, with a mark for each colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.boxplots import read_boxes

        found = read_boxes(sight.plot) if sight.layer is None else None
        return [Claim(found[0], rest=found[1])] if found is not None else []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """The statistics of each box."""
        from critic.pixel.marks.boxes import compare_boxes

        return compare_boxes(self, mate, view, box)

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Five numbers a box."""
        ways: tuple[Along, Along] = ("y", "x") if self.horizontal else ("x", "y")
        along, up = ways
        numbers = {
            "low": self.lows,
            "q1": self.q1,
            "median": self.medians,
            "q3": self.q3,
            "high": self.highs,
        }
        found = (Column(name, values, up) for name, values in numbers.items())
        return Column(along, self.positions, along), *found

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """The five numbers of each box by name, drawn by ``bxp``."""
        (boxes,) = marks
        fliers = boxes.fliers or ((),) * len(boxes.positions)
        name, drawn = "boxes" + ax.removeprefix("ax"), "drawn" + ax.removeprefix("ax")
        rows = [
            f"    dict({boxes._numbers_code(k)}, fliers={numbers(fliers[k])})," for k in range(len(fliers))
        ]
        painted = [face for face in boxes.faces if face is not None]
        made = call(
            f"{ax}.bxp",
            name,
            f"positions={numbers(boxes.positions)}",
            f"widths={number(boxes.width)}",
            'orientation="horizontal"' if boxes.horizontal else "",
            "shownotches=True" if boxes.notches else "",
            "patch_artist=True" if painted else "",
            "" if boxes.caps else "showcaps=False",
            "" if any(fliers) else "showfliers=False",
            "manage_ticks=False",
            *boxes._style_code(),
        )
        lines = [f"{name} = [", *rows, "]", f"{drawn} = {made}" if painted else made]
        if painted:
            faces = [face or "#ffffff" for face in boxes.faces]
            loop = f'for box, color in zip({drawn}["boxes"], {strings(faces)}):\n    box.set_facecolor(color)'
            lines.append(loop)
        return lines

    def _numbers_code(self, index: int) -> str:
        named = {"whislo": self.lows, "q1": self.q1}
        named |= {"cilo": tuple(low for low, _ in self.notches)} if self.notches else {}
        named |= {"med": self.medians}
        named |= {"cihi": tuple(high for _, high in self.notches)} if self.notches else {}
        named |= {"q3": self.q3, "whishi": self.highs}
        return ", ".join(f"{name}={number(values[index])}" for name, values in named.items())

    def _style_code(self) -> list[str]:
        """What differs from matplotlib's own box plots."""
        given = []
        width = f"linewidth={number(self.line_width)}" if self.line_width != 1 else ""
        shade = f"color={colour(self.colour)}" if self.colour != "#000000" else ""
        style = ", ".join(part for part in (shade, width) if part)
        if style:
            framed = style.replace("color=", "edgecolor=") if any(self.faces) else style
            given += [f"boxprops=dict({framed})", f"whiskerprops=dict({style})", f"capprops=dict({style})"]
        median = f"color={colour(self.median_colour)}" if self.median_colour != _USUAL_MEDIAN else ""
        thick = f"linewidth={number(self.median_width)}" if self.median_width != 1 else ""
        if median or thick:
            given.append(f"medianprops=dict({', '.join(part for part in (median, thick) if part)})")
        marks = [
            "" if self.marker == "o" else f"marker={string(self.marker)}",
            "" if self.marker_size == _USUAL_MARKER else f"markersize={number(self.marker_size)}",
            f"markeredgecolor={colour(self.marker_colour)}" if self.marker_colour != "#000000" else "",
            f"markerfacecolor={colour(self.marker_face)}" if self.marker_face else "",
        ]
        if any(marks) and any(self.fliers):
            given.append(f"flierprops=dict({', '.join(mark for mark in marks if mark)})")
        return given
