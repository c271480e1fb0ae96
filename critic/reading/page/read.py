"""A picture of a page to its description."""

from __future__ import annotations

from critic.reading.page.lines import read_lines
from critic.reading.page.paint import paint
from critic.reading.page.pictures import read_leftovers
from critic.reading.page.shadows import add_shadows
from critic.reading.page.shapes import read_shapes
from critic.reading.page.types import Line, Page
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

OCR_SCALE = 1.0
"""Screen text is read as exactly at its own size as enlarged, and faster."""


def read_page(image: Image, reader: Reader) -> Page:
    """The description of a page, read once for the same pixels."""
    return reader.remember("page", image, lambda picture: _read(picture, reader))


def _read(image: Image, reader: Reader) -> Page:
    height, width = image.shape[:2]
    seen = reader.remember("page-text", image, lambda picture: reader.text.lines(picture, OCR_SCALE))
    fill, shapes = read_shapes(image, tuple(line.box for line in seen))
    shapes = add_shadows(image, fill, shapes)
    lines = read_lines(image, seen, shapes)
    covered = tuple(_around(line) for line in lines)
    more, pictures = read_leftovers(image, paint(width, height, fill, shapes), covered, shapes)
    return Page(
        width=width, height=height, fill=fill, shapes=(*shapes, *more), pictures=pictures, lines=lines
    )


def _around(line: Line) -> Box:
    """A line's ink with its underline."""
    low = max(line.ink.y1, line.baseline + 0.25 * line.size)
    return Box(line.ink.x0 - 2, line.ink.y0 - 2, line.ink.x1 + 2, low + 1)
