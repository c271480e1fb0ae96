"""Reads screenshots of pages: text lines with their style, boxes, rules, pictures, backgrounds."""

from critic.reading.page.read import MANNERS, read_page
from critic.reading.page.types import (
    FIXED,
    Decoration,
    Edge,
    Family,
    Fill,
    LaidLine,
    Page,
    PixelPart,
    Shadow,
    Shape,
    Span,
    Stop,
)

__all__ = [
    "FIXED",
    "MANNERS",
    "Decoration",
    "Edge",
    "Family",
    "Fill",
    "LaidLine",
    "Page",
    "PixelPart",
    "Shadow",
    "Shape",
    "Span",
    "Stop",
    "read_page",
]
