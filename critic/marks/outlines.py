"""Outlines of radar charts: straight lines from spoke to spoke, read one hue at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.findings import Scene
from critic.marks.radar import Radar
from critic.marks.scales import LinearScale
from critic.marks.web import Web
from critic.reading.chart.colours import Colour, hex_of, near, palette, rgb_of, saturation
from critic.reading.chart.numbers import rounded
from renderers.types import Image

VIVID = 40
"""Saturation of a colour that certainly draws data; grids are grey."""
_TONED = 24
"""Saturation from which a colour may: ECharts' third one has 34, its grid 17."""
_LINE, _TIGHT = 60, 24
"""Levels by which an outline's colour may be off where fillings lie over it, and where its own is as near."""
_THICK, _SOLID_SHARE = 11, 0.2
"""Pixels across the square that neither line nor marker holds, and share of a mask that such squares take
where it shows the filling too."""
_BLENDED = 30
"""Levels by which it may be off where what lies over it is known: half, as the fillings themselves are as
near."""
_MARKED = 1.9
"""Line widths across the corners of an outline from which markers stand there: corners by themselves are up
to 1.7 of them wide, ECharts and matplotlib draw markers 4 of them wide by default, Plotly 3."""
_SEEN_CORNERS = 75
"""Percent of the corners that may be hidden below other outlines, whose markers are then not seen."""
_RIM = 1.0
"""Pixels that the blended rim of a marker adds to what is seen of it across."""
_SAME_FILL = 6
"""Levels by which two fillings over each other may be off the blend of them."""
_USUAL_MARKER, _MARKER_EDGE = 6.0, 1.0
"""Points, of matplotlib's markers, and of the line that it draws round them."""
_CLEAR_ENDS = 0.1
"""Share of a side at either end where its neighbours and their markers lie."""
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
_BLEND, _SOLID = 10, 0.95
"""Levels by which a filling may be off the blend of its colour with what is beside it, and the most of it."""
_SHOWN = 0.08
"""Opacity from which it is one: grids are tinted too."""
_FILLED = 0.15
"""Share of the way along an outline on which its filling must show: others may lie over the rest."""
_BESIDE, _EVERY = 5.0, 3.0
"""Pixels on both sides of an outline, beyond its own width, at which colours are compared, and between the
places."""
_TOLD = 60
"""Levels between an outline's colour and what lies beside it from which its share in a blend is told."""
_ACROSS, _SEEN_LINE = 25, 0.6
"""Steps across a side in which its width is measured, and share of its colour from which it is seen there."""
_PEAK = 0.02
"""Opacity within which places agree."""
_OFF_BLEND = 40
"""Levels by which a colour may be off the blends of another with the background, and be one of them."""
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
    colours = [c for c, n in palette(pixels, picture.background, _LEAST, 24) if saturation(c) >= _TONED]
    strong: list[NDArray[np.int_]] = []
    for c in sorted(colours, key=lambda c: -saturation(c)):
        if not any(_is_shade(c, other, picture.background) for other in strong):
            strong.append(c)
    read = {hex_of(c): _outline(picture, web, y, c, _lines(picture.image, c, disc)) for c in strong}
    for c in strong:
        above = [other for other in read.values() if other is not None and other.fill]
        if read[hex_of(c)] is None and above:
            # Fillings of others may lie over it: then it shows in a blend of both colours.
            masks = [near(picture.image, _blend(rgb_of(o.colour), c, o.fill), _BLENDED) for o in above]
            mask = np.logical_or.reduce([near(picture.image, c, _LINE), *masks]) & disc
            read[hex_of(c)] = _outline(picture, web, y, c, mask) if _is_thin(mask) else None
    outlines = [outline for outline in read.values() if outline is not None]
    own = [o for o in outlines if not _is_mixed(o, outlines, picture.background)]
    return _stacked(picture, web, own)


def _is_mixed(outline: Radar, others: Sequence[Radar], background: Colour) -> bool:
    """Whether an outline has the colour in which one filling shows over another's line or filling."""
    own = rgb_of(outline.colour)
    for above, below in permutations([o for o in others if o is not outline], 2):
        line, fill = rgb_of(below.colour), _blend(rgb_of(below.colour), background, below.fill)
        mixed = [_blend(rgb_of(above.colour), under, above.fill) for under in (line, fill)]
        if above.fill and any(np.abs(own - shade).max() <= _BLENDED for shade in mixed):
            return True
    return False


def _is_shade(colour: Colour, full: Colour, background: Colour) -> bool:
    """Whether a colour is another one of its hue blended with the background."""
    if _hue_gap(colour, full) >= _ONE_HUE:
        return False
    way, off = (full - background).astype(float), (colour - background).astype(float)
    along = float(off @ way) / max(1.0, float(way @ way))
    return float(np.abs(off - along * way).max()) <= _OFF_BLEND


def _lines(image: Image, colour: Colour, disc: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where lines of a colour are, without a filling of nearly the same; nowhere where it only fills."""
    wide, narrow = (np.asarray(near(image, colour, slack) & disc) for slack in (_LINE, _TIGHT))
    return wide if _is_thin(wide) else narrow if _is_thin(narrow) else np.zeros_like(disc)


def _is_thin(mask: NDArray[np.bool_]) -> bool:
    """Whether a mask is lines and markers."""
    solid = cv2.erode(mask.astype(np.uint8), np.ones((_THICK, _THICK), np.uint8))
    return bool(solid.sum() <= _SOLID_SHARE * mask.sum())


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
    width = _width(picture, web, colour, radii)
    marked = marker > _MARKED * width
    return Radar(
        colour=hex_of(colour),
        values=tuple(rounded(y.value(0.0, web.radius, r), slack) for r in radii),
        fill=_opacity(picture, web, colour, radii, width),
        width=max(_THINNEST, round(width * points / _THINNEST) * _THINNEST),
        marker="o" if marked else "",
        marker_size=round(max(1.0, (marker + _RIM) * points - _MARKER_EDGE), 1) if marked else _USUAL_MARKER,
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


def _opacity(picture: Scene, web: Web, colour: NDArray[np.int_], radii: list[float], width: float) -> float:
    """How much of its colour fills an outline: how what lies inside of its sides differs from the outside.

    Another filling over both sides takes from the difference: so the clearest that many places show counts.
    """
    sides = [_shares(picture, colour, *side) for side in _beside(web, radii, width)]
    shares = np.concatenate([np.zeros(0), *sides])
    found = 0.0
    for share in np.unique(shares.round(2)):
        agree = shares[np.abs(shares - share) <= _PEAK]
        if share >= _SHOWN and len(agree) >= _FILLED * len(shares):
            found = float(np.median(agree))
    return round(found, 2) if found >= _SHOWN else 0.0


def _beside(
    web: Web, radii: list[float], width: float
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Of each side, places right inside and right outside of it, opposite each other."""
    corners = web.points(radii)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        long = float(np.hypot(*(end - start)))
        count = int(long / _EVERY)
        if count < 1:
            continue
        along = start + np.linspace(_CLEAR_ENDS, 1 - _CLEAR_ENDS, count)[:, None] * (end - start)
        normal = np.array([start[1] - end[1], end[0] - start[0]]) / long
        inwards = float((np.array([web.x, web.y]) - start) @ normal)
        step = normal * np.sign(inwards) * (width / 2 + _BESIDE)
        if abs(inwards) > 2 * np.hypot(*step):
            yield along + step, along - step


def _shares(
    picture: Scene, colour: NDArray[np.int_], inside: NDArray[np.float64], outside: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The share of a colour in what lies inside over what lies outside, where it is one blend of both."""
    here, there = _at(picture, inside), _at(picture, outside)
    way = colour - there
    share = ((here - there) * way).sum(axis=1) / np.maximum(1.0, (way * way).sum(axis=1))
    off = np.abs(here - there - share[:, None] * way).max(axis=1)
    known = (off < _BLEND) & (np.abs(way).max(axis=1) >= _TOLD) & (share < _SOLID)
    return np.asarray(share[known])


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


def _width(picture: Scene, web: Web, colour: Colour, radii: list[float]) -> float:
    """Pixels: how much of the colour lies across the sides, blended rims in part, over what is beside."""
    found: list[float] = []
    for inside, outside in _beside(web, radii, 1.0):
        way = (colour - picture.background).astype(float)
        steps = np.linspace(0, 1, _ACROSS)
        shares = np.stack(
            [
                (_at(picture, outside + t * (inside - outside)) - picture.background)
                @ way
                / max(1.0, way @ way)
                for t in steps
            ],
            axis=1,
        ).clip(0, 1)
        ground = np.maximum(shares[:, 0], shares[:, -1])[:, None].clip(0, _SOLID)
        over = ((shares - ground) / (1 - ground)).clip(0, 1)
        seen = over.max(axis=1) > _SEEN_LINE
        long = float(np.hypot(*(inside[0] - outside[0])))
        found += (over[seen].mean(axis=1) * long).tolist()
    return float(np.median(found)) if found else 0.0


def _at(picture: Scene, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The colours at some places."""
    high, wide = picture.image.shape[:2]
    columns, rows = (places[:, axis].round().astype(int) for axis in (0, 1))
    return np.asarray(picture.image[rows.clip(0, high - 1), columns.clip(0, wide - 1)].astype(float))
