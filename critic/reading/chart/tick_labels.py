"""Texts in the row or column of tick labels beside an axes, and what OCR read wrong in them."""

from __future__ import annotations

import re

import numpy as np

from critic.marks.texts import Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.marks import Side
from critic.reading.chart.moments import tells_date
from critic.reading.chart.words import centre, cut, ink_of, text_of
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_MARK, _MARK_INSIDE = 7, -8
"""Pixels that a tick mark reaches out of the frame at most, or into it: 4.9 is usual; OCR adds a margin."""
_REACH = 34
"""Tick labels lie at most this many pixels outside the frame."""
_CENTRE_OUT = 8
"""Pixels that the middle of a label lies outside the frame at least: a tick mark's 5, and half a letter."""
_OVERLAP = -16
"""Pixels that a label's box may reach over the tick mark into the frame, where OCR takes it for a letter."""
_LEGIBLE = 3
"""Pixels of width below which what is left of a label is no sign."""
_MARKED = 14
"""Pixels by which a text is longer that was read with its tick mark: 5, the pad between, and margins."""
_ODD_SIZE, _CROPPED = 1.25, 4
"""How many times another label's size one is that was misread, and pixels around it that OCR is shown."""
_MOST_ODD = 4
"""Labels of a side that are read anew for their size, as each costs a run of OCR."""
_CENTRED, _NEXT_LINE = 4, 1.0
"""Working pixels by which the middles of a label's two lines differ, and its heights between them at most."""
_CHECKED = 3
"""Labels from which there is a usual size."""
_FLUSH, _LONG, _INTO = 3, 9, 1.6
"""Pixels across a tick mark at most, and beyond the axes' ends at which the last one stands; along it at
most, with the pad of a box; and into the axes from which a sign below them is one."""


def labels_on(texts: list[Text], frame: Frame, side: Side) -> list[Text]:
    """The texts in the row or column of tick labels next to a side."""
    found: list[tuple[float, Text]] = []
    for text in texts:
        x, y = centre(text.box)
        if side in ("bottom", "top"):
            gap = text.box.y0 - frame.bottom if side == "bottom" else frame.top - text.box.y1
            along = frame.left - 24 <= x <= frame.right + 24
        else:
            gap = frame.left - text.box.x1 if side == "left" else text.box.x0 - frame.right
            along = frame.top - 10 <= y <= frame.bottom + 10
        # A text box may reach over the tick mark into the frame.
        beyond = {"left": frame.left - x, "right": x - frame.right}.get(side, gap + 10)
        outside = beyond > _CENTRE_OUT or (side in ("left", "right") and gap >= 0)
        if along and outside and _OVERLAP <= gap <= _REACH and not stands_on_edge(text, frame):
            found.append((gap, text))
    if not found:
        return []
    nearest = max(0.0, min(gap for gap, _ in found))
    labels = [text for gap, text in found if gap <= nearest + 12]
    return _with_second_lines(labels, texts) if side == "bottom" else labels


def _with_second_lines(labels: list[Text], texts: list[Text]) -> list[Text]:
    """Labels with the year or the day that stands below some of them, as Plotly writes it once."""
    found, used = [], []
    for label in labels:
        below = next((text for text in texts if text is not label and _is_below(text, label)), None)
        if below is not None:
            used.append(below)
            label = label.model_copy(
                update={"text": f"{label.text}\n{below.text}", "box": label.box.union(below.box)}
            )
        found.append(label)
    return [label for label in found if not any(label is text for text in used)]


def _is_below(text: Text, label: Text) -> bool:
    """Whether a text is a second line of a label that tells more of its date."""
    gap = text.box.y0 - label.box.y1
    level = abs(centre(text.box)[0] - centre(label.box)[0]) <= _CENTRED
    high = label.box.height
    dates = level and tells_date(text.text) and tells_date(f"{label.text} {text.text}")
    return dates and -_CENTRED < gap < _NEXT_LINE * high


def stands_on_edge(text: Text, frame: Frame) -> bool:
    """Whether a single sign is a tick mark below axes: a thin one, or one that reaches into the axes."""
    if len(text.text) > 1 or not frame.left - _FLUSH <= centre(text.box)[0] <= frame.right + _FLUSH:
        return False
    below = text.box.y0 - frame.bottom
    thin = text.box.width <= _FLUSH and text.box.height <= _LONG and below <= _FLUSH
    return text.box.y1 > frame.bottom and below >= _OVERLAP and (thin or below < -_INTO)


def is_mark(text: Text, frame: Frame) -> bool:
    """Whether a text is a tick mark read as a letter."""
    b = text.box
    outside = max(frame.left - b.x1, b.x0 - frame.right, frame.top - b.y1, b.y0 - frame.bottom)
    small = max(b.width, b.height) <= _MARK
    near = len(text.text) == 1 and small and _MARK_INSIDE <= outside <= _MARK
    return near or stands_on_edge(text, frame)


def holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of a box lies in another."""
    x, y = centre(inner)
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def is_of(text: Text, label: Text) -> bool:
    """Whether a text is a label, with what it was read with, or a line of it."""
    whole = text.box == label.box or holds(text.box, label.box)
    return whole or ("\n" in label.text and holds(label.box, text.box))


def is_label(seen: Box, label: Box) -> bool:
    """Whether a box is a label's, with or without the tick mark beside it."""
    return seen.width <= label.width + _MARKED and seen.height <= label.height + _MARKED


def is_row(text: Text, marks: list[float]) -> bool:
    """Whether a text is a row of tick labels read as one: about a word a mark, from the first to the last."""
    wide = text.box.width > 0.6 * (max(marks) - min(marks))
    return wide and len(text.text.split()) >= max(2, len(marks) - 1)


def without_mark(image: Image, label: Text, frame: Frame, side: Side, dpi: float) -> Text:
    """A label whose box reaches over the tick mark, cut back and without the sign read into the mark."""
    box = label.box
    if side == "left" and box.x1 > frame.left - 6:
        left = Box(box.x0, box.y0, frame.left - 6.0, box.y1)
    elif side == "right" and box.x0 < frame.right + 6:
        left = Box(frame.right + 7.0, box.y0, box.x1, box.y1)
    else:
        return label
    if left.width < _LEGIBLE:
        return label
    found = ink_of(image, left, margin=0)
    if found is None:
        return label
    words = label.text.rstrip(" -–—_|~.") if side == "left" else label.text.lstrip(" -–—_|~.")
    if side == "left" and re.search(r"\D [1lI|]$", words):
        words = words[:-2]
    line = TextLine(text=words or label.text, score=1.0, box=found[0], told=label.told)
    return text_of(image, line, dpi) or label


def of_one_size(image: Image, labels: list[Text], reader: Reader, dpi: float) -> list[Text]:
    """The labels, those read anew that would be of another size than the rest: their signs are wrong."""
    usual = float(np.median([label.size for label in labels])) if len(labels) >= _CHECKED else 0.0
    found, left = [], _MOST_ODD
    for label in labels:
        odd = usual and not label.told and not 1 / _ODD_SIZE < label.size / usual < _ODD_SIZE
        if odd and left > 0:
            left -= 1
            crop, _, _ = cut(image, label.box, _CROPPED)
            line = reader.text.word(np.ascontiguousarray(crop))
            again = (
                None
                if line is None
                else text_of(image, TextLine(text=line.text, score=line.score, box=label.box), dpi)
            )
            nearer = again is not None and abs(again.size - usual) < abs(label.size - usual)
            label = again if again is not None and nearer else label
        found.append(label)
    return found
