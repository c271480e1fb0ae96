"""Reads radar charts: spokes at even angles from one centre, rings across them, and outlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.findings import Found, Picture
from critic.marks.radar import Radar
from critic.marks.scales import CategoryScale, LinearScale, Tick
from critic.marks.texts import Text
from critic.reading.chart.colours import far, hex_of, near, palette, saturation
from critic.reading.chart.description import Axes
from critic.reading.chart.numbers import fit, number_of, rounded
from critic.reading.chart.words import centre
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.polar import Polar

_PALE = 8
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
_TICKS = 9
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
_VIVID = 40
"""Saturation of a colour that draws data; grids are grey."""
_LINE = 60
"""Levels by which an outline's colour may be off where fillings lie over it."""
_LEAST = 60
"""Pixels of the shortest outline."""
_USUAL_SIZE = 10.0
"""Points, of the numbers at rings."""
_FINE = 0.1
"""Pixels to which values are written."""
_BLEND, _FAINT, _SOLID = 10, 0.04, 0.9
"""Levels by which a filling may be off the blend of its colour with the background, and shares of it."""
_UNEVEN = 0.15
"""Share of a step by which rings may stand unevenly."""
_NUMBERS = 1.25
"""Radii from the centre within which numbers belong to rings."""
_SHOWN = 0.1
"""Opacity from which it is one: grids are tinted too."""
_FILLED = 0.12
"""Share of the inside of an outline that must show its filling: others may lie over most of it."""
_TURN = 360.0
_ON_RIM = 2
"""Pixels from the rim within which the last ring is the rim: each was found to a pixel."""
_STEPPED = 3
"""Rings from which the last one can be off the step of the others."""
_NAME_REACH = 34
"""Pixels from the end of a spoke within which its name begins: the room of tick labels beside any axes."""
_ONE_HUE = 14
"""Of OpenCV's 180 steps of hue, within which colours are one outline's, blended with what lies below it."""
_SEEN, _AGREED = 8, 6
"""Of the 28 rays between two spokes, those on which an outline must be seen, and those that must agree on its
side: another outline may cover or cross it on most."""
_PARALLEL = 1e-6
"""Cosine below which a side runs along its spoke and does not meet it."""
_OFF_SIDE = 2
"""Pixels that half of the points may lie off the line of a side: more than a thick line's rows wander."""


class _Web(NamedTuple):
    """Centre and radius in pixels, number of spokes, and the angle of the first."""

    x: float
    y: float
    radius: float
    spokes: int
    start: float

    def angles(self) -> NDArray[np.float64]:
        """Of all spokes, clockwise, in radians counter-clockwise from the right."""
        return np.asarray(np.radians(self.start - np.arange(self.spokes) * _TURN / self.spokes))

    def at(self, angle: float, radii: NDArray[np.float64]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
        """Columns and rows along a ray."""
        columns = np.round(self.x + radii * np.cos(angle)).astype(int)
        return columns, np.round(self.y - radii * np.sin(angle)).astype(int)


def find_radars(polar: type[Polar], picture: Picture) -> Found | None:
    """The radar chart of a picture; None where no web of spokes and rings shows."""
    web = _web(picture)
    if web is None:
        return None
    grey = cv2.cvtColor(picture.image, cv2.COLOR_RGB2GRAY).astype(np.int16)
    polygons = _rings(grey, web, polygons=True)
    circles = _rings(grey, web, polygons=False)
    round_ones = len(circles) >= len(polygons)
    rings = circles if round_ones else polygons
    if web.radius - rings[-1] <= _TICKS:
        web = web._replace(radius=rings[-1])
    box = Box(web.x - web.radius, web.y - web.radius, web.x + web.radius, web.y + web.radius)
    counted = [t for t in picture.texts if number_of(t.text) is not None]
    numbers = [t for t in counted if _away(t, web) < _NUMBERS * web.radius]
    y = _radial(web, rings, numbers)
    names = _names(web, [t for t in picture.texts if not any(t is n for n in numbers)])
    series = _outlines(picture, web, y)
    if not series:
        return None
    ticks = [
        Tick(pixel=float(k), value=float(k), label=t.text if t else "", box=t.box if t else None)
        for k, t in enumerate(names)
    ]
    named = [t for t in names if t is not None]
    sizes = [t.size for t in named] or [10.0]
    x = CategoryScale(low=0.0, high=float(web.spokes), ticks=tuple(ticks), size=float(np.median(sizes)))
    projection = polar(
        start=web.start, clockwise=True, polygons=not round_ones, grid=_grid_colour(picture, web)
    )
    axes = Axes(box=box, x=x, y=y, series=tuple(series), projection=projection)
    return Found((axes,), (*numbers, *named), (box.grown(6),))


def _away(text: Text, web: _Web) -> float:
    x, y = centre(text.box)
    return float(np.hypot(x - web.x, y - web.y))


def _web(picture: Picture) -> _Web | None:
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


def _drawings(picture: Picture) -> set[tuple[int, int, int, int]]:
    """Boxes (left, top, width, height) of the largest squarish drawings, with texts and without.

    Labels may hang on a web, and where they are painted over they may part it.
    """
    ink = far(picture.image, picture.background, _PALE)
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
                found.add((x, y, w, h))
    return found


def _is_framed(part: NDArray[np.bool_]) -> bool:
    """Whether straight lines run along most of a side: the frame of other axes; a web has no such edges."""
    rim = max(1, round(_RIM * len(part)))
    rows, columns = part.mean(axis=1), part.mean(axis=0)
    sides = (rows[:rim], rows[-rim:], columns[:rim], columns[-rim:])
    return any(float(side.max()) > _STRAIGHT for side in sides)


def _guesses(x: float, y: float, w: float, h: float) -> list[_Web]:
    """Webs that fill a box: round ones, and polygons that stand on an edge or a corner."""
    found = []
    for spokes in _SPOKES:
        radius = (max(w, h) - 1) / 2
        # Of a circle the sides tell the radius; a label may hang on its top or its foot.
        for middle in {y + h / 2 - 0.5, y + radius, y + h - 1 - radius}:
            found += [_Web(x + w / 2 - 0.5, middle, radius, spokes, start) for start in _STARTS]
        foot = -np.cos(2 * np.pi * (spokes // 2) / spokes) if spokes % 2 else 1.0
        tall = (h - 1) / (1 + foot)
        found.append(_Web(x + w / 2 - 0.5, y + tall, tall, spokes, _STARTS[0]))
    return found


def _spoked(grey: NDArray[np.int16], web: _Web) -> float:
    """How clearly spokes are lines, where none runs half way between them."""
    radii = np.linspace(0.15, 0.95, 60) * web.radius
    on = [_line_share(grey, web, float(angle), radii) for angle in web.angles()]
    half = np.pi / web.spokes
    off = [_line_share(grey, web, float(angle + half), radii) for angle in web.angles()]
    score = float(np.mean(on))
    return score if min(on) > _FAINTEST and score - float(np.mean(off)) > _CONTRAST else 0.0


def _line_share(grey: NDArray[np.int16], web: _Web, angle: float, radii: NDArray[np.float64]) -> float:
    """Share of a ray on which some pixel within one of it is darker or lighter than both sides."""
    side = np.array([np.sin(angle), np.cos(angle)])
    columns, rows = web.x + radii * np.cos(angle), web.y - radii * np.sin(angle)

    def shade(off: float) -> NDArray[np.int_]:
        c = np.round(columns + off * side[0]).astype(int).clip(0, grey.shape[1] - 1)
        r = np.round(rows + off * side[1]).astype(int).clip(0, grey.shape[0] - 1)
        return np.asarray(grey[r, c], dtype=np.int_)

    left, right = shade(-_BESIDE), shade(_BESIDE)
    seen = np.zeros(len(radii), bool)
    for off in (-1.0, 0.0, 1.0):
        here = shade(off)
        seen |= (np.abs(here - left) > _STEP) & (np.abs(here - right) > _STEP)
    return float(seen.mean())


def _rings(grey: NDArray[np.int16], web: _Web, *, polygons: bool) -> list[float]:
    """Radii, along the spokes, of the rings: where lines run across most rays."""
    half = np.pi / web.spokes
    turns = np.linspace(-half, half, 15)[1:-1]
    radii = np.arange(6.0, web.radius + 1.5, 0.5)
    seen = np.zeros(len(radii))
    for angle in web.angles() - half:
        for turn in turns:
            reach = np.cos(half) / np.cos(turn) if polygons else 1.0
            ray = float(angle + turn)

            def shade(off: float, ray: float = ray, reach: float = reach) -> NDArray[np.int_]:
                c, r = web.at(ray, radii * reach + off)
                at_rows, at_columns = r.clip(0, grey.shape[0] - 1), c.clip(0, grey.shape[1] - 1)
                return np.asarray(grey[at_rows, at_columns], dtype=np.int_)

            here, inner, outer = shade(0.0), shade(-float(_BESIDE)), shade(float(_BESIDE))
            seen += (np.abs(here - inner) > _STEP) & (np.abs(here - outer) > _STEP)
    share = seen / (web.spokes * len(turns))
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
    if not found or web.radius - found[-1] > _TICKS:
        found.append(web.radius)
    return found


def _radial(web: _Web, rings: list[float], numbers: Sequence[Text]) -> LinearScale:
    """Values outwards, by the numbers beside the rings; shares of the radius where there are none."""
    pairs = []
    for text in numbers:
        away, value = _away(text, web), number_of(text.text)
        ring = min([0.0, *rings], key=lambda r: abs(r - away))
        ring = ring if len(rings) > 1 else away
        if value is not None:
            pairs.append((ring, value))
    mapping = fit(sorted(set(pairs)))
    if mapping is None:
        step = 1.0 / len(rings)
        ticks = [Tick(pixel=r, value=round((k + 1) * step, 4)) for k, r in enumerate(rings)]
        return LinearScale(low=0.0, high=1.0, ticks=tuple(ticks), side="left")
    written = dict(zip((pair[0] for pair in pairs), numbers, strict=False))
    ticks = []
    for ring in _even(rings):
        value = rounded(mapping.value(ring), 2.0 * mapping.per_pixel)
        box = written[ring].box if ring in written else None
        ticks.append(Tick(pixel=ring, value=value, label=f"{value:g}", box=box))
    # Single digits tell their size badly.
    size = min(float(np.median([t.size for t in numbers])), _USUAL_SIZE)
    low = rounded(mapping.value(0.0), 2.0 * mapping.per_pixel)
    high = mapping.value(web.radius)
    high = ticks[-1].value if abs(ticks[-1].pixel - web.radius) <= _ON_RIM else high
    return LinearScale(low=low, high=high, ticks=tuple(ticks), side="left", size=size)


def _even(rings: list[float]) -> list[float]:
    """Rings without a last one that does not go on at the step of the others: the rim is no ring then."""
    if len(rings) < _STEPPED:
        return rings
    step = float(np.median(np.diff(rings[:-1])))
    return rings if abs(rings[-1] - rings[-2] - step) <= _UNEVEN * step else rings[:-1]


def _names(web: _Web, texts: Sequence[Text]) -> list[Text | None]:
    """The text at the end of each spoke, as far as there is one."""
    found: list[Text | None] = []
    for angle in web.angles():
        x, y = web.x + web.radius * np.cos(angle), web.y - web.radius * np.sin(angle)
        near_ones = [
            (gap, index)
            for index, t in enumerate(texts)
            if (
                gap := float(np.hypot(max(t.box.x0 - x, x - t.box.x1, 0), max(t.box.y0 - y, y - t.box.y1, 0)))
            )
            < _NAME_REACH
            and not any(t is other for other in found)
        ]
        found.append(texts[min(near_ones)[1]] if near_ones else None)
    return found


def _grid_colour(picture: Picture, web: _Web) -> str:
    """The colour of the spokes beyond what is drawn: the median of their outer ends."""
    samples = []
    for angle in web.angles():
        c, r = web.at(float(angle), np.linspace(0.8, 0.97, 12) * web.radius)
        shades = picture.image[r.clip(0, picture.image.shape[0] - 1), c.clip(0, picture.image.shape[1] - 1)]
        samples += [shade for shade in shades if int(shade.max()) - int(shade.min()) < _VIVID]
    inked = [s for s in samples if np.abs(s.astype(int) - picture.background).max() > _PALE]
    return hex_of(np.median(inked, axis=0).round().astype(int)) if inked else "#b0b0b0"


def _outlines(picture: Picture, web: _Web, y: LinearScale) -> list[Radar]:
    """One outline for each hue, in its strongest colour."""
    high, wide = picture.image.shape[:2]
    rows, columns = np.mgrid[0:high, 0:wide]
    disc = np.hypot(columns - web.x, rows - web.y) <= web.radius + 2
    pixels = picture.image[disc]
    colours = [c for c, n in palette(pixels, picture.background, _LEAST, 24) if saturation(c) >= _VIVID]
    strong: list[NDArray[np.int_]] = []
    for c in sorted(colours, key=lambda c: -saturation(c)):
        if not any(_hue_gap(c, other) < _ONE_HUE for other in strong):
            strong.append(c)
    found = []
    for c in strong:
        mask = near(picture.image, c, _LINE) & disc
        radii = _corners(mask, web)
        if radii is None:
            continue
        values = tuple(
            rounded(y.value(0.0, web.radius, r), _FINE * y.per_pixel(0.0, web.radius)) for r in radii
        )
        found.append(
            Radar(
                colour=hex_of(c),
                values=values,
                fill=_opacity(picture, web, c, radii),
                width=_width(mask, web, radii, picture.dpi),
            )
        )
    return found


def _hue_gap(one: NDArray[np.int_], other: NDArray[np.int_]) -> float:
    pair = np.array([[one, other]], np.uint8)
    hues = cv2.cvtColor(pair, cv2.COLOR_RGB2HSV)[0, :, 0].astype(int)
    gap = abs(int(hues[0]) - int(hues[1]))
    return float(min(gap, 180 - gap))


def _corners(mask: NDArray[np.bool_], web: _Web) -> list[float] | None:
    """Radii at the spokes: where the straight lines through what is seen between them meet."""
    step = 2 * np.pi / web.spokes
    ends: list[list[float]] = [[] for _ in range(web.spokes)]
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
        for at, spoke in ((index, angle), ((index + 1) % web.spokes, angle - step)):
            across = line[0] * np.cos(spoke) + line[1] * np.sin(spoke)
            if abs(across) > _PARALLEL and 0 <= line[2] / across <= 1.1 * web.radius:
                ends[at].append(line[2] / across)
    if sum(bool(e) for e in ends) < web.spokes:
        return None
    return [float(np.mean(e)) for e in ends]


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


def _opacity(picture: Picture, web: _Web, colour: NDArray[np.int_], radii: list[float]) -> float:
    """How much of its colour fills an outline: what shows most often inside of it, off all lines."""
    angles = web.angles()
    x, y = web.x + np.array(radii) * np.cos(angles), web.y - np.array(radii) * np.sin(angles)
    inside = np.zeros(picture.image.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.stack([x, y], axis=1).round().astype(np.int32)], 1)
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


def _width(mask: NDArray[np.bool_], web: _Web, radii: list[float], dpi: float) -> float:
    """Points: the ink of the outline over its length."""
    angles = web.angles()
    x, y = np.array(radii) * np.cos(angles), np.array(radii) * np.sin(angles)
    length = float(np.hypot(np.diff([*x, x[0]]), np.diff([*y, y[0]])).sum())
    return max(0.5, round(float(mask.sum()) / max(1.0, length) * 72 / dpi * 2) / 2)
