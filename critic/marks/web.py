"""Webs of radar charts: spokes at even angles from one centre, and rings across them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.findings import Scene
from critic.reading.chart.colours import far
from critic.types import Box

PALE = 8
"""Levels from the background from which a pixel may be of a grid."""
_SMALLEST = 90
"""Pixels across the smallest radar."""
_ASPECT = 1.3
"""Of the box of a grid: polygons of an odd number of corners are a little wider than high."""
_SPOKES = range(3, 13)
_STARTS = (90.0, 0.0)
"""Degrees at which tools draw the first spoke: up, or to the right."""
_CLEAR = 0.55
"""Share of a spoke on which it must be seen as a line."""
_RIM, _STRAIGHT = 0.12, 0.7
"""Share of a drawing that is its rim, and of a side along which a straight line there is a frame."""
TICKS = 9
"""Pixels by which ticks or a tick label may reach beyond the outermost ring."""
_FAINTEST = 0.1
"""Share of every single spoke."""
_HINT = 0.35
"""Share of a spoke from which its centre is looked for."""
_AS_WELL = 0.03
"""Share of spokes by which one centre is no better than another."""
_REFINED = ((4.0, 1.0), (1.0, 0.5))
"""Pixels round a centre in which it is looked for, and the steps."""
_CONTRAST = 0.25
"""By how much more than half way between spokes."""
_STEP = 5
"""Levels by which a line differs from what lies on both of its sides."""
_BESIDE = 3
"""Pixels from a line at which its sides are looked at."""
_RINGED = 0.5
"""Share of a ring's way on which it must be seen."""
_ONE_RING = 3.2
"""Pixels within which lines are one ring: both rims of a filling between two are seen."""
_TELLING = 3
"""Rings from which their step is told."""
_OFF_STEP = 2.0
"""Pixels by which a ring may be off a multiple of it."""
_TURN = 360.0
_RIMMED = 0.2
"""What a ring seen all round the ends of the spokes is worth, in shares of spokes: where a number hides a
corner, the web would be taken for a smaller one."""
_RAYS = 15
"""Rays from one spoke to the next on which rings are looked for, both spokes counted."""


class Web(NamedTuple):
    """A web.

    Attributes:
        x: Column of the centre, in pixels; likewise the row ``y``.
        radius: Pixels from there to the end of a spoke.
        spokes: How many there are.
        start: Degrees of the first, counter-clockwise from the right; the others follow clockwise.
    """

    x: float
    y: float
    radius: float
    spokes: int
    start: float

    def angles(self) -> NDArray[np.float64]:
        """Of all spokes, clockwise, in radians counter-clockwise from the right."""
        return np.asarray(np.radians(self.start - np.arange(self.spokes) * _TURN / self.spokes))

    def points(self, radii: Sequence[float]) -> NDArray[np.float64]:
        """Pixels (x, y) on the spokes, a radius on each."""
        angles, away = self.angles(), np.asarray(radii, dtype=float)
        return np.stack([self.x + away * np.cos(angles), self.y - away * np.sin(angles)], axis=1)

    @property
    def box(self) -> Box:
        """The pixels round it."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    def at(self, angle: float, radii: NDArray[np.float64]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
        """Columns and rows along a ray."""
        columns = np.round(self.x + radii * np.cos(angle)).astype(int)
        return columns, np.round(self.y - radii * np.sin(angle)).astype(int)


def find_web(picture: Scene) -> Web | None:
    """The web with the clearest spokes, of those that the largest drawings may be."""
    grey = cv2.cvtColor(picture.image, cv2.COLOR_RGB2GRAY).astype(np.int16)
    best, most = None, _HINT
    for x, y, w, h in _drawings(picture):
        for web in _guesses(x, y, w, h):
            score = _spoked(grey, web)
            if score > most:
                best, most = web, score
    if best is None:
        return None
    score = 0.0
    for reach, step in _REFINED:
        moves = np.arange(-reach, reach + step / 2, step)
        near_by = [best._replace(x=best.x + dx, y=best.y + dy) for dx in moves for dy in moves]
        scores = [_spoked(grey, web) for web in near_by]
        score = max(scores)
        # Lines are as thick as a pixel or two: the middle of all centres that do as well.
        equal = [web for web, each in zip(near_by, scores, strict=True) if each >= score - _AS_WELL]
        best = best._replace(x=float(np.mean([w.x for w in equal])), y=float(np.mean([w.y for w in equal])))
    return best if score > _CLEAR else None


def _drawings(picture: Scene) -> set[tuple[int, int, int, int]]:
    """Boxes (left, top, width, height) of the largest squarish drawings, with texts and without.

    Labels may hang on a web, and where they are painted over they may part it.
    """
    ink = far(picture.image, picture.background, PALE)
    plain = ink.copy()
    for text in picture.texts:
        b = text.box
        plain[max(0, int(b.y0)) : int(b.y1) + 1, max(0, int(b.x0)) : int(b.x1) + 1] = False
    found: set[tuple[int, int, int, int]] = set()
    for mask in (ink, plain):
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        for x, y, w, h, _ in sorted(stats[1:count].tolist(), key=lambda s: -s[2] * s[3])[:3]:
            squarish = min(w, h) >= _SMALLEST and max(w, h) <= _ASPECT * min(w, h)
            if squarish and not _is_framed(mask[y : y + h, x : x + w]):
                # A rim that ends between two pixels shows faintly in one more.
                found |= {(x, y, w, h), (x + 1, y + 1, w - 1, h - 1)}
    return found


def _is_framed(part: NDArray[np.bool_]) -> bool:
    """Whether straight lines run along most of a side: the frame of other axes; a web has no such edges."""
    rim = max(1, round(_RIM * len(part)))
    rows, columns = part.mean(axis=1), part.mean(axis=0)
    sides = (rows[:rim], rows[-rim:], columns[:rim], columns[-rim:])
    return any(float(side.max()) > _STRAIGHT for side in sides)


def _guesses(x: float, y: float, w: float, h: float) -> list[Web]:
    """Webs that fill a box: round ones, and polygons that stand on an edge or a corner."""
    found = []
    for spokes in _SPOKES:
        radius = (max(w, h) - 1) / 2
        # Of a circle the sides tell the radius; a label may hang on its top or its foot.
        for middle in {y + h / 2 - 0.5, y + radius, y + h - 1 - radius}:
            found += [Web(x + w / 2 - 0.5, middle, radius, spokes, start) for start in _STARTS]
        foot = -np.cos(2 * np.pi * (spokes // 2) / spokes) if spokes % 2 else 1.0
        tall = (h - 1) / (1 + foot)
        found.append(Web(x + w / 2 - 0.5, y + tall, tall, spokes, _STARTS[0]))
        # By its width and its foot, where something hides the corner on top.
        broad = (w - 1) / 2 / np.abs(np.sin(2 * np.pi * np.arange(spokes) / spokes)).max()
        found.append(Web(x + w / 2 - 0.5, y + h - 1 - broad * foot, broad, spokes, _STARTS[0]))
        if spokes % 2:
            # On its side, the first corner to the right.
            wide = (w - 1) / (1 + foot)
            found.append(Web(x + w - 1 - wide, y + h / 2 - 0.5, wide, spokes, _STARTS[1]))
    return found


def _spoked(grey: NDArray[np.int16], web: Web) -> float:
    """How clearly spokes are lines, where none runs half way between them."""
    radii = np.linspace(0.15, 0.95, 60) * web.radius
    on = [_line_share(grey, web, float(angle), radii) for angle in web.angles()]
    half = np.pi / web.spokes
    off = [_line_share(grey, web, float(angle + half), radii) for angle in web.angles()]
    score = float(np.mean(on))
    if min(on) <= _FAINTEST or score - float(np.mean(off)) <= _CONTRAST:
        return 0.0
    return score + _RIMMED * max(
        float(_ringed(grey, web, np.array([web.radius]), polygons=p)[0]) for p in (True, False)
    )


def _line_share(grey: NDArray[np.int16], web: Web, angle: float, radii: NDArray[np.float64]) -> float:
    """Share of a ray on which some pixel within one of it is darker or lighter than both sides."""
    side = np.array([np.sin(angle), np.cos(angle)])
    columns, rows = web.x + radii * np.cos(angle), web.y - radii * np.sin(angle)

    def shade(off: float) -> NDArray[np.int_]:
        at = np.round(columns + off * side[0]).astype(int), np.round(rows + off * side[1]).astype(int)
        return _shades(grey, *at)

    left, right = shade(-_BESIDE), shade(_BESIDE)
    seen = np.zeros(len(radii), bool)
    for off in (-1.0, 0.0, 1.0):
        here = shade(off)
        seen |= (np.abs(here - left) > _STEP) & (np.abs(here - right) > _STEP)
    return float(seen.mean())


def rings_of(grey: NDArray[np.int16], web: Web, *, polygons: bool) -> list[float]:
    """Radii, along the spokes, of the rings: where lines run across most rays.

    Args:
        grey: The picture in grey, 0..255.
        web: Where they are looked for.
        polygons: Whether they are straight from spoke to spoke, rather than round.
    """
    radii = np.arange(6.0, web.radius + 1.5, 0.5)
    share = _ringed(grey, web, radii, polygons=polygons)
    found: list[float] = []
    at = 0
    while at < len(radii):
        if share[at] > _RINGED:
            stop = at
            while stop < len(radii) and share[stop] > _RINGED:
                stop += 1
            found.append(float(radii[at:stop].mean()))
            at = stop
        at += 1
    if not found or web.radius - found[-1] > TICKS:
        found.append(web.radius)
    return _completed(found)


def _completed(radii: list[float]) -> list[float]:
    """Radii of rings, with those that data hide where all that show stand at multiples of one step."""
    merged: list[float] = []
    for radius in radii:
        if merged and radius - merged[-1] < _ONE_RING:
            merged[-1] = (merged[-1] + radius) / 2
        else:
            merged.append(radius)
    if len(merged) < _TELLING:
        return merged
    step = float(np.median(np.diff(merged)))
    count = round(merged[-1] / step)
    whole = [merged[-1] * (k + 1) / count for k in range(count)]
    fits = all(min(abs(radius - other) for other in whole) <= _OFF_STEP for radius in merged)
    return whole if fits and count > len(merged) else merged


def _ringed(
    grey: NDArray[np.int16], web: Web, radii: NDArray[np.float64], *, polygons: bool
) -> NDArray[np.float64]:
    """For each radius along the spokes, the share of rays on which a line runs across there."""
    half = np.pi / web.spokes
    turns = np.linspace(-half, half, _RAYS)[1:-1]
    seen = np.zeros(len(radii))
    for angle in web.angles() - half:
        for turn in turns:
            reach = np.cos(half) / np.cos(turn) if polygons else 1.0
            inner, here, outer = (
                _shades(grey, *web.at(float(angle + turn), radii * reach + off))
                for off in (-_BESIDE, 0, _BESIDE)
            )
            seen += (np.abs(here - inner) > _STEP) & (np.abs(here - outer) > _STEP)
    return np.asarray(seen / (web.spokes * len(turns)))


def _shades(grey: NDArray[np.int16], columns: NDArray[np.int_], rows: NDArray[np.int_]) -> NDArray[np.int_]:
    """Shades of pixels; beyond the picture, those at its rim."""
    at = rows.clip(0, grey.shape[0] - 1), columns.clip(0, grey.shape[1] - 1)
    return np.asarray(grey[at], dtype=np.int_)
