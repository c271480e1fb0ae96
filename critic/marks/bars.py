"""Bars: rectangles of one colour from a base, upright or lying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Along, Column
from critic.marks.dials import Dial
from critic.marks.evening import UNEVEN, at_round_values, on_grid
from critic.marks.geometry import Mask, Shape2D, around, boxed
from critic.marks.literals import call, colour, label_code, number, numbers, string
from critic.marks.planes import Plane, Side
from critic.marks.texts import Text
from critic.reading.chart.numbers import rounded
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_USUAL_WIDTH = "0.8"
"""Of bars in matplotlib, as it is written."""
_UNEVEN = 0.97
"""What bars are worth that are not equally wide: the steps of a slope are none."""

_FEW = 3
"""Bars up to which there is no step that most of them keep."""
Span = tuple[float, float]
"""Two ends."""


class Bars(Mark):
    """Bars of one colour: along the axis at ``positions``, from ``bases``, ``values`` long (data units).

    ``hatch`` is the pattern drawn over them, as matplotlib names it, in ``hatch_colour``.
    """

    traits: ClassVar[Traits] = Traits("bars", 1, filled=True)
    type: Literal["bars"] = "bars"
    colour: str
    positions: tuple[float, ...]
    widths: tuple[float, ...]
    values: tuple[float, ...]
    bases: tuple[float, ...]
    horizontal: bool = False
    edge: str | None = None
    hatch: str = ""
    hatch_colour: str = "#000000"
    labelled: tuple[Text, ...] = ()

    @property
    def palette(self) -> tuple[str, ...]:
        """One colour."""
        return (self.colour,)

    @property
    def weight(self) -> int:
        """Its bars."""
        return len(self.values)

    def box(self, plane: Plane) -> Box:
        """Round all bars."""
        return around(self.boxes(plane)) if self.values else plane.box

    def boxes(self, plane: Plane) -> list[Box]:
        """The pixels round each bar."""
        return [plane.around(*spans) for spans in self._spans()]

    def _spans(self) -> list[tuple[Span, Span]]:
        """The values across and up that each bar reaches between."""
        found = []
        for at, width, base, value in zip(self.positions, self.widths, self.bases, self.values, strict=True):
            along, ends = (at - width / 2, at + width / 2), (base, base + value)
            found.append((ends, along) if self.horizontal else (along, ends))
        return found

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """The bars."""
        return boxed(shape, self.exact_boxes(plane))

    def moved(self, before: Plane, after: Plane) -> Self:
        """Both sides of each bar where they were; bars keep their values, and end where those lie now."""
        old, new = (before.up, after.up) if self.horizontal else (before.across, after.across)
        pairs = list(zip(self.positions, self.widths, strict=True))
        low = new.moved_from(old, [p - w / 2 for p, w in pairs])
        high = new.moved_from(old, [p + w / 2 for p, w in pairs])
        slack = new.per_pixel / 10
        return self.model_copy(
            update={
                "positions": tuple(rounded((a + b) / 2, slack) for a, b in zip(low, high, strict=True)),
                "widths": tuple(rounded(b - a, slack) for a, b in zip(low, high, strict=True)),
            }
        )

    def rescaled(self, before: Plane, after: Plane) -> Self:
        """Also with the lengths that its bars have on the other scale."""
        old, new = (before.across, after.across) if self.horizontal else (before.up, after.up)
        if old.scale.kind == new.scale.kind:
            return self.moved(before, after)
        bases = new.moved_from(old, self.bases)
        ends = new.moved_from(old, [b + v for b, v in zip(self.bases, self.values, strict=True)])
        lengths = tuple(end - base for base, end in zip(bases, ends, strict=True))
        return self.moved(before, after).model_copy(update={"bases": bases, "values": lengths})

    def dials(self, plane: Plane) -> list[Dial]:
        """How wide all bars are, and where along their axis they stand."""
        if not (plane.x.straight and plane.y.straight):
            return []
        unit = self._along(plane).per_pixel
        tried = (1.0, -1.0, 0.5, -0.5)
        return [
            Dial("widths", "wider", "px", unit, tried, 2, smooth=False, together=True),
            Dial("positions", "moved along", "px", unit, tried, 3, smooth=False, together=True),
        ]

    def _along(self, plane: Plane) -> Side:
        """The direction in which they stand side by side."""
        return plane.up if self.horizontal else plane.across

    def evened(self, plane: Plane) -> Self:
        """At even distances and equally wide, where they nearly are; at round values."""
        unit, widths = self._along(plane).per_pixel, np.array(self.widths)
        if np.ptp(widths) > UNEVEN * unit:
            return self
        steps = np.diff(sorted(self.positions))
        step = float(np.median(steps)) if len(self.positions) > _FEW else 0.0
        positions = np.array(self.positions)
        at = on_grid(positions, step, unit)
        return self.model_copy(
            update={
                "positions": at_round_values(positions if at is None else at, unit),
                "widths": at_round_values(np.full(len(widths), widths.mean()), unit),
            }
        )

    def outlined(self, plane: Plane) -> list[Box]:
        """All bars, where they have edges."""
        return self.exact_boxes(plane) if self.edge else []

    def exact_boxes(self, plane: Plane) -> list[Box]:
        """The pixels of each bar itself."""
        return [plane.span(*spans) for spans in self._spans()]

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """Claims on the ink of one colour."""
        from critic.marks.claims import Claim
        from critic.reading.chart.bars import bridged, read_bars

        if sight.layer is None:
            return []
        masks = [sight.layer.mask]
        whole = bridged(sight.plot, sight.layer.mask)
        masks += [] if whole is None else [whole]
        found = [read_bars(sight.plot, sight.layer.colour, mask) for mask in masks]
        return [Claim((b,), 1.0 if len(set(b.widths)) == 1 else _UNEVEN) for b in found if b is not None]

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Bar by bar."""
        from critic.pixel.marks.bars import compare_bars

        return compare_bars(self, mate, view)

    def measured(self) -> dict[str, Along]:
        """Where they stand and how long they are, but for what the picture says in figures."""
        ways: tuple[Along, Along] = ("y", "x") if self.horizontal else ("x", "y")
        across, along = ways
        lengths: dict[str, Along] = {} if self.labelled else {"values": along, "bases": along}
        return {"positions": across, **lengths}

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """How long each bar is, and where it begins unless that is 0."""
        ways: tuple[Along, Along] = ("y", "x") if self.horizontal else ("x", "y")
        along, up = ways
        base = (Column("base", self.bases, up),) if any(self.bases) else ()
        return Column(along, self.positions, along), Column(up, self.values, up), *base

    def variants(self) -> list[tuple[str, Self]]:
        """Without their outlines."""
        return [("bars without edge", self.model_copy(update={"edge": None}))] if self.edge else []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``bar`` or ``barh``."""
        (bars,) = marks
        width = number(bars.widths[0]) if len(set(bars.widths)) == 1 else numbers(bars.widths)
        stand, reach = (plane.y, plane.x) if bars.horizontal else (plane.x, plane.y)
        base = "" if not any(bars.bases) else reach.literals(bars.bases)
        names = ("barh", "height", "left") if bars.horizontal else ("bar", "width", "bottom")
        method, across, start = names
        return [
            call(
                f"{ax}.{method}",
                stand.literals(bars.positions),
                numbers(bars.values),
                f"{across}={width}" if width != _USUAL_WIDTH else "",
                f"{start}={base}" if base else "",
                f"color={colour(bars.colour)}",
                *bars._line_code(),
                label_code(bars.label),
            )
        ]

    def _line_code(self) -> list[str]:
        """Outline and hatching, which share a colour where both are drawn."""
        hatch = f"hatch={string(self.hatch)}" if self.hatch else ""
        if self.edge or not self.hatch or self.hatch_colour == "#000000":
            return [f"edgecolor={colour(self.edge)}" if self.edge else "", hatch]
        return [f"edgecolor={colour(self.hatch_colour)}", "linewidth=0", hatch]
