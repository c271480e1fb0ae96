"""The rows of a table whose cells are kept apart by white space."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from critic.reading.table.columns import Columns
from critic.reading.table.description import Ruling
from critic.reading.table.sizes import OTHER_SIZE, em_of, tells
from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, bottom, middle, text_lines, top

_TIGHT = 2.1
_ONE_ROW = 1.25
_LEAST_BANDS = 3
_MARGIN = 4.0
_LEAST_ROWS = 2
"""Rows from which the outer side of one can be made even with its inner side."""

_NEAR = 4
"""Pixels within which separators are one, or lie on one boundary."""

_FEW_LINES, _MOST_LINES = 3, 12
"""Lines of text that bands hold usually, and any band at most, where each band is one row."""

_NOTE_GAP = 1.0
"""Heights of a text between it and the smaller line under it at most: in four tables 0.2 to 0.7."""

_LEAST_BESIDE = 3
"""Texts in the rows before and after, together, from which a text between them floats over both."""
_NUMBER = re.compile(
    r"[\d.,:;%()+\-\u2212\u2013\u2014*<>=≤≥±/ ]*\d[\d.,:;%()+\-\u2212\u2013\u2014*<>=≤≥±/ ]*$"
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as the pieces of text in them, and the boundaries between them.

    Attributes:
        bands: The pieces of each row; an empty row has none.
        cuts: y of the boundaries, one more than rows.
        tall: Rows whose text floats between this row and the next ones: row to number of rows.
    """

    bands: list[list[Fragment]]
    cuts: list[float]
    tall: dict[int, int] = field(default_factory=dict)


def is_number(text: str) -> bool:
    """Whether a text is a number, a range or the like."""
    return bool(_NUMBER.match(text.strip()))


def find_rows(surface: Surface, fragments: list[Fragment], columns: Columns) -> Rows:
    """Rows from drawn lines and fill edges, and within them from the spacing of the text."""
    separators = _separators(surface, columns)
    first, last = _ends(surface, fragments, separators)
    cap = float(np.percentile([f.height for f in fragments], 30))
    framed = _framed_bands(surface, fragments, columns, separators)
    inner = [y for y in separators if first + 0.5 * cap < y < last - 0.5 * cap]
    crossing = [f for f in fragments if any(f.box.y0 + 1.5 < y < f.box.y1 - 1.5 for y in inner)]
    bands: list[list[Fragment]] = []
    cuts = [first]
    for start, end in zip([first, *inner], [*inner, last], strict=True):
        inside = [f for f in fragments if start <= f.middle < end and f not in crossing]
        begun = [f for f in crossing if start <= f.box.y0 < end]
        groups = _grouped(inside, columns, cap) if inside else [begun] if begun else []
        if len(groups) > 1 and start in framed and end in framed and _is_one_row(inside, columns, framed):
            groups = [inside]
        if not groups and (end - start < 0.9 * cap + 2 or start == first or end == last):
            cuts[-1] = end if bands else cuts[-1]
            continue
        if inside:
            # A text that a boundary of other columns runs through belongs to the row where it begins.
            groups[-1] += begun
        for above, below in pairwise(groups):
            bands.append(above)
            cuts.append((bottom(above) + top(below)) / 2)
        bands.append(groups[-1] if groups else [])
        cuts.append(end)
    _even_ends(bands, cuts, separators, len(surface.image))
    tall: dict[int, int] = {}
    _lift_floating(bands, cuts, columns, tall)
    return Rows(bands, cuts, tall)


def _even_ends(bands: list[list[Fragment]], cuts: list[float], separators: list[float], height: int) -> None:
    """Where nothing is drawn outside the first or last row, leave as much space as on its other side."""
    if len(bands) < _LEAST_ROWS:
        return
    if bands[0] and cuts[0] not in separators:
        cuts[0] = max(0.0, top(bands[0]) - max(0.0, cuts[1] - bottom(bands[0])))
    if bands[-1] and cuts[-1] not in separators:
        cuts[-1] = min(float(height), bottom(bands[-1]) + max(0.0, top(bands[-1]) - cuts[-2]))


def _separators(surface: Surface, columns: Columns) -> list[float]:
    """Positions of lines and fill edges that cover at least one column, close ones as one."""
    found: list[tuple[float, float]] = []
    for line in (*surface.horizontals, *surface.horizontal_edges):
        if _columns_covered(line, columns):
            found.append((line.position, line.thickness))
    merged: list[list[tuple[float, float]]] = []
    for item in sorted(found):
        if merged and item[0] - merged[-1][-1][0] <= _NEAR:
            merged[-1].append(item)
        else:
            merged.append([item])
    # Where a line is drawn along a fill's edge, the line says where the boundary is.
    return [max(group, key=lambda item: item[1])[0] for group in merged]


def _columns_covered(line: Ruling, columns: Columns) -> int:
    return sum(min(line.end, x1) - max(line.start, x0) > 0.8 * (x1 - x0) for x0, x1 in columns.extents)


def _ends(surface: Surface, fragments: list[Fragment], separators: list[float]) -> tuple[float, float]:
    first, last = min(f.box.y0 for f in fragments), max(f.box.y1 for f in fragments)
    above = [y for y in separators if y <= first + 1]
    below = [y for y in separators if y >= last - 1]
    return (
        max(above) if above else max(0.0, first - _MARGIN),
        min(below) if below else min(float(len(surface.image)), last + _MARGIN),
    )


def _grouped(fragments: list[Fragment], columns: Columns, cap: float) -> list[list[Fragment]]:
    """Rows between two separators: lines half a line apart, or that continue one another, are one row."""
    lines = text_lines(fragments)
    groups = [list(lines[0])]
    starter = len({columns.span(f) for f in lines[0]})
    last = middle(lines[0])
    for line in lines[1:]:
        joined = _continues(groups[-1], line, starter, columns, cap) or _is_note(groups[-1], line, columns)
        if middle(line) - last < _ONE_ROW * cap or joined:
            groups[-1] += line
            starter = max(starter, len({columns.span(f) for f in line}))
        else:
            groups.append(list(line))
            starter = len({columns.span(f) for f in line})
        last = middle(line)
    return groups


@dataclass(frozen=True, slots=True)
class _Bands:
    """Boundaries that cross the whole table, and how the text lies between them.

    Attributes:
        cuts: y of the boundaries.
        tight: Whether lines within bands are clearly closer than lines on two sides of a boundary.
    """

    cuts: tuple[float, ...]
    tight: bool

    def __contains__(self, y: float) -> bool:
        return any(abs(cut - y) < 1 for cut in self.cuts)


def _framed_bands(
    surface: Surface, fragments: list[Fragment], columns: Columns, separators: list[float]
) -> _Bands:
    """The boundaries that cross all columns; none where they are too few to part single rows."""
    lines = (*surface.horizontals, *surface.horizontal_edges)
    whole = [line.position for line in lines if _columns_covered(line, columns) == columns.count]
    cuts = tuple(y for y in separators if any(abs(y - position) <= _NEAR for position in whole))
    inside = [
        text_lines(found) for a, b in pairwise(cuts) if (found := [f for f in fragments if a <= f.middle < b])
    ]
    if len(inside) < _LEAST_BANDS:
        return _Bands((), tight=False)
    pitches = [middle(low) - middle(high) for band in inside for high, low in pairwise(band)]
    steps = [middle(below[0]) - middle(above[-1]) for above, below in pairwise(inside)]
    few = (
        float(np.median([len(band) for band in inside])) <= _FEW_LINES
        and max(len(band) for band in inside) <= _MOST_LINES
    )
    tight = len(inside) > _LEAST_BANDS and few and max(pitches, default=0.0) < 0.75 * min(steps)
    return _Bands(cuts, tight)


def _is_one_row(band: list[Fragment], columns: Columns, framed: _Bands) -> bool:
    """Whether lines between two boundaries are one row: only one column has several, or they are tight."""
    spans = [columns.span(fragment) for fragment in band]
    if any(first != last for first, last in spans):
        return False
    beside = sum(len({columns.span(f) for f in line}) > 1 for line in text_lines(band))
    return beside <= 1 or framed.tight


def _continues(
    group: list[Fragment], line: list[Fragment], starter: int, columns: Columns, cap: float
) -> bool:
    """Whether a line is the wrapped rest of the texts above it."""
    above = {columns.span(f): f for f in sorted(group, key=lambda item: item.middle)}
    spans = {columns.span(f) for f in line}
    if not spans <= set(above) or len(spans) > 0.5 * starter:
        return False
    if any(is_number(f.text) for f in line):
        return False
    for fragment in line:
        previous = above[columns.span(fragment)]
        if fragment.middle - previous.middle > _TIGHT * max(cap, previous.height):
            return False
        first, last = columns.span(fragment)
        room = columns.extents[last][1] - columns.extents[first][0]
        word = fragment.text.split(" ")[0]
        taken = fragment.box.width * len(word) / max(1, len(fragment.text))
        if previous.box.width + taken < 0.8 * room:
            return False
    return True


def _is_note(group: list[Fragment], line: list[Fragment], columns: Columns) -> bool:
    """Whether a line stands close under texts of the row, all of it smaller than they."""
    above = {columns.span(f): f for f in sorted(group, key=lambda item: item.middle)}
    for fragment in line:
        over = above.get(columns.span(fragment))
        if over is None or not tells(fragment.text) or not tells(over.text):
            return False
        sizes = em_of(over.text, over.height), em_of(fragment.text, fragment.height)
        if sizes[0] < OTHER_SIZE * sizes[1] or fragment.box.y0 - over.box.y1 > _NOTE_GAP * over.height:
            return False
    return bool(line)


def _lift_floating(
    bands: list[list[Fragment]], cuts: list[float], columns: Columns, tall: dict[int, int]
) -> None:
    """A row of text in columns that its neighbours leave empty, half a row apart, floats over both."""
    index = 1
    while index < len(bands) - 1:
        before, own, after = bands[index - 1], bands[index], bands[index + 1]
        if before and own and after:
            spans = [{columns.span(f) for f in band} for band in (before, own, after)]
            mine = {c for a, b in spans[1] for c in range(a, b + 1)}
            others = {c for side in (spans[0], spans[2]) for a, b in side for c in range(a, b + 1)}
            apart = middle(after) - middle(before)
            halves = [middle(own) - middle(before), middle(after) - middle(own)]
            height = max(f.height for f in own)
            if (
                not mine & others
                and len(spans[0]) + len(spans[2]) >= _LEAST_BESIDE
                and max(halves) < 0.65 * apart
                and apart < 3.2 * height
            ):
                bands[index - 1] = before + own
                del bands[index]
                cuts[index : index + 2] = [(bottom(before) + min(f.box.y0 for f in after)) / 2]
                tall[index - 1] = 2
                continue
        index += 1
