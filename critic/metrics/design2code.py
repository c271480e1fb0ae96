"""Design2Code's parts (arXiv 2403.03163): block match, text, position, colour of a page's text blocks.

Blocks are lines of text with their boxes and colours, here read from the pixels of both pictures alike.
They are matched one to one by the likeness of their texts (Hungarian method); a pair counts from a half on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from scipy.optimize import linear_sum_assignment

from critic.boxes import Box
from critic.metrics.chartmimic import colour_likeness

_SAME_TEXT = 0.5
"""Likeness of texts from which two blocks are a pair, as in the released code."""

MOST_BLOCKS = 400
"""Of a page; further ones are left out, so that no page takes for ever."""


@dataclass(frozen=True, slots=True)
class Block:
    """A line of text.

    Attributes:
        box: Where, in shares of the picture's sides.
        colour: Of the letters, #rrggbb.
    """

    text: str
    box: Box
    colour: str


def design2code(truth: Sequence[Block], drawn: Sequence[Block]) -> dict[str, float]:
    """Block match, text, position, colour, each 0..1, and their mean; 1 where there are no blocks at all."""
    names = ("page_blocks", "page_text", "page_position", "page_colour")
    truth, drawn = truth[:MOST_BLOCKS], drawn[:MOST_BLOCKS]
    if not truth and not drawn:
        return dict.fromkeys((*names, "page_design2code"), 1.0)
    pairs = _pairs(truth, drawn)
    whole = sum(block.box.area for block in (*truth, *drawn))
    matched = sum(first.box.area + second.box.area for first, second, _ in pairs)
    parts = [matched / whole if whole else 0.0]
    for measure in (
        [likeness for _, _, likeness in pairs],
        [_near(first.box, second.box) for first, second, _ in pairs],
        [colour_likeness(first.colour, second.colour) for first, second, _ in pairs],
    ):
        parts.append(sum(measure) / len(measure) if measure else 0.0)
    return {**dict(zip(names, parts, strict=True)), "page_design2code": sum(parts) / len(parts)}


def _pairs(truth: Sequence[Block], drawn: Sequence[Block]) -> list[tuple[Block, Block, float]]:
    if not truth or not drawn:
        return []
    scores = np.array([[_text(first.text, second.text) for second in drawn] for first in truth])
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return [
        (truth[row], drawn[column], float(scores[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if scores[row, column] >= _SAME_TEXT
    ]


def _text(first: str, second: str) -> float:
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def _near(first: Box, second: Box) -> float:
    """1 minus the greater of the distances of the centres across and down, in shares of the picture."""
    (x, y), (u, v) = first.centre, second.centre
    return max(0.0, 1.0 - max(math.fabs(x - u), math.fabs(y - v)))
