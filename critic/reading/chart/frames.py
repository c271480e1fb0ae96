"""Axes rectangles of a chart: from spines, from grid lines, or from a differing face colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far, mode_colour, near, palette, saturation
from critic.types import Box
from renderers.types import Image

Mask = NDArray[np.bool_]

_TINTED = 40
"""A face may be tinted so much; colours beyond are drawings."""
_NARROW = 16
"""Across rectangles narrower than this, lines are too short to be told from letters."""
_TICK = 9
"""A tick mark at a corner may prolong a spine by this many pixels."""
_GREY = 30
"""Levels between the strongest and the weakest channel of a grey at most."""
_LEAST = 48
"""Least pixels of axes: along the longer side where spines show them, along both where their face does."""
_MARKS, _MARKS_EACH = 3, 2
"""Tick marks that tell axes from a filled rectangle: on two sides together, or on each of two sides."""
_MARK = 3
"""Pixels across the widest tick mark."""
_RIM = 0.5
"""Share of the pixels along a spine that may have its colour where axes are filled to the rim."""
_PLACED = 1.1
"""Pixels by which a frame may lie off a default place: a line is drawn on whole pixels."""
_SAME_ROW = 0.9
"""Share of a line's length that a row beside it has ink along where it is of the same line."""
_THICKEST = 4
"""Rows of the thickest line; more are a filled area."""
_SIDE, _LOWEST = 24, 16
"""Pixels of an upright side at least, and from the top of a frame to its bottom."""
_BAR = 60
"""Pixels of the shortest colour bar that is told by two lines near each other."""
_HOLLOW = 0.6
"""Share of ink inside spines, or beside them, from which they are the rim of something filled."""
_SHARED = 3
"""Pixels that frames beside each other may share, both ways."""
_WHOLE = 0.2
"""Share of the picture from which a frame is no box within another: a figure of four axes has 0.13 each."""
_FACE_ROW, _FACE, _FACE_RIM = 0.15, 0.2, 0.3
"""Shares of its colour that a row or column of a face shows, that the whole does, and that all of its rims do
but one: bars of 0.8 of their step leave a fifth of the side that they stand on."""


class Frame(NamedTuple):
    """An axes rectangle in pixels.

    Attributes:
        left: Column of the left spine (or edge), likewise ``right``.
        top: Row of the top spine, likewise ``bottom``.
        sides: Which of left, top, right and bottom are drawn.
        gridded: Whether grid lines stand for the ticks, which have no marks.
        cells: Columns and rows of a lattice that fills it, each with a label of its own; 0 elsewhere.
        exact: The rectangle to a fraction of a pixel, where the layout is matplotlib's default.
    """

    left: int
    top: int
    right: int
    bottom: int
    sides: tuple[bool, bool, bool, bool]
    gridded: bool = False
    exact: Box | None = None
    cells: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, box: Box, sides: tuple[bool, bool, bool, bool]) -> Frame:
        """The frame of an axes rectangle of which these sides are drawn."""
        left, top, right, bottom = (round(at) for at in box)
        return cls(left, top, right, bottom, sides, gridded=not all(sides), exact=box)

    def middles(self, *, across: bool) -> list[float]:
        """Where the middles of its cells are along its lower side, or along its left one."""
        count, start, end = (
            (self.cells[0], self.box.x0, self.box.x1) if across else (self.cells[1], self.box.y0, self.box.y1)
        )
        return [start + (end - start) * (index + 0.5) / count for index in range(count)]

    @property
    def box(self) -> Box:
        """The exact rectangle: matplotlib draws a thin line at position p into the pixel with index p."""
        return self.exact or Box(float(self.left), float(self.top), float(self.right), float(self.bottom))


class Run(NamedTuple):
    """A straight line of pixels: its row or column, and where it starts and ends (inclusive)."""

    at: int
    start: int
    end: int


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True."""
    padded = np.concatenate(([False], mask, [False])).astype(np.int8)
    steps = np.diff(padded)
    return list(zip(np.where(steps == 1)[0].tolist(), np.where(steps == -1)[0].tolist(), strict=True))


def background_of(image: Image) -> Colour:
    """The colour around the drawing: the most frequent one on the picture's border."""
    border = np.concatenate((image[:2].reshape(-1, 3), image[-2:].reshape(-1, 3), image[:, 0], image[:, -1]))
    return mode_colour(border)


def find_frames(image: Image, background: Colour) -> list[Frame]:
    """All axes rectangles, top to bottom and left to right; empty where none shows (a pie, say)."""
    height, width = image.shape[:2]
    channels = image.astype(np.int16)
    grey = (channels.max(axis=2) - channels.min(axis=2)) < _GREY
    ink = far(image, background, 90) & grey
    across, down = straight(ink, 14), straight(ink.T, 14)
    closed = _outermost(f for f in _closed(across, down, ink) if _is_hollow(f, ink))
    # Where a picture fills an axes to the rim, its spine shows only in its own shade.
    strong = far(image, background, 200) & grey
    filled = _closed(straight(strong, 14), straight(strong.T, 14), strong)
    closed += _outermost(f for f in filled if not overlapping(f, closed) and _is_painted(f, image, strong))
    closed += [f for f in _solid(image, background) if not overlapping(f, closed)]
    corners = [
        f for f in _corners(across, down, width, height) if _is_open(f, ink) and not overlapping(f, closed)
    ]
    frames = closed + _outermost(corners)
    if not frames:
        frames = _pale(image, background, grey) or _from_face(image, background)
    elif not any(_area(f) > _WHOLE * height * width for f in frames):
        # Boxes with dark outlines may stand within a frame of a light grey line, or on a face.
        around = _pale(image, background, grey) or _below(frames, _from_face(image, background))
        frames = [f for f in frames if not overlapping(f, around)] + around
    ordered = sorted(frames, key=lambda frame: (round(frame.top / 40), frame.left))
    return in_places(ordered, width, height)


def _below(frames: list[Frame], faces: list[Frame]) -> list[Frame]:
    """Faces, if all frames stand on them: cells of a heat map beside the frame of its colour bar are none."""
    held = all(any(overlapping(frame, [face]) for face in faces) for frame in frames)
    return faces if held else []


def _pale(image: Image, background: Colour, grey: Mask) -> list[Frame]:
    """Large closed rectangles of a light grey line."""
    ink = far(image, background, 40) & grey
    found = _closed(straight(ink, 14), straight(ink.T, 14), ink)
    least = _WHOLE * image.shape[0] * image.shape[1]
    return _outermost(f for f in found if _is_hollow(f, ink) and _area(f) > least)


def _is_painted(frame: Frame, image: Image, strong: Mask) -> bool:
    """Whether a rectangle with tick marks is filled to the rim, in another colour than its spine."""
    if max(frame.right - frame.left, frame.bottom - frame.top) < _LEAST:
        return False
    rim = image[frame.top + 3, frame.left + 3 : frame.right - 2]
    spine = mode_colour(image[frame.top, frame.left + 3 : frame.right - 2])
    below, beside = _marks(frame, strong)
    return below + beside >= _MARKS and float(near(rim[None], spine, 40).mean()) < _RIM


def _marks(frame: Frame, ink: Mask) -> tuple[int, int]:
    """How many tick marks stick out below a rectangle, and to its sides."""
    height, width = ink.shape
    rows = [ink[frame.bottom + 3, frame.left : frame.right + 1]] if frame.bottom + 3 < height else []
    places = [at for at in (frame.left - 3, frame.right + 3) if 0 <= at < width]
    columns = [ink[frame.top : frame.bottom + 1, at] for at in places]
    below, beside = (
        sum(b - a <= _MARK for line in lines for a, b in runs(np.asarray(line))) for lines in (rows, columns)
    )
    return below, beside


def _solid(image: Image, background: Colour) -> list[Frame]:
    """Rectangles that are painted all over, rim and all, with tick marks on two sides."""
    ink = far(image, background, 60)
    opened = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    found = []
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        frame = Frame(x, y, x + w - 1, y + h - 1, (True,) * 4)
        if min(w, h) >= _LEAST and area > 0.98 * w * h and min(_marks(frame, ink)) >= _MARKS_EACH:
            found.append(frame)
    return found


_LEFT, _RIGHT, _BOTTOM, _TOP, _SPACE = 0.125, 0.9, 0.11, 0.88, 0.2
"""matplotlib's default subplot parameters."""


def default_box(width: int, height: int, rows: int, columns: int, index: int) -> Box:
    """The pixels of a default subplot, counted in reading order."""
    cell_w = (_RIGHT - _LEFT) / (columns + _SPACE * (columns - 1))
    cell_h = (_TOP - _BOTTOM) / (rows + _SPACE * (rows - 1))
    row, column = divmod(index, columns)
    left = _LEFT + column * cell_w * (1 + _SPACE)
    top = _TOP - row * cell_h * (1 + _SPACE)
    return Box(left * width, (1 - top) * height, (left + cell_w) * width, (1 - top + cell_h) * height)


def in_places(frames: list[Frame], width: int, height: int) -> list[Frame]:
    """The frames; those that stand where matplotlib puts subplots by default in the exact places."""
    count = len(frames)
    for rows in (r for r in range(1, count + 1) if count % r == 0):
        boxes = [default_box(width, height, rows, count // rows, index) for index in range(count)]
        if all(
            max(abs(a - b) for a, b in zip(frame.box, box, strict=True)) <= _PLACED
            for frame, box in zip(frames, boxes, strict=True)
        ):
            return [frame._replace(exact=box) for frame, box in zip(frames, boxes, strict=True)]
    return frames


def long_runs(ink: Mask, least: int) -> Mask:
    """The ink of which at least so many pixels follow one another in a row."""
    kernel = np.ones((1, least), np.uint8)
    # Not MORPH_OPEN: with an even kernel it moves all runs along by a pixel.
    full = cv2.erode(ink.astype(np.uint8), kernel, anchor=(0, 0), borderValue=0)
    return np.asarray(cv2.dilate(full, kernel, anchor=(least - 1, 0)).astype(bool))


def straight(ink: Mask, least: int) -> list[Run]:
    """Runs of ink along the rows, at least ``least`` long, but of filled areas."""
    long = long_runs(ink, least)
    found = []
    for row in np.where(long.any(axis=1))[0].tolist():
        for start, end in runs(long[row]):
            same = ink[max(0, row - 4) : row + 5, start:end].mean(axis=1) > _SAME_ROW
            if same.sum() <= _THICKEST:
                found.append(Run(row, start, end - 1))
    return found


def _closed(across: list[Run], down: list[Run], ink: Mask) -> list[Frame]:
    found = []
    for left in down:
        if left.end - left.start < _SIDE:
            continue
        for right in down:
            if right.at < left.at + 8 or not (
                _level(left.start, right.start) and _level(left.end, right.end)
            ):
                continue
            if right.at - left.at < _NARROW:
                bar = _capped(left, right, ink)
                found += [bar] if bar is not None else []
                continue
            rows = [run for run in across if _spans(run, left.at, right.at)]
            tops = [run.at for run in rows if _spans_from(left, right, run.at, start=True)]
            bottoms = [run.at for run in rows if _spans_from(left, right, run.at, start=False)]
            if tops and bottoms and max(bottoms) - min(tops) >= _LOWEST:
                found.append(Frame(left.at, min(tops), right.at, max(bottoms), (True,) * 4))
    return found


def _capped(left: Run, right: Run, ink: Mask) -> Frame | None:
    """The outline of a colour bar: two long lines near each other, joined at both ends."""
    if left.end - left.start < _BAR or abs(left.start - right.start) > 1 or abs(left.end - right.end) > 1:
        return None
    ends = []
    for end in (left.start, left.end):
        # Corners may be paler than the lines, so that runs end a pixel short of them.
        rows = [r for r in (end - 1, end, end + 1) if 0 <= r < len(ink)]
        joined = [r for r in rows if ink[r, left.at + 1 : right.at].all()]
        if not joined:
            return None
        ends.append(joined[0] if end == left.start else joined[-1])
    return Frame(left.at, ends[0], right.at, ends[1], (True,) * 4)


def _is_hollow(frame: Frame, ink: Mask) -> bool:
    """Whether a rectangle is drawn, not filled, and large enough to hold a chart."""
    inner = ink[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1]
    large = max(frame.right - frame.left, frame.bottom - frame.top) >= _LEAST
    return large and inner.size > 0 and float(inner.mean()) < _HOLLOW


def _level(one: int, other: int) -> bool:
    return abs(one - other) <= _TICK


def _spans(run: Run, low: int, high: int) -> bool:
    """Whether a side reaches from one corner to the other; tick marks may prolong it."""
    return low - _TICK <= run.start <= low + 1 and high - 1 <= run.end <= high + _TICK


def _spans_from(left: Run, right: Run, row: int, *, start: bool) -> bool:
    if start:
        return all(row - _TICK <= side.start <= row + 1 for side in (left, right))
    return all(row - 1 <= side.end <= row + _TICK for side in (left, right))


def _corners(across: list[Run], down: list[Run], width: int, height: int) -> list[Frame]:
    """Axes with only a left and a bottom spine."""
    found = []
    for bottom in across:
        for left in down:
            meets = -1 <= left.at - bottom.start <= _TICK and -1 <= left.end - bottom.at <= _TICK
            large = bottom.end - left.at > width / 8 and bottom.at - left.start > height / 8
            if meets and large:
                sides = (True, False, False, True)
                found.append(Frame(left.at, left.start, bottom.end, bottom.at, sides))
    return found


def _is_open(frame: Frame, ink: Mask) -> bool:
    """Whether two spines are lines, not the rim of a filled shape."""
    beside = ink[frame.top : frame.bottom - 3, frame.left + 4]
    above = ink[frame.bottom - 4, frame.left + 4 : frame.right]
    return float(beside.mean()) < _HOLLOW and float(above.mean()) < _HOLLOW


def _area(frame: Frame) -> int:
    return (frame.right - frame.left) * (frame.bottom - frame.top)


def _outermost(frames: Iterable[Frame]) -> list[Frame]:
    kept: list[Frame] = []
    for frame in sorted(frames, key=_area, reverse=True):
        if not overlapping(frame, kept):
            kept.append(frame)
    return kept


def overlapping(frame: Frame, others: list[Frame]) -> bool:
    """Whether a frame shares area with any of others."""
    return any(
        min(frame.right, other.right) - max(frame.left, other.left) > _SHARED
        and min(frame.bottom, other.bottom) - max(frame.top, other.top) > _SHARED
        for other in others
    )


def _from_face(image: Image, background: Colour) -> list[Frame]:
    """Axes without spines on a face that differs from the figure's background (ggplot's style)."""
    height, width = image.shape[:2]
    found = []
    for colour, _ in palette(image, background, height * width // 12, 3):
        if saturation(colour) > _TINTED:
            continue
        # Grid lines in the background's colour part the face; the gap between two axes is wider.
        face = cv2.morphologyEx(
            near(image, colour, 3).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)
        )
        count, labels, stats, _ = cv2.connectedComponentsWithStats(face, connectivity=4)
        for index in range(1, count):
            x, y, w, h, _ = (int(v) for v in stats[index])
            if w * h < 0.03 * height * width or min(w, h) < _LEAST:
                continue
            part = labels[y : y + h, x : x + w] == index
            rows, columns = (
                np.where(part.mean(axis=1) > _FACE_ROW)[0],
                np.where(part.mean(axis=0) > _FACE_ROW)[0],
            )
            if not len(rows) or not len(columns):
                continue
            # Tick marks beside the face are joined to it by grid lines of their colour.
            part = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            least, *rims = sorted((part[2].mean(), part[-3].mean(), part[:, 2].mean(), part[:, -3].mean()))
            if part.mean() > _FACE and least > _FACE_ROW and min(rims) > _FACE_RIM:
                box = (x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]), y + int(rows[-1]))
                found.append(Frame(box[0], box[1], box[2] + 1, box[3] + 1, (False,) * 4, True))
    return _outermost(found)
