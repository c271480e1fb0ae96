"""Lays a render of a page onto its reference, where what is gone or new pushed the rest up or down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from critic.pixel.ledger import Mask
from critic.pixel.page.compare import compare
from critic.pixel.page.findings import text_line, weight_of
from critic.pixel.page.slid import laid_back, slides, told_of
from critic.pixel.registered import Lattice, Registered, Registration, gaps, rows_of
from critic.pixel.sequences import lost_runs
from critic.reading import Reader
from critic.reading.page import Page, Shape, read_page
from critic.reading.page.colours import distance, rgb
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy, Element, difference
from renderers.types import Image

_UNSEEN = 2
"""CSS pixels by which what follows may stand higher or lower without a cause of its own: rounding."""

_A_LINE = 8
"""CSS pixels from which lines that are gone are one of text: the ink of 11 px type."""

_BESIDE = 32
"""CSS pixels around lines that are gone within which others may stand for them: two lines of usual text."""

_INSTEAD = 0.5
"""Share of their height up to which others are fewer than what is gone."""

_WINDOW = 3
"""CSS pixels of a square that has one colour where nothing is drawn."""

_WITHIN = 0.7
"""Share of the larger one of a line's ink and a block that is gone from which the block is that line; and of
lines of pixels that have a control's fill, from which it goes on there: words take up a fifth."""

_WIDER = 0.5
"""Share of its width by which a control may reach further on each side: larger words make it wider, too."""

_ONE_LINE = 1
"""Lines of text on a control at most; more are on a card, a block of which may be gone or new."""

_INKED = 24
"""Channel levels by which a row of pixels differs along itself, from which something is drawn on it."""


def registered_page(reference: Image, render: Image, reader: Reader) -> Registered | None:
    """The render laid onto the reference; None where nothing is gone, new or aside that moved the rest.

    Parts that only stand further apart moved for no other cause: they are compared as they stand. What was
    pushed out of the picture at its foot or at its side cannot be compared, and is shown as in the reference.
    """
    if reference.shape[1] != render.shape[1] or not _inked(render).any():
        return None
    stands = Registered(fit_to(reference, render), [], np.zeros(reference.shape[:2], bool), alike=0.0)
    page = read_page(reference, reader)
    stacked = _stacked(reference, render, page)
    ways = [_laid_back(reference, way) for way in (stacked, stands) if way is not None]
    seen = _edges(reference) | _edges(stands.image)
    best = min(ways, key=lambda way: _left(reference, way, seen))
    if not best.found and not best.told.any():
        return None
    return replace(best, found=[_as_text(item, page) for item in best.found])


def _as_text(item: Discrepancy, page: Page) -> Discrepancy:
    """A block that is gone and is one line of text as that line."""
    box = item.box
    if box is None or item.cause is not Cause.MISSING:
        return item
    lines = [line for line in page.lines if line.ink.overlap(box) >= _WITHIN * line.ink.area]
    if len(lines) != 1 or _WITHIN * box.area > lines[0].ink.area:
        return item
    return difference("text_error", 2, Cause.MISSING, text_line(lines[0]), box) or item


def _laid_back(reference: Image, laid: Registered) -> Registered:
    """A render laid onto its reference, with blocks that stand aside where they should be."""
    aside = slides(reference, laid.image)
    if not aside:
        return laid
    image, unseen = laid_back(reference, laid.image, aside)
    return Registered(image, [*laid.found, *told_of(reference, aside)], laid.told | unseen, alike=0.0)


def _left(reference: Image, laid: Registered, seen: Mask) -> int:
    """How many pixels are edges in one picture only, or as in the reference for want of anything to compare.

    Edges, as a block in another fill is one in another look, and stands where it should.

    Args:
        reference: The picture.
        laid: The render as it was laid.
        seen: The edges of the picture, and of the render as it stands.
    """
    return int((_edges(reference) ^ _edges(laid.image) | laid.told & seen).sum())


def _edges(image: Image) -> Mask:
    """Where a picture has more than one colour around."""
    around = np.ones((_WINDOW, _WINDOW), np.uint8)
    spread = cv2.dilate(image, around).astype(np.int16) - cv2.erode(image, around)
    return np.asarray(spread.max(axis=2) > _INKED)


def _stacked(reference: Image, render: Image, page: Page) -> Registered | None:
    """The render with its rows of pixels where the reference has them.

    Args:
        reference: The picture.
        render: Its render.
        page: What the picture shows.
    """
    rows, count = rows_of(reference, render), len(render)
    lost, new = list(lost_runs(rows)), list(gaps(rows, count))
    last = int(np.flatnonzero(_inked(reference)).max(initial=0))
    foot = next((first for first, end in lost if end == len(rows) or first > last), len(rows))
    inner = [run for run in lost if run[1] < len(rows) and run[0] <= last]
    added = [gap for gap in new if gap[2] < count and gap[0] <= last]
    steps = [(run[0], _explains(reference, *run)) for run in inner]
    steps += [(gap[0], _explains(render, *gap[1:])) for gap in added]
    causes = [line for line, explains in steps if explains]
    if not causes or any(min(abs(line - cause) for cause in causes) > _BESIDE for line, _ in steps):
        return None
    columns = np.arange(render.shape[1], dtype=np.int64)
    image = Lattice(rows, columns, render.shape[:2]).warped(render)
    told = np.zeros(reference.shape[:2], bool)
    losses = [(first, end - first) for first, end in inner]
    gains = [(line, end - first) for line, first, end in added]
    lower = [(run, box) for run in inner if (box := _control(page, reference, run, run))]
    places = [(gap, (gap[0], gap[0])) for gap in added]
    taller = [(gap, box) for gap, at in places if (box := _control(page, render, gap[1:], at))]
    inner = [run for run in inner if run not in {run for run, _ in lower}]
    added = [gap for gap in added if gap not in {gap for gap, _ in taller}]
    gone = [run for run in inner if _is_block(reference, run, run, gains)]
    extra = [(line, run) for line, *run in added if _is_block(render, (run[0], run[1]), (line, line), losses)]
    for (first, end), box in lower:
        at_top = first - box.y0 <= _UNSEEN
        image[first:end] = image[end if at_top else first - 1]
    for first, end in (*gone, (foot, len(rows))):
        image[first:end] = reference[first:end]
        told[first:end] = True
    found = [_block(Cause.MISSING, reference, run, run[0]) for run in gone]
    found += [_block(Cause.EXTRA, render, run, line) for line, run in extra]
    found += [_resized(box, first - end) for (first, end), box in lower if end - first > _UNSEEN]
    found += [_resized(box, end - first) for (_, first, end), box in taller if end - first > _UNSEEN]
    return Registered(image, found, told, alike=0.0)  # a side bar may have stayed


def _control(page: Page, image: Image, run: tuple[int, int], place: tuple[int, int]) -> Box | None:
    """The control that lines which one picture alone has are within: it is lower or taller there.

    Beside it, whatever is drawn on the lines goes on from above them, as a card's sides do.

    Args:
        page: What the reference shows.
        image: The picture that has the lines.
        run: Which they are: the first one and the end.
        place: Where they are, or would be, in the reference.
    """
    lines, above = image[slice(*run)], image[max(0, run[0] - 1)]
    begins = (distance(lines, above) > _INKED) & (distance(lines, lines[:, :1]) > _INKED)
    changed = np.flatnonzero(begins.any(axis=0))
    held = [
        shape.box
        for shape in page.shapes
        if shape.box.y0 - _UNSEEN <= place[0]
        and place[1] <= shape.box.y1 + _UNSEEN
        and all(abs(x - shape.box.centre[0]) <= (0.5 + _WIDER) * shape.box.width for x in changed)
        and _is_of(shape, lines)
        and sum(shape.box.holds(line.ink) for line in page.lines) <= _ONE_LINE
    ]
    return min(held, key=lambda box: box.area, default=None)


def _is_of(shape: Shape, lines: Image) -> bool:
    """Whether lines of pixels show a shape's fill, wherever nothing stands on it."""
    x0, x1 = max(0, round(shape.box.x0)), round(shape.box.x1)
    return bool((distance(lines[:, x0:x1], rgb(shape.fill.colour)) <= _INKED).mean() >= _WITHIN)


def _resized(box: Box, by: int) -> Discrepancy:
    """A control that is so many pixels taller than it should be."""
    now = Box(box.x0, box.y0, box.x1, box.y1 + by)
    element = Element(kind="box", at=box)
    found = difference(
        "layout_error", 1, Cause.RESIZED, element, box, reference=tuple(box), render=tuple(now)
    )
    assert found is not None  # it differs by more than ``_UNSEEN``
    return found


def _is_block(
    image: Image, run: tuple[int, int], place: tuple[int, int], others: Sequence[tuple[int, int]]
) -> bool:
    """Whether lines that one picture alone has show at least a line of text, and no others stand for them.

    Args:
        image: The picture.
        run: Its lines: the first one and the end.
        place: Where they are, or would be, in the reference.
        others: Lines that the other picture alone has: where in the reference, and how many.
    """
    high = run[1] - run[0]
    instead = sum(h for line, h in others if place[0] - _BESIDE <= line <= place[1] + _BESIDE)
    return high >= _A_LINE and instead <= _INSTEAD * high and bool(_inked(image[slice(*run)]).any())


def _block(cause: Cause, image: Image, run: Sequence[int], line: int) -> Discrepancy:
    """What is gone or new at a line of the reference, as far as it is seen."""
    lines = image[run[0] : run[1]].astype(np.int16)
    drawn = np.abs(lines - np.median(lines, axis=1, keepdims=True)).max(axis=2) > _INKED
    x, y, wide, high = cv2.boundingRect(drawn.astype(np.uint8))
    top, foot = (min(at, len(image)) for at in (line + y, line + y + high))
    box = Box(x, top, x + wide, foot)
    found = difference("element_error", weight_of(box, image), cause, Element(kind="block", at=box), box)
    assert found is not None  # a loss has no two values that could be equal
    return found


def _explains(image: Image, first: int, end: int) -> bool:
    """Whether lines that one picture alone has are seen, or so few that nobody sees them."""
    return end - first <= _UNSEEN or bool(_inked(image[first:end]).any())


def _inked(lines: Image) -> Mask:
    """The rows of pixels on which something is drawn."""
    return np.asarray(np.ptp(lines, axis=1).max(axis=-1) > _INKED)


REGISTRATION = Registration(registered_page, compare)
"""How the pixel critic lays renders onto their references."""
