"""Lays a render of a table onto its reference, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from critic.pixel.chart_pixels import differing
from critic.pixel.claims import FEW
from critic.pixel.inks import commonest, distance
from critic.pixel.ledger import Mask
from critic.pixel.registered import Gap, Lattice, Registered, Registration, filled, gaps, lattice
from critic.pixel.sequences import NONE, Places, lost_runs
from critic.pixel.table import compare_in_place, row_or_column
from critic.pixel.table_bands import A_ROW, Band, bands, edges_of, order_of, snapped
from critic.reading import Reader
from critic.reading.table import Cell, TableDescription, read_table
from critic.types import Box, Cause, Discrepancy, Element, difference
from renderers.types import Image

_ASIDE = 2
"""Pixels by which a row is higher, a column wider or a text nearer to its edge unseen."""

_RIM = 3
"""Pixels at the edges of a cell that belong to rules."""

_FILLED = 0.5
"""Part of a row's cells that have something in them: a longer word alone makes no column."""

_DRAWN = 12.0
"""CIE76 difference from a cell's ground above which a pixel is drawn on."""

_RULE = 0.9
"""Part of a line of a cell that is drawn on from which that is a rule, or a fill that reaches in."""

_MOVED = 0.65
"""Correlation of a row that is gone with one that is new, from which it is that row at another place."""


def registered_table(reference: Image, render: Image, reader: Reader) -> Registered | None:
    """The render laid onto the reference; None where nothing pushed anything aside, or no table is read."""
    table = read_table(reference, reader)
    if not table.cells:
        return None
    lines = lattice(reference, render)
    if lines.straight:
        return None
    sides = tuple(_side(axis, reference, render, table, lines) for axis in (0, 1))
    if not all(side.bands for side in sides):
        return None
    lines = replace(lines, rows=sides[0].places, columns=sides[1].places)
    work = _Work(reference, render, table, lines, sides, lines.warped(render))
    work.restore_lost()
    for cell in table.cells:
        work.place(cell)
    found = [*work.lone(0), *work.lone(1)]
    alike = 1.0 - len(work.changed) / len(table.cells)
    return Registered(work.image, found or [*work.grown(0), *work.grown(1)], work.told, alike)


@dataclass(frozen=True, slots=True)
class _Move:
    """Lines that stand elsewhere in the render.

    Attributes:
        first: The reference's first line of them.
        end: Behind the last one.
        shift: By how many lines they stand further on.
        gap: What they are in the render.
    """

    first: int
    end: int
    shift: int
    gap: Gap


@dataclass(frozen=True, eq=False, slots=True)
class _Side:
    """The rows (columns) of a pair.

    Attributes:
        places: For each line of pixels of the reference its place in the render.
        bands: The reference's rows.
        new: Those that only the render has.
        moved: Those that stand elsewhere among the others, by their place in the reference.
    """

    places: Places
    bands: list[Band]
    new: list[Gap]
    moved: dict[int, _Move]


def _side(axis: int, reference: Image, render: Image, table: TableDescription, lines: Lattice) -> _Side:
    images = _turned(reference, axis), _turned(render, axis)
    places, across = (lines.rows, lines.columns)[axis], (lines.columns, lines.rows)[axis]
    edges = edges_of(table, axis, len(places))
    places = snapped(places, edges, *images)
    usual, cross = float(np.median(np.diff(edges))), edges_of(table, 1 - axis, len(across))
    new = [gap for gap in gaps(places, len(images[1])) if _is_row(images[1][gap[1] : gap[2]], usual, cross)]
    moves = list(_moves(places, new, images[0], images[1][:, filled(across)]))
    found, moved = bands(table, axis, places, new), {}
    for move in moves:
        there = _elsewhere(found, move)
        if there is not None:  # else nothing would say that its lines stand elsewhere
            index, band = there
            found[index], moved[index] = band, move
            places[move.first : move.end] = np.arange(move.first, move.end) + move.shift
            new.remove(move.gap)
    for gap in list(new):
        index = order_of(gap[1], found)
        if index < len(found) and found[index].lost:  # gone and new at one place: all of it is otherwise
            new.remove(gap)
            found[index] = replace(bands(table, axis, places, new)[index], lost=False)
        elif any(_within(gap, band, places) for band in found):
            new.remove(gap)
    return _Side(places, found, new, moved)


def _elsewhere(sides: Sequence[Band], move: _Move) -> tuple[int, Band] | None:
    """The lost row (column) that stands elsewhere among the others, by its place in the reference."""
    for index, band in enumerate(sides):
        if band.lost and move.first < (band.start + band.end) / 2 < move.end:
            there = replace(band, begins=band.start + move.shift, ends=band.end + move.shift, lost=False)
            others = [other for place, other in enumerate(sides) if place != index]
            return None if order_of(there.begins, others) == index else (index, there)
    return None


def _within(gap: Gap, band: Band, places: Places) -> bool:
    """Whether a row has lost as much as it gained: what stands in it was moved, as to its other side."""
    lost = int((places[band.start : band.end] == NONE).sum())
    return band.start <= gap[0] <= band.end and abs(gap[2] - gap[1] - lost) <= _RIM


def _moves(places: Places, new: Sequence[Gap], reference: Image, render: Image) -> Iterator[_Move]:
    """Lines that are gone here and new there.

    Args:
        places: For each line of the reference its place in the render.
        new: Rows (columns) that only the render has.
        reference: The picture, its lines along the first axis.
        render: The render, likewise, laid onto the reference along the other one.
    """
    left = list(new)
    for first, end in list(lost_runs(places)):
        mine = np.ascontiguousarray(reference[first + _RIM : end - _RIM])
        for gap in left:
            begin = max(0, gap[1] - _RIM)
            theirs = np.ascontiguousarray(render[begin : gap[2] + _RIM])
            if not len(mine) or len(theirs) < len(mine):
                continue
            scores = np.nan_to_num(cv2.matchTemplate(theirs, mine, cv2.TM_CCOEFF_NORMED), posinf=0.0)
            if scores.max() >= _MOVED:
                shift = begin + int(scores.max(axis=1).argmax()) - (first + _RIM)
                start, last = max(first, -shift), min(end, len(render) - shift)
                yield _Move(start, last, shift, gap)
                left.remove(gap)
                break


def _is_row(lines: Image, usual: float, across: Sequence[int]) -> bool:
    """Whether lines that only the render has are a row (column), with something in most of its cells."""
    inner = lines[_RIM:-_RIM].astype(np.int16)
    if len(lines) < A_ROW * usual or not inner.size:
        return False
    inked = (np.abs(inner - inner[:1]).max(axis=2) > _DRAWN).any(axis=0)
    cells = [bool(inked[start + _RIM : end - _RIM].any()) for start, end in pairwise(across)]
    return sum(cells) >= _FILLED * len(cells)


@dataclass(eq=False, slots=True)
class _Work:
    """One pair of pictures.

    Attributes:
        image: The render as far as it is laid onto the reference.
        changed: Rows and columns of cells that say something else, which may be larger for it.
        told: What ``image`` has from the reference, as a row or column that is gone is told for itself.
    """

    reference: Image
    render: Image
    table: TableDescription
    lines: Lattice
    sides: tuple[_Side, ...]
    image: Image
    changed: set[tuple[int, int]] = field(default_factory=set)
    told: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.told = np.zeros(self.reference.shape[:2], bool)

    def restore_lost(self) -> None:
        """Where rows or columns are gone, show those of the reference: they are told for themselves."""
        for axis, side in enumerate(self.sides):
            image, told, wanted = (_turned(part, axis) for part in (self.image, self.told, self.reference))
            for first, end in lost_runs(side.places):
                if any(band.lost and band.start < end and first < band.end for band in side.bands):
                    image[first:end] = wanted[first:end]
                    told[first:end] = True

    def place(self, cell: Cell) -> None:
        """Put a cell of the render where the reference has it."""
        rows = self.sides[0].bands[cell.row : cell.row + cell.rowspan]
        columns = self.sides[1].bands[cell.column : cell.column + cell.colspan]
        here = slice(rows[0].start, rows[-1].end), slice(columns[0].start, columns[-1].end)
        there = slice(rows[0].begins, rows[-1].ends), slice(columns[0].begins, columns[-1].ends)
        if all(band.lost for band in rows) or all(band.lost for band in columns):
            self.image[here] = self.reference[here]
            self.told[here] = True
        elif not any(side.moved for side in self.sides) or _differ(self.image[here], self.reference[here]):
            if self.render[there].shape == self.reference[here].shape:
                self.image[here] = self.render[there]
            else:
                self._refit(cell, here, there)
            rim = slice(_RIM, -_RIM)  # another rule is no other text
            if _differ(self.image[here][rim, rim], self.reference[here][rim, rim]):
                self.changed.add((cell.row, cell.column))

    def _refit(self, cell: Cell, here: tuple[slice, slice], there: tuple[slice, slice]) -> None:
        """Put what stands in a cell of another size where it stands in the reference's."""
        rim = slice(_RIM, -_RIM)
        wanted, shown = self.reference[here][rim, rim], self.render[there][rim, rim]
        if not wanted.size or not shown.size:
            return
        ground = commonest(shown.reshape(-1, 3))
        mine, theirs = _inked(wanted, commonest(wanted.reshape(-1, 3))), _inked(shown, ground)
        target = self.image[here][rim, rim]
        target[:] = np.round(ground).astype(np.uint8)
        if theirs is None:
            return
        sizes = list(zip(wanted.shape[:2], shown.shape[:2], strict=True))
        top, left = (
            _offset(was, now, sizes)
            for was, now, sizes in zip(_sides(mine or theirs), _sides(theirs), sizes, strict=True)
        )
        ink = shown[theirs.pixels][: target.shape[0] - top, : target.shape[1] - left]
        target[top : top + ink.shape[0], left : left + ink.shape[1]] = ink

    def lone(self, axis: int) -> Iterator[Discrepancy]:
        """Rows (columns) that the render lacks, has besides, or has at another place."""
        kind, sides = ("row", "column")[axis], self.sides[axis].bands
        for index, band in enumerate(sides):
            texts = [cell.text for cell in self.table.cells if (cell.row, cell.column)[axis] == index]
            element, box = Element(kind=kind, index=(index,)), self._box(axis, band)
            if index in self.sides[axis].moved:
                others = [other for place, other in enumerate(sides) if place != index]
                now = order_of(band.begins, others)
                box = self._box(axis, *sides[min(index, now) : max(index, now) + 1])
                yield from row_or_column(Cause.ORDER, element, box, texts, (index + 1.0, now + 1.0))
            elif band.lost:
                yield from row_or_column(Cause.MISSING, element, box, texts)
        usual = float(np.median([band.size for band in sides]))
        for before, _, _ in self.sides[axis].new:
            index = sum(band.end <= before + usual / 2 for band in sides)
            beside = self._box(axis, sides[max(0, index - 1)])
            yield from row_or_column(Cause.EXTRA, Element(kind=kind, index=(index,)), beside, [])

    def grown(self, axis: int) -> Iterator[Discrepancy]:
        """Rows that are set higher, or columns wider, though no cell has other words that take more room."""
        sides = self.sides[axis].bands
        other = [index for index, band in enumerate(sides) if abs(band.grown) > _ASIDE]
        if not other or self.changed:
            return
        first = other[0]
        box, begins, ends = self._box(axis, *sides[first:]), sides[first].begins, sides[-1].ends
        now = Box(box.x0, begins, box.x1, ends) if axis == 0 else Box(begins, box.y0, ends, box.y1)
        element = Element(kind="columns") if axis else Element(kind="rows from row", index=(first,))
        found = difference(
            "layout_error", 2, Cause.MOVED, element, box, reference=tuple(box), render=tuple(now)
        )
        if found is not None:
            yield found

    def _box(self, axis: int, *some: Band) -> Box:
        start, end = some[0].start, some[-1].end
        columns, rows = self.table.columns, self.table.rows
        return Box(columns[0], start, columns[-1], end) if axis == 0 else Box(start, rows[0], end, rows[-1])


def _turned(image: Any, axis: int) -> Any:
    return image if axis == 0 else image.swapaxes(0, 1)


def _inked(pixels: Image, ground: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Box | None:
    """What is drawn in a cell."""
    drawn = distance(pixels, ground) > _DRAWN
    drawn &= (drawn.mean(axis=1, keepdims=True) < _RULE) & (drawn.mean(axis=0, keepdims=True) < _RULE)
    x, y, wide, high = cv2.boundingRect(drawn.astype(np.uint8))
    return Box(x, y, x + wide, y + high) if wide else None


def _sides(box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    return (int(box.y0), int(box.y1)), (int(box.x0), int(box.x1))


def _differ(one: Image, other: Image) -> bool:
    """Whether two pictures of a cell are plainly not the same, though a pixel aside they may be."""
    return int(differing(np.ascontiguousarray(one), np.ascontiguousarray(other)).sum()) > FEW


def _offset(was: tuple[int, int], now: tuple[int, int], sizes: tuple[int, int]) -> int:
    """Where in the reference's cell the render's ink begins, along one direction.

    It keeps to the edges (or the middle) that it keeps to in its own cell: where these are the reference's,
    it stands where it should, though the cell is wider or narrower.
    """
    before, behind, long = was[0], sizes[0] - was[1], now[1] - now[0]
    first, last = now[0], sizes[1] - now[1]
    offsets = {
        abs(first - before): first,
        abs(last - behind): sizes[0] - last - long,
        abs((first - last) - (before - behind)): (sizes[0] - long + first - last) // 2,
    }
    return max(0, offsets[min(offsets)])


REGISTRATION = Registration(registered_table, compare_in_place)
"""How the pixel critic lays renders onto their references."""
