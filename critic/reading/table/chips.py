"""Small fills behind texts: badges, pieces of code, keys. They are no cells, and their edges no rules."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.table.colours import median_colour
from critic.reading.table.description import Chip, Rgb
from critic.types import Box
from renderers.types import Image

_BESIDE, _ABOVE = 0.8, 0.6
"""Heights of OCR's frame by which a chip reaches beyond it at most: pills and pieces of code hardly do,
the cells of a table by more, or they have neighbours."""

_FARTHER = 2.0
"""Pixels beyond a chip's rim where the ground is another one; beyond a drawn cell it is the next cell's."""

_EVEN = 3
"""Channel levels within which pixels are of one fill."""

_FILLED, _MOSTLY = 0.8, 0.5
"""Share of its box that a chip covers at least: with round ends it is 0.9, of a line's underside less than
0.5; and share of the pixels beyond one of its sides that may be of its colour."""

_LOWEST = 5.0
"""Pixels that a text is high at least: what is lower is a dash, or nothing that is read on a fill."""

_LINE, _FRAMED = 24, 3
"""Channel levels from the ground beyond which a side's rim is a line, and sides with lines that frame a cell:
the soft edge of a fill is nearer to the ground."""

_NEIGHBOUR = 0.4
"""Text heights between two fills from which they may be cells of a table with gaps."""

_GAP_EVEN = 4
"""Channel levels within which the gap between two such cells is of one colour; between chips in two cells a
rule runs, or one row's ground ends: the rules of GitHub's tables are 46 from white, its stripes 9."""

_PART = 0.95
"""Share of a text's width up to which a fill lies behind a part of it; behind all, it reaches beyond."""

_AROUND_PART = 0.5
"""Share of its box that a fill with letters on it shows at least: badges and code in four tables had 0.68 to
0.87."""

_BEHIND = 0.35
"""Share of a text's own box that is of its fill: in four tables it was 0.6 to 0.8. Where one word of a line
stands on a fill, the median of the line is a colour that little of it has."""

_AS_HIGH = 0.7
"""Heights of OCR's frame that a fill behind a word is high at least; what is lower is a letter."""

_RIM = 2.0
"""Pixels around a chip in which its edges lie."""

_SOFT = 1.0
"""Pixels at a chip's edge that are of its colour and of the one around it."""

_FRAME, _ENDS = 0.2, 0.5
"""Shares of the height of OCR's frame by which that may reach beyond a tight chip, above and at its ends."""

_CORNER = 0.3
"""Of a round corner, the share of its radius that is missing along the diagonal: 1 - 1 / sqrt(2)."""


def chips_of(image: Image, texts: Sequence[Box]) -> list[Chip]:
    """The chips behind the texts of a picture, and behind words in them.

    Args:
        image: The picture.
        texts: Where it has text, as letters or as OCR's frames around them.
    """
    found = []
    for text in texts:
        whole = _chip(image, text)
        found += [(chip, text.height) for chip in ([whole] if whole else _of_words(image, text))]
    boxes = [chip.box for chip, _ in found]
    return [
        chip
        for chip, height in found
        if not any(box is not chip.box and _are_cells(image, chip.box, box, height) for box in boxes)
    ]


def _are_cells(image: Image, first: Box, second: Box, height: float) -> bool:
    """Whether two fills are neighbours in a table with gaps: near, with nothing but one ground between."""
    if not first.grown(_NEIGHBOUR * height, _NEIGHBOUR * height).meets(second):
        return False
    beside = min(first.y1, second.y1) > max(first.y0, second.y0)
    across = (min(first.x1, second.x1), max(first.x0, second.x0)) if beside else _shared_x(first, second)
    down = _shared_y(first, second) if beside else (min(first.y1, second.y1), max(first.y0, second.y0))
    gap = image[Box(across[0], down[0], across[1], down[1]).pixels].reshape(-1, 3)
    return gap.size == 0 or int((gap.max(axis=0).astype(int) - gap.min(axis=0)).max()) <= _GAP_EVEN


def _shared_x(first: Box, second: Box) -> tuple[float, float]:
    return max(first.x0, second.x0), min(first.x1, second.x1)


def _shared_y(first: Box, second: Box) -> tuple[float, float]:
    return max(first.y0, second.y0), min(first.y1, second.y1)


def _of_words(image: Image, text: Box) -> list[Chip]:
    """The fills that lie behind words of a text and end shortly around them."""
    if text.height < _LOWEST:
        return []
    around = text.grown(0.0, _ABOVE * text.height + _RIM)
    window = image[around.pixels]
    top, left = (part.start for part in around.pixels)
    return [
        chip
        for colour in _fills(window, text.height)
        for box in _filled(window, colour, text.height)
        if (chip := _settled(image, box.shifted(left, top), colour)) is not None
        and chip.box.width < _PART * text.width
    ]


def _fills(window: Image, height: float) -> list[Rgb]:
    """The colours of a strip that may be fills of words: not its ground, and enough of each."""
    packed = window.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    values, counts = np.unique(packed, return_counts=True)
    least = _AROUND_PART * (_AS_HIGH * height) ** 2
    order = [index for index in np.argsort(-counts)[1:] if counts[index] >= least]
    return [(int(v) >> 16, int(v) >> 8 & 255, int(v) & 255) for v in values[order]]


def _filled(window: Image, colour: Rgb, height: float) -> list[Box]:
    """Where a colour fills boxes as high as a text, with its letters on them."""
    alike = (np.abs(window.astype(np.int16) - np.array(colour)).max(axis=2) <= _EVEN).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(alike, connectivity=4)
    rows, columns = alike.shape
    found = []
    for x, y, width, high, area in (tuple(int(v) for v in row) for row in stats[1:count]):
        inside = min(x, y) > 0 and y + high < rows and x + width < columns
        lettered = _AROUND_PART * width * high <= area < width * high
        if inside and lettered and high >= _AS_HIGH * height and width >= _AS_HIGH * high:
            found.append(Box(float(x), float(y), float(x + width), float(y + high)))
    return found


def _settled(image: Image, box: Box, colour: Rgb) -> Chip | None:
    """A fill as a chip, unless it is the cell of a table."""
    if _is_cell(image, box, colour):
        return None
    radius = _radius(image, box, colour)
    return Chip(box=box, colour=colour, radius=radius, frame=_frame(image, box))


def _chip(image: Image, text: Box) -> Chip | None:
    """The fill that lies behind a text and ends shortly around it on all sides."""
    inner = text.grown(-min(_ENDS * text.height, text.width / 3), -_FRAME * text.height)
    around = text.grown(_BESIDE * text.height + _RIM, _ABOVE * text.height + _RIM)
    window, core = image[around.pixels], image[inner.pixels]
    if core.size == 0 or text.height < _LOWEST:
        return None
    colour = median_colour(core)
    alike = (np.abs(window.astype(np.int16) - np.array(colour)).max(axis=2) <= _EVEN).astype(np.uint8)
    corner = tuple(part.start for part in around.pixels)
    rows, columns = (slice(p.start - at, p.stop - at) for p, at in zip(inner.pixels, corner, strict=True))
    if float(alike[rows, columns].mean()) < _BEHIND:
        return None
    alike[rows, columns] = 1  # with its letters
    _, labels, stats, _ = cv2.connectedComponentsWithStats(alike, connectivity=4)
    left, top, width, height, area = (int(v) for v in stats[labels[rows, columns][0, 0]])
    ends = left == 0 or top == 0 or left + width == window.shape[1] or top + height == window.shape[0]
    if ends or area < _FILLED * width * height:
        return None
    x0, y0 = corner[1] + left, corner[0] + top
    box = Box(float(x0), float(y0), float(x0 + width), float(y0 + height))
    return _settled(image, box, colour) if box.holds(inner) else None


def _is_cell(image: Image, box: Box, colour: Rgb) -> bool:
    """Whether a fill goes on beyond a line at one of its sides, or has lines at most of them that go on."""
    rims = _sides(image, box.grown(1.0, 1.0))
    beyond = _sides(image, box.grown(_RIM + _FARTHER, _RIM + _FARTHER))
    lined = 0
    for rim, far in zip(rims, beyond, strict=True):
        if float((np.abs(far.astype(np.int16) - np.array(colour)).max(axis=1) <= _EVEN).mean()) > _MOSTLY:
            return True
        ground = np.median(far, axis=0)
        lined += bool(np.abs(np.median(rim, axis=0) - ground).max() > _LINE)
    return lined >= _FRAMED and _goes_on(image, box)


def _goes_on(image: Image, box: Box) -> bool:
    """Whether the lines above and below a fill go on beyond its corners: those of a grid do, a frame ends."""
    middle = int((box.x0 + box.x1) / 2)
    beyond = (int(box.x0 - _RIM - _FARTHER), int(box.x1 + _RIM + _FARTHER))
    rows = [y for y in (int(box.y0) - 1, int(box.y1)) if 0 <= y < image.shape[0]]
    return any(
        np.abs(image[y, x].astype(np.int16) - image[y, middle]).max() <= _LINE
        for y in rows
        for x in beyond
        if 0 <= x < image.shape[1]
    )


def _frame(image: Image, box: Box) -> Rgb | None:
    """The colour of a line around a chip; None where it has none."""
    rims = _sides(image, box.grown(1.0, 1.0))
    far = _sides(image, box.grown(_RIM + _FARTHER, _RIM + _FARTHER))
    lined = sum(
        bool(np.abs(np.median(rim, axis=0) - np.median(ground, axis=0)).max() > _LINE)
        for rim, ground in zip(rims, far, strict=True)
    )
    return median_colour(np.concatenate(rims)) if lined >= _FRAMED else None


def without_chips(ground: Image, chips: Sequence[Chip]) -> Image:
    """The ground of a picture as it would be without chips: the colour around each in its place."""
    bare = ground.copy()
    for chip in chips:
        area = chip.box.grown(_RIM, _RIM)
        bare[area.pixels] = np.median(_ring(ground, area.grown(1.0, 1.0)), axis=0).astype(np.uint8)
    return bare


def with_chips(ground: Image, image: Image, chips: Sequence[Chip]) -> Image:
    """The ground of a picture with its chips; what is not of a chip's colour in its corners is ground too."""
    painted = ground.copy()
    for chip in chips:
        around = chip.box.grown(_RIM, _RIM).pixels
        painted[around] = np.where(_inside(chip)[..., None], np.array(chip.colour, np.uint8), image[around])
    return painted


def _inside(chip: Chip) -> NDArray[np.bool_]:
    """Which pixels in and around a chip lie within its round corners, a soft edge left out."""
    rows, columns = chip.box.grown(_RIM, _RIM).pixels
    y, x = np.mgrid[rows, columns] + 0.5
    core = chip.box.grown(-chip.radius, -chip.radius)
    away = np.hypot(
        np.maximum(np.maximum(core.x0 - x, x - core.x1), 0),
        np.maximum(np.maximum(core.y0 - y, y - core.y1), 0),
    )
    return np.asarray(away <= max(0.0, chip.radius - _SOFT) if chip.radius else away <= 0)


def _ring(image: Image, box: Box) -> Image:
    """The pixels along the sides of a box, one after the other."""
    return np.concatenate(_sides(image, box))


def _sides(image: Image, box: Box) -> list[Image]:
    """The pixels along each side of a box."""
    window = image[box.pixels]
    return [side.reshape(-1, 3) for side in (window[0], window[-1], window[:, 0], window[:, -1])]


def _radius(image: Image, box: Box, colour: Rgb) -> float:
    """The radius of a chip's corners, from how far along the diagonal its fill begins."""
    steps = np.arange(int(min(box.width, box.height) / 2))
    pixels = image[int(box.y0) + steps, int(box.x0) + steps].astype(np.int16)
    inside = np.abs(pixels - np.array(colour)).max(axis=1) <= 2 * _EVEN
    missing = float(inside.argmax()) if inside.any() else 0.0
    return float(min(round(missing / _CORNER), box.height / 2))
