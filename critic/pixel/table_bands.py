"""Rows and columns of a table, and which lines of pixels they have in a render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.pixel.registered import Gap, gaps
from critic.pixel.sequences import NONE, Places, lost_runs
from critic.reading.table import TableDescription
from renderers.types import Image

_LOST = 0.7
"""Share of the lines of a row's (column's) text that the render lacks from which it lacks the row."""

A_ROW = 0.6
"""Height of what only one picture has, in usual rows, from which it is a row."""

_NEAR = 4
"""Pixels from an edge within which a gap is at that edge."""

_CROSSED = 0.02
"""Share of a line that the rules across it take: those of five columns are five pixels of three hundred."""

_REACH = 0.5
"""Part of a usual row by which a gap may be moved to the edge of one."""

_LIKE = 24
"""Channel levels up to which two lines are one: the white, or the rule, between two rows and the next two."""


@dataclass(frozen=True, slots=True)
class Band:
    """A row or column of the reference and where the render has it.

    Attributes:
        start: First line of pixels in the reference.
        end: Behind its last one.
        begins: First line in the render.
        ends: Behind its last one there.
        lost: Whether the render lacks it.
    """

    start: int
    end: int
    begins: int
    ends: int
    lost: bool

    @property
    def size(self) -> int:
        """Its lines of pixels in the reference."""
        return self.end - self.start

    @property
    def grown(self) -> int:
        """By how many it is higher or wider in the render."""
        return self.ends - self.begins - self.size


def edges_of(table: TableDescription, axis: int, count: int) -> list[int]:
    """Where the rows (axis 0) or columns of a table begin, and the last one ends: the pixels of rules."""
    return [min(max(0, int(edge)), count) for edge in (table.rows, table.columns)[axis]]


def bands(table: TableDescription, axis: int, places: Places, new: Sequence[Gap]) -> list[Band]:
    """The rows (axis 0) or columns of a table.

    Args:
        table: As read in the reference.
        axis: Which of them.
        places: For each line of pixels of the reference its place in the render.
        new: Rows (columns) that only the render has.
    """
    edges = edges_of(table, axis, len(places))
    known = np.flatnonzero(places != NONE)
    if not len(known):
        return []
    begins = [_behind(edge, places, known) for edge in edges]
    ends = begins.copy()
    for before, first, last in new:
        index = int(np.abs(np.asarray(edges) - before).argmin())
        beyond = before - edges[index]
        if abs(beyond) <= _NEAR:
            begins[index], ends[index] = last - beyond, first - beyond
    inked = _inked_lines(table, axis, len(places))
    found = []
    for index, (start, end) in enumerate(pairwise(edges)):
        lines = places[start:end][inked[start:end]] if inked[start:end].any() else places[start:end]
        lost = bool(len(lines) and np.mean(lines == NONE) >= _LOST)
        found.append(Band(start, end, begins[index], max(begins[index], ends[index + 1]), lost))
    return found


def _behind(edge: int, places: Places, known: Places) -> int:
    """Where an edge is in the render: where the first line behind it is, or behind the last one before it."""
    at = int(np.searchsorted(known, edge))
    if at < len(known) and (known[at] == edge or at == 0):
        return int(places[known[at]])
    return int(places[known[at - 1]]) + 1


def _inked_lines(table: TableDescription, axis: int, count: int) -> NDArray[np.bool_]:
    """The lines of pixels on which single rows (columns) have text."""
    inked = np.zeros(count, bool)
    for cell in table.cells:
        if cell.ink is not None and (cell.rowspan, cell.colspan)[axis] == 1:
            start, end = ((cell.ink.y0, cell.ink.y1), (cell.ink.x0, cell.ink.x1))[axis]
            inked[max(0, round(start)) : round(end)] = True
    return inked


def snapped(places: Places, edges: Sequence[int], reference: Image, render: Image) -> Places:
    """The same alignment with its gaps at the edges of rows, where the lines there leave that open.

    Between two rows is what is between the next two: an alignment may then lose a row from the middle of the
    white above it to the middle of the white below.

    Args:
        places: For each line of the reference its place in the render.
        edges: Where the rows begin and end.
        reference: The picture, its lines along the first axis.
        render: The render, likewise.
    """
    places, usual = places.copy(), float(np.median(np.diff(edges)))
    for first, end in list(lost_runs(places)):
        steps = np.arange(*_room(reference, first, end, int(_REACH * usual)))
        sides = (first, end) if end - first >= A_ROW * usual else None
        step = _step(
            steps, _from_edges(edges, steps, sides) if sides else _inside(edges, first + steps, end + steps)
        )
        if step > 0 and (places[end : end + step] != NONE).all():
            places[first : first + step] = places[end : end + step]
            places[end : end + step] = NONE
        elif step < 0 and (places[first + step : first] != NONE).all():
            places[end + step : end] = places[first + step : first]
            places[first + step : first] = NONE
    for line, first, end in [gap for gap in gaps(places, len(render)) if gap[2] - gap[1] >= A_ROW * usual]:
        steps = np.arange(*_room(render, first, end, int(_REACH * usual)))
        step = _step(steps, _from_edges(edges, steps, (line,)))
        part = places[line : line + step] if step > 0 else places[line + step : line]
        if step and (part != NONE).all():
            part -= np.sign(step) * (end - first)
    return places


def _room(image: Image, first: int, end: int, reach: int) -> tuple[int, int]:
    """The steps by which a gap may be moved, from and to, for the lines that enter are those that leave."""
    back = on = 0
    while back < min(reach, first) and _like(image, first - back - 1, end - back - 1):
        back += 1
    while on < min(reach, len(image) - end) and _like(image, first + on, end + on):
        on += 1
    return -back, on + 1


def _from_edges(edges: Sequence[int], steps: Places, ends: Sequence[int]) -> Places:
    """How far the ends of a gap are from edges, for each step."""
    sides = np.asarray(edges)
    return np.asarray(np.sum([np.abs(end + steps[:, None] - sides).min(axis=1) for end in ends], axis=0))


def _inside(edges: Sequence[int], firsts: Places, ends: Places) -> Places:
    """How many lines of a gap are within the table, for each step: what is cut should be the margin."""
    return np.asarray(np.maximum(0, np.minimum(ends, edges[-1]) - np.maximum(firsts, edges[0] + 1)))


def _step(steps: Places, costs: Places) -> int:
    """The best step; the least of equal ones."""
    return int(steps[np.lexsort((np.abs(steps), costs))[0]])


def _like(image: Image, one: int, other: int) -> bool:
    """Whether a line of a picture is that at another place, but for the rules that cross one of them."""
    apart = cv2.absdiff(image[one], image[other]).max(axis=-1) > _LIKE
    return float(apart.mean()) <= _CROSSED


def order_of(begins: int, others: Sequence[Band]) -> int:
    """How many rows that the render has stand before a line of it."""
    return sum(not band.lost and band.begins < begins for band in others)
