"""Two pages to their discrepancies."""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.page.blocks import in_blocks
from critic.pixel.page.boxes import BoxReport, compare_boxes
from critic.pixel.page.findings import (
    Finding,
    area,
    gathered,
    grown,
    moved,
    overlap,
    text_line,
    weight_of,
)
from critic.pixel.page.lines import SAME, LineReport, compare_lines
from critic.pixel.page.windows import cover, cut, stretches
from critic.reading.page import LaidLine, Page, Shape, read_page
from critic.reading.page.colours import css, distance, rgb
from critic.reading.page.ink import ground_of
from critic.reading.page.shapes import read_shapes
from critic.reading.reader import Reader
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy, Element
from renderers.types import Image

_UNLIKE = 40
_LEAST_PLATE = 400

_FLAT = 2
"""Channel levels by which neighbours in an area of one colour differ at most: rounding and dither."""

_NARROW_PLATE = 8
"""Pixels below which an area is too narrow for a box of the render's own: a rule or a letter's stroke."""

_FILLED = 0.5
"""Share of its own extent that a box of one colour fills at least: what lies on it hides some."""

_SAME_GROUND = 12
"""Channel levels up to which a box has the colour of the ground beside it."""

_SAME_FILL = 4
"""Channel levels up to which two boxes have one fill, each read from its own picture."""

_SAME_EDGE = 2
"""Pixels below which two lines start at one left edge: letters have side bearings of a pixel or two."""

_NEXT_LINE = 2.2
"""Sizes of type below which a baseline follows another in one paragraph: wide leading is twice the size."""

_WORDS_APART = 1.0
"""Sizes of type between two texts of one row below which they are words of one line: a space is a quarter, of
the widest faces two thirds; items of a menu stand further apart."""

_SMALLEST, _LARGEST = 0.5, 2
"""Ratios of widths, and of heights, between which a box may be another one resized."""

_SAME_EXTENT = 0.05
"""Difference from 1 of the ratio of two widths (heights) below which they are one: 5 px of 100."""

_ON = 0.8
"""Share of a line that lies on a box, from which it stands on it."""

_MOST = 0.5
"""Share of these lines that the render still has from which it has only another ground there."""

_SAME_PLACE = 12
"""Pixels that the four edges of one box are off at most, taken together: 3 px each."""


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """What differs between a page and a render of it.

    The reference is read once; the render is only looked at where the reference has something. Letters are
    read again only where their shapes differ. What nothing here explains is named from the pixels alone (see
    ``critic.pixel.layer``).
    """
    render = fit_to(reference, render)
    page = read_page(reference, reader)
    boxes = compare_boxes(reference, render, page)
    plates = _plates(reference, render, page, boxes)
    over = tuple(plate.box for plate in plates if plate.cause is Cause.EXTRA)
    lines = compare_lines(reference, render, page, over, reader)
    findings = [*boxes.findings, *plates, *lines.findings]
    findings += _missing(reference, render, page, boxes, lines, reader)
    return gathered(in_blocks(findings))


def _plates(reference: Image, render: Image, page: Page, boxes: BoxReport) -> list[Finding]:
    """Boxes that only the render has: plain areas of one colour over what the reference shows."""
    differs = distance(reference, render) > _UNLIKE // 2
    for box in (*boxes.settled, *boxes.recoloured, *(shape.box for shape in boxes.missing)):
        x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
        differs[y0 : int(np.ceil(box.y1)), x0 : int(np.ceil(box.x1))] = False
    values = render.astype(np.int16)
    plain = np.ones(differs.shape, dtype=bool)
    plain[:, :-1] &= np.abs(np.diff(values, axis=1)).max(axis=2) <= _FLAT
    plain[:-1] &= np.abs(np.diff(values, axis=0)).max(axis=2) <= _FLAT
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (differs & plain).astype(np.uint8), connectivity=4
    )
    found = []
    for label in range(1, count):
        x, y, w, h, size = (int(v) for v in stats[label])
        if size < _LEAST_PLATE or min(w, h) < _NARROW_PLATE or size < _FILLED * w * h:
            continue
        own = labels[y : y + h, x : x + w] == label
        colour = css(np.median(render[y : y + h, x : x + w][own], axis=0))
        box = Box(x, y, x + w + 1, y + h + 1)
        if int(distance(ground_of(cut(reference, grown(box, 6))), rgb(colour))) <= _SAME_GROUND:
            continue  # the reference's ground: something is gone there
        if any(overlap(box, grown(line.ink, 6)) > 0.8 * area(box) for line in page.lines):
            continue  # a large letter
        element = Element(kind="box", colour=colour, at=box)
        weight = weight_of(box, reference)
        if _lies_under(box, reference, render, page):
            was, fill = css(ground_of(cut(reference, box))), Element(kind="fill", of=element)
            found.append(Finding("style_error", weight, Cause.RECOLOURED, fill, box, was, colour))
        else:
            found.append(Finding("element_error", weight, Cause.EXTRA, element, box))
        boxes.settled.append(grown(box, 3))
    return found


def _lies_under(box: Box, reference: Image, render: Image, page: Page) -> bool:
    """Whether the lines that the reference has in a box are to be read on it in the render."""
    lines = [line.ink for line in page.lines if overlap(line.ink, box) >= _ON * area(line.ink)]
    pairs = [[cover(cut(image, grown(line, 1))) for image in (reference, render)] for line in lines]
    return bool(pairs) and float(np.mean([stretches(*pair).max() <= SAME for pair in pairs])) >= _MOST


def _missing(
    reference: Image, render: Image, page: Page, boxes: BoxReport, lines: LineReport, reader: Reader
) -> list[Finding]:
    """Boxes and lines that are not at their place; a box takes what stands on it along."""
    findings = []
    shapes: tuple[Shape, ...] = ()
    if boxes.missing:
        _, shapes = reader.remember("page-shapes", render, lambda image: read_shapes(image, ()))
    for shape in boxes.missing:
        home = _counterpart(shape, shapes, page)
        if home is not None:
            findings.append(_displaced(shape, home))
            boxes.settled += [grown(shape.box, 4), grown(home.box, 4)]
            continue
        element = Element(kind="box", colour=shape.fill.colour, at=shape.box)
        weight = weight_of(shape.box, reference)
        findings.append(Finding("element_error", weight, Cause.MISSING, element, shape.box))
        boxes.settled.append(grown(shape.box, 4))
    told: list[LaidLine] = []
    paragraph: dict[LaidLine, Box] = {}
    for line in sorted(lines.gone, key=lambda line: (round(line.ink.y1 / line.size), line.ink.x0)):
        on_missing = [s for s in boxes.missing if overlap(s.box, line.ink) >= 0.8 * area(line.ink)]
        if on_missing:
            continue
        before = next((other for other in reversed(told) if _follows(other, line)), line)
        paragraph[line] = paragraph.get(before, line.ink)
        told.append(line)
        findings.append(
            Finding(
                "text_error",
                2,
                Cause.MISSING,
                text_line(line),
                line.ink,
                key=("gone", paragraph[line]),
            )
        )
    return findings


def _follows(before: LaidLine, line: LaidLine) -> bool:
    """Whether a line is the next of the same paragraph, or goes on beside the other one."""
    if before.ink.y0 < line.ink.y1 and line.ink.y0 < before.ink.y1:
        return before.ink.beside(line.ink, _WORDS_APART * line.size)
    down = line.baseline - before.baseline
    return (
        before.size == line.size and abs(before.x - line.x) < _SAME_EDGE and 0 < down < _NEXT_LINE * line.size
    )


def _counterpart(shape: Shape, shapes: tuple[Shape, ...], page: Page) -> Shape | None:
    """The same box elsewhere or of another size in the render, where the reference has none."""

    def like(other: Shape) -> bool:
        wide = other.box.width / max(1.0, shape.box.width)
        high = other.box.height / max(1.0, shape.box.height)
        return (
            int(distance(rgb(other.fill.colour), rgb(shape.fill.colour))) <= _SAME_FILL
            and _SMALLEST < wide < _LARGEST
            and _SMALLEST < high < _LARGEST
            and (abs(wide - 1) < _SAME_EXTENT or abs(high - 1) < _SAME_EXTENT)
        )

    def known(other: Shape) -> bool:
        return any(_away(other.box, box.box) <= _SAME_PLACE for box in page.shapes)

    def near(other: Shape) -> bool:
        """Whether it is close by, or of the same size: another button stands elsewhere in another size."""
        sizes = abs(other.box.width - shape.box.width), abs(other.box.height - shape.box.height)
        reach = max(shape.box.width, shape.box.height)
        return max(sizes) <= _SAME_PLACE / 4 or shape.box.distance(other.box) <= reach

    candidates = [other for other in shapes if like(other) and near(other) and not known(other)]
    return min(candidates, key=lambda other: _away(shape.box, other.box), default=None)


def _away(first: Box, second: Box) -> float:
    return sum(abs(a - b) for a, b in zip(first, second, strict=True))


def _displaced(shape: Shape, home: Shape) -> Finding:
    element = Element(kind="box", colour=shape.fill.colour, at=shape.box)
    was, now = shape.box, home.box
    if max(abs(was.width - now.width), abs(was.height - now.height)) <= _SAME_PLACE / 4:
        return moved("layout_error", element, was, now)
    return Finding("layout_error", 2, Cause.RESIZED, element, was, tuple(was), tuple(now))
