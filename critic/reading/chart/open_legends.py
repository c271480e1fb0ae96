"""Legends without a box: texts in rows or in a column, each with a handle before it."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from critic.marks.parts import APART, BETWEEN, PATCH
from critic.reading.chart.colours import Colour, far, rgb_of, saturation
from critic.reading.chart.description import Entry, Legend, Text
from critic.reading.chart.frames import runs
from critic.reading.chart.legends import handle_of, is_handle, usual_colour
from critic.reading.chart.words import centre
from critic.types import Box
from renderers.types import Image

_LEVEL = 4.0
"""Pixels by which entries of a row, or the begins of a column's, may differ."""
_REACH = 4.5
"""A handle begins at most this many font sizes before its text."""
_PAD = 0.4
"""Between a legend's box and what is in it, in font sizes: matplotlib's default."""
_ROW = 1.16
"""Height of a row of text in font sizes, as matplotlib lays legends out."""
_SAME_COLOUR = 40
"""Levels between a handle's colour and that of what it stands for: thin lines of either are blended."""
_COLOURED = 24
"""Saturation in levels from which a handle is no dash or letter of a text."""


class Key(NamedTuple):
    """A text with a handle before it, which spans these columns."""

    text: Text
    entry: Entry
    start: float
    end: float


def open_legends(
    image: Image, texts: list[Text], taken: list[Colour], background: Colour, dpi: float
) -> list[Legend]:
    """The legends among texts that belong to nothing else.

    Args:
        image: RGB pixels.
        texts: The texts, none of an axes.
        taken: The colours of what is drawn: a lone entry must show one of them.
        background: The colour around the drawing.
        dpi: Dots per inch.
    """
    keys = [key for text in texts if (key := key_of(image, text, texts, background, dpi)) is not None]
    found = []
    while keys:
        group = max((_beside(key, keys) for key in keys), key=len)
        keys = [key for key in keys if key not in group]
        colours = {shade for key in group for shade in shades_of(key.entry)}
        known = any(
            np.abs(rgb_of(colour) - other).max() <= _SAME_COLOUR for colour in colours for other in taken
        )
        if known if len(group) == 1 else len(colours) > 1 or known:
            found.append(_legend(group, dpi))
    return found


def key_of(image: Image, text: Text, texts: list[Text], background: Colour, dpi: float) -> Key | None:
    """A text with the coloured handle before it; None where there is none."""
    em = text.size * dpi / 72
    left = text.box.x0 - _REACH * em
    for other in texts:
        level = other is not text and abs(centre(other.box)[1] - centre(text.box)[1]) <= em
        if level and not is_handle(other, [text], dpi):
            left = max(left, other.box.x1 + 1) if other.box.x1 <= text.box.x0 else left
    room = Box(max(0.0, left), 0.0, text.box.x1, float(image.shape[0]))
    middle = round(centre(text.box)[1])
    rows = slice(max(0, middle - round(0.6 * em)), middle + round(0.6 * em) + 1)
    ink = far(image[rows, int(room.x0) : int(text.box.x0) - 1], background, 24)
    spans = runs(np.asarray(ink.any(axis=0)))
    entry = handle_of(image, text, room, background, dpi)
    if not spans or entry is None:
        return None
    if max(saturation(rgb_of(shade)) for shade in shades_of(entry)) < _COLOURED:
        return None
    start, end = room.x0 + spans[0][0], room.x0 + spans[-1][1]
    near = text.box.x0 - end < 1.5 * em and end - start < 4 * em
    return Key(text, entry, start, end) if near else None


def shades_of(entry: Entry) -> list[str]:
    """The colours of a handle: Chart.js frames a grey patch in a line's colour."""
    return [entry.colour, *([entry.edge] if entry.edge else [])]


def _beside(key: Key, keys: list[Key]) -> list[Key]:
    """The keys of one column, or else of one row, with this one."""
    column = [other for other in keys if abs(other.text.box.x0 - key.text.box.x0) <= _LEVEL]
    column = _together(sorted(column, key=lambda k: k.text.box.y0), key)
    row = [other for other in keys if abs(centre(other.text.box)[1] - centre(key.text.box)[1]) <= _LEVEL]
    return column if len(column) >= len(row) else sorted(row, key=lambda k: k.text.box.x0)


def _together(column: list[Key], key: Key) -> list[Key]:
    """The part of a column around a key, without gaps of two rows or more."""
    parts: list[list[Key]] = [[]]
    for other in column:
        last = parts[-1][-1].text if parts[-1] else other.text
        if other.text.box.y0 - last.box.y1 > 2.5 * key.text.box.height:
            parts.append([])
        parts[-1].append(other)
    return next(part for part in parts if key in part)


def _legend(group: list[Key], dpi: float) -> Legend:
    """The legend of some keys; its box is where matplotlib draws one around texts that stand there."""
    size = float(np.median([key.text.size for key in group]))
    em = size * dpi / 72
    handle = round(float(np.median([key.end - key.start for key in group])) / em, 1)
    gap = round(float(np.median([key.text.box.x0 - key.end for key in group])) / em, 1)
    first = group[0].text.box
    in_column = len(group) > 1 and abs(group[1].text.box.x0 - first.x0) <= _LEVEL
    steps = [b.text.box.y0 - a.text.box.y0 for a, b in pairwise(group)] if in_column else []
    between = round(max(0.0, float(np.median(steps)) / em - _ROW), 1) if steps else BETWEEN
    gaps = [] if in_column else [b.start - a.text.box.x1 for a, b in pairwise(group)]
    apart = round(max(0.0, float(np.median(gaps)) / em), 1) if gaps else APART
    high = [key.entry.size / size for key in group if key.entry.handle == "patch"]
    pad = _PAD * em
    box = Box(
        first.x0 - (gap + handle) * em - pad,
        min(key.text.box.y0 for key in group) - pad,
        max(key.text.box.x1 for key in group) + pad,
        max(key.text.box.y1 for key in group) + pad,
    )
    return Legend(
        box=box,
        entries=tuple(key.entry for key in group),
        columns=1 if in_column else len(group),
        size=size,
        frame=False,
        handle=handle,
        gap=gap,
        between=between,
        apart=apart,
        height=round(float(np.median(high)), 1) if high else PATCH,
        colour=usual_colour([key.text for key in group]),
    )
