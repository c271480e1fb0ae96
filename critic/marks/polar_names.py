"""Names round a radar chart that its rim or a spoke runs through, read once more without these lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from critic.marks.findings import Scene
from critic.marks.texts import Text
from critic.marks.web import Web
from critic.reading.chart.words import ink_of, text_of
from critic.reading.ocr import TextLine
from critic.types import Box
from renderers.types import Image

_LINE = 2.0
"""Pixels on either side of the rim, and of a spoke, that its line takes."""
_SPOKE_END = 0.75
"""Share of a spoke from which a name may lie on it."""
_LETTER = 1.0
"""Heights of a text that a letter which the line had parted from it may be off."""
_SURE, _CERTAIN = 0.8, 0.98
"""Scores (0..1) of OCR from which the reading without lines holds where it has more letters, and always."""
_LEAST = 3
"""Letters of a name that is read once more: of fewer there is little that lines may change."""


def reread(picture: Scene, web: Web, rings: Sequence[float], texts: Sequence[Text]) -> tuple[Text, ...]:
    """The texts, those that lines of the web run through as they read without them.

    Args:
        picture: Where they are.
        web: Round which, with a round rim.
        rings: Radii of its rings.
        texts: All texts.
    """
    bare = None
    found = []
    for text in texts:
        new = None
        if _is_crossed(text, web) and len(text.text) >= _LEAST:
            bare = _without_lines(picture, web, rings) if bare is None else bare
            new = _again(picture, bare, text)
        found.append(new or text)
    return tuple(found)


def _is_crossed(text: Text, web: Web) -> bool:
    """Whether the rim runs through the box of a text, or right beside it."""
    b = text.box.grown(_LINE)
    away = [float(np.hypot(x - web.x, y - web.y)) for x in (b.x0, b.x1) for y in (b.y0, b.y1)]
    across = max(b.x0 - web.x, web.x - b.x1, 0.0), max(b.y0 - web.y, web.y - b.y1, 0.0)
    return float(np.hypot(*across)) <= web.radius + _LINE and max(away) >= web.radius - _LINE


def _without_lines(picture: Scene, web: Web, rings: Sequence[float]) -> Image:
    """The picture without the rim, and the rings and spokes near it."""
    high, wide = picture.image.shape[:2]
    rows, columns = np.mgrid[0:high, 0:wide]
    right, up = columns - web.x, web.y - rows
    away = np.hypot(right, up)
    outer = [ring for ring in (web.radius, *rings) if ring >= _SPOKE_END * web.radius]
    lines = np.logical_or.reduce([np.abs(away - ring) <= _LINE for ring in outer])
    for angle in web.angles():
        along = right * np.cos(angle) + up * np.sin(angle)
        across = np.abs(up * np.cos(angle) - right * np.sin(angle))
        lines |= (across <= _LINE) & (along >= _SPOKE_END * web.radius) & (along <= web.radius + _LINE)
    image = picture.image.copy()
    image[lines] = picture.background
    return image


def _again(picture: Scene, bare: Image, text: Text) -> Text | None:
    """A text as it stands in a picture without lines, and as it reads there where that says more."""
    letter = _LETTER * min(text.box.height, text.size * picture.dpi / 72)
    b = text.box
    ink = ink_of(bare, Box(b.x0 - letter, b.y0, b.x1 + letter, b.y1))
    if ink is None:
        return None
    rows, columns = ink[0].grown(_LETTER).pixels
    line = picture.reader.text.word(np.ascontiguousarray(bare[rows, columns]))
    if line is None or line.score < _SURE or len(line.text.strip()) < len(text.text):
        return None
    # A line that is taken out takes a part of the letters with it.
    better = line.score > _CERTAIN or len(line.text.strip()) > len(text.text)
    words = line.text if better else text.text
    return text_of(bare, TextLine(text=words, score=line.score, box=ink[0]), picture.dpi)
