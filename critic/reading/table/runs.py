"""Parts of a cell's text that are set in different ways: a smaller line, a bold word, a piece of code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from critic.reading.ocr import TextReader
from critic.reading.table import look
from critic.reading.table.colours import distance
from critic.reading.table.description import Chip, Rgb, Run
from critic.reading.table.sizes import OTHER_SIZE, em_of, tells
from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, merge, reread
from critic.types import Box

_OTHER_INK = 60
"""Channel levels from which two lines differ in colour: grey notes under dark names were 90 apart."""

_HEAVIER = 1.3
"""Ratio of weights from which one part is bold beside another: Arial in bold has 1.43 to 1.5."""

_INK = 60
"""Channel levels from its ground from which a row of pixels has ink of a text."""

_TWO = 2
"""Parts from which they can differ."""

_SPACE = 0.22
"""Heights of a line's ink from which a gap is a space between words: it was 0.23 after a full stop in a
serif face, 13 px high."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line before it is known how it differs from the rest.

    Attributes:
        line: Which line it is in, from 0.
        fragment: Its text and place.
        em: The font size of its line, in pixels.
        chip: The fill behind it.
    """

    line: int
    fragment: Fragment
    em: float
    chip: Chip | None = None


def pieces_of(surface: Surface, reader: TextReader, lines: Sequence[Sequence[Fragment]]) -> list[Piece]:
    """The lines of a cell, cut where chips begin and end.

    Args:
        surface: The picture.
        reader: Reads the parts of a line that is cut.
        lines: The fragments of each line, left to right.
    """
    return [
        piece
        for number, line in enumerate(lines)
        for fragment in line
        for piece in _cut_at_chips(surface, reader, number, fragment)
    ]


def runs_of(surface: Surface, pieces: Sequence[Piece], ground: Rgb) -> tuple[Run, ...]:
    """The runs of a cell; none where all of its text is set alike.

    Args:
        surface: The picture.
        pieces: The parts of its lines.
        ground: The colour of the cell.
    """
    words = [word for piece in pieces for word in _by_weight(surface, piece)]
    if len(words) < _TWO:
        return ()
    looks = [_look(surface, word, ground) for word in words]
    plain = min((item.stroke for item in looks if item.stroke), default=0.0)
    looks = [replace(item, bold=item.stroke > _HEAVIER * plain > 0) for item in looks]
    joined = _joined(words, looks)
    if len(joined) < _TWO or all(_alike(joined[0][1], item) for _, item in joined[1:]):
        return ()
    spaced = [True, *(_is_spaced(a, b) for (a, _), (b, _) in pairwise(joined))]
    return tuple(
        Run(
            line=piece.line,
            text=piece.fragment.text,
            ink=_tight(surface, piece.fragment.box),
            bold=item.bold,
            colour=item.colour,
            chip=piece.chip,
            spaced=space,
        )
        for (piece, item), space in zip(joined, spaced, strict=True)
    )


def _tight(surface: Surface, box: Box) -> Box:
    """A part's own ink, where its box is as high as its line."""
    ink = np.where(surface.line_mask[box.pixels], 0, surface.contrast[box.pixels]) > _INK
    rows = np.where(ink.any(axis=1))[0]
    return box._replace(y0=box.y0 + float(rows[0]), y1=box.y0 + float(rows[-1]) + 1) if len(rows) else box


def _is_spaced(first: Piece, second: Piece) -> bool:
    """Whether a space lies between two parts, or the end of a line."""
    end = first.chip.box.x1 if first.chip else first.fragment.box.x1
    start = second.chip.box.x0 if second.chip else second.fragment.box.x0
    return first.line != second.line or start - end >= _SPACE * first.fragment.height


def told_apart(runs: Sequence[Run], bold: bool) -> tuple[Run, ...]:
    """The runs with the weight that they have where the table says that of the first: the heavier is bold."""
    if len({run.bold for run in runs}) > 1:
        return tuple(runs)
    return tuple(run.model_copy(update={"bold": bold}) for run in runs)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a part is set: its size in pixels and its stroke as a share of that, 0 where it does not tell."""

    chip: Chip | None
    colour: Rgb
    size: float
    stroke: float
    bold: bool = False


def _look(surface: Surface, piece: Piece, ground: Rgb) -> _Look:
    behind = piece.chip.colour if piece.chip else ground
    colour = look.text_colour(surface, piece.fragment.box, behind)
    return _Look(piece.chip, colour, piece.em if tells(piece.fragment.text) else 0.0, _weight(surface, piece))


def _weight(surface: Surface, piece: Piece) -> float:
    """Thickness of the strokes as a share of the size; 0 where the text does not tell."""
    if not tells(piece.fragment.text):
        return 0.0
    return look.weight(surface, piece.fragment.box, piece.em)


def _alike(first: _Look, second: _Look) -> bool:
    """Whether two parts are set in one way, as far as both tell."""
    if (first.chip is None) != (second.chip is None) or first.bold != second.bold:
        return False
    sizes = sorted((first.size, second.size))
    other_size = sizes[0] > 0 and sizes[1] > OTHER_SIZE * sizes[0]
    return not other_size and distance(first.colour, second.colour) < _OTHER_INK


def _joined(words: Sequence[Piece], looks: Sequence[_Look]) -> list[tuple[Piece, _Look]]:
    """Neighbours on one line that are set alike, as one."""
    joined = [(words[0], looks[0])]
    for word, item in zip(words[1:], looks[1:], strict=True):
        last, before = joined[-1]
        if last.line == word.line and last.chip is None and word.chip is None and _alike(before, item):
            joined[-1] = (replace(last, fragment=merge([last.fragment, word.fragment])), before)
        else:
            joined.append((word, item))
    return joined


def _cut_at_chips(surface: Surface, reader: TextReader, line: int, fragment: Fragment) -> list[Piece]:
    """A fragment cut at the edges of the chips behind its words, each part read anew, where all can be."""
    chips = [
        chip
        for chip in surface.chips
        if chip.box.y0 <= fragment.middle <= chip.box.y1
        and any(chip.box.x0 < (a + b) / 2 < chip.box.x1 for a, b in fragment.parts)
    ]
    em = em_of(fragment.text, fragment.height)
    if not chips:
        return [Piece(line, fragment, em)]
    where = [_chip_at(chips, (a + b) / 2) for a, b in fragment.parts]
    if all(chip is where[0] for chip in where):
        return [Piece(line, fragment, em, where[0])]
    starts = [0, *(at for at, (a, b) in enumerate(pairwise(where), 1) if a is not b), len(where)]
    found = []
    for start, end in pairwise(starts):
        parts = fragment.parts[start:end]
        box = fragment.box._replace(x0=parts[0][0], x1=parts[-1][1])
        read = reread(surface, reader, box)
        if read is None or not read[0]:  # then nothing is known better than the line as it was read
            return [Piece(line, fragment, em)]
        found.append(Piece(line, Fragment(*read, box, parts), em, where[start]))
    return found


def _chip_at(chips: Sequence[Chip], x: float) -> Chip | None:
    return next((chip for chip in chips if chip.box.x0 < x < chip.box.x1), None)


def _by_weight(surface: Surface, piece: Piece) -> list[Piece]:
    """A part cut where its words change between bold and plain."""
    words = _words(piece)
    strokes = [_weight(surface, word) for word in words]
    known = [stroke for stroke in strokes if stroke]
    if len(known) < _TWO or max(known) < _HEAVIER * min(known):
        return [piece]
    between = float(np.sqrt(max(known) * min(known)))
    heavy = _settled([stroke > between if stroke else None for stroke in strokes])
    starts = [0, *(at for at, (a, b) in enumerate(pairwise(heavy), 1) if a != b), len(words)]
    cut = [
        replace(piece, fragment=merge([word.fragment for word in words[start:end]]))
        for start, end in pairwise(starts)
    ]
    weights: dict[bool, list[float]] = {True: [], False: []}
    for part, start in zip(cut, starts, strict=False):
        weights[heavy[start]].append(_weight(surface, part))
    told = [[stroke for stroke in weights[weight] if stroke] for weight in (True, False)]
    apart = all(told) and min(told[0]) > _HEAVIER * max(told[1])
    return cut if apart else [piece]


def _settled(heavy: Sequence[bool | None]) -> list[bool]:
    """Weights in which words that tell none have that of the word before."""
    known = next((item for item in heavy if item is not None), False)
    settled: list[bool] = []
    for item in heavy:
        known = known if item is None else item
        settled.append(known)
    return settled


def _words(piece: Piece) -> list[Piece]:
    """The words of a part, each with its own ink; the part whole where its gaps are not its words'."""
    fragment = piece.fragment
    groups = [[fragment.parts[0]]]
    for before, after in pairwise(fragment.parts):
        if after[0] - before[1] >= _SPACE * fragment.height:
            groups.append([])
        groups[-1].append(after)
    texts = fragment.text.split()
    if len(texts) != len(groups):
        return [piece]
    return [
        replace(
            piece,
            fragment=Fragment(
                text, fragment.score, fragment.box._replace(x0=parts[0][0], x1=parts[-1][1]), tuple(parts)
            ),
        )
        for text, parts in zip(texts, groups, strict=True)
    ]
