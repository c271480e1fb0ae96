"""Pies and donuts: rings of wedges around a centre."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.colours import Colour, far, hex_of, near, palette
from critic.reading.chart.description import Ring, Text
from critic.types import Box
from renderers.types import Image

_STEPS = 1440
"""Angles sampled around a circle."""
_HALF_EDGE = 0.7
_STRAY, _SOLID = 0.12, 0.6
"""Of a circle just outside of a disc no more is ink, and of one just inside at least so much."""
_EMPTY = 0.2
"""Of a ring no more shows the background."""
_NARROW, _WIDE = 0.8, 1.25
"""Width of a disc over its height: wedges in the background's colour take from either."""
_COLOURED = 40
"""Saturation in levels from which a pixel near a text is a wedge's."""
_ON_WEDGE = 0.4
"""Share of a text's box in colours from which the text stands on a wedge, not on the background."""
_LEAST_RADIUS = 12
"""Working pixels of the smallest disc: markers and letters are smaller."""
_BACKGROUND = 12
"""Levels from the background's colour within which a pixel shows it."""
_HOLE, _FILLED = 0.6, 0.5
"""Shares of circles that show the background: around the centre, above which there is a hole (a text may
hide the rest), and further out, below which the hole has ended."""
_CHANGE = 24
"""Levels from one circle to the next at which a direction's colour changes."""
_ALL_AROUND = 0.7
"""Share of the directions that change together where two rings meet: wedges of one colour in both do not."""
_LEAST_RING = 6
"""Working pixels from a ring's inner to its outer radius at least; nearer bounds are one."""
_OF_WEDGE = 26
"""Levels within which a sample has a wedge's colour; where two wedges' are nearer it counts for both."""
_AT_EAST = 0.9
"""Degrees from 3 o'clock within which a first wedge begins there, as matplotlib's does by default."""
_LEAST_WEDGE = 5
"""Steps of the narrowest wedge, 1.25 degrees: less is a seam's blend."""
_SPLIT = 3
"""Steps between stretches of one colour that are one wedge, which a thin line or a letter crosses."""
_LEAST_SEAM = 4
"""Samples between wedges from which their edge's colour is measured."""
_WHITE = 200
"""Level of the darkest channel from which seams are white: thin ones are blended with what they part."""


def find_pies(image: Image, background: Colour, texts: list[Text]) -> list[list[Ring]]:
    """The discs of a picture without axes, each as its rings, outermost first."""
    height, width = image.shape[:2]
    ink = far(image, background, 24)
    for text in texts:
        b = text.box
        if not _coloured(image, b):
            ink[int(b.y0) - 1 : int(b.y1) + 1, int(b.x0) - 1 : int(b.x1) + 1] = False
    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    # Discs without the lines that lead to their labels.
    solid = cv2.morphologyEx(joined, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    found = []
    for index in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[index])
        if min(w, h) < 0.15 * min(height, width) or not _NARROW < w / h < _WIDE:
            continue
        disc = cv2.dilate((labels == index).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        rings = _rings(image, disc & ink, x, y, w, h, background, texts)
        if rings:
            found.append(rings)
    return found


def _coloured(image: Image, box: Box) -> bool:
    region = image[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].astype(int)
    return (
        bool(region.size) and float((region.max(axis=2) - region.min(axis=2) > _COLOURED).mean()) > _ON_WEDGE
    )


def _rings(
    image: Image,
    mask: NDArray[np.bool_],
    x: int,
    y: int,
    w: int,
    h: int,
    background: Colour,
    texts: list[Text],
) -> list[Ring]:
    cx, cy, radius = _circle(mask, x, y, w, h)
    if radius < _LEAST_RADIUS or not _is_round(mask, cx, cy, radius):
        return []
    bounds = _bounds(image, cx, cy, radius, background)
    rings = []
    for outer, inner in bounds:
        ring = _ring(image, cx, cy, outer, inner, background, texts)
        if ring is not None:
            rings.append(ring)
    if rings and rings[0].edge == hex_of(background):
        # An edge in the background's colour hides half its width of the rim: one point at 100 dpi.
        rings[0] = rings[0].model_copy(update={"radius": round(radius + _HALF_EDGE, 2)})
    return rings


def _is_round(mask: NDArray[np.bool_], cx: float, cy: float, radius: float) -> bool:
    """Whether ink ends at a circle all around it, but for the lines that lead to labels."""
    ink, rim = mask[:, :, None].astype(np.uint8), max(3.0, 0.06 * radius)
    outside, inside = (_sample(ink, cx, cy, reach).mean() for reach in (radius + rim, radius - rim))
    return bool(outside < _STRAY and inside > _SOLID)


def _circle(mask: NDArray[np.bool_], x: int, y: int, w: int, h: int) -> tuple[float, float, float]:
    """Centre and radius: least squares through the outermost ink in every direction."""
    cx, cy = x + w / 2, y + h / 2
    rows, columns = np.where(mask)
    for _ in range(3):
        dx, dy = columns + 0.5 - cx, rows + 0.5 - cy
        sector = ((np.arctan2(dy, dx) + np.pi) / (2 * np.pi) * 180).astype(int).clip(0, 179)
        reach = np.hypot(dx, dy)
        far_out = np.zeros(180)
        np.maximum.at(far_out, sector, reach)
        good = far_out > 0.8 * np.median(far_out[far_out > 0])
        angle = (np.arange(180) + 0.5) / 180 * 2 * np.pi - np.pi
        px, py = cx + far_out[good] * np.cos(angle[good]), cy + far_out[good] * np.sin(angle[good])
        a = np.stack([px, py, np.ones_like(px)], axis=1)
        solution = np.linalg.lstsq(a, px**2 + py**2, rcond=None)[0]
        cx, cy = solution[0] / 2, solution[1] / 2
    radius = float(np.sqrt(max(0.0, solution[2] + cx**2 + cy**2)))
    return float(cx), float(cy), radius


def _sample(image: Image, cx: float, cy: float, radius: float) -> NDArray[np.int_]:
    angle = np.arange(_STEPS) * 2 * np.pi / _STEPS
    columns = np.clip(cx + radius * np.cos(angle), 0, image.shape[1] - 1).astype(int)
    rows = np.clip(cy - radius * np.sin(angle), 0, image.shape[0] - 1).astype(int)
    return np.asarray(image[rows, columns], dtype=np.int_)


def _bounds(
    image: Image, cx: float, cy: float, radius: float, background: Colour
) -> list[tuple[float, float]]:
    """Outer and inner radius of each ring, split where colours change together in all directions."""
    steps = np.arange(2.0, radius - 1.0, 1.0)
    circles = np.stack([_sample(image, cx, cy, r)[::8] for r in steps])
    empty = (np.abs(circles - background).max(axis=2) < _BACKGROUND).mean(axis=1)
    hole = 0.0
    if empty[: max(2, len(steps) // 12)].mean() > _HOLE:
        solid = np.where(empty < _FILLED)[0]
        hole = float(steps[solid[0]]) if len(solid) else 0.0
    change = np.abs(np.diff(circles, axis=0)).max(axis=2)
    jumps = (change > _CHANGE).mean(axis=1)
    cuts = [
        float(steps[i] + 1)
        for i in range(2, len(jumps) - 3)
        if jumps[i] > _ALL_AROUND
        and jumps[i] >= jumps[max(0, i - 3) : i + 4].max()
        and hole + _LEAST_RING < steps[i] < radius - _LEAST_RING
    ]
    merged: list[float] = []
    for cut in cuts:
        if merged and cut - merged[-1] < _LEAST_RING:
            merged[-1] = (merged[-1] + cut) / 2
        else:
            merged.append(cut)
    edges = [radius, *sorted(merged, reverse=True), hole]
    return list(itertools.pairwise(edges))


def _ring(
    image: Image, cx: float, cy: float, outer: float, inner: float, background: Colour, texts: list[Text]
) -> Ring | None:
    samples = [_sample(image, cx, cy, inner + share * (outer - inner)) for share in (0.5, 0.8, 0.9, 0.7, 0.3)]
    pixels = np.concatenate(samples).astype(np.uint8)
    if near(pixels[None], background, _BACKGROUND).mean() > _EMPTY:
        # Wedges of a polar plot, say, between which the ground shows.
        return None
    colours = [c for c, n in palette(pixels, background, _STEPS // 60, 16)]
    if not colours:
        return None
    distance = np.stack([np.stack([np.abs(s - c).max(axis=1) for c in colours]) for s in samples])
    votes = (distance < _OF_WEDGE).sum(axis=0)
    kind = np.where(votes.max(axis=0) > 0, votes.argmax(axis=0), -1)
    wedges = _wedges(kind)
    if not wedges:
        return None
    edge = _edge_colour(samples[0], kind, votes)
    total = sum(length for _, length, _ in wedges)
    step = 360.0 / _STEPS
    start = round(wedges[0][0] * step, 2)
    return Ring(
        centre=(round(cx, 2), round(cy, 2)),
        radius=round(outer, 2),
        hole=round(inner, 2),
        start=0.0 if min(start, 360 - start) < _AT_EAST else start,
        fractions=tuple(round(length / total, 4) for _, length, _ in wedges),
        colours=tuple(hex_of(colours[k]) for _, _, k in wedges),
        edge=edge,
    )


def _wedges(kind: NDArray[np.int_]) -> list[tuple[float, float, int]]:
    """Start, length and colour index of each stretch, in steps; seams go half to either side."""
    changes = np.where(kind != np.roll(kind, 1))[0]
    if not len(changes):
        return [(0.0, float(_STEPS), int(kind[0]))] if kind[0] >= 0 else []
    stretches = []
    for a, b in zip(changes, np.append(changes[1:], changes[0] + _STEPS), strict=True):
        if kind[a] >= 0 and b - a >= _LEAST_WEDGE:
            stretches.append([float(a), float(b), int(kind[a])])
    merged: list[list[float]] = []
    for stretch in stretches:
        if merged and merged[-1][2] == stretch[2] and stretch[0] - merged[-1][1] < _SPLIT:
            merged[-1][1] = stretch[1]
        else:
            merged.append(list(stretch))
    if not merged:
        return []
    count = len(merged)
    bounds = []
    for index in range(count):
        before = merged[index - 1][1] - (_STEPS if index == 0 else 0)
        bounds.append((before + merged[index][0]) / 2 if count > 1 else 0.0)
    bounds.append(bounds[0] + _STEPS)
    first = min(range(count), key=lambda i: min(abs(bounds[i]) % _STEPS, _STEPS - abs(bounds[i]) % _STEPS))
    order = [*range(first, count), *range(first)]
    wedges = []
    for index in order:
        wedges.append((bounds[index] % _STEPS, bounds[index + 1] - bounds[index], int(merged[index][2])))
    return wedges


def _edge_colour(sample: NDArray[np.int_], kind: NDArray[np.int_], votes: NDArray[np.int_]) -> str | None:
    seams = sample[votes.max(axis=0) == 0]
    if len(seams) < _LEAST_SEAM:
        return None
    lightest = seams[seams.sum(axis=1) >= np.percentile(seams.sum(axis=1), 60)]
    white = np.median(lightest, axis=0)
    return "#ffffff" if white.min() > _WHITE else None
