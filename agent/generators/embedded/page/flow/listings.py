"""Listings: rows of code on one grid of columns and lines, with indents and blank rows, in one ``pre``."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from agent.generators.embedded.page.blocks import Block, Style
from critic.reading.page import FIXED, Family, LaidLine, Span
from critic.reading.page.metrics import starts
from critic.types import Box

_PITCH = (1.0, 1.9)
"""Font sizes from one row of code to the next."""

_BLANK = 3
"""Rows further down at which a listing may go on: after two blank ones."""

_SAME_SIZE = 0.08
"""Relative difference of sizes of one listing's rows."""

_AS_WIDE = 0.04
"""Relative difference of a row's width from that of its letters in the code's face."""

_LETTER = 1.6
"""Font sizes that a sign which was not read as a letter measures at most."""


def groups(lines: tuple[LaidLine, ...]) -> list[list[LaidLine]]:
    """The lines of each listing, from top to bottom: two rows of code or more at one distance."""
    found: list[list[LaidLine]] = []
    for line in sorted((line for line in lines if line.family in FIXED), key=lambda line: line.baseline):
        home = next((group for group in reversed(found) if _goes_on(group[-1], line)), None)
        if home is None:
            found.append([line])
        else:
            home.append(line)
    return [group for group in found if _pitch(group) is not None]


def _goes_on(last: LaidLine, line: LaidLine) -> bool:
    down = line.baseline - last.baseline
    return (
        last.ground == line.ground
        and abs(line.size / last.size - 1) <= _SAME_SIZE
        and down <= _BLANK * _PITCH[1] * last.size
    )


def _pitch(group: list[LaidLine]) -> float | None:
    """Pixels from row to row; None where there are no two rows."""
    size = _size(group)
    steps = [b.baseline - a.baseline for a, b in pairwise(group)]
    near = [step for step in steps if _PITCH[0] * size <= step <= _PITCH[1] * size]
    if not near:
        return None
    rough = float(np.median(near))
    down = [line.baseline - group[0].baseline for line in group]
    # the middle one: a row that the window's edge cuts is read a pixel off, and over many rows that shows
    return float(np.median([d / round(d / rough) for d in down if round(d / rough)]))


def _size(group: list[LaidLine]) -> float:
    sizes = Counter[float]()
    for line in group:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def in_one_face(lines: tuple[LaidLine, ...]) -> tuple[LaidLine, ...]:
    """The lines, those between a listing's rows in its face and size, as far as they are as wide in it."""
    letters = Counter(line.family for line in lines if line.family in FIXED for _ in line.text)
    if not letters:
        return lines
    face = letters.most_common(1)[0][0]
    found = list(lines)
    for group in groups(lines):
        size = _size(group)
        room = _bounds(group).grown(size)
        members = {id(line) for line in group}
        for index, line in enumerate(lines):
            inside = line.ground == group[0].ground and room.intersection(line.ink) == line.ink
            if id(line) in members or (inside and _fits(line, face, size)):
                found[index] = line.model_copy(update={"family": face, "size": size, "spacing": 0.0})
    return tuple(found)


def _fits(line: LaidLine, face: Family, size: float) -> bool:
    if line.family in FIXED:
        return True
    wide = len(line.text) * starts("n", face, False)[-1] * size
    return abs(line.ink.width / wide - 1) <= max(_AS_WIDE, 1 / len(line.text))


def _bounds(group: list[LaidLine]) -> Box:
    return Box.around(line.ink for line in group)


def listing(group: list[LaidLine]) -> Block:
    """The listing as one block: each row's pieces in their columns, no row left out."""
    pitch = _pitch(group)
    assert pitch is not None
    style = _style(group)
    left = min(line.x for line in group)
    rows: dict[int, list[LaidLine]] = {}
    for line in group:
        rows.setdefault(round((line.baseline - group[0].baseline) / pitch), []).append(line)
    lines = tuple(_row(rows.get(number, []), group[0], style, left) for number in range(max(rows) + 1))
    return Block(lines, style, round(pitch, 2), left)


def _style(group: list[LaidLine]) -> Style:
    colours = Counter[str]()
    bold = 0
    for line in group:
        for span in line.spans:
            colours[span.colour] += len(span.text)
            bold += len(span.text) if span.bold else -len(span.text)
    first = group[0]
    return Style(first.family, first.size, 0.0, bold > 0, False, colours.most_common(1)[0][0])


def _row(pieces: list[LaidLine], like: LaidLine, style: Style, left: float) -> LaidLine:
    """A row of a listing, from its left edge on."""
    advance = starts("n", style.family, False)[-1] * style.size
    spans: list[Span] = []
    reached = 0
    for piece in sorted(pieces, key=lambda piece: piece.x):
        column = max(round((piece.x - left) / advance), reached)
        spans.append(Span(text=" " * (column - reached), colour=style.colour, bold=style.bold))
        spans += piece.spans
        reached = column + len(piece.text)
    spans = [span for span in spans if span.text]
    empty = Span(text=" ", colour=style.colour, bold=style.bold)
    ink = _bounds(pieces) if pieces else like.ink
    base = pieces[0] if pieces else like
    return base.model_copy(update={"spans": tuple(spans) or (empty,), "x": left, "ink": ink})


def is_letter_in(box: Box, group: list[LaidLine]) -> bool:
    """Whether a small picture within a listing is a sign of it that was not read."""
    inside = _bounds(group).grown(1.0).intersection(box) == box
    return inside and max(box.width, box.height) <= _LETTER * _size(group)
