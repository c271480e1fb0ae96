"""A picture of a page to its description."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from critic.reading.ocr import TextLine, TextReader
from critic.reading.page.figures import with_figures
from critic.reading.page.ink import cover_on_picture
from critic.reading.page.lines import read_lines
from critic.reading.page.paint import paint
from critic.reading.page.pictures import read_leftovers
from critic.reading.page.regions import regions
from critic.reading.page.shadows import add_shadows
from critic.reading.page.shapes import SMOOTH, read_shapes
from critic.reading.page.types import LaidLine, Page
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

OCR_SCALE = 1.0
"""Screen text is read as exactly at its own size as enlarged, and faster."""

_TALL, _STRIP, _OVERLAP = 2200, 1400, 60
_LEAST_WORD = 4
"""Pixels across above which a region may hold a word to read again."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a page is read where its pixels leave room for more than one reading.

    Attributes:
        enlarged: How much larger OCR sees it.
        smooth: Neighbours that differ by no more belong to one area.
        trust: How much a line follows the face and weight that the page is set in.
    """

    enlarged: float = OCR_SCALE
    smooth: int = SMOOTH
    trust: float = 1.0


USUAL = Manner()
MANNERS = (
    USUAL,
    Manner(enlarged=1.5),
    Manner(smooth=6, trust=0.3),
    Manner(enlarged=2.0, trust=2.5),
    Manner(trust=2.5),
    Manner(enlarged=1.5, smooth=4, trust=0.3),
)
"""The usual one, and others that a person might accept as well."""


def read_page(image: Image, reader: Reader, manner: Manner = USUAL) -> Page:
    """The description of a page, read once for the same pixels in the same manner."""
    return reader.remember(f"page {manner}", image, lambda picture: _read(picture, reader, manner))


def _read(image: Image, reader: Reader, manner: Manner) -> Page:
    height, width = image.shape[:2]
    seen = reader.remember(
        f"page-text {manner.enlarged}",
        image,
        lambda picture: _text_lines(picture, reader.text, manner.enlarged),
    )
    seen = _read_on_pictures(image, seen, reader.text)
    fill, shapes = read_shapes(image, tuple(line.box for line in seen), manner.smooth)
    shapes = add_shadows(image, fill, shapes)
    lines = read_lines(image, seen, shapes, manner.trust)
    covered = tuple(_around(line) for line in lines)
    more, pictures = read_leftovers(image, paint(width, height, fill, shapes), covered, shapes)
    page = Page(
        width=width, height=height, fill=fill, shapes=(*shapes, *more), pictures=pictures, lines=lines
    )
    return with_figures(page, image)


def _text_lines(image: Image, text: TextReader, enlarged: float) -> tuple[TextLine, ...]:
    """The lines of the picture; a tall one is read in strips, for OCR would shrink it as a whole."""
    height = len(image)
    if height * enlarged <= _TALL:
        return text.lines(image, enlarged)
    found, strip = [], int(_STRIP / enlarged)
    for top in range(0, height, strip):
        start, stop = max(0, top - _OVERLAP), min(height, top + strip + _OVERLAP)
        for line in text.lines(image[start:stop], enlarged):
            moved = line.box._replace(y0=line.box.y0 + start, y1=line.box.y1 + start)
            if top <= (moved.y0 + moved.y1) / 2 < top + strip:
                found.append(line.model_copy(update={"box": moved}))
    return tuple(found)


def _read_on_pictures(image: Image, seen: tuple[TextLine, ...], text: TextReader) -> tuple[TextLine, ...]:
    """The lines, those on photographs read again with the photograph taken away."""
    found = []
    for line, region in zip(seen, regions(image, seen, ()), strict=True):
        x0, y0, x1, y1 = (int(value) for value in region)
        cover = cover_on_picture(image[y0:y1, x0:x1]) if min(x1 - x0, y1 - y0) > _LEAST_WORD else None
        if cover is not None:
            bare = np.repeat((255 * (1 - cover)).astype(np.uint8)[..., None], 3, axis=2)
            again = text.word(np.ascontiguousarray(bare), 1.0)
            if again is not None and (again.score > line.score or _same_letters(again, line)):
                line = line.model_copy(update={"text": again.text, "score": again.score})
        found.append(line)
    return tuple(found)


def _same_letters(first: TextLine, second: TextLine) -> bool:
    return first.text.replace(" ", "") == second.text.replace(" ", "")


def _around(line: LaidLine) -> Box:
    """A line's ink with its underline."""
    low = max(line.ink.y1, line.baseline + 0.25 * line.size)
    return Box(line.ink.x0 - 2, line.ink.y0 - 2, line.ink.x1 + 2, low + 1)
