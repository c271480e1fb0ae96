"""Boxes and pictures of the reference looked up in the render."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from critic.pixel.page.findings import Finding, area, grown, moved
from critic.pixel.page.windows import cut, find, is_plain, unlike
from critic.reading.page import Page, PixelPart, Shape
from critic.reading.page.colours import css, distance, rgb
from critic.reading.page.fills import painted
from critic.reading.page.paint import Canvas, lay
from critic.types import Box, Cause, Element, Severity
from renderers.types import Image

_OTHER_FILL = 8
"""Channel levels above which the usual colour of an area is another one."""

_OTHER_BORDER = 32
_OTHER_PICTURE = 0.5
_FOUND = 0.9
_LEAST_SEEN = 12
_MOST_EXACT = 150
"""Boxes of which each is checked against what would show without it."""

_SAME_COLOUR = 4
"""Channel levels up to which a pixel has the colour read for a fill: rounding and light compression."""

_BARE = 0.9
"""Share of a border's pixels from which it is gone: what is left of it are corners and what lies over it."""

_LARGE_PICTURE = 2000
"""Square pixels above which a picture is more than an icon: about 45 px a side."""

_LEAST_SOUGHT = 8
"""Pixels of the shorter side from which a picture is looked for elsewhere: fewer fit in many places."""

_MOVED = 1.5
"""Pixels above which a picture is at another place: rounding to the grid moves it by one."""


@dataclass(slots=True)
class BoxReport:
    """What became of the reference's boxes and pictures.

    Attributes:
        findings: The differences.
        settled: Places of the render that they account for.
        missing: Boxes that the render does not show at their place.
        recoloured: Where the render has another fill.
    """

    findings: list[Finding] = field(default_factory=list)
    settled: list[Box] = field(default_factory=list)
    missing: list[Shape] = field(default_factory=list)
    recoloured: list[Box] = field(default_factory=list)


def compare_boxes(reference: Image, render: Image, page: Page) -> BoxReport:
    """Check the page's ground, every box's fill and border, and every picture."""
    report = BoxReport()
    bare = painted(page.fill, page.width, page.height)
    whole = Box(0, 0, page.width, page.height)
    _check_fill(report, reference, render, bare, whole, None, Element(kind="page"))
    for shape in page.shapes:
        box, name = _inner(shape), Element(kind="box", at=shape.box)
        under = bare.copy() if len(page.shapes) <= _MOST_EXACT else bare
        lay(bare, shape)
        if not _check_fill(report, reference, render, bare, box, under, name) or _is_bare(
            reference, render, shape, under
        ):
            report.missing.append(shape)
        else:
            _check_border(report, reference, render, shape)
    for picture in page.pictures:
        _check_picture(report, reference, render, picture)
    return report


def _is_bare(reference: Image, render: Image, shape: Shape, under: Canvas) -> bool:
    """Whether a box without a fill of its own has lost its whole border."""
    if not any(shape.border):
        return False
    outer, inner = cut(reference, shape.box), _inner(shape)
    frame = np.ones(outer.shape[:2], dtype=bool)
    x0, y0 = max(0, int(shape.box.x0)), max(0, int(shape.box.y0))
    frame[int(inner.y0) - y0 : int(inner.y1) - y0, int(inner.x0) - x0 : int(inner.x1) - x0] = False
    ground = cut_canvas(under, shape.box)
    shows = frame & (distance(outer, ground.round()) > _OTHER_FILL)
    if shows.sum() < _LEAST_SEEN:
        return False
    same = distance(cut(render, shape.box)[shows], ground[shows].round()) <= _OTHER_FILL
    fill = distance(ground.round()[~frame], rgb(shape.fill.colour)) if shape.fill.flat else np.full(1, 255)
    return bool(same.mean() > _BARE and (not fill.size or np.median(fill) <= _SAME_COLOUR))


def cut_canvas(canvas: Canvas, box: Box) -> Canvas:
    """The part of a canvas inside the box."""
    height, width = canvas.shape[:2]
    x0, y0 = max(0, int(np.floor(box.x0))), max(0, int(np.floor(box.y0)))
    x1, y1 = min(width, int(np.ceil(box.x1))), min(height, int(np.ceil(box.y1)))
    return canvas[y0 : max(y0, y1), x0 : max(x0, x1)]


def _inner(shape: Shape) -> Box:
    top, right, bottom, left = (edge.width if edge else 0 for edge in shape.border)
    return Box(shape.box.x0 + left, shape.box.y0 + top, shape.box.x1 - right, shape.box.y1 - bottom)


def _check_fill(
    report: BoxReport,
    reference: Image,
    render: Image,
    painting: Canvas,
    box: Box,
    under: Canvas | None,
    element: Element,
) -> bool:
    """Compare the fill where the reference shows it; False when the render shows what lies under it."""
    before, after = cut(reference, box), cut(render, box)
    if before.size == 0:
        return True
    shown = distance(before, cut_canvas(painting, box).round()) <= _SAME_COLOUR
    if shown.sum() < _LEAST_SEEN:
        return True
    if np.median(distance(after[shown], before[shown])) <= _OTHER_FILL:
        return True
    if under is not None:
        ground = cut_canvas(under, box)[shown].round()
        if np.median(distance(after[shown], ground)) <= _OTHER_FILL:
            return False
    now = np.median(after[shown], axis=0)
    was = np.median(before[shown], axis=0)
    if css(was) == css(now):
        return True
    large = area(box) > 0.1 * reference.shape[0] * reference.shape[1]
    report.findings.append(
        Finding(
            "style_error",
            2 if large else 1,
            Cause.RECOLOURED,
            Element(kind="fill", of=element),
            box,
            css(was),
            css(now),
            key=("fill", css(was), css(now)),
        )
    )
    report.recoloured.append(box)
    return True


def _check_border(report: BoxReport, reference: Image, render: Image, shape: Shape) -> None:
    x0, y0, x1, y1 = (int(value) for value in shape.box)
    inset = int(max(shape.radius)) + 1
    top, right, bottom, left = shape.border
    sides = (
        ("top", top, Box(x0 + inset, y0, x1 - inset, y0 + (top.width if top else 0))),
        ("right", right, Box(x1 - (right.width if right else 0), y0 + inset, x1, y1 - inset)),
        ("bottom", bottom, Box(x0 + inset, y1 - (bottom.width if bottom else 0), x1 - inset, y1)),
        ("left", left, Box(x0, y0 + inset, x0 + (left.width if left else 0), y1 - inset)),
    )
    for side, edge, strip in sides:
        before, after = cut(reference, strip), cut(render, strip)
        if edge is None or before.size == 0:
            continue
        wanted, found = rgb(edge.colour), np.median(after.reshape(-1, 3), axis=0)
        if (
            distance(np.median(before.reshape(-1, 3), axis=0), wanted) > _OTHER_FILL
            or distance(found, wanted) <= _OTHER_BORDER
        ):
            continue
        element = Element(kind=f"{side} border", of=Element(kind="box", at=shape.box))
        gone = distance(found, rgb(shape.fill.colour)) <= _OTHER_FILL
        cause = Cause.MISSING if gone else Cause.RECOLOURED
        was, now = (None, None) if gone else (edge.colour, css(found))
        key = ("border", shape.box)
        report.findings.append(Finding("style_error", 1, cause, element, shape.box, was, now, key=key))
        report.settled.append(grown(strip, 2))


def _check_picture(report: BoxReport, reference: Image, render: Image, picture: PixelPart) -> None:
    before, after = cut(reference, picture.box), cut(render, picture.box)
    if is_plain(before):
        return
    if unlike(before, after) <= _OTHER_PICTURE:
        report.settled.append(grown(picture.box, 2))
        return
    severity: Severity = 3 if area(picture.box) > _LARGE_PICTURE else 2
    element = Element(kind="picture", at=picture.box)
    if min(before.shape[:2]) >= _LEAST_SOUGHT:
        x, y, score = find(before, render)
        across, down = x - picture.box.x0, y - picture.box.y0
        home = Box(x, y, x + before.shape[1], y + before.shape[0])
        elsewhere = unlike(cut(reference, home), before) > _OTHER_PICTURE
        if score >= _FOUND and elsewhere and max(abs(across), abs(down)) > _MOVED:
            report.findings.append(moved("layout_error", element, picture.box, home))
            report.settled += [picture.box, grown(home, 2)]
            return
    cause = Cause.MISSING if is_plain(after) else Cause.UNEXPLAINED
    report.findings.append(Finding("element_error", severity, cause, element, picture.box))
    report.settled.append(grown(picture.box, 2))
