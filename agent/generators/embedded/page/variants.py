"""Other ways to set a line: what a revision may try for it."""

from __future__ import annotations

from collections.abc import Iterator

from critic.reading.page import Family, LaidLine
from critic.reading.page.fit import Fit, fits
from critic.reading.page.ink import find_ink
from critic.reading.page.lines import cleaned, set_line
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

Variant = tuple[str, LaidLine]
"""What is changed, in words, and the line so changed."""

_FACES = 4
_NARROWER, _WIDER = 0.7, 1.4
"""Times as wide as in the render a line may be in the reference: beyond, it is another."""
_SAME = 0.001
"""Share by which a width may differ before another size shows."""
_SPACED = 3
"""Letters from which the spaces between them can be told from their size."""
_LEAST_SPACE, _MOST_SPACE = 0.15, 0.3
"""CSS px between letters below which they are not set apart, and share of their size above which none are."""
_SMALLEST = 5
"""CSS px of the smallest letters."""
_SURE = 0.8
"""Score of OCR (0 to 1) from which another reading is tried."""


def region_of(line: LaidLine, image: Image, across: float = 4.0, down: float = 3.0) -> Box:
    """Where to look for the line's ink: around where it was seen."""
    height, width = image.shape[:2]
    box = line.ink
    return Box(
        max(0, int(box.x0 - across)),
        max(0, int(box.y0 - down)),
        min(width, int(box.x1 + across) + 1),
        min(height, int(max(box.y1, line.baseline + 0.15 * line.size) + down) + 1),
    )


def to_the_ink(line: LaidLine, reference: Image, render: Image) -> Iterator[Variant]:
    """The line moved and scaled so that its ink lies on the reference's."""
    count = len(line.text)
    before = find_ink(reference, region_of(line, reference), count)
    wide = 4 + 0.08 * line.ink.width
    after = find_ink(render, region_of(line, render, wide), count)
    if before is None or after is None:
        return
    a, b = before.box, after.box
    ratio = a.width / max(1.0, b.width)
    down = round(((a.y0 + a.y1) - (b.y0 + b.y1)) / 2)
    left = a.x0 - b.x0
    if _NARROWER < ratio < _WIDER:
        moved = {"x": round(line.x + left, 2), "baseline": line.baseline + down}
        yield "moved to the ink", line.model_copy(update=moved)
        if abs(ratio - 1) > _SAME:
            size = {"size": round(line.size * ratio, 2)}
            yield "sized to the ink", line.model_copy(update={**moved, **size})
            if count >= _SPACED:
                spacing = line.spacing + (a.width - b.x1 + b.x0) / (count - 1)
                yield "spaced to the ink", line.model_copy(update={**moved, "spacing": round(spacing, 2)})


def faces(line: LaidLine, reference: Image, usual: frozenset[Family]) -> Iterator[Variant]:
    """The line in the other faces that its ink may be in: those that fit best, and the page's usual ones."""
    ink = find_ink(reference, region_of(line, reference), len(line.text))
    if ink is None:
        return
    seen: set[tuple[Family, bool]] = set()
    for fit in fits(line.text, ink):
        if fit.spacing or (fit.family, fit.bold) in seen:
            continue
        if len(seen) < _FACES or fit.family in usual:
            seen.add((fit.family, fit.bold))
            weight = "bold " if fit.bold else ""
            yield (
                f"set in {weight}{fit.family.value} {fit.size:.1f}px",
                set_line(line.text, ink, fit, line.score),
            )


def tracked(line: LaidLine, reference: Image) -> Iterator[Variant]:
    """The line smaller and letterspaced, in whole sizes."""
    ink = find_ink(reference, region_of(line, reference), len(line.text))
    count = len(line.text)
    if ink is None or count < _SPACED:
        return
    width = ink.box.width
    whole = int(line.size)
    bold = line.spans[0].bold
    for size in (whole - 1, whole, whole + 1):
        fit = Fit(line.family, bold, float(size), 0.0, line.x, 0.0)
        natural = (width - (count - 1) * line.spacing) * size / line.size
        spacing = (width - natural) / (count - 1)
        if _LEAST_SPACE < abs(spacing) < _MOST_SPACE * size and size > _SMALLEST:
            spaced = Fit(fit.family, fit.bold, fit.size, spacing, line.x, 0.0)
            yield (
                f"set at {size}px, letters {spacing:.2f}px apart",
                set_line(line.text, ink, spaced, line.score),
            )


def nudges(line: LaidLine) -> Iterator[Variant]:
    """The line a fraction of a pixel to a side, a pixel up or down."""
    for across in (-0.3, 0.3):
        yield f"moved {across:+} px across", line.model_copy(update={"x": round(line.x + across, 2)})
    for down in (-1, 1):
        yield f"moved {down:+} px down", line.model_copy(update={"baseline": line.baseline + down})


def plain(line: LaidLine) -> Iterator[Variant]:
    """The line without the styles that were seen within it, and all of it in each of them."""
    if len(line.spans) > 1:
        lead = max(line.spans, key=lambda span: len(span.text))
        whole = lead.model_copy(update={"text": line.text})
        yield "set in one style", line.model_copy(update={"spans": (whole,)})
    for name in ("italic", "bold"):
        value = not all(getattr(span, name) for span in line.spans)
        spans = tuple(span.model_copy(update={name: value}) for span in line.spans)
        yield f"{'' if value else 'not '}{name}", line.model_copy(update={"spans": spans})


def reread(line: LaidLine, reference: Image, reader: Reader) -> Iterator[Variant]:
    """The line as it reads when looked at more closely."""
    x0, y0, x1, y1 = (int(value) for value in region_of(line, reference))
    for scale in (2.0, 3.0):
        seen = reader.text.word(reference[y0:y1, x0:x1], scale)
        text = cleaned(seen.text) if seen else ""
        if text and text != line.text and seen is not None and seen.score >= _SURE:
            ink = find_ink(reference, region_of(line, reference), len(text))
            if ink is None:
                continue
            fitted = fits(text, ink)
            fit = next((f for f in fitted if f.family is line.family and not f.spacing), fitted[0])
            yield f"read again as {text!r}", set_line(text, ink, fit, seen.score)
