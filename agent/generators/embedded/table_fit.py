"""Moves the text of a table to where the picture has it, by trial renders."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.table_look import Look, column_groups
from critic.reading.table import Cell, TableDescription
from critic.reading.table.surface import read_surface
from critic.reading.table.text import ink_mask
from critic.similarity import fit_to
from critic.types import Box
from renderers.types import Image

_REACH = 12
_WORTH = 0.5

Axis = Literal["right", "down"]

Ink = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Misfit:
    """How far a cell's text in a render is from where it is in the picture.

    Attributes:
        right: What the text must move to the right.
        down: What the text must move down.
        wider: How much wider the picture's text is.
        higher: How much higher the picture's text is.
    """

    right: float
    down: float
    wider: float
    higher: float


def misfits(table: TableDescription, reference: Image, render: Image) -> list[Misfit | None]:
    """The misfit of each cell; None for cells without text in either picture."""
    render = fit_to(reference, render)
    inks = [_ink(table, reference), _ink(table, render)]
    return [_misfit(cell, *inks) if cell.ink else None for cell in table.cells]


def line_stretch(table: TableDescription, found: Sequence[Misfit | None]) -> float:
    """How much farther apart the picture's wrapped lines are than the render's."""
    stretches = [
        misfit.higher / (len(cell.lines) - 1)
        for cell, misfit in zip(table.cells, found, strict=True)
        if misfit and len(cell.lines) > 1 and not cell.runs
    ]
    return float(np.median(stretches)) if stretches else 0.0


def leading(table: TableDescription, found: Sequence[Misfit | None]) -> float:
    """How much farther down the picture's lines are that are set in their own way, than the render's."""
    missing = [
        misfit.higher / (len(cell.lines) - 1)
        for cell, misfit in zip(table.cells, found, strict=True)
        if misfit and cell.runs and len(cell.lines) > 1
    ]
    return float(np.median(missing)) if missing else 0.0


def render_extents(table: TableDescription, reference: Image, render: Image) -> list[Box | None]:
    """Where a render has the text of each cell."""
    ink = _ink(table, fit_to(reference, render))
    return [_extent(cell, ink) for cell in table.cells]


def aimed(table: TableDescription, look: Look, found: Sequence[Misfit | None], axis: Axis) -> Look:
    """The look with the text of each column (or row) moved along one axis by its median misfit."""
    groups = _groups(table, look, axis)
    values: dict[Hashable, list[float]] = {}
    for group, misfit in zip(groups, found, strict=True):
        if misfit:
            values.setdefault(group, []).append(misfit.right if axis == "right" else misfit.down)
    moves = {group: _step(float(np.median(items))) for group, items in values.items()}
    return _moved(look, axis, [moves.get(group, 0.0) for group in groups])


def nudged(table: TableDescription, look: Look, axis: Axis, by: float) -> Look:
    """The look with all text moved along one axis."""
    return _moved(look, axis, [by if cell.ink else 0.0 for cell in table.cells])


def improved(
    table: TableDescription, look: Look, before: Sequence[float], after: Sequence[float], axis: Axis
) -> list[bool]:
    """Which cells are in a column (or row) that differs less from the picture than before."""
    groups = _groups(table, look, axis)
    gains: dict[Hashable, float] = {}
    for group, first, second in zip(groups, before, after, strict=True):
        gains[group] = gains.get(group, 0.0) + first - second
    return [gains[group] > _WORTH for group in groups]


def cell_errors(table: TableDescription, reference: Image, render: Image) -> list[float]:
    """How much each cell of a render differs from the picture: the sum of differences, 0..1 a pixel."""
    apart = np.abs(reference.astype(np.int16) - fit_to(reference, render)).mean(axis=2) / 255.0
    total = np.pad(apart.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    errors = []
    for cell in table.cells:
        x0, y0, x1, y1 = (max(0, round(v)) for v in cell.box)
        x0, x1 = min(x0, apart.shape[1]), min(x1, apart.shape[1])
        y0, y1 = min(y0, apart.shape[0]), min(y1, apart.shape[0])
        errors.append(float(total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]))
    return errors


def _moved(look: Look, axis: Axis, by: Sequence[float]) -> Look:
    shifts = [
        shift.model_copy(update={axis: getattr(shift, axis) + move})
        for shift, move in zip(look.shifts, by, strict=True)
    ]
    return look.model_copy(update={"shifts": tuple(shifts)})


def gathered(table: TableDescription, look: Look) -> Look:
    """The same look with what most shifts have in common taken into the padding."""
    left = [s.right for c, s in zip(table.cells, look.shifts, strict=True) if c.ink and c.align == "left"]
    right = [-s.right for c, s in zip(table.cells, look.shifts, strict=True) if c.ink and c.align == "right"]
    values = left + right
    if not values:
        return look
    common = max(values, key=values.count)
    padding = look.padding + common
    if padding < 0:
        return look
    sign = {"left": 1.0, "right": -1.0, "center": 0.0}
    shifts = tuple(
        shift.model_copy(
            update={"right": _step(shift.right - common * sign[cell.align]) if cell.ink else 0.0}
        )
        for cell, shift in zip(table.cells, look.shifts, strict=True)
    )
    return look.model_copy(update={"padding": _step(padding), "shifts": shifts})


def _groups(table: TableDescription, look: Look, axis: Axis) -> list[Hashable]:
    """Of each cell what is moved together with it: its column sideways, its row up or down.

    Of two faces in one row each has its own height above the line.
    """
    if axis == "right":
        return list(column_groups(table))
    return [
        (cell.row, cell.row + cell.rowspan, cell.valign, look.faces.get(index))
        for index, cell in enumerate(table.cells)
    ]


def _step(value: float) -> float:
    return round(value * 4) / 4


def _ink(table: TableDescription, image: Image) -> Ink:
    return ink_mask(read_surface(image, [cell.ink for cell in table.cells if cell.ink]))


def _misfit(cell: Cell, reference: Ink, render: Ink) -> Misfit | None:
    wanted, got = _extent(cell, reference), _extent(cell, render)
    if wanted is None or got is None:
        return None
    right = {
        "left": wanted.x0 - got.x0,
        "right": wanted.x1 - got.x1,
        "center": (wanted.x0 + wanted.x1 - got.x0 - got.x1) / 2,
    }[cell.align]
    down = {
        "top": wanted.y0 - got.y0,
        "bottom": wanted.y1 - got.y1,
        "middle": (wanted.y0 + wanted.y1 - got.y0 - got.y1) / 2,
    }[cell.valign]
    wider = wanted.width - got.width
    higher = wanted.height - got.height
    return Misfit(right, down, wider, higher)


def _extent(cell: Cell, ink: Ink) -> Box | None:
    """The ink in and shortly around where the picture has the cell's text, inside the cell."""
    if cell.ink is None:
        return None
    y0 = int(max(cell.box.y0 + 1, cell.ink.y0 - _REACH, 0))
    y1 = int(np.ceil(min(cell.box.y1 - 1, cell.ink.y1 + _REACH)))
    x0 = int(max(cell.box.x0 + 1, cell.ink.x0 - 2 * _REACH, 0))
    x1 = int(np.ceil(min(cell.box.x1 - 1, cell.ink.x1 + 2 * _REACH)))
    patch = ink[y0:y1, x0:x1]
    rows, columns = np.where(patch.any(axis=1))[0], np.where(patch.any(axis=0))[0]
    if len(rows) == 0:
        return None
    return Box(
        float(x0 + columns[0]), float(y0 + rows[0]), float(x0 + columns[-1] + 1), float(y0 + rows[-1] + 1)
    )
