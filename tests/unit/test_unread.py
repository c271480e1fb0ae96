"""Text that no reader could read is a note, and no finding."""

from __future__ import annotations

import numpy as np
from PIL import Image as PILImage
from PIL import ImageDraw

from critic.boxes import Box
from critic.pixel.unread import unread
from critic.reading import Reader
from critic.reading.ocr import TextLine, TextReader
from renderers.types import Image, Kind


class Known(TextReader):
    """Reads what it is told that it can read."""

    def __init__(self, *boxes: Box) -> None:
        super().__init__()
        self._known = tuple(TextLine(text="read", score=1.0, box=box) for box in boxes)

    def lines(self, image: Image, scale: float = 2.0) -> tuple[TextLine, ...]:
        return self._known


def drawn() -> Image:
    """Two lines of text, a bar, a dashed rule and a curve."""
    picture = PILImage.new("RGB", (300, 200), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((20, 20), "monthly means", fill="black", font_size=16)
    pen.text((20, 60), "yearly totals", fill="black", font_size=16)
    pen.rectangle((20, 100, 120, 112), fill="#1f77b4")
    for x in range(20, 280, 12):
        pen.line((x, 130, x + 6, 130), fill="black")
    pen.line([(x, 165 + round(8 * np.sin(x / 20))) for x in range(20, 280)], fill="black")
    return np.array(picture)


FIRST, SECOND = Box(18, 18, 140, 42), Box(18, 58, 140, 82)


def test_what_was_not_read_is_said_with_its_place_once_for_all() -> None:
    (note,) = unread(Kind.CHART, drawn(), Reader(Known(SECOND)))
    assert note.startswith("The text at 2") and "more" not in note
    (note,) = unread(Kind.CHART, drawn(), Reader(Known()))
    assert "and 1 more" in note


def test_nothing_is_said_where_all_was_read_nor_of_drawings() -> None:
    assert unread(Kind.CHART, drawn(), Reader(Known(FIRST, SECOND))) == ()
    assert unread(Kind.SVG, drawn(), Reader(Known())) == ()
