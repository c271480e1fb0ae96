"""Compares two pictures of tables: the grids as read, then each cell's text and letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from critic.metrics.teds import normalised
from critic.pixel.table_alignment import (
    Alignment,
    Pair,
    TextGrid,
    align,
    in_place_alignment,
    lists_alike,
    text_likeness,
)
from critic.pixel.table_pairs import CellPair, emptied_rows, paired
from critic.pixel.table_places import in_one_face, is_redrawn, placements, rows_in_other_looks, with_displaced
from critic.reading import Reader
from critic.reading.table import Cell, TableDescription, read_onto, read_table
from critic.reading.table.rows import is_number
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy, Element, Severity, Value, difference
from renderers.types import Image

_OTHER_READING, _UNSURE, _TINY = 0.12, 0.75, 10

_SAME_PROPORTIONS = 0.01
"""Difference from 1 of the ratio of two pictures' proportions below which they have one shape."""

_RULES = re.compile(r"^[I|l]\s+|\s+[I|l]$")
"""What a rule at the rim of a cell is read as: a stroke that stands alone before or behind the text."""

_LONGEST, _QUOTED = 60, 57
"""Letters of a sample that are quoted at most, and those that are left beside three dots of a longer one."""

_SAME_CELL = 0.6
"""Likeness of texts from which two cells are one, so that how far each spans can be compared."""

_OTHER_TEXT = 0.7
"""Likeness of texts below which no misread letters make the one out of the other."""

_LEAST_LETTERS = 8
"""Pixels of ink's height from which letters can be compared as pictures."""

_AMOUNT = re.compile(r"^[-+\u2212(]?\s?\W?\s?\d[\d.,\u2009 ]*\s?(\W|[^\W\d]{1,3})?\)?$")
"""A number with a sign of currency before it or a unit behind it."""

_BELOW = 0.35
"""Heights of a line by which a text's underline reaches below it."""

_NEARLY_SAME = 0.9
"""Likeness of texts above which another reading is a small thing: a letter in ten."""

_ALIKE = str.maketrans(
    {"o": "0", "i": "1", "l": "1", "|": "1", "s": "5", "b": "8", "z": "2", ";": ",", "'": None, '"': None}
)


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of ``render`` from ``reference``.

    The render is read on its own and in the reference's grid; the reading that leaves less to explain counts,
    so that one table whose columns were read in two ways is not taken for two tables.
    """
    wanted = read_table(reference, reader)
    if not wanted.cells:
        return []
    fitted = _scaled(render, reference)
    laid = read_onto(fitted, reader, wanted)
    readings: list[_Compared] = []
    if laid is not None:
        again = _Again(reference, fitted, reader)
        readings.append(_differences(wanted, laid, in_place_alignment(wanted), again))
        if not readings[0].found:
            return list(placements(readings[0].pairs))
    own = read_table(render, reader)
    alignment = align(TextGrid(wanted), TextGrid(own))
    readings.append(_differences(wanted, own, alignment, _Again(reference, render, reader)))
    best = min(readings, key=lambda one: sum(item.severity for item in one.found))
    return [*best.found, *(() if best.structural else placements(best.pairs))]


def compare_in_place(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of a render that was laid onto the reference: cell by cell, each in its place."""
    wanted = read_table(reference, reader)
    laid = read_onto(render, reader, wanted)
    if laid is None:
        return compare(reference, render, reader)
    found = _differences(wanted, laid, in_place_alignment(wanted), _Again(reference, render, reader))
    return [*found.found, *placements(found.pairs)]


def number_boxes(image: Image, reader: Reader) -> list[Box]:
    """Where a table has numbers."""
    return [cell.ink for cell in read_table(image, reader).cells if cell.ink and is_number(cell.text)]


def _scaled(render: Image, reference: Image) -> Image:
    """The render at the reference's size where both have one shape, else as it is."""
    ratio = (render.shape[1] * reference.shape[0]) / (render.shape[0] * reference.shape[1])
    return fit_to(reference, render) if abs(ratio - 1) < _SAME_PROPORTIONS else render


@dataclass(frozen=True, slots=True)
class _Compared:
    """What one reading of the render comes to.

    Attributes:
        found: The differences, but for where equal cells stand.
        pairs: The cells that both tables have and that say the same.
        structural: Whether rows or columns are missing, extra or in another order.
    """

    found: list[Discrepancy]
    pairs: list[CellPair]
    structural: bool


def _differences(
    wanted: TableDescription, got: TableDescription, alignment: Alignment, again: _Again
) -> _Compared:
    if not any(cell.text for cell in got.cells):
        # One finding for all of it would weigh less than half of it: the pixels say what is lost.
        return _Compared([], [], structural=False)
    first, second = TextGrid(wanted), TextGrid(got)
    rows = alignment.moved(
        alignment.rows, lambda a, b: lists_alike(*_same_length(first.row(a), second.row(b)))
    )
    kept = _both(alignment.rows)
    mine, theirs = [a for a, _ in kept], [b for _, b in kept]
    columns = alignment.moved(
        alignment.columns, lambda a, b: lists_alike(first.column(a, mine), second.column(b, theirs))
    )
    shared = [*kept, *rows], [*_both(alignment.columns), *columns]
    pairs = list(paired(first, second, *shared, again.reference, again.render))
    found = [
        *_rows(wanted, first, second, alignment, rows),
        *_columns(wanted, first, second, alignment, columns),
    ]
    structural = bool(found)
    found = found or list(_spans(pairs))
    gone, reworded = emptied_rows(pairs), dict(_texts(pairs, again, in_place=not found))
    reworded = {pair: item for pair, item in reworded.items() if pair.row not in gone}
    same = [pair for pair in pairs if pair not in reworded]
    for row in gone:
        lost, texts = Element(kind="row", index=(row,)), _sample(_shown(first, row))
        found += _layout(3, Cause.MISSING, lost, _row_box(wanted, row), aside=texts)
    found = with_displaced(found, same) if structural else found
    return _Compared([*found, *reworded.values()], same, structural)


def _both(pairs: Iterable[Pair]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in pairs if a is not None and b is not None]


_CLOSER = (3.0, 4.5)
"""Enlargements at which doubtful texts are read again."""


@dataclass(frozen=True, slots=True)
class _Again:
    """Reads texts of both pictures again, at other scales."""

    reference: Image
    render: Image
    reader: Reader

    def agree(self, pair: CellPair) -> bool:
        """Whether some reading of the one text is some reading of the other."""
        mine, theirs = {_plain(pair.reference.text)}, {_plain(pair.render.text)}
        for scale in _CLOSER:  # reading takes its time: no closer than it needs
            for texts, image, cell in (
                (mine, self.reference, pair.reference), (theirs, self.render, pair.render)
            ):  # fmt: skip
                texts |= self._text(image, cell, scale)
                if not mine.isdisjoint(theirs):
                    return True
        return False

    def _text(self, image: Image, cell: Cell, scale: float) -> set[str]:
        if cell.ink is None or len(cell.lines) != 1:
            return set()
        x0, y0, x1, y1 = (round(v) for v in cell.ink)
        crop = np.ascontiguousarray(image[max(0, y0 - 4) : y1 + 4, max(0, x0 - 4) : x1 + 4])
        line = self.reader.text.word(crop, scale) if crop.size else None
        return {_plain(line.text)} if line else set()


def _layout(
    severity: Severity,
    cause: Cause,
    element: Element,
    box: Box | None,
    reference: Value | None = None,
    render: Value | None = None,
    aside: str = "",
) -> Iterable[Discrepancy]:
    """A difference of layout; none where the values are equal as printed."""
    found = difference(
        "layout_error", severity, cause, element, box, reference=reference, render=render, aside=aside
    )
    return () if found is None else (found,)


def _rows(
    table: TableDescription,
    first: TextGrid,
    second: TextGrid,
    alignment: Alignment,
    moved: list[tuple[int, int]],
) -> Iterable[Discrepancy]:
    for a, b in moved:
        box = _row_box(table, a).union(_row_box(table, min(b, table.row_count - 1)))
        yield from _reordered(Element(kind="row", index=(a,)), b, box, first.row(a))
    before = 0
    for mine, theirs in alignment.rows:
        if mine is not None and theirs is None and mine not in [x for x, _ in moved]:
            lost, shown = Element(kind="row", index=(mine,)), _sample(_shown(first, mine))
            yield from _layout(3, Cause.MISSING, lost, _row_box(table, mine), aside=shown)
        if mine is None and theirs is not None and theirs not in [y for _, y in moved]:
            new, shown = Element(kind="row", index=(theirs,)), _sample(_shown(second, theirs))
            yield from _layout(3, Cause.EXTRA, new, _gap_box(table, before), aside=shown)
        before = mine + 1 if mine is not None else before


def _reordered(element: Element, place: int, box: Box, texts: list[str]) -> Iterable[Discrepancy]:
    """A row or column that stands elsewhere among the others."""
    was, now = float(element.index[0] + 1), float(place + 1)
    return _layout(3, Cause.ORDER, element, box, was, now, aside=_sample(texts))


def _columns(
    table: TableDescription,
    first: TextGrid,
    second: TextGrid,
    alignment: Alignment,
    moved: list[tuple[int, int]],
) -> Iterable[Discrepancy]:
    shared = _both(alignment.rows)
    mine, theirs = [a for a, _ in shared], [b for _, b in shared]
    for a, b in moved:
        texts = first.column(a, mine)
        box = _column_box(table, a).union(_column_box(table, min(b, table.column_count - 1)))
        yield from _reordered(Element(kind="column", index=(a,)), b, box, texts)
    before = 0
    for left, right in alignment.columns:
        if left is not None and right is None and left not in [x for x, _ in moved]:
            lost, shown = Element(kind="column", index=(left,)), _sample(first.column(left, mine))
            yield from _layout(3, Cause.MISSING, lost, _column_box(table, left), aside=shown)
        if left is None and right is not None and right not in [y for _, y in moved]:
            new, shown = Element(kind="column", index=(right,)), _sample(second.column(right, theirs))
            box = Box(table.columns[max(0, before - 1)], table.rows[0], table.columns[before], table.rows[-1])
            yield from _layout(3, Cause.EXTRA, new, box, aside=shown)
        before = left + 1 if left is not None else before


def row_or_column(
    cause: Cause,
    element: Element,
    box: Box,
    texts: Sequence[str],
    places: tuple[float, float] | None = None,
) -> Iterable[Discrepancy]:
    """A row or column that is missing, new, or (with both places) stands elsewhere among its like."""
    was, now = places or (None, None)
    return _layout(3, cause, element, box, was, now, aside=_sample(texts) if any(texts) else "")


def _shown(grid: TextGrid, row: int) -> list[str]:
    return [grid.cells[row, c].text for c in range(grid.width) if (row, c) in grid.cells]


def _sample(texts: Iterable[str]) -> str:
    text = " | ".join(text for text in texts if text) or "empty"
    return repr(text if len(text) <= _LONGEST else text[:_QUOTED] + "...")


def _same_length(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    length = max(len(first), len(second))
    return first + [""] * (length - len(first)), second + [""] * (length - len(second))


def _row_box(table: TableDescription, row: int) -> Box:
    return Box(table.columns[0], table.rows[row], table.columns[-1], table.rows[row + 1])


def _column_box(table: TableDescription, column: int) -> Box:
    return Box(table.columns[column], table.rows[0], table.columns[column + 1], table.rows[-1])


def _gap_box(table: TableDescription, before: int) -> Box:
    return _row_box(table, max(0, before - 1))


def _spans(pairs: list[CellPair]) -> Iterable[Discrepancy]:
    for pair in pairs:
        mine, theirs = pair.reference, pair.render
        if not mine.text or text_likeness(normalised(mine.text), normalised(theirs.text)) < _SAME_CELL:
            continue
        if (mine.rowspan, mine.colspan) != (theirs.rowspan, theirs.colspan):
            was, now = (f"{cell.rowspan} x {cell.colspan}" for cell in (mine, theirs))
            aside = f"rows x columns of {mine.text!r}"
            yield from _layout(2, Cause.LAYOUT, _cell(pair), mine.box, was, now, aside)


def _cell(pair: CellPair) -> Element:
    return Element(kind="cell", index=(pair.row, pair.column))


def _texts(pairs: list[CellPair], again: _Again, *, in_place: bool) -> Iterable[tuple[CellPair, Discrepancy]]:
    """Cells that say something else, or are drawn with other letters."""
    same_face = in_one_face(pairs)
    restyled = rows_in_other_looks(pairs)
    for pair in pairs:
        if not pair.equal:
            if _is_real(pair, same_face) and (same_face or not again.agree(pair)):
                yield from ((pair, item) for item in _other_text(pair))
        elif in_place and same_face and pair.row not in restyled and is_redrawn(pair) and _steady(pair):
            yield from ((pair, item) for item in _other_letters(pair))


def _is_real(pair: CellPair, same_face: bool) -> bool:
    """Whether two different readings are two different texts and not one text read in two ways."""
    mine, theirs = pair.reference, pair.render
    if not mine.ink or not theirs.ink:
        return True
    if same_face and mine.bold == theirs.bold:
        return pair.difference >= _OTHER_READING
    if _plain(mine.text) == _plain(theirs.text):
        return False
    if min(mine.score, theirs.score) < _UNSURE:
        return False
    # Letters of a few pixels in another face are read a little differently each time.
    return _is_numeric(pair) or mine.ink.height > _TINY * len(mine.lines) or _likeness(pair) < _OTHER_TEXT


def _plain(text: str) -> str:
    """A text with the letters that OCR takes for one another made one, and without the rules beside it."""
    return normalised(_RULES.sub("", text)).lower().translate(_ALIKE)


def _steady(pair: CellPair) -> bool:
    """Whether both texts have one line and enough pixels for their letters to be compared."""
    if len(pair.reference.lines) != 1 or len(pair.render.lines) != 1 or not pair.reference.ink:
        return False
    return pair.reference.ink.height >= _LEAST_LETTERS and any(c.isalnum() for c in pair.reference.text)


def _likeness(pair: CellPair) -> float:
    return text_likeness(normalised(pair.reference.text), normalised(pair.render.text))


def _is_numeric(pair: CellPair) -> bool:
    texts = [text for text in (pair.reference.text, pair.render.text) if text]
    return any(is_number(text) or _AMOUNT.match(text) for text in texts) or (
        all(any(c.isdigit() for c in text) for text in texts) and _only_digits_differ(pair)
    )


def _only_digits_differ(pair: CellPair) -> bool:
    mine, theirs = (
        "".join(c for c in normalised(cell.text) if not c.isdigit()) for cell in (pair.reference, pair.render)
    )
    return mine == theirs


def _other_text(pair: CellPair) -> Iterable[Discrepancy]:
    numeric = _is_numeric(pair)
    severity: Severity = 3 if numeric else 2
    if not numeric and _likeness(pair) > _NEARLY_SAME:
        severity = 1
    return _redrawn(pair, severity, numeric=numeric, render=pair.render.text)


def _other_letters(pair: CellPair) -> Iterable[Discrepancy]:
    """Both read the same, but the letters look different."""
    numeric = is_number(pair.reference.text)
    return _redrawn(pair, 2 if numeric else 1, numeric=numeric, render=None)


def _redrawn(
    pair: CellPair, severity: Severity, *, numeric: bool, render: str | None
) -> Iterable[Discrepancy]:
    found = difference(
        "numeric_error" if numeric else "text_error",
        severity,
        Cause.TEXT,
        _cell(pair),
        pair.reference.ink or pair.reference.box,
        reference=pair.reference.text,
        render=render,
    )
    inks = (box for box in (pair.reference.ink, pair.render.ink) if box)
    places = tuple(box.grown(0, _BELOW * box.height / len(pair.reference.lines or "1")) for box in inks)
    return () if found is None else (found.model_copy(update={"places": places}),)
