"""Text lines of a page with their exact place, colour and style."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from critic.reading.ocr import TextLine
from critic.reading.page import metrics
from critic.reading.page.bullets import without_bullet
from critic.reading.page.cells import with_blanks
from critic.reading.page.colours import css
from critic.reading.page.fit import Fit, choose, fits
from critic.reading.page.glyphs import settle_letters
from critic.reading.page.ink import Ink
from critic.reading.page.regions import regions
from critic.reading.page.serifs import feet, of_one_sort
from critic.reading.page.sizes import snapped
from critic.reading.page.spans import find_spans
from critic.reading.page.split import split
from critic.reading.page.types import LaidLine, Shape, Span
from critic.reading.page.weights import of_one_weight
from renderers.types import Image

_CLEARLY = 0.02
_LOST_CAPITAL = re.compile(r"(?<=[A-Z]{2})[cosuvwxz](?=[A-Z])|\b[cosuvwxz](?=[A-Z]{4})")
"""A letter whose capital is only a larger one, small amid capitals."""
_RUN_TOGETHER = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
_GAPS = (" ", " › ", " / ")
"""What may stand between two such words; a menu's path has signs that OCR passes over."""
_SIGNS = "/|·+–—&"
_EVEN_SIGNS = "|·"
"""Signs between things: a blank on one side of them has another on the other."""

_DOTS = re.compile(r"[.…•·●*∙]+")
_LEAST_DOTS, _SEEN = 4, 0.4
"""Dots in a row from which they are a password's, which are counted in the pixels: OCR reads any number of
them; and the cover from which a column has ink, for antialiased dots nearly touch."""

_AGREES = 0.05
"""Agreement by which another spacing of a line must be better than its own."""

_FIRST_WIDE, _LAST_WIDE = 0xFF01, 0xFF5E
"""Code points of the full-width forms of ASCII (Unicode, Halfwidth and Fullwidth Forms)."""

_SURE_DIGIT = 0.8
"""OCR's score below which a lone digit is rather an icon."""

_SMALLER, _LARGER = 0.8, 1.25
"""Ratios of sizes beyond which the words' own widths do not agree with the line: it is cut wrongly."""


@dataclass(frozen=True, slots=True)
class _Seen:
    text: str
    score: float
    ink: Ink
    options: list[Fit]


def read_lines(
    image: Image, seen: tuple[TextLine, ...], shapes: tuple[Shape, ...], trust: float = 1.0
) -> tuple[LaidLine, ...]:
    """The lines that OCR saw, measured in the pixels; from top to bottom.

    A lone sign that no page would set as a line of its own (an icon read as a letter) is left out.

    Args:
        image: The picture.
        seen: What OCR saw.
        shapes: The boxes of the page: text on a box ends with it.
        trust: How much a line follows the face and weight that the page is set in.
    """
    found = []
    for line, region in zip(seen, regions(image, seen, shapes), strict=True):
        text = cleaned(line.text)
        if not text:
            continue
        text, place = without_bullet(image, text, region)
        for piece, ink, options in split(image, place, text):
            if _DOTS.fullmatch(piece) and (count := _runs(ink)) >= _LEAST_DOTS:
                piece = "•" * count
                options = fits(piece, ink)
            if not _is_icon(piece, line.score):
                found.append(_spaced(_Seen(piece, line.score, ink, options)))
    stood = [
        feet(item.text, item.ink, item.options[0], _baseline(item.text, item.ink, item.options[0]))
        for item in found
    ]
    sorted_out = of_one_sort([item.options for item in found], stood)
    texts = [item.text for item in found]
    weighed = of_one_weight(sorted_out, texts, [item.ink for item in found])
    chosen = choose(weighed, texts, trust)
    lines = [set_line(item.text, item.ink, fit, item.score) for item, fit in zip(found, chosen, strict=True)]
    return tuple(sorted(lines, key=lambda line: (line.baseline, line.x)))


def _spaced(seen: _Seen) -> _Seen:
    """The line with the spaces around its signs that OCR loses, where its ink agrees better with them."""
    best = _parted(seen)
    text, options = with_blanks(best.text, best.ink, best.options)
    best = replace(best, text=text, options=options)
    for sign in _SIGNS:
        half = f" {sign}" in best.text or f"{sign} " in best.text
        if sign not in best.text[1:-1] or (half and sign not in _EVEN_SIGNS):
            continue
        inner = re.sub(rf" ?{re.escape(sign)} ?", f" {sign} ", best.text[1:-1])
        text = " ".join(f"{best.text[0]}{inner}{best.text[-1]}".split())
        if text == best.text:
            continue
        options = fits(text, seen.ink)
        if options[0].score > best.options[0].score + (0.0 if half else _AGREES):
            best = replace(best, text=text, options=options)
    return best


def _parted(seen: _Seen) -> _Seen:
    """Words that OCR ran together, a capital after a small letter, where the ink agrees better with a gap."""
    best = seen
    for gap in _GAPS:
        text = _RUN_TOGETHER.sub(gap, seen.text)
        if text == seen.text:
            return seen
        options = fits(text, seen.ink)
        if options[0].score > best.options[0].score + _AGREES:
            best = replace(seen, text=text, options=options)
    return best


def _runs(ink: Ink) -> int:
    """How many pieces of ink stand beside each other."""
    inked = np.concatenate([[False], ink.cover.max(axis=0) > _SEEN, [False]])
    return int((inked[1:] & ~inked[:-1]).sum())


def cleaned(text: str) -> str:
    """One kind of space, no control signs, wide forms made narrow, capitals among capitals."""
    narrow = "".join(
        unicodedata.normalize("NFKC", c) if _FIRST_WIDE <= ord(c) <= _LAST_WIDE else c for c in text
    )
    text = " ".join("".join(c for c in narrow if c.isprintable() and c != "\u00af").split())
    return _LOST_CAPITAL.sub(lambda found: found[0].upper(), text)


def _is_icon(text: str, score: float) -> bool:
    if len(text) > 1:
        return False
    return not text.isdigit() or score < _SURE_DIGIT


def set_line(text: str, ink: Ink, fit: Fit, score: float = 1.0) -> LaidLine:
    """The line as its ink looks when set in the face of ``fit``."""
    box = ink.box
    baseline = _baseline(text, ink, fit)
    text = settle_letters(text, ink, fit, baseline)
    spans = find_spans(text, ink, fit, baseline)
    if len({span.bold for span in spans}) > 1:
        fit = _fit_mixed(spans, ink, fit)
        spans = find_spans(text, ink, fit, baseline)
    return LaidLine(
        spans=spans,
        family=fit.family,
        size=round(fit.size, 2),
        spacing=round(fit.spacing, 2),
        x=round(fit.x, 2),
        baseline=baseline,
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
    size = ink.box.width / max(0.05, natural - before - (end.advance - end.right))
    if fit.spacing or not _SMALLER < size / fit.size < _LARGER:
        return fit
    size = snapped(size, ink.box.width)
    return replace(fit, size=size, x=ink.box.x0 - before * size)


def _baseline(text: str, ink: Ink, fit: Fit) -> float:
    """The row that the letters stand on: where their tops and feet agree best with the ink's rows."""
    box = ink.box
    top, bottom = metrics.extent(text, fit.family, fit.bold)
    if ink.cut:
        return float(round(box.y0 + top * fit.size if ink.top > 0 else box.y1 + bottom * fit.size))
    middle = round((box.y0 + box.y1) / 2 + (top + bottom) / 2 * fit.size)
    rows = ink.cover.sum(axis=1)
    glyphs = [metrics.glyph(letter, fit.family, fit.bold) for letter in text if not letter.isspace()]
    places = range(middle - 3, middle + 4)
    agreed = [_stands(rows, glyphs, fit.size, place - ink.top) for place in places]
    best = int(np.argmax(agreed))
    return float(places[best] if agreed[best] > agreed[3] + _CLEARLY else middle)


def _stands(rows: NDArray[np.float32], glyphs: list[metrics.Glyph], size: float, baseline: int) -> float:
    """Correlation of the ink's rows with what the letters would leave, standing on a row of them."""
    high = baseline - np.array([max(round(glyph.top * size), 1) for glyph in glyphs])
    low = baseline - np.array([round(glyph.bottom * size) for glyph in glyphs])
    edges = np.arange(len(rows) + 1)[:, None]
    inside = np.clip(np.minimum(edges[1:], low) - np.maximum(edges[:-1], high), 0, 1)
    expected = inside @ (np.array([glyph.area for glyph in glyphs]) / np.maximum(1, low - high))
    a, b = rows - rows.mean(), expected - expected.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0
