"""How long the tick marks beside an axes are, and their colour: other tools draw them paler or longer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, hex_of, mode_colour
from critic.reading.chart.frames import Frame
from critic.reading.chart.marks import Side
from critic.types import Box
from renderers.types import Image

USUAL_LENGTH = 3.5
"""Points of a tick mark in matplotlib."""
_SHOWN = 12
"""Levels from the background at which a pixel is of a mark: grid lines of Chart.js have 26."""
_BESIDE = 3
"""Working pixels beside a mark where nothing is drawn: a letter is wider."""
_SHORTEST, _LONGEST = 3, 14
"""Working pixels that a mark is long: Plotly's and Vega's have 5, Chart.js's 8, bokeh's 6."""
_LEAST, _MOST_OF = 2, 0.6
"""Marks that tell a length, and share of the lines that must have one of it."""
_SAME = 1.2
"""Working pixels within which a length is matplotlib's own."""


USUAL_PAD = 3.5
"""Points between marks and labels in matplotlib."""
_OWN_PAD = 1.5
"""Points by which a gap is another than the usual one: boxes of letters are whole pixels, and letters of one
size differ in height."""
_ASCENT = 0.04
"""Of the font's size that a row's top lies above its digits and capitals: DejaVu Sans has 0.76 and 0.73."""
_LEAST_PAD = -6.0
"""Points of the least gap: labels that begin within the axes are no usual ones."""


class TickLook(NamedTuple):
    """Tick marks.

    Attributes:
        length: In points.
        colour: As it is written.
    """

    length: float
    colour: str


def tick_look(
    image: Image, frame: Frame, side: Side, lines: list[float], background: Colour, dpi: float
) -> TickLook | None:
    """What the tick marks look like; None where there are none.

    Args:
        image: RGB pixels.
        frame: The axes.
        side: Where its labels stand.
        lines: Where grid lines or marks run, along the side.
        background: The colour around the drawing.
        dpi: Dots per inch.
    """
    outside = _outside(image, frame, side)
    found = [mark for at in lines if (mark := _mark(outside, round(at), background)) is not None]
    if len(found) < max(_LEAST, _MOST_OF * len(lines)):
        return None
    lengths = [len(mark) for mark in found]
    usual = float(np.median(lengths))
    if sum(abs(length - usual) <= 1 for length in lengths) < _MOST_OF * len(lines):
        return None
    points = usual * 72 / dpi
    length = USUAL_LENGTH if abs(points - USUAL_LENGTH) * dpi / 72 <= _SAME else round(points, 1)
    return TickLook(length, hex_of(mode_colour(np.concatenate(found))))


def _outside(image: Image, frame: Frame, side: Side) -> Image:
    """What lies beyond a side: the first row is beside it, columns run along it."""
    if side == "bottom":
        return image[frame.bottom + 1 :]
    if side == "top":
        return image[: frame.top][::-1]
    turned = image.transpose(1, 0, 2)
    return turned[: frame.left][::-1] if side == "left" else turned[frame.right + 1 :]


def _mark(outside: Image, at: int, background: Colour) -> NDArray[np.uint8] | None:
    """The pixels of the mark in a column; None where it has none of its own."""
    if not _BESIDE <= at < outside.shape[1] - _BESIDE:
        return None
    strip = outside[: _LONGEST + 1, at - _BESIDE : at + _BESIDE + 1].astype(np.int16)
    inked = np.abs(strip - background).max(axis=2) > _SHOWN
    own, beside = inked[:, _BESIDE], inked[:, [0, -1]].any(axis=1)
    long = int(np.argmin(own)) if not own.all() else len(own)
    if not _SHORTEST <= long <= _LONGEST or beside[:long].any():
        return None
    return np.asarray(outside[:long, at])


def label_pad(boxes: list[Box], frame: Frame, side: Side, marks: float, size: float, dpi: float) -> float:
    """Points between the tick marks, or the axes where they have none, and level labels.

    Args:
        boxes: Of the labels' ink; none where they are slanted or turned.
        frame: The axes.
        side: Where the labels stand.
        marks: Points that the marks are long; 0 where there are none.
        size: Of the labels, in points.
        dpi: Dots per inch.
    """
    if len(boxes) < _LEAST:
        return USUAL_PAD
    gaps = {
        "bottom": [box.y0 - frame.box.y1 for box in boxes],
        "top": [frame.box.y0 - box.y1 for box in boxes],
        "left": [frame.box.x0 - box.x1 for box in boxes],
        "right": [box.x0 - frame.box.x1 for box in boxes],
    }[side]
    rise = _ASCENT * size if side == "bottom" else 0.0
    pad = float(np.median(gaps)) * 72 / dpi - marks - rise
    return round(pad, 1) if abs(pad - USUAL_PAD) > _OWN_PAD and pad > _LEAST_PAD else USUAL_PAD
