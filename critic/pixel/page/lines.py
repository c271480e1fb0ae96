"""Text lines of the reference looked up in the render."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from critic.pixel.page.findings import Finding, area, grown, moved, overlap, text_line
from critic.pixel.page.windows import (
    Cover,
    alike,
    cover,
    cut,
    find,
    is_plain,
    recoloured,
    stretches,
)
from critic.pixel.weight import other_weight
from critic.reading.page import LaidLine, Page
from critic.reading.page.colours import css, distance
from critic.reading.page.ink import Ink, colour_of, find_ink, ground_of
from critic.reading.page.lines import cleaned
from critic.reading.reader import Reader
from critic.types import Box, Cause
from renderers.types import Image

SAME = 0.6
"""How different a stretch of a line may be and still be the same letters on another pixel grid."""

_SAME_SHAPES = 0.8
_OTHER_COLOUR = 36
_FOUND = 0.9
_OTHER_SIZE = 0.04
_NOTICEABLE = 3.0
_SUSPECT = 0.42
_LOCAL = 0.4
"""Part of a line that may differ for it to be a matter of a few letters."""

_FEW = 3
"""Letters up to which a text is another one as a whole when some of them differ."""

_NARROWEST, _WIDEST = 0.5, 2.0
"""Ratios of widths between which letters of like shapes are one text in another size or face."""

_SUSPECT_PART, _REST = 0.25, 0.15
"""Share of a line that a letter or two take up at most, and how different the rest may then be."""

_OTHER_HEIGHT, _NOTICEABLE_HEIGHT = 0.1, 2
"""Share of the height, and pixels, by which letters of another size differ at least: ink ends on a pixel."""

_SPREAD = 0.6
"""Of the letters' height, that larger ones may reach above and below them."""

_LEAST_HEIGHT, _LEAST_WIDTH = 6, 12
"""Pixels from which a line, with a margin of one, is looked for elsewhere: less fits in many places."""

_MOVED = 1.5
"""Pixels above which a line is at another place: rounding to the grid moves it by one."""

_RIM, _RIM_BELOW = 3, 2
"""Pixels of margin at the sides of a line's ink, and above and below it, where it is compared."""

_HIDDEN = 0.02
"""Share of a line that something else may cover for it to be compared: a rim that touches it."""

_SPACE = 0.25
"""Sizes of type from which white between letters parts words: a space and the sides of its letters are
a third or more; before a colon there is a fifth."""

_BLUR = 0.25
"""Sizes of type by which a stretch that differs reaches beyond the letters that do: it is a letter wide."""

_STROKES = frozenset("|Il1/!")
"""What a stroke between two items of a row is read as."""

_KEPT = 0.5
"""Share of a line's words that it keeps, from which only the others are said to be other ones."""

_INKED = 0.2
"""Cover above which a row or column of a line holds ink rather than the rim of it."""


@dataclass(slots=True)
class LineReport:
    """What became of the reference's lines.

    Attributes:
        findings: The differences.
        gone: Lines that are nowhere in the render.
    """

    findings: list[Finding] = field(default_factory=list)
    gone: list[LaidLine] = field(default_factory=list)


def compare_lines(
    reference: Image, render: Image, page: Page, hidden: tuple[Box, ...], reader: Reader
) -> LineReport:
    """Look for each line of the reference at its place, then elsewhere.

    Args:
        reference: The picture.
        render: Its render, of the same size.
        page: The reference's description.
        hidden: Places where something else lies over the render's text.
        reader: Reads letters where their shapes differ.
    """
    report = LineReport()
    for line in page.lines:
        if any(overlap(box, line.ink) > _HIDDEN * area(line.ink) for box in hidden):
            continue
        window = grown(line.ink, _RIM, _RIM_BELOW)
        before, after = cut(reference, window), cut(render, window)
        apart = stretches(cover(before), cover(after))
        if apart.max() <= SAME:
            if _is_suspect(apart):
                finding = _local(reference, render, line, _span(apart > _SUSPECT), reader)
                if finding.category == "text_error":
                    report.findings.append(finding)
            if recoloured(before, after, cover(before), cover(after)):
                report.findings.append(_recoloured(line, before, after))
        elif is_plain(after) or _is_empty(reference, render, line):
            _look_elsewhere(report, reference, render, line, page)
        else:
            _look_closer(report, reference, render, line, page, apart, reader)
    return report


def _look_elsewhere(report: LineReport, reference: Image, render: Image, line: LaidLine, page: Page) -> None:
    elsewhere = _moved(reference, render, line, page)
    if elsewhere:
        report.findings.append(elsewhere)
    else:
        report.gone.append(line)


def _look_closer(
    report: LineReport,
    reference: Image,
    render: Image,
    line: LaidLine,
    page: Page,
    apart: Cover,
    reader: Reader,
) -> None:
    """Something else is where the line is: the line in another style, other letters, or another thing."""
    other = _span(apart > SAME)
    if other[1] - other[0] <= _LOCAL * len(apart) and len(line.text) > _FEW:
        finding = _local(reference, render, line, other, reader)
        spread = find_ink(render, _inside(_free_around(line, page), render), len(line.text))
        if spread is not None and spread.box.height < 1.5 * line.ink.height:
            finding = replace(finding, places=(line.ink, spread.box))
        report.findings.append(finding)
        return
    before = find_ink(reference, _inside(grown(line.ink, _RIM, _RIM_BELOW), reference), len(line.text))
    for region in (_free_around(line, page), grown(line.ink, _RIM, _RIM_BELOW)):
        after = find_ink(render, _inside(region, render), len(line.text))
        if before is None or after is None:
            continue
        wider = after.box.width / max(1.0, before.box.width)
        if _NARROWEST < wider < _WIDEST and alike(_trimmed(before), _trimmed(after)) >= _SAME_SHAPES:
            if restyled := _restyled(line, before, after):
                report.findings.append(replace(restyled, places=(line.ink, after.box)))
            return
    elsewhere = _moved(reference, render, line, page)
    if elsewhere:
        report.findings.append(elsewhere)
        return
    wide = find_ink(render, _inside(_free_around(line, page), render), len(line.text))
    box = wide.box if wide is not None else line.ink
    read = _read(render, box, reader)
    known = _plain_text(line.text)
    says_it = (known and known in _plain_text(read)) or _words_in(line.text) == _words_in(read)
    if says_it or _plain_text(_read(reference, line.ink, reader)) == _plain_text(read):
        restyled = _restyled(line, before, wide) if before and wide else None
        found = restyled or _other_face(line, line.ink)
        report.findings.append(replace(found, places=(line.ink, box)))
    else:
        report.findings.append(_other_words(reference, render, line, box, read, reader))


def _other_words(
    reference: Image, render: Image, line: LaidLine, there: Box, read: str, reader: Reader
) -> Finding:
    """A line that says something else: where its first and last words are the same, those between them."""
    was, now = line.text.split(), read.split()
    first = _shared(was, now)
    last = _shared(was[first:][::-1], now[first:][::-1])
    if first + last < _KEPT * len(was) or first + last >= len(was):
        return _reworded(line, line.ink, (line.ink, there), line.text, read)
    letter = line.ink.width / len(line.text)
    start = len(" ".join(was[:first])) + bool(first)
    end = len(line.text) - len(" ".join(was[len(was) - last :])) - bool(last)
    left, right = _words(reference, line, (_RIM + round(letter * start), _RIM + round(letter * end)))
    box = Box(left, line.ink.y0, right, line.ink.y1)
    words = " ".join(was[first : len(was) - last]), " ".join(now[first : len(now) - last])
    if sized := _other_size(reference, render, line, box, reader):
        return sized
    return _reworded(line, box, (line.ink, there), *words, f"near x = {left:.0f}")


def _shared(one: list[str], other: list[str]) -> int:
    """How many words two texts begin with that are the same, look-alikes aside."""
    pairs = zip(map(_as_word, one), map(_as_word, other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _words_in(text: str) -> list[str]:
    """The words of a text, look-alikes and strokes between them aside."""
    return [word for word in map(_as_word, text.split()) if word]


def _as_word(word: str) -> str:
    """What is compared of a word; nothing of a stroke that stands alone."""
    return "" if word in _STROKES else _plain_text(word)


def _reworded(
    line: LaidLine, box: Box, places: tuple[Box, ...], was: str, now: str, aside: str = ""
) -> Finding:
    what = text_line(line)
    return Finding("text_error", 2, Cause.TEXT, what, box, was, now or None, aside, places)


def _is_empty(reference: Image, render: Image, line: LaidLine) -> bool:
    """Whether hardly any ink is left between the line's rims, where neighbours do not reach."""
    core = grown(line.ink, -0.1 * line.ink.width, -1)
    before, after = cut(reference, core), cut(render, core)
    if before.size == 0:
        return False
    left = distance(after, ground_of(after)).sum(dtype=np.int64)
    return bool(left < 0.1 * distance(before, ground_of(before)).sum(dtype=np.int64))


def _local(
    reference: Image, render: Image, line: LaidLine, columns: tuple[int, int], reader: Reader
) -> Finding:
    """A few letters differ: read the words that they are in, in both pictures."""
    left, right = _words(reference, line, columns)
    place = Box(left, line.ink.y0, right, line.ink.y1)
    was, now = _read(reference, place, reader), _read(render, place, reader)
    as_read = len(now) >= len(was) and _plain_text(now) in _plain_text(line.text)
    if "".join(was.split()).casefold() == "".join(now.split()).casefold() or not now or as_read:
        return _other_face(line, place, f"near {was!r}" if was else "")
    sized = _other_size(reference, render, line, place, reader)
    return sized or _reworded(line, place, (line.ink,), was, now, f"near x = {left:.0f}")


def _other_size(
    reference: Image, render: Image, line: LaidLine, place: Box, reader: Reader
) -> Finding | None:
    """The same words of a line in another size: over more or fewer rows they are read as what they were."""
    was, now = (_inked_rows(image, place) for image in (reference, render))
    if was is None or now is None:
        return None
    ratio = (now[1] - now[0]) / max(1, was[1] - was[0])
    apart = abs((now[1] - now[0]) - (was[1] - was[0]))
    if abs(ratio - 1) <= _OTHER_HEIGHT or apart < _NOTICEABLE_HEIGHT:
        return None
    here = place._replace(y0=float(was[0]), y1=float(was[1]))
    there = Box(place.x0, float(now[0]), place.x0 + ratio * place.width, float(now[1]))
    if _plain_text(_read(render, there, reader)) != _plain_text(_read(reference, here, reader)):
        return None
    return replace(_resized(line, here, there, ratio), box=place, places=(line.ink, there))


def _inked_rows(image: Image, place: Box) -> tuple[int, int] | None:
    """The rows of a picture over which the letters at a place reach, from the first to behind the last."""
    window = grown(place, 0, _SPREAD * place.height)
    inked = cover(cut(image, window)).max(axis=1, initial=0) > _INKED
    top, middle = max(0, int(np.floor(window.y0))), len(inked) // 2
    if not len(inked) or not inked[middle]:
        return None
    above, below = np.flatnonzero(~inked[:middle]), np.flatnonzero(~inked[middle:])
    first = int(above[-1]) + 1 if len(above) else 0
    return top + first, top + middle + (int(below[0]) if len(below) else len(inked) - middle)


def _words(reference: Image, line: LaidLine, columns: tuple[int, int]) -> tuple[float, float]:
    """From where to where the words reach that some columns of a line and its rims are in."""
    blur = _BLUR * line.size
    first, last = max(0.0, columns[0] - _RIM + blur), min(line.ink.width, columns[1] - _RIM - blur)
    inked = cover(cut(reference, line.ink)).max(axis=0) > _INKED
    ends = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    spaces = [(a, b) for a, b in zip(ends[1::2], ends[2::2], strict=False) if b - a >= _SPACE * line.size]
    start = max((int(b) for a, b in spaces if (a + b) / 2 <= first), default=0)
    end = min((int(a) for a, b in spaces if (a + b) / 2 >= last), default=round(line.ink.width))
    return line.ink.x0 + start, line.ink.x0 + max(end, start + 1)


def _is_suspect(apart: Cover) -> bool:
    """Whether a letter or two stand out from a line that is otherwise the same."""
    out = apart > _SUSPECT
    return bool(out.any() and out.mean() < _SUSPECT_PART and np.median(apart) < _REST)


def _other_face(line: LaidLine, box: Box, near: str = "") -> Finding:
    key = ("face", _style(line))
    places = (line.ink,)  # letters of another width move those after them
    return Finding("style_error", 1, Cause.FACE, text_line(line), box, None, None, near, places, key)


def _recoloured(line: LaidLine, before: Image, after: Image) -> Finding:
    was, now = (css(colour_of(pixels, ground_of(pixels))) for pixels in (before, after))
    key = ("colour", was, now)
    return Finding("style_error", 1, Cause.RECOLOURED, text_line(line), line.ink, was, now, key=key)


def _span(columns: NDArray[np.bool_]) -> tuple[int, int]:
    places = np.flatnonzero(columns)
    return int(places[0]), int(places[-1]) + 1


def _free_around(line: LaidLine, page: Page) -> Box:
    """Where the line may spread without meeting another line of the reference."""
    high = line.ink.height
    box = grown(line.ink, 0.8 * line.ink.width + 8, 0.6 * high)
    for other in page.lines:
        if other is line or overlap(other.ink, box) == 0:
            continue
        if other.ink.y0 < line.ink.y1 and line.ink.y0 < other.ink.y1:
            if other.ink.x0 >= line.ink.x1:
                box = box._replace(x1=min(box.x1, max(line.ink.x1 + 2, other.ink.x0 - 2)))
            elif other.ink.x1 <= line.ink.x0:
                box = box._replace(x0=max(box.x0, min(line.ink.x0 - 2, other.ink.x1 + 2)))
        elif other.ink.y0 >= line.ink.y1:
            box = box._replace(y1=min(box.y1, max(line.ink.y1 + 1, other.ink.y0 - 1)))
        else:
            box = box._replace(y0=max(box.y0, min(line.ink.y0 - 1, other.ink.y1 + 1)))
    return box


def _restyled(line: LaidLine, before: Ink, after: Ink) -> Finding | None:
    """The same letters in another colour, size, weight or place."""
    a, b = before.box, after.box
    ratio = b.width / max(1.0, a.width)
    taller = b.height / max(1.0, a.height)
    across, down = ((b.x0 + b.x1) - (a.x0 + a.x1)) / 2, ((b.y0 + b.y1) - (a.y0 + a.y1)) / 2
    off_width = abs(ratio - 1) > _OTHER_SIZE and abs(b.width - a.x1 + a.x0) > _NOTICEABLE
    off_height = abs(taller - 1) > _OTHER_HEIGHT and abs(b.height - a.y1 + a.y0) >= _NOTICEABLE_HEIGHT
    if off_width or off_height or abs((b.x0 - a.x0) - (b.x1 - a.x1)) > _NOTICEABLE:
        return _resized(line, a, b, ratio)
    if max(abs(across), abs(down)) > _NOTICEABLE:
        return moved("layout_error", text_line(line), line.ink, line.ink.shifted(across, down))
    weights = other_weight(float(before.cover.sum()), float(after.cover.sum()))
    if weights is not None:
        return _reweighed(line, weights)
    if len(before.strips) != len(after.strips):
        aside = "underlined or struck through differently"
        key = ("decoration", _style(line))
        return Finding("style_error", 1, Cause.STYLE, text_line(line), line.ink, aside=aside, key=key)
    if int(distance(before.colour, after.colour)) > _OTHER_COLOUR:
        return _recoloured(line, before.pixels, after.pixels)
    return None


def _reweighed(line: LaidLine, weights: tuple[str, str]) -> Finding:
    key = ("weight", _style(line), weights)
    return Finding("style_error", 1, Cause.WEIGHT, text_line(line), line.ink, *weights, key=key)


def _resized(line: LaidLine, was: Box, now: Box, ratio: float) -> Finding:
    key = ("size", _style(line), round(ratio, 1))
    places, element = (line.ink, now), text_line(line)
    return Finding(
        "style_error", 1, Cause.RESIZED, element, line.ink, tuple(was), tuple(now), places=places, key=key
    )


def _moved(reference: Image, render: Image, line: LaidLine, page: Page) -> Finding | None:
    """The line elsewhere in the render, at a place that holds no such line in the reference."""
    template = cut(reference, grown(line.ink, 1))
    if min(template.shape[:2]) < _LEAST_HEIGHT or template.shape[1] < _LEAST_WIDTH or is_plain(template):
        return None
    x, y, score = find(template, render)
    across, down = x + 1 - line.ink.x0, y + 1 - line.ink.y0
    if score < _FOUND or max(abs(across), abs(down)) <= _MOVED:
        return None
    home = Box(x, y, x + template.shape[1], y + template.shape[0])
    if stretches(cover(cut(reference, home)), cover(template)).max() <= SAME:
        return None  # that is another line like it, which the reference has too
    return moved("layout_error", text_line(line), line.ink, home)


def _read(image: Image, box: Box, reader: Reader) -> str:
    line = reader.text.word(cut(image, grown(box, 4, 3)), 2.0)
    return cleaned(line.text) if line else ""


def _plain_text(text: str) -> str:
    """What is left of a text where case, spaces and look-alikes are no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\s\u00b7.,'`\u2019|\[\](){}_\u00af~\u2014\u2013-]", "", folded)
    return folded.translate(str.maketrans("il!o", "1110"))


def _trimmed(ink: Ink) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    rows, columns = (
        np.nonzero(ink.cover.max(axis=1) > _INKED)[0],
        np.nonzero(ink.cover.max(axis=0) > _INKED)[0],
    )
    return ink.cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _inside(box: Box, image: Image) -> Box:
    height, width = image.shape[:2]
    return Box(
        max(0, int(box.x0)), max(0, int(box.y0)), min(width, int(box.x1) + 1), min(height, int(box.y1) + 1)
    )


def _style(line: LaidLine) -> tuple[str, float]:
    return (line.family.value, line.size)
