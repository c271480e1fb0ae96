"""Text lines of a page with their exact place, colour and style."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from critic.reading.ocr import TextLine
from critic.reading.page import metrics
from critic.reading.page.colours import css
from critic.reading.page.fit import Fit, choose, snapped
from critic.reading.page.ink import Ink
from critic.reading.page.regions import regions
from critic.reading.page.spans import find_spans
from critic.reading.page.split import split
from critic.reading.page.types import Line, Shape, Span
from renderers.types import Image


@dataclass(frozen=True, slots=True)
class _Seen:
    text: str
    score: float
    ink: Ink
    options: list[Fit]


def read_lines(image: Image, seen: tuple[TextLine, ...], shapes: tuple[Shape, ...]) -> tuple[Line, ...]:
    """The lines that OCR saw, measured in the pixels; from top to bottom.

    A lone sign that no page would set as a line of its own (an icon read as a letter) is left out.

    Args:
        image: The picture.
        seen: What OCR saw.
        shapes: The boxes of the page: text on a box ends with it.
    """
    found = []
    for line, region in zip(seen, regions(image, seen, shapes), strict=True):
        text = cleaned(line.text)
        if not text:
            continue
        for piece, ink, options in split(image, region, text):
            if not _is_icon(piece, line.score):
                found.append(_Seen(piece, line.score, ink, options))
    chosen = choose([item.options for item in found], [item.text for item in found])
    lines = [set_line(item.text, item.ink, fit, item.score) for item, fit in zip(found, chosen, strict=True)]
    return tuple(sorted(lines, key=lambda line: (line.baseline, line.x)))


def cleaned(text: str) -> str:
    """One kind of space, no control signs, wide forms made narrow."""
    narrow = "".join(unicodedata.normalize("NFKC", c) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return " ".join("".join(c for c in narrow if c.isprintable()).split())


def _is_icon(text: str, score: float) -> bool:
    if len(text) > 1:
        return False
    return not text.isdigit() or score < 0.8


def set_line(text: str, ink: Ink, fit: Fit, score: float = 1.0) -> Line:
    """The line as its ink looks when set in the face of ``fit``."""
    box = ink.box
    top, bottom = metrics.extent(text, fit.family, fit.bold)
    if ink.cut:
        baseline = box.y0 + top * fit.size if ink.top > 0 else box.y1 + bottom * fit.size
    else:
        baseline = (box.y0 + box.y1) / 2 + (top + bottom) / 2 * fit.size
    spans = find_spans(text, ink, fit, baseline)
    if len({span.bold for span in spans}) > 1:
        fit = _fit_mixed(spans, ink, fit)
        spans = find_spans(text, ink, fit, baseline)
    return Line(
        spans=spans,
        family=fit.family,
        size=round(fit.size, 2),
        spacing=round(fit.spacing, 2),
        x=round(fit.x, 2),
        baseline=float(round(baseline)),
        ink=box,
        ground=css(ink.ground),
        score=score,
    )


def _fit_mixed(spans: tuple[Span, ...], ink: Ink, fit: Fit) -> Fit:
    """The size of a line of which only some words are bold: each is as wide as its own face."""
    natural = sum(metrics.starts(span.text, fit.family, span.bold)[-1] for span in spans)
    first, last = spans[0], spans[-1]
    before = metrics.glyph(first.text[0], fit.family, first.bold).left
    end = metrics.glyph(last.text[-1], fit.family, last.bold)
    size = (ink.box.x1 - ink.box.x0) / max(0.05, natural - before - (end.advance - end.right))
    if fit.spacing or not 0.8 < size / fit.size < 1.25:
        return fit
    size = snapped(size)
    return replace(fit, size=size, x=ink.box.x0 - before * size)
