"""Tables that go on over pages: found by where they end and begin, and put together as one picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import multimode
from typing import NamedTuple

import numpy as np

from agent.documents.region import Cut, Piece, Region
from agent.documents.rows import rows_of
from critic.reading.ocr import TextLine
from critic.types import Box
from renderers.types import Kind

_HEAD, _FOOT = 0.12, 0.9
"""Shares of a page's height above and below which texts are its head and its foot."""

_BESIDE = 8.0
"""Points by which both parts of a table begin at different places at most."""

_SAME_ROW = 0.5
"""Share of their height that the texts of a row have in common."""


_MOST = 9
"""Pages that a table goes on over at most: more are no picture that can be compared with a render."""


class Sight(NamedTuple):
    """A page, as it was looked through.

    Attributes:
        regions: What was found, from top to bottom.
        lines: Its texts, in points.
        height: Its height, in points.
    """

    regions: list[Region]
    lines: tuple[TextLine, ...]
    height: float


def joined(pages: Iterable[Sight]) -> Iterator[Region]:
    """The regions of pages, in order, those of a table that goes on as one."""
    before: Sight | None = None
    held: Region | None = None
    for page in pages:
        regions = list(page.regions)
        if held is not None and before is not None and regions and _goes_on(held, before, regions[0], page):
            first = regions.pop(0)
            held = replace(held, pieces=(*held.pieces, Piece(first.page or 0, first.box)))
            if not regions:  # it may go on once more
                before = page
                continue
        if held is not None:
            yield held
        yield from regions[:-1]
        before, held = page, regions[-1] if regions else None
    if held is not None:
        yield held


def stacked(cuts: Sequence[Cut]) -> Cut:
    """Parts of a table as one picture, below each other; a head that is repeated stands once."""
    parts = [cuts[0], *(_without_head(cut, cuts[0]) for cut in cuts[1:])]
    width = max(part.pixels.shape[1] for part in parts)
    paper = np.median(parts[0].pixels.reshape(-1, 3)[::7], axis=0).astype(np.uint8)
    rows, lines, down = [], [], 0
    for part in parts:
        height = part.pixels.shape[0]
        strip = np.full((height, width, 3), paper, np.uint8)
        strip[:, : part.pixels.shape[1]] = part.pixels
        rows.append(strip)
        for line in part.lines:
            lines.append(line.model_copy(update={"box": line.box.shifted(0, down)}))
        down += height
    return Cut(np.concatenate(rows), tuple(lines))


def _goes_on(table: Region, page: Sight, other: Region, after: Sight) -> bool:
    """Whether a table at the end of a page goes on in the first one of the next."""
    if table.kind is not Kind.TABLE or other.kind is not Kind.TABLE:
        return False
    at, last = table.pieces[-1] if table.pieces else (table.page, table.box)
    if other.page != (at or 0) + 1 or len(table.pieces) >= _MOST:
        return False
    if any(_FOOT * page.height > line.box.y0 >= last.y1 for line in page.lines):
        return False
    if any(_HEAD * after.height < line.box.y1 <= other.box.y0 for line in after.lines):
        return False
    alike = _columns(page.lines, last) == _columns(after.lines, other.box)
    return alike and abs(last.x0 - other.box.x0) <= _BESIDE


def _columns(lines: Sequence[TextLine], box: Box) -> int:
    """How many fields the most of a table's rows have; the larger number of several."""
    inside = [line for line in lines if box.overlap(line.box) > _SAME_ROW * line.box.area]
    heights = sorted(line.box.height for line in inside)
    if not heights:
        return 0
    return max(multimode(len(row.fields) for row in rows_of(inside, heights[len(heights) // 2])))


def _without_head(cut: Cut, first: Cut) -> Cut:
    """A part without the row that heads the first part, too."""
    head, again = _first_row(first), _first_row(cut)
    if not head or [line.text for line in head] != [line.text for line in again]:
        return cut
    below = [line for line in cut.lines if line not in again]
    if not below:
        return cut
    end = max(line.box.y1 for line in again)
    start = int((end + max(end, min(line.box.y0 for line in below))) / 2)
    lines = tuple(line.model_copy(update={"box": line.box.shifted(0, -start)}) for line in below)
    return Cut(np.ascontiguousarray(cut.pixels[start:]), lines)


def _first_row(cut: Cut) -> list[TextLine]:
    """The texts of a part's first row, from left to right."""
    if not cut.lines:
        return []
    top = min(cut.lines, key=lambda line: line.box.y0 + line.box.y1).box
    row = [
        line
        for line in cut.lines
        if min(top.y1, line.box.y1) - max(top.y0, line.box.y0) >= _SAME_ROW * min(top.height, line.box.height)
    ]
    return sorted(row, key=lambda line: line.box.x0)
