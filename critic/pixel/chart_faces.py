"""Whether a chart is set in another typeface: said once of its texts, not of each that has other glyphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from critic.pixel.chart_pixels import glyphs_differ
from critic.pixel.chart_texts import FEW, other_length, other_size, paired_texts, plain, union
from critic.pixel.claims import Claim, Rank
from critic.pixel.ledger import Ledger
from critic.reading.chart.description import Axes, Chart, Scale
from critic.types import Box, Cause, Discrepancy, Element, difference
from renderers.types import Image

_VOTERS = 3
"""Texts that read alike from which a vote says something: of two, one may be misread alike."""
_MOST = 0.5
"""Share of them above which other glyphs are another typeface's. A misreading that both pictures share, such
as ``''`` for ``II``, is one in tens."""

_Pair = tuple[Box, Box]
"""Where a text stands that reads the same in both: in the reference, in the render."""


def compare_faces(
    reference: Chart,
    render: Chart,
    axes: Sequence[tuple[Axes, Axes]],
    images: tuple[Image, Image],
    ledger: Ledger[Discrepancy],
) -> tuple[Discrepancy | None, list[Claim]]:
    """Whether most texts that read alike have other glyphs.

    Args:
        reference: The chart.
        render: Its render.
        axes: Axes of the reference with their mates.
        images: The pictures, of one size.
        ledger: What visibly differs.

    Returns:
        The finding if so, and its claims on tick labels; other texts are claimed where they are compared.
    """
    texts, ticks = list(_texts(reference, render)), list(_tick_labels(axes))
    if not any(ledger.seen(union(*pair), 1) > FEW for pair in (*texts, *ticks)):
        return None, []
    redrawn = [pair for pair in (*texts, *ticks) if _redrawn(pair, images)]
    if len(texts) + len(ticks) < _VOTERS or len(redrawn) <= _MOST * (len(texts) + len(ticks)):
        return None, []
    around = reduce(union, (union(*pair) for pair in redrawn))
    said = difference("style_error", 1, Cause.FACE, Element(kind="lettering"), around)
    if said is None:
        return None, []
    return said, [Claim(said, Rank.TICKS, union(*pair), 1, least=FEW) for pair in ticks if pair in redrawn]


def _texts(reference: Chart, render: Chart) -> Iterator[_Pair]:
    for item, mate in paired_texts(reference, render)[0]:
        one, other = item.text, mate.text
        if plain(one.text) == plain(other.text) and not other_size(one, other):
            yield one.box, other.box


def _tick_labels(axes: Sequence[tuple[Axes, Axes]]) -> Iterator[_Pair]:
    for ours, theirs in axes:
        for one, other in ((ours.x, theirs.x), (ours.y, theirs.y)):
            yield from _of_scale(one, other)


def _of_scale(ours: Scale, theirs: Scale) -> Iterator[_Pair]:
    others = {plain(tick.label): tick.box for tick in theirs.ticks}
    for tick in ours.ticks:
        mate = others.get(plain(tick.label))
        if tick.box is not None and mate is not None:
            yield tick.box, mate


def _redrawn(pair: _Pair, images: tuple[Image, Image]) -> bool:
    """Whether a text is longer or has other glyphs, though it shows in few pixels."""
    one, other = (max(box.width, box.height) for box in pair)
    return other_length(one, other) or glyphs_differ(*images, *pair)
