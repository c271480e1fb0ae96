"""The styles within a line: links, bold and slanted words, underlines and strike-throughs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from critic.reading.page import metrics
from critic.reading.page.colours import PageColour, css, distance
from critic.reading.page.fit import Fit
from critic.reading.page.ink import Ink, Strip, colour_of
from critic.reading.page.types import Decoration, Span
from critic.reading.page.weights import stroke

_OTHER_COLOUR = 40
_SLANT = 0.2
_LEANING = 0.74
"""Upright words lose more than this of their sharpness when leant back, slanted ones less."""
_RATHER = 1.3
"""Times as sharp as leant on that slanted words are when leant back.

15 upright words at 12 to 24 px in seven faces reach 1.16; slanted ones have 1.4 to 1.7 in the middle.
"""
_DIAGONAL = frozenset("vwxyzkAKMNVWXYZ47/")
"""Letters whose own strokes lean: they do not tell whether a word does."""

_STRONGEST = 1.15
_CLEARLY = 0.2
"""How far past the middle between two weights a word's ink lies that is of another weight than its line."""
_HEAVIER, _LEAST_RUN = 1.28, 3
"""Times as thick as others the strokes of bold words are, and letters and digits of such a run."""
_TOUCHED, _HALF = 0.2, 0.5
"""Cover from which a pixel is inked at all, and from which mostly: its colour is the ink's then."""

_LEAST_INK = 4
"""Pixels of full ink below which a word's style cannot be measured."""

_TO_WEIGH, _TO_LEAN = 2, 3
"""Letters and digits that a word needs for its weight, and its slant, to be told."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: int
    right: int
    colour: PageColour
    stroke: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    decoration: Decoration = "none"


def find_spans(text: str, ink: Ink, fit: Fit, baseline: float) -> tuple[Span, ...]:
    """The line cut where its style changes."""
    words = [_measured(word, ink, fit, baseline) for word in _words(text, ink, fit)]
    words = _agreed(_weighed(words), ink, fit)
    spans: list[Span] = []
    for word in words:
        style = Span(
            text=word.text,
            colour=css(word.colour),
            bold=bool(word.bold),
            italic=bool(word.italic),
            decoration=word.decoration,
        )
        if spans and spans[-1].model_copy(update={"text": word.text}) == style:
            spans[-1] = spans[-1].model_copy(update={"text": f"{spans[-1].text} {word.text}"})
        else:
            if spans:
                spans[-1] = spans[-1].model_copy(update={"text": spans[-1].text + " "})
            spans.append(style)
    return tuple(spans)


def _words(text: str, ink: Ink, fit: Fit) -> list[_Word]:
    """Where each word lies: as the face says, moved to the nearest gap in the ink."""
    places = metrics.starts(text, fit.family, fit.bold)
    gaps = _gaps(ink.cover.max(axis=0) > _TOUCHED, 0.12 * fit.size)
    cuts, words, start = [0], text.split(" "), 0
    origin = fit.x - ink.left
    for word in words[:-1]:
        start += len(word) + 1
        expected = origin + (places[start - 1] + places[start]) / 2 * fit.size + (start - 0.5) * fit.spacing
        near = min(gaps, key=lambda gap: abs(gap - expected), default=expected)
        cuts.append(round(near if abs(near - expected) < 0.6 * fit.size else expected))
    cuts.append(ink.cover.shape[1])
    return [
        _Word(word, left, max(left + 1, right), ink.colour)
        for word, left, right in zip(words, cuts, cuts[1:], strict=False)
    ]


def _gaps(inked: NDArray[np.bool_], least: float) -> list[float]:
    """Middles of the blank stretches."""
    edges = np.flatnonzero(np.diff(np.concatenate(([1], inked.astype(np.int8), [1]))))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [(a + b) / 2 for a, b in pairs if b - a >= least]


def _measured(word: _Word, ink: Ink, fit: Fit, baseline: float) -> _Word:
    cover = ink.cover[:, word.left : word.right]
    solid = cover > _HALF
    decoration = _decoration(word, ink, fit, baseline)
    if solid.sum() < _LEAST_INK:
        return replace(word, decoration=decoration)
    colour = colour_of(ink.pixels[:, word.left : word.right][solid], ink.ground)
    across = bold = None
    if _letters(word) >= _TO_WEIGH:
        whole = _whole(cover, colour, ink)
        across, bold = stroke(whole), _is_bold(word.text, float(whole.sum()), fit)
    upright = sum(c.isalnum() and c not in _DIAGONAL for c in word.text)
    italic = _is_slanted(cover) if upright >= _TO_LEAN else None
    return replace(word, colour=colour, stroke=across, bold=bold, italic=italic, decoration=decoration)


def _whole(cover: NDArray[np.float32], colour: PageColour, ink: Ink) -> NDArray[np.float32]:
    """The cover as a word of this colour has it: less where few words are of a stronger one."""
    own = float(distance(colour, ink.ground)) or 1.0
    usual = min(float(distance(ink.colour, ink.ground)) or 1.0, _STRONGEST * ink.strength)
    return np.asarray(np.clip(cover * (usual / own), 0.0, 1.0), dtype=np.float32)


def _is_bold(text: str, mass: float, fit: Fit) -> bool:
    """Whether a word's ink is nearer to the bold face's than to the regular's."""
    square = fit.size * fit.size
    light = metrics.area(text, fit.family, False) * square
    heavy = metrics.area(text, fit.family, True) * square
    # a line is mostly of one weight: a word differs from it only where its ink says so clearly
    part = 0.5 - _CLEARLY if fit.bold else 0.5 + _CLEARLY
    return mass > float(light ** (1 - part) * heavy**part)


def _weighed(words: list[_Word]) -> list[_Word]:
    """The words, with weights only where a run of them has clearly thicker strokes than the others."""
    unknown = [replace(word, bold=None) for word in words]
    known = [(word.stroke, _letters(word)) for word in words if word.stroke is not None]
    if not known:
        return unknown
    least, most = min(known)[0], max(known)[0]
    middle = float(np.sqrt(least * most))
    sorts = [[item for item in known if (item[0] > middle) is heavy] for heavy in (False, True)]
    if not all(sorts) or min(sum(n for _, n in sort) for sort in sorts) < _LEAST_RUN:
        return unknown
    light, heavy = (float(np.average([s for s, _ in sort], weights=[n for _, n in sort])) for sort in sorts)
    if heavy < _HEAVIER * light:
        return unknown
    return [word if _agrees(word, middle) else replace(word, bold=None) for word in words]


def _agrees(word: _Word, middle: float) -> bool:
    """Whether a word's strokes say of its weight what its ink as a whole does."""
    return word.stroke is not None and word.bold is (word.stroke > middle)


def _letters(word: _Word) -> int:
    return sum(c.isalnum() for c in word.text)


def _is_slanted(cover: NDArray[np.float32]) -> bool:
    """Whether leaning the letters back makes their stems stand out, and leaning them on does not.

    Neither tells alone: of a W both sides lean, an f hangs over on one.
    """
    back = _sharpness(_sheared(cover))
    return back > _LEANING * _sharpness(cover) and back > _RATHER * _sharpness(_sheared(cover[:, ::-1]))


def _sheared(cover: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = cover.shape
    lean = int(np.ceil(height * _SLANT))
    out = np.zeros((height, width + lean), dtype=np.float32)
    for row in range(height):
        shift = row * _SLANT
        whole, part = int(shift), shift - int(shift)
        out[row, whole : whole + width] += (1 - part) * cover[row]
        if part and whole + 1 + width <= out.shape[1]:
            out[row, whole + 1 : whole + 1 + width] += part * cover[row]
    return out


def _sharpness(cover: NDArray[np.float32]) -> float:
    columns = cover.sum(axis=0)
    return float((np.diff(columns) ** 2).sum())


def _decoration(word: _Word, ink: Ink, fit: Fit, baseline: float) -> Decoration:
    left, right = ink.left + word.left, ink.left + word.right
    for strip in ink.strips:
        covered = min(right, strip.right) - max(left, strip.left)
        if covered >= 0.6 * (right - left - 0.3 * fit.size):
            return _kind(strip, fit, baseline)
    return "none"


def _kind(strip: Strip, fit: Fit, baseline: float) -> Decoration:
    return "underline" if strip.top >= baseline - 0.1 * fit.size else "line-through"


def _agreed(words: list[_Word], ink: Ink, fit: Fit) -> list[_Word]:
    """Words too short to tell follow their neighbours; nearly equal colours become one."""
    main = ink.colour
    settled: list[_Word] = []
    for index, word in enumerate(words):
        known = word.stroke is not None
        before = settled[-1] if settled else None
        colour = word.colour if known and int(distance(word.colour, main)) > _OTHER_COLOUR else main
        if not known and before is not None and before.decoration == word.decoration != "none":
            colour = before.colour
        bold = word.bold if word.bold is not None else fit.bold
        italic = word.italic if word.italic is not None else _is_among_slanted(words, index)
        settled.append(replace(word, colour=colour, bold=bold, italic=italic))
    return settled


def _is_among_slanted(words: list[_Word], index: int) -> bool:
    """Whether the nearest words that can be told, on both sides, are slanted."""
    if not any(letter.isalnum() for letter in words[index].text):
        return False
    before = next((word.italic for word in reversed(words[:index]) if word.italic is not None), None)
    after = next((word.italic for word in words[index + 1 :] if word.italic is not None), None)
    return bool(before) if after is None else bool(after) and before is not False
