"""Boxes and pictures of the reference looked up in the render."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from critic.pixel.page.findings import Finding, area, grown, overlap, place
from critic.pixel.page.windows import cut, find, is_plain, unlike
from critic.reading.page import Fill, Page, Picture, Shape
from critic.reading.page.colours import css, distance, rgb
from critic.reading.page.fills import painted
from critic.types import Box, Severity
from renderers.types import Image

_OTHER_FILL = 8
_OTHER_BORDER = 32
_OTHER_PICTURE = 0.5
_FOUND = 0.9
_LEAST_SEEN = 12


@dataclass(slots=True)
class BoxReport:
    """What became of the reference's boxes and pictures.

    Attributes:
        findings: The differences.
        settled: Places of the render that they account for.
        missing: Boxes that the render does not show at their place.
    """

    findings: list[Finding] = field(default_factory=list)
    settled: list[Box] = field(default_factory=list)
    missing: list[Shape] = field(default_factory=list)


def compare_boxes(reference: Image, render: Image, page: Page) -> BoxReport:
    """Check the page's ground, every box's fill and border, and every picture."""
    report = BoxReport()
    whole = Box(0, 0, page.width, page.height)
    _check_fill(report, reference, render, page.fill, whole, None, "the page's background")
    for shape in page.shapes:
        under = _under(shape, page)
        if not _check_fill(
            report, reference, render, shape.fill, _inner(shape), under, f"box {place(shape.box)}"
        ):
            report.missing.append(shape)
            continue
        _check_border(report, reference, render, shape, under)
    for picture in page.pictures:
        _check_picture(report, reference, render, picture)
    return report


def _under(shape: Shape, page: Page) -> Fill:
    fill = page.fill
    for other in page.shapes:
        if other is shape:
            break
        if overlap(other.box, shape.box) >= area(shape.box):
            fill = other.fill
    return fill


def _inner(shape: Shape) -> Box:
    top, right, bottom, left = (edge.width if edge else 0 for edge in shape.border)
    return Box(shape.box.x0 + left, shape.box.y0 + top, shape.box.x1 - right, shape.box.y1 - bottom)


def _check_fill(
    report: BoxReport, reference: Image, render: Image, fill: Fill, box: Box, under: Fill | None, name: str
) -> bool:
    """Compare the fill where the reference shows it; False when the render shows what lies under it."""
    before, after = cut(reference, box), cut(render, box)
    if before.size == 0:
        return True
    expected = painted(fill, before.shape[1], before.shape[0])
    shown = distance(before, expected.round()) <= 4
    if shown.sum() < _LEAST_SEEN:
        return True
    away = distance(after[shown], before[shown])
    if np.median(away) <= _OTHER_FILL:
        return True
    now = np.median(after[shown], axis=0)
    was = np.median(before[shown], axis=0)
    hidden = under is not None and under.flat and distance(now, rgb(under.colour)) <= _OTHER_FILL
    if hidden and np.median(distance(was, now)) > _OTHER_FILL:
        return False
    large = area(box) > 0.1 * reference.shape[0] * reference.shape[1]
    report.findings.append(
        Finding(
            "style_error",
            2 if large else 1,
            name,
            f"fill: reference {css(was)}, render {css(now)}",
            box,
            ("fill", css(was), css(now)),
        )
    )
    report.settled.append(grown(box, 2))
    return True


def _check_border(report: BoxReport, reference: Image, render: Image, shape: Shape, under: Fill) -> None:
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
        was, now = rgb(edge.colour), np.median(after.reshape(-1, 3), axis=0)
        if distance(np.median(before.reshape(-1, 3), axis=0), was) > 8 or distance(now, was) <= _OTHER_BORDER:
            continue
        what = "no border" if distance(now, rgb(shape.fill.colour)) <= 8 else css(now)
        report.findings.append(
            Finding(
                "style_error",
                1,
                f"box {place(shape.box)}",
                f"{side} border: reference {edge.colour}, render {what}",
                shape.box,
                ("border", shape.box),
            )
        )
        report.settled.append(grown(strip, 2))


def _check_picture(report: BoxReport, reference: Image, render: Image, picture: Picture) -> None:
    before, after = cut(reference, picture.box), cut(render, picture.box)
    if is_plain(before):
        return
    if unlike(before, after) <= _OTHER_PICTURE:
        report.settled.append(grown(picture.box, 2))
        return
    severity: Severity = 3 if area(picture.box) > 2000 else 2
    name = f"picture {place(picture.box)}"
    if min(before.shape[:2]) >= 8:
        x, y, score = find(before, render)
        across, down = x - picture.box.x0, y - picture.box.y0
        if score >= _FOUND and max(abs(across), abs(down)) > 1.5:
            report.findings.append(
                Finding(
                    "layout_error",
                    2,
                    name,
                    f"render has it {across:+.0f} px across and {down:+.0f} px down",
                    picture.box,
                    ("shift", round(across / 4), round(down / 4)),
                )
            )
            report.settled += [picture.box, grown(Box(x, y, x + before.shape[1], y + before.shape[0]), 2)]
            return
    what = "missing in the render" if is_plain(after) else "drawn differently"
    report.findings.append(Finding("element_error", severity, name, what, picture.box))
    report.settled.append(grown(picture.box, 2))
