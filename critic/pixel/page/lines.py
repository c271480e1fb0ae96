"""Text lines of the reference looked up in the render."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from critic.pixel.page.findings import Finding, area, grown, overlap
from critic.pixel.page.windows import alike, cut, find, is_plain, unlike
from critic.reading.page import Line, Page
from critic.reading.page.colours import distance
from critic.reading.page.ink import Ink, find_ink
from critic.reading.page.lines import cleaned
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

SAME = 0.4
"""How unlike a window may be and still be the same text on another pixel grid."""

_SAME_SHAPES = 0.8
_OTHER_COLOUR = 36
_FOUND = 0.9
_OTHER_SIZE = 0.04
_NOTICEABLE = 3.0


@dataclass(slots=True)
class LineReport:
    """What became of the reference's lines.

    Attributes:
        findings: The differences.
        settled: Places of the render that lines account for.
        gone: Lines that are nowhere in the render.
    """

    findings: list[Finding] = field(default_factory=list)
    settled: list[Box] = field(default_factory=list)
    gone: list[Line] = field(default_factory=list)


def compare_lines(reference: Image, render: Image, page: Page, reader: Reader) -> LineReport:
    """Look for each line of the reference at its place, then elsewhere."""
    report = LineReport()
    absent = []
    for line in page.lines:
        window = grown(line.ink, 2)
        if unlike(cut(reference, window), cut(render, window)) <= SAME:
            report.settled.append(grown(line.ink, 4))
            continue
        if is_plain(cut(render, window)):
            absent.append(line)
            continue
        finding = _differing(reference, render, line, reader)
        if finding is None:
            report.settled.append(grown(line.ink, 4))
        elif finding.category == "text_error" and (moved := _moved(reference, render, line, page)):
            # Something else stands where the line stood.
            report.findings.append(moved[0])
            report.settled.append(moved[1])
        else:
            report.findings.append(finding)
            report.settled.append(grown(line.ink, 12, 6))
    for line in absent:
        moved = _moved(reference, render, line, page)
        if moved:
            report.findings.append(moved[0])
            report.settled += [moved[1], grown(line.ink, 4)]
        else:
            report.gone.append(line)
    return report


def _differing(reference: Image, render: Image, line: Line, reader: Reader) -> Finding | None:
    """How the line differs at its own place; None where it does not after all."""
    wide = 4 + 0.06 * (line.ink.x1 - line.ink.x0)
    region = _inside(grown(line.ink, wide, 4), reference)
    narrow = _inside(grown(line.ink, 4, 4), reference)
    before = find_ink(reference, narrow, len(line.text))
    after = find_ink(render, region, len(line.text)) or find_ink(render, narrow, len(line.text))
    if before is None or after is None:
        return None
    if alike(_trimmed(before), _trimmed(after)) >= _SAME_SHAPES:
        return _restyled(line, before, after)
    read_before = _read(reference, before.box, reader) or line.text
    read_after = _read(render, after.box, reader)
    if _plain_text(read_after) in (_plain_text(read_before), _plain_text(line.text)):
        return _restyled(line, before, after) or Finding(
            "style_error",
            1,
            _name(line),
            "the letters have another shape or weight",
            line.ink,
            ("face", _style(line)),
        )
    return Finding("text_error", 2, _name(line), f"reference {line.text!r}, render {read_after!r}", line.ink)


def _restyled(line: Line, before: Ink, after: Ink) -> Finding | None:
    """The same letters in another colour, size, weight or place."""
    a, b = before.box, after.box
    ratio = (b.x1 - b.x0) / max(1.0, a.x1 - a.x0)
    taller = (b.y1 - b.y0) / max(1.0, a.y1 - a.y0)
    across, down = ((b.x0 + b.x1) - (a.x0 + a.x1)) / 2, ((b.y0 + b.y1) - (a.y0 + a.y1)) / 2
    if int(distance(before.colour, after.colour)) > _OTHER_COLOUR:
        return Finding(
            "style_error",
            1,
            _name(line),
            f"text colour: reference {_hex(before)}, render {_hex(after)}",
            line.ink,
            ("colour", _hex(before), _hex(after)),
        )
    off_width = abs(ratio - 1) > _OTHER_SIZE and abs(b.x1 - b.x0 - a.x1 + a.x0) > _NOTICEABLE
    off_height = abs(taller - 1) > 0.1 and abs(b.y1 - b.y0 - a.y1 + a.y0) >= 2
    if off_width or off_height:
        return Finding(
            "style_error",
            1,
            _name(line),
            f"set {ratio:.0%} as wide and {taller:.0%} as high as in the reference",
            line.ink,
            ("size", _style(line), round(ratio, 1)),
        )
    if max(abs(across), abs(down)) > _NOTICEABLE:
        return _shifted(line, across, down)
    heavier = float(after.cover.sum()) / max(1.0, float(before.cover.sum()))
    if not 0.8 < heavier < 1.25:
        weight = "bolder" if heavier > 1 else "lighter"
        return Finding(
            "style_error",
            1,
            _name(line),
            f"drawn {weight} than in the reference",
            line.ink,
            ("weight", _style(line), weight),
        )
    if len(before.strips) != len(after.strips):
        return Finding(
            "style_error",
            1,
            _name(line),
            "underlined or struck through differently",
            line.ink,
            ("decoration", _style(line)),
        )
    return None


def _shifted(line: Line, across: float, down: float) -> Finding:
    return Finding(
        "layout_error",
        2,
        _name(line),
        f"render has it {_way(across, down)}",
        line.ink,
        ("shift", round(across / 4), round(down / 4)),
    )


def _way(across: float, down: float) -> str:
    ways = []
    if abs(across) >= 1:
        ways.append(f"{abs(across):.0f} px to the {'right' if across > 0 else 'left'}")
    if abs(down) >= 1:
        ways.append(f"{abs(down):.0f} px {'lower' if down > 0 else 'higher'}")
    return " and ".join(ways) or "moved"


def _moved(reference: Image, render: Image, line: Line, page: Page) -> tuple[Finding, Box] | None:
    """The line elsewhere in the render, at a place that holds no such line in the reference."""
    template = cut(reference, grown(line.ink, 1))
    if min(template.shape[:2]) < 6 or template.shape[1] < 12 or is_plain(template):
        return None
    x, y, score = find(template, render)
    across, down = x + 1 - line.ink.x0, y + 1 - line.ink.y0
    if score < _FOUND or max(abs(across), abs(down)) <= 1.5:
        return None
    home = Box(x, y, x + template.shape[1], y + template.shape[0])
    taken = any(
        other is not line and other.text == line.text and overlap(other.ink, home) > 0.5 * area(other.ink)
        for other in page.lines
    )
    return None if taken else (_shifted(line, across, down), grown(home, 4))


def _read(image: Image, box: Box, reader: Reader) -> str:
    line = reader.text.word(cut(image, grown(box, 4, 3)), 2.0)
    return cleaned(line.text) if line else ""


def _plain_text(text: str) -> str:
    """What is left of a text where case, spaces and look-alikes are no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\s\u00b7.,'`\u2019|\[\](){}_\u00af~\u2014\u2013-]", "", folded)
    return folded.translate(str.maketrans("il!o", "1110"))


def _trimmed(ink: Ink) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    rows, columns = np.nonzero(ink.cover.max(axis=1) > 0.2)[0], np.nonzero(ink.cover.max(axis=0) > 0.2)[0]
    return ink.cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _inside(box: Box, image: Image) -> Box:
    height, width = image.shape[:2]
    return Box(
        max(0, int(box.x0)), max(0, int(box.y0)), min(width, int(box.x1) + 1), min(height, int(box.y1) + 1)
    )


def _style(line: Line) -> tuple[str, float]:
    return (line.family.value, line.size)


def _hex(ink: Ink) -> str:
    red, green, blue = (int(value) for value in ink.colour)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _name(line: Line) -> str:
    text = line.text if len(line.text) <= 60 else line.text[:57] + "..."
    return f"text '{text}'"
