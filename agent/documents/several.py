"""Whether a picture holds several tables, or the panels of a figure, that are pictures of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.documents.regions import Found, find_regions, tell
from critic.boxes import Box
from critic.reading.canvas import canvas_of
from critic.reading.kind import detect_kind
from critic.reading.ocr import TextLine
from critic.reading.reader import Reader
from critic.reading.table.framed import frames_of
from critic.reading.table.ruled import clustered
from critic.reading.table.surface import read_surface
from renderers.types import Image, Kind

_LETTER = re.compile(r"\(?([a-h])\)|([A-Ha-h])\)?\.?")
"""What panels are lettered with: (a), a), A."""

_LEAST = 2
_LEAST_TEXTS = 3
"""Texts of the smallest table: in a frame with fewer it is a box."""

_BESIDE = 3.0
"""Text heights from a panel within which its letter stands."""

_MOST_OUTSIDE = 0.3
"""Share of the texts that may stand outside of all tables: captions."""


def several_of(image: Image, reader: Reader) -> list[Found]:
    """The tables or panels of a picture that is of several; none where it is of one.

    Tables are several where each has a frame of its own, and panels where they are lettered, as in papers:
    the axes of one figure, and what white space parts, are one.

    Args:
        image: RGB pixels.
        reader: The readings of the run.
    """
    guess = detect_kind(image, reader)
    if guess.photo or guess.kind not in (Kind.TABLE, Kind.CHART):
        return []
    canvas = canvas_of(image, guess.kind, reader)
    lines = reader.lines(canvas.pixels)
    found = _tables(canvas.pixels, lines) or _panels(canvas.pixels, lines, reader)
    return [one._replace(box=canvas.back(one.box)) for one in found]


def _tables(pixels: Image, lines: Sequence[TextLine]) -> list[Found]:
    boxes = frames_of(read_surface(pixels, [line.box for line in lines]))
    boxes = [box for box in boxes if sum(box.meets(line.box) for line in lines) >= _LEAST_TEXTS]
    outside = [line for line in lines if not any(box.overlap(line.box) for box in boxes)]
    if len(boxes) < _LEAST or len(outside) > _MOST_OUTSIDE * len(lines):
        return []
    return [Found(Kind.TABLE, box, 1.0) for box in boxes]


def _panels(pixels: Image, lines: Sequence[TextLine], reader: Reader) -> list[Found]:
    letters = {name.lower(): line.box for line in lines if (name := _lettered(line.text))}
    if len(letters) < _LEAST or sorted(letters) != [chr(ord("a") + place) for place in range(len(letters))]:
        return []
    height = sorted(box.height for box in letters.values())[len(letters) // 2]
    cells = _cells(list(letters.values()), lines, height, pixels.shape[1], pixels.shape[0])
    if cells:
        told = [tell(pixels, lines, cell, reader) for cell in cells]
        return [one for one in told if one.kind is not None]
    found = [one for one in find_regions(pixels, lines, reader) if one.kind is not None]
    own = [sum(one.box.grown(_BESIDE * height).overlap(box) > 0 for box in letters.values()) for one in found]
    return found if len(found) == len(letters) and all(own) else []


def _cells(
    letters: Sequence[Box], lines: Sequence[TextLine], height: float, width: float, bottom: float
) -> list[Box]:
    """The panels of letters that stand in their upper left corners; none where a text lies across."""
    lefts = [x - height / 2 for x in clustered([box.x0 for box in letters], _BESIDE * height)]
    tops = [y - height / 2 for y in clustered([box.y0 for box in letters], _BESIDE * height)]
    cells = [
        Box(max(0.0, x0), max(0.0, y0), x1, y1)
        for y0, y1 in pairwise([*tops, bottom])
        for x0, x1 in pairwise([*lefts, width])
    ]
    owned = [sum(cell.contains(*box.centre) for box in letters) for cell in cells]
    whole = all(any(cell.holds(line.box, height / 2) for cell in cells) for line in lines)
    return cells if whole and owned == [1] * len(cells) else []


def _lettered(text: str) -> str:
    """The letter of a panel that a text is, or begins with in brackets; empty where it is none."""
    text = text.strip()
    whole = _LETTER.fullmatch(text)
    if whole:
        return whole[1] or whole[2]
    start = re.match(r"\(([a-h])\)\s", text)
    return start[1] if start else ""
