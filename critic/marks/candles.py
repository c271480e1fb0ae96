"""Candlesticks: of each period the range as a thin stroke, and a body from the open to the close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from critic.marks.base import Mark, Traits
from critic.marks.columns import Column
from critic.marks.geometry import POINT, Mask, Shape2D, boxed, stroked
from critic.marks.literals import colour, number
from critic.marks.planes import Plane
from critic.reading.chart.numbers import rounded
from critic.types import Box, Cause, Element, difference

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_OFF = 2.5
"""Pixels by which an end may be off: readings of blended edges differ by up to 2."""
_NUMBERS = ("opens", "highs", "lows", "closes")
_PARTS = (
    "rising candles",
    "falling candles",
    "bodies of rising candles",
    "bodies of falling candles",
    "strokes of candles",
)


class Candles(Mark):
    """Candlesticks, from left to right.

    Attributes:
        rising: Colour of the periods that close above their open.
        falling: Of those that close below.
        rising_fill: What the bodies of the rising ones hold, where they are outlined in another colour;
            likewise ``falling_fill``.
        wick: Colour of all strokes, where it is another than those of the bodies.
        up: Which periods are drawn as rising.
        positions: Across.
        width: Of the bodies, in data units.
        opens: Where periods begin; likewise ``closes``, and the ``highs`` and ``lows`` between. Where no body
            shows, both are one price that the stroke does not tell: it is written as the low.
        line_width: Of the strokes, in points.
    """

    traits: ClassVar[Traits] = Traits("candles", 3, single=False, named=False)
    type: Literal["candles"] = "candles"
    rising: str
    falling: str
    rising_fill: str = ""
    falling_fill: str = ""
    wick: str = ""
    up: tuple[bool, ...]
    positions: tuple[float, ...]
    width: float
    opens: tuple[float, ...]
    highs: tuple[float, ...]
    lows: tuple[float, ...]
    closes: tuple[float, ...]
    line_width: float = 1.0

    @property
    def palette(self) -> tuple[str, ...]:
        """Of the bodies and of the strokes, each colour once."""
        return tuple(dict.fromkeys((*self.bodies, self.rising, self.falling, self.wick or self.rising)))

    @property
    def bodies(self) -> tuple[str, str]:
        """What rising and falling bodies hold."""
        return self.rising_fill or self.rising, self.falling_fill or self.falling

    @property
    def edged(self) -> bool:
        """Whether bodies have outlines of their own."""
        return bool(self.rising_fill or self.falling_fill)

    @property
    def weight(self) -> int:
        """Its periods."""
        return len(self.positions)

    def box(self, plane: Plane) -> Box:
        """Round all candles."""
        ends = [at + way * self.width / 2 for at in self.positions for way in (-1, 1)]
        return plane.around(ends, (*self.lows, *self.highs))

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """Bodies and strokes."""
        bodies = []
        found = np.zeros(shape, bool)
        rim = self.line_width * POINT / 2 if self.edged else 0.0
        for index, at in enumerate(self.positions):
            sides, stroke = (at - self.width / 2, at + self.width / 2), (self.lows[index], self.highs[index])
            bodies.append(plane.span(sides, (self.opens[index], self.closes[index])).grown(rim))
            found |= stroked(shape, plane.path((at, at), stroke), self.line_width)
        return found | boxed(shape, bodies)

    def moved(self, before: Plane, after: Plane) -> Self:
        """Positions and prices where they were."""
        given: dict[str, object] = {
            name: after.up.moved_from(before.up, getattr(self, name)) for name in _NUMBERS
        }
        unit = after.across.per_pixel
        given["positions"] = after.across.moved_from(before.across, self.positions)
        given["width"] = rounded(self.width * unit / before.across.per_pixel, unit / 10)
        return self.model_copy(update=given)

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """A claim on the whole area."""
        from critic.marks.candles_read import read_candles

        return read_candles(cls, sight) if sight.layer is None else []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Number, prices and colours."""
        from critic.pixel.claims import Claim, Rank

        element = view.mark(self)
        ink = view.ink((self, view.one), (mate, view.other))
        counts = float(self.weight), float(mate.weight)
        if counts[0] != counts[1]:
            said = difference(
                "data_error", 3, Cause.COUNT, element, box, reference=counts[0], render=counts[1]
            )
            return [] if said is None else [Claim(said, Rank.MARK, ink)]
        found = []
        for name in _NUMBERS:
            ours, theirs = getattr(self, name), getattr(mate, name)
            a, b = view.one.plane.path(self.positions, ours), view.other.plane.path(mate.positions, theirs)
            away = np.hypot(*(a - b).T)
            worst = int(away.argmax())
            if away[worst] > _OFF:
                candle = Element(kind="candle", index=(worst,), of=element)
                part = Element(kind=name.removesuffix("s"), of=candle)
                values = (ours[worst], theirs[worst])
                said = difference(
                    "data_error", 2, Cause.VALUE, part, box, reference=values[0], render=values[1]
                )
                found += [] if said is None else [Claim(said, Rank.MARK, ink)]
        for kind, ours, theirs in zip(_PARTS, self._shades, mate._shades, strict=True):
            part = Element(kind=kind, of=element)
            said = difference("style_error", 2, Cause.RECOLOURED, part, box, reference=ours, render=theirs)
            found += [] if said is None or _alike(ours, theirs) else [Claim(said, Rank.MARK, ink)]
        return found[:1]

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """Four numbers a candle."""
        numbers = {"open": self.opens, "high": self.highs, "low": self.lows, "close": self.closes}
        found = (Column(name, values, "y") for name, values in numbers.items())
        return Column("x", self.positions, "x"), *found

    def variants(self) -> list[tuple[str, Self]]:
        """Bodies a little narrower and wider, and thicker strokes."""
        found: list[tuple[str, Self]] = [
            (f"candles {factor:g} times as wide", self.model_copy(update={"width": self.width * factor}))
            for factor in _WIDER
        ]
        for width in (self.line_width - _STEP, self.line_width + _STEP):
            found.append((f"strokes {width:g} points wide", self.model_copy(update={"line_width": width})))
        return found

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``vlines`` for the ranges and ``bar`` for the bodies, in a loop over tables of prices."""
        (candles,) = marks
        end = ax.removeprefix("ax")
        lines, groups = ["# x, open, high, low, close"], []
        looks = zip(("rising", "falling"), (candles.rising, candles.falling), candles.bodies, strict=True)
        for name, shade, fill in looks:
            rows = candles._rows_code(name == "rising")
            if rows:
                lines += [f"{name}{end} = [", *rows, "]"]
                shades = f"{colour(shade)}, {colour(fill)}" if candles.edged else colour(shade)
                groups.append(f"({shades}, {name}{end})")
        listed = ", ".join(groups) + ("," if len(groups) == 1 else "")
        thick = f"linewidth={number(candles.line_width)}"
        # The bodies lie over the strokes where they hold another colour.
        below = ", zorder=1" if candles.edged or candles.wick else ""
        names = "color, fill" if candles.edged else "color"
        wick = colour(candles.wick) if candles.wick else "color"
        look = f"color=fill, edgecolor=color, {thick}" if candles.edged else "color=color"
        loop = [
            f"for {names}, candles in ({listed}):",
            "    for x, start, high, low, end in candles:",
            f"        {ax}.vlines(x, low, high, color={wick}, {thick}{below})",
            f"        {ax}.bar(x, end - start, width={number(candles.width)}, bottom=start, {look})",
        ]
        return [*lines, *loop]

    @property
    def _shades(self) -> tuple[str, ...]:
        """Of strokes and of bodies, as ``_PARTS`` calls them."""
        return (self.rising, self.falling, *self.bodies, self.wick or self.rising)

    def _rows_code(self, up: bool) -> list[str]:
        """The periods of one colour as rows of a table."""
        periods = zip(self.up, *(getattr(self, field) for field in ("positions", *_NUMBERS)), strict=True)
        return [f"    ({', '.join(number(v) for v in values)})," for rises, *values in periods if rises == up]


_WIDER, _STEP = (0.85, 1.15), 0.25
"""Factors of body widths, and points of stroke widths, that are tried: about half a pixel."""
_SAME = 30
"""Levels by which colours may differ and are called the same."""


def _alike(one: str, other: str) -> bool:
    from critic.reading.chart.colours import apart

    return apart(one, other) <= _SAME
