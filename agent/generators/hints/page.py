"""Measured in a page: lines of text with their fonts, boxes with their paint, pictures, colours."""

from __future__ import annotations

from collections.abc import Sequence

from agent.generators.hints.block import Measured, colours, place, sureness
from critic.reading import Reader
from critic.reading.canvas import Canvas
from critic.reading.page import LaidLine, Shape, read_page


def measure(canvas: Canvas, reader: Reader) -> Sequence[Measured]:
    """The parts for a page, in CSS pixels."""
    page = read_page(canvas.pixels, reader)
    ground = " to ".join(stop.colour for stop in page.fill.stops)
    return [
        ("Page, in CSS pixels", [f"background {ground}"]),
        ("Texts", [_line(line) for line in page.lines]),
        ("Boxes, each after those it lies on", [_shape(shape) for shape in page.shapes]),
        ("Pictures and icons", [place(picture.box) for picture in page.pictures]),
        colours(canvas.pixels),
    ]


def _line(line: LaidLine) -> str:
    first = line.spans[0]
    marks = [("bold", first.bold), ("italic", first.italic), (first.decoration, first.decoration != "none")]
    told = "".join(f", {mark}" for mark, has in marks if has)
    return (
        f'"{line.text}" at x {line.ink.x0:.0f} to {line.ink.x1:.0f}, baseline y {line.baseline:.0f}: '
        f"{line.family.value}, {line.size:g}px{told}, {first.colour}{sureness(line.score)}"
    )


def _shape(shape: Shape) -> str:
    paint = " to ".join(stop.colour for stop in shape.fill.stops)
    edges = [edge for edge in shape.border if edge is not None]
    border = f", border {edges[0].width}px {edges[0].colour} on {len(edges)} sides" if edges else ""
    radius = f", corners rounded by {max(shape.radius):g}px" if any(shape.radius) else ""
    return f"{place(shape.box)}: {paint}{border}{radius}{', shadow' if shape.shadow else ''}"
