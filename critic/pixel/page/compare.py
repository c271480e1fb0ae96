"""Two pages to their discrepancies."""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.page.boxes import BoxReport, compare_boxes
from critic.pixel.page.findings import Finding, area, gathered, grown, overlap, place
from critic.pixel.page.lines import LineReport, compare_lines
from critic.pixel.page.windows import cut, is_plain
from critic.reading.page import Line, Page, Shape, read_page
from critic.reading.page.colours import css, distance, rgb
from critic.reading.page.ink import ground_of
from critic.reading.page.shapes import read_shapes
from critic.reading.reader import Reader
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy, Element, Severity
from renderers.types import Image

_UNLIKE = 40
_LEAST = 60
_LEAST_PLATE = 400
_THICK = 2.5

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

_SMALLEST, _LARGEST = 0.5, 2
"""Ratios of widths, and of heights, between which a box may be another one resized."""

_SAME_EXTENT = 0.05
"""Difference from 1 of the ratio of two widths (heights) below which they are one: 5 px of 100."""

_SAME_PLACE = 12
"""Pixels that the four edges of one box are off at most, taken together: 3 px each."""

_LEAST_TEXT, _MOST_TEXT = 7, 80
"""Heights in pixels of regions that may be one line of text: smaller is illegible, larger is no line."""

_READABLE = 0.7
"""Confidence of the recogniser above which its text is quoted."""


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """What differs between a page and a render of it.

    The reference is read once; the render is only looked at where the reference has something, and where
    the pixels differ although nothing explains it. Letters are read again only where their shapes differ.
    """
    render = fit_to(reference, render)
    page = read_page(reference, reader)
    boxes = compare_boxes(reference, render, page)
    plates = _plates(reference, render, page, boxes)
    lines = compare_lines(reference, render, page, tuple(plate.box for plate in plates), reader)
    findings = [*boxes.findings, *plates, *lines.findings]
    findings += _missing(reference, render, page, boxes, lines, reader)
    findings += _unexplained(reference, render, boxes, lines, findings, reader)
    return gathered(findings)


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
        what = f"the render has a box in {colour} that the reference lacks"
        found.append(
            Finding(
                "element_error",
                _weight(box, reference),
                f"region {place(box)}",
                what,
                box,
                cause=Cause.EXTRA,
                element=Element(kind="box", colour=colour),
            )
        )
        boxes.settled.append(grown(box, 3))
    return found


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
        findings.append(
            Finding(
                "element_error",
                _weight(shape.box, reference),
                f"box {place(shape.box)}",
                f"missing in the render (fill {shape.fill.colour})",
                shape.box,
                cause=Cause.MISSING,
                element=Element(kind="box", colour=shape.fill.colour),
            )
        )
        boxes.settled.append(grown(shape.box, 4))
    told: list[Line] = []
    paragraph: dict[Line, Box] = {}
    for line in lines.gone:
        lines.settled.append(grown(line.ink, 4))
        on_missing = [s for s in boxes.missing if overlap(s.box, line.ink) >= 0.8 * area(line.ink)]
        if on_missing:
            continue
        before = next((other for other in reversed(told) if _follows(other, line)), line)
        paragraph[line] = paragraph.get(before, line.ink)
        told.append(line)
        element, key = Element(kind="text line", name=line.text), ("gone", paragraph[line])
        where, what = f"text '{line.text}'", "missing in the render"
        findings.append(Finding("element_error", 2, where, what, line.ink, key, Cause.MISSING, element))
    return findings


def _follows(before: Line, line: Line) -> bool:
    """Whether a line is the next of the same paragraph."""
    down = line.baseline - before.baseline
    return (
        before.size == line.size and abs(before.x - line.x) < _SAME_EDGE and 0 < down < _NEXT_LINE * line.size
    )


def _counterpart(shape: Shape, shapes: tuple[Shape, ...], page: Page) -> Shape | None:
    """The same box elsewhere or of another size in the render, where the reference has none."""

    def like(other: Shape) -> bool:
        wide = (other.box.x1 - other.box.x0) / max(1.0, shape.box.x1 - shape.box.x0)
        high = (other.box.y1 - other.box.y0) / max(1.0, shape.box.y1 - shape.box.y0)
        return (
            int(distance(rgb(other.fill.colour), rgb(shape.fill.colour))) <= _SAME_FILL
            and _SMALLEST < wide < _LARGEST
            and _SMALLEST < high < _LARGEST
            and (abs(wide - 1) < _SAME_EXTENT or abs(high - 1) < _SAME_EXTENT)
        )

    def known(other: Shape) -> bool:
        return any(_away(other.box, box.box) <= _SAME_PLACE for box in page.shapes)

    candidates = [other for other in shapes if like(other) and not known(other)]
    return min(candidates, key=lambda other: _away(shape.box, other.box), default=None)


def _away(first: Box, second: Box) -> float:
    return sum(abs(a - b) for a, b in zip(first, second, strict=True))


def _displaced(shape: Shape, home: Shape) -> Finding:
    return Finding(
        "layout_error",
        2,
        f"box {place(shape.box)}",
        f"render has it {place(home.box)}",
        shape.box,
        ("shift", round((home.box.x0 - shape.box.x0) / 4), round((home.box.y0 - shape.box.y0) / 4)),
    )


def _weight(box: Box, image: Image) -> Severity:
    return 3 if area(box) > 0.01 * image.shape[0] * image.shape[1] else 2


def _unexplained(
    reference: Image,
    render: Image,
    boxes: BoxReport,
    lines: LineReport,
    findings: list[Finding],
    reader: Reader,
) -> list[Finding]:
    """Differing regions that no line, box or picture accounts for."""
    differs = (distance(reference, render) > _UNLIKE).astype(np.uint8)
    for box in (
        *boxes.settled,
        *boxes.recoloured,
        *lines.settled,
        *(f.box for f in findings if f.category != "style_error"),
    ):
        x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
        differs[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1] = 0
    joined = cv2.morphologyEx(differs, cv2.MORPH_CLOSE, np.ones((5, 15), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for label in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[label])
        own = (labels[y : y + h, x : x + w] == label).astype(np.uint8)
        changed = int((differs[y : y + h, x : x + w] * own).sum())
        if changed < _LEAST or _thickness(own) < _THICK:
            continue
        found.append(_region(reference, render, Box(x, y, x + w, y + h), reader))
    return found


def _thickness(mask: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    return 2 * float(cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3).max())


def _region(reference: Image, render: Image, box: Box, reader: Reader) -> Finding:
    before, after = cut(reference, box), cut(render, box)
    severity = _weight(box, reference)
    if is_plain(before) and not is_plain(after):
        read = None
        if _LEAST_TEXT <= box.y1 - box.y0 <= _MOST_TEXT:
            read = reader.text.word(cut(render, grown(box, 3)), 2.0)
        what = (
            f"the render has the text {read.text!r}"
            if read and read.score > _READABLE
            else "the render has something"
        )
        said, cause = f"{what} that the reference lacks", Cause.EXTRA
    elif is_plain(after) and not is_plain(before):
        said, cause = "missing in the render", Cause.MISSING
    else:
        said, cause = "drawn differently in the render", Cause.UNEXPLAINED
    where = f"region {place(box)}"
    return Finding("element_error", severity, where, said, box, cause=cause, element=Element(kind="region"))
