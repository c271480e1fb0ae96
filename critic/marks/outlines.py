"""Outlines of radar charts: straight lines from spoke to spoke, read one hue at a time."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.findings import Scene
from critic.marks.radar import Radar
from critic.marks.scales import LinearScale
from critic.marks.web import Web
from critic.reading.chart.colours import Colour, hex_of, near, palette, rgb_of, saturation
from critic.reading.chart.numbers import rounded

VIVID = 40
"""Saturation of a colour that draws data; grids are grey."""
_LINE = 60
"""Levels by which an outline's colour may be off where fillings lie over it."""
_BLENDED = 30
"""The same where what lies over it is known: half, as the fillings themselves are as near."""
_MARKED = 1.9
"""Line widths across the corners of an outline from which markers stand there: corners by themselves are up
to 1.7 of them wide, ECharts and matplotlib draw markers 4 of them wide by default, Plotly 3."""
_SEEN_CORNERS = 75
"""Percent of the corners that may be hidden below other outlines, whose markers are then not seen."""
_RIM = 1.0
"""Pixels that the blended rim of a marker adds to what is seen of it across."""
_SAME_FILL = 6
"""Levels by which two fillings over each other may be off the blend of them."""
_USUAL_MARKER = 6.0
"""Points, of matplotlib's markers."""
_ROUND_CORNER = 3
"""Pixels round a corner in which the middle of its marker is looked for."""
_LARGEST = 10
"""Pixels from the middle of a marker to its rim at most: three times that of a usual one."""
_THINNEST = 0.5
"""Points, of a line; widths are written in steps of it."""
_LEAST = 60
"""Pixels of the shortest outline."""
_FINE = 0.1
"""Pixels to which values are written."""
_BLEND, _FAINT, _SOLID = 10, 0.04, 0.9
"""Levels by which a filling may be off the blend of its colour with the background, and shares of it."""
_SHOWN = 0.1
"""Opacity from which it is one: grids are tinted too."""
_FILLED = 0.06
"""Share of the inside of an outline that must show its filling: others may lie over most of it."""
_ONE_HUE = 14
"""Of OpenCV's 180 steps of hue, within which colours are one outline's, blended with what lies below it."""
_SEEN, _AGREED = 8, 6
"""Of the 28 rays between two spokes, those on which an outline must be seen, and those that must agree on its
side: another outline may cover or cross it on most."""
_PARALLEL = 1e-6
"""Cosine below which a side runs along its spoke and does not meet it."""
_OFF_SIDE = 2
"""Pixels that half of the points may lie off the line of a side: more than a thick line's rows wander."""


def read_outlines(picture: Scene, web: Web, y: LinearScale) -> list[Radar]:
    """One outline for each hue, in its strongest colour.

    Args:
        picture: Where they are.
        web: Round which.
        y: Values from the centre to the rim.
    """
    high, wide = picture.image.shape[:2]
    rows, columns = np.mgrid[0:high, 0:wide]
    disc = np.hypot(columns - web.x, rows - web.y) <= web.radius + 2
    pixels = picture.image[disc]
    colours = [c for c, n in palette(pixels, picture.background, _LEAST, 24) if saturation(c) >= VIVID]
    strong: list[NDArray[np.int_]] = []
    for c in sorted(colours, key=lambda c: -saturation(c)):
        if not any(_hue_gap(c, other) < _ONE_HUE for other in strong):
            strong.append(c)
    read = {hex_of(c): _outline(picture, web, y, c, near(picture.image, c, _LINE) & disc) for c in strong}
    for c in strong:
        above = [other for other in read.values() if other is not None and other.fill]
        if read[hex_of(c)] is None and above:
            # Fillings of others may lie over it: then it shows in a blend of both colours.
            masks = [near(picture.image, _blend(rgb_of(o.colour), c, o.fill), _BLENDED) for o in above]
            mask = np.logical_or.reduce([near(picture.image, c, _LINE), *masks]) & disc
            read[hex_of(c)] = _outline(picture, web, y, c, mask)
    return _stacked(picture, web, [outline for outline in read.values() if outline is not None])


def _stacked(picture: Scene, web: Web, outlines: list[Radar]) -> list[Radar]:
    """Outlines from the lowest to the uppermost, as fillings that lie over each other tell."""
    rows, columns = web.box.pixels
    pixels = picture.image[rows, columns]

    def shows(below: Radar, above: Radar) -> int:
        under = _blend(rgb_of(below.colour), picture.background, below.fill)
        return int(near(pixels, _blend(rgb_of(above.colour), under, above.fill), _SAME_FILL).sum())

    stack: list[Radar] = []
    for outline in outlines:
        lies = [shows(outline, other) > shows(other, outline) for other in stack]
        stack.insert(lies.index(True) if any(lies) else len(stack), outline)
    return stack


def _blend(over: Colour, below: Colour, opacity: float) -> Colour:
    return np.asarray((opacity * over + (1 - opacity) * below).round(), dtype=below.dtype)


def _outline(
    picture: Scene, web: Web, y: LinearScale, colour: Colour, mask: NDArray[np.bool_]
) -> Radar | None:
    """The outline that a mask shows; None where it does not go all round."""
    radii = _corners(mask, web)
    if radii is None:
        return None
    slack, points = _FINE * y.per_pixel(0.0, web.radius), 72 / picture.dpi
    marker = _marker_size(mask, web, radii)
    width = _width(mask, web, radii, marker)
    marked = marker > _MARKED * width
    return Radar(
        colour=hex_of(colour),
        values=tuple(rounded(y.value(0.0, web.radius, r), slack) for r in radii),
        fill=_opacity(picture, web, colour, radii),
        width=max(_THINNEST, round(width * points / _THINNEST) * _THINNEST),
        marker="o" if marked else "",
        marker_size=round((marker + _RIM) * points, 1) if marked else _USUAL_MARKER,
    )


def _hue_gap(one: NDArray[np.int_], other: NDArray[np.int_]) -> float:
    pair = np.array([[one, other]], np.uint8)
    hues = cv2.cvtColor(pair, cv2.COLOR_RGB2HSV)[0, :, 0].astype(int)
    gap = abs(int(hues[0]) - int(hues[1]))
    return float(min(gap, 180 - gap))


def _corners(mask: NDArray[np.bool_], web: Web) -> list[float] | None:
    """Radii at the spokes: where the straight lines through what is seen between them meet."""
    step = 2 * np.pi / web.spokes
    ends: list[list[tuple[float, float]]] = [[] for _ in range(web.spokes)]
    for index, angle in enumerate(web.angles()):
        points = []
        for share in np.linspace(0.12, 0.88, 28):
            ray = float(angle - share * step)
            radii = np.arange(2.0, web.radius + 2, 0.5)
            c, r = web.at(ray, radii)
            hit = mask[r.clip(0, mask.shape[0] - 1), c.clip(0, mask.shape[1] - 1)]
            if hit.any():
                away = float(radii[hit].mean())
                points.append((away * np.cos(ray), away * np.sin(ray)))
        line = _fitted(np.array(points)) if len(points) >= _SEEN else None
        if line is None:
            continue
        long = float(np.hypot(*np.ptp(points, axis=0)))
        for at, spoke in ((index, angle), ((index + 1) % web.spokes, angle - step)):
            across = line[0] * np.cos(spoke) + line[1] * np.sin(spoke)
            if abs(across) > _PARALLEL and 0 <= line[2] / across <= 1.1 * web.radius:
                # A short side, or one that runs almost along the spoke, tells little of where they meet.
                ends[at].append((line[2] / across, (long * across) ** 2))
    if sum(bool(e) for e in ends) < web.spokes:
        return None
    return [float(np.average([r for r, _ in e], weights=[w for _, w in e])) for e in ends]


def _fitted(points: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """A line ``a x + b y = c`` through most points; those that lie off it are another outline's crossing."""
    for _ in range(3):
        _, _, turn = np.linalg.svd(points - points.mean(axis=0))
        normal = turn[1]
        level = float(np.median(points @ normal))
        off = np.abs(points @ normal - level)
        kept = points[off <= max(1.5, 2 * float(np.median(off)))]
        if len(kept) == len(points) or len(kept) < _AGREED:
            break
        points = kept
    return (float(normal[0]), float(normal[1]), level) if float(np.median(off)) < _OFF_SIDE else None


def _opacity(picture: Scene, web: Web, colour: NDArray[np.int_], radii: list[float]) -> float:
    """How much of its colour fills an outline: what shows most often inside of it, off all lines."""
    inside = np.zeros(picture.image.shape[:2], np.uint8)
    cv2.fillPoly(inside, [web.points(radii).round().astype(np.int32)], 1)
    pixels = (
        picture.image[cv2.erode(inside, np.ones((7, 7), np.uint8)) > 0].astype(float) - picture.background
    )
    way = (colour - picture.background).astype(float)
    share = pixels @ way / max(1.0, float(way @ way))
    alike = (np.abs(pixels - share[:, None] * way).max(axis=1) < _BLEND) & (share > _FAINT) & (share < _SOLID)
    if not len(share) or alike.mean() < _FILLED:
        return 0.0
    counts, edges = np.histogram(share[alike], bins=100, range=(-0.005, 0.995))
    opacity = round(float(edges[int(counts.argmax())]) + 0.005, 2)
    return opacity if opacity >= _SHOWN else 0.0


def _marker_size(mask: NDArray[np.bool_], web: Web, radii: list[float]) -> float:
    """Pixels across what stands at the corners."""
    return float(np.percentile([_across(mask, x, y) for x, y in web.points(radii).tolist()], _SEEN_CORNERS))


def _across(mask: NDArray[np.bool_], x: float, y: float) -> float:
    """Pixels across the largest disc of a mask whose middle lies near a place; 0 where there is none."""
    left, top = max(0, round(x) - _LARGEST), max(0, round(y) - _LARGEST)
    part = np.pad(mask[top : round(y) + _LARGEST + 1, left : round(x) + _LARGEST + 1], 1)
    away = cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5)
    row, column = round(y) - top + 1, round(x) - left + 1
    here = away[
        max(0, row - _ROUND_CORNER) : row + _ROUND_CORNER + 1,
        max(0, column - _ROUND_CORNER) : column + _ROUND_CORNER + 1,
    ]
    return 2 * float(here.max()) - 1 if here.size and here.any() else 0.0


def _width(mask: NDArray[np.bool_], web: Web, radii: list[float], marker: float) -> float:
    """Pixels: the ink of the outline over its length, without its corners."""
    bare, length = mask.astype(np.uint8), 0.0
    corners = web.points(radii)
    for (x, y), before in zip(corners.tolist(), np.roll(corners, 1, axis=0).tolist(), strict=True):
        cv2.circle(bare, (round(x), round(y)), round(marker / 2) + 1, 0, -1)
        length += max(0.0, float(np.hypot(x - before[0], y - before[1])) - marker - 2)
    return float(bare.sum()) / max(1.0, length)
