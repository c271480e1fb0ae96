"""The tables and figures on a page, by its text and by its ink.

A table is what stands in rows and columns: lines of text with the same gaps between them, one below the
other, with the rules round them. A figure is ink that is no text, with the short texts beside it. What either
shows is then told from its pixels, as for any picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.documents.frames import frames_of, in_frames
from agent.documents.rows import rows_of, tables_of
from critic.reading.kind import detect_kind
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.types import Box
from renderers.pictures import is_blank
from renderers.types import Image, Kind

Mask = NDArray[np.bool_]

_INK = 40
"""Levels by which a pixel differs from the paper where something is printed."""

_NEAR = 1.2
"""Text heights between parts of one figure at most: tick labels, bars and legends are nearer."""

_BESIDE = 1.5
"""Text heights from a figure to a text that belongs to it, such as an axis title."""

_LEAST = 5.0
"""Text heights that a figure is wide and high at least; smaller ink is an ornament or a symbol."""

_RULE = 0.4
"""Text heights that a rule is thick at most."""

_LONG_TEXT = 60
"""Letters from which a line is prose rather than a label of a figure."""

_COVERED = 0.5
"""Share of a box that lies in another one from which it is a part of it."""

_DRAWN = 0.3
"""Share of a table's box that a figure covers from which it is the figure, with its labels in rows."""

_MARGIN = 8
"""Pixels of paper round a region."""

_USUAL = 18.0
"""Pixels of a text height on a page without text: 9 points at 144 dots per inch."""


class Found(NamedTuple):
    """A table or figure.

    Attributes:
        kind: What it shows; None for a photograph or the like.
        box: Where it is, in the page's pixels.
        confidence: How sure the kind is, 0..1.
    """

    kind: Kind | None
    box: Box
    confidence: float


@dataclass(frozen=True)
class _Sheet:
    """A page's ink and text."""

    pixels: Image
    lines: tuple[TextLine, ...]
    unit: float


def find_regions(
    pixels: Image, lines: Sequence[TextLine], reader: Reader, pictures: Sequence[Box] = ()
) -> list[Found]:
    """The tables and figures of a page, from top to bottom.

    Args:
        pixels: RGB pixels.
        lines: Its lines of text; read from the pixels where there are none.
        reader: The readings of the run.
        pictures: Boxes of raster pictures that are known to be on it.
    """
    if is_blank(pixels):
        return []
    lines = tuple(lines) or reader.lines(pixels)
    sheet = _sheet(pixels, lines)
    ink = _graphics(sheet)
    height, width = pixels.shape[:2]
    figures = [box.clipped(width, height) for box in pictures if _is_large(box, sheet.unit)]
    figures += [box for box in _figures(sheet, ink) if not _any_covers(figures, box)]
    rules = _rules(ink, sheet.unit)
    outside = [line for line in lines if not _any_covers(figures, line.box)]
    tables = [
        _with_rules(box, rules, sheet.unit) for box in tables_of(rows_of(outside, sheet.unit), sheet.unit)
    ]
    ruled = [box for box in figures if _is_ruled(ink, box, sheet)]
    tables += [box for box in ruled if not _any_covers(tables, box)]
    tables = [box for box in tables if not _is_drawn(box, [f for f in figures if f not in ruled])]
    framed = _framed_charts(sheet, [*figures, *tables], reader)
    tables = [box for box in tables if not any(region.box.holds(box) for region in framed)]
    figures = [box for box in figures if box not in ruled and not _any_covers(tables, box)]
    figures = [box for box in figures if not any(region.box.holds(box) for region in framed)]
    found = [*framed, *(Found(Kind.TABLE, box, 1.0) for box in _apart(tables))]
    found += [tell(pixels, lines, box, reader) for box in _apart(figures)]
    return sorted(found, key=lambda region: (round(region.box.y0 / sheet.unit), region.box.x0))


def _framed_charts(sheet: _Sheet, boxes: Sequence[Box], reader: Reader) -> list[Found]:
    """The charts that a frame is drawn round, with all that is in it, such as title and legend."""
    if not boxes:
        return []
    frames = in_frames(boxes, frames_of(sheet.pixels, _paper(sheet.pixels), sheet.unit))
    prose = [line.box for line in sheet.lines if len(line.text) >= _LONG_TEXT]
    frames = [frame for frame in frames if not any(_covers(frame, box) for box in prose)]
    told = [tell(sheet.pixels, sheet.lines, frame, reader) for frame in frames]
    return [region for region in told if region.kind is Kind.CHART]


def cut(pixels: Image, lines: Sequence[TextLine], box: Box) -> tuple[Image, tuple[TextLine, ...]]:
    """A region's pixels with some paper round them, and the lines of text in it, in its own pixels."""
    height, width = pixels.shape[:2]
    x0, y0 = max(0, int(box.x0) - _MARGIN), max(0, int(box.y0) - _MARGIN)
    x1, y1 = min(width, int(np.ceil(box.x1)) + _MARGIN), min(height, int(np.ceil(box.y1)) + _MARGIN)
    part = np.array(pixels[y0:y1, x0:x1])
    paper = _paper(part)
    inside = []
    for line in lines:
        if _covers(box, line.box):
            moved = Box(line.box.x0 - x0, line.box.y0 - y0, line.box.x1 - x0, line.box.y1 - y0)
            inside.append(line.model_copy(update={"box": moved}))
        else:  # what the margin shows of its neighbours is no part of it
            part[
                max(0, int(line.box.y0) - y0 - 1) : max(0, int(np.ceil(line.box.y1)) - y0 + 1),
                max(0, int(line.box.x0) - x0 - 1) : max(0, int(np.ceil(line.box.x1)) - x0 + 1),
            ] = paper
    return part, tuple(inside)


def tell(pixels: Image, lines: Sequence[TextLine], box: Box, reader: Reader) -> Found:
    """What a part of a page shows, from its pixels and what is known of its text."""
    part, lines = cut(pixels, lines, box)
    reader.know(part, lines)
    guess = detect_kind(part, reader)
    kind = Kind.CHART if guess.kind is Kind.PAGE else guess.kind  # a page within a page is none
    return Found(None if guess.photo else kind, box, guess.confidence)


def _paper(pixels: Image) -> NDArray[np.uint8]:
    return np.asarray(np.median(pixels.reshape(-1, 3)[::7], axis=0), np.uint8)


def _graphics(sheet: _Sheet) -> Mask:
    """Ink that is no text."""
    differs = np.abs(sheet.pixels.astype(np.int16) - _paper(sheet.pixels).astype(np.int16)).max(axis=2) > _INK
    for line in sheet.lines:
        box = line.box.grown(2)
        differs[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = False
    return np.asarray(differs, bool)


def _sheet(pixels: Image, lines: Sequence[TextLine]) -> _Sheet:
    heights = [line.box.height for line in lines]
    return _Sheet(pixels, tuple(lines), float(np.median(heights)) if heights else _USUAL)


def _figures(sheet: _Sheet, ink: Mask) -> list[Box]:
    """Ink that is near together, with its labels."""
    return _apart([_with_labels(box, sheet) for box in _pieces(ink, sheet.unit)])


def _pieces(ink: Mask, unit: float) -> list[Box]:
    """Where ink is near together."""
    reach = max(3, round(_NEAR * unit))
    joined = cv2.dilate(ink.astype(np.uint8), np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    grown = [Box(*map(float, (x, y, x + wide, y + high))) for x, y, wide, high, _ in stats[1:count]]
    return [box for one in grown if _is_large(box := one.grown(-(reach // 2)), unit)]


def _is_large(box: Box, unit: float) -> bool:
    return min(box.width, box.height) >= _LEAST * unit


def _with_labels(box: Box, sheet: _Sheet) -> Box:
    """A figure with the short texts beside it, and those beside them; captions and prose are none."""
    labels = [line.box for line in sheet.lines if len(line.text) < _LONG_TEXT and not _is_caption(line.text)]
    known = box
    while True:
        near = known.grown(_BESIDE * sheet.unit)
        touching = [label for label in labels if near.meets(label) and not _covers(known, label)]
        touching = [label for label in touching if _covers(box.grown(6 * sheet.unit), label)]
        if not touching:
            return known
        known = Box.around([known, *touching])


def _is_caption(text: str) -> bool:
    return text.lower().startswith(("fig", "table", "abb", "tab."))


def _rules(ink: Mask, unit: float) -> list[Box]:
    """Level strokes that are long and thin."""
    long = max(8, round(_LEAST * unit))
    kept = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    return [
        Box(float(x), float(y), float(x + wide), float(y + high))
        for x, y, wide, high, _ in stats[1:count]
        if high <= max(4.0, _RULE * unit)
    ]


def _is_ruled(ink: Mask, box: Box, sheet: _Sheet) -> bool:
    """Whether all ink in a box but its text is rules, with text in several rows between them."""
    part = ink[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].astype(np.uint8)
    long = max(8, round(_LEAST * sheet.unit / 2))
    level = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    upright = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((long // 2, 1), np.uint8))
    thick = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((6, 6), np.uint8))
    rest = cv2.subtract(part, cv2.bitwise_or(level, upright))
    rows = rows_of([line for line in sheet.lines if _covers(box, line.box)], sheet.unit)
    few = 0.02 * part.sum()
    return bool(rest.sum() <= few and not thick.any() and len(rows) > 1 and level.any() and upright.any())


def _with_rules(box: Box, rules: Sequence[Box], unit: float) -> Box:
    """A table with the rules above, in and below it."""
    near = box.grown(1.5 * unit)
    own = [rule for rule in rules if near.meets(rule) and rule.width <= 1.5 * box.width]
    return Box.around([box, *own])


def _is_drawn(box: Box, figures: Sequence[Box]) -> bool:
    """Whether what stands in rows are the labels of a figure."""
    return any(box.overlap(figure) > _DRAWN * box.width * box.height for figure in figures)


def _apart(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that lie in one another or overlap, as one."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda item: -item.width * item.height):
        within = next((index for index, known in enumerate(found) if known.meets(box)), None)
        if within is None:
            found.append(box)
        else:
            found[within] = found[within].union(box)
    return found


def _any_covers(boxes: Sequence[Box], box: Box) -> bool:
    return any(_covers(known, box) for known in boxes)


def _covers(outer: Box, inner: Box) -> bool:
    """Whether the most of a box lies in another."""
    return outer.overlap(inner) >= _COVERED * max(1.0, inner.width * inner.height)
