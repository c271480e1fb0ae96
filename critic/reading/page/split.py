"""OCR lines cut where the pixels show more than one: menus, table rows, an icon before a word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from critic.reading.page.fit import Fit, fits
from critic.reading.page.ink import Ink, find_ink
from critic.reading.page.types import FIXED
from critic.types import Box
from renderers.types import Image

Piece = tuple[str, Ink, list[Fit]]
"""A text, its ink, and the faces it may be set in."""

_WIDE_GAP = 0.5
"""Blank columns, as a part of the ink's height, that words of one line rarely leave."""

_GAIN = 0.025
_FIXED_PITCH = 0.5
"""Agreement above which a line is in the fixed-pitch face that fits it best."""

_TOUCHED = 0.2
"""Cover from which a pixel is inked at all."""

_LEAST_ENTRIES = 2
"""Pieces of a line that make a menu."""


def split(image: Image, region: Box, text: str) -> list[Piece]:
    """The line as one piece, or as those whose letters agree better with the ink."""
    ink = find_ink(image, region, len(text))
    if ink is None:
        return []
    fitted = fits(text, ink)
    whole: list[Piece] = [(text, ink, fitted)]
    gap = _widest_gap(ink)
    if gap is None or (_is_even(fitted[0]) and gap[1] - gap[0] < 2 * _height(ink)):
        return whole
    best, most = whole, fitted[0].score + _GAIN
    for left_text, right_text in _cuts(text, gap, ink):
        pieces = _tried(image, ink, gap, left_text, right_text)
        if pieces and (score := _score(pieces, text)) > most:
            best, most = pieces, score
    pieces = _menu(image, ink, text, gap[1] - gap[0])
    if pieces and _score(pieces, text) > most:
        best = pieces
    if best is whole:
        return whole
    return [part for piece_text, piece_ink, _ in best for part in split(image, piece_ink.region, piece_text)]


def _height(ink: Ink) -> float:
    return ink.box.height


def _is_even(fit: Fit) -> bool:
    """Whether the letters are so evenly spaced that wide gaps are usual."""
    return fit.family in FIXED and fit.score > _FIXED_PITCH and not fit.spacing


def _gaps(ink: Ink) -> list[tuple[int, int]]:
    """Blank columns between inked ones: first, and first after."""
    columns = np.flatnonzero((ink.cover > _TOUCHED).any(axis=0))
    return [(int(a) + 1, int(b)) for a, b in pairwise(columns) if b - a > 1]


def _widest_gap(ink: Ink) -> tuple[int, int] | None:
    widest = max(_gaps(ink), key=lambda gap: gap[1] - gap[0], default=None)
    if widest is None or widest[1] - widest[0] < _WIDE_GAP * _height(ink):
        return None
    return widest


def _cuts(text: str, gap: tuple[int, int], ink: Ink) -> Iterator[tuple[str, str]]:
    """Texts left and right of the gap: none, all, or as the widths suggest."""
    yield "", text
    yield text, ""
    words = text.split(" ")
    share = (gap[0] - (ink.box.x0 - ink.left)) / max(1.0, ink.box.width)
    nearest = sorted(range(1, len(words)), key=lambda k: abs(len(" ".join(words[:k])) / len(text) - share))
    for count in nearest[:3]:
        yield " ".join(words[:count]), " ".join(words[count:])


def _tried(image: Image, ink: Ink, gap: tuple[int, int], left_text: str, right_text: str) -> list[Piece]:
    around = ink.region
    margin = min(3, (gap[1] - gap[0]) // 2)
    sides = (
        (left_text, around._replace(x1=ink.left + gap[0] + margin)),
        (right_text, around._replace(x0=ink.left + gap[1] - margin)),
    )
    pieces = []
    for text, side in sides:
        part = find_ink(image, side, len(text)) if text else None
        if part is not None:
            pieces.append((text, part, fits(text, part)))
    return pieces if len(pieces) == bool(left_text) + bool(right_text) else []


def _menu(image: Image, ink: Ink, text: str, widest: int) -> list[Piece]:
    """The line cut at every gap about as wide as the widest: entries of a menu, cells of a row."""
    gaps = [gap for gap in _gaps(ink) if gap[1] - gap[0] >= max(0.7 * widest, _WIDE_GAP * _height(ink))]
    words = text.split(" ")
    if not _LEAST_ENTRIES <= len(gaps) + 1 <= len(words):
        return []
    around = ink.region
    margin = min(3, widest // 3)
    starts = [around.x0, *(ink.left + gap[1] - margin for gap in gaps)]
    stops = [*(ink.left + gap[0] + margin for gap in gaps), around.x1]
    pieces = []
    for start, stop, part in zip(starts, stops, _dealt(words, gaps, ink), strict=True):
        found = find_ink(image, around._replace(x0=start, x1=stop), len(part)) if part else None
        if found is None:
            return []
        pieces.append((part, found, fits(part, found)))
    return pieces


def _dealt(words: list[str], gaps: list[tuple[int, int]], ink: Ink) -> list[str]:
    """The words given to the stretches between the gaps, by how much of the line's ink comes before each."""
    blank = sum(stop - start for start, stop in gaps)
    begin = ink.box.x0 - ink.left
    inked = max(1.0, ink.box.width - blank)
    letters = np.cumsum([len(word) + 1 for word in words]) / (sum(len(word) + 1 for word in words))
    passed, counts = 0, [0]
    for index, (start, stop) in enumerate(gaps):
        share = (start - begin - passed) / inked
        passed += stop - start
        near = int(np.abs(letters - share).argmin()) + 1
        counts.append(min(max(near, counts[-1] + 1), len(words) - (len(gaps) - index)))
    counts.append(len(words))
    return [" ".join(words[a:b]) for a, b in pairwise(counts)]


def _score(pieces: list[Piece], text: str) -> float:
    """Agreement, each piece by its letters; leaving ink unread costs a little."""
    letters = sum(len(piece[0]) for piece in pieces)
    return sum(piece[2][0].score * len(piece[0]) for piece in pieces) / letters - 0.03 * (len(pieces) == 1)
