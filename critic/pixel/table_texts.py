"""Cells of two tables that say something else, or are drawn with other letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from critic.metrics.teds import normalised
from critic.pixel.page.windows import cover, cut
from critic.pixel.table_alignment import text_likeness
from critic.pixel.table_pairs import CellPair
from critic.pixel.table_places import in_one_face, is_redrawn, realigned, rows_in_other_looks
from critic.pixel.weight import other_weight
from critic.reading import Reader
from critic.reading.table import Cell
from critic.reading.table.rows import is_number
from critic.types import Cause, Discrepancy, Element, Severity, difference
from renderers.types import Image

_OTHER_READING = 0.12
"""Difference of letters as pictures (0..1) from which two readings are of two texts."""

_UNSURE, _TINY = 0.75, 10
"""Score of OCR below which a reading says nothing, and pixels of ink a line up to which letters are tiny."""

_ROOM = 4
"""Pixels round a text in which it is read again."""

_RULES = re.compile(r"^[I|l]\s+|\s+[I|l]$")
"""What a rule at the rim of a cell is read as: a stroke that stands alone before or behind the text."""

_OTHER_TEXT = 0.7
"""Likeness of texts below which no misread letters make the one out of the other."""

_LEAST_LETTERS = 8
"""Pixels of ink's height from which letters can be compared as pictures."""

_AMOUNT = re.compile(r"^[-+\u2212(]?\s?\W?\s?\d[\d.,\u2009 ]*\s?(\W|[^\W\d]{1,3})?\)?$")
"""A number with a sign of currency before it or a unit behind it."""

_BELOW = 0.35
"""Heights of a line by which a text's underline reaches below it."""

_NEARLY_SAME = 0.9
"""Likeness of texts above which another reading is a small thing: a letter in ten."""

_ALIKE = str.maketrans(
    {"o": "0", "i": "1", "l": "1", "|": "1", "s": "5", "b": "8", "z": "2", ";": ",", "'": None, '"': None}
)


_CLOSER = (3.0, 4.5)
"""Enlargements at which doubtful texts are read again."""


@dataclass(frozen=True, slots=True)
class Again:
    """Reads texts of both pictures again, at other scales."""

    reference: Image
    render: Image
    reader: Reader

    def agree(self, pair: CellPair) -> bool:
        """Whether some reading of the one text is some reading of the other."""
        mine, theirs = {_plain(pair.reference.text)}, {_plain(pair.render.text)}
        for scale in _CLOSER:  # reading takes its time: no closer than it needs
            for texts, image, cell in (
                (mine, self.reference, pair.reference), (theirs, self.render, pair.render)
            ):  # fmt: skip
                texts |= self._text(image, cell, scale)
                if not mine.isdisjoint(theirs):
                    return True
        return False

    def weight(self, pair: CellPair) -> tuple[Discrepancy, ...]:
        """What says that the same letters are bolder or lighter; nothing where they are other letters."""
        mine, theirs = pair.reference.ink, pair.render.ink
        if mine is None or theirs is None:
            return ()
        inks = (cover(cut(self.reference, mine)), cover(cut(self.render, theirs)))
        weights = other_weight(*(float(ink.sum()) for ink in inks))
        if weights is None:
            return ()
        found = difference(
            "layout_error", 1, Cause.WEIGHT, cell_of(pair), mine, reference=weights[0], render=weights[1]
        )
        return () if found is None else (found.model_copy(update={"places": (mine, theirs)}),)

    def _text(self, image: Image, cell: Cell, scale: float) -> set[str]:
        if cell.ink is None or len(cell.lines) != 1:
            return set()
        x0, y0, x1, y1 = (round(v) for v in cell.ink.grown(_ROOM))
        crop = np.ascontiguousarray(image[max(0, y0) : y1, max(0, x0) : x1])
        line = self.reader.text.word(crop, scale) if crop.size else None
        return {_plain(line.text)} if line else set()


def texts_of(
    pairs: list[CellPair], again: Again, *, in_place: bool
) -> Iterable[tuple[CellPair, Discrepancy]]:
    """Cells that say something else, or are drawn with other letters."""
    same_face = in_one_face(pairs)
    restyled, aligned = rows_in_other_looks(pairs), realigned(pairs)
    for pair in pairs:
        if not pair.equal:
            if _is_real(pair, same_face) and (same_face or not again.agree(pair)):
                yield from ((pair, item) for item in _other_text(pair))
        elif pair.row in restyled or pair.column in aligned:
            continue
        elif in_place and same_face and is_redrawn(pair) and _steady(pair):
            yield from ((pair, item) for item in again.weight(pair) or _other_letters(pair))


def cell_of(pair: CellPair) -> Element:
    """What a discrepancy calls a cell."""
    return Element(kind="cell", index=(pair.row, pair.column))


def _is_real(pair: CellPair, same_face: bool) -> bool:
    """Whether two different readings are two different texts and not one text read in two ways."""
    mine, theirs = pair.reference, pair.render
    if not mine.ink or not theirs.ink:
        return True
    if same_face and mine.bold == theirs.bold:
        return pair.difference >= _OTHER_READING
    if _plain(mine.text) == _plain(theirs.text):
        return False
    if min(mine.score, theirs.score) < _UNSURE:
        return False
    # Letters of a few pixels in another face are read a little differently each time.
    return _is_numeric(pair) or mine.ink.height > _TINY * len(mine.lines) or _likeness(pair) < _OTHER_TEXT


def _plain(text: str) -> str:
    """A text with the letters that OCR takes for one another made one, and without the rules beside it."""
    return normalised(_RULES.sub("", text)).lower().translate(_ALIKE)


def _steady(pair: CellPair) -> bool:
    """Whether both texts have one line and enough pixels for their letters to be compared."""
    if len(pair.reference.lines) != 1 or len(pair.render.lines) != 1 or not pair.reference.ink:
        return False
    return pair.reference.ink.height >= _LEAST_LETTERS and any(c.isalnum() for c in pair.reference.text)


def _likeness(pair: CellPair) -> float:
    return text_likeness(normalised(pair.reference.text), normalised(pair.render.text))


def _is_numeric(pair: CellPair) -> bool:
    texts = [text for text in (pair.reference.text, pair.render.text) if text]
    return any(is_number(text) or _AMOUNT.match(text) for text in texts) or (
        all(any(c.isdigit() for c in text) for text in texts) and _only_digits_differ(pair)
    )


def _only_digits_differ(pair: CellPair) -> bool:
    mine, theirs = (
        "".join(c for c in normalised(cell.text) if not c.isdigit()) for cell in (pair.reference, pair.render)
    )
    return mine == theirs


def _other_text(pair: CellPair) -> Iterable[Discrepancy]:
    numeric = _is_numeric(pair)
    severity: Severity = 3 if numeric else 2
    if not numeric and _likeness(pair) > _NEARLY_SAME:
        severity = 1
    return _redrawn(pair, severity, numeric=numeric, render=pair.render.text)


def _other_letters(pair: CellPair) -> Iterable[Discrepancy]:
    """Both read the same, but the letters look different."""
    numeric = is_number(pair.reference.text)
    return _redrawn(pair, 2 if numeric else 1, numeric=numeric, render=None)


def _redrawn(
    pair: CellPair, severity: Severity, *, numeric: bool, render: str | None
) -> Iterable[Discrepancy]:
    found = difference(
        "numeric_error" if numeric else "text_error",
        severity,
        Cause.TEXT,
        cell_of(pair),
        pair.reference.ink or pair.reference.box,
        reference=pair.reference.text,
        render=render,
    )
    inks = (box for box in (pair.reference.ink, pair.render.ink) if box)
    places = tuple(box.grown(0, _BELOW * box.height / len(pair.reference.lines or "1")) for box in inks)
    return () if found is None else (found.model_copy(update={"places": places}),)
