"""Texts that were read together with a coloured drawing beside them: a legend's handles, a marker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import far, mode_colour
from critic.reading.chart.description import Text
from critic.reading.chart.frames import runs
from critic.reading.chart.words import cut, text_of
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_INK, _COLOURED = 40, 60
"""Levels from the ground at which a pixel is ink, and between its channels from which it is coloured."""
_LEAST, _MARGIN = 6, 4
"""Pixels of ink of either sort that tell a drawing beside a text; and around a word that OCR is shown."""
_GAP, _BLEND = 0.5, 1
"""Heights of a line without ink that part two words of different entries, and columns beside a drawing that
are its blended rim."""
_SURE = 0.5
"""Score (0..1) of OCR from which a word is one."""
_MOST = 12
"""Words read, as each costs a run of OCR."""


def parted(image: Image, texts: list[Text], reader: Reader, dpi: float) -> list[Text]:
    """The texts; grey ones with coloured drawings in their boxes as the words that are left without those.

    Args:
        image: RGB pixels.
        texts: What was read, box by box.
        reader: The readings of the run.
        dpi: Dots per inch.
    """
    found: list[Text] = []
    left = _MOST
    for text in texts:
        spans = _grey_spans(image, text) if left > 0 else None
        if spans is None:
            found.append(text)
            continue
        words = [word for a, b in spans if (word := _word(image, text, a, b, reader, dpi)) is not None]
        left -= len(spans)
        found += words or [text]
    return found


def _grey_spans(image: Image, text: Text) -> list[tuple[int, int]] | None:
    """The columns of the words beside coloured drawings; None where all is of one sort, or they overlap."""
    region, x0, _ = cut(image, text.box, 1)
    ground = mode_colour(region)
    ink = far(region, ground, _INK)
    coloured = ink & (np.ptp(region.astype(int), axis=2) > _COLOURED)
    grey = ink & ~coloured
    if min(coloured.sum(), grey.sum()) < _LEAST:
        return None
    drawn = np.asarray(coloured.any(axis=0))
    free = np.asarray(grey.any(axis=0)) & ~_grown(drawn)
    if grey[:, free].sum() < _LEAST or grey[:, drawn].sum() > coloured.sum():
        return None
    gap = max(2, round(_GAP * region.shape[0]))
    spans: list[tuple[int, int]] = []
    for a, b in runs(free):
        if spans and a - spans[-1][1] <= gap and not drawn[spans[-1][1] : a].any():
            spans[-1] = (spans[-1][0], b)
        else:
            spans.append((a, b))
    wide = [(x0 + a, x0 + b) for a, b in spans if grey[:, a:b].sum() >= _LEAST]
    return wide or None


def _grown(columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Columns with those beside them."""
    return np.asarray(np.convolve(columns, np.ones(2 * _BLEND + 1), "same") > 0)


def _word(image: Image, text: Text, start: int, end: int, reader: Reader, dpi: float) -> Text | None:
    """What is written between two columns of a text's box."""
    box = Box(float(start), text.box.y0, float(end), text.box.y1)
    crop, _, _ = cut(image, box)
    ground = mode_colour(crop)
    framed = np.full((crop.shape[0] + 2 * _MARGIN, crop.shape[1] + 2 * _MARGIN, 3), ground, np.uint8)
    framed[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = crop
    line = reader.text.word(framed)
    if line is None or line.score < _SURE:
        return None
    return text_of(image, TextLine(text=line.text, score=line.score, box=box), dpi)
