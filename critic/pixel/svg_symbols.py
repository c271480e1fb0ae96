"""Letters and digits that a drawing has as shapes, read one by one."""

from __future__ import annotations

import numpy as np

from critic.pixel.svg_shapes import Blob, Match
from critic.reading import Reader
from renderers.types import Image

_GLYPH_SCORE = 0.93
"""Score of the OCR from which a shape is the letter that it is read as: arrows and loops are read as letters,
too, at up to 0.9."""

_LEAST_LETTER, _MOST_LETTER = 7, 0.6
"""Height of a letter: from so many pixels, below which none can be read, to this share of the picture."""

_NARROWEST, _WIDEST = 0.25, 1.5
"""Width of a letter or digit in its heights: narrow ones such as j, wide ones such as W."""

_MARGIN, _LEAST_MARGIN = 0.35, 2
"""Ground around a letter that is read alone: a share of its height, and pixels besides."""

_READ_AT = 48
"""Pixels of the height, its ground included, at which a letter is read."""

_LOOKS_LIKE_A_SHAPE = set("oO0Il1xXvVcCDJLTUuY7")


def symbol_change(pair: Match, picture: Image, reader: Reader) -> tuple[str, str] | None:
    """What a shape reads as in the reference and in the render, empty where it is not there.

    None where it is no symbol, or the same.
    """
    here, there = (_symbol(blob, picture, reader) for blob in (pair.reference, pair.render))
    lone = pair.reference is None or pair.render is None
    return (here, there) if here != there and (lone or (here and there)) else None


def _symbol(blob: Blob | None, picture: Image, reader: Reader) -> str:
    """The letter or digit that a shape is, read by OCR from the shape alone; empty where it is none."""
    if blob is None or blob.background:
        return ""
    width, height = blob.box.width, blob.box.height
    if not (
        _LEAST_LETTER <= height <= _MOST_LETTER * picture.shape[0] and _NARROWEST <= width / height <= _WIDEST
    ):
        return ""
    margin = int(_MARGIN * height) + _LEAST_MARGIN
    ink = np.pad(blob.cut(), margin)
    alone = np.repeat(np.where(ink, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    line = reader.text.word(alone, scale=_READ_AT / alone.shape[0])
    if line is None or line.score < _GLYPH_SCORE:
        return ""
    text = line.text.strip()
    plain = len(text) == 1 and text.isalnum() and text.isascii()
    return text if plain and text not in _LOOKS_LIKE_A_SHAPE else ""
