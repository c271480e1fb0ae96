"""Broken lines: dashes and dots chained end to end, each an exact piece of its line.

A column cuts the dashes of a steep line aslant, and often several of them: they are followed as what they
are, straight bits of one width, whichever way they run.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from critic.reading.chart.dashes import Style
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.tracks import Shares

Path = NDArray[np.float64]

NAMED: dict[Style, tuple[float, ...]] = {
    "--": (3.7, 1.6),
    ":": (1.0, 1.65),
    "-.": (6.4, 1.6, 1.0, 1.6),
}
"""Matplotlib's styles: lengths drawn and left out, in line widths."""
_LEAST = 5
"""So many dashes make a broken line."""
_DASH = 16.0
"""Line widths of the longest dash."""
_BENT = 0.6
"""Pixels of spread across a straight dash that its blended rim and a slight bend add to its width's."""
_ELBOW, _CORNER = 0.15, 0.07
"""Spread across a bent dash by its length: of the sharpest bend, and of one that is a corner, not a curve."""
_LONG = 1.6
"""Times its width that a dash is long whose direction shows."""
_REACH = 40.0
"""Pixels of line that other ink may cover."""
_STRAIGHT, _TURNING, _BEND = 0.97, 0.75, 0.3
"""Cosines of the angles by which a line may turn: over a wide gap, over a usual one, and at a dot."""
_SLICE = 5.0
"""Pixels along a dash that give a place on it."""
_BARE = 40
"""Levels from the face within which a gap is empty."""
_SOME_INK = 0.5
"""Ink, in pixels, from which a blob's spread or the middle of a slice says something."""
_UPRIGHT = 2
"""Pixels from side to side up to which a chain is upright."""
_NARROWEST = 0.5
"""Pixels of the usual gap at least: less is no gap between two blobs."""
_MOST = 0.6
"""Share of the gaps that are most of them: crossings spoil some."""
_PARALLEL = 0.1
"""Sine of the angle between dashes that do not meet anywhere near."""
_SLICES = 2
"""Slices from which a dash has several places."""
_TRACE = 0.02
"""Share of ink that a pixel shows at least; what has less may be the face."""
_DOTTED, _MOST_DOTTED = 0.3, 0.75
"""Share of the dashes that are dots where both take turns: one of two, or two of three."""
_TWO_DOTS = 0.6
"""Share of dots from which two follow each dash: between a half and two thirds."""
_STROKE = 2
"""Lengths of a pattern that make one stroke: what is drawn, and what is left out."""
_SHORTEST_DASH = 1.9
"""Line widths from which a stroke is a dash: a dot is one long, and blending prolongs it."""
_WHOLE, _FINE = 0.25, 0.75
"""Line widths from a whole number within which a length is one, and the length below which none is."""
_ENDS = 2
"""Points of a path that leads anywhere."""


class Broken(NamedTuple):
    """A broken line.

    Attributes:
        path: Its course in pixels of the plot area, from one end to the other.
        stroke: Its width in pixels.
        style: The nearest named one.
        pattern: Lengths drawn and left out in turn, in line widths, where no named style has them.
        mask: Its pixels.
    """

    path: Path
    stroke: float
    style: Style
    pattern: tuple[float, ...]
    mask: Mask


class _Blobs(NamedTuple):
    """What hangs together in a mask, by label: middle, ink, direction, spread across it and box."""

    labels: NDArray[np.int_]
    shares: Shares
    middle: Path
    ink: NDArray[np.float64]
    way: Path
    across: NDArray[np.float64]
    boxes: NDArray[np.int_]


def broken_lines(plot: Plot, mask: Mask, shares: Shares) -> list[Broken]:
    """The broken lines of one colour."""
    blobs = _blobs(mask, shares)
    if len(blobs.ink) <= _LEAST:
        return []
    stroke = _width(blobs)
    length = blobs.ink / stroke
    short = (length < _DASH * stroke) & (length > 0.4 * stroke)
    fits = short & (blobs.across < 0.4 * stroke + _BENT + _ELBOW * length)
    dashes = [k for k in range(1, len(blobs.ink)) if fits[k]]
    found = []
    for chain in _chains(blobs, dashes, length, stroke):
        middles = blobs.middle[chain]
        apart = np.hypot(*np.diff(middles, axis=0).T)
        gaps = apart - (length[chain][:-1] + length[chain][1:]) / 2
        if not _is_even(gaps, stroke) or not _are_bare(plot, middles, length[chain], gaps):
            continue
        style, own = style_of(_pattern(length[chain], gaps, stroke))
        path = _path(chain, blobs, length, stroke)
        found.append(Broken(path, stroke, style, own, np.asarray(np.isin(blobs.labels, chain))))
    return found


def _blobs(mask: Mask, shares: Shares) -> _Blobs:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    # The palest pixels around a blob are its own too.
    around = cv2.dilate(labels.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int64)
    rows, columns = np.where((around > 0) & (shares > 0))
    own, weights = around[rows, columns], shares[rows, columns]
    ink = np.asarray(np.bincount(own, weights, count), dtype=np.float64)

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(own, weights * values, count) / np.maximum(ink, 1e-9))

    x, y = mean(columns + 0.5), mean(rows + 0.5)
    right, down = columns + 0.5 - x[own], rows + 0.5 - y[own]
    xx, yy, xy = mean(right * right), mean(down * down), mean(right * down)
    angle = np.arctan2(2 * xy, xx - yy) / 2
    return _Blobs(
        labels=np.asarray(labels, dtype=np.int_),
        shares=shares,
        middle=np.stack([x, y], axis=1),
        ink=ink,
        way=np.stack([np.cos(angle), np.sin(angle)], axis=1),
        across=np.sqrt(np.maximum(0.0, (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy))),
        boxes=np.asarray(stats[:, :4], dtype=np.int_),
    )


def _width(blobs: _Blobs) -> float:
    """Pixels across most blobs, from the spread of their ink, to which a pixel's own adds."""
    usual = float(np.median(blobs.across[1:][blobs.ink[1:] > _SOME_INK]))
    return float(np.sqrt(max(12 * usual * usual - 1, 0.4)))


def _chains(blobs: _Blobs, dashes: list[int], length: NDArray[np.float64], stroke: float) -> list[list[int]]:
    """Dashes linked end to end, nearest and straightest first."""
    if len(dashes) < _LEAST:
        return []
    places = blobs.middle[dashes]
    long = {k: length[k] > _LONG * stroke + 0.5 and not _is_bent(blobs, k, stroke) for k in dashes}
    tree = cKDTree(places)
    own = length[dashes]
    apart, nearest = (found[:, 1] for found in tree.query(places, k=2))
    usual = 1.5 * float(np.median(apart - (own + own[nearest]) / 2)) + 2.0
    reach = float(length[dashes].max()) + _REACH
    offers = []
    for a, b in tree.query_pairs(reach):
        i, j = dashes[a], dashes[b]
        way = places[b] - places[a]
        distance = float(np.hypot(*way))
        way = way / max(distance, 1e-9)
        gap = distance - (length[i] + length[j]) / 2
        turns = [abs(float(blobs.way[k] @ way)) if long[k] else 1.0 for k in (i, j)]
        limit = 0.0 if gap <= usual else _STRAIGHT
        if min(turns) >= limit and gap <= _REACH:
            # A corner in a gap is the last thing to think of.
            offers.append((gap + 15 * (2 - sum(turns)) + 100 * (min(turns) < _TURNING), gap <= usual, i, j))
    links: dict[int, list[int]] = {k: [] for k in dashes}
    chain = {k: k for k in dashes}
    for _, close, i, j in sorted(offers):
        if chain[i] == chain[j] or not (
            _takes(i, j, links, blobs, long, close) and _takes(j, i, links, blobs, long, close)
        ):
            continue
        links[i].append(j)
        links[j].append(i)
        old, new = chain[i], chain[j]
        chain = {k: new if c == old else c for k, c in chain.items()}
    return [found for found in _walked(links, blobs) if len(found) >= _LEAST]


def _is_bent(blobs: _Blobs, label: int, stroke: float) -> bool:
    return bool(blobs.across[label] > 0.4 * stroke + _BENT)


def _takes(
    one: int, other: int, links: dict[int, list[int]], blobs: _Blobs, long: dict[int, bool], close: bool
) -> bool:
    """Whether a dash is free on the side of another; a dot has no sides, but the line runs on."""
    if len(links[one]) != 1:
        return not links[one]
    before = blobs.middle[one] - blobs.middle[links[one][0]]
    after = blobs.middle[other] - blobs.middle[one]
    if long[one]:
        return float((before @ blobs.way[one]) * (after @ blobs.way[one])) > 0
    bent = blobs.across[one] > _CORNER * np.hypot(*blobs.boxes[one, 2:])
    least = -_TURNING if bent else (_BEND if close else _TURNING)
    return float(before @ after) > least * float(np.hypot(*before) * np.hypot(*after))


def _walked(links: dict[int, list[int]], blobs: _Blobs) -> list[list[int]]:
    """Each chain from its left end, or its lower one where it is upright."""
    found = []
    seen: set[int] = set()
    for start in (k for k, linked in links.items() if len(linked) == 1):
        if start in seen:
            continue
        chain = [start]
        while following := [k for k in links[chain[-1]] if k not in chain[-2:]]:
            chain.append(following[0])
        seen |= set(chain)
        x, y = blobs.middle[chain[-1]] - blobs.middle[chain[0]]
        found.append(chain if (x > 0 if abs(x) > _UPRIGHT else y < 0) else chain[::-1])
    return found


def _is_even(gaps: NDArray[np.float64], stroke: float) -> bool:
    """Whether most gaps are alike; crossings hide some dashes, so that a few are wider."""
    usual = float(np.median(gaps))
    return usual > _NARROWEST and float((np.abs(gaps - usual) < 1.2 + 0.25 * usual).mean()) > _MOST


def _are_bare(plot: Plot, middles: Path, length: NDArray[np.float64], gaps: NDArray[np.float64]) -> bool:
    """Whether nothing else is drawn in most of the usual gaps."""
    bare = []
    for k, gap in enumerate(gaps):
        if gap > 1.5 * np.median(gaps) + 2:
            continue
        way = middles[k + 1] - middles[k]
        at = middles[k] + way / max(float(np.hypot(*way)), 1e-9) * (length[k] + gap) / 2
        column, row = (int(np.clip(v, 0, n - 1)) for v, n in zip(at, plot.hidden.shape[::-1], strict=True))
        # What is blended with the ends of the dashes may be half ink.
        ends = plot.pixels[[int(middles[k][1]), row], [int(middles[k][0]), column]].astype(int)
        away = np.abs(ends - plot.face).max(axis=1)
        bare.append(away[1] < max(_BARE, 0.6 * away[0]))
    return float(np.mean(bare)) > _MOST


def _path(chain: list[int], blobs: _Blobs, length: NDArray[np.float64], stroke: float) -> Path:
    """Places along a chain, from the begin of its first dash to the end of its last."""
    middles = blobs.middle[chain]
    ways = np.gradient(middles, axis=0)
    pieces: list[Path] = []
    for k, (label, way) in enumerate(zip(chain, ways, strict=True)):
        if 0 < k < len(chain) - 1 and blobs.across[label] > _CORNER * length[label] + 0.4 * stroke:
            corner = _corner(blobs, chain[k - 1], chain[k + 1], middles[k], length[label])
            pieces += [corner] if corner is not None else []
        else:
            pieces.append(_slices(label, way, blobs, length[label]))
        if k < len(chain) - 1 and abs(float(blobs.way[label] @ blobs.way[chain[k + 1]])) < _TURNING:
            between, reach = (
                (middles[k] + middles[k + 1]) / 2,
                float(np.hypot(*(middles[k + 1] - middles[k]))),
            )
            corner = _corner(blobs, label, chain[k + 1], between, 0.6 * reach)
            pieces += (
                [corner] if corner is not None and min(length[[label, chain[k + 1]]]) > 2 * stroke else []
            )
    ends = []
    for at, inner, dash in ((0, 1, chain[0]), (-1, -2, chain[-1])):
        way = middles[at] - middles[inner]
        ends.append(middles[at] + way / max(float(np.hypot(*way)), 1e-9) * length[dash] / 2)
    return np.concatenate([ends[:1], *pieces, ends[1:]])


def _corner(blobs: _Blobs, before: int, after: int, near: Path, reach: float) -> Path | None:
    """Where two dashes meet, if near a place."""
    ways = np.stack([blobs.way[before], -blobs.way[after]], axis=1)
    if abs(np.linalg.det(ways)) < _PARALLEL:
        return None
    along = np.linalg.solve(ways, blobs.middle[after] - blobs.middle[before])
    place = blobs.middle[before] + along[0] * blobs.way[before]
    return np.asarray(place[None]) if np.hypot(*(place - near)) <= reach else None


def _slices(label: int, way: Path, blobs: _Blobs, length: float) -> Path:
    """Places on a dash in the direction given: of a long one several, middles of slices across it."""
    middle, stroke = blobs.middle[label], float(blobs.ink[label]) / length
    count = int((length - stroke) // _SLICE)
    if count < _SLICES:
        return np.asarray(middle[None])
    x, y, w, h = blobs.boxes[label].tolist()
    top, left = max(0, y - 1), max(0, x - 1)
    labels, shares = (v[top : y + h + 1, left : x + w + 1] for v in (blobs.labels, blobs.shares))
    rows, columns = np.where((shares > _TRACE) & ((labels == label) | (labels == 0)))
    ink = shares[rows, columns]
    at = np.stack([columns + left + 0.5, rows + top + 0.5], axis=1) - middle
    own = blobs.way[label] * (1 if blobs.way[label] @ way >= 0 else -1)
    # Within the ends, which are cut off square.
    bins = np.floor(((at @ own) / (length - stroke) + 0.5) * count).astype(int)
    kept = (bins >= 0) & (bins < count)
    weight = np.bincount(bins[kept], ink[kept], count)
    places = np.stack([np.bincount(bins[kept], (ink * at[:, k])[kept], count) for k in (0, 1)], axis=1)
    filled = weight > _SOME_INK
    return np.asarray(middle + places[filled] / weight[filled, None])


def _pattern(drawn: NDArray[np.float64], gaps: NDArray[np.float64], stroke: float) -> tuple[float, ...]:
    """Lengths drawn and left out in turn, in line widths: a dash, and the dots that follow it.

    Some are shorter, at crossings and ends, so that the usual lengths count, not their order.
    """
    usual = float(np.median(gaps))
    short, long = (float(v) for v in np.percentile(drawn[1:-1], (20, 80)))
    dotted = drawn[1:-1] < (short + long) / 2
    if long < 1.7 * short or not _DOTTED < dotted.mean() < _MOST_DOTTED:
        lengths = [float(np.median(drawn)), usual]
    else:
        dots = 2 if dotted.mean() > _TWO_DOTS else 1
        lengths = [float(np.median(drawn[1:-1][~dotted])), usual]
        lengths += [float(np.median(drawn[1:-1][dotted])), usual] * dots
    return tuple(length / stroke for length in lengths)


def style_of(pattern: Sequence[float]) -> tuple[Style, tuple[float, ...]]:
    """The named style of a pattern and, where it is clearly another of its kind, its lengths."""
    turned = [(*pattern[k:], *pattern[:k]) for k in range(0, len(pattern), _STROKE)]
    longest = max(turned, key=lambda lengths: lengths[0])
    name: Style = "-." if len(pattern) > _STROKE else ("--" if pattern[0] > _SHORTEST_DASH else ":")
    usual = NAMED[name]
    if len(usual) == len(longest) and all(
        abs(a - b) < 0.3 + 0.15 * b for a, b in zip(longest, usual, strict=True)
    ):
        return name, ()
    return name, tuple(_round(length) for length in longest)


def _round(length: float) -> float:
    return (
        float(round(length)) if abs(length - round(length)) < _WHOLE and length >= _FINE else round(length, 1)
    )


def evened(path: Path) -> Path:
    """A path that runs to the right at every column; another as it is."""
    if len(path) < _ENDS or any(b <= a for a, b in itertools.pairwise(path[:, 0].tolist())):
        return path
    columns = np.unique(np.concatenate([np.arange(np.ceil(path[0, 0]), path[-1, 0]), path[:, 0]]))
    return np.stack([columns, np.interp(columns, path[:, 0], path[:, 1])], axis=1)
