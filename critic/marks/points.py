"""Scattered points; groups that are drawn alike are written in a loop."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column, xy
from critic.marks.geometry import Mask, Shape2D, dotted
from critic.marks.literals import call, colour, label_code, number, numbers, string, strings
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_WIDE = 100
"""Characters of the lines over which long lists are broken."""
_COLOURS_OF_CROWD, _COLOURS_OF_CLOUD = 2, 6
"""Colours from which an area may show a crowd of translucent discs, or a cloud of many sizes and colours."""
_OTHER_SIZES = (0.85, 1.18)
"""Factors of areas: a pixel of a diameter of 12."""
_SPECK, _RIM = 12.0, 5
"""Points squared of dots that are hardly more than blends, and pixels across what lies round a pixel."""
_LEAST_CROWD = 20
"""Fewer points are compared one by one."""
_LONG = 40
"""Points from which lists are broken over lines."""


class Points(Mark):
    """Scattered points; ``sizes`` are areas in points squared, as matplotlib counts them.

    ``edge`` is the outline's colour: ``face`` for the points' own, which draws them larger, or ``none``.
    ``fitted`` points were moved to fractions of a pixel, all at once: nothing is gained by doing it again.
    """

    traits: ClassVar[Traits] = Traits("points", 5)
    type: Literal["points"] = "points"
    colours: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    sizes: tuple[float, ...]
    alpha: float = 1.0
    edge: str = "face"
    fitted: bool = False
    marker: str = "o"

    @property
    def palette(self) -> tuple[str, ...]:
        """One for each point."""
        return self.colours

    @property
    def weight(self) -> int:
        """Its points."""
        return len(self.x)

    def box(self, plane: Plane) -> Box:
        """Round all points."""
        return plane.around(self.x, self.y)

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """A disc for each."""
        return dotted(shape, plane.path(self.x, self.y), [size**0.5 for size in self.sizes])

    def moved(self, before: Plane, after: Plane) -> Self:
        """All points where they were."""
        return self.model_copy(
            update={
                "x": after.across.moved_from(before.across, self.x),
                "y": after.up.moved_from(before.up, self.y),
            }
        )

    def _rim(self) -> int:
        """What surrounds specks is their own blended rim, which may be as frequent as their colour."""
        return _RIM if self.sizes[0] < _SPECK else 0

    def drawn_with(self, marks: Sequence[Mark], at: int) -> list[int]:
        """Itself and the groups that differ from it in no more than points, colours and labels."""
        alike = [i for i, mark in enumerate(marks) if isinstance(mark, Points) and self._is_like(mark)]
        return alike if at in alike else [at]

    def _is_like(self, other: Points) -> bool:
        return (
            (self.alpha, self.edge, bool(self.label)) == (other.alpha, other.edge, bool(other.label))
            and len(set(self.colours)) == len(set(other.colours)) == 1
            and min(len(self.x), len(other.x)) >= _LONG
        )

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Crowds on the whole area, and dots of one colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.dots import read_dots
        from critic.reading.chart.points import read_points

        if sight.layer is None:
            return _crowded(sight)
        plot, (colour, mask, _) = sight.plot, sight.layer
        found = [read_points(plot, colour, mask), read_dots(plot, colour, mask)]
        return [Claim((points,), rim=points._rim()) for points in found if points is not None]

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Number, places and sizes."""
        from critic.pixel.marks.points import compare_points

        return compare_points(self, mate, view, box)

    def measured(self) -> dict[str, Along]:
        """Its points."""
        return {"x": "x", "y": "y"}

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Its points."""
        return xy(self.x, self.y)

    def loose_points(self) -> Points:
        """Itself."""
        return self

    @property
    def crowded(self) -> bool:
        """Whether it is a group of many translucent points of one colour."""
        return self.alpha < 1 and len(self.x) >= _LEAST_CROWD and len(set(self.colours)) == 1

    def variants(self) -> list[tuple[str, Self]]:
        """Smaller and larger ones."""
        found: list[tuple[str, Self]] = []
        for factor in _OTHER_SIZES:
            sizes = tuple(round(s * factor, 1) for s in self.sizes)
            found.append((f"points {factor:g} times as large", self.model_copy(update={"sizes": sizes})))
        return found

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``scatter``, in a loop over groups where there are several."""
        if len(marks) > 1:
            return _loop_code(ax, marks, plane)
        (points,) = marks
        one = len(set(points.colours)) == 1
        return [
            call(
                f"{ax}.scatter",
                _broken(plane.x.literals(points.x)),
                _broken(plane.y.literals(points.y)),
                f"s={points._size_code()}",
                f"color={colour(points.colours[0])}" if one else f"c={strings(points.colours)}",
                *points._style_code(),
                label_code(points.label),
            )
        ]

    def _size_code(self) -> str:
        return number(self.sizes[0]) if len(set(self.sizes)) == 1 else _broken(numbers(self.sizes))

    def _style_code(self) -> list[str]:
        return [
            f"alpha={number(self.alpha)}" if self.alpha < 1 else "",
            f"edgecolors={string(self.edge)}" if self.edge != "face" else "",
        ]


def _crowded(sight: Sight) -> list[Claim]:
    """Points that lie over each other all over the area, unless all that its legends name are bare lines."""
    from critic.marks.claims import Claim
    from critic.reading.chart.crowd.read import read_crowd
    from critic.reading.chart.points import read_cloud

    entries = [entry for legend in sight.legends for entry in legend.entries]
    if entries and all(entry.handle == "line" and not entry.marker for entry in entries):
        return []
    if len(sight.layers) >= _COLOURS_OF_CROWD and (crowd := read_crowd(sight.plot)) is not None:
        return [Claim(tuple(crowd), rest=sight.plot.emptied())]
    if len(sight.layers) >= _COLOURS_OF_CLOUD and (cloud := read_cloud(sight.plot)) is not None:
        return [Claim((cloud[0],), rest=sight.plot.emptied())]
    return []


def _loop_code(ax: str, groups: Sequence[Points], plane: Plane) -> list[str]:
    """Groups that are alike: their points in a table by colour, drawn in a loop."""
    name = "groups" + ax.removeprefix("ax")
    labelled = bool(groups[0].label)
    named = labelled and any(colour(g.colours[0]) != string(g.label) for g in groups)
    rows = []
    for group in groups:
        parts = [string(group.label) if named else "", colour(group.colours[0])]
        places = (plane.x.literals(group.x), plane.y.literals(group.y))
        parts += [*(_broken(text) for text in places), group._size_code()]
        rows.append("    (\n" + "".join(f"        {part},\n" for part in parts if part) + "    ),")
    label = "label=label" if named else "label=color" if labelled else ""
    drawn = call(f"{ax}.scatter", "x", "y", "s=s", "color=color", *groups[0]._style_code(), label)
    each = "label, color, x, y, s" if named else "color, x, y, s"
    return [f"{name} = [", *rows, "]", f"for {each} in {name}:\n    {drawn}"]


def _broken(text: str) -> str:
    """A list as it is written, over several lines where it is long."""
    if text.count(",") < _LONG - 1 or not text.startswith("["):
        return text
    lines = textwrap.fill(text[1:-1], _WIDE, initial_indent=" " * 12, subsequent_indent=" " * 12)
    return f"[\n{lines},\n        ]"
