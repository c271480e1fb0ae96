"""Legends: a box in the axes with a handle before each text, or such rows without a box."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, rgb_of, saturation
from critic.reading.chart.description import Entry, Legend, Text
from critic.reading.chart.frames import Frame, long_runs, runs
from critic.reading.chart.words import centre
from critic.types import Box
from renderers.types import Image

_FULL = 0.95
"""Of its rectangle a patch covers so much; a disc covers four fifths."""
_CROSSED = 9
"""Pixels of a frame that a crossing line covers."""
_HANDLE = 2.0
"""Length of a handle in font sizes, matplotlib's default."""
_GREY = 24
"""Levels between a pixel's channels within which it is grey, as a legend's frame is."""
_SHORTEST = 36
"""Working pixels of the upper and lower line of a legend's frame: a handle of 2 font sizes takes 28."""
_RAGGED = 2
"""Working pixels by which the ends of a frame's upper and lower line may differ: its corners are rounded."""
_UPRIGHT = 0.85
"""Share of a frame's height along which the lines at its sides show: texts and data cross it."""
_CENTRED = 6
"""Working pixels from a legend's middle within which a text without a handle is its title."""
_HANDLE_LETTERS = 2
"""Letters that a handle is read as at most: dashes and markers."""
_HANDLE_INTO = -2
"""Working pixels from such letters to the text after them, at least: boxes of texts may reach too far."""
_ROW = 5
"""Working pixels between the middles of texts of one row at most: half the height of 10 points is 7."""
_SHADOW = 25
"""Levels by which a shadow below a legend is darker than what is above it."""
_COLUMN = 30
"""Working pixels between the begins of texts of two columns at least: a handle between them takes 28 at
10 points."""
_LEAST_INK = 6
"""Pixels of the smallest handle: less is dirt."""
_OTHER_EDGE = 40
"""Levels between a patch's edge and its middle from which the edge has a colour of its own."""
_PATCH = 0.85
"""Share of its rectangle, or of its outline alone, that a wide and high handle draws on where it is a patch:
a line with a marker draws on less."""
_BROKEN = 2
"""Stretches from which a handle's line is broken; where dots alternate with dashes there are more."""
_DOTS, _DOT_BETWEEN = 4, 3
"""Working pixels of a dotted line's longest stretch, and of the dots between dashes: a dot of a line of 1.5
points has 2, and a blended pixel at either end."""


def find_legends(image: Image, frame: Frame, texts: list[Text], face: Colour, dpi: float) -> list[Legend]:
    """The legends inside a frame; ``texts`` are those inside it."""
    for crossed in (1, _CROSSED) if texts else ():
        found = []
        for box in _boxes(image, frame, face, crossed):
            inside = [text for text in texts if _within(text.box, box)]
            legend = _legend(image, box, inside, dpi)
            if legend is not None:
                found.append(legend)
        if found:
            return found
    return []


def _within(inner: Box, outer: Box) -> bool:
    x, y = centre(inner)
    return outer.x0 < x < outer.x1 and outer.y0 < y < outer.y1


def _boxes(image: Image, frame: Frame, face: Colour, crossed: int) -> list[Box]:
    """Rectangles drawn with a grey line, of which so many pixels may be crossed, that are not the frame."""
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1]
    channels = area.astype(np.int16)
    grey = (channels.max(axis=2) - channels.min(axis=2)) <= _GREY
    outline = grey & far(area, face, 18)
    _height, width = outline.shape
    found: list[Box] = []
    # With some room, or closing joins what ends near the frame to it.
    roomy = np.pad(outline.astype(np.uint8), ((0, 0), (crossed, crossed)))
    whole = cv2.morphologyEx(roomy, cv2.MORPH_CLOSE, np.ones((1, crossed), np.uint8))[:, crossed:-crossed]
    rows = long_runs(whole.astype(bool), _SHORTEST)
    lines = [(y, a, b) for y in np.where(rows.any(axis=1))[0].tolist() for a, b in runs(rows[y])]
    for y0, a0, b0 in lines:
        if b0 - a0 > 0.97 * width:
            continue
        for y1, a1, b1 in lines:
            if y1 < y0 + 14 or abs(a1 - a0) > _RAGGED or abs(b1 - b0) > _RAGGED:
                continue
            left = outline[y0 + 5 : y1 - 4, max(0, a0 - 6) : a0 + 2].mean(axis=0)
            right = outline[y0 + 5 : y1 - 4, b0 - 2 : b0 + 6].mean(axis=0)
            if left.size and right.size and left.max() > _UPRIGHT and right.max() > _UPRIGHT:
                x0 = max(0, a0 - 6) + int(left.argmax())
                x1 = b0 - 2 + int(right.argmax())
                box = Box(
                    frame.left + 2 + x0, frame.top + 2 + y0, frame.left + 2 + x1 + 1, frame.top + 2 + y1 + 1
                )
                if not any(_overlap(box, other) for other in found):
                    found.append(box)
    return found


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    return across > 0 and min(one.y1, other.y1) - max(one.y0, other.y0) > 0


def _legend(image: Image, box: Box, texts: list[Text], dpi: float) -> Legend | None:
    if not texts:
        return None
    inner = image[int(box.y0) + 2 : int(box.y1) - 2, int(box.x0) + 2 : int(box.x1) - 2]
    face = mode_colour(inner)
    entries: list[Entry] = []
    title = ""
    for text in sorted(texts, key=lambda t: (t.box.x0 // _COLUMN, t.box.y0)):
        if is_handle(text, texts, dpi):
            continue
        handle = handle_of(image, text, box, face, dpi)
        if handle is None:
            middle = abs(centre(text.box)[0] - centre(box)[0]) < _CENTRED
            if middle and text.box.y0 < box.y0 + 20 and not title:
                title = text.text
            continue
        entries.append(handle)
    if not entries:
        return None
    columns = _columns(entries)
    sizes = [t.size for t in texts]
    return Legend(
        box=box,
        entries=tuple(entries),
        columns=columns,
        title=title,
        size=max(set(sizes), key=lambda s: (sizes.count(s), -abs(s - 10))),
        face=hex_of(face),
        shadow=_shadowed(image, box),
        colour=usual_colour(texts),
    )


def usual_colour(texts: Sequence[Text]) -> str:
    """The colour that most of some texts are near to; black where there are none."""
    if not texts:
        return "#000000"
    return hex_of(np.median([rgb_of(t.colour) for t in texts], axis=0).round().astype(int))


def is_handle(text: Text, texts: list[Text], dpi: float) -> bool:
    """Whether a text is a handle read as a letter or two: right before a longer text of its row."""
    em = text.size * dpi / 72
    return len(text.text) <= _HANDLE_LETTERS and any(
        _HANDLE_INTO <= other.box.x0 - text.box.x1 < 1.6 * em
        and abs(centre(other.box)[1] - centre(text.box)[1]) < _ROW
        for other in texts
        if other is not text
    )


def _shadowed(image: Image, box: Box) -> bool:
    """Whether a grey band runs along the lower and right edges."""
    y, x = int(box.y1), int(box.x1)
    below = image[y : y + 2, int(box.x0) + 12 : x - 4].astype(int)
    above = image[max(0, int(box.y0) - 3) : max(1, int(box.y0) - 1), int(box.x0) + 12 : x - 4].astype(int)
    if below.size == 0 or above.size == 0:
        return False
    return float(np.median(above) - np.median(below)) > _SHADOW


def _columns(entries: list[Entry]) -> int:
    lefts = sorted(e.box.x0 for e in entries if e.box)
    return 1 + sum(b - a > _COLUMN for a, b in itertools.pairwise(lefts))


def handle_of(image: Image, text: Text, box: Box, face: Colour, dpi: float) -> Entry | None:
    """The entry of a text with a handle right before it within a box; None where nothing is drawn there."""
    em = text.size * dpi / 72
    right = text.box.x0 - 0.4 * em
    left = max(box.x0 + 2, text.box.x0 - (_HANDLE + 1.4) * em)
    middle = _text_middle(text, em)
    top, bottom = max(box.y0 + 1, middle - 0.62 * em), min(box.y1 - 1, middle + 0.62 * em)
    region = image[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
    if region.size == 0:
        return None
    away = np.abs(region.astype(np.int16) - face).max(axis=2)
    # Of a thin outline many pixels are blends: what counts is what is far from the face for this handle.
    mask = away > max(30, 0.4 * float(np.percentile(away, 99)))
    if mask.sum() < _LEAST_INK:
        return None
    mask = _own_row(mask, middle - int(top))
    away = np.where(mask, away, 0)
    rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
    height, width = int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
    colour = hex_of(mode_colour(region[away >= 0.8 * away.max()]))
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    kind, style, marker, edge = _handle_kind(region, cut, rows, columns, height, width, em)
    if kind == "patch" and edge is not None:
        inside = region[rows[0] + 2 : rows[-1] - 1, columns[0] + 2 : columns[-1] - 1]
        # A thin outline is blended; the strongest of the handle is nearest to its colour.
        edge = colour if saturation(rgb_of(colour)) > saturation(rgb_of(edge)) else edge
        colour = hex_of(mode_colour(inside)) if inside.size else colour
    return Entry(
        text=text.text,
        handle=kind,
        colour=colour,
        style=style,
        marker=marker,
        size=height * 72 / dpi,
        edge=edge,
        box=text.box,
    )


def _own_row(mask: np.ndarray, middle: float) -> np.ndarray:
    """The ink that lies level with a text: that of the rows above and below it is other entries'."""
    parts = runs(np.asarray(mask.any(axis=1)))
    first, last = min(parts, key=lambda part: abs((part[0] + part[1]) / 2 - middle))
    own = np.zeros_like(mask)
    own[first:last] = mask[first:last]
    return own


def _text_middle(text: Text, em: float) -> float:
    """Half an x-height and a bit above the baseline, wherever the ink ends."""
    descends = any(c in "gjpqy,;()[]{}$" for c in text.text)
    baseline = text.box.y1 - (0.21 * em if descends else 0.0)
    return baseline - 0.36 * em


Handle = tuple[Literal["patch", "line", "marker"], str, str, str | None]


def _handle_kind(
    region: Image, cut: np.ndarray, rows: np.ndarray, columns: np.ndarray, height: int, width: int, em: float
) -> Handle:
    if width > 1.5 * em and height > 0.45 * em:
        first = region[rows[0], (columns[0] + columns[-1]) // 2]
        centre_pixel = region[(rows[0] + rows[-1]) // 2, (columns[0] + columns[-1]) // 2]
        differs = int(np.abs(first.astype(int) - centre_pixel.astype(int)).max()) > _OTHER_EDGE
        if cut.mean() > _PATCH:
            return "patch", "-", "", hex_of(first.astype(int)) if differs else None
        ring = np.concatenate((cut[0], cut[-1], cut[:, 0], cut[:, -1])).mean() > _PATCH
        if ring:
            return "patch", "-", "", hex_of(first.astype(int))
        return "line", _dash(cut), "o", None
    if width > 1.5 * em or (width > 0.7 * em and width > 3 * height):
        return "line", _dash(cut), "", None
    if width > 0.7 * em and cut.mean() > _FULL:
        return "patch", "-", "", None
    return "marker", "-", "o", None


def _dash(cut: np.ndarray) -> str:
    parts = runs(np.asarray(cut.any(axis=0)))
    if len(parts) < _BROKEN:
        return "-"
    lengths = [b - a for a, b in parts]
    if max(lengths) <= _DOTS:
        return ":"
    return "-." if min(lengths[:-1] or lengths) <= _DOT_BETWEEN and len(parts) > _BROKEN else "--"
