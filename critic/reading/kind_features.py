"""What is measured of a picture to tell its kind: where its text stands, and what else is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.layout import celled, has_sidebar, stacked
from critic.reading.ocr import TextLine
from critic.reading.photograph import is_photographic, shaded
from critic.types import Box
from renderers.types import Image

_NUMBER = re.compile(r"[-+\u2212\u2013]?[$€£]?\d[\d.,:/]*\s?(%|[kKMBx]|10\S{0,3})?")
_EDGE = 40
_GRID = 48
_FAINT = 6
_CROSSING = 0.97
_ONE_RULE = 6
_LETTER_EDGE = 60
"""Channel levels of a letter's outline; more than of ``_EDGE``, so that only clear ones are counted."""
_LOWEST, _HIGHEST, _SLIMMEST, _BROADEST = 5, 40, 2, 80
"""Heights and widths in pixels between which an outline has a letter's size, or that of some that touch."""
_SENTENCE = 25
"""Letters from which a line may be a sentence, or part of one."""
_WINDOW_WIDTH, _LEAST_HEIGHT, _FLATTEST, _WINDOW_AREA = 760, 560, 0.4, 560_000
"""Least width, height (a telephone's too), height over width and area of a browser window, in CSS px."""
_PHONE_NARROWEST, _PHONE_WIDEST = 300, 900
"""Widths in CSS px between which a telephone's page is."""
_OFF_BORDER, _DRAWN, _SHAPE, _OTHER_GROUND = 16, 12, 24, 20
"""Channel levels from a main colour above which a pixel is another at the border, drawn on, of a shape; and
between the grounds of two texts."""
_BESIDE = 2
"""Texts that a row needs for each to have a neighbour."""


def glyph_count(image: Image) -> int:
    """Connected outlines the size of letters."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        (_edges(image) > _LETTER_EDGE).astype(np.uint8), connectivity=4
    )
    sizes = stats[1:count]
    letters = (
        (sizes[:, 3] >= _LOWEST)
        & (sizes[:, 3] <= _HIGHEST)
        & (sizes[:, 2] >= _SLIMMEST)
        & (sizes[:, 2] <= _BROADEST)
    )
    return int(letters.sum())


def _edges(image: Image) -> NDArray[np.uint8]:
    gradient = cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(gradient.max(axis=2), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Features:
    """What is measured; fractions unless said otherwise.

    Attributes:
        gridded: Text lines that share a row with others and a column edge with other rows.
        banded: Text lines in bands between rules or fills that run from side to side.
        bands: Number of such bands.
        numeric: Text lines that are numbers.
        long: Text lines of sentence length.
        empty: Largest rectangle without text, of the picture's area.
        curves: Edge pixels that are neither text nor axis-aligned straight lines.
        straight: Edge pixels in long axis-aligned lines.
        shapes: Area of solid shapes without text in them.
        grounds: Number of different colours that text stands on.
        room: Picture area per text line, in squares of the text's height.
        headings: Text height of the largest line over the median one.
        viewport: Whether the size is that of a browser window.
        bleed: Share of the picture's border that is not of its main colour.
        rows: Number of text rows.
        celled: Text lines in closed cells between straight lines, a few lines each.
        stacked: Text lines that begin where one close above or below them begins.
        sidebar: Whether a strip along one side, with text on it, has a colour of its own.
        shaded: Share of the picture that is a photograph, or shaded like one.
    """

    gridded: float
    banded: float
    bands: int
    numeric: float
    long: float
    empty: float
    curves: float
    straight: float
    shapes: float
    grounds: int
    room: float
    headings: float
    viewport: bool
    bleed: float
    rows: int
    celled: float
    stacked: float
    sidebar: bool
    shaded: float


def features_of(image: Image, lines: tuple[TextLine, ...]) -> Features:
    """Measure a picture.

    Args:
        image: RGB pixels at the working resolution.
        lines: Its lines of text; one at least.
    """
    height, width = image.shape[:2]
    boxes = [line.box for line in lines]
    heights = np.array([box.height for box in boxes])
    median = max(float(np.median(heights)), 1.0)
    rows = _rows(boxes, median)
    curves, straight = _line_work(image, boxes)
    banded, bands = _banded(image, boxes)
    return Features(
        gridded=_gridded(rows, len(lines), max(4.0, 0.35 * median)),
        banded=banded,
        bands=bands,
        numeric=float(np.mean([bool(_NUMBER.fullmatch(line.text.strip())) for line in lines])),
        long=sum(len(line.text) >= _SENTENCE for line in lines) / max(len(lines), 5),
        empty=_largest_empty(boxes, width, height),
        curves=curves,
        straight=straight,
        shapes=_shapes_without_text(image, boxes),
        grounds=_grounds(image, boxes),
        room=width * height / (len(lines) * median**2),
        headings=_headings(lines),
        viewport=is_viewport(width, height),
        bleed=_bleed(image),
        rows=len(rows),
        celled=celled(image, boxes),
        stacked=stacked(boxes, median),
        sidebar=has_sidebar(image, boxes),
        shaded=0.0
        if is_photographic(image)
        else shaded(image, boxes),  # the noise of a scan is no photograph
    )


def is_viewport(width: int, height: int) -> bool:
    """Desktop and tablet windows are wide and large, telephones narrow and tall, whole pages taller yet."""
    desktop = (
        width >= _WINDOW_WIDTH
        and height >= _LEAST_HEIGHT
        and height / width >= _FLATTEST
        and width * height >= _WINDOW_AREA
    )
    telephone = (
        _PHONE_NARROWEST <= width <= _PHONE_WIDEST and height >= 1.5 * width and height >= _LEAST_HEIGHT
    )
    return desktop or telephone


def _headings(lines: tuple[TextLine, ...]) -> float:
    """Height of large text over the median one; slanted text, whose boxes are too high, left out."""
    level = [line.box.height for line in lines if line.box.width > 0.25 * len(line.text) * line.box.height]
    return float(np.quantile(level, 0.98) / np.median(level)) if level else 1.0


def _bleed(image: Image) -> float:
    border = np.concatenate([image[:2], image[-2:]], axis=1).reshape(-1, 3)
    sides = np.concatenate([image[:, :2], image[:, -2:]], axis=0).reshape(-1, 3)
    pixels = np.concatenate([border, sides])
    return float((np.abs(pixels.astype(np.int16) - _main_colour(pixels)).max(axis=1) > _OFF_BORDER).mean())


def _rows(boxes: list[Box], text_height: float) -> list[list[Box]]:
    rows: list[list[Box]] = []
    centre = -np.inf
    for box in sorted(boxes, key=lambda item: item.y0 + item.y1):
        middle = (box.y0 + box.y1) / 2
        if rows and middle - centre < 0.5 * text_height:
            rows[-1].append(box)
        else:
            rows.append([box])
            centre = middle
    return rows


def _gridded(rows: list[list[Box]], lines: int, tolerance: float) -> float:
    """Share of text lines that have neighbours in their row and an edge or centre in common with two rows."""
    edges = [np.array([(b.x0, b.x1, (b.x0 + b.x1) / 2) for b in row]) for row in rows]
    aligned = 0
    for index, row in enumerate(rows):
        if len(row) < _BESIDE:
            continue
        others = [edge for position, edge in enumerate(edges) if position != index]
        needed = min(2, len(others))
        for own in edges[index]:
            shared = sum(bool((np.abs(edge - own) < tolerance).any()) for edge in others)
            aligned += shared >= needed > 0
    return aligned / lines


def _banded(image: Image, boxes: list[Box]) -> tuple[float, int]:
    """Share of text lines in bands that end where a rule or a fill's edge crosses all that is drawn; bands.

    The grid lines of a chart end at its axes, short of the labels beside them; the rules of a table do not.
    """
    edges = _crossing_edges(image)
    bands = [(a, b) for a, b in pairwise(edges) if any(a < box.y0 + 2 and box.y1 - 2 < b for box in boxes)]
    inside = sum(any(a < box.y0 + 2 and box.y1 - 2 < b for a, b in bands) for box in boxes)
    return inside / len(boxes), len(bands)


def _crossing_edges(image: Image) -> list[float]:
    """Rows at which the colour changes over the whole width of what is drawn; close ones as one."""
    rim = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    drawn = np.flatnonzero(
        (np.abs(image.astype(np.int16) - _main_colour(rim)).max(axis=2) > _DRAWN).any(axis=0)
    )
    if not len(drawn):
        return []
    steps = np.abs(np.diff(image[:, drawn[0] : drawn[-1] + 1].astype(np.int16), axis=0)).max(axis=2)
    groups: list[list[int]] = []
    for row in np.flatnonzero((steps > _FAINT).mean(axis=1) > _CROSSING).tolist():
        if groups and row - groups[-1][-1] <= _ONE_RULE:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [float(np.mean(group)) for group in groups]


def _largest_empty(boxes: list[Box], width: int, height: int) -> float:
    """Largest rectangle without text, of the picture's area (largest rectangle in a histogram)."""
    taken = np.zeros((_GRID, _GRID), bool)
    for box in boxes:
        top, bottom = max(0, int(box.y0 / height * _GRID)), int(np.ceil(box.y1 / height * _GRID))
        left, right = max(0, int(box.x0 / width * _GRID)), int(np.ceil(box.x1 / width * _GRID))
        taken[top:bottom, left:right] = True
    best = 0
    depth = np.zeros(_GRID, int)
    for row in taken:
        depth = np.where(row, 0, depth + 1)
        best = max(best, _largest_under([*depth.tolist(), 0]))
    return best / _GRID**2


def _largest_under(bars: list[int]) -> int:
    best, open_bars = 0, list[tuple[int, int]]()
    for position, bar in enumerate(bars):
        start = position
        while open_bars and open_bars[-1][1] >= bar:
            start, level = open_bars.pop()
            best = max(best, level * (position - start))
        open_bars.append((start, bar))
    return best


def _text_mask(shape: tuple[int, ...], boxes: list[Box], margin: int) -> NDArray[np.uint8]:
    mask = np.zeros(shape[:2], np.uint8)
    for box in boxes:
        top, left = max(0, int(box.y0) - margin), max(0, int(box.x0) - margin)
        mask[top : int(box.y1) + margin + 1, left : int(box.x1) + margin + 1] = 1
    return mask


def _line_work(image: Image, boxes: list[Box]) -> tuple[float, float]:
    """Shares of edge pixels outside text that are curved or slanted, and that are straight rules."""
    edges = _edges(image) > _EDGE
    outside = (edges & (_text_mask(image.shape, boxes, 3) == 0)).astype(np.uint8)
    across = cv2.morphologyEx(outside, cv2.MORPH_OPEN, np.ones((1, 25), np.uint8))
    down = cv2.morphologyEx(outside, cv2.MORPH_OPEN, np.ones((25, 1), np.uint8))
    rules = cv2.dilate(cv2.max(across, down), np.ones((3, 3), np.uint8))
    total = max(1, int(edges.sum()))
    return float((outside & (rules == 0)).sum()) / total, float((outside & (rules > 0)).sum()) / total


def _shapes_without_text(image: Image, boxes: list[Box]) -> float:
    ground = _main_colour(image.reshape(-1, 3))
    differs = (np.abs(image.astype(np.int16) - ground).max(axis=2) > _SHAPE).astype(np.uint8)
    solid = cv2.morphologyEx(differs, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    text = np.bincount(labels[_text_mask(image.shape, boxes, 3) > 0].ravel(), minlength=count)
    bare = (text == 0) & (np.arange(count) > 0)
    return float(stats[bare, cv2.CC_STAT_AREA].sum()) / solid.size


def _main_colour(pixels: NDArray[np.uint8]) -> NDArray[np.int16]:
    codes = (pixels >> 3).astype(np.uint32) @ np.array([1, 32, 1024], np.uint32)
    values, counts = np.unique(codes, return_counts=True)
    return np.asarray(np.median(pixels[codes == values[counts.argmax()]], axis=0), dtype=np.int16)


def _grounds(image: Image, boxes: list[Box]) -> int:
    """How many clearly different colours text stands on."""
    found: list[NDArray[np.int16]] = []
    for box in boxes:
        crop = image[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
        if crop.size:
            ground = _main_colour(crop.reshape(-1, 3))
            if all(np.abs(ground - other).max() > _OTHER_GROUND for other in found):
                found.append(ground)
    return len(found)
