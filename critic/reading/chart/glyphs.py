"""How texts look: rendering with the font that matplotlib ships, to measure sizes and settle readings."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from matplotlib.backends.backend_agg import get_hinting_flag
from matplotlib.font_manager import FontProperties, findfont, get_font
from numpy.typing import NDArray

from critic.deadline import check_deadline
from critic.reading.chart.description import Text

FAMILIES = {
    "DejaVu Sans": ("sans-serif", ()),
    "Liberation Sans": ("sans-serif", ("Arial", "Helvetica")),
    "Liberation Serif": ("serif", ("Times New Roman", "Times")),
    "DejaVu Serif": ("serif", ()),
    "Liberation Mono": ("monospace", ("Courier New",)),
}
"""Families that charts are set in, the usual one first: the generic one of each, and others whose letters are
as wide, for machines that have those instead."""

USUAL_FAMILY = next(iter(FAMILIES))
"""What matplotlib sets texts in."""

_SIZES = {
    5.0: 0.9,
    6.0: 0.3,
    6.94: 0.4,
    7.0: 0.3,
    8.0: 0.2,
    8.33: 0.2,
    9.0: 0.6,
    10.0: 0.0,
    11.0: 1.2,
    12.0: 0.0,
    13.0: 0.9,
    14.0: 0.2,
    14.4: 0.3,
    15.0: 0.6,
    16.0: 0.3,
    17.28: 0.4,
    18.0: 0.3,
    20.0: 0.2,
    22.0: 0.6,
    24.0: 0.4,
}
"""Font sizes in points, with pixels of misfit that rarer ones must make up for; fractions are named sizes."""
_INKED = 40
"""Level of ink (0..255) above which a row or column counts to a text's extent: paler rims hardly show."""


class Ink(NamedTuple):
    """A rendered text: its ink (0..255) cut to content, advance width, and ink top above the baseline."""

    pixels: NDArray[np.uint8]
    advance: float
    left: int
    rise: int


@lru_cache(maxsize=4096)
def ink(text: str, size: float, dpi: float = 100.0, bold: bool = False, family: str = USUAL_FAMILY) -> Ink:
    """The text as matplotlib draws it, upright; in its own family where none is named."""
    path = findfont(FontProperties(family=family or USUAL_FAMILY, weight="bold" if bold else "normal"))
    font = get_font(path)
    font.clear()
    font.set_size(size, dpi)
    with warnings.catch_warnings():  # about signs that the font lacks, which are then drawn as a box
        warnings.simplefilter("ignore", UserWarning)
        font.set_text(text, 0.0, flags=get_hinting_flag())  # type: ignore[no-untyped-call]
    width, _height = font.get_width_height()
    font.draw_glyphs_to_bitmap(antialiased=True)
    pixels = np.array(font.get_image(), dtype=np.uint8)
    rows, columns = np.where(pixels.max(axis=1) > _INKED)[0], np.where(pixels.max(axis=0) > _INKED)[0]
    if not len(rows):
        return Ink(np.zeros((1, 1), np.uint8), width / 64.0, 0, 1)
    bottom = pixels.shape[0] - round(font.get_descent() / 64.0)
    cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Ink(cut, width / 64.0, int(columns[0]), int(bottom - rows[0]))


def size_of(
    text: str, width: float, height: float, dpi: float, bold: bool = False, family: str = USUAL_FAMILY
) -> float:
    """The usual font size at which the text's ink comes nearest to ``width`` x ``height`` pixels."""

    def miss(size: float) -> float:
        shape = ink(text, size, dpi, bold, family).pixels.shape
        # Texts stand at fractions of a pixel, so that their ink covers about half a pixel more.
        across, down = abs(shape[1] + 0.5 - width), abs(shape[0] + 0.5 - height)
        return float(across / max(len(text), 3) * 4 + down + _SIZES[size])

    return min(_SIZES, key=lambda size: (miss(size), abs(size - 10)))


def likeness(
    text: str,
    sample: NDArray[np.float64],
    size: float,
    dpi: float,
    family: str = USUAL_FAMILY,
    bold: bool = False,
) -> float:
    """How well the rendered text matches an ink sample (0..1), best over small shifts: correlation."""
    check_deadline()
    target = ink(text, size, dpi, bold, family).pixels.astype(np.float32)
    height = max(target.shape[0], sample.shape[0])
    width = max(target.shape[1], sample.shape[1])
    # A sharp template needs some width: a thin blur lets strokes half a pixel apart still meet.
    field = cv2.blur(_padded(sample.astype(np.float32), height + 4, width + 4, 2), (2, 2))
    template = cv2.blur(_padded(target, height, width, 0), (2, 2))
    return float(cv2.matchTemplate(field, template, cv2.TM_CCORR_NORMED).max())


def _padded(array: NDArray[np.float32], height: int, width: int, at: int) -> NDArray[np.float32]:
    whole = np.zeros((height, width), np.float32)
    whole[at : at + array.shape[0], at : at + array.shape[1]] = array
    return whole


def baseline_of(text: Text, dpi: float = 100.0, family: str = USUAL_FAMILY) -> float:
    """Row of the baseline of an upright text, from its ink."""
    rise = ink(text.text, text.size, dpi, text.bold, family).rise
    return float(text.box.y0 + rise)
