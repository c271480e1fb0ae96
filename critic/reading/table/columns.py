"""The columns of a table whose cells are kept apart by white space."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, text_lines

_CUT_GAP = 0.7
_WORD_GAP = 0.8
_FRAME = 60
_LEAST_LINES, _LEAST_COLUMNS = 3, 3
"""Lines of text, and columns, from which a column may be a heading over the gap between two others."""

_LEAST_ROWS = 2
"""Rows of a heading and one value: with no more it may be two columns as well."""

_FEW_LINES = 3
"""Lines of text up to which a column of one text is none the less a column."""

_ALONG = 3
"""Pixels from a fill's edge within which a drawn line runs along it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns as the extents of their text, and the boundaries between them.

    Attributes:
        extents: Leftmost and rightmost ink of each column, spanning pieces left out.
        cuts: The boundaries, one more than columns.
    """

    extents: tuple[tuple[float, float], ...]
    cuts: list[float]

    @property
    def count(self) -> int:
        """Number of columns."""
        return len(self.extents)

    def span(self, fragment: Fragment) -> tuple[int, int]:
        """First and last column that a piece of text lies in."""
        reach = [
            min(fragment.box.x1, self.cuts[c + 1]) - max(fragment.box.x0, self.cuts[c])
            for c in range(self.count)
        ]
        inside = [
            c
            for c, (x0, x1) in enumerate(self.extents)
            if min(fragment.box.x1, x1) - max(fragment.box.x0, x0) > 0.25 * min(x1 - x0, fragment.height * 2)
        ]
        if not inside:
            inside = [max(range(self.count), key=lambda c: reach[c])]
        return inside[0], inside[-1]

    def cut_through(self, fragment: Fragment) -> float | None:
        """Where a piece that reaches over a boundary has a wide gap, so that it is two cells' text."""
        first, last = self.span(fragment)
        if first == last:
            return None
        for (_, left), (right, _) in pairwise(fragment.parts):
            for c in range(first, last):
                start, end = self.extents[c][1], self.extents[c + 1][0]
                over = min(right, end + 1) - max(left, start - 1)
                if right - left >= _CUT_GAP * fragment.height and over >= 0.6 * min(
                    right - left, end - start
                ):
                    return (left + right) / 2
        return None


def find_columns(surface: Surface, fragments: list[Fragment]) -> Columns:
    """Join the extents of all pieces that do not span; what stays apart are columns."""
    lines = text_lines(fragments)
    spanning = {id(f) for index, line in enumerate(lines) for f in line if _spans(f, lines, index)}
    single = [f for line in lines for f in line if id(f) not in spanning]
    extents = _joined([(f.box.x0, f.box.x1) for f in (single or fragments)])
    extents = _without_floating(extents, lines, spanning)
    extents = _under_their_headings(extents, lines)
    return Columns(tuple(extents), _cuts(surface, extents))


def _spans(fragment: Fragment, lines: list[list[Fragment]], own: int) -> bool:
    """Whether a piece lies over two or more pieces of another line that are clearly apart."""
    for index, line in enumerate(lines):
        if index == own:
            continue
        under = [
            other
            for other in line
            if min(fragment.box.x1, other.box.x1) - max(fragment.box.x0, other.box.x0)
            > 0.3 * min(other.box.width, 2 * other.height)
        ]
        gaps = [b.box.x0 - a.box.x1 for a, b in pairwise(under)]
        if gaps and max(gaps) >= 0.45 * fragment.height and _is_column_gap(under, lines, index):
            return True
    return False


def _is_column_gap(under: list[Fragment], lines: list[list[Fragment]], own: int) -> bool:
    """Whether some gap between the pieces stays empty in at least half of the lines that reach over it."""
    for a, b in pairwise(under):
        left, right = a.box.x1, b.box.x0
        free = crossed = 0
        for index, line in enumerate(lines):
            if index == own or not (line[0].box.x0 < left and line[-1].box.x1 > right):
                continue
            if any(_inks(f, (left + right) / 2) for f in line):
                crossed += 1
            else:
                free += 1
        if free >= crossed:
            return True
    return False


def _inks(fragment: Fragment, x: float) -> bool:
    """Whether a piece has ink at x, or a gap there no wider than between words."""
    if not fragment.box.x0 < x - 1 or not fragment.box.x1 > x + 1:
        return False
    for (_, left), (right, _) in pairwise(fragment.parts):
        if left <= x <= right:
            return right - left < _WORD_GAP * fragment.height
    return True


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for x0, x1 in sorted(spans):
        if joined and x0 < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], x1))
        else:
            joined.append((x0, x1))
    return joined


def _without_floating(
    extents: list[tuple[float, float]], lines: list[list[Fragment]], spanning: set[int]
) -> list[tuple[float, float]]:
    """Leave out a column that holds one heading only, centred over the gap between two columns."""
    if len(lines) < _LEAST_LINES or len(extents) < _LEAST_COLUMNS:
        return extents
    kept = []
    for index, (x0, x1) in enumerate(extents):
        holders = [line for line in lines if any(x0 <= (f.box.x0 + f.box.x1) / 2 <= x1 for f in line)]
        alone = len(holders) == 1 and 0 < index < len(extents) - 1 and len(lines) > _FEW_LINES
        if alone:
            sides = (extents[index - 1], extents[index + 1])
            neighbours = [
                f
                for f in holders[0]
                for a, b in sides
                if id(f) not in spanning and a <= (f.box.x0 + f.box.x1) / 2 <= b
            ]
            if not neighbours:
                continue
        kept.append((x0, x1))
    return kept


def _under_their_headings(
    extents: list[tuple[float, float]], lines: list[list[Fragment]]
) -> list[tuple[float, float]]:
    """One column of a heading that stands at one side and of the values that stand at the other.

    Spreadsheets set words at the left of their cells and numbers at the right, so that neither is over the
    other. Such a heading has nothing below it, and the values beside it no heading.
    """
    if len(lines) < _LEAST_LINES:
        return extents
    held = [
        {n for n, line in enumerate(lines) if any(x0 <= (f.box.x0 + f.box.x1) / 2 <= x1 for f in line)}
        for x0, x1 in extents
    ]
    found: list[tuple[float, float]] = []
    kept: list[set[int]] = []
    for extent, rows in zip(extents, held, strict=True):
        alone = (
            kept and {0} in (kept[-1], rows) and not kept[-1] & rows and len(kept[-1] | rows) > _LEAST_ROWS
        )
        if alone:
            found[-1] = (found[-1][0], extent[1])
            kept[-1] = kept[-1] | rows
        else:
            found.append(extent)
            kept.append(rows)
    return found


def _cuts(surface: Surface, extents: list[tuple[float, float]]) -> list[float]:
    """Boundaries: drawn lines and fill edges where there are, else the middle of the gap."""
    marks = [line.position for line in (*surface.verticals, *surface.vertical_edges)]
    first, last = extents[0][0], extents[-1][1]
    ends = [
        line
        for line in (*surface.horizontals, *surface.horizontal_edges)
        if line.end - line.start > 0.5 * (last - first)
    ]
    before = [x for x in marks if first - _FRAME <= x <= first]
    after = [x for x in marks if last <= x <= last + _FRAME]
    before = _snapped(min(before), surface) if before else [x.start for x in ends if x.start <= first + 1]
    after = _snapped(max(after), surface) if after else [x.end for x in ends if x.end >= last - 1]
    cuts = [min(before, default=max(0.0, first - 4))]
    for (_, left), (right, _) in pairwise(extents):
        inside = [x for x in marks if left - 1 <= x <= right + 1]
        cuts.append(inside[0] if inside else (left + right) / 2)
    cuts.append(max(after, default=min(float(surface.image.shape[1]), last + 4)))
    return cuts


def _snapped(mark: float, surface: Surface) -> list[float]:
    """The drawn line along a fill's edge, else the edge."""
    return [line.position for line in surface.verticals if abs(line.position - mark) <= _ALONG] or [mark]
