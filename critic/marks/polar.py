"""Polar axes as radar charts have them: names round a centre, values outwards, rings of any shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from critic.marks.literals import call, colour, number, numbers, strings
from critic.marks.planes import Path, Plane, Side
from critic.marks.projections import Projection, placed
from critic.marks.scales import TINT, USUAL_PAD, Scale
from critic.reading.chart.colours import apart
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.findings import Found, Scene

_TURN = 360.0
"""Degrees."""
_ROUNDED = 181
"""Points of a circle: one every second degree."""
UPRIGHT = 0.1
"""Cosine of an angle below which it counts as upright: a name there stands above or below its spoke's end."""
_ANCHORS = {-1: "left", 0: "center", 1: "right"}


class Polar(Projection):
    """Names at even angles, values from the centre to the rim.

    Attributes:
        start: Degrees of the first name, counter-clockwise from the right.
        clockwise: Which way the names follow.
        polygons: Whether the rings are polygons rather than circles.
        grid: Colour of rings and spokes.
        grid_width: Their width in points.
        rim: Colour of the outermost circle.
        numbers_at: Degrees, counter-clockwise from the right, at which the numbers stand beside the rings.
        bands: What fills the room within each ring, from the centre on; none where it is all of one colour.
        beside: Whether names begin at the ends of the spokes rather than having their middles there.
    """

    type: Literal["polar"] = "polar"
    start: float = 90.0
    clockwise: bool = True
    polygons: bool = False
    grid: str = "#b0b0b0"
    grid_width: float = 0.8
    rim: str = "#b0b0b0"
    numbers_at: float = 90.0
    bands: tuple[str, ...] = ()
    beside: bool = False

    @property
    def framed(self) -> bool:
        """False: no frame has its scales along its sides."""
        return False

    @classmethod
    def find(cls, picture: Scene) -> Found | None:
        """Radar charts, by their spokes."""
        from critic.marks.polar_read import find_radars

        return find_radars(cls, picture)

    def plane(self, box: Box, x: Scale, y: Scale) -> Plane:
        """Round the middle of the box."""
        return Round(box, x, y, self.start, self.clockwise)

    def created(self, place: Sequence[float]) -> str:
        """Polar axes."""
        return f'fig.add_axes({placed(place)}, projection="polar")'

    def code(self, ax: str, x: Scale, y: Scale, lengths: tuple[float, float], foreground: str) -> list[str]:
        """Where names and values begin, their ticks, and the rings."""
        names = [tick.label for tick in x.ticks]
        rings = [tick.value for tick in y.ticks]
        angles = f"np.linspace(0, 2 * np.pi, {len(names)}, endpoint=False)"
        styled = [
            f'{ax}.tick_params(axis="{name}", {", ".join(_styles(scale, foreground))})'
            for name, scale in (("x", x), ("y", y))
        ]
        lines = [
            f"{ax}.set_theta_offset(np.radians({number(self.start)}))" if self.start else "",
            f"{ax}.set_theta_direction(-1)" if self.clockwise else "",
            call(f"{ax}.set_xticks", angles, strings(names)),
            f"{ax}.set_ylim({number(y.tidy(y.low))}, {number(y.tidy(y.high))})",
            call(f"{ax}.set_yticks", numbers(rings), strings([tick.label for tick in y.ticks])),
            f"{ax}.set_rlabel_position({number(self._from_start(self.numbers_at))})",
            *styled,
        ]
        style = f"color={colour(self.grid)}, linewidth={number(self.grid_width)}"
        if self.polygons:
            count = len(names) + 1
            closed = f"np.linspace(0, 2 * np.pi, {count}), [ring] * {count}"
            lines += [
                f'{ax}.grid(False, axis="y")',
                f'{ax}.grid({style}, axis="x")',
                f'{ax}.spines["polar"].set_visible(False)',
                f"for ring in {numbers(rings)}:\n    {ax}.plot({closed}, {style}, zorder=0.5)",
            ]
        else:
            count = _ROUNDED
            lines += [f"{ax}.grid({style})", f'{ax}.spines["polar"].set_color({colour(self.rim)})']
        lines += self._bands_code(ax, rings, count) + self._names_code(ax, len(names))
        # Numbers stand above what is filled.
        below = "" if any(tick.label for tick in y.ticks) else f"{ax}.set_axisbelow(True)"
        return [line for line in [*lines, below] if line]

    def _bands_code(self, ax: str, rings: list[float], count: int) -> list[str]:
        """Fillings of the rings, the largest first."""
        if not self.bands:
            return []
        listed = f"zip({numbers(rings[::-1])}, {strings(self.bands[::-1])})"
        filled = f"np.linspace(0, 2 * np.pi, {count}), [ring] * {count}, color=shade, linewidth=0, zorder=0.1"
        return [f"for ring, shade in {listed}:\n    {ax}.fill({filled})"]

    def _names_code(self, ax: str, count: int) -> list[str]:
        """Names that begin where the spokes end."""
        if not self.beside:
            return []
        way = -1.0 if self.clockwise else 1.0
        angles = np.radians(self.start + way * np.arange(count) * _TURN / count)
        sides = [_ANCHORS[round(_sign(-c))] for c in np.cos(angles).tolist()]
        listed = f"zip({ax}.get_xticklabels(), {strings(sides)})"
        return [f"for name, side in {listed}:\n    name.set_horizontalalignment(side)"]

    def _from_start(self, angle: float) -> float:
        """Degrees from the first name on, the way that names follow."""
        return round((self.start - angle if self.clockwise else angle - self.start) % _TURN, 1)


def _sign(share: float) -> float:
    """-1, 0 or 1, where what is nearly upright counts as such."""
    return 0.0 if abs(share) < UPRIGHT else float(np.sign(share))


def _styles(scale: Scale, foreground: str) -> list[str]:
    """Size, colour and distance of labels."""
    given = [f"labelsize={number(scale.size)}"]
    given += [f"labelcolor={colour(scale.colour)}"] if apart(scale.colour, foreground) > TINT else []
    return given + ([] if scale.pad == USUAL_PAD else [f"pad={number(scale.pad)}"])


@dataclass(frozen=True)
class Round(Plane):
    """Values round the middle of a box, the first name at ``start`` degrees."""

    start: float = 90.0
    clockwise: bool = True

    @property
    def across(self) -> Side:
        """Degrees from the first name on."""
        return Side(self.x, 0.0, _TURN)

    @property
    def up(self) -> Side:
        """From the centre to the rim."""
        return Side(self.y, 0.0, self.box.width / 2)

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> Path:
        """Pixels of data points."""
        way = -1.0 if self.clockwise else 1.0
        angles = np.radians([self.start + way * self.across.pixel(x) for x in xs])
        radii = np.array([self.up.pixel(y) for y in ys])
        middle = (self.box.x0 + self.box.x1) / 2, (self.box.y0 + self.box.y1) / 2
        at = np.stack([middle[0] + radii * np.cos(angles), middle[1] - radii * np.sin(angles)], axis=1)
        return np.asarray(at).reshape(-1, 2)
