"""Reads doubtful cells again and keeps the reading whose letters look most like the picture's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.generators.embedded.table_fit import render_extents
from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import Look
from agent.generators.embedded.types import Bench
from critic.reading.glyphs import glyph_difference
from critic.reading.table import Cell, TableDescription
from critic.types import Discrepancy
from graph.types import Action
from renderers.types import Image

_MOST = 16
_TRIALS = 6
_DOUBTFUL = 0.9
_BETTER = 0.04
_SCALES = (2.0, 3.0, 4.5)
_DASHES = ("\u2212", "\u2013")
"""Signs that OCR reads as a hyphen: minus, and en dash."""
_SIGN = re.compile(r"\s*([\u00d7\u00b1=<>\u2264\u2265])\s*")
"""Signs beside which OCR loses the spaces."""
_TICKS = {"\u221a": ("\u2713", "\u2714"), "x": ("\u2717", "\u2715"), "X": ("\u2717", "\u2715")}
"""Signs that OCR does not know, by what it reads them as: ticks as square roots, crosses as letters."""
_CURRENCY = re.compile(r"([$\u20ac\u00a3\u00a5])(?=\d)")
"""What stands before an amount, with a space or without."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell whose text may be wrong, and the discrepancy that says so, if one does."""

    cell: int
    discrepancy: int | None


async def reword(
    table: TableDescription, look: Look, reference: Image, found: Sequence[Discrepancy], bench: Bench
) -> tuple[TableDescription, list[Action]]:
    """The table with better readings where trial renders show them to be better."""
    now = await bench.image_of(write_html(table, look))
    if now is None:
        return table, []
    present = await asyncio.to_thread(_differences, table, reference, now)
    suspects = _suspects(table, found, present)
    readings = await asyncio.to_thread(_readings, table, reference, suspects, bench)
    best = {suspect.cell: (present[suspect.cell], table.cells[suspect.cell].lines) for suspect in suspects}
    for turn in range(_TRIALS):
        trial = {cell: texts[turn] for cell, texts in readings.items() if turn < len(texts)}
        if not trial:
            break
        tried = with_texts(table, trial)
        image = await bench.image_of(write_html(tried, look))
        if image is None:
            continue
        differences = await asyncio.to_thread(_differences, tried, reference, image)
        for cell, lines in trial.items():
            if differences[cell] < best[cell][0] - _BETTER:
                best[cell] = (differences[cell], lines)
    changed = {cell: lines for cell, (_, lines) in best.items() if lines != table.cells[cell].lines}
    actions = [_action(table, suspect, changed) for suspect in suspects]
    return with_texts(table, changed), [action for action in actions if action]


def with_texts(table: TableDescription, texts: dict[int, tuple[str, ...]]) -> TableDescription:
    """The table with other texts in some cells."""
    cells = [cell.saying(*texts[index]) if index in texts else cell for index, cell in enumerate(table.cells)]
    return table.model_copy(update={"cells": tuple(cells)})


def _differences(table: TableDescription, reference: Image, render: Image) -> list[float]:
    """How unlike the letters of each cell are."""
    extents = render_extents(table, reference, render)
    return [
        glyph_difference(reference, cell.ink, render, extent) if cell.ink and extent else 1.0
        for cell, extent in zip(table.cells, extents, strict=True)
    ]


def _suspects(
    table: TableDescription, found: Sequence[Discrepancy], differences: Sequence[float]
) -> list[Suspect]:
    """Cells that a discrepancy names, then those that OCR doubted or whose letters look wrong."""
    named: dict[int, int] = {}
    for number, item in enumerate(found):
        for index in _cells_of(item, table):
            named.setdefault(index, number)
    single = [i for i, cell in enumerate(table.cells) if cell.ink and len(cell.lines) == 1 and not cell.runs]
    usual = float(np.median([differences[i] for i in single])) if single else 0.0
    odd = [
        i
        for i in single
        if i not in named and (table.cells[i].score < _DOUBTFUL or differences[i] > max(0.3, usual + 0.15))
    ]
    odd.sort(key=lambda i: -differences[i])
    suspects = [Suspect(cell, number) for cell, number in named.items()] + [
        Suspect(cell, None) for cell in odd
    ]
    return suspects[:_MOST]


def _cells_of(item: Discrepancy, table: TableDescription) -> list[int]:
    """The cells with a text that a discrepancy speaks of: the one that it names, else those in its places."""
    if item.category == "layout_error":
        return []
    written = [(index, cell) for index, cell in enumerate(table.cells) if cell.ink]
    if item.element is not None and item.element.kind == "cell":
        return [index for index, cell in written if (cell.row, cell.column) == item.element.index]
    places = item.places or ((item.box,) if item.box else ())
    return [index for index, cell in written if any(cell.ink.meets(place) for place in places if cell.ink)]


def _readings(
    table: TableDescription, reference: Image, suspects: Sequence[Suspect], bench: Bench
) -> dict[int, list[tuple[str, ...]]]:
    """Other texts for each suspect: the cell read again at several scales, and spaced or quoted otherwise."""
    readings: dict[int, list[tuple[str, ...]]] = {}
    for suspect in suspects:
        cell = table.cells[suspect.cell]
        if len(cell.lines) != 1 or cell.runs:
            continue
        texts = []
        for scale in _SCALES:
            line = bench.reader.text.word(_crop(reference, cell), scale)
            if line:
                texts.append(line.text.strip())
        # The texts as read come first, each followed by what OCR commonly makes wrong of it.
        likely = [other for text in (cell.text, *texts) for other in (text, *variants(text))]
        other = [text for text in dict.fromkeys(likely) if text and text != cell.text]
        readings[suspect.cell] = [(text,) for text in other]
    return readings


def _crop(image: Image, cell: Cell) -> Image:
    box, margin = cell.ink or cell.box, 4
    y0, y1 = max(0, int(box.y0) - margin), int(np.ceil(box.y1)) + margin
    x0, x1 = max(0, int(box.x0) - margin), int(np.ceil(box.x1)) + margin
    return np.ascontiguousarray(image[y0:y1, x0:x1])


def variants(text: str) -> list[str]:
    """The same text as OCR may have spaced or quoted it wrongly."""
    variants = []
    if re.search(r",\S", text) and not re.search(r"\d,\d{3}\b", text):
        variants.append(re.sub(r",(?=\S)", ", ", text))
    if re.search(r"[\"'\u201c\u201d]", text):
        curly = re.sub(r"(^|(?<=[\s(]))[\"\u201c\u201d]", "\u201c", text)
        variants.append(re.sub(r"[\"\u201d]", "\u201d", curly))
    spaced = _SIGN.sub(r" \1 ", text)
    variants += [" ".join(spaced.split()), _CURRENCY.sub(r"\1 ", text)]
    variants += _TICKS.get(text, ())
    if "-" in text:
        variants += [text.replace("-", dash) for dash in _DASHES]
    return [variant for variant in dict.fromkeys(variants) if variant != text]


def _action(table: TableDescription, suspect: Suspect, changed: dict[int, tuple[str, ...]]) -> Action | None:
    cell = table.cells[suspect.cell]
    place = f"row {cell.row + 1}, column {cell.column + 1}"
    if suspect.cell in changed:
        new = " ".join(changed[suspect.cell])
        return Action(
            discrepancy=suspect.discrepancy, description=f"{place}: {cell.text!r} read again as {new!r}"
        )
    if suspect.discrepancy is None:
        return None
    what = f"{place}: read again; {cell.text!r} still fits the picture best"
    return Action(discrepancy=suspect.discrepancy, description=what, done=False)
