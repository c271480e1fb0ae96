"""Tick labels that the reading of the whole picture missed: lone digits, mostly."""

from __future__ import annotations

import numpy as np

from critic.marks.texts import Text
from critic.reading.chart.colours import Colour, far
from critic.reading.chart.frames import Frame, runs
from critic.reading.chart.marks import Side
from critic.reading.chart.words import ink_of, text_of
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_MOST_REREAD = 12
"""Labels read one by one on a side, as each costs a run of OCR."""
_LEAST_HALF = 4
"""Pixels on either side of a tick within which a digit of 10 pt (9 wide) still fits."""
_LEAST_HIGH = 5
"""Pixels: digits of 5 pt are so high."""
_LEAST_LABELS = 2
"""Labels that tell that a mark may have none: of an axis without any, all marks are alike."""
_NARROW, _FAINT = 6.0, 40
"""Pixels on either side of a mark where a label's middle would show, and levels that it is off the ground:
tick marks of Chart.js have 26, labels of any tool 60 and more."""
_RULE, _RULE_ENDS = 3, 3
"""Pixels that a spine is thick at most, and that it may end before the strip does."""
_CUT = 1
"""Pixels between a label and the rest of it that is cut off at most."""
_LEVEL = 0.5
"""Share of the height of such a rest that is level with its label; else it is OCR's margin."""
_WORD_GAP = 9
"""Pixels without ink that end a label: the spaces in one are up to 5 wide at 10 pt."""


def reread(
    image: Image,
    frame: Frame,
    side: Side,
    marks: list[float],
    pairs: list[tuple[float, Text]],
    background: Colour,
    reader: Reader,
    dpi: float,
) -> list[tuple[float, Text]]:
    """The labels at marks that have none, each with its mark."""
    known = {mark for mark, _ in pairs}
    gap = min(np.diff(sorted(marks)), default=40.0)
    found: list[tuple[float, Text]] = []
    for mark in marks:
        if mark in known or len(found) >= _MOST_REREAD:
            continue
        half = min(gap / 2 - 1, 26.0)
        box = _place(frame, side, mark, half)
        if half < _LEAST_HALF or min(box) < 0:
            continue
        if side in ("left", "right"):
            box = _word_beside(image, box, background, at_end=side == "left")
        ink = ink_of(image, box, margin=0)
        if ink is None or ink[0].height < _LEAST_HIGH:
            continue
        if _is_rule(ink[0], box) or any(_overlap(ink[0], label.box) for _, label in pairs):
            continue
        tight = Box(ink[0].x0 - 5, ink[0].y0 - 5, ink[0].x1 + 5, ink[0].y1 + 5)
        if min(tight) < 0:
            continue
        crop = image[int(tight.y0) : int(tight.y1), int(tight.x0) : int(tight.x1)]
        line = reader.text.word(np.ascontiguousarray(crop))
        if line is None:
            continue
        text = text_of(image, TextLine(text=line.text, score=line.score, box=ink[0]), dpi)
        if text is not None:
            found.append((mark, text))
    return found


def bare_marks(
    image: Image,
    frame: Frame,
    side: Side,
    marks: list[float],
    pairs: list[tuple[float, Text]],
    background: Colour,
) -> set[float]:
    """The marks that have no label: nothing is drawn where one would stand.

    Args:
        image: RGB pixels.
        frame: The axes.
        side: Where its labels stand.
        marks: Where marks are, along the side.
        pairs: Marks with their labels; none is bare where these are not the most.
        background: The colour around the drawing.
    """
    known = {mark for mark, _ in pairs}
    if len(known) < _LEAST_LABELS:
        return set()
    gap = min(np.diff(sorted(marks)), default=40.0)
    bare = set()
    for mark in marks:
        box = _place(frame, side, mark, max(_LEAST_HALF, min(gap / 2 - 1, _NARROW)))
        x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
        region = image[y0:y1, x0:x1]
        if mark not in known and region.size and not far(region, background, _FAINT).any():
            bare.add(mark)
    return bare


def _place(frame: Frame, side: Side, mark: float, half: float) -> Box:
    """Where the label of a mark would stand, ``half`` as long as twice that along the side."""
    return {
        "bottom": Box(mark - half, frame.bottom + 6, mark + half, frame.bottom + 26),
        "top": Box(mark - half, frame.top - 26, mark + half, frame.top - 6),
        "left": Box(max(0, frame.left - 120), mark - min(half, 9), frame.left - 6, mark + min(half, 9)),
        "right": Box(frame.right + 7, mark - min(half, 9), frame.right + 60, mark + min(half, 9)),
    }[side]


def _is_rule(ink: Box, box: Box) -> bool:
    """Whether ink is a thin line from end to end of a strip: the spine of another axes."""
    across, down = ink.width, ink.height
    return (across <= _RULE and down >= box.height - _RULE_ENDS) or (
        down <= _RULE and across >= box.width - _RULE_ENDS
    )


def _overlap(ink: Box, label: Box) -> bool:
    """Whether ink is a part of a label that is known: of a longer one at the next mark."""
    across = min(ink.x1, label.x1) - max(ink.x0, label.x0)
    level = min(ink.y1, label.y1) - max(ink.y0, label.y0)
    return across >= -_CUT and level > _LEVEL * ink.height


def _word_beside(image: Image, box: Box, background: Colour, *, at_end: bool) -> Box:
    """The part of a strip up to the first wide gap, seen from the axes."""
    region = image[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    filled = np.asarray(far(region, background, 60).any(axis=0))
    if not filled.any():
        return box
    stretches = runs(filled)
    if at_end:
        start = stretches[-1][0]
        for a, b in reversed(stretches):
            if start - b > _WORD_GAP:
                break
            start = a
        return Box(box.x0 + max(0, start - 2), box.y0, box.x1, box.y1)
    end = stretches[0][1]
    for a, b in stretches:
        if a - end > _WORD_GAP:
            break
        end = b
    return Box(box.x0, box.y0, box.x0 + end + 2, box.y1)
