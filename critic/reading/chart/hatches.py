"""Hatched bars: closed rectangles filled with one of matplotlib's repeated patterns."""

from __future__ import annotations

import io
import itertools
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle as Patch
from numpy.typing import NDArray

from critic.reading.chart.bars import Rectangle, described, rectangles
from critic.reading.chart.colours import Colour, hex_of, mode_colour, near
from critic.reading.chart.description import Bars
from critic.reading.chart.plot import Mask, Plot
from renderers.types import Image

_SIGNS = "/\\-|x+.oO*"
_DENSEST = 3
"""Signs in a row that make a pattern denser: more are too fine to count."""
_LEAST = 14
"""Pixels of the shorter side of a cell whose pattern can be told."""
_WIDE = 18
"""The same where it is empty but for the pattern: any marks in narrower gaps resemble one."""
_ALIKE = 0.8
"""Correlation of a cell with a pattern from which it is filled with it."""
_THIN = 5
"""Pixels: narrower stretches of the face's colour may be hatching."""
_RIM, _NEAR = 2, 3
"""Pixels around a rectangle that its outline takes, and within which it lies."""
_BLOCK = 24
"""Pixels within which every pattern has ink."""
_PARTS = 3
"""Strokes of a pattern, or parts that they leave bare, from which it repeats."""
_INK = 60
"""Levels by which colours differ that are not each other's blends."""
_DARK = 70
"""Nothing but black hatching is so dark where it is thin."""
_RECTANGLES = 0.5
"""Share of what is closed in that rectangles explain, where any of it are bars."""
_ENCLOSED, _OUTLINED = 3, 2
"""Sides with a line that close a rectangle in (the axes' rim may be the fourth), and that are an outline."""
_SAME_FACE, _SAME_INK = 30, 90
"""Levels within which colours are one face's, or one hatching's, whose thin strokes are blended."""
_LINED = 0.95
"""Share of a row of one colour that a line from side to side takes."""
_UNIFORM = 0.3
"""Share of its usual colour in a row that is a face's, and hatched."""
_INNER = 4
"""Pixels across the inside of a cell at least."""
_SPARSE, _DENSE = 0.02, 0.7
"""Shares of a cell between which its ink is a pattern's."""
_DRAWN = 0.5
"""Share of the strongest ink from which a pixel is a stroke's."""
_EVERYWHERE = 0.85
"""Share of a cell's blocks with ink: at its rim a pattern's may be cut off."""
_SIDE = 0.9
"""Share of a rectangle's side along which its outline shows: other lines cross it."""


class Cell(NamedTuple):
    """A hatched rectangle in pixels of the plot area, its outline taken in, and how many sides that has."""

    place: Rectangle
    face: Colour
    ink: Colour
    hatch: str
    sides: int


def find_hatched(area: Image, face: Colour, dpi: float) -> list[Cell]:
    """The hatched rectangles of a plot area."""
    closed = _closed(area, face)
    if not closed.any():
        return []
    found, share = rectangles(closed, np.zeros_like(closed))
    if share < _RECTANGLES:
        return []
    cells = (_cell(area, part, dpi) for whole in found for part in _parts(area, whole))
    # Strokes on the face alone are a drawing, unless lines close them in.
    return [c for c in cells if c is not None and (_is_enclosed(c) or np.abs(c.face - face).max() > _INK)]


def _is_enclosed(cell: Cell) -> bool:
    r = cell.place
    return cell.sides >= _ENCLOSED and min(r.x1 - r.x0, r.y1 - r.y0) >= _WIDE


def without_hatched(area: Image, cells: list[Cell], face: Colour) -> None:
    """Paints hatched rectangles with the face's colour, with lines that they share with others."""
    for cell in cells:
        r = cell.place
        area[max(0, r.y0 - _RIM) : r.y1 + _RIM, max(0, r.x0 - _RIM) : r.x1 + _RIM] = face


def hatched_bars(plot: Plot, cells: list[Cell]) -> list[Bars]:
    """The bars of hatched rectangles, one series a colour and pattern, from the left."""
    lying = _lie([c.place for c in cells])
    groups: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda c: (c.place.x0, -c.place.y1)):
        group = next((g for g in groups if _alike(g[0], cell)), None)
        if group is None:
            groups.append(group := [])
        group.append(cell)
    found = []
    for group in groups:
        # Thin strokes are blended: the strongest shows their colour.
        ink = max((c.ink for c in group), key=lambda c: float(np.abs(c - group[0].face).max()))
        strong = hex_of(ink if ink.max() > _DARK else np.zeros(3, int))
        edge = strong if sum(c.sides >= _OUTLINED for c in group) > 0.5 * len(group) else None
        bars = described(plot, [c.place for c in group], group[0].face, lying, edge)
        found.append(bars.model_copy(update={"hatch": group[0].hatch, "hatch_colour": strong}))
    return found


def _alike(one: Cell, other: Cell) -> bool:
    close = np.abs(one.face - other.face).max() < _SAME_FACE and np.abs(one.ink - other.ink).max() < _SAME_INK
    return one.hatch == other.hatch and bool(close)


def _lie(places: list[Rectangle]) -> bool:
    """Whether bars lie: they are as high as each other rather than as wide."""
    return bool(np.ptp([r.y1 - r.y0 for r in places]) < np.ptp([r.x1 - r.x0 for r in places]))


def _closed(area: Image, face: Colour) -> Mask:
    """What cannot be reached from the area's rim through wide stretches of the face's colour."""
    bare = near(area, face, _SAME_FACE).astype(np.uint8)
    wide = cv2.morphologyEx(bare, cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8))
    count, labels = cv2.connectedComponents(wide, connectivity=4)
    sizes = np.bincount(labels.ravel(), minlength=count)
    rim = set(np.unique(labels[0]).tolist()) | set(np.unique(labels[:, -1]).tolist())
    rim |= set(np.unique(labels[:, 0]).tolist()) - {0}
    open_ = np.isin(labels, [k for k in rim if k and sizes[k] > 0])
    # Thin stretches beside the open ones are open too, up to the next line.
    grown = cv2.dilate(open_.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & (bare > 0)
    closed = (~(open_ | grown)).astype(np.uint8)
    kept = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8))
    return np.asarray(kept.astype(bool))


def _parts(area: Image, whole: Rectangle) -> list[Rectangle]:
    """A rectangle cut at the lines that cross it from side to side, and where its colour changes."""
    region = area[whole.y0 : whole.y1, whole.x0 : whole.x1]
    if min(region.shape[:2]) < _LEAST:
        return []
    columns, rows = _cuts(region.transpose(1, 0, 2)), _cuts(region)
    return [
        Rectangle(whole.x0 + a, whole.y0 + c, whole.x0 + b, whole.y0 + d)
        for a, b in itertools.pairwise(columns)
        for c, d in itertools.pairwise(rows)
        if min(b - a, d - c) >= _LEAST
    ]


def _cuts(region: Image) -> list[int]:
    """The rows at which to cut: the ends, lines of one colour between them, changes of the usual one."""
    size = len(region)
    usual = np.array([mode_colour(row[2:-2]) for row in region])
    full = np.array([near(row[None], colour, _INK).mean() for row, colour in zip(region, usual, strict=True)])
    lines, changes = [], []
    for k in range(_LEAST, size - _LEAST):
        above, below = usual[k - 4 : k - 2], usual[k + 3 : k + 5]
        if full[k] > _LINED and all(np.abs(usual[k] - c).max() > _INK for c in (*above, *below)):
            lines.append(k)
        elif (
            np.abs(above[:, None] - below[None]).max(axis=2).min() > _INK
            and full[[k - 3, k + 3]].min() > _UNIFORM
        ):
            changes.append(k)
    cuts = [0]
    for k in [*lines, *(c for c in changes if all(abs(c - line) > _THIN for line in lines))]:
        if all(abs(k - cut) >= _LEAST for cut in cuts):
            cuts.append(k)
    return [*sorted(cuts), size]


def _cell(area: Image, place: Rectangle, dpi: float) -> Cell | None:
    inner = area[place.y0 + 3 : place.y1 - 3, place.x0 + 3 : place.x1 - 3]
    if not inner.size or min(inner.shape[:2]) < _INNER:
        return None
    back = mode_colour(inner)
    away = np.abs(inner.astype(int) - back).max(axis=2)
    depth = float(np.percentile(away, 99))
    if depth < _INK or not _SPARSE < float((away > depth / 2).mean()) < _DENSE:
        return None
    ink = mode_colour(inner[away >= 0.8 * depth])
    side = round(dpi)
    sample = np.clip(away[:side, :side] / depth, 0, 1).astype(np.float32)
    if not _is_everywhere(away > depth / 2):
        return None
    parts = [cv2.connectedComponents(m.astype(np.uint8))[0] - 1 for m in (sample > _DRAWN, sample <= _DRAWN)]
    if max(parts) < _PARTS:
        return None
    score, hatch = max((_likeness(sample, tile), name) for name, tile in _tiles(side).items())
    if score < _ALIKE:
        return None
    lined, sides = _outline(area, place, ink)
    return Cell(lined if sides >= _OUTLINED else place, back, ink, hatch, sides)


def _is_everywhere(ink: Mask) -> bool:
    """Whether a pattern has ink wherever one looks: a text stands in the middle."""
    counts = [max(2, size // _BLOCK) for size in ink.shape]
    blocks = [
        part.any() for row in np.array_split(ink, counts[0]) for part in np.array_split(row, counts[1], 1)
    ]
    return float(np.mean(blocks)) > _EVERYWHERE


def _outline(area: Image, place: Rectangle, ink: Colour) -> tuple[Rectangle, int]:
    """The lines around a rectangle, and how many sides have one: others may lie at the axes' rim."""
    rows, columns = slice(place.y0 + 2, place.y1 - 2), slice(place.x0 + 2, place.x1 - 2)
    upright, level = area[rows].transpose(1, 0, 2), area[:, columns]
    found = [
        _line_near(lines, at, ink)
        for lines, at in (
            (upright, place.x0),
            (level, place.y0),
            (upright, place.x1 - 1),
            (level, place.y1 - 1),
        )
    ]
    ends = [at if line is None else line for line, at in zip(found, place, strict=True)]
    return Rectangle(*ends), sum(line is not None for line in found)


def _line_near(lines: Image, at: int, ink: Colour) -> int | None:
    """The row within a few pixels of a place that is most of an ink's colour."""
    rows = range(max(0, at - _NEAR), min(len(lines), at + _NEAR + 1))
    best = min(rows, key=lambda k: float(np.abs(lines[k].astype(int) - ink).mean()))
    return best if near(lines[best][None], ink, 2 * _INK).mean() > _SIDE else None


def _likeness(sample: NDArray[np.float32], tile: NDArray[np.float32]) -> float:
    """Correlation of a sample with a repeated pattern, at the best shift."""
    wide = np.tile(tile, (2, 2))
    return float(cv2.matchTemplate(wide, sample, cv2.TM_CCOEFF_NORMED).max())


@lru_cache(maxsize=4)
def _tiles(side: int) -> dict[str, NDArray[np.float32]]:
    """Each pattern as matplotlib repeats it: once an inch."""
    names = [sign * count for sign in _SIGNS for count in range(1, _DENSEST + 1)]
    return {name: tile for name in names if (tile := _tile(name, side)).std() > 0}


def _tile(hatch: str, side: int) -> NDArray[np.float32]:
    with rc_context({"hatch.linewidth": 1.0, "hatch.color": "black"}):
        figure = Figure(figsize=(1, 1), dpi=side, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        figure.add_artist(Patch((-1, -1), 3, 3, transform=figure.transFigure, facecolor="white", hatch=hatch))
        buffer = io.BytesIO()
        canvas.print_raw(buffer)  # type: ignore[no-untyped-call]
    pixels = np.frombuffer(buffer.getvalue(), np.uint8).reshape(side, side, 4)
    return np.asarray(1 - pixels[..., 0] / 255.0, dtype=np.float32)
