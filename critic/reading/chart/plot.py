"""The inside of an axes rectangle, cleared of grid lines, texts and legends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from critic.marks.parts import GridLines
from critic.marks.scales import Scale
from critic.marks.texts import Text
from critic.reading.chart.colours import (
    Colour,
    far,
    hex_of,
    mode_colour,
    near,
    rgb_of,
    saturation,
)
from critic.reading.chart.frames import Frame, background_of
from critic.reading.chart.numbers import Mapping
from critic.types import Box
from renderers.types import Image

Mask = NDArray[np.bool_]

_UNBROKEN = 0.97
"""Share of grid lines that shows where they lie above all else."""
_BESIDE, _FEW = 3, 8
"""Pixels beside a grid line where what it crosses is looked at, and so many pixels that tell nothing."""
_BARE = 0.15
"""Share of a line that no filling covers, from which it tells its colour."""
_LINING = 0.4
"""Share of what lines the area in one colour, from which it lies behind the data: marks may reach there."""
_OPEN = 0.5
"""Share of a side of the area in the picture's own background from which that is the face: bars leave the
side free that they do not reach; a heat map with lines between its cells leaves none."""
_INSET = (4, 10)
"""Working pixels from an area's edge between which a side is looked at: a line along the edge has ended."""
_EXACT = 2
"""Levels within which a colour is the background's own: a face may be hardly darker."""
_OFF_SPINE = 3
"""Working pixels from a spine within which a tick's line is the spine's own."""
GREY_LINE, _GREY = 40, 14
"""Saturation in levels below which a pixel may be of a grey line with other ink near, and a colour grey:
lines of Plotly's dark theme have 26, and up to 36 where a line of two pixels was made one."""
_HALF = 0.38
"""Share of a grid line's colour in each of two rows that share it: of #b0b0b0 at least 35 levels of 79."""
_CLEARLY = 1.2
"""Times as much grey as in a tick's own row from which its neighbour has the line."""
_OPEN_GREY, _HIDDEN_GREY, _LEFT_GREY = 0.12, 0.04, 0.4
"""Shares of grey pixels from which grid lines run there: of all pixels at the ticks, or of all of them and
of those that no colour covers, where bars with gaps of a tenth of their step hide the rest."""
_SHOWN = 0.05
"""Share of a row or column in the grid's colour at least where a line of it runs: marks may hide most."""
_ACROSS = 7
"""Working pixels across the band in which a grid line's width is measured; at the rim it is cut."""
FAINTEST = 7
"""Levels from the face beyond which a pixel may be of a grid line."""
_TINTED = 8
"""Levels by which a blend of a grid line lies off the straight way between its two colours at most: the rim
of a green body lies 12 off it, of a red one 17."""
_ROWS_ALIKE = 2
"""Lines of a colour from which it is the grid's: a single darker one may be drawn by hand."""
_SAME_FILLING = 4
"""Levels within which a filling is the same on both sides of a line that shows through it."""


@dataclass
class Plot:
    """A cleared plot area and how its pixels map to data.

    Attributes:
        pixels: The area inside the spines.
        hidden: Where a legend or a text covers the data: nothing is known there.
        x: Mapping from picture columns.
        y: Mapping from picture rows.
        left: Picture column of the area's first column; likewise ``top``.
        face: The background colour.
        dpi: Dots per inch.
        coarseness: Scales the tolerance at which curves are simplified; below 1 keeps more points.
    """

    pixels: Image
    hidden: Mask
    x: Mapping
    y: Mapping
    left: int
    top: int
    face: Colour
    dpi: float
    coarseness: float = 1.0

    def at_x(self, column: float) -> float:
        """Data x at an edge position of the area (pixel edges, not centres)."""
        return self.x.value(column + self.left)

    def at_y(self, row: float) -> float:
        """Data y at an edge position of the area."""
        return self.y.value(row + self.top)

    @property
    def points(self) -> float:
        """Points per pixel."""
        return 72.0 / self.dpi

    def emptied(self) -> Plot:
        """The area with nothing drawn in it."""
        return replace(self, pixels=np.full_like(self.pixels, self.face))


def face_of(image: Image, frame: Frame) -> Colour:
    """The colour behind the data: what lines most of the rectangle's inside, else what fills most of it."""
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1]
    if not area.size:
        return np.array([255, 255, 255])
    around, (near_end, far_end) = background_of(image), _INSET
    sides = (area[near_end:far_end], area[:, near_end:far_end], area[:, -far_end:-near_end])
    if any(near(side, around, _EXACT).mean() > _OPEN for side in sides if side.size):
        return around
    rim = np.concatenate((area[:2].reshape(-1, 3), area[:, :2].reshape(-1, 3), area[:, -2:].reshape(-1, 3)))
    colour = mode_colour(rim)
    return colour if near(rim[None], colour, 6).mean() > _LINING else mode_colour(area)


def find_grid(image: Image, frame: Frame, x: Scale, y: Scale, face: Colour) -> GridLines | None:
    """Grid lines at the ticks, if drawn."""
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1]
    lines: dict[str, list[NDArray[np.uint8]]] = {"x": [], "y": []}
    bare: dict[str, list[NDArray[np.uint8]]] = {"x": [], "y": []}
    across, down = lines_of(x, frame.box.x0, frame.box.x1), lines_of(y, frame.box.y1, frame.box.y0)
    for at in across:
        column = round(at) - frame.left - 2
        if _OFF_SPINE < column < area.shape[1] - 4:
            lines["x"].append(_strongest(area.transpose(1, 0, 2), column, face))
            bare["x"] += _uncovered(area.transpose(1, 0, 2), column, face)
    for at in down:
        row = round(at) - frame.top - 2
        if _OFF_SPINE < row < area.shape[0] - 4:
            lines["y"].append(_strongest(area, row, face))
            bare["y"] += _uncovered(area, row, face)
    colours = {key: _line_colour(found, face) for key, found in bare.items()}
    present = {key: value for key, value in colours.items() if value is not None}
    if not present:
        return None
    colour = next(iter(present.values()))
    crossed = [near(line[None], colour, 8).mean() for key in present for line in lines[key]]
    return GridLines(
        colour=hex_of(colour),
        x="x" in present,
        y="y" in present,
        width=_grid_width(area, lines, present, frame, across, down, colour, face),
        above=bool(
            np.median(crossed) > _UNBROKEN and not _is_crossed(area, across, down, frame, colour, face)
        )
        if crossed
        else False,
    )


def lines_of(scale: Scale, start: float, end: float) -> list[float]:
    """Where grid lines run if there are any, along a side that runs from ``start`` to ``end``."""
    return [scale.pixel(start, end, value) for value in scale.between] or [t.pixel for t in scale.ticks]


def _strongest(area: Image, at: int, face: Colour) -> NDArray[np.uint8]:
    """Of a tick's row and its neighbours the one that has most of a grey line: it may lie between two."""
    rows = area[at - 1 : at + 2].astype(int)
    away = np.abs(rows - face).max(axis=2) * (np.ptp(rows, axis=2) < GREY_LINE)
    best = int(away.sum(axis=1).argmax())
    row = at if away[best].sum() <= _CLEARLY * away[1].sum() else at - 1 + best
    return np.asarray(area[row], np.uint8)


def _uncovered(area: Image, at: int, face: Colour) -> list[NDArray[np.uint8]]:
    """A tick's line but where a translucent filling lies over it: there its colour is another.

    None where a line shows through a filling all along: it has no say in what colour grid lines have.
    """
    line = _strongest(area, at, face)
    one, other = (area[at + step].astype(int) for step in (-_BESIDE, _BESIDE))
    filled = _filled(one, other, face)
    through = filled & (np.abs(line - one).max(axis=1) > _SAME_FILLING)
    left = line[~through]
    return [left] if len(left) > _BARE * len(line) else []


def _filled(one: NDArray[Any], other: NDArray[Any], face: Colour) -> Mask:
    """Where the same filling lies on both sides of a line."""
    same, inked = np.abs(one - other).max(axis=1), np.abs(one - face).max(axis=1)
    return np.asarray((same <= _SAME_FILLING) & (inked > _SAME_FILLING))


def _is_crossed(
    area: Image, x: list[float], y: list[float], frame: Frame, colour: Colour, face: Colour
) -> bool:
    """Whether what lies on both sides of grid lines runs on over them, in more places than not."""
    over = under = 0
    for view, lines, edge in ((area.transpose(1, 0, 2), x, frame.left), (area, y, frame.top)):
        for line in lines:
            at = round(line) - edge - 2
            if not _BESIDE < at < len(view) - _BESIDE - 1:
                continue
            sides = [view[at - _BESIDE][None], view[at + _BESIDE][None]]
            inked = np.logical_and.reduce([(far(s, face, 60) & far(s, colour, 60))[0] for s in sides])
            shown = near(view[at][None], colour, 24)[0]
            under, over = under + int((inked & ~shown).sum()), over + int((inked & shown).sum())
    return under > max(over, _FEW)


def _line_colour(lines: list[NDArray[np.uint8]], face: Colour) -> Colour | None:
    """The grey that most tick lines show wherever they do not cross data."""
    if not lines:
        return None
    pixels = np.concatenate(lines)
    ink = pixels[far(pixels[None], face, FAINTEST)[0]]
    if len(ink) < 0.15 * len(pixels):
        return None
    greys = ink[(ink.max(axis=1).astype(int) - ink.min(axis=1)) < GREY_LINE]
    # Bars hide most of the lines along which they stand: of what they leave, the lines have most.
    left = len(pixels) - (len(ink) - len(greys))
    least = min(_OPEN_GREY * len(pixels), max(_HIDDEN_GREY * len(pixels), _LEFT_GREY * left))
    if len(greys) < least:
        return None
    colour = _full(mode_colour(greys), lines, face)
    shares = [(_lies_on(line, colour, face), _covered(line, colour, face)) for line in lines]
    shown = sum(share > 0.75 * (1 - covered) - 0.02 and share > _SHOWN for share, covered in shares)
    return colour if shown >= 0.7 * len(lines) else None


def _full(common: Colour, lines: list[NDArray[np.uint8]], face: Colour) -> Colour:
    """The colour of grid lines that lie on whole rows, where most lie between two and are paler there."""
    usual = [mode_colour(line) for line in lines]
    least = int(np.abs(common - face).max())
    darker = [c for c in usual if is_grey(c) and least < np.abs(c - face).max() <= least / _HALF]
    strongest = max(darker, key=lambda c: int(np.abs(c - face).max()), default=common)
    same = sum(bool(np.abs(c - strongest).max() <= _SAME_FILLING) for c in darker)
    return strongest if same >= _ROWS_ALIKE else common


def _lies_on(line: NDArray[np.uint8], colour: Colour, face: Colour) -> float:
    """Share of a line's pixels in a colour, or in a blend of it that two rows share."""
    return float((near(line[None], colour, 8)[0] | _half(line[None], colour, face)[0]).mean())


def _half(region: Image, colour: Colour, face: Colour) -> Mask:
    """Where pixels are at least nearly half of a grid line's colour, and the rest the face's."""
    least = max(FAINTEST, _HALF * int(np.abs(colour - face).max()))
    return np.asarray(_blended(region, colour, face) & far(region, face, round(least)))


def _covered(line: NDArray[np.uint8], colour: Colour, face: Colour) -> float:
    other = far(line[None], colour, 30) & far(line[None], face, 30)
    return float(other.mean())


def _grid_width(
    area: Image,
    lines: dict[str, list[NDArray[np.uint8]]],
    present: dict[str, Colour],
    frame: Frame,
    x: list[float],
    y: list[float],
    colour: Colour,
    face: Colour,
) -> float:
    """Coverage across the lines, in points at 100 dpi: 0.8 unless clearly more."""
    key = next(iter(present))
    widths = []
    for line in x if key == "x" else y:
        at = round(line) - (frame.left if key == "x" else frame.top) - 2
        band = area[:, max(0, at - 3) : at + 4] if key == "x" else area[max(0, at - 3) : at + 4]
        axis = 1 if key == "x" else 0
        if band.shape[axis] == _ACROSS:
            full = near(band, colour, 8)
            widths.append(float(np.median(full.sum(axis=axis))))
    return 0.8 if not widths or np.median(widths) <= 1 else float(np.median(widths)) * 0.72


def cleared(
    image: Image,
    frame: Frame,
    grid: GridLines | None,
    x: Scale,
    y: Scale,
    face: Colour,
    hide: list[Box],
) -> tuple[Image, Mask]:
    """The plot area with grid lines replaced by their neighbours, and where it is hidden."""
    left, top = frame.left + 2, frame.top + 2
    area = image[top : frame.bottom - 1, left : frame.right - 1].copy()
    hidden = np.zeros(area.shape[:2], bool)
    if grid is not None:
        rows = [round(at) - top for at in lines_of(y, frame.box.y1, frame.box.y0)] if grid.y else []
        columns = [round(at) - left for at in lines_of(x, frame.box.x0, frame.box.x1)] if grid.x else []
        _erase_lines(area, rgb_of(grid.colour), face, (rows, columns), broken=grid.style != "-")
        if grid.minor:
            _erase_lines(area, rgb_of(grid.minor_colour), face)
    for box in hide:
        x0, y0 = max(0, int(box.x0) - left), max(0, int(box.y0) - top)
        x1, y1 = int(np.ceil(box.x1)) - left, int(np.ceil(box.y1)) - top
        if x1 > x0 and y1 > y0:
            hidden[y0:y1, x0:x1] = True
    return area, hidden


def _erase_lines(
    area: Image,
    colour: Colour,
    face: Colour,
    known: tuple[Sequence[int], Sequence[int]] = ((), ()),
    *,
    broken: bool = False,
) -> None:
    """Replaces rows and columns of the grid's colour by the nearest pixels off the grid, on both passes.

    Those that are ``known`` may show through fillings alone, where they have another colour.
    """
    for axis in (0, 1):
        view = area if axis == 0 else area.transpose(1, 0, 2)
        # A line that lies on two rows is paler on both.
        mask = near(view, colour, 10) | _half(view, colour, face)
        if broken:
            mask = _blended(view, colour, face) & far(view, face, 6) & _on_way(view, colour, face)
        share = mask.mean(axis=1)
        usual = float(np.median(share))
        lines = np.where((share > _SHOWN) & (share >= 4 * usual))[0]
        every = {*lines.tolist(), *known[axis]}
        rows = {at for row in every for at in (row - 1, row, row + 1) if 0 <= at < len(view)}
        for at in sorted(rows):
            blend = mask[at] if at in every else _between(view[at], colour, face)
            sides = [_free_beside(at, step, rows, len(view)) for step in (-1, 1)]
            beside = [view[k] for k in sides if k is not None]
            if not beside:
                continue
            through = _shows_through(view[at], beside, colour, face)
            # What lies on both sides runs on under the line; anything else ends before it.
            crossed = through | np.all([far(side[None], face, 30)[0] for side in beside], axis=0)
            blend = blend | through
            view[at][blend] = np.where(crossed[blend, None], beside[0][blend], face).astype(np.uint8)


def _shows_through(
    line: NDArray[np.uint8], sides: list[NDArray[np.uint8]], colour: Colour, face: Colour
) -> NDArray[np.bool_]:
    """Where a grid line shows through a translucent filling: the same on both sides, and on the line shifted.

    A filling of opacity a over the face is a * fill + (1 - a) * face, over the line a * fill + (1 - a) *
    line: between the two lie (1 - a) * (line - face), whatever the filling's colour.
    """
    way = (colour - face).astype(float)
    length = float(way @ way)
    if len(sides) == 1 or not length:
        return np.zeros(len(line), bool)
    one, other = (side.astype(float) for side in sides)
    shift = line - (one + other) / 2
    along = shift @ way / length
    off = np.abs(shift - along[:, None] * way).max(axis=1)
    filled = _filled(one, other, face)
    return np.asarray(filled & (along > 0) & (along <= 1) & (off <= _SAME_FILLING))


def _free_beside(at: int, step: int, rows: set[int], count: int) -> int | None:
    """The nearest row off the grid on one side."""
    return next(
        (k for k in range(at + 2 * step, at + 12 * step, step) if 0 <= k < count and k not in rows), None
    )


def _between(line: NDArray[np.uint8], colour: Colour, face: Colour) -> NDArray[np.bool_]:
    return np.asarray(_blended(line[None], colour, face)[0])


def _blended(region: Image, colour: Colour, face: Colour) -> Mask:
    low, high = np.minimum(colour, face) - 2, np.maximum(colour, face) + 2
    return np.asarray(((region >= low) & (region <= high)).all(axis=2))


def _on_way(region: Image, colour: Colour, face: Colour) -> Mask:
    """Where pixels are a blend of two colours in all channels alike: rims of fillings are tinted."""
    way, off = (colour - face).astype(np.float32), region.astype(np.float32) - face
    along = off @ way / max(1.0, float(way @ way))
    return np.asarray(np.abs(off - along[..., None] * way).max(axis=2) <= _TINTED)


def is_grey(colour: Colour) -> bool:
    """Whether a colour is (nearly) grey."""
    return saturation(colour) < _GREY


def inside(texts: list[Text], frame: Frame) -> list[Text]:
    """The texts whose middle lies in a frame."""
    found = []
    for text in texts:
        cx, cy = (text.box.x0 + text.box.x1) / 2, (text.box.y0 + text.box.y1) / 2
        if frame.left < cx < frame.right and frame.top < cy < frame.bottom:
            found.append(text)
    return found
