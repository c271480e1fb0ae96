"""Scattered points: round blobs of one or of many colours, solid or translucent."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, far, hex_of, mode_colour
from critic.reading.chart.description import Points
from critic.reading.chart.dots import are_strung
from critic.reading.chart.markers import SNAP
from critic.reading.chart.plot import Mask, Plot

_SOLID_RIM, _INK_RIM = 0.86, -0.26
"""Pixels of a diameter that a mask of one colour lacks, and one of all ink, which holds the blended rim."""
_DOT = 2.5
"""Pixels: the dots of dotted lines have no larger radius."""
_LEAST_SIDE = 2
"""Working pixels across the smallest disc: less is a blended rim."""
_NARROW, _WIDE = 0.6, 1.67
"""Width of a disc over its height, as small ones are rounded to whole pixels."""
_TELLING, _SQUARE = 6, 0.92
"""Working pixels across beyond which a shape is told, and the share of its box above which it is a square: a
disc covers four fifths."""
_LEAST_POINTS = 3
"""Points of a series in one colour at least: two alike blobs may be anything."""
_EXPLAINED = 0.55
"""Share of a colour in discs from which it draws points: those that overlap are no discs."""
_LEAST_INK = 4
"""Pixels of the smallest blob of a cloud: less is dirt."""
_LONE_NARROW, _LONE_WIDE = 0.75, 1.33
_LONE_LEAST, _LONE_MOST = 0.68, 0.9
"""A lone disc's width over its height, and the share of its box that it covers: a circle covers 0.79, several
in one another less, a square all."""
_SPECK = 3
"""Working pixels across up to which a blob counts as one disc: smaller shapes are not told."""
_LEAST_CLOUD = 4
"""Discs of a cloud at least."""
_LEAST_RADIUS = 2
"""Working pixels of the smallest disc that is looked for in a blob of several."""
_RIM_RADIUS = 5
"""Working pixels of radius from which a disc's rim is told from its inside."""
_LEAST_DEPTH = 25
"""Levels from the face to a disc's inside at least, for the rim's to be compared with it."""
_LEAST_RIMS = 3
"""Rims from which the translucency is measured."""
_OPAQUE = 0.12
"""One less the alpha that rims show, where face and edge lie over each other; below it discs are opaque, as
levels at rims are blended."""


class Disc(NamedTuple):
    """A round blob: centre and radius in the plot area's pixels, its colour."""

    x: float
    y: float
    radius: float
    colour: str


def discs_of(mask: Mask, colour: Colour) -> tuple[list[Disc], float]:
    """Round components of a mask and the share of its pixels that they explain."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    found, explained = [], 0
    for index in range(1, count):
        _, _, w, h, area = (int(v) for v in stats[index])
        if w < _LEAST_SIDE or h < _LEAST_SIDE or not _NARROW < w / h < _WIDE or area < 0.6 * w * h:
            continue
        if max(w, h) > _TELLING and area > _SQUARE * w * h:
            continue
        x, y = (float(v) + 0.5 for v in centres[index])
        found.append(Disc(x, y, float(np.sqrt(area / np.pi)), hex_of(colour)))
        explained += area
    return found, explained / max(1, int(mask.sum()))


def read_points(plot: Plot, colour: Colour, mask: Mask) -> Points | None:
    """Points of one solid colour; None where the colour draws something else."""
    found, share = discs_of(mask, colour)
    if len(found) < _LEAST_POINTS or share < _EXPLAINED:
        return None
    if np.median([d.radius for d in found]) < _DOT and are_strung(np.array([(d.x, d.y) for d in found])):
        return None
    return described(plot, found, 1.0, _SOLID_RIM)


def described(plot: Plot, found: list[Disc], alpha: float, rim: float) -> Points:
    """Discs in data units; the area counts the face, which matplotlib's edge of one point enlarges.

    Args:
        plot: Where they are.
        found: The discs.
        alpha: Of all of them.
        rim: Pixels of the diameter that the discs' masks lack.
    """
    sizes = []
    for disc in found:
        diameter = (2 * disc.radius + rim) * plot.points - 1.0
        sizes.append(round(max(1.0, diameter) ** 2, 1))
    common = float(np.median(sizes))
    if np.ptp(sizes) < 0.35 * common:
        sizes = [round(common)] * len(sizes)
        found = [d._replace(x=d.x - SNAP, y=d.y - SNAP) for d in found]
    return Points(
        colours=tuple(d.colour for d in found),
        x=tuple(float(f"{plot.at_x(d.x):.4g}") for d in found),
        y=tuple(float(f"{plot.at_y(d.y):.4g}") for d in found),
        sizes=tuple(sizes),
        alpha=alpha,
    )


def read_cloud(plot: Plot) -> tuple[Points, Mask] | None:
    """Points of many sizes and colours together, from the outline of the ink; None where ink is no cloud.

    Translucent discs overlap; circles are found one by one, largest votes first.
    """
    ink = far(plot.pixels, plot.face, 12) & ~plot.hidden
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    found: list[Disc] = []
    round_area, total = 0, 0
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if area < _LEAST_INK:
            continue
        total += area
        part = labels[y : y + h, x : x + w] == index
        whole = _LONE_NARROW < w / h < _LONE_WIDE and _LONE_LEAST < area / (w * h) < _LONE_MOST
        if whole or max(w, h) <= _SPECK:
            round_area += area
            found.append(_disc(plot, part, x, y))
        elif max(w, h) < 0.4 * max(ink.shape):
            split = _overlapping(plot, part, x, y)
            round_area += area if split else 0
            found += split
    if len(found) < _LEAST_CLOUD or round_area < 0.6 * total:
        return None
    alpha = _alpha(plot, found)
    solid = [d._replace(colour=_unblended(d.colour, plot.face, alpha)) for d in found]
    return described(plot, solid, alpha, _INK_RIM), ink


def _disc(plot: Plot, part: Mask, x: int, y: int) -> Disc:
    rows, columns = np.where(part)
    area = len(rows)
    cx, cy = x + columns.mean() + 0.5, y + rows.mean() + 0.5
    radius = float(np.sqrt(area / np.pi)) - 0.3
    return Disc(float(cx), float(cy), max(0.6, radius), _inner_colour(plot, cx, cy, radius))


def _inner_colour(plot: Plot, x: float, y: float, radius: float) -> str:
    reach = max(0, int(radius * 0.5))
    height, width = plot.pixels.shape[:2]
    row, column = min(max(int(y), 0), height - 1), min(max(int(x), 0), width - 1)
    region = plot.pixels[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
    return hex_of(mode_colour(region))


def _overlapping(plot: Plot, part: Mask, x: int, y: int) -> list[Disc]:
    """Circles in a blob of several: from the thickest place down, until the blob is explained."""
    rest = np.pad(part, 1).astype(np.uint8)
    full = int(part.sum())
    found: list[Disc] = []
    for _ in range(8):
        distance = cv2.distanceTransform(rest, cv2.DIST_L2, 5)
        radius = float(distance.max())
        if radius < _LEAST_RADIUS or rest.sum() < 0.06 * full:
            break
        row, column = (int(v) for v in np.unravel_index(distance.argmax(), distance.shape))
        cx, cy = x + column - 0.5, y + row - 0.5
        found.append(Disc(cx, cy, radius, _inner_colour(plot, cx, cy, radius)))
        cv2.circle(rest, (column, row), int(radius + 1.5), 0, -1)
    return found


def _alpha(plot: Plot, found: list[Disc]) -> float:
    """Translucency from the rim, where face and edge lie over each other; 1 where there is no rim."""
    ratios = []
    for disc in found:
        if disc.radius < _RIM_RADIUS:
            continue
        inner = np.array([int(disc.colour[i : i + 2], 16) for i in (1, 3, 5)], float)
        ring = []
        for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False):
            column = int(disc.x + (disc.radius - 0.4) * np.cos(angle))
            row = int(disc.y + (disc.radius - 0.4) * np.sin(angle))
            if 0 <= row < plot.pixels.shape[0] and 0 <= column < plot.pixels.shape[1]:
                ring.append(plot.pixels[row, column].astype(float))
        if not ring:
            continue
        rim = np.median(ring, axis=0)
        channel = int(np.abs(plot.face - inner).argmax())
        depth = plot.face[channel] - inner[channel]
        if abs(depth) > _LEAST_DEPTH:
            ratios.append((inner[channel] - rim[channel]) / depth)
    if len(ratios) < _LEAST_RIMS:
        return 1.0
    ratio = float(np.median(ratios))
    return 1.0 if ratio < _OPAQUE else float(np.clip(round((1 - ratio) * 10) / 10, 0.2, 0.9))


def _unblended(colour: str, face: Colour, alpha: float) -> str:
    seen = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)
    own = np.clip((seen - (1 - alpha) * face) / alpha, 0, 255)
    return hex_of(own.round().astype(int))
