"""Lines through points, solid or broken, with markers or without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Column, xy
from critic.marks.geometry import Mask, Shape2D, dotted, off_path, stroked
from critic.marks.literals import call, colour, label_code, number, numbers, string
from critic.marks.parts import Entry
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference
    from critic.reading.chart.plot import Plot

_USUAL_WIDTH, _USUAL_MARKER = 1.5, 6.0
"""Points, of matplotlib's lines and markers."""
WIDTHS = (0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
"""Points: the widths that people use."""
_FAR = 1e6
"""Pixels: as far as any line is."""
_STYLE_APART = 30
"""Pixels of distance that another style counts as much as, where lines of one colour are paired."""
_OTHER_STYLE = 15
"""Levels of colour that another style is worth."""
_PATTERNS = {"--": (3.7, 1.6), ":": (1.0, 1.65), "-.": (6.4, 1.6, 1.0, 1.6)}
"""Line widths that matplotlib's styles draw and leave out in turn (``lines.*_pattern`` of its settings)."""

_BARE = 0.95
"""Confidence in markers that no stroke joins: they are points, which explain as much to a few hundredths."""


class Line(Mark):
    """A line through points; ``width`` and ``marker_size`` in points.

    ``dashes`` are the lengths drawn and left out in turn, in line widths, where no named style has them.
    """

    traits: ClassVar[Traits] = Traits("line", 3)
    type: Literal["line"] = "line"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    width: float = 1.5
    style: Literal["-", "--", ":", "-.", ""] = "-"
    dashes: tuple[float, ...] = ()
    marker: str = ""
    marker_size: float = 6.0
    layer: int = 0

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its points."""
        return len(self.x)

    def box(self, plane: Plane) -> Box:
        """Round all points."""
        return plane.around(self.x, self.y)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The line as if it had no gaps, where there is one, and its markers."""
        path = plane.path(self.x, self.y)
        found = stroked(shape, path, self.width) if self.style else np.zeros(shape, bool)
        return found | dotted(shape, path, [self.marker_size] * len(path)) if self.marker else found

    @property
    def coverage(self) -> float:
        """Less than all where it is dashed."""
        lengths = self.dashes or _PATTERNS.get(self.style, (1.0,))
        return sum(lengths[::2]) / sum(lengths)

    def moved(self, before: Plane, after: Plane) -> Self:
        """All points where they were."""
        return self.model_copy(
            update={
                "x": after.across.moved_from(before.across, self.x),
                "y": after.up.moved_from(before.up, self.y),
            }
        )

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Claims on the ink of one colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.lines import read_lines

        if sight.layer is None:
            return []
        lines = read_lines(sight.plot, sight.layer.colour, sight.layer.mask)
        bare = not any(line.style for line in lines)
        return [Claim(tuple(lines), _BARE if bare else 1.0)] if lines else []

    def handle_gap(self, entry: Entry) -> float:
        """The style tells lines of nearly one colour apart."""
        differs = entry.handle == "line" and self.style != entry.style
        return super().handle_gap(entry) + differs * _OTHER_STYLE

    @classmethod
    def joined(cls, plot: Plot, marks: Sequence[Mark]) -> list[Mark]:
        """Lines in the order in which they lie over each other."""
        from critic.reading.chart.stacking import stacked

        return stacked(plot, list(marks))

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Style, course, width and markers."""
        from critic.pixel.chart_marks import compare_lines

        return compare_lines(self, mate, view, box)

    def away_from(self, mate: Self, view: View) -> float:
        """The usual distance of one line from the other, both ways."""
        a, b = view.one.plane.path(self.x, self.y), view.other.plane.path(mate.x, mate.y)
        away = float(np.median(off_path(a, b)) + np.median(off_path(b, a)))
        return min(away, _FAR) + _STYLE_APART * (self.style != mate.style)

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Its points."""
        return xy(self.x, self.y)

    @property
    def followed(self) -> bool:
        """Without markers its points are those at which the stroke bends."""
        return not self.marker

    def variants(self) -> list[tuple[str, Self]]:
        """The next widths and marker sizes, and a solid line."""
        found: list[tuple[str, Self]] = []
        at = WIDTHS.index(min(WIDTHS, key=lambda width: abs(width - self.width)))
        for width in (WIDTHS[max(0, at - 1)], WIDTHS[min(len(WIDTHS) - 1, at + 1)]):
            if width != self.width and self.style:
                found.append((f"line width {width:g}", self.model_copy(update={"width": width})))
        if self.marker:
            for size in (self.marker_size - 1.0, self.marker_size + 1.0):
                found.append((f"marker size {size:g}", self.model_copy(update={"marker_size": size})))
        if self.style in ("--", ":"):
            found.append(("solid line", self.model_copy(update={"style": "-"})))
        return found

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``plot``."""
        (line,) = marks
        size = line.marker and line.marker_size != _USUAL_MARKER
        return [
            call(
                f"{ax}.plot",
                numbers(line.x),
                numbers(line.y),
                f"color={colour(line.colour)}",
                line._style_code(),
                "" if line.width == _USUAL_WIDTH else f"linewidth={number(line.width)}",
                f"marker={string(line.marker)}" if line.marker else "",
                f"markersize={number(line.marker_size)}" if size else "",
                label_code(line.label),
            )
        ]

    def _style_code(self) -> str:
        if self.dashes and self.style not in ("", "-"):
            return f"linestyle=(0, ({', '.join(number(length) for length in self.dashes)}))"
        return "" if self.style == "-" else f"linestyle={string(self.style)}"
