"""The typed description of a drawing: shapes from bottom to top, each with its paint and geometry."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Point(NamedTuple):
    """A place in the picture's pixels; (0, 0) is the outer corner of the top left pixel."""

    x: float
    y: float


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Straight(_Frozen):
    """A straight segment to ``end``."""

    kind: Literal["line"] = "line"
    end: Point


class Arc(_Frozen):
    """A circular arc to ``end``; the flags are those of SVG."""

    kind: Literal["arc"] = "arc"
    end: Point
    radius: float
    large: bool
    sweep: bool


class Cubic(_Frozen):
    """A cubic Bezier segment to ``end``."""

    kind: Literal["cubic"] = "cubic"
    first: Point
    second: Point
    end: Point


Segment = Annotated[Straight | Arc | Cubic, Field(discriminator="kind")]


class Outline(_Frozen):
    """Segments from ``start`` on, back to it where the outline is closed."""

    start: Point
    segments: tuple[Segment, ...]


class Circle(_Frozen):
    """A full circle."""

    kind: Literal["circle"] = "circle"
    centre: Point
    radius: float


class Ellipse(_Frozen):
    """A full ellipse, turned by ``angle`` degrees clockwise."""

    kind: Literal["ellipse"] = "ellipse"
    centre: Point
    radii: Point
    angle: float = 0.0


class Rect(_Frozen):
    """An upright rectangle with corners rounded by ``radius``."""

    kind: Literal["rect"] = "rect"
    corner: Point
    width: float
    height: float
    radius: float = 0.0


class Path(_Frozen):
    """Closed outlines, filled by the even-odd rule."""

    kind: Literal["path"] = "path"
    outlines: tuple[Outline, ...]


Part = Outline | Circle | Ellipse | Rect
"""What a pen follows, or the side of what is filled."""


class Stroke(_Frozen):
    """Centre lines drawn with a pen of one width."""

    kind: Literal["stroke"] = "stroke"
    lines: tuple[Part, ...]
    width: float
    cap: Literal["round", "butt", "square"] = "round"
    join: Literal["round", "miter"] = "round"


Geometry = Annotated[Circle | Ellipse | Rect | Path | Stroke, Field(discriminator="kind")]


class Stop(_Frozen):
    """A colour at a place along a gradient, 0..1."""

    place: float
    colour: str


class Gradient(_Frozen):
    """A ramp between two places, or from a centre to a place on its outermost circle."""

    start: Point
    end: Point
    radial: bool = False
    stops: tuple[Stop, ...]


class Shape(_Frozen):
    """One painted shape.

    Attributes:
        paint: A colour as ``#rrggbb``, or a gradient.
        geometry: Where it is.
        zones: The zones of the picture that it was read from (see ``critic.reading.svg.zones``).
        tolerance: How far its outline may lie from the picture's, in pixels.
    """

    paint: str | Gradient
    geometry: Geometry
    zones: tuple[int, ...] = ()
    tolerance: float = 0.0


class Drawing(_Frozen):
    """A picture as shapes on a ground, the lowest first.

    Attributes:
        width: Of the picture in pixels.
        height: Of the picture in pixels.
        unit: Pixels in one unit of the coordinates that are written.
        ground: Colour of the canvas as ``#rrggbb``.
        shapes: From the lowest to the topmost.
    """

    width: int
    height: int
    unit: float = 1.0
    ground: str = "#ffffff"
    shapes: tuple[Shape, ...] = ()
