"""Finds the font of a table's text by setting the same words in candidate fonts and comparing widths."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.types import Bench
from critic.reading.table import Cell, TableDescription
from renderers.types import Image

FAMILIES = (
    "Arial, Helvetica, sans-serif",
    '"Times New Roman", Times, serif',
    'Verdana, "DejaVu Sans", sans-serif',
    '"Arial Narrow", "Liberation Sans Narrow", sans-serif',
    'Georgia, "DejaVu Serif", serif',
    '"Courier New", Courier, monospace',
    'Menlo, "DejaVu Sans Mono", monospace',
)
"""Font stacks that name a common face first and its free double next."""

_SIZE = 24
_STEP = 36
_LEFT = 12
_SAMPLES = 20
_LONGEST = 36
_RIVAL = 0.03
_AGREE = 0.03
_FAR = 0.1
_INK = 0.33
_DARK = 128
"""Level (0 to 255) below which a pixel is of the black box."""
_SURE = 0.8
"""Score of OCR (0 to 1) above which a text is surely read."""
_SHORTEST = 2
"""Letters from which a text's width tells its font."""


@dataclass(frozen=True, slots=True)
class SpecimenLine:
    """A line of a specimen: the text of a cell in some face."""

    cell: Cell
    family: str
    size: float = _SIZE


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font stack and size, and how badly the widths of the words agree with it."""

    family: str
    size: float
    miss: float


async def fit_type(table: TableDescription, bench: Bench) -> list[Typeface]:
    """Faces whose words are as wide as the picture's, at the size that makes them so, best first."""
    samples = _samples(table)
    lines = [SpecimenLine(cell, family) for family in FAMILIES for cell in samples]
    image = await bench.image_of(specimen(lines)) if samples else None
    if image is None:
        return []
    found, fits = iter(extents(image, len(lines))), []
    for family in FAMILIES:
        if face := fit(family, samples, [next(found) for _ in samples]):
            fits.append(face)
    fits.sort(key=lambda face: face.miss)
    return [face for face in fits if face.miss <= fits[0].miss + _RIVAL][:2]


async def line_height(family: str, size: float, bench: Bench) -> float | None:
    """The height that the browser gives a line of this font, in whole pixels as it draws them."""
    style = f"position:absolute;left:0;top:0;width:40px;background:#000;color:#000;font:{size}px {family}"
    image = await bench.image_of(f"<style>body{{margin:0}}</style><div style='{html.escape(style)}'>x</div>")
    if image is None:
        return None
    return float((image[:, 20].max(axis=1) < _DARK).sum())


def _samples(table: TableDescription) -> list[Cell]:
    """Texts on one line, surely read and long enough to measure: a few of each column and the headings."""
    columns: dict[int, list[Cell]] = {}
    for cell in table.texts[: len(table.cells)]:
        if (
            cell.ink
            and len(cell.lines) == 1
            and cell.score > _SURE
            and _SHORTEST <= len(cell.text) <= _LONGEST
        ):
            columns.setdefault(-1 if cell.row < table.header_rows else cell.column, []).append(cell)
    samples: list[Cell] = []
    each = max(1, min(4, _SAMPLES // max(1, len(columns))))
    for members in columns.values():
        samples += sorted(members, key=lambda cell: -len(cell.text))[:each]
    return samples[:_SAMPLES]


def specimen(lines: Sequence[SpecimenLine]) -> str:
    """A page with the lines one under the other, black on white."""
    drawn = []
    for number, line in enumerate(lines):
        weight = "bold " if line.cell.bold else ""
        style = (
            f"position:absolute;left:{_LEFT}px;top:{number * _STEP}px;white-space:nowrap;"
            f"font:{weight}{line.size:g}px/{_STEP}px {line.family}"
        )
        drawn.append(f'<div style="{html.escape(style)}">{html.escape(line.cell.text)}</div>')
    return "<style>body{margin:0;background:#fff;color:#000}</style>" + "".join(drawn)


def ink_of_lines(image: Image, count: int) -> list[NDArray[np.float32]]:
    """The ink of each line of a specimen, 0..1, cut to where it is; without pixels where there is none."""
    found = []
    for number in range(count):
        band = 1 - image[number * _STEP : (number + 1) * _STEP].min(axis=2).astype(np.float32) / 255
        rows, columns = np.where((band > _INK).any(axis=1))[0], np.where((band > _INK).any(axis=0))[0]
        empty = len(rows) == 0
        found.append(band[:0, :0] if empty else band[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return found


def extents(image: Image, count: int) -> list[tuple[float, float] | None]:
    """Width and height of the ink in each line of a specimen."""
    return [(ink.shape[1], ink.shape[0]) if ink.size else None for ink in ink_of_lines(image, count)]


def fit(family: str, samples: Sequence[Cell], drawn: Sequence[tuple[float, float] | None]) -> Typeface | None:
    """The size at which a family's words are as wide as the picture's.

    Args:
        family: A font stack.
        samples: Cells with the words.
        drawn: Width and height of the words at the specimen's size.
    """
    pairs = [
        (cell.ink.width, cell.ink.height, extent[0], extent[1])
        for cell, extent in zip(samples, drawn, strict=True)
        if cell.ink and extent
    ]
    if not pairs:
        return None
    wide, high, set_wide, set_high = (np.array(column) for column in zip(*pairs, strict=True))
    # Some texts may be set in another face, so the size is the one that most texts agree on.
    scales = wide / set_wide
    misses = [_disagreement(scale, scales, high, set_high) for scale in scales]
    best = int(np.argmin(misses))
    agreeing = np.abs(scales / scales[best] - 1) < _AGREE
    scale = float((wide * set_wide)[agreeing].sum() / (set_wide**2)[agreeing].sum())
    return Typeface(family, tidy_size(scale * _SIZE), _disagreement(scale, scales, high, set_high))


def _disagreement(
    scale: float, scales: NDArray[np.float64], high: NDArray[np.float64], set_high: NDArray[np.float64]
) -> float:
    """How far texts are from one size, in width and a little in height; far is far, however far."""
    widths = np.minimum(np.abs(scales / scale - 1), _FAR)
    heights = np.minimum(np.abs(high - scale * set_high) / np.maximum(high, 6), 2 * _FAR)
    return float(widths.mean() + 0.3 * heights.mean())


def tidy_size(size: float) -> float:
    """A size as people write it where it is close to one."""
    for step in (1.0, 0.5):
        near = round(size / step) * step
        if abs(size - near) <= 0.012 * size:
            return near
    return round(size, 2)
