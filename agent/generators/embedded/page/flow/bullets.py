"""Entries of bulleted lists: the small sign before a line is its marker."""

from __future__ import annotations

from collections import Counter

import numpy as np

from critic.reading.page import LaidLine, Page, PixelPart, Shape
from critic.types import Box

_LEAST, _MOST = 2.0, 0.65
"""Pixels that a bullet measures at least, and text sizes that it does at most."""

_OFF = (0.1, 2.4)
"""Text sizes between a bullet and its words: browsers leave 0.4, style sheets up to two."""

_LOW, _HIGH = 0.05, 0.7
"""Text sizes above the baseline between which a bullet's middle lies."""

_COLUMN = 3.0
"""Pixels by which bullets of one list differ in their place, as they were read."""

_NEAR = 3.0
"""Pixels by which an entry may stand off its list's edge: letters' own bearings are not seen."""

_SQUARE, _ROUND = 0.5, 0.3
"""Difference of a bullet's sides and its radius, as parts of a side: at most, and of a round one at least."""


def with_bullets(page: Page) -> Page:
    """The page with its lists' signs as markers of their lines; fewer than two in a column are left alone."""
    signs: list[tuple[Box, str]] = [
        (shape.box, _sort(shape)) for shape in page.shapes if not any(shape.border)
    ]
    signs += [(picture.box, "disc") for picture in page.pictures]
    found: dict[int, tuple[Box, str]] = {}
    for index, line in enumerate(page.lines):
        own = next((sign for sign in signs if _is_before(sign[0], line)), None)
        if own is not None:
            found[index] = own
    places = Counter(round(box.x0 / _COLUMN) for box, _ in found.values())
    found = {
        index: sign
        for index, sign in found.items()
        if sum(places[round(sign[0].x0 / _COLUMN) + by] for by in (-1, 0, 1)) > 1
    }
    if not found:
        return page
    gone = {box for box, _ in found.values()}
    lines = [
        line.model_copy(update={"marker": found[index][1]}) if index in found else line
        for index, line in enumerate(page.lines)
    ]
    edges = [line.x for line in lines if line.marker]
    return page.model_copy(
        update={
            "lines": tuple(_at_edge(line, edges) if line.marker else line for line in lines),
            "shapes": tuple(shape for shape in page.shapes if shape.box not in gone),
            "pictures": tuple(p for p in page.pictures if p.box not in gone and not _is_hidden(p, lines)),
        }
    )


def _sort(shape: Shape) -> str:
    return "disc" if max(shape.radius) >= _ROUND * min(shape.box.width, shape.box.height) else "square"


def _is_before(sign: Box, line: LaidLine) -> bool:
    """Whether a small sign stands before a line as its bullet."""
    wide, high = sign.width, sign.height
    if not _LEAST <= min(wide, high) <= max(wide, high) <= _MOST * line.size:
        return False
    off, middle = line.ink.x0 - sign.x1, line.baseline - (sign.y0 + sign.y1) / 2
    return (
        abs(wide - high) <= _SQUARE * max(wide, high)
        and _OFF[0] * line.size <= off <= _OFF[1] * line.size
        and _LOW * line.size <= middle <= _HIGH * line.size
    )


def _at_edge(line: LaidLine, edges: list[float]) -> LaidLine:
    """The line where most entries near it begin."""
    near = [edge for edge in edges if abs(edge - line.x) <= _NEAR]
    edge = float(np.median(near))
    return line.model_copy(
        update={"x": round(edge, 2), "ink": line.ink._replace(x0=line.ink.x0 + edge - line.x)}
    )


def _is_hidden(picture: PixelPart, lines: list[LaidLine]) -> bool:
    """Whether a small picture lies where a marker is drawn."""
    return any(line.marker and _is_before(picture.box, line) for line in lines)
