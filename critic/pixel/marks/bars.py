"""Differences between two groups of bars, bar by bar."""

from __future__ import annotations

from critic.pixel.chart_geometry import around, bar_box
from critic.pixel.chart_view import View
from critic.pixel.claims import FEW, Claim
from critic.pixel.ledger import Mask
from critic.pixel.marks.claiming import MOST, MOSTLY, OFF, claimed
from critic.reading.chart.description import Bars
from critic.types import Box, Cause, Element

_BAR_APART = 5
"""Pixels up to which the middles of two bars are those of one bar; the thinnest bars are 6 apart."""


def compare_bars(ours: Bars, mate: Bars, view: View) -> list[Claim]:
    """Bar by bar, paired by position; the render's extra and missing ones too."""
    group = view.mark(ours)
    found: list[Claim] = []
    lost = 0
    left = set(range(len(mate.values)))
    along = 1 if ours.horizontal else 0
    for index in range(len(ours.values)):
        a = bar_box(ours, view.one, index)
        beside = [
            i
            for i in left
            if abs(_middle(a, along) - _middle(bar_box(mate, view.other, i), along)) < _BAR_APART
        ]
        pick = min(beside, key=lambda i: abs(mate.bases[i] - ours.bases[index]), default=None)
        bar = Element(kind="bar", index=(index,), of=group)
        if pick is None:
            said = claimed("data_error", 3, Cause.MISSING, bar, a, a, margin=3, reference=ours.values[index])
            lost += any(view.seen(a) > FEW for _ in said)
        else:
            left.discard(pick)
            said = _bar_pair(bar, ours, index, mate, pick, view)
        found += [claim for claim in said if view.seen(claim.region) > FEW]
    for index in left:
        box = bar_box(mate, view.other, index)
        bar = Element(kind="bar", name=f"at {mate.positions[index]:g}", of=group)
        if view.seen(box) > 2 * FEW:
            found += claimed("data_error", 2, Cause.EXTRA, bar, box, box, margin=3)
    if len(found) <= MOST or len(found) < MOSTLY * len(ours.values):
        return found
    return _together(found, group, view.ink((ours, view.one), (mate, view.other)), lost, ours, mate)


def _bar_pair(bar: Element, ours: Bars, index: int, mate: Bars, pick: int, view: View) -> list[Claim]:
    a, b = bar_box(ours, view.one, index), bar_box(mate, view.other, pick)
    if max(abs(p - q) for p, q in zip(a, b, strict=True)) < OFF:
        return []
    box = around([a, b])
    pairs = (
        (Cause.VALUE, bar, ours.values[index], mate.values[pick]),
        (Cause.VALUE, Element(kind="foot", of=bar), ours.bases[index], mate.bases[pick]),
        (Cause.RESIZED, bar, a, b),
    )
    for cause, element, reference, render in pairs:
        said = claimed(
            "data_error", 2, cause, element, box, box, reference=reference, render=render, margin=3
        )
        if said:
            return said
    return []


def _together(
    found: list[Claim], group: Element, ink: Mask, lost: int, ours: Bars, mate: Bars
) -> list[Claim]:
    """Most bars of a group as one finding: so many are lost, or all have other values."""
    box = around([claim.finding.box for claim in found if claim.finding.box])
    if lost >= MOSTLY * len(ours.values):
        counts = float(len(ours.values)), float(len(mate.values))
        return claimed(
            "structure_error", 3, Cause.COUNT, group, box, ink, reference=counts[0], render=counts[1]
        )
    example = found[0].finding
    aside = f"{len(found)} bars, such as {example.description}"
    return claimed("data_error", 3, Cause.VALUE, group, box, ink, aside=aside)


def _middle(box: Box, axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2
