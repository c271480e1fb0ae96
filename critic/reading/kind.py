"""Tells what a picture shows: chart, table, icon or page, or a photograph, from its pixels.

Cheap features settle photographs and icons; the others need to know where text is, which every later step
needs as well.
"""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from critic.reading.canvas import canvas_of
from critic.reading.kind_evidence import Evidence, evidence_of
from critic.reading.kind_features import features_of, glyph_count, is_viewport
from critic.reading.ocr import TextLine
from critic.reading.photograph import MANY_COLOURS, colours_of, is_photographic
from critic.reading.reader import Reader
from renderers.types import Image, Kind

_SMALL_ICON = 112
_FEW_GLYPHS = 9
"""A square picture with fewer outlines of letter size is taken for an icon without looking for text."""
_LETTERING = 16
"""Letters in a line that is no lettering on an icon any more."""
_NARROWEST, _WIDEST = 0.8, 1.25
"""Width over height between which a picture is about square, as icons are."""
_SURE = 0.7
"""OCR's score above which a line is text."""
_RUNNING_LINES, _SMALL_LETTERS = 4, 8
"""Lines, and letters in small lines, from which text is more than lettering on an icon."""
_WORTH_SAYING = 0.3
"""Points of evidence above which they are given as a reason."""


class KindGuess(BaseModel):
    """What a picture seems to show.

    Attributes:
        kind: The best guess.
        confidence: 0..1, how far it stands out against the others.
        reason: What spoke for it, in a few words.
        second: The next best guess; None where nothing else comes near.
        photo: Whether it is a photograph or the like, which no kind describes; ``kind`` is what would come
        nearest.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    confidence: float = Field(ge=0.0, le=1.0)
    reason: str
    second: Kind | None = None
    photo: bool = False


def detect_kind(image: Image, reader: Reader) -> KindGuess:
    """Guess the kind of a picture from its pixels, once for the same ones.

    Args:
        image: RGB pixels.
        reader: Gives the text lines, and remembers them, where the cheap features do not settle it.
    """
    return reader.remember("kind", image, lambda pixels: _guess(pixels, reader))


def _guess(image: Image, reader: Reader) -> KindGuess:
    height, width = image.shape[:2]
    photographic = is_photographic(image)
    if photographic and colours_of(image) >= MANY_COLOURS:
        return KindGuess(kind=Kind.SVG, confidence=0.95, reason="shades everywhere, nothing flat", photo=True)
    if max(height, width) <= _SMALL_ICON:
        return KindGuess(kind=Kind.SVG, confidence=0.9, reason=f"icon-sized, {width} x {height} pixels")
    glyphs = glyph_count(image)
    square = _NARROWEST < width / height < _WIDEST and not is_viewport(width, height)
    if photographic and glyphs < _FEW_GLYPHS:
        return KindGuess(kind=Kind.SVG, confidence=0.8, reason="shades everywhere, no text", photo=True)
    if glyphs < (_FEW_GLYPHS if square else 1):
        confidence = 1.0 - 0.04 * glyphs
        return KindGuess(kind=Kind.SVG, confidence=confidence, reason="flat shapes, no lines of text")
    pixels = canvas_of(image, None, reader).pixels
    lines = reader.lines(pixels)
    if not _has_running_text(lines, pixels):
        if photographic:
            return KindGuess(kind=Kind.SVG, confidence=0.8, reason="shades everywhere, no text", photo=True)
        return KindGuess(kind=Kind.SVG, confidence=0.75, reason="shapes and hardly any text")
    return _strongest(evidence_of(features_of(pixels, lines)))


def _has_running_text(lines: tuple[TextLine, ...], image: Image) -> bool:
    """Whether there is more text, or smaller, than lettering on an icon would be."""
    sure = [line for line in lines if line.score > _SURE]
    small = [line for line in sure if line.box.height < 0.08 * image.shape[0]]
    longest = max((len(line.text.strip()) for line in sure), default=0)
    return (
        len(sure) >= _RUNNING_LINES
        or sum(len(line.text.strip()) for line in small) >= _SMALL_LETTERS
        or longest >= _LETTERING
    )


def _strongest(evidence: Evidence) -> KindGuess:
    totals = {kind: sum(points for points, _ in parts) for kind, parts in evidence.items()}
    ranked = sorted(totals, key=lambda kind: totals[kind], reverse=True)
    weights = np.exp([totals[kind] - totals[ranked[0]] for kind in ranked])
    reasons = sorted(evidence[ranked[0]], key=lambda part: -part[0])
    words = [reason for points, reason in reasons[:2] if points > _WORTH_SAYING]
    return KindGuess(
        kind=ranked[0],
        confidence=float(1.0 / weights.sum()),
        reason=", ".join(words) or "closest of the kinds",
        second=ranked[1],
    )
