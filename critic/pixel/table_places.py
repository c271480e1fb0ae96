"""Cells that say what they should and stand elsewhere: what moved them is one discrepancy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from critic.pixel.table_pairs import CellPair
from critic.types import Box, Cause, Discrepancy, Element, Severity, Value, difference

_ASIDE = 2.0
"""Pixels by which a cell's ink stands elsewhere: another hinting moves it by one, its blur by a half."""

_SAME_LETTERS = 0.62
"""Difference of letters up to which two cells that read the same look the same."""

_OF_THEM = 0.6
"""Share of a row's or column's cells from which it is the row or column that is set otherwise."""

_MANY = 0.5
"""Share of a table's columns above which the table is set wider or narrower, rather than each of them aligned
otherwise."""


def with_displaced(found: Sequence[Discrepancy], pairs: Sequence[CellPair]) -> list[Discrepancy]:
    """Findings about rows and columns, which explain that the cells after them stand elsewhere.

    Args:
        found: Rows and columns that are missing, extra or in another order.
        pairs: The cells that both tables have and that say the same.
    """
    moved = [box for pair in _displaced(pairs) for box in (pair.reference.box, pair.render.box)]
    return [
        item.model_copy(update={"places": (*((item.box,) if item.box else ()), *moved)}) for item in found
    ]


def placements(pairs: Sequence[CellPair]) -> Iterator[Discrepancy]:
    """Rows in another weight, rows that stand higher or lower, columns that are aligned otherwise: each once.

    Args:
        pairs: Cells that say the same, of two tables of the same rows and columns.
    """
    inked = [pair for pair in pairs if pair.reference.ink and pair.render.ink]
    restyled = rows_in_other_looks(pairs)
    for row, cells in sorted(restyled.items()):
        yield from _restyled(cells, Element(kind="row", index=(row,)))
    elsewhere = [pair for pair in _displaced(inked) if pair.row not in restyled]
    lower = [pair for pair in elsewhere if abs(_shift(pair)[1]) > _ASIDE]
    if lower:
        first = min(pair.row for pair in lower)
        yield from _told(Cause.MOVED, lower, Element(kind="rows from row", index=(first,)), 2)
    aligned = realigned(inked)
    for column, (cells, way) in sorted(aligned.items()):
        yield from _told(Cause.LAYOUT, cells, Element(kind="column", index=(column,)), 1, way)
    inked = [pair for pair in inked if pair.column not in aligned]
    beside = [pair for pair in elsewhere if abs(_shift(pair)[1]) <= _ASIDE and pair.column not in aligned]
    columns = _whole([*beside, *_a_little(inked, beside)], inked, lambda pair: pair.column)
    if len(columns) > _MANY * len({pair.column for pair in inked}):
        cells = [pair for column in columns.values() for pair in column]
        yield from _told(Cause.MOVED, cells, Element(kind="columns"), 2)
        return
    for column, cells in sorted(columns.items()):
        was, now = (Counter(side).most_common(1)[0][0] for side in _alignments(cells))
        element = Element(kind="column", index=(column,))
        if was != now:
            yield from _told(Cause.LAYOUT, cells, element, 1, (was, now))
        else:
            yield from _told(Cause.MOVED, cells, element, 1)


def realigned(pairs: Sequence[CellPair]) -> dict[int, tuple[list[CellPair], tuple[str, str]]]:
    """Columns whose texts plainly keep to another edge: the cells below the heading, and to which edges.

    Args:
        pairs: Cells that belong together.
    """
    columns: dict[int, list[CellPair]] = defaultdict(list)
    for pair in pairs:
        if pair.equal and not pair.reference.header and pair.reference.colspan == 1:
            columns[pair.column].append(pair)
    found = {}
    for column, cells in columns.items():
        was, now = (_edge([box for box in inks if box]) for inks in _inks(cells))
        if was and now and was != now:
            found[column] = cells, (was, now)
    return found


def _inks(cells: Sequence[CellPair]) -> tuple[list[Box | None], list[Box | None]]:
    return [pair.reference.ink for pair in cells], [pair.render.ink for pair in cells]


def _edge(inks: Sequence[Box]) -> str | None:
    """The edge that texts of several widths keep to; None where no one stands out."""
    if len(inks) < _LEAST_KNOWN:
        return None
    sides = [(box.x0, box.centre[0], box.x1) for box in inks]
    spread = dict(zip(("left", "center", "right"), np.ptp(sides, axis=0).tolist(), strict=True))
    first, second = sorted(spread, key=lambda edge: spread[edge])[:2]
    return first if spread[first] <= _ASIDE <= spread[second] / 2 else None


def _a_little(inked: Sequence[CellPair], beside: Sequence[CellPair]) -> list[CellPair]:
    """Cells a pixel or two aside in columns of which others plainly are: long texts have no room to move."""
    columns = {pair.column for pair in beside}
    return [
        pair
        for pair in inked
        if pair.column in columns and pair not in beside and 1 <= abs(_shift(pair)[0]) <= _ASIDE
    ]


def rows_in_other_looks(pairs: Sequence[CellPair]) -> dict[int, list[CellPair]]:
    """Rows of several cells, most of them in another weight or face, as a heading that is none any more."""
    inked = [pair for pair in pairs if pair.reference.ink and pair.render.ink]
    one_face = in_one_face(pairs)
    other = [
        pair for pair in inked if pair.reference.bold != pair.render.bold or (one_face and is_redrawn(pair))
    ]
    found = _whole(other, inked, lambda pair: pair.row)
    return {row: cells for row, cells in found.items() if len(cells) > 1}


def in_one_face(pairs: Sequence[CellPair]) -> bool:
    """Whether both tables have one typeface, so that a cell with other letters stands out."""
    known = [pair.difference for pair in pairs if pair.equal and pair.reference.ink and pair.render.ink]
    return len(known) >= _LEAST_KNOWN and float(np.median(known)) < _SAME_FACE


_LEAST_KNOWN = 3
"""Cells of equal text that tell whether both pictures have one face: the median of fewer is chance."""

_SAME_FACE = 0.1
"""Median difference of the letters of equal texts below which they are of one face, another hinting aside."""


def is_redrawn(pair: CellPair) -> bool:
    """Whether a cell that reads the same has other letters."""
    return pair.equal and pair.difference > _SAME_LETTERS


def _restyled(cells: list[CellPair], row: Element) -> Iterator[Discrepancy]:
    """A row in another weight or face; what it stands on, where that changed too, goes with it."""
    bold = Counter(pair.reference.bold for pair in cells), Counter(pair.render.bold for pair in cells)
    was, now = (("regular", "bold")[most.most_common(1)[0][0]] for most in bold)
    cause, values = (Cause.FACE, None) if was == now else (Cause.WEIGHT, (was, now))
    filled = any(pair.reference.background != pair.render.background for pair in cells)
    places = [box for pair in cells for box in (pair.reference.box, pair.render.box)] if filled else []
    for item in _told(cause, cells, row, 1, values):
        yield item.model_copy(update={"places": (*item.places, *places)})


def _alignments(cells: list[CellPair]) -> tuple[list[str], list[str]]:
    return [pair.reference.align for pair in cells], [pair.render.align for pair in cells]


def _displaced(pairs: Iterable[CellPair]) -> list[CellPair]:
    """Cells of the same letters, or of those that another look took for the same, that stand elsewhere."""
    return [
        pair
        for pair in pairs
        if (pair.difference <= _SAME_LETTERS or not pair.equal) and max(map(abs, _shift(pair))) > _ASIDE
    ]


def _whole(
    some: Iterable[CellPair], all_cells: Sequence[CellPair], of: Callable[[CellPair], int]
) -> dict[int, list[CellPair]]:
    """The rows (or columns) of which most cells are among some."""
    found: dict[int, list[CellPair]] = defaultdict(list)
    for pair in some:
        found[of(pair)].append(pair)
    counts = Counter(map(of, all_cells))
    return {place: cells for place, cells in found.items() if len(cells) >= _OF_THEM * counts[place]}


def _shift(pair: CellPair) -> tuple[float, float]:
    """By how much the ink of the render's cell stands further to the right, and lower."""
    one, other = pair.reference.ink, pair.render.ink
    if one is None or other is None:
        return 0.0, 0.0
    return other.centre[0] - one.centre[0], other.centre[1] - one.centre[1]


def _told(
    cause: Cause,
    cells: list[CellPair],
    element: Element,
    severity: Severity,
    values: tuple[Value, Value] | None = None,
) -> Iterator[Discrepancy]:
    boxes = [pair.reference.ink for pair in cells if pair.reference.ink]
    others = [pair.render.ink for pair in cells if pair.render.ink]
    where = Box.around(boxes)
    if values is None and cause is Cause.MOVED:
        across, down = np.median([_shift(pair) for pair in cells], axis=0)
        values = tuple(where), tuple(where.shifted(float(across), float(down)))
    was, now = values or (None, None)
    found = difference("layout_error", severity, cause, element, where, reference=was, render=now)
    if found is not None:
        yield found.model_copy(update={"places": (*boxes, *others)})
