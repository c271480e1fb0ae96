"""Where the lines of an axes have their points: told by all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.knot_heights import Reals, Side

_NEAR = 5.0
"""Working pixels between two places at least: nearer corners are one, which other ink has broken."""
_SURE = 1.0
"""Weight of an end or a marker among corners, whose weight is their turn in radians."""
_LEAST_TURN = 0.05
"""Radians from which a corner is one: where pieces are joined behind other ink there are smaller ones."""
_NOISE = 0.1
"""Squared working pixels by which a pixel of a stroke is off its middle, which tells a meeting's place."""
_PARALLEL = 1e-3
"""Difference in slope below which two sides meet nowhere."""
_MOVED = 5.0
"""Working pixels that a place moves to where sides meet at most."""
_BEND = 1.0
"""Working pixels off the straight way between its neighbours from which a place is one."""
_MARKED = 0.5
"""Share of the lines at a place that show a marker there where it is one: a crossing may look like one."""
_AT_RIM, _BEYOND = 3.0, 1.5
"""Working pixels from the area's rim within which a place is on the axes' edge, and how far beyond that is:
the area is what the spines leave, without the pixel beside them."""
_FEWEST_INNER = 2
"""Places between which there is a distance."""
_OFF_EVEN = 1.2
"""Working pixels that places are off even distances at most to be so."""
_LEAST_EVEN = 4
"""Places from which their distances say something."""
_ONE_STEP = 1.3
"""How much longer than the shortest a distance of one step may be."""


class Course(NamedTuple):
    """One line on the places: the first and the last that it has, its rows, its sides, and its markers."""

    first: int
    rows: Reals
    sides: list[Side | None]
    markers: Reals


def turns(path: Reals) -> Reals:
    """How much a path turns at each of its points, in radians; its ends and gaps count as sure."""
    if len(path) < 3:  # noqa: PLR2004
        return np.full(len(path), _SURE)
    ways = np.diff(path, axis=0)
    angles = np.arctan2(ways[:, 1], ways[:, 0])
    return np.concatenate([[_SURE], np.abs(np.diff(angles)), [_SURE]])


def clustered(points: Sequence[tuple[float, float]]) -> Reals:
    """The places of corners, each with its weight: the strongest first, and what is near them is theirs."""
    left = [point for point in points if point[1] >= _LEAST_TURN]
    found = []
    while left:
        top = max(left, key=lambda point: sum(w for x, w in left if abs(x - point[0]) < _NEAR))
        own = [point for point in left if abs(point[0] - top[0]) < _NEAR]
        found.append(float(np.average([x for x, _ in own], weights=[w for _, w in own])))
        left = [point for point in left if point not in own]
    return np.array(sorted(found))


def met(places: Reals, courses: Sequence[Course]) -> Reals:
    """The places put where the lines' sides meet, without those at which no line bends."""
    moved = places.copy()
    for at in range(len(places)):
        near = [(x, w) for x, w in _meetings(at, courses) if abs(x - places[at]) <= _MOVED]
        if near:
            moved[at] = np.average([x for x, _ in near], weights=[w for _, w in near])
    found = moved[_bent(places, courses)]
    return found[np.concatenate([[True], np.diff(found) >= _NEAR])] if len(found) else found


def _meetings(at: int, courses: Sequence[Course]) -> list[tuple[float, float]]:
    """Where the sides of lines meet about a place, and where markers stand, with the weight of each."""
    found = []
    for course in courses:
        k = at - course.first
        if not 0 <= k < len(course.rows):
            continue
        if not np.isnan(course.markers[k]):
            found.append((float(course.markers[k]), 1 / _NOISE))
        if 0 < k < len(course.rows) - 1:
            found += _meeting(course.sides[k - 1], course.sides[k])
    return found


def _bent(places: Reals, courses: Sequence[Course]) -> list[int]:
    """The places at which a line bends, begins or ends, or most have markers: the straightest go."""
    kept = list(range(len(places)))
    while kept:
        bends = [_most_bent(at, kept, places, courses) for at in kept]
        least = int(np.argmin(bends))
        if bends[least] >= _BEND:
            break
        del kept[least]
    return kept


def _most_bent(at: int, kept: list[int], places: Reals, courses: Sequence[Course]) -> float:
    """How far a place is off the straight way between its neighbours on the line that bends there most."""
    own = [course for course in courses if 0 <= at - course.first < len(course.rows)]
    if own and sum(not np.isnan(c.markers[at - c.first]) for c in own) > _MARKED * len(own):
        return float("inf")
    found = [0.0]
    for course in own:
        last = course.first + len(course.rows) - 1
        before = [k for k in kept if course.first <= k < at][-1:]
        after = [k for k in kept if at < k <= last][:1]
        if not before or not after:
            return float("inf")
        index = [*before, at, *after]
        found.append(_bend(places[index], course.rows[[k - course.first for k in index]]))
    return max(found)


def _bend(x: Reals, y: Reals) -> float:
    way = np.hypot(x[2] - x[0], y[2] - y[0])
    return float(abs((x[1] - x[0]) * (y[2] - y[0]) - (y[1] - y[0]) * (x[2] - x[0])) / way)


def _meeting(before: Side | None, after: Side | None) -> list[tuple[float, float]]:
    """Where two sides meet, and how exactly that is known."""
    if before is None or after is None or abs(before.slope - after.slope) < _PARALLEL:
        return []
    apart = before.slope - after.slope
    unsure = sum(_NOISE * (1 + side.slope**2) / side.weight for side in (before, after)) / apart**2
    return [((after.offset - before.offset) / apart, 1 / (unsure + _NOISE / 10))]


def evened(places: Reals, wide: float) -> Reals:
    """The places at even distances, where they nearly are; those at the rims else on the axes' own edges.

    Args:
        places: Columns, ascending.
        wide: Columns of the area, beyond which lines are not seen: of those that end there, less is.
    """
    at_rim = (places < _AT_RIM) | (places > wide - _AT_RIM)
    even = _lattice(places, at_rim) if len(places) >= _LEAST_EVEN else None
    if even is not None and (np.abs(even - places) <= np.where(at_rim, _AT_RIM, _OFF_EVEN)).all():
        return even
    found = np.where(places < _AT_RIM, -_BEYOND, places)
    return np.where(found > wide - _AT_RIM, wide + _BEYOND, found)


def _lattice(places: Reals, at_rim: NDArray[np.bool_]) -> Reals | None:
    """The nearest places at even distances, which those away from the rims tell."""
    inner = places[~at_rim]
    if len(inner) < _FEWEST_INNER:
        return None
    steps = np.diff(inner)
    step = float(np.median(steps[steps <= _ONE_STEP * steps.min()]))
    slope, offset = np.polyfit(np.round((inner - inner[0]) / step), inner, 1)
    return np.asarray(offset + slope * np.round((places - offset) / slope))
