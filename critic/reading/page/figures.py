"""Charts and signs of a page: pieces that belong together are one picture of what they show."""

from __future__ import annotations

import re

from critic.reading.page.pictures import embed
from critic.reading.page.types import LaidLine, Page, Shape
from critic.types import Box
from renderers.types import Image

_CHART = (120.0, 80.0)
"""Pixels that a drawing in a page is wide and high at least from which it may be a chart."""

_PIECES = 4
"""Boxes under a drawing, or figures on it, from which it is a chart: cells of its grid, ticks of its axes."""

_COVERED = 0.3
"""Part of a drawing that such boxes cover at least: on photographs there are specks."""

_LABEL = 12
"""Letters that a chart's label has at most."""

_BESIDE = 1.5
"""Text sizes that a label stands off the chart at most."""

_MOSTLY = 0.8
"""Part of a thing in a box from which it belongs to it."""

_SIGN, _WHOLE_SIGN = 28.0, 40.0
"""Pixels that a piece of a sign, and a whole one, measures at most in either direction."""

_NEAR = 4.0
"""Pixels between pieces of one sign at most."""

_MOST_ALT = 160
"""Letters of what is told of a chart."""

_FIGURE = re.compile(r"[-+−$€£]?\d[\d.,:%kKmM]*")


def with_figures(page: Page, image: Image) -> Page:
    """The page with each chart, and each sign that was read in pieces, as one picture.

    Args:
        page: What was read.
        image: The picture that it was read from.
    """
    return _with_signs(_with_charts(page, image), image)


def _with_charts(page: Page, image: Image) -> Page:
    for picture in page.pictures:
        box = picture.box
        if picture not in page.pictures or box.width < _CHART[0] or box.height < _CHART[1]:
            continue
        cells = [s.box for s in page.shapes if _within(s.box, box) and s.box.height < _MOSTLY * box.height]
        if sum(cell.width * cell.height for cell in cells) < _COVERED * box.width * box.height:
            cells = []
        ticks = [line for line in page.lines if _touch(line.ink, box, line) and _FIGURE.fullmatch(line.text)]
        if max(len(cells), len(ticks)) >= _PIECES:
            page = _as_one(page, image, _whole(page, box))
    return page


def _whole(page: Page, box: Box) -> Box:
    """A chart's drawing with the labels beside it, within the card that it stands on."""
    cards = [s.box for s in page.shapes if _within(box, s.box)]
    card = min(cards, key=lambda c: c.width * c.height, default=Box(0, 0, page.width, page.height))
    inner = card.grown(-1)
    for line in page.lines:
        if len(line.text) <= _LABEL and _touch(line.ink, box, line) and _within(line.ink, inner):
            box = box.union(line.ink)
    return box.grown(_NEAR).intersection(inner) or box


def _touch(ink: Box, box: Box, line: LaidLine) -> bool:
    return ink.meets(box.grown(_BESIDE * line.size))


def _as_one(page: Page, image: Image, box: Box) -> Page:
    """The page with all that lies in a box as one picture, which tells the words that are in it."""
    inside = [line for line in page.lines if _within(line.ink, box)]
    words = "Chart: " + ", ".join(line.text for line in inside) if inside else "Chart"
    alt = words if len(words) <= _MOST_ALT else words[:_MOST_ALT].rsplit(", ", 1)[0]
    return page.model_copy(
        update={
            "shapes": tuple(s for s in page.shapes if not _within(s.box, box)),
            "lines": tuple(line for line in page.lines if line not in inside),
            "pictures": (*(p for p in page.pictures if not _within(p.box, box)), embed(image, box, alt)),
        }
    )


def _with_signs(page: Page, image: Image) -> Page:
    """Small pieces close to each other, without words, are one sign."""
    page = _without_inner(page)
    large = [picture.box for picture in page.pictures if not _is_piece(picture.box)]
    small = [
        s
        for s in page.shapes
        if _is_piece(s.box) and not _is_plain(s, page) and not any(_within(s.box, box) for box in large)
    ]
    groups = _groups([*(s.box for s in small), *(p.box for p in page.pictures if _is_piece(p.box))])
    for group in groups:
        box = group[0]
        for other in group[1:]:
            box = box.union(other)
        if len(group) > 1 and max(box.width, box.height) <= _WHOLE_SIGN:
            gone = set(group)
            page = page.model_copy(
                update={
                    "shapes": tuple(s for s in page.shapes if s.box not in gone),
                    "pictures": (*(p for p in page.pictures if p.box not in gone), embed(image, box)),
                }
            )
    return page


def _without_inner(page: Page) -> Page:
    """The page without small boxes that are part of a sign's picture, as what a drawn line encloses is."""
    signs = [p.box for p in page.pictures if max(p.box.width, p.box.height) <= _WHOLE_SIGN]
    inner = [s for s in page.shapes if any(_within(s.box, box) for box in signs) and not _is_plain(s, page)]
    return page.model_copy(update={"shapes": tuple(s for s in page.shapes if s not in inner)})


def _is_piece(box: Box) -> bool:
    return max(box.width, box.height) <= _SIGN


def _is_plain(shape: Shape, page: Page) -> bool:
    """Whether a small box stands for itself: something lies on it, as on badges and boxes to tick."""
    held = any(_within(line.ink, shape.box) for line in page.lines)
    return (
        held
        or any(_within(p.box, shape.box) for p in page.pictures)
        or (any(s is not shape and _within(s.box, shape.box) for s in page.shapes))
    )


def _groups(boxes: list[Box]) -> list[list[Box]]:
    groups: list[list[Box]] = []
    for box in boxes:
        near = [group for group in groups if any(_close(box, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([box, *(other for group in near for other in group)])
    return groups


def _close(first: Box, second: Box) -> bool:
    near = first.distance(second) <= _NEAR
    return near and not _within(first, second) and not _within(second, first)


def _within(inner: Box, outer: Box) -> bool:
    return inner.overlap(outer) >= _MOSTLY * max(1.0, inner.area)
