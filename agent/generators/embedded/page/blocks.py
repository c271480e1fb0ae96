"""Lines of one style and one pitch become paragraphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from agent.generators.embedded.page.fonts import line_height
from critic.reading.page import Family, LaidLine

_SIDEWAYS = 0.6
_AFTER_MARKER = 3.0
"""CSS px by which lines of a list entry may stand off its first, which is set to the edge of the list."""
_PITCHES = (0.9, 2.2)
"""How far apart lines of one paragraph may be, in font sizes."""
_SAME_PITCH = 0.5
"""CSS px by which the distances of a text's lines may differ: baselines are measured to half a pixel each."""
_FULL_LETTERS = 40
"""Letters of a line from which it is broken for want of room, whatever comes next: menus are shorter."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the lines of a block share; equal styles share a class."""

    family: Family
    size: float
    spacing: float
    bold: bool
    italic: bool
    colour: str


@dataclass(frozen=True, slots=True)
class Block:
    """One or more lines set as one element."""

    lines: tuple[LaidLine, ...]
    style: Style
    pitch: float
    x: float


def style_of(line: LaidLine) -> Style:
    """The style of most of a line's letters."""
    weights: Counter[tuple[bool, bool, str]] = Counter()
    for span in line.spans:
        if span.decoration == "none" or len(line.spans) == 1:
            weights[(span.bold, span.italic, span.colour)] += len(span.text)
    if not weights:
        weights.update((span.bold, span.italic, span.colour) for span in line.spans)
    (bold, italic, colour), _ = weights.most_common(1)[0]
    return Style(line.family, line.size, line.spacing, bold, italic, colour)


def blocks_of(lines: tuple[LaidLine, ...]) -> list[Block]:
    """The lines in reading order, those that make a paragraph together."""
    groups: list[list[LaidLine]] = []
    for line in sorted(lines, key=lambda line: (line.baseline, line.x)):
        home = next((group for group in reversed(groups) if _continues(group, line)), None)
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return [_block(group) for group in groups]


def _continues(group: list[LaidLine], line: LaidLine) -> bool:
    last = group[-1]
    pitch = line.baseline - last.baseline
    if (
        line.marker
        or abs(line.x - group[0].x) > (_AFTER_MARKER if group[0].marker else _SIDEWAYS)
        or style_of(line) != style_of(last)
    ):
        return False
    if not _PITCHES[0] * line.size <= pitch <= _PITCHES[1] * line.size:
        return False
    if len(group) == 1:
        # Items of a list or a menu stand further apart than lines of a text, and are short.
        return pitch <= 1.75 * line.size and _is_full(last, line)
    return abs(pitch - (last.baseline - group[0].baseline) / (len(group) - 1)) <= _SAME_PITCH and _is_full(
        last, line
    )


def _is_full(last: LaidLine, line: LaidLine) -> bool:
    """Whether ``last`` looks broken for want of room: the next line's first word would not have fitted."""
    first_word = len(line.text.split(" ")[0])
    letter = last.ink.width / max(1, len(last.text))
    fixed = line.family in (Family.MONO, Family.COURIER)
    return fixed or last.ink.x1 + (first_word + 3) * letter >= line.ink.x1 or len(last.text) > _FULL_LETTERS


def _block(group: list[LaidLine]) -> Block:
    style = style_of(group[0])
    if len(group) == 1:
        pitch = float(line_height(style.family, style.size))
    else:
        pitch = round((group[-1].baseline - group[0].baseline) / (len(group) - 1), 2)
    return Block(tuple(group), style, pitch, round(float(np.median([line.x for line in group])), 2))
