"""Axes without a frame: the rectangle that tick labels and the straight lines between them span.

Other tools than matplotlib often draw neither spines nor a grid both ways: a column and a row of labels,
and a base line or lines one way are all there is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far
from critic.reading.chart.description import Text
from critic.reading.chart.frames import Frame, Run, long_runs, runs, straight
from critic.reading.chart.words import centre
from critic.types import Box
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
_THROUGH = 96
"""Working pixels from which a run of grey is a line, which no letter of a label is."""
_LEAST = 3
"""Labels that make a column."""
_NUMBERS = 0.5
"""Share of a column's labels that are numbers: names stand along the bars of a lying chart."""
_ENDS = 2
"""A column's first and last label."""
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
_THIN = 3
"""Rows beyond which a line does not reach: two points are three."""
_SHOWN, _SHOWN_LEAST = 0.05, 6
"""Share of a line, and working pixels of it, that data must leave to be seen: of bars with gaps of a tenth
between them a grid line shows in the gaps."""
_SAME_SIDE = 4
"""Working pixels within which two frames share a side: a spine's width, and grid lines that stick out."""
_PART = 0.85
"""Share of a whole frame's area below which one is a part of it: spines may lack a step of ten at most."""
_LINE_ITSELF = 2
"""Rows drawn on beside the outermost line that are its own width and blended rim; more is data beyond it."""


def with_labelled(frames: list[Frame], image: Image, background: Colour, texts: list[Text]) -> list[Frame]:
    """The frames, or the rectangle that labels span where there is none, or where it shows one to be cut.

    A frame found by its spines or grid ends where data hide them.

    Args:
        frames: What was found without looking at texts.
        image: RGB pixels.
        background: The colour around the drawing.
        texts: All texts of the picture.
    """
    if not frames:
        upright = labelled_frame(image, background, texts)
        found = upright or lying_frame(image, background, texts)
        found = found or labelled_frame(image, background, texts, crossed=True)
        return [found] if found is not None else []
    if any(all(frame.sides) for frame in frames) or (len(frames) > 1 and not _are_bars(frames)):
        return frames
    ways = (labelled_frame, lying_frame) if len(frames) > 1 else (labelled_frame,)
    wholes = (find(image, background, texts) for find in ways)
    return next(([whole] for whole in wholes if whole is not None and _holds(whole, frames)), frames)


def _holds(whole: Frame, frames: list[Frame]) -> bool:
    """Whether all that was found are parts of a frame."""
    return all(
        (not any(f.sides) and _is_inside(f, whole)) or (len(frames) == 1 and _is_cut(f, whole))
        for f in frames
    )


def _are_bars(frames: list[Frame]) -> bool:
    """Whether rectangles without sides differ in height or width: faces of axes are all alike."""
    sizes = [(f.right - f.left, f.bottom - f.top) for f in frames if not any(f.sides)]
    alike = all(abs(a - b) <= _SAME_SIDE for size in sizes for a, b in zip(size, sizes[0], strict=True))
    return len(sizes) == len(frames) and not alike


def _is_inside(part: Frame, whole: Frame) -> bool:
    """Whether a rectangle lies in a much larger frame: a bar that was taken for a face."""
    sides = zip((1, 1, -1, -1), part[:4], whole[:4], strict=True)
    inner = all(sign * (one - other) > -_SAME_SIDE for sign, one, other in sides)
    return inner and _area(part) < _PART * _area(whole)


def _is_cut(cut: Frame, whole: Frame) -> bool:
    """Whether a frame has two or three sides of a much larger one."""
    shared = sum(abs(one - other) <= _SAME_SIDE for one, other in zip(cut[:4], whole[:4], strict=True))
    return shared > 1 and _area(cut) < _PART * _area(whole)


def _area(frame: Frame) -> int:
    return (frame.right - frame.left) * (frame.bottom - frame.top)


def lying_frame(image: Image, background: Colour, texts: list[Text]) -> Frame | None:
    """The rectangle between names at its left and a row of numbers below it, with lines up only.

    The picture is mirrored so that its lower side is the left one, and the left one the lower.
    """
    height, width = image.shape[:2]
    mirrored = np.ascontiguousarray(image[::-1, ::-1].transpose(1, 0, 2))
    turned = [t.model_copy(update={"box": _mirrored(t.box, width, height)}) for t in texts]
    found = labelled_frame(mirrored, background, turned, crossed=True)
    if found is None:
        return None
    left, top, right, bottom = found.sides
    return Frame(
        width - 1 - found.bottom,
        height - 1 - found.right,
        width - 1 - found.top,
        height - 1 - found.left,
        (bottom, right, top, left),
        gridded=True,
    )


def _mirrored(box: Box, width: int, height: int) -> Box:
    return Box(height - box.y1, width - box.x1, height - box.y0, width - box.x0)


def labelled_frame(
    image: Image, background: Colour, texts: list[Text], *, crossed: bool = False
) -> Frame | None:
    """The rectangle between a column of labels and a row of labels below it; None where none shows.

    Args:
        image: RGB pixels.
        background: The colour around the drawing.
        texts: All texts of the picture.
        crossed: Whether data may hide most of the lines between.
    """
    inked = far(image, background, _PALE)
    lines = long_runs(inked & _grey(image), _THROUGH)
    for box in (t.box for t in texts):
        inked[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = False
    inked |= lines  # the box of a label may reach over the base line
    pale = inked & _grey(image)
    ruled = _crossed(pale, inked) if crossed else straight(pale, _SHORT)
    for column in _columns(texts):
        if sum(any(c.isdigit() for c in t.text) for t in column) < _NUMBERS * len(column):
            continue
        row = _row_below(texts, column)
        if row and _width(row) > _LEAST_ROW:
            frame = _between(pale, ruled, image, background, column, row)
            if frame is not None:
                return frame
    return None


def _crossed(pale: Mask, inked: Mask) -> list[Run]:
    """Lines along the rows that show between data: ink from end to end, here and there thin and grey."""
    beside = np.pad(pale, ((_THIN, _THIN), (0, 0)))
    thin = pale & ~beside[: -2 * _THIN] & ~beside[2 * _THIN :]
    found = []
    for row in np.where(thin.sum(axis=1) >= _SHOWN_LEAST)[0].tolist():
        for start, end in runs(inked[row]):
            if end - start > _LONG and thin[row, start:end].mean() > _SHOWN:
                found.append(Run(row, start, end - 1))
    return found


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
    if len(at) > _ENDS + _LEAST - 1:
        # Vega moves the first and the last label inwards, to end with the axis.
        at = at[1:-1]
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
    # Names may be of unequal height: they stand on one line, or hang from one.
    rows = [
        [t for t in below if min(abs(at(t) - at(one)) for at in (_middle, _upper)) <= _LEVEL] for one in below
    ]
    return max(rows, key=_width, default=[])


def _middle(text: Text) -> float:
    return centre(text.box)[1]


def _upper(text: Text) -> float:
    return text.box.y0


def _width(row: list[Text]) -> float:
    return max(t.box.x1 for t in row) - min(t.box.x0 for t in row)


def _between(
    pale: Mask, ruled: list[Run], image: Image, background: Colour, column: list[Text], row: list[Text]
) -> Frame | None:
    """The rectangle that the straight lines beside a column and above a row span."""
    # One label may be read with the line above it.
    beside, above = round(max(t.box.x1 for t in column)), round(float(np.median([t.box.y0 for t in row])))
    middles = [centre(t.box)[1] for t in column]
    top = round(min(middles))
    lines = [run for run in ruled if top - _LEVEL <= run.at <= above]
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
    # Of a base line that marks cover, what is left tells.
    left_over = dark[base, start:right].sum() / max(1, pale[base, start:right].sum())
    based = bool(left_over > _ALONG)
    spine = _upright(pale[:above], start, base)
    left = spine.at if spine is not None else _after_marks(dark, start, middles)
    if spine is not None and spine.start >= top - _BESIDE:
        rise = min(rise, spine.start)
    drawn = np.asarray(far(image, background, _DARK // 2)[:, left + 2 : right - 1].any(axis=1))
    # The next line would stand a step on: what is drawn beyond the last one ends before it.
    spare = max(4 * round(max(t.box.height for t in column)), round(float(np.diff(sorted(middles)).max())))
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
