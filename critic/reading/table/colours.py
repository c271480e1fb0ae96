"""Colours of a table's texts and grounds: those that differ by noise and soft edges only are one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from critic.reading.table.description import Cell, Rgb

SAME_FILL = 5
"""Channel levels within which two backgrounds are one: noise. Headings in #f9fafb are 6 from white."""

_FAINTER = 70
"""Channel levels by which the strongest ink of a thin text may fall short of its colour."""

_ONLY_FAINTER = 20
"""Channel levels within which an ink is another one seen through soft edges: of its hue, and nearer to its
ground. Green and black text are 31 apart so, on a green badge."""

_BLACK_OR_WHITE = 24
"""Channel levels from black or white within which ink is just that: text in #212529 is 41 from black."""

_PLAIN = ((0, 0, 0), (255, 255, 255))


def distance(first: Rgb, second: Rgb) -> int:
    """The largest difference of a channel, 0 to 255."""
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


def median_colour(pixels: NDArray[np.uint8]) -> Rgb:
    """The median of some pixels, channel by channel."""
    if pixels.size == 0:
        return (255, 255, 255)
    red, green, blue = (int(v) for v in np.median(pixels.reshape(-1, 3), axis=0))
    return (red, green, blue)


def same_colours(cells: Sequence[Cell], canvas: Rgb) -> list[Cell]:
    """One colour for backgrounds, and for texts, that differ by no more than noise and soft edges do."""
    fills = _fills([cell.background for cell in cells], canvas)
    parts = [cell.parts for cell in cells]
    inks = iter(_inks([part for row in parts for part in row if part.ink]))
    colours = [[next(inks) if part.ink else part.colour for part in row] for row in parts]
    return [
        cell.model_copy(
            update={
                "background": fill,
                "colour": own[0],
                "runs": tuple(
                    run.model_copy(update={"colour": colour})
                    for run, colour in zip(cell.runs, own, strict=False)
                ),
            }
        )
        for cell, fill, own in zip(cells, fills, colours, strict=True)
    ]


def _fills(colours: Sequence[Rgb], canvas: Rgb) -> list[Rgb]:
    """Each fill, or the first earlier one that is near."""
    known = [canvas]
    result = []
    for colour in colours:
        match = next((other for other in known if distance(other, colour) <= SAME_FILL), None)
        if match is None:
            known.append(colour)
        result.append(match or colour)
    return result


def _inks(cells: Sequence[Cell]) -> list[Rgb]:
    """The colour of each cell's text: its own, or the stronger one that it is seen of through soft edges."""
    known: list[Rgb] = []
    found: dict[int, Rgb] = {}
    for index in sorted(range(len(cells)), key=lambda i: -distance(cells[i].colour, cells[i].ground)):
        cell = cells[index]
        plain = next((c for c in _PLAIN if distance(c, cell.colour) <= _BLACK_OR_WHITE), None)
        match = plain or next((c for c in known if _is_of(cell, c)), None)
        if match is None:
            known.append(cell.colour)
        found[index] = match or cell.colour
    return [found[index] for index in range(len(cells))]


def _is_of(cell: Cell, colour: Rgb) -> bool:
    """Whether a text's ink lies between its ground and a colour, and near the colour."""
    ground = np.array(cell.ground, dtype=float)
    way, own = np.array(colour) - ground, np.array(cell.colour) - ground
    share = float(np.clip(way @ own / max(1.0, float(way @ way)), 0.0, 1.0))
    beside = float(np.abs(own - share * way).max())
    return distance(cell.colour, colour) <= _FAINTER and beside <= _ONLY_FAINTER
