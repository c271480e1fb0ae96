"""Hollow markers: rings on lines, or alone, that hold the face's colour or white.

They are filled before marks are read, as a filled marker is what readers know; the marks whose markers stood
there are drawn hollow again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.base import Mark
from critic.marks.claims import plane_of
from critic.marks.line import Line
from critic.reading.chart.areas import is_solid
from critic.reading.chart.colours import Colour, hex_of, mode_colour, near, rgb_of
from critic.reading.chart.layers import split_layers
from critic.reading.chart.plot import Mask, Plot

_SMALLEST, _LARGEST = 2, 14
"""Pixels across the hole of a marker: ECharts' have 3, Chart.js's 4."""
_ROUND, _FULL = 1.5, 0.6
"""How many times as long as wide a hole may be, and the share of its box that it fills: a disc fills 0.79."""
_LEAST = 3
"""Alike holes that are of markers: a curve may close one or two by itself."""
_ALIKE, _MOST_OF = 2, 0.45
"""Pixels by which alike holes differ in size, and the share of a colour's small gaps that are alike at least:
a crowd of discs leaves gaps of all sizes, lines that cross leave a few."""
_PLAIN, _SAME = 0.5, 40
"""Share of a hole in one colour, and levels within which it is: of a small one much is blended."""
_RIM = 0.85
"""Share of the pixels round a hole in the ring's colour or a blend of it."""
_RING, _AROUND, _OPEN = 4.0, 32, 0.5
"""Pixels from a hole to beyond its ring, places on the circle there, and the share of them that may have the
ring's colour: two lines that cross there take a quarter."""
_MEANT = 0.5
"""Share of a mark's points that stand on holes from which its markers are hollow."""


class Hole(NamedTuple):
    """The inside of a hollow marker: its middle in pixels of the area, its colour and its ring's."""

    x: float
    y: float
    inside: Colour
    ring: Colour


def filled_markers(plot: Plot) -> tuple[Plot, list[Hole]]:
    """The area with the holes of its hollow markers filled, and those; the same where there are none."""
    holes: list[Hole] = []
    pixels = plot.pixels.copy()
    for colour, mask in split_layers(plot):
        if is_solid(mask):
            continue
        # A ring on an area of its colour closes the same hole: the ring has less ink, and comes later.
        for hole, spot in _holes(plot, colour, mask):
            holes = [h for h in holes if max(abs(h.x - hole.x), abs(h.y - hole.y)) > _ALIKE]
            holes.append(hole)
            pixels[spot] = colour
    return (replace(plot, pixels=pixels), holes) if holes else (plot, [])


def hollowed(marks: list[Mark], holes: list[Hole], plot: Plot) -> list[Mark]:
    """The marks; those with markers where holes are in the colour of these."""
    return [_hollow(mark, holes, plot) for mark in marks]


def _hollow(mark: Mark, holes: list[Hole], plot: Plot) -> Mark:
    if not isinstance(mark, Line) or not mark.marker:
        return mark
    own = [h for h in holes if np.abs(h.ring - rgb_of(mark.colour)).max() <= _SAME]
    if not own:
        return mark
    path = plane_of(plot).path(mark.x, mark.y)
    places = np.array([(h.x, h.y) for h in own])
    off = np.abs(places[:, None] - path[None]).max(axis=2)
    reach = max(_SMALLEST, mark.marker_size / plot.points / 2)
    if (off.min(axis=0) <= reach).mean() < _MEANT:
        return mark
    inside = mode_colour(np.array([h.inside for h in own], np.uint8))
    return mark.model_copy(update={"marker_face": hex_of(inside)})


def _holes(plot: Plot, colour: Colour, mask: Mask) -> list[tuple[Hole, Mask]]:
    """The holes in one colour's ink that are alike, with their pixels."""
    # Blended pixels close a ring as well: whatever is not nearly of the ground may be of it.
    closed = mask | _towards(plot, colour)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(
        (~closed).astype(np.uint8), connectivity=4
    )
    found, closed_in = [], 0
    for index in range(1, count):
        w, h, area = (int(v) for v in stats[index][2:])
        closed_in += max(w, h) <= _LARGEST and area > 1
        small = min(w, h) >= _SMALLEST and max(w, h) <= min(_LARGEST, _ROUND * min(w, h))
        if not small or area < _FULL * w * h:
            continue
        spot = labels == index
        inside = mode_colour(plot.pixels[spot])
        if near(plot.pixels[spot][None], inside, _SAME).mean() < _PLAIN:
            continue
        grown = cv2.dilate(spot.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        if closed[grown & ~spot].mean() < _RIM:
            continue
        at = middles[index]
        if _surrounded(mask, at, max(w, h) / 2 + _RING):
            continue
        whole = cv2.dilate(spot.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        found.append((Hole(float(at[0]) + 0.5, float(at[1]) + 0.5, inside, colour), whole, max(w, h)))
    if len(found) < _LEAST:
        return []
    usual = float(np.median([size for _, _, size in found]))
    alike = [(hole, spot) for hole, spot, size in found if abs(size - usual) <= _ALIKE]
    return alike if len(alike) >= max(_LEAST, _MOST_OF * closed_in) else []


def _surrounded(ink: Mask, middle: NDArray[np.float64], radius: float) -> bool:
    """Whether a circle beyond the ring has its colour too: what a crowd of discs leaves free is no hole."""
    angles = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    columns, rows = (np.round(middle[:, None] + radius * np.stack([np.cos(angles), np.sin(angles)]))).astype(
        int
    )
    within = (rows >= 0) & (rows < ink.shape[0]) & (columns >= 0) & (columns < ink.shape[1])
    return bool(ink[rows[within], columns[within]].mean() > _OPEN) if within.any() else False


def _towards(plot: Plot, colour: Colour) -> NDArray[np.bool_]:
    """Pixels that are the greater part of a colour: blends of it with what lies beside it."""
    way = (colour - plot.face).astype(float)
    share = (plot.pixels.astype(float) - plot.face) @ way / max(1.0, float(way @ way))
    off = np.abs(plot.pixels - plot.face - share[..., None] * way).max(axis=2)
    return np.asarray((share > _PLAIN) & (off <= _SAME))
