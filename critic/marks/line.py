"""Lines through points, solid or broken, with markers or without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column, xy
from critic.marks.geometry import Mask, Shape2D, bends, dotted, off_path, stroked
from critic.marks.literals import call, colour, label_code, number, string
from critic.marks.parts import Entry
from critic.marks.planes import Plane
from critic.reading.chart.colours import blend_gap
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
_BLENDED = 10
"""Levels that a handle which is a blend of the line's colour with the ground is worth: its own is nearer."""
_GROUNDS = ("#ffffff", "#000000")
"""Grounds that blend with thin handles."""
_PATTERNS = {"--": (3.7, 1.6), ":": (1.0, 1.65), "-.": (6.4, 1.6, 1.0, 1.6)}
"""Line widths that matplotlib's styles draw and leave out in turn (``lines.*_pattern`` of its settings)."""

_ALONG = 2.6
"""Pixels within which a line runs along an outline."""
_LEAST_EVEN = 8
"""Markers from which their distances tell a step."""
_SHORT_STEPS, _ONE_STEP = 30, 1.3
"""Percent of the distances that are single steps at least, and how much longer a single one may be."""
_OFF_STEP, _FEW_UNEVEN = 0.25, 0.1
"""Share of a step by which distances may be off a multiple of it, and share of them that may be so."""
_MOST_HIDDEN = 6
"""Steps from one marker to the next: where more are hidden, there may be none."""
_SAME_PLACE = 0.2
"""Share of a step below which two markers are at one place."""

_BARE = 0.95
"""Confidence in markers that no stroke joins: they are points, which explain as much to a few hundredths."""
_HAIRLINE = 0.8
"""Points: lines of one colour up to so wide may all be the blends where others meet."""


class Line(Mark):
    """A line through points; ``width`` and ``marker_size`` in points.

    ``marker_face`` is what hollow markers hold; empty where they are filled with the line's colour.
    ``dashes`` are the lengths drawn and left out in turn, in line widths, where no named style has them.
    ``sampled`` says that it has its points where the other lines of its axes have theirs.
    """

    traits: ClassVar[Traits] = Traits("line", 3, followed=True)
    type: Literal["line"] = "line"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    width: float = 1.5
    style: Literal["-", "--", ":", "-.", ""] = "-"
    dashes: tuple[float, ...] = ()
    marker: str = ""
    marker_size: float = 6.0
    marker_face: str = ""
    sampled: bool = False
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
    def read(cls, sight: Sight) -> Iterator[Claim]:
        """Claims on the ink of one colour: spikes of a line may look like markers, so that both are drawn."""
        from critic.marks.claims import Claim
        from critic.reading.chart.lines import read_lines

        if sight.layer is None:
            return
        for lines in read_lines(sight.plot, sight.layer.colour, sight.layer.mask):
            bare = not any(line.style for line in lines)
            if lines:
                yield Claim(tuple(lines), _BARE if bare else 1.0)

    def handle_gap(self, entry: Entry) -> float:
        """The style tells lines of nearly one colour apart; a thin handle shows its colour blended."""
        differs = entry.handle == "line" and self.style != entry.style
        gap = super().handle_gap(entry)
        if entry.handle == "line":
            gap = min(gap, *(_BLENDED + blend_gap(entry.colour, self.colour, ground) for ground in _GROUNDS))
        return gap + differs * _OTHER_STYLE

    @classmethod
    def joined(cls, plot: Plot, marks: Sequence[Mark]) -> list[Mark]:
        """Lines at the places that they share, in the order in which they lie over each other."""
        from critic.reading.chart.knots import on_knots
        from critic.reading.chart.stacking import stacked

        return stacked(plot, on_knots(plot, marks))

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Style, course, width and markers."""
        from critic.pixel.marks.lines import compare_lines

        return compare_lines(self, mate, view, box)

    def away_from(self, mate: Self, view: View) -> float:
        """The usual distance of one line from the other, both ways."""
        a, b = view.one.plane.path(self.x, self.y), view.other.plane.path(mate.x, mate.y)
        away = float(np.median(off_path(a, b)) + np.median(off_path(b, a)))
        return min(away, _FAR) + _STYLE_APART * (self.style != mate.style)

    def measured(self) -> dict[str, Along]:
        """Its points."""
        return {"x": "x", "y": "y"}

    def rounded_to(self, plane: Plane, pixels: float) -> Self:
        """Also without the points that others are straight between, where it was followed."""
        kept = list(range(len(self.x)))
        if self.followed and len(self.x) > 1:
            kept = [int(i) for i in np.flatnonzero(bends(plane.path(self.x, self.y), pixels))]
        fewer = {name: tuple(getattr(self, name)[i] for i in kept) for name in ("x", "y")}
        return super(Line, self.model_copy(update=fewer)).rounded_to(plane, pixels)

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Its points."""
        return xy(self.x, self.y)

    @property
    def followed(self) -> bool:
        """Without markers its points are those at which the stroke bends, if no other lines tell them."""
        return not self.marker and not self.sampled

    def finer(self, reading: Mark) -> Mark | None:
        """The reading where it has more points, as wide and with the label of this line."""
        if not isinstance(reading, Line) or len(reading.x) <= len(self.x):
            return None
        return reading.model_copy(update={"width": self.width, "label": self.label})

    @property
    def hairline(self) -> bool:
        """Where it is thin and no legend names it."""
        return self.width <= _HAIRLINE and not self.label

    def completed(self) -> tuple[int, Self] | None:
        """Markers hidden behind others, where the even distance of those that show says they are."""
        from scipy.interpolate import PchipInterpolator

        if not self.marker or len(self.x) < _LEAST_EVEN:
            return None
        order = np.argsort(self.x)
        x, y = np.array(self.x)[order], np.array(self.y)[order]
        steps = np.diff(x)
        step = float(np.median(steps[steps <= _ONE_STEP * np.percentile(steps, _SHORT_STEPS)]))
        if step <= 0:
            return None
        times = np.round(steps / step)
        uneven = float((np.abs(steps - times * step) > _OFF_STEP * step).mean())
        if uneven > _FEW_UNEVEN or not 1 < times.max() <= _MOST_HIDDEN:
            return None
        missing = [a + step * k for a, n in zip(x, times, strict=False) for k in range(1, int(n))]
        apart = np.append(True, steps > _SAME_PLACE * step)
        course = PchipInterpolator(x[apart], y[apart])
        added = sorted([*zip(x, y, strict=True), *((v, float(course(v))) for v in missing)])
        shown = {"x": [v for v, _ in added], "y": [v for _, v in added]}
        fields = {name: tuple(float(f"{v:.5g}") for v in values) for name, values in shown.items()}
        return len(missing), self.model_copy(update=fields)

    def without(self, outlines: Sequence[Box], plane: Plane) -> Self | None:
        """Cut to what runs along no outline; markers are somebody's, and stay."""
        if self.marker:
            return self
        free = [
            not any(_on_rim(box, x, y) for box in outlines) for x, y in plane.path(self.x, self.y).tolist()
        ]
        if all(free):
            return self
        # A point on an outline beside a free one ends the free part.
        kept = [i for i in range(len(free)) if any(free[max(0, i - 1) : i + 2])]
        if len(kept) <= 1:
            return None
        return self.model_copy(
            update={name: tuple(getattr(self, name)[i] for i in kept) for name in ("x", "y")}
        )

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
                plane.x.literals(line.x),
                plane.y.literals(line.y),
                f"color={colour(line.colour)}",
                line._style_code(),
                "" if line.width == _USUAL_WIDTH else f"linewidth={number(line.width)}",
                f"marker={string(line.marker)}" if line.marker else "",
                f"markersize={number(line.marker_size)}" if size else "",
                f"markerfacecolor={colour(line.marker_face)}" if line.marker_face else "",
                label_code(line.label),
            )
        ]

    def _style_code(self) -> str:
        if self.dashes and self.style not in ("", "-"):
            return f"linestyle=(0, ({', '.join(number(length) for length in self.dashes)}))"
        return "" if self.style == "-" else f"linestyle={string(self.style)}"


def _on_rim(box: Box, x: float, y: float) -> bool:
    """Whether a place lies on the outline of a box."""
    nearest = min(abs(x - box.x0), abs(x - box.x1), abs(y - box.y0), abs(y - box.y1))
    return nearest <= _ALONG and box.grown(_ALONG).contains(x, y)
