"""Text of the reference that no reader could read: said as a note, for it is nobody's mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from critic.boxes import Box
from critic.pixel.areas import letters, text_height, text_lines
from critic.reading import Reader
from renderers.types import Image, Kind

_WORD = 2.5
"""Text heights from which a row is a word; ticks, dots and icons are shorter."""

_TALL = 2.2
"""Text heights above which a row is no line of text."""

_STROKES = 0.5
"""Strokes that the usual row of a word's pixels crosses at least, for each of its heights across: letters are
half as wide as high, and each has a stroke or two; a curve crosses a row once in many."""

_SOLID = 0.7
"""Share of its box from which ink is a bar and no word."""

_COVERED = 0.3
"""Share of a word that a read line covers, from which it was read."""


def unread(kind: str, reference: Image, reader: Reader) -> tuple[str, ...]:
    """What could not be read of a picture, in words; nothing for drawings, whose letters are shapes.

    Args:
        kind: What it shows.
        reference: The picture, as its kind's comparison has read it.
        reader: The readings of the run.
    """
    read = _READ.get(kind)
    if read is None:
        return ()
    height, known = text_height(reference), read(reference, reader)
    ink = letters(reference) > 0
    words = [box for box in text_lines(reference, height) if _is_word(ink[box.pixels], box, height)]
    lost = [box for box in words if not any(box.overlap(line) > _COVERED * box.area for line in known)]
    if not lost:
        return ()
    first = lost[0]
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return (
        f"The text at {first.x0:.0f},{first.y0:.0f} ({first.width:.0f} x {first.height:.0f} px){more} cannot "
        "be read: it is in a script that no model is there for, or too small. It is compared by its pixels.",
    )


def _is_word(ink: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], box: Box, height: float) -> bool:
    if box.width < _WORD * height or box.height > _TALL * height or ink.mean() > _SOLID:
        return False
    begins = np.diff(ink.astype(np.int8), axis=1, prepend=0) > 0
    return float(np.median(begins.sum(axis=1))) >= _STROKES * box.width / box.height


# The readers are loaded on first use, so that a chart loads no table reader.
def _of_chart(image: Image, reader: Reader) -> Sequence[Box]:
    return [line.box for line in reader.lines(image)]


def _of_table(image: Image, reader: Reader) -> Sequence[Box]:
    from critic.reading.table import read_table

    return [cell.ink for cell in read_table(image, reader).cells if cell.ink]


def _of_page(image: Image, reader: Reader) -> Sequence[Box]:
    from critic.reading.page import read_page

    return [line.ink for line in read_page(image, reader).lines]


_READ: dict[str, Callable[[Image, Reader], Sequence[Box]]] = {
    Kind.CHART: _of_chart,
    Kind.TABLE: _of_table,
    Kind.PAGE: _of_page,
}
