"""Lines of one axes whose points stand at the same places: read anew at these, from all ink that shows.

Data is mostly a table: its lines have their points at the same places across. Where one runs behind another
its own course breaks, but the places are told by the others, by its own corners elsewhere, and by their even
distance. What is read so must explain the colour's ink as well as what was read before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from critic.marks.base import Mark
from critic.marks.claims import Claim, scored
from critic.marks.line import Line
from critic.reading.chart.colours import Colour, far, near, rgb_of
from critic.reading.chart.knot_heights import Ink, Reals, coarse_heights, fitted_heights, sides
from critic.reading.chart.knot_places import Course, clustered, evened, met, turns
from critic.reading.chart.numbers import Mapping, rounded
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.tracks import shares_of

_MOST = 40
"""Points of a line that are places of data: of a curve or a crowd of values there are more."""
_FEWEST = 3
"""Places of which the one in the middle can be where lines bend."""
_OWN = 24
"""Levels from a colour within which a pixel is surely its own."""
_INKED = 24
"""Levels from the face at which a pixel shows something."""
_PURE = 0.15
"""Share of a line's colour from which a pixel is its own blend with the face, and hides nothing of it."""
_AS_MUCH = 0.97
"""Share of what was explained before that the new reading must explain."""
_ASTRAY = 1.02
"""Times as much as before that it may draw where nothing is."""
_END = 4.0
"""Working pixels from a line's first or last ink to the place at which it begins or ends."""
_SLACK = 0.1
"""Working pixels within which values are written as short as they can be."""
_STRAY = 12.0
"""Pixels that it may draw astray besides: a mark is laid with a pixel to spare."""
_ROUNDS = 3
"""Times that the places are put where the lines meet that were fitted between them."""
_FEWER = 0.6
"""Share of the points that a lone line was read with below which it is read anew: its own bends, to a part of
a pixel, say more, unless they are those of markers or of what lies over it."""
_ON_PLACE = 2.5
"""Working pixels from a place within which a marker is its."""
_NEAR_HIDDEN = 9
"""Working pixels across the square round what a legend or a text covers in which ends are no ends."""
_JOINT = 1.0
"""Stroke widths at each end of a piece that belong to the joint."""


class _Series(NamedTuple):
    """All lines of one colour, which are one line in pieces."""

    colour: Colour
    marks: tuple[Line, ...]
    ink: Ink
    mask: Mask

    @property
    def model(self) -> Line:
        """The piece with the most points: its style is the line's."""
        return max(self.marks, key=lambda line: (bool(line.marker), len(line.x)))


def on_knots(plot: Plot, marks: Sequence[Mark]) -> list[Mark]:
    """The marks of an axes with their lines read at the places that they share, where there are such."""
    lines = [mark for mark in marks if isinstance(mark, Line) and mark.style]
    if not lines or any(len(line.x) > _MOST for line in lines):
        return list(marks)
    series = [_series(plot, colour, lines) for colour in dict.fromkeys(line.colour for line in lines)]
    places = _places(plot, series)
    if len(places) < _FEWEST:
        return list(marks)
    found = list(marks)
    for one in series:
        line = _read(plot, one, places, shared=len(series) > 1)
        lone = len(series) == len(one.marks) == 1 and not one.model.marker
        if line is not None and not (lone and len(line.x) > _FEWER * len(one.model.x)):
            at = found.index(one.model)
            found = [line if k == at else mark for k, mark in enumerate(found)]
            found = [mark for mark in found if mark is line or not any(mark is own for own in one.marks)]
    return found


def _series(plot: Plot, name: str, lines: Sequence[Line]) -> _Series:
    colour = rgb_of(name)
    own = tuple(line for line in lines if line.colour == name)
    shares = shares_of(plot, colour)
    mask = np.asarray(near(plot.pixels, colour, _OWN) & ~plot.hidden)
    inked = far(plot.pixels, plot.face, _INKED) | plot.hidden
    stroke = max(1.0, max(line.width for line in own) / plot.points)
    return _Series(colour, own, Ink(shares, np.asarray(inked & (shares < _PURE)), stroke), mask)


def _places(plot: Plot, series: Sequence[_Series]) -> Reals:
    """The columns at which the lines have their points."""
    points: list[tuple[float, float]] = []
    for line in (line for one in series for line in one.marks):
        path = _path(plot, line)
        weights = np.ones(len(path)) if line.marker else np.where(_covered(plot, path), 0.0, turns(path))
        points += zip(path[:, 0].tolist(), weights.tolist(), strict=True)
    places = clustered(points)
    for _ in range(_ROUNDS):
        if len(places) < _FEWEST:
            break
        courses = (_course(plot, one, places) for one in series)
        places = met(places, [course for course in courses if course is not None])
    return evened(places, plot.pixels.shape[1])


def _covered(plot: Plot, path: Reals) -> Mask:
    """Which points lie where nothing is known: a line does not end where a legend begins."""
    high, wide = plot.hidden.shape
    hidden = cv2.dilate(plot.hidden.astype(np.uint8), np.ones((_NEAR_HIDDEN,) * 2, np.uint8))
    rows, columns = (np.clip(path[:, k].astype(int), 0, n - 1) for k, n in ((1, high), (0, wide)))
    return np.asarray(hidden[rows, columns] > 0)


def _path(plot: Plot, line: Line) -> Reals:
    """The points of a line in columns and rows of the area."""
    return np.array(
        [
            (plot.x.pixel(x) - plot.left, plot.y.pixel(y) - plot.top)
            for x, y in zip(line.x, line.y, strict=True)
        ]
    )


def _course(plot: Plot, one: _Series, places: Reals, radius: float = 0.0) -> Course | None:
    """A line on the places; None where it has none of them at its ends."""
    radius = radius or (one.model.marker_size / plot.points / 2 if one.model.marker else 0.0)
    columns = np.where(one.mask.any(axis=0))[0]
    if not len(columns):
        return None
    ends = np.array([columns[0] + radius, columns[-1] + 1 - radius])
    first, last = (int(np.abs(places - end).argmin()) for end in ends)
    # Another line's marker may cover the first or the last one.
    off = _END + one.ink.stroke + 2 * radius
    if last - first + 1 < _FEWEST or np.abs(places[[first, last]] - ends).max() > off:
        return None
    own = places[first : last + 1]
    trim = max(_JOINT * one.ink.stroke, radius + 1 if radius else 0.0)
    marked = np.concatenate([_path(plot, line) for line in one.marks if line.marker] or [np.zeros((0, 2))])
    at_marker = [marked[np.abs(marked[:, 0] - x) <= _ON_PLACE] for x in own]
    x, y = (np.array([found[0, k] if len(found) else np.nan for found in at_marker]) for k in (0, 1))
    rows = fitted_heights(one.ink, own, coarse_heights(one.ink, own), trim, y)
    return Course(first, rows, sides(one.ink, own, rows, trim), x)


def _read(plot: Plot, one: _Series, places: Reals, *, shared: bool) -> Line | None:
    """The line at the places; None where that explains less of its ink than what was read before."""
    course = _course(plot, one, places)
    if course is None:
        return None
    own = places[course.first : course.first + len(course.rows)]
    x = tuple(_short(plot.at_x(v), plot.x) for v in own)
    y = tuple(_short(plot.at_y(v), plot.y) for v in course.rows)
    line = one.model.model_copy(update={"x": x, "y": y, "sampled": shared})
    before, after = (scored(Claim(marks), plot, one.mask) for marks in (one.marks, (line,)))
    if after.explained < _AS_MUCH * before.explained or after.astray > _ASTRAY * before.astray + _STRAY:
        return None
    return line


def _short(value: float, mapping: Mapping) -> float:
    return float(f"{value:.4g}") if mapping.log else rounded(value, _SLACK * mapping.per_pixel)
