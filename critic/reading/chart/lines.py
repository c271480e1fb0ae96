"""Lines: their points, width, dashes and markers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.broken import Broken, broken_lines, evened
from critic.reading.chart.colours import Colour, far, hex_of
from critic.reading.chart.dashes import Style, broken_along, pattern_of
from critic.reading.chart.description import Line
from critic.reading.chart.frames import runs
from critic.reading.chart.markers import SNAP, Markers, drawn, find_markers
from critic.reading.chart.missed_points import runs_on, with_cut_ends, with_missed, with_run_on
from critic.reading.chart.numbers import rounded
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.polylines import corners, simplified
from critic.reading.chart.tracks import Shares, Track, follow, joined, lengths_of, shares_of, traced

_THICK = 6.0
"""Pixels: of a thicker line enough pixels are solid."""
_MOST = 10
"""Lines of one colour; beyond them are pieces of something else."""
_INKED = 90
"""Levels from the face at which a pixel between two dashes shows other ink."""
_LEAST_COLUMNS = 6
"""Columns of the shortest line."""
_LEAST_MARKERS = 3
"""Markers of one line at least: two alike blobs may be anything."""
_BARE, _STRAY = 0.1, 0.25
"""Shares of a colour that lie off its markers: from the first a line shows, where no pairs of them tell; up
to the second there are markers alone, and rims and crossings besides."""
_MARKERS_ONLY = 0.5
"""Share of a colour's ink, blends with it, that is in full colour: below it lines are blends all along."""
_LEAST_FREE = 3
"""Pairs of markers with a way between them at least, for these to tell whether a line joins them."""
_FILLED, _FILLED_ON_LINE = 0.9, 0.96
"""How full of the colour markers are: on a line fuller, whose thick corners may be taken for them."""
_LEAST_EVEN = 5
"""Markers from which steps may be called even."""
_LEAST_STEP = 2
"""Working pixels of an even step at least: below it rounding makes any steps even."""
_OFF = 0.7
"""Working pixels that half the markers may lie off their even places: they are snapped to whole pixels."""
_OWN = 0.42
"""Share of the colour from which a pixel belongs to a thin stroke: two pixels may share one evenly."""
_ALONGSIDE, _REPEATED = 2.5, 0.6
"""Working pixels between the rows of two tracks of one line, and the share of columns where they are."""
_BLENDED = 3
"""Working pixels above and below a stroke that hold all of its blended rim."""
_FEW_WIDTHS = 4
"""Columns with a free stroke of which no width can be taken yet."""
_LEAST_BETWEEN = 8
"""Working pixels between two markers' middles from which the line between them is measured."""
_NO_INK, _INK = 0.1, 0.5
"""Shares of the colour at both ends across a line, where it has ended, and at its middle."""
_LEAST_MIDDLES = 2
"""Places at which the line between markers is measured, at least."""
_JOINED = 0.5
"""Share of the way between two markers that shows ink where a line joins them, a dashed one too, and of the
pairs that are so joined."""
_LEAST_BREAKS = 5
"""Breaks of a dashed line at least: what crosses a solid one makes fewer."""
_COVERED = 0.5
"""Share of the breaks that other ink covers, above which they are no gaps between dashes."""
_WIDTHS = (0.5, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
_BESIDE = 2
"""Pixels across a line within which its ink lies beside the way between two markers: these are off too."""


def read_lines(plot: Plot, colour: Colour, mask: Mask) -> Iterator[list[Line]]:
    """All lines of one colour: as one with markers, where there may be any, and as lines without."""
    stroke = _stroke(plot, colour, mask)
    inked = far(plot.pixels, plot.face, 24) | plot.hidden
    marked = _with_markers(plot, colour, mask, stroke, inked)
    if marked is not None:
        yield [marked]
    yield _without_markers(plot, colour, mask, stroke, inked)


def _without_markers(plot: Plot, colour: Colour, mask: Mask, stroke: float, inked: Mask) -> list[Line]:
    shares = shares_of(plot, colour)
    if stroke < _THICK:
        mask = _softened(mask, shares)
    broken = broken_lines(plot, mask, shares)
    for line in broken:
        mask = np.asarray(mask & ~line.mask)
    kept: list[Track] = []
    for track in sorted(joined(follow(mask), inked), key=lambda t: -len(t.columns)):
        span = track.columns[-1] - track.columns[0]
        long = len(track.columns) >= _LEAST_COLUMNS and span >= 0.08 * mask.shape[1]
        if long and len(kept) < _MOST and not any(_repeats(track, k) for k in kept):
            kept.append(track)
    whole = [_line(plot, colour, track, stroke, shares) for track in kept]
    return [*whole, *(_broken(plot, colour, line) for line in broken)]


def _with_markers(plot: Plot, colour: Colour, mask: Mask, stroke: float, inked: Mask) -> Line | None:
    """A line with markers; crowded ones make the line look thicker than it is, so thinner ones are tried."""
    shares = shares_of(plot, colour)
    soft, inner, blends = _softened(mask, shares), mask, _blends(mask, shares)
    if mask.sum() < _MARKERS_ONLY * blends.sum():
        # A line so thin that it is all blends: its full colour shows in its markers alone.
        soft = inner = blends
    for thin in (stroke, 0.6 * stroke):
        markers = find_markers(mask, thin, inked)
        if len(markers.centres) < _LEAST_MARKERS:
            continue
        ordered = markers.centres[markers.centres[:, 0].argsort()]
        around = cv2.dilate(drawn(markers, mask.shape).astype(np.uint8), np.ones((3, 3)))
        bare = float((mask & (around == 0)).sum() / mask.sum())
        free = _free_pairs(ordered, markers.size)
        line = bare > _BARE if len(free) < _LEAST_FREE else _joined(free, inner)
        filled = _fill(markers, mask, inked)
        if not line and filled > _FILLED and bare < _STRAY:
            return _marked(plot, colour, _even(ordered), 0.0, markers, soft)
        between = _across(plot, colour, ordered) or thin
        if line and filled > _FILLED_ON_LINE and markers.size > 1.35 * between + 1:
            ends = with_cut_ends(_even(ordered), mask, markers.size)
            if runs_on(ends, mask, markers.size):
                tracks = joined(follow(soft), inked)
                longest = max(tracks, key=lambda track: len(track.columns))
                path, _ = traced(longest, shares_of(plot, colour), between)
                ends = with_run_on(ends, simplified(path, between, plot.coarseness), markers.size)
            every = with_missed(ends, mask, markers.size)
            return _marked(plot, colour, every, between, markers, soft)
    return None


def _even(ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Markers at even steps across put exactly there, where all of them stand so."""
    x = ordered[:, 0]
    steps = np.diff(x)
    usual = steps[steps > 0.5 * np.median(steps)]
    if len(x) < _LEAST_EVEN or not len(usual) or usual.min() < _LEAST_STEP:
        return ordered
    step = float(np.median(usual[usual < 1.5 * np.median(usual)]))
    for _ in range(2):
        places = np.round((x - x[0]) / step)
        if len(np.unique(places)) < 0.9 * len(x):
            return ordered
        step, start = (float(v) for v in np.polyfit(places, x, 1))
    off = np.abs(start + step * places - x)
    # Centres of overlapping markers are uncertain; most must agree.
    if np.median(off) > _OFF or np.percentile(off, 85) > min(1.6, 0.35 * step):
        return ordered
    return np.stack([start + step * places, ordered[:, 1]], axis=1)


def _fill(markers: Markers, mask: Mask, inked: Mask) -> float:
    """How full of the colour the discs are, but for what other ink covers: corners of lines are not."""
    if markers.shape != "o":
        return 1.0
    discs = drawn(markers, mask.shape)
    return float((discs & mask).sum() / max(1, (discs & (mask | ~inked)).sum()))


def _softened(mask: Mask, shares: Shares) -> Mask:
    """A thin stroke's mask with the blended pixels that belong to it: a slanted one is mostly blends."""
    soft = (shares > _OWN).astype(np.uint8)
    count, labels = cv2.connectedComponents(soft, connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    solid = np.bincount(labels[mask], minlength=count)
    own = solid >= 0.15 * np.maximum(sizes, 1)
    own[0] = False
    return np.asarray(own[labels] | mask)


def _blends(mask: Mask, shares: Shares) -> Mask:
    """A mask with all of the blended ink that hangs together with it."""
    soft = (mask | (shares > _OWN)).astype(np.uint8)
    _, labels = cv2.connectedComponents(soft, connectivity=8)
    return np.asarray(np.isin(labels, np.unique(labels[mask])))


def _repeats(track: Track, other: Track) -> bool:
    """Whether a track runs along a longer one."""
    rows = np.interp(track.columns, other.columns, other.rows)
    within = (np.array(track.columns) >= other.columns[0]) & (np.array(track.columns) <= other.columns[-1])
    return bool((within & (np.abs(rows - np.array(track.rows)) < _ALONGSIDE)).mean() > _REPEATED)


def _stroke(plot: Plot, colour: Colour, mask: Mask) -> float:
    """Width of the stroke in pixels: ink over length, measured across flat and steep parts alike."""
    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)) - 1e-6) & mask
    solid = float(np.percentile(distance[ridge], 25)) * 2 - 1 if ridge.any() else 1.0
    way = (colour - plot.face).astype(float)
    share = ((plot.pixels.astype(float) - plot.face) @ way) / max(float(way @ way), 1.0)
    widths = []
    for column in range(0, mask.shape[1], 3):
        stretches = runs(mask[:, column])
        if len(stretches) == 1:
            top, bottom = stretches[0]
            if bottom - top <= solid + 1.5 and top >= _BLENDED and bottom + _BLENDED <= mask.shape[0]:
                widths.append(float(np.clip(share[top - _BLENDED : bottom + _BLENDED, column], 0, 1).sum()))
    return float(np.percentile(widths, 35)) if len(widths) > _FEW_WIDTHS else max(1.0, solid)


def _across(plot: Plot, colour: Colour, ordered: NDArray[np.float64]) -> float:
    """Width in pixels of the line between markers: ink across it at each middle; 0 where none is free."""
    way = (colour - plot.face).astype(float)
    share = ((plot.pixels.astype(float) - plot.face) @ way) / max(float(way @ way), 1.0)
    height, width = share.shape
    steps = np.arange(-5, 5.01, 0.5)
    found = []
    for (x0, y0), (x1, y1) in itertools.pairwise(ordered):
        length = float(np.hypot(x1 - x0, y1 - y0))
        if length < _LEAST_BETWEEN:
            continue
        across = np.array([-(y1 - y0), x1 - x0]) / length
        xs = ((x0 + x1) / 2 + steps * across[0] - 0.5).round().astype(int)
        ys = ((y0 + y1) / 2 + steps * across[1] - 0.5).round().astype(int)
        if xs.min() < 0 or ys.min() < 0 or xs.max() >= width or ys.max() >= height:
            continue
        profile = np.clip(share[ys, xs], 0, 1)
        if profile[0] < _NO_INK and profile[-1] < _NO_INK and profile.max() > _INK:
            found.append(float(profile.sum() * 0.5))
    return float(np.median(found)) if len(found) >= _LEAST_MIDDLES else 0.0


def snapped_width(points: float) -> float:
    """The usual line width nearest to a measured one."""
    return min(_WIDTHS, key=lambda w: abs(w - points))


Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def _free_pairs(ordered: NDArray[np.float64], size: float) -> list[Pair]:
    """Neighbouring markers so far apart that a line between them would show, cut to where it would."""
    found = []
    for one, other in itertools.pairwise(ordered):
        way = other - one
        length = float(np.hypot(*way))
        if length > 1.4 * size + 2:
            margin = (size / 2 + 1) / length * way
            found.append((one + margin, other - margin))
    return found


def _joined(pairs: list[Pair], mask: Mask) -> bool:
    """Whether ink runs between most neighbouring markers."""
    joined = 0
    for (x0, y0), (x1, y1) in pairs:
        at = np.linspace(0, 1, max(3, int(max(abs(x1 - x0), abs(y1 - y0)))))
        xs = np.clip((x0 + at * (x1 - x0)).astype(int), 1, mask.shape[1] - 2)
        ys = np.clip((y0 + at * (y1 - y0)).astype(int), 1, mask.shape[0] - 2)
        hit = [mask[y - 1 : y + 2, x - 1 : x + 2].any() for x, y in zip(xs, ys, strict=True)]
        joined += int(np.mean(hit) > _JOINED)
    return joined >= _JOINED * len(pairs)


def _marked(
    plot: Plot, colour: Colour, ordered: NDArray[np.float64], stroke: float, markers: Markers, mask: Mask
) -> Line:
    x = [_near(plot.at_x(v - SNAP), 0.3 * plot.x.per_pixel, plot.x.log) for v in ordered[:, 0]]
    y = [_near(plot.at_y(v - SNAP), 0.3 * plot.y.per_pixel, plot.y.log) for v in ordered[:, 1]]
    style: Style = ("--" if _gaps(ordered, mask) > 2 * (len(ordered) - 1) else "-") if stroke else ""
    return Line(
        colour=hex_of(colour),
        x=tuple(x),
        y=tuple(y),
        width=snapped_width(stroke * plot.points) if stroke else 1.5,
        style=style,
        marker=markers.shape,
        marker_size=marker_size(markers.side * plot.points),
    )


def _gaps(ordered: NDArray[np.float64], mask: Mask) -> int:
    """Breaks in the line between neighbouring markers, all together."""
    gaps = 0
    for (x0, y0), (x1, y1) in itertools.pairwise(ordered):
        at = np.linspace(0, 1, max(int(np.hypot(x1 - x0, y1 - y0)), 2))
        xs = np.clip((x0 + at * (x1 - x0)).astype(int), 0, mask.shape[1] - 1)
        ys = np.clip((y0 + at * (y1 - y0)).astype(int), 1, mask.shape[0] - 2)
        # Across the line there is a pixel to spare, along it there is none: that would close the breaks.
        up, aside = (_BESIDE, 0) if abs(x1 - x0) >= abs(y1 - y0) else (0, _BESIDE)
        hit = np.array(
            [
                mask[max(0, y - up) : y + up + 1, max(0, x - aside) : x + aside + 1].any()
                for x, y in zip(xs, ys, strict=True)
            ]
        )
        gaps += len(runs(~hit))
    return gaps


def marker_size(points: float) -> float:
    """Matplotlib's marker size: the diameter less its 1 point edge."""
    return max(1.0, float(round(points - 0.4)) if abs(points - 6.4) > 1 else 6.0)


def _near(value: float, slack: float, log: bool) -> float:
    return float(f"{value:.4g}") if log else rounded(value, slack)


def _line(plot: Plot, colour: Colour, track: Track, stroke: float, shares: Shares) -> Line:
    path, stroke = traced(track, shares, stroke)
    points = simplified(path, stroke, plot.coarseness)
    style = _style(plot, track, stroke)
    if style == "-":
        # Of a steep line the breaks lie within columns, and its width across them is uncertain.
        style, across = broken_along(plot, points, shares)
        stroke = across or stroke
    return _described(plot, colour, points, stroke, style)


def _broken(plot: Plot, colour: Colour, line: Broken) -> Line:
    path = evened(line.path)
    if len(path) > len(line.path):
        points = simplified(path, line.stroke, plot.coarseness)
    else:
        points = path[corners(path, plot.coarseness)]
    return _described(plot, colour, points, line.stroke, line.style, line.pattern)


def _described(
    plot: Plot,
    colour: Colour,
    points: NDArray[np.float64],
    stroke: float,
    style: Style,
    pattern: tuple[float, ...] = (),
) -> Line:
    width = snapped_width(stroke * plot.points)
    x = tuple(_near(plot.at_x(v), 0.1 * plot.x.per_pixel, plot.x.log) for v in points[:, 0])
    y = tuple(_near(plot.at_y(v), 0.1 * plot.y.per_pixel, plot.y.log) for v in points[:, 1])
    return Line(colour=hex_of(colour), x=x, y=y, width=width, style=style, dashes=pattern)


def _style(plot: Plot, track: Track, stroke: float) -> Style:
    """Solid, dashed or dotted, from the lengths of the stretches along the path."""
    columns = np.array(track.columns)
    breaks = np.where(np.diff(columns) > 1)[0]
    if (
        len(breaks) < _LEAST_BREAKS
        or len(breaks) < np.ptp(columns) / 40
        or _covered(plot, track, breaks.tolist()) > _COVERED
    ):
        return "-"
    return pattern_of(lengths_of(track), stroke)


def _covered(plot: Plot, track: Track, breaks: list[int]) -> float:
    """Share of the columns between the stretches of a track in which other ink lies over its way."""
    wide = [np.arange(track.columns[k] + 1, track.columns[k + 1]) for k in breaks]
    columns = np.concatenate(wide)
    rows = np.interp(columns, track.columns, track.rows).astype(int)
    away = np.abs(plot.pixels[rows, columns].astype(int) - plot.face).max(axis=1)
    return float(((away > _INKED) | plot.hidden[rows, columns]).mean())
