"""Finds the font of a table's text by setting the same words in candidate fonts and comparing widths."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.table_fit import Misfit
from agent.generators.embedded.table_look import Face
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
_SHORTEST = 2
_ODD = 0.05
_AGREE = 0.03
_FAR = 0.1
_MOST_GROUPS = 4
_SIZE_RANGE = 0.2


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font stack and size, and how badly the widths of the words agree with it."""

    family: str
    size: float
    miss: float


async def fit_type(table: TableDescription, bench: Bench) -> list[Typeface]:
    """Faces whose words are as wide as the picture's, at the size that makes them so, best first."""
    samples = _samples(table)
    image = await bench.image_of(_specimen(samples)) if samples else None
    if image is None:
        return []
    fits = []
    for index, family in enumerate(FAMILIES):
        fit = _fit(family, samples, _extents(image, index * len(samples), len(samples)))
        if fit:
            fits.append(fit)
    fits.sort(key=lambda fit: fit.miss)
    return [fit for fit in fits if fit.miss <= fits[0].miss + _RIVAL][:2]


async def fit_groups(
    table: TableDescription, size: float, found: Sequence[Misfit | None], bench: Bench
) -> dict[int, Face]:
    """Faces for groups of cells whose text is clearly wider or narrower in the table's face.

    Args:
        table: The table.
        size: The table's font size; a face among the text has about the same.
        found: The misfits of a render in the table's face.
        bench: Renders the words in other faces.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, (cell, misfit) in enumerate(zip(table.cells, found, strict=True)):
        if cell.ink and misfit and len(cell.lines) == 1 and len(cell.text) >= _SHORTEST:
            key = ("th",) if cell.row < table.header_rows else (cell.column, cell.bold, cell.colour)
            groups.setdefault(key, []).append(index)
    odd = []
    for members in groups.values():
        shares = [
            abs(misfit.wider) / (ink.x1 - ink.x0)
            for i in members
            if (misfit := found[i]) and (ink := table.cells[i].ink)
        ]
        # Among two or three texts one may be measured wrongly, so all of them must be odd.
        share = min(shares) if len(shares) <= 3 else float(np.median(shares))
        if share > _ODD and sum(len(table.cells[i].text) for i in members) >= 8:
            odd.append(members)
    faces: dict[int, Face] = {}
    for members in odd[:_MOST_GROUPS]:
        longest = sorted((table.cells[i] for i in members), key=lambda cell: -len(cell.text))[:4]
        image = await bench.image_of(_specimen(longest))
        if image is None:
            continue
        fits = [
            fit
            for index, family in enumerate(FAMILIES)
            if (fit := _fit(family, longest, _extents(image, index * len(longest), len(longest))))
            and abs(fit.size / size - 1) < _SIZE_RANGE
        ]
        best = min(fits, key=lambda fit: fit.miss, default=None)
        if best:
            faces |= {i: Face(family=best.family, size=best.size) for i in members}
    return faces


async def line_height(family: str, size: float, bench: Bench) -> float | None:
    """The height that the browser gives a line of this font, in whole pixels as it draws them."""
    style = f"position:absolute;left:0;top:0;width:40px;background:#000;color:#000;font:{size}px {family}"
    image = await bench.image_of(f"<style>body{{margin:0}}</style><div style='{html.escape(style)}'>x</div>")
    if image is None:
        return None
    return float((image[:, 20].max(axis=1) < 128).sum())


def _samples(table: TableDescription) -> list[Cell]:
    """Texts on one line, surely read and long enough to measure: a few of each column and the headings."""
    columns: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.ink and len(cell.lines) == 1 and cell.score > 0.8 and 2 <= len(cell.text) <= _LONGEST:
            columns.setdefault(-1 if cell.row < table.header_rows else cell.column, []).append(cell)
    samples: list[Cell] = []
    each = max(1, min(4, _SAMPLES // max(1, len(columns))))
    for members in columns.values():
        samples += sorted(members, key=lambda cell: -len(cell.text))[:each]
    return samples[:_SAMPLES]


def _specimen(samples: Sequence[Cell]) -> str:
    lines = []
    for index, family in enumerate(FAMILIES):
        for position, cell in enumerate(samples):
            top = (index * len(samples) + position) * _STEP
            weight = "bold " if cell.bold else ""
            style = (
                f"position:absolute;left:{_LEFT}px;top:{top}px;white-space:nowrap;"
                f"font:{weight}{_SIZE}px/{_STEP}px {family}"
            )
            lines.append(f'<div style="{html.escape(style)}">{html.escape(cell.text)}</div>')
    return "<style>body{margin:0;background:#fff;color:#000}</style>" + "".join(lines)


def _extents(image: Image, first: int, count: int) -> list[tuple[float, float] | None]:
    """Width and height of the ink in each line of the specimen."""
    found: list[tuple[float, float] | None] = []
    for index in range(first, first + count):
        band = image[index * _STEP : (index + 1) * _STEP].min(axis=2) < 170
        rows, columns = np.where(band.any(axis=1))[0], np.where(band.any(axis=0))[0]
        if len(rows) == 0:
            found.append(None)
        else:
            found.append((float(columns[-1] - columns[0] + 1), float(rows[-1] - rows[0] + 1)))
    return found


def _fit(
    family: str, samples: Sequence[Cell], extents: Sequence[tuple[float, float] | None]
) -> Typeface | None:
    pairs = [
        (cell.ink.x1 - cell.ink.x0, cell.ink.y1 - cell.ink.y0, extent[0], extent[1])
        for cell, extent in zip(samples, extents, strict=True)
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
