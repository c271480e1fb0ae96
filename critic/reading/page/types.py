"""What a page is made of, as the reader describes it: text lines, boxes and pictures."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from critic.reading.svg.types import Drawing
from critic.types import Box


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(StrEnum):
    """The faces a line is compared with; each stands for the fonts of its proportions."""

    SANS = "sans"
    """Arial, Helvetica, Liberation Sans."""
    WIDE = "wide"
    """Verdana, DejaVu Sans."""
    SERIF = "serif"
    """Times, Liberation Serif."""
    BOOKISH = "bookish"
    """Georgia, DejaVu Serif."""
    MONO = "mono"
    """Menlo, DejaVu Sans Mono."""
    COURIER = "courier"
    """Courier New, Liberation Mono."""


FIXED = frozenset({Family.MONO, Family.COURIER})
"""Faces of code: every letter is as wide."""


Decoration = Literal["none", "underline", "line-through"]


class Span(_Frozen):
    """A piece of a line in one style."""

    text: str
    colour: str
    bold: bool = False
    italic: bool = False
    decoration: Decoration = "none"


class LaidLine(_Frozen):
    """One line of text.

    Attributes:
        spans: Its text, piece by piece; the pieces hold the spaces between them.
        family: Its face.
        size: Font size in pixels.
        spacing: Letter spacing in pixels.
        x: Where the first letter's origin lies.
        baseline: The row on which the letters stand (the first row below them).
        ink: The box of its pixels.
        ground: The colour behind it.
        score: How sure the reading of the text is.
        marker: The sign of a list before it, as CSS ``list-style-type`` has it; empty where there is none.
    """

    spans: tuple[Span, ...]
    family: Family
    size: float
    spacing: float = 0.0
    x: float
    baseline: float
    ink: Box
    ground: str
    score: float = 1.0
    marker: str = ""

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(span.text for span in self.spans)


class Stop(_Frozen):
    """A colour on a gradient's way."""

    at: float
    """0..1 along the way."""
    colour: str


class Fill(_Frozen):
    """A flat colour (one stop) or a linear gradient."""

    stops: tuple[Stop, ...]
    angle: float = 180.0
    """As in CSS: 180 runs downwards, 90 to the right."""

    @property
    def flat(self) -> bool:
        """Whether it is a single colour."""
        return len(self.stops) == 1

    @property
    def colour(self) -> str:
        """Its first colour."""
        return self.stops[0].colour


class Edge(_Frozen):
    """One side of a border."""

    width: int
    colour: str


class Shadow(_Frozen):
    """A box's shadow, as in CSS."""

    dy: float
    blur: float
    colour: str
    opacity: float


class Shape(_Frozen):
    """A box: filled, bordered, rounded, with a shadow.

    Attributes:
        box: Its outer edge, border included.
        fill: What it is filled with.
        radius: Corner radius of its outer edge: top left, top right, bottom right, bottom left.
        border: Top, right, bottom, left; None where there is none.
        shadow: Its shadow.
    """

    box: Box
    fill: Fill
    radius: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    border: tuple[Edge | None, Edge | None, Edge | None, Edge | None] = (None, None, None, None)
    shadow: Shadow | None = None


class PixelPart(_Frozen):
    """A part of the page kept as pixels: a photograph, an icon, a logo.

    Attributes:
        box: Where it lies.
        mime: ``image/png`` or ``image/jpeg``.
        data: The file, base64.
        alt: What it says, where it was read.
        drawing: Its shapes, where it is flat enough to be drawn by them instead.
    """

    box: Box
    mime: str
    data: str
    alt: str = ""
    drawing: Drawing | None = None


class Page(_Frozen):
    """A page as it was read.

    Attributes:
        width: In pixels.
        height: In pixels.
        fill: The page's own background.
        shapes: Boxes, each after those it lies on.
        pictures: Embedded pictures.
        lines: Text, from top to bottom.
    """

    width: int
    height: int
    fill: Fill
    shapes: tuple[Shape, ...] = ()
    pictures: tuple[PixelPart, ...] = ()
    lines: tuple[LaidLine, ...] = ()
