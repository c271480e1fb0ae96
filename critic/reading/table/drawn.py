"""Drawn lines, and the edges of fills, in a picture of which the ground is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.table.colours import median_colour
from critic.reading.table.description import Rgb, Ruling
from critic.types import Box
from renderers.types import Image

Mask = NDArray[np.bool_]

_Part = tuple[int, int, int, int]
"""Top, bottom, left, right of a line as found."""

_LINE_CONTRAST = 10
_EDGE_CONTRAST = 5
_THICKEST = 6
_BAND, _BOTH_SIDES = 0.6, 0.9
"""Heights of a line of text, as OCR frames it, up to which a flat band is a thick line and not an empty row
(bars of nutrition labels have 0.5), and the share of its length along which both its sides must run."""
_SHORTEST_HORIZONTAL = 21
_SHORTEST_VERTICAL = 15
_EVEN = 24
"""Channel levels from its median colour within which most of a line's strongest row is."""
_EVEN_WEIGHT = 0.12
"""Share of its usual weight, the contrast across it, that most of a slanting line keeps: where it passes from
row to row the weight stays, and that of letters comes and goes with their strokes."""
_MOST_OF = 85
"""Percentile that stands for most of a line: the rest may be crossings."""
_WHOLE_ROW = 0.9
"""Share of a part's width that each row of a line covers, where shorter pieces touch the line."""
_SEVERAL = 2
"""Pieces of a line from which it is of several colours."""
_MOSTLY_TEXT = 0.5
"""Share of a part that lies in text above which it is a stroke of letters."""
_WITHIN_LETTERS = 0.8
"""Share of a part in the box of one text from which it is a stroke of it, such as the stem of an L or the
rims of digits: a rule goes on beyond the texts beside it."""
_BARE = 4
"""Pixels by which the box of a text that is a mere dash is higher than the dash at most."""
_ALONE = 0.2
"""Share of a dotted line's length below which something touches it at most."""
_SOFT_EDGE = 2
"""Pixels across up to which a line may be the soft edge between two fills."""
_MARGIN, _NEARLY_WHITE = 3, 250
"""Pixels across up to which, and channel level above which, a line along the picture's rim is its margin."""
_TWO_FILLS, _BLENDED = 12, 8
"""Channel levels by which two fills differ that have a soft edge, and within which a colour is of it."""
_UNDER = 0.35
"""Part of a text's box from the bottom in which a line under it lies: below the letters, among what hangs
below them."""
_BESIDE = 2.0
"""Pixels by which it may reach beyond that box."""
_BEARING = 0.15
"""Heights of a text's box by which its underline reaches beyond its letters at most: the white that a letter
has at its sides is half of that, the padding of a framed cell more (.21 in Apache's manual)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture and what it is seen against.

    Attributes:
        image: The picture.
        background: The picture without its ink and lines.
        contrast: How far each pixel is from its background, 0..255.
    """

    image: Image
    background: Image
    contrast: NDArray[np.uint8]

    @property
    def turned(self) -> Seen:
        """Rows as columns."""
        return Seen(self.image.transpose(1, 0, 2), self.background.transpose(1, 0, 2), self.contrast.T)


def horizontal_lines(seen: Seen, boxes: Sequence[Box]) -> list[Ruling]:
    """Drawn horizontal lines, top to bottom; none of the texts in the boxes."""
    lines = _lines(seen, _text_mask(seen.contrast.shape, boxes), _SHORTEST_HORIZONTAL)
    return [
        line
        for line in lines
        if not _is_dash(line, boxes) and not any(_underlines(line, b, seen.contrast) for b in boxes)
    ]


def vertical_lines(seen: Seen, boxes: Sequence[Box]) -> list[Ruling]:
    """Drawn vertical lines, left to right; none of the texts in the boxes."""
    lines = _lines(seen.turned, _text_mask(seen.contrast.shape, boxes).T, _SHORTEST_VERTICAL)
    return [line for line in lines if not _is_stem(line, [_turned(box) for box in boxes])]


def edges_and_bands(ground: Image, boxes: Sequence[Box]) -> tuple[list[Ruling], list[Ruling]]:
    """Where fills end, top to bottom; and thick horizontal lines, which are flat as fills are.

    Args:
        ground: The picture without its ink, lines and chips.
        boxes: Where it has text, by which lines are told from rows.
    """
    height = float(np.median([box.height for box in boxes])) if boxes else 0.0
    return _bands(_edges(ground, _SHORTEST_HORIZONTAL), ground, _BAND * height)


def vertical_edges(ground: Image) -> list[Ruling]:
    """Where one fill ends beside another, left to right."""
    return _edges(ground.transpose(1, 0, 2), _SHORTEST_VERTICAL)


def _text_mask(shape: tuple[int, ...], boxes: Iterable[Box]) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    for box in boxes:
        margin = 0.2 * box.height  # OCR's boxes reach beyond the letters
        y0, y1, x0, x1 = (
            int(v) for v in (box.y0 + margin, box.y1 - margin, box.x0 + margin, box.x1 - margin)
        )
        mask[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1] = True
    return mask


def _is_dash(line: Ruling, boxes: Iterable[Box]) -> bool:
    """Whether a level line is a dash, or the rims of a text's letters."""
    around = [box for box in boxes if _lies_in(line, box)]
    return any(line.dotted or box.height <= line.thickness + _BARE for box in around)


def _is_stem(line: Ruling, boxes: Iterable[Box]) -> bool:
    """Whether a line is a letter's stem, or a row of dots that are letters below each other.

    Give what is turned for a vertical line.
    """
    inside = [_inside(line, box) for box in boxes]
    return any(share >= _WITHIN_LETTERS for share in inside) or (line.dotted and sum(inside) > _MOSTLY_TEXT)


def _lies_in(line: Ruling, box: Box) -> bool:
    """Whether most of a level line lies in a text's box."""
    return _inside(line, box) >= _WITHIN_LETTERS


def _inside(line: Ruling, box: Box) -> float:
    """Share of a level line that lies in a box."""
    if not box.y0 - 1 <= line.position <= box.y1 + 1:
        return 0.0
    return max(0.0, min(line.end, box.x1) - max(line.start, box.x0)) / (line.end - line.start)


def _turned(box: Box) -> Box:
    return Box(box.y0, box.x0, box.y1, box.x1)


def _underlines(line: Ruling, box: Box, contrast: NDArray[np.uint8]) -> bool:
    """Whether a horizontal line is drawn under the words of one text, and no longer than they are."""
    low = box.y1 - _UNDER * box.height <= line.position <= box.y1 + _BESIDE
    if not low or line.start < box.x0 - _BESIDE or box.x1 + _BESIDE < line.end:
        return False
    start, end = _letters(line, box, contrast)
    beyond = max(_BESIDE, _BEARING * box.height)
    return line.start >= start - beyond and line.end <= end + beyond


def _letters(line: Ruling, box: Box, contrast: NDArray[np.uint8]) -> tuple[float, float]:
    """From where to where letters stand on a line: columns of ink that does not run through, as a frame's."""
    left = max(0, int(box.x0))
    rows = contrast[max(0, int(box.y0)) : int(line.position) - 1, left : int(box.x1) + 1] > _LINE_CONTRAST
    letters = np.flatnonzero(rows.any(axis=0) & ~rows.all(axis=0)) if rows.size else np.empty(0, np.intp)
    return (left + float(letters[0]), left + float(letters[-1]) + 1) if len(letters) else (box.x0, box.x1)


def _bands(edges: Sequence[Ruling], background: Image, highest: float) -> tuple[list[Ruling], list[Ruling]]:
    """Edges that are not the sides of thick lines, and those lines, which are flat inside as fills are."""
    lines: list[Ruling] = []
    left = list(edges)
    for above, below in pairwise(edges):
        thickness = below.position - above.position
        start, end = max(above.start, below.start), min(above.end, below.end)
        wide = max(above.end, below.end) - min(above.start, below.start)
        if not _THICKEST < thickness <= highest or end - start < _BOTH_SIDES * wide or above not in left:
            continue
        middle = int((above.position + below.position) / 2)
        colour = median_colour(background[middle, int(start) : int(end)])
        left = [edge for edge in left if edge not in (above, below)]
        lines.append(
            Ruling(
                position=(above.position + below.position) / 2,
                start=min(above.start, below.start),
                end=max(above.end, below.end),
                thickness=round(thickness),
                colour=colour,
            )
        )
    return left, lines


def _lines(seen: Seen, text: Mask, shortest: int) -> list[Ruling]:
    """Horizontal lines; give the turned picture for vertical ones."""
    image, background, contrast = seen.image, seen.background, seen.contrast
    marked = (contrast > _LINE_CONTRAST).astype(np.uint8)
    run = np.ones((1, shortest), np.uint8)
    solid = _thin_parts(cv2.morphologyEx(marked, cv2.MORPH_OPEN, run), shortest, _THICKEST)
    closed = cv2.morphologyEx(marked, cv2.MORPH_CLOSE, np.ones((1, 7), np.uint8))
    long_run = np.ones((1, 2 * shortest + 1), np.uint8)
    dotted = _thin_parts(cv2.morphologyEx(closed, cv2.MORPH_OPEN, long_run), 2 * shortest, 3)
    solid = [piece for part in solid for piece in _pieces(part, image, contrast, shortest)]
    solid = [part for part in solid if _is_even(part, image, contrast) and not _is_text(part, text)]
    dotted = [part for part in dotted if _is_alone(part, marked) and not _is_text(part, text)]
    dotted = [part for part in dotted if not _covers(part, solid)]
    solid = [part for part in solid if not any(_touch(part, other) for other in dotted)]
    found = [_line(part, image, background, contrast, dotted=False) for part in solid]
    found += [_line(part, image, background, contrast, dotted=True) for part in dotted]
    return sorted((line for line in found if line is not None), key=lambda line: line.position)


def _pieces(part: _Part, image: Image, contrast: NDArray[np.uint8], shortest: int) -> list[_Part]:
    """A part cut where its colour changes for long, as a line does that goes on in another colour."""
    y0, y1, x0, x1 = part
    peak = y0 + int(np.median(contrast[y0:y1, x0:x1], axis=1).argmax())
    row = image[peak, x0:x1].astype(np.int16)
    changes = np.flatnonzero(np.abs(np.diff(row, axis=0)).max(axis=1) > _EVEN / 2) + 1
    ends = [0, *(int(at) for at in changes), x1 - x0]
    pieces: list[list[int]] = []
    shades: list[NDArray[np.float64]] = []
    for start, end in pairwise(ends):
        if end - start < shortest / 2:
            continue
        shade = np.median(row[start:end], axis=0)
        if shades and float(np.abs(shade - shades[-1]).max()) <= _EVEN / 2:
            pieces[-1][1] = end
        else:
            pieces.append([start, end])
            shades.append(shade)
    if len(pieces) < _SEVERAL:
        return [part]
    pieces[0][0], pieces[-1][1] = 0, x1 - x0
    return [(y0, y1, x0 + start, x0 + end) for start, end in pieces]


def _is_even(part: _Part, image: Image, contrast: NDArray[np.uint8]) -> bool:
    """Whether the strongest row of a part has one colour, as a line has and letters have not.

    A line of a photograph that is not quite level passes from row to row: what it has in all of them is even.
    """
    y0, y1, x0, x1 = part
    peak = y0 + int(np.median(contrast[y0:y1, x0:x1], axis=1).argmax())
    row = image[peak, x0:x1].astype(np.int16)
    apart = np.abs(row - np.median(row, axis=0)).max(axis=1)
    if np.percentile(apart, _MOST_OF) <= _EVEN:
        return True
    weight = contrast[y0:y1, x0:x1].sum(axis=0, dtype=np.float64)
    usual = float(np.median(weight))
    return bool(usual > 0 and np.percentile(np.abs(weight - usual), _MOST_OF) <= _EVEN_WEIGHT * usual)


def _is_text(part: _Part, text: Mask) -> bool:
    """Whether a part lies where OCR saw letters."""
    y0, y1, x0, x1 = part
    return bool(text[y0:y1, x0:x1].mean() > _MOSTLY_TEXT)


def _is_alone(part: _Part, marked: NDArray[np.uint8]) -> bool:
    """Whether little touches a part from above and below, as it would a letter's stroke."""
    y0, y1, x0, x1 = part
    sides = [marked[y, x0:x1].mean() for y in (y0 - 3, y1 + 2) if 0 <= y < len(marked)]
    return not sides or float(np.mean(sides)) < _ALONE


def _touch(first: _Part, second: _Part) -> bool:
    return first[0] <= second[1] and second[0] <= first[1] and first[2] < second[3] and second[2] < first[3]


def _covers(part: _Part, solid: list[_Part]) -> bool:
    """Whether solid lines make up most of a part that was taken for dots."""
    inside = sum(min(part[3], other[3]) - max(part[2], other[2]) for other in solid if _touch(part, other))
    return inside > 0.6 * (part[3] - part[2])


def _thin_parts(mask: NDArray[Any], shortest: int, thickest: int) -> list[_Part]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    parts = []
    for index in range(1, count):
        x, y, width, height, _ = (int(v) for v in stats[index])
        if width < shortest:
            continue
        if height > thickest:
            own = labels[y : y + height, x : x + width] == index
            y, height = _whole_rows(own, y)
        if 0 < height <= thickest:
            parts.append((y, y + height, x, x + width))
    return parts


def _whole_rows(mask: Mask, top: int) -> tuple[int, int]:
    """Top and height of the rows that run through a whole part; height 0 where they are not one line.

    Short pieces of a fill or of letters that touch a line do not make it thick.
    """
    whole = np.flatnonzero(mask.mean(axis=1) >= _WHOLE_ROW)
    if len(whole) == 0 or whole[-1] - whole[0] >= len(whole):
        return top, 0
    return top + int(whole[0]), len(whole)


def _line(
    part: _Part,
    image: Image,
    background: Image,
    contrast: NDArray[np.uint8],
    *,
    dotted: bool,
) -> Ruling | None:
    y0, y1, x0, x1 = part
    rows = contrast[y0:y1, x0:x1].astype(float)
    strength = np.percentile(rows, 90, axis=1) if dotted else np.median(rows, axis=1)
    if strength.max() <= 0:
        return None
    peak = int(strength.argmax())
    row = image[y0 + peak, x0:x1]
    colour = median_colour(row[rows[peak] >= strength[peak] * 0.8] if dotted else row)
    above = median_colour(background[max(0, y0 - 3), x0:x1])
    below = median_colour(background[min(len(image) - 1, y1 + 2), x0:x1])
    if y1 - y0 <= _SOFT_EDGE and _is_blend(colour, above, below):
        return None
    if y1 - y0 <= _MARGIN and (y0 <= 1 or y1 >= len(image) - 1) and min(colour) > _NEARLY_WHITE:
        return None
    centre = float((strength * np.arange(y0, y1)).sum() / strength.sum()) + 0.5
    thickness = max(1, round(float(strength.sum() / strength.max())))
    return Ruling(position=centre, start=x0, end=x1, thickness=thickness, colour=colour, dotted=dotted)


def _is_blend(colour: Rgb, above: Rgb, below: Rgb) -> bool:
    """Whether a row of pixels is only the soft edge between two fills."""
    start, end, point = (np.array(c, dtype=float) for c in (above, below, colour))
    way = end - start
    if np.abs(way).max() <= _TWO_FILLS:
        return False
    share = float(np.clip(way @ (point - start) / (way @ way), 0, 1))
    return bool(np.abs(start + share * way - point).max() <= _BLENDED)


def _edges(background: Image, shortest: int) -> list[Ruling]:
    step = np.abs(background[1:].astype(np.int16) - background[:-1]).max(axis=2) > _EDGE_CONTRAST
    # A fill's edge may wander by a pixel where text is near, so neighbouring rows count as one.
    thick = cv2.dilate(step.astype(np.uint8), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    edges = []
    for index in range(1, count):
        x, y, width, height, _ = (int(v) for v in stats[index])
        if height > 3 * _THICKEST:
            continue
        inside = step[y : y + height, x : x + width] & (labels[y : y + height, x : x + width] == index)
        weight = inside.sum(axis=1)
        position = y + 1.0 + float(weight.argmax())
        edges.append(Ruling(position=position, start=x, end=x + width, thickness=0, colour=(0, 0, 0)))
    return sorted(edges, key=lambda line: line.position)
