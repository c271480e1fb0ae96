"""What stands in and round an axes besides its marks: grid lines and legends."""

from __future__ import annotations

from typing import Literal

from critic.marks.frozen import Frozen
from critic.types import Box

_SHADOW = 4
"""Working pixels right and down that a shadow reaches: matplotlib's is moved by two points."""


class GridLines(Frozen):
    """Grid lines of an axes; ``width`` in points."""

    colour: str = "#b0b0b0"
    width: float = 0.8
    style: Literal["-", "--", ":"] = "-"
    x: bool = True
    y: bool = True
    above: bool = False
    minor: bool = False
    minor_colour: str = "#e6e6e6"


class Entry(Frozen):
    """A legend entry: its text and its handle."""

    text: str
    handle: Literal["patch", "line", "marker", "none"] = "line"
    colour: str = "#000000"
    style: str = "-"
    marker: str = ""
    size: float = 6.0
    edge: str | None = None
    box: Box | None = None


HANDLE, GAP, BETWEEN, APART, PATCH = 2.0, 0.8, 0.5, 2.0, 0.7
"""Font sizes in matplotlib's legends: length of a handle, from there to its text, between rows, between
columns, and height of a patch."""


class Legend(Frozen):
    """A legend: its box in pixels, its entries top to bottom and left to right.

    Where no ``frame`` is drawn, the box is where one would be. Lengths are in font sizes: of a ``handle``, of
    the ``gap`` between it and its text, of the space ``between`` rows and ``apart`` columns, and how high a
    patch is. The ``colour`` of its texts is empty where it is the figure's. The handles stand before their
    texts where ``marker_first``, else behind them.
    """

    box: Box
    entries: tuple[Entry, ...]
    columns: int = 1
    title: str = ""
    size: float = 10.0
    frame: bool = True
    handle: float = HANDLE
    gap: float = GAP
    between: float = BETWEEN
    apart: float = APART
    height: float = PATCH
    colour: str = ""
    face: str = "#ffffff"
    shadow: bool = False
    marker_first: bool = True
    nudge: tuple[float, float] = (0.0, 0.0)

    @property
    def covered(self) -> Box:
        """Its box with its shadow."""
        b = self.box
        return Box(b.x0, b.y0, b.x1 + _SHADOW, b.y1 + _SHADOW) if self.shadow else b
