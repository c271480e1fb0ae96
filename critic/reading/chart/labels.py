"""The texts that name an axes and its directions: title, x label, y label, and a colour bar's label."""

from __future__ import annotations

import numpy as np

from critic.reading.chart.colours import far, mode_colour
from critic.reading.chart.description import Scale, Text
from critic.reading.chart.frames import Frame, runs
from critic.reading.chart.settle import polished
from critic.reading.chart.words import centre, read_vertical
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_USUAL_DPI = (100, 80, 90, 96, 120, 144, 150, 160, 180, 200, 300, 400, 600)
"""Without those with which 8 x 6 or 16 x 12 inches at 100 would be taken for the default size."""

_DEFAULT_INCHES = (6.4, 4.8)

_CENTRED = 12
"""Working pixels from an axes' middle within which a text is centred on it: two letters of
10 points that are missed at an end move its middle by 8."""

_BEGINS = 6
"""Working pixels from an axes' left side within which a title begins there."""

_TITLE_INTO, _TITLE_AWAY = -2, 40
"""Working pixels from a title's lower edge down to its axes: boxes of texts may reach a bit too far, and
besides matplotlib's pad of 6 points, which is 8, tick marks with their labels may stand between: 20 more."""

_LABEL_REACH = 60
"""Working pixels below an axes, or left of its tick labels, within which a direction's name is looked for:
tick marks, their labels and both pads take 25 with matplotlib's sizes."""

_LINES_APART = 3
"""Columns without ink that part a turned line of text from what stands left of it; letters have fewer."""

_NARROWEST, _WIDEST = 6, 30
"""Working pixels across a turned line of text: letters without ascenders of 8 points have 6, a whole line of
21 points has 30."""

_LEVEL_HEIGHT = 20
"""Working pixels of height below which a text is level, in sizes up to 14 points; a turned one is longer."""

_FEW_LEVEL = 2
"""Level texts beside a colour bar's labels that are no column of tick labels yet."""

_CENTRED_ABOVE = 14
"""Working pixels from the middle of a disc within which a text above is its title: the disc's box is measured
from its ink, and less sure than an axes' rectangle."""

_LEAST_HEIGHT = 7
"""Working pixels of height that a title has more than: capitals of 8 points have 8."""


def dpi_of(image: Image) -> float:
    """Dots per inch: those with which the picture is a figure of matplotlib's default size, else 100.

    It decides which font sizes and line widths are spoken of, and which of them are the defaults.
    """
    height, width = image.shape[:2]
    across, down = _DEFAULT_INCHES
    fitting = (dpi for dpi in _USUAL_DPI if (int(across * dpi), int(down * dpi)) == (width, height))
    return float(next(fitting, _USUAL_DPI[0]))


def may_name(text: Text, frame: Frame) -> bool:
    """Whether a text stands where a title or the x label of an axes would.

    What else it is need not be asked of the others, of which an annotated heat map has hundreds.
    """
    above, below = frame.top - text.box.y1, text.box.y0 - frame.bottom
    return _TITLE_INTO <= above <= _TITLE_AWAY or 0 <= below <= _LABEL_REACH


def title_of(texts: list[Text], frame: Frame, frames: list[Frame]) -> Text | None:
    """The nearest text above a frame that is centred on it or begins with it."""
    middle = (frame.left + frame.right) / 2
    found = []
    for text in texts:
        gap = frame.top - text.box.y1
        x = centre(text.box)[0]
        aligned = abs(x - middle) < _CENTRED or abs(text.box.x0 - frame.left) < _BEGINS
        if (
            _TITLE_INTO <= gap <= _TITLE_AWAY
            and aligned
            and len(text.text) > 1
            and not _owned_above(text, frame, frames)
        ):
            found.append(text)
    return max(found, key=lambda t: t.box.y1, default=None)


def _owned_above(text: Text, frame: Frame, frames: list[Frame]) -> bool:
    """Whether the text stands right under another frame, as its x label."""
    return any(
        0 <= text.box.y0 - other.bottom < frame.top - text.box.y1
        and other.left < centre(text.box)[0] < other.right
        for other in frames
        if other is not frame
    )


def x_label_of(texts: list[Text], frame: Frame, frames: list[Frame], x: Scale) -> Text | None:
    """The nearest text below the tick labels that is centred on the frame."""
    middle = (frame.left + frame.right) / 2
    below = [t.box.y1 for t in x.ticks if t.box is not None and t.box.y0 > frame.bottom]
    # A whole row of tick labels may have been read as one text besides.
    least = max(4.0, float(np.median(below)) - frame.bottom - 4) if below else 4.0
    found = []
    for text in texts:
        gap = text.box.y0 - frame.bottom
        if (
            least <= gap <= _LABEL_REACH
            and abs(centre(text.box)[0] - middle) < _CENTRED
            and not _between_frames(text, frame, frames)
        ):
            found.append(text)
    return min(found, key=lambda t: t.box.y0, default=None)


def _between_frames(text: Text, frame: Frame, frames: list[Frame]) -> bool:
    """Whether a text belongs to another frame that lies nearer."""
    x, y = centre(text.box)

    def away(f: Frame) -> float:
        return max(f.left - x, x - f.right, 0.0) + max(f.top - y, y - f.bottom, 0.0)

    return any(away(other) < away(frame) - 2 for other in frames if other is not frame)


def y_label_of(
    image: Image,
    frame: Frame,
    frames: list[Frame],
    texts: list[Text],
    used: list[Text],
    y: Scale,
    reader: Reader,
) -> Text | None:
    """The vertical text beside the tick labels of the y axis."""
    if y.side == "right":
        return right_label_of(image, frame, used, texts, reader)
    labels = [
        t
        for t in used
        if t.box.x1 <= frame.left + 1 and frame.top - 12 < centre(t.box)[1] < frame.bottom + 12
    ]
    boxes = [t.box for t in labels] + [tick.box for tick in y.ticks if tick.box is not None]
    right = min((box.x0 for box in boxes), default=frame.left - 6) - 2
    beside = [
        f.right + 8 for f in frames if f.right < frame.left and f.top < frame.bottom and f.bottom > frame.top
    ]
    left = max([0, *beside, right - _LABEL_REACH])
    upright = [
        t
        for t in texts
        if t not in labels
        and len(t.text) > 1
        and left <= centre(t.box)[0] <= right
        and t.box.width > 2 * t.box.height
        and frame.top < centre(t.box)[1] < frame.bottom
    ]
    if upright:
        return None
    strip = _last_column(image, Box(left, frame.top - 10, right, frame.bottom + 10))
    return read_vertical(image, strip, reader, dpi_of(image)) if strip is not None else None


def _last_column(image: Image, strip: Box) -> Box | None:
    """The rightmost column of ink in a strip, as wide as a line of text."""
    x0, y0, x1, y1 = (max(0, int(v)) for v in strip)
    region = image[y0:y1, x0:x1]
    if region.size == 0:
        return None
    columns = runs(np.asarray(far(region, mode_colour(region), 60).any(axis=0)))
    if not columns:
        return None
    start, end = columns[-1]
    for a, b in reversed(columns[:-1]):
        if start - b > _LINES_APART:
            break
        start = a
    return Box(x0 + start - 1, y0, x0 + end + 1, y1) if _NARROWEST <= end - start <= _WIDEST else None


def right_label_of(
    image: Image, frame: Frame, used: list[Text], texts: list[Text], reader: Reader
) -> Text | None:
    """The vertical text beside a colour bar's tick labels; a column of level texts is another's ticks."""
    labels = [t for t in used if t.box.x0 >= frame.right - 1]
    left = max((t.box.x1 for t in labels), default=frame.right + 6) + 2
    right = min(image.shape[1], left + 30)
    level = [t for t in texts if t.box.height < _LEVEL_HEIGHT and left - 4 < centre(t.box)[0] < right]
    if sum(frame.top - 8 < centre(t.box)[1] < frame.bottom + 8 for t in level) > _FEW_LEVEL:
        return None
    return read_vertical(image, Box(left, frame.top - 4, right, frame.bottom + 4), reader, dpi_of(image))


def grown(box: Box, by: float = 1) -> Box:
    """A box with a margin around it."""
    return Box(box.x0 - by, box.y0 - by, box.x1 + by, box.y1 + by)


def inside_box(text: Text, box: Box) -> bool:
    """Whether the middle of a text lies in a box."""
    x, y = centre(text.box)
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def text_above(texts: list[Text], box: Box, reach: float) -> Text | None:
    """The nearest text centred above a box."""
    middle = (box.x0 + box.x1) / 2
    found = [
        t
        for t in texts
        if t.box.y1 <= box.y0 + 2
        and box.y0 - t.box.y1 <= reach
        and abs(centre(t.box)[0] - middle) < _CENTRED_ABOVE
        and t.box.height > _LEAST_HEIGHT
    ]
    return max(found, key=lambda t: t.box.y1, default=None)


def sure(image: Image, text: Text | None) -> Text | None:
    """A text settled where its drawing lies badly on its ink."""
    return None if text is None else polished(image, text, dpi_of(image))
