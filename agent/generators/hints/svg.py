"""Measured in a drawing: its shapes from bottom to top, its colours."""

from __future__ import annotations

from collections.abc import Sequence

from agent.generators.hints.block import Measured, colours
from critic.reading import Reader
from critic.reading.canvas import Canvas
from critic.reading.svg import Shape, read_svg
from critic.reading.svg.types import Circle, Ellipse, Geometry, Gradient, Outline, Part, Rect, Stroke


def measure(canvas: Canvas, reader: Reader) -> Sequence[Measured]:
    """The parts for a drawing, in the picture's pixels: a small one is read enlarged."""
    drawing = read_svg(canvas.pixels, reader)
    scale = canvas.pixels.shape[1] / drawing.width
    heading = f"Shapes on {drawing.ground}, the lowest first, in pixels of the original"
    return [(heading, [_shape(shape, scale) for shape in drawing.shapes]), colours(canvas.pixels)]


def _shape(shape: Shape, scale: float) -> str:
    paint = shape.paint
    colour = paint if isinstance(paint, str) else _gradient(paint)
    return f"{colour}: {_geometry(shape.geometry, scale)}"


def _gradient(paint: Gradient) -> str:
    through = " to ".join(stop.colour for stop in paint.stops)
    return f"{'radial' if paint.radial else 'linear'} gradient from {through}"


def _geometry(found: Geometry, scale: float) -> str:
    match found:
        case Circle(centre=(x, y), radius=radius):
            return f"circle around {_at(x, y, scale)}, radius {radius * scale:.1f}"
        case Ellipse(centre=(x, y), radii=(across, down), angle=angle):
            radii = f"radii {across * scale:.1f} and {down * scale:.1f}"
            return f"ellipse around {_at(x, y, scale)}, {radii}, turned by {angle:.0f} degrees"
        case Rect(corner=(x, y), width=width, height=height, radius=radius):
            rounded = f", corners rounded by {radius * scale:.1f}" if radius else ""
            return f"rectangle at {_at(x, y, scale)}, {width * scale:.1f} x {height * scale:.1f}{rounded}"
        case Stroke(lines=lines, width=width):
            through = "; ".join(_line(line, scale) for line in lines)
            return f"stroke {width * scale:.1f} wide through {through}"
    return f"outline through {_outlines(found.outlines, scale)}"


def _line(found: Part, scale: float) -> str:
    return _outlines([found], scale) if isinstance(found, Outline) else _geometry(found, scale)


def _outlines(outlines: Sequence[Outline], scale: float) -> str:
    """The corners; how the segments between them bend is left to the model's eyes."""
    paths = []
    for outline in outlines:
        ends = [outline.start, *(segment.end for segment in outline.segments)]
        paths.append(" ".join(_at(*end, scale) for end in ends))
    return "; ".join(paths)


def _at(x: float, y: float, scale: float) -> str:
    return f"({x * scale:.1f}, {y * scale:.1f})"
