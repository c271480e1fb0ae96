"""Axes without a frame: the rectangle that tick labels and the straight lines between them span.

Other tools than matplotlib often draw neither spines nor a grid both ways: a column and a row of labels,
and a base line or lines one way are all there is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far
from critic.reading.chart.description import Text
from critic.reading.chart.frames import Frame, Run, runs, straight
from critic.reading.chart.words import centre
from renderers.types import Image

Mask = NDArray[np.bool_]

_PALE, _DARK = 12, 90
"""Channel differences from the background from which a pixel may be of a grid line, or of a spine."""
_LEVEL = 4.0
"""Pixels by which labels of one row, or the steps of one column, may differ."""
_MARK = 9.0
"""Pixels by which the ends of one column's labels may: some are read with their tick mark."""
_BESIDE = 24
"""Pixels between a column of labels and the axes at most, tick marks included."""
_SHORT, _LONG = 14, 48
"""Pixels from which a stretch may be of a line at a label, or of one anywhere; axes are no smaller."""
_LEAST = 3
"""Labels that make a column."""
_LEAST_STEP = 8
"""Working pixels between the middles of a column's labels at least: digits of 8 points are as high, so that
nearer ones would overlap."""
_LEAST_ROW = 60
"""Working pixels that the labels below an axes span, from first to last: a single one is narrower."""
_GREY = 24
"""Levels between a pixel's channels within which it is grey, as spines, grid lines and tick marks are."""
_ALONG = 0.5
"""Share of a side that is dark from which a spine runs along it: labels and marks may cover the rest."""
_MARK_STARTS = 2
_SHORTEST_MARK, _LONGEST_MARK = 2, 10
"""Working pixels from where lines across begin to where a tick mark does at most, and its length:
matplotlib's has 3.5 points, which are 4.9."""
_LINE_ITSELF = 2
"""Rows drawn on beside the outermost line that are its own width and blended rim; more is data beyond it."""


def labelled_frame(image: Image, background: Colour, texts: list[Text]) -> Frame | None:
    """The rectangle between a column of labels and a row of labels below it; None where none shows.

    Args:
        image: RGB pixels.
        background: The colour around the drawing.
        texts: All texts of the picture.
    """
    pale = far(image, background, _PALE) & _grey(image)
    for box in (t.box for t in texts):
        pale[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = False
    for column in _columns(texts):
        row = _row_below(texts, column)
        if row and _width(row) > _LEAST_ROW:
            frame = _between(pale, image, background, column, row)
            if frame is not None:
                return frame
    return None


def _grey(image: Image) -> Mask:
    return np.asarray(image.max(axis=2).astype(int) - image.min(axis=2) < _GREY)


def _columns(texts: list[Text]) -> list[list[Text]]:
    """Evenly spaced labels that end at one column of pixels, the leftmost first."""
    found = []
    for text in texts:
        end = text.box.x1
        column = sorted((t for t in texts if abs(t.box.x1 - end) <= _MARK), key=lambda t: t.box.y0)
        if len(column) >= _LEAST and _is_even(column) and column not in found:
            found.append(column)
    return sorted(found, key=lambda column: min(t.box.x0 for t in column))


def _is_even(column: list[Text]) -> bool:
    """Whether labels stand at even steps, some of which may lack one."""
    at = np.array([centre(t.box)[1] for t in column])
    steps = np.diff(at)
    if steps.min() < _LEAST_STEP:
        return False
    count = np.round(steps / steps.min())
    return bool(np.abs(steps - count * (at[-1] - at[0]) / count.sum()).max() <= _LEVEL)


def _row_below(texts: list[Text], column: list[Text]) -> list[Text]:
    """The labels right below a column's last one and to the right of it, in one row."""
    low, right = max(centre(t.box)[1] for t in column), max(t.box.x1 for t in column)
    step = np.diff([centre(t.box)[1] for t in column]).min()
    reach = low + max(1.5 * step, 40)
    below = [t for t in texts if low - 2 < t.box.y0 < reach and centre(t.box)[0] > right]
    rows = [[t for t in below if abs(centre(t.box)[1] - centre(one.box)[1]) <= _LEVEL] for one in below]
    return max(rows, key=_width, default=[])


def _width(row: list[Text]) -> float:
    return max(t.box.x1 for t in row) - min(t.box.x0 for t in row)


def _between(
    pale: Mask, image: Image, background: Colour, column: list[Text], row: list[Text]
) -> Frame | None:
    """The rectangle that the straight lines beside a column and above a row span."""
    beside, above = round(max(t.box.x1 for t in column)), round(min(t.box.y0 for t in row))
    middles = [centre(t.box)[1] for t in column]
    top = round(min(middles))
    lines = [run for run in straight(pale[: above + 1], _SHORT) if run.at >= top - _LEVEL]
    across = [
        run
        for run in lines
        if abs(run.start - beside) <= _BESIDE
        and (run.end - run.start > _LONG or min(abs(run.at - middle) for middle in middles) <= _LEVEL)
    ]
    if not across:
        return None
    start, rows = min(run.start for run in across), {run.at for run in across}
    right = max(run.end for run in lines if run.at in rows)
    base, rise = max(rows), min([top, *rows])
    dark = far(image, background, _DARK) & _grey(image)
    based = bool(dark[base, start:right].mean() > _ALONG)
    spine = _upright(pale[:above], start, base)
    left = spine.at if spine is not None else _after_marks(dark, start, middles)
    if spine is not None and spine.start >= top - _BESIDE:
        rise = min(rise, spine.start)
    drawn = np.asarray(far(image, background, _DARK // 2)[:, left + 2 : right - 1].any(axis=1))
    spare = 4 * round(max(t.box.y1 - t.box.y0 for t in column))
    rise -= _beyond(drawn[:rise][::-1], spare)
    base += 0 if based else 1 + _beyond(drawn[base + 1 : above], spare)
    if right - left < _LONG or base - rise < _LONG:
        return None
    spined = spine is not None and bool(dark[rise:base, left].mean() > _ALONG)
    return Frame(left, rise, right, base, (spined, False, False, based), gridded=True)


def _upright(pale: Mask, start: int, base: int) -> Run | None:
    """The line that runs up from where the lines across begin, tick marks left of it."""
    near = slice(max(0, start - 2), start + _LONGEST_MARK)
    lines = [run for run in straight(pale[:, near].T, _SHORT) if run.start < base]
    if not lines:
        return None
    longest = max(lines, key=lambda run: run.end - run.start)
    first = min(run.start for run in lines if abs(run.at - longest.at) <= 1)
    return Run(longest.at + near.start, first, longest.end)


def _after_marks(dark: Mask, start: int, middles: list[float]) -> int:
    """Where lines begin that go on from tick marks, which are darker."""
    ends = []
    for middle in middles:
        rows = dark[max(0, round(middle) - 3) : round(middle) + 4, start - 1 : start + 12]
        marks = [
            b
            for row in rows
            for a, b in runs(row)
            if a <= _MARK_STARTS and _SHORTEST_MARK <= b - a <= _LONGEST_MARK
        ][:1]
        ends += [start - 1 + end for end in marks]
    return round(float(np.median(ends))) if len(ends) > 1 else start


def _beyond(drawn: NDArray[np.bool_], spare: int) -> int:
    """How many rows from the outermost line on are drawn on; none where that does not end soon."""
    rows = int(np.argmin(drawn)) if not drawn.all() else len(drawn)
    return rows if _LINE_ITSELF < rows < spare else 0
