"""Finds which faces a table is set in, column by column, by the shapes of the letters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.table_fit import Misfit
from agent.generators.embedded.table_look import Face
from agent.generators.embedded.table_type import (
    FAMILIES,
    SpecimenLine,
    Typeface,
    extents,
    fit,
    ink_of_lines,
    specimen,
)
from agent.generators.embedded.types import Bench
from critic.reading.table import Cell, TableDescription
from critic.reading.table.sizes import OTHER_SIZE, em_of, tells
from renderers.types import Image

_SAMPLES = 3
_MOST_GROUPS = 8
_LONGEST = 40
_FEWEST_LETTERS = 4
_MOST_ALIKE = 2
_SAME_SIZE = 0.04
_AS_WIDE, _SOFT_ENDS = 0.03, 1.0
"""Share of its width, and pixels, by which a word may differ from itself in the same face: browsers round the
places of letters. From 14 to 15 px a word grows by 0.07."""
_TELLING = 8.0
"""Pixels of a capital's height below which the soft ends of words hide another face: a table whose capitals
are 5 high lost 0.05 of its similarity."""
_OWN = 0.03
"""Likeness by which another family must be nearer than the table's own: badges in Arial at 12 px were
taken for Arial Narrow at 14.5."""
_CHUNK = 32
"""Pixels of text that are laid over each other at a time: a size that is a little off adds up."""

_WANDER = 2

Ink = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that are set alike, and what in.

    Attributes:
        cells: The indices of its texts, see ``TableDescription.texts``.
        faces: The faces that it is probably set in.
    """

    cells: tuple[int, ...]
    faces: tuple[Face, ...]

    def ranked(self, rank: int) -> Face:
        """The face of a rank, from 0; the last one for all further ranks."""
        return self.faces[min(rank, len(self.faces) - 1)]


async def fit_groups(
    table: TableDescription, own: Face, reference: Image, found: Sequence[Misfit | None], bench: Bench
) -> list[Group]:
    """The faces in which headings and columns may be set whose words are too wide or narrow in the own one.

    A table has one face: words that are as wide in it are set in it, however alike those of others may be.

    Args:
        table: The table.
        own: The face that it is set in so far.
        reference: Its picture.
        found: How each cell differs in that face.
        bench: Renders the words in other faces.
    """
    small = table.text_height < _TELLING
    apart = [misfit if not cell.runs else None for cell, misfit in zip(table.cells, found, strict=True)]
    others = [members for members in _groups(table) if small or not _fits_own(table, members, apart)]
    samples = [(members, _samples(table, members)) for members in others]
    chosen = sorted((pair for pair in samples if pair[1]), key=lambda pair: -len(pair[0]))[:_MOST_GROUPS]
    cells = [sampled for _, sampled in chosen]
    if not cells:
        return []
    likely = await _likenesses(cells, await _fits(cells, bench), reference, bench)
    chosen_faces = [_likeliest(faces, own) for faces in likely]
    return [
        Group(tuple(members), faces)
        for (members, _), faces in zip(chosen, chosen_faces, strict=True)
        if faces
    ]


def _likeliest(faces: Mapping[Typeface, float], own: Face) -> tuple[Face, ...]:
    """Those whose letters are most alike, and the one whose words are most nearly as wide.

    Tiny letters are hardly alike in any face; then the widths say more.
    """
    alike = sorted(faces, key=lambda face: -faces[face] - _OWN * (face.family == own.family))[:_MOST_ALIKE]
    found = dict.fromkeys([*alike, *sorted(faces, key=lambda face: face.miss)[:1]])
    return tuple(dict.fromkeys(_as_own(Face(family=face.family, size=face.size), own) for face in found))


def _as_own(face: Face, own: Face) -> Face:
    """The table's own face where this one is hardly another."""
    same = face.family == own.family and abs(face.size / own.size - 1) < _SAME_SIZE
    return own if same else face


def _groups(table: TableDescription) -> list[list[int]]:
    """Texts that are probably set alike: headings, what is on chips, parts of cells, of columns the rest."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, cell in enumerate(table.texts):
        if cell.ink:
            key: tuple[object, ...] = (cell.column, cell.colour)
            if cell.chip:
                key = ("chip",)
            elif index >= len(table.cells):
                key = ("part", cell.bold, cell.colour)
            elif cell.row < table.header_rows:
                key = ("th", cell.bold, cell.colour)
            groups.setdefault(key, []).append(index)
    return [members for group in groups.values() for members in _by_size(table, group)]


def _by_size(table: TableDescription, members: Sequence[int]) -> list[list[int]]:
    """Texts that seem set alike by size as well: notes below a table are smaller than its first column."""
    sizes = [_size(table.texts[index]) for index in members]
    known = [size for size in sizes if size]
    usual = float(np.median(known)) if known else 0.0
    ranks = [0 if not size else (size > OTHER_SIZE * usual) - (size * OTHER_SIZE < usual) for size in sizes]
    return [
        [index for index, own in zip(members, ranks, strict=True) if own == rank]
        for rank in sorted(set(ranks))
    ]


def _size(cell: Cell) -> float:
    """A text's size by the height of its letters; 0 where that does not tell."""
    known = cell.ink and len(cell.lines) == 1 and tells(cell.text)
    return em_of(cell.text, cell.ink.height) if known and cell.ink else 0.0


def _fits_own(table: TableDescription, members: Sequence[int], found: Sequence[Misfit | None]) -> bool:
    """Whether most words of a group are as wide as in the table's own face, or none is long enough."""
    cells = [index for index in members if index < len(table.cells)]
    misses = [
        abs(misfit.wider) - _SOFT_ENDS <= _AS_WIDE * cell.ink.width
        for cell, misfit in ((table.cells[index], found[index]) for index in cells)
        if cell.ink and misfit and len(cell.lines) == 1 and len(cell.text) >= _FEWEST_LETTERS
    ]
    return (bool(cells) and not misses) or sum(misses) > len(misses) / 2


def _samples(table: TableDescription, members: Sequence[int]) -> list[Cell]:
    cells = [table.texts[index] for index in members]
    fit_for = [
        cell for cell in cells if len(cell.lines) == 1 and _FEWEST_LETTERS <= len(cell.text) <= _LONGEST
    ]
    return sorted(fit_for, key=lambda cell: (-cell.score, -len(cell.text)))[:_SAMPLES]


async def _fits(groups: Sequence[Sequence[Cell]], bench: Bench) -> list[list[Typeface]]:
    """For each group the size of each family at which its words are as wide as in the picture."""
    lines = [SpecimenLine(cell, family) for family in FAMILIES for cells in groups for cell in cells]
    image = await bench.image_of(specimen(lines))
    if image is None:
        return [[] for _ in groups]
    found = iter(extents(image, len(lines)))
    fits: list[list[Typeface]] = [[] for _ in groups]
    for family in FAMILIES:
        for number, cells in enumerate(groups):
            if face := fit(family, cells, [next(found) for _ in cells]):
                fits[number].append(face)
    return fits


async def _likenesses(
    groups: Sequence[Sequence[Cell]], fits: Sequence[Sequence[Typeface]], reference: Image, bench: Bench
) -> list[dict[Typeface, float]]:
    """How like the picture's letters each face's are, 0..1."""
    lines = [
        SpecimenLine(cell, face.family, face.size)
        for cells, faces in zip(groups, fits, strict=True)
        for face in faces
        for cell in cells
    ]
    image = await bench.image_of(specimen(lines))
    if image is None:
        return [{} for _ in groups]
    return await asyncio.to_thread(_compared, groups, fits, reference, image)


def _compared(
    groups: Sequence[Sequence[Cell]], fits: Sequence[Sequence[Typeface]], reference: Image, drawn: Image
) -> list[dict[Typeface, float]]:
    count = sum(len(cells) * len(faces) for cells, faces in zip(groups, fits, strict=True))
    bands = iter(ink_of_lines(drawn, count))
    found: list[dict[Typeface, float]] = []
    for cells, faces in zip(groups, fits, strict=True):
        wanted = [_ink_of(reference, cell) for cell in cells]
        found.append({face: float(np.mean([_alike(ink, next(bands)) for ink in wanted])) for face in faces})
    return found


def _ink_of(reference: Image, cell: Cell) -> Ink:
    """How much of each pixel around the cell's text is text, 0..1."""
    assert cell.ink is not None
    x0, y0 = max(0, int(cell.ink.x0)), max(0, int(cell.ink.y0))
    patch = reference[y0 : int(np.ceil(cell.ink.y1)), x0 : int(np.ceil(cell.ink.x1))].astype(np.float32)
    ground = np.array(cell.ground, dtype=np.float32)
    along = np.array(cell.colour, dtype=np.float32) - ground
    share = (patch - ground) @ along / max(1.0, float(along @ along))
    return np.clip(share, 0, 1).astype(np.float32)


def _alike(wanted: Ink, drawn: Ink) -> float:
    """How alike two pictures of one text are, 0..1, laid over each other piece by piece."""
    rows = max(len(wanted), len(drawn))
    tops = [_with_rows(drawn, top, rows) for top in (-1, 0, 1)]
    wanted = _with_rows(wanted, 0, rows)
    return max(_alike_along(wanted, moved) for moved in tops)


def _with_rows(ink: Ink, top: int, rows: int) -> Ink:
    """The ink moved down by ``top``, in so many rows."""
    ink = ink[max(0, -top) :]
    return np.pad(ink, ((max(0, top), rows), (_WANDER, _WANDER)))[:rows]


def _alike_along(wanted: Ink, drawn: Ink) -> float:
    """The mean over pieces of the width, each where it fits best, by how much ink there is."""
    width = max(wanted.shape[1], drawn.shape[1])
    drawn = np.pad(drawn, ((0, 0), (0, width - drawn.shape[1] + _WANDER)))
    shared = total = 0.0
    for start in range(_WANDER, wanted.shape[1] - _WANDER, _CHUNK):
        piece = wanted[:, start : start + _CHUNK]
        span = piece.shape[1]
        best = 0.0
        for move in range(-_WANDER, _WANDER + 1):
            other = drawn[:, start + move : start + move + span]
            both = float((piece**2).sum() + (other**2).sum())
            best = max(best, 2 * float((piece * other).sum()) / both if both else 0.0)
        ink = float(piece.sum())
        shared, total = shared + ink * best, total + ink
    return shared / total if total else 0.0
