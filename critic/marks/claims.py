"""Claims of marks on ink: what each would draw is laid over what is there, and the best claim holds.

The measure is a description length. Ink that a claim explains counts for it. What it would draw where there
is none counts against it, and so does each number that its code needs: with enough numbers anything can be
drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from critic.marks.base import Mark
from critic.marks.geometry import Mask
from critic.marks.parts import Legend
from critic.marks.planes import Cartesian
from critic.marks.scales import LinearScale, LogScale
from critic.reading.chart.colours import Colour, far
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from critic.types import Box

COST = 3.0
"""Pixels of ink that each number of a description must explain."""
_INKED = 24
"""Levels from the face at which a pixel shows something."""
_OFF = 7
"""Pixels across the square in which there must be some ink round a pixel that is drawn: marks are laid with a
pixel to spare, and stand on whole pixels."""
_ENOUGH = 0.98
"""Share of the ink from which nothing that is yet to come could be worth clearly more."""


class Layer(NamedTuple):
    """The ink of one colour.

    Attributes:
        colour: Its colour.
        mask: Where it shows, in the plot area.
        number: Layers are counted from the most frequent colour on.
    """

    colour: Colour
    mask: Mask
    number: int


@dataclass(frozen=True)
class Sight:
    """What a mark looks at to make its claims.

    Attributes:
        plot: The plot area.
        layers: The colours in it.
        legends: What names them.
        layer: The colour to be explained now; None where the whole area is.
    """

    plot: Plot
    layers: tuple[Layer, ...]
    legends: tuple[Legend, ...]
    layer: Layer | None = None


@dataclass(frozen=True)
class Claim:
    """Marks that say they are what is drawn.

    Attributes:
        marks: What would be drawn.
        confidence: What the reader knows besides the ink, as a factor of what the claim explains.
        rim: Pixels across the square round its ink that no other colour may claim; 0 where all may.
        rest: The plot area without what is claimed, where that is more than the ink of a layer.
    """

    marks: tuple[Mark, ...]
    confidence: float = 1.0
    rim: int = 0
    rest: Plot | None = None


class Score(NamedTuple):
    """What a claim is worth, in pixels: explained, drawn astray, and the cost of its numbers."""

    explained: float
    astray: float
    cost: float

    @property
    def total(self) -> float:
        """The gain."""
        return self.explained - self.astray - self.cost


def scored(claim: Claim, plot: Plot, explained: Mask) -> Score:
    """The worth of a claim on the ink that is to be explained."""
    plane = plane_of(plot)
    high, wide = plot.pixels.shape[:2]
    inks = [mark.ink(plane, (high, wide)) for mark in claim.marks]
    drawn = np.logical_or.reduce(inks)
    gaps = sum((1 - mark.coverage) * float(ink.sum()) for mark, ink in zip(claim.marks, inks, strict=True))
    near = cv2.dilate(_inked(plot).astype(np.uint8), np.ones((_OFF, _OFF), np.uint8)).astype(bool)
    return Score(
        claim.confidence * float((explained & drawn).sum()),
        max(0.0, float((drawn & ~near).sum()) - gaps),
        COST * sum(mark.numbers for mark in claim.marks),
    )


def settled(claims: Iterable[Claim], plot: Plot, ink: Mask) -> Claim | None:
    """The claim that is worth the most; None where each would draw more astray than it explains.

    Args:
        claims: Taken one by one, as long as one that is yet to come could be worth clearly more.
        plot: Where they are made.
        ink: What is to be explained.
    """
    top, most = None, float("-inf")
    enough = _ENOUGH * float(ink.sum())
    for claim in claims:
        worth = scored(claim, plot, ink)
        if worth.total > most and worth.explained > worth.astray:
            top, most = claim, worth.total
        if most >= enough:
            break
    return top


def _inked(plot: Plot) -> Mask:
    return np.asarray(far(plot.pixels, plot.face, _INKED) | plot.hidden)


def plane_of(plot: Plot) -> Cartesian:
    """Where values lie in the pixels of a plot area."""
    high, wide = plot.pixels.shape[:2]
    # A drawing at an edge between two pixels has the larger one's number.
    left, top = plot.left + 0.5, plot.top + 0.5
    ends = ((plot.x, left, left + wide), (plot.y, top + high, top))
    x, y = (_scale(mapping, start, end) for mapping, start, end in ends)
    return Cartesian(Box(0.0, 0.0, float(wide), float(high)), x, y)


def _scale(mapping: Mapping, start: float, end: float) -> LinearScale | LogScale:
    kind = LogScale if mapping.log else LinearScale
    return kind(low=mapping.value(start), high=mapping.value(end))
