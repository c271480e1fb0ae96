"""Splits what visibly differs into areas, each about one thing: a line of text, a rule, a bar, a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.boxes import Box
from critic.pixel.ledger import Mask
from renderers.types import Image

LEAST = 6
"""Pixels of an area that can be seen: what is left of a full stop of 2 x 2 once it is blurred. Single pixels
and pairs are what hinting and JPEG leave."""

LEAST_ALONE = 20
"""The same of what is on no line of text: a marker of 3 x 3, blurred. Slivers along curves are smaller."""

_USUAL_TEXT = 11
"""Height in pixels of letters in the usual 15 px at 96 dpi, for where no text is seen."""

_TEXT_HEIGHTS = (5, 40)
"""Pixels between which a connected piece of ink may be a letter."""

_INK_CONTRAST = 40
"""Lightness (of 255) between letters and what they stand on: WCAG asks for more of any text."""

_GROUND = 21
"""Side of the window, on a picture of half the size, whose median is the ground of letters: wider than twice
the stroke of the largest ones."""

_WORD_GAP = 0.7
"""Text heights between two words, at most: a space is a third of an em, and letters are half an em high."""

_CUT_GAP = 2.7
"""Text heights between tops of letters of one line, at most: four small letters have no top there."""

_TALL = 2.2
"""Text heights from which a piece is no part of a line of text."""

_RULE = 0.4
"""Text heights up to which a long piece is a rule and no row of letters."""

_LONG = 6.0
"""Text heights from which a thin piece is long."""


_SAME_ROW = 0.5
"""Text heights by which two pictures may set one line higher or lower; the next line is 1.5 away."""

_LETTER = 0.4
"""Text heights from which a piece is a letter and no dot or dash."""

_SOLID = 0.8
"""Share of its box that a lone piece fills, from which it is a mark and no letter: an I fills 0.75."""


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """A connected part of what visibly differs.

    Attributes:
        box: Around it.
        mask: Its pixels within the box.
        count: Their number.
        line: The line of text that it is on, in either picture; None where there is none.
    """

    box: Box
    mask: Mask
    count: int
    line: Box | None = None


def text_height(image: Image) -> float:
    """The usual height in pixels of a picture's letters."""
    stats = cv2.connectedComponentsWithStats(letters(image), connectivity=8)[2][1:]
    low, high = _TEXT_HEIGHTS
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    found = tall[(tall >= low) & (tall <= high) & (wide <= 2 * tall)]
    return float(np.median(found)) if len(found) else float(_USUAL_TEXT)


def text_lines(image: Image, height: float) -> list[Box]:
    """Where a picture has rows of letters of that height, or single ones; columns stay apart."""
    ink = letters(image)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = [Box(x, y, x + width, y + tall) for x, y, width, tall, _ in stats.tolist()]
    small = [False, *(_may_be_letters(box, height) for box in boxes[1:])]
    small_ink = np.array(small)[labels]
    rows = list(_pieces(_joined(small_ink, height), small_ink))
    lines = [area.box for area in rows if area.box.height >= _LETTER * height and _may_be_read(area)]
    cut = [area.box for area in rows if area.box.height < _LETTER * height and area.box.y1 >= len(ink)]
    return [*lines, *_beside(cut, height)]


def _beside(boxes: Sequence[Box], height: float) -> list[Box]:
    """What the foot of a picture leaves of a line of text, as one: its words are of tops of letters."""
    lines: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.x0):
        if lines and box.x0 - lines[-1].x1 <= _CUT_GAP * height:
            lines[-1] = lines[-1].union(box)
        else:
            lines.append(box)
    return lines


def shared_lines(lines: Sequence[Box], others: Sequence[Box], height: float) -> list[Box]:
    """The lines of two pictures: those that stand on one another as one, others for themselves."""
    joined = list(lines)
    for other in others:
        at = max(range(len(joined)), key=lambda i: joined[i].overlap(other), default=None)
        if at is not None and _on_one_row(joined[at], other, height):
            joined[at] = joined[at].union(other)
        else:
            joined.append(other)
    return joined


def _on_one_row(one: Box, other: Box, height: float) -> bool:
    return one.meets(other) and abs(one.centre[1] - other.centre[1]) <= _SAME_ROW * height


def _may_be_read(area: Area) -> bool:
    """Whether a row is of letters, or a single one is no solid mark."""
    return area.box.width > area.box.height or area.count < _SOLID * area.box.area


def letters(image: Image) -> NDArray[np.uint8]:
    """What stands out from its ground as letters do: 1, the rest 0."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST)
    ground = cv2.resize(cv2.medianBlur(half, _GROUND), grey.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.absdiff(grey, ground) > _INK_CONTRAST, dtype=np.uint8)


def split(visible: Mask, lines: Sequence[Box], height: float) -> list[Area]:
    """The areas of a mask, from top to bottom: pieces on one line of text are one area, others stand alone.

    Args:
        visible: What differs and nobody explained.
        lines: Where either picture has text.
        height: Of the pictures' letters, in pixels.
    """
    small = np.zeros(visible.shape, dtype=bool)
    areas = []
    for area in _pieces(visible, visible):
        if _may_be_letters(area.box, height):
            small[area.box.pixels] |= area.mask
        else:
            areas.append(area)
    for line in lines:
        window = line.grown(1).pixels
        if small[window].sum() >= LEAST:
            areas.append(replace(_whole(small[window].copy(), line.grown(1)), line=line))
            small[window] = False
    areas += _pieces(_joined(small, height), small)
    found = [area for area in areas if area.count >= (LEAST_ALONE if area.line is None else LEAST)]
    return sorted(found, key=lambda area: (area.box.y0, area.box.x0))


def _whole(mask: Mask, box: Box) -> Area:
    """An area within a box of the picture, as tight as its pixels are."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    left, top = max(0, int(box.x0)), max(0, int(box.y0))
    tight = Box(left + x, top + y, left + x + width, top + y + height)
    mask = mask[y : y + height, x : x + width]
    return Area(tight, mask, int(mask.sum()))


def _joined(small: Mask, height: float) -> Mask:
    """Letters joined to words, and words to lines."""
    row = np.ones((3, max(3, round(_WORD_GAP * height))), np.uint8)
    return np.asarray(cv2.morphologyEx(small.view(np.uint8), cv2.MORPH_CLOSE, row) > 0)


def _may_be_letters(box: Box, height: float) -> bool:
    """Whether a piece is as large as letters or words are, and no rule."""
    if box.height > _TALL * height:
        return False
    return not (box.width > _LONG * height and box.height <= _RULE * height)


def _pieces(joined: Mask, counted: Mask) -> Iterator[Area]:
    """The connected pieces of one mask, each with the pixels of another that lie in it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined.view(np.uint8), connectivity=8)
    for label in range(1, count):
        x, y, width, height = (int(value) for value in stats[label, :4])
        window = slice(y, y + height), slice(x, x + width)
        mask = (labels[window] == label) & counted[window]
        yield Area(Box(x, y, x + width, y + height), mask, int(mask.sum()))
