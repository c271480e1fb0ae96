"""Texts with their places."""

from __future__ import annotations

from critic.marks.frozen import Frozen
from critic.types import Box


class Text(Frozen):
    """A text with its place.

    Attributes:
        text: What it says.
        box: Its ink, in pixels.
        size: Font size in points.
        colour: As ``#rrggbb``.
        rotation: Degrees, counter-clockwise.
        bold: Whether the weight is bold.
        told: Whether a document says so, as of ``TextLine``.
        nudge: Pixels to move the drawn text by, across and down, found by comparing a render.
    """

    text: str
    box: Box
    size: float = 10.0
    colour: str = "#000000"
    rotation: float = 0.0
    bold: bool = False
    told: bool = False
    nudge: tuple[float, float] = (0.0, 0.0)
