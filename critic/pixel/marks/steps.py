"""Differences between two rows of steps."""

from __future__ import annotations

from critic.pixel.chart_geometry import around
from critic.pixel.chart_view import View
from critic.pixel.claims import FEW, Claim
from critic.pixel.marks.claiming import MOST, MOSTLY, OFF, WIDER, claimed, restyled
from critic.reading.chart.description import Axes, Steps
from critic.types import Box, Cause, Element


def compare_steps(ours: Steps, mate: Steps, view: View) -> list[Claim]:
    """Number and heights of two rows of steps."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    boxes, others = _step_boxes(ours, view.one), _step_boxes(mate, view.other)
    whole = around([*boxes, *others]) if boxes or others else view.one.box
    if len(boxes) != len(others):
        counts = float(len(boxes)), float(len(others))
        return claimed(
            "data_error", 3, Cause.COUNT, element, whole, ink, reference=counts[0], render=counts[1]
        )
    found: list[Claim] = []
    for index, (a, b) in enumerate(zip(boxes, others, strict=True)):
        if (
            max(abs(p - q) for p, q in zip(a, b, strict=True)) < OFF
            or view.seen(box := around([a, b])) <= FEW
        ):
            continue
        step = Element(kind="step", index=(index,), of=element)
        values = ours.values[index], mate.values[index]
        found += claimed(
            "data_error", 2, Cause.VALUE, step, box, box, reference=values[0], render=values[1], margin=3
        ) or claimed("data_error", 2, Cause.RESIZED, step, box, box, reference=a, render=b, margin=3)
    if len(found) > MOST and len(found) >= MOSTLY * len(boxes):
        aside = f"{len(found)} steps, such as {found[0].finding.description}"
        return claimed("data_error", 3, Cause.VALUE, element, whole, ink, aside=aside)
    if not found and not ours.filled and abs(ours.width - mate.width) > WIDER:
        return restyled(Cause.WEIGHT, element, whole, ink, ours.width, mate.width)
    return found


def _step_boxes(steps: Steps, axes: Axes) -> list[Box]:
    """The pixels below each step."""
    bases = steps.bases or (0.0,) * len(steps.values)
    spans = zip(steps.edges[:-1], steps.edges[1:], bases, steps.values, strict=True)
    return [axes.plane.around((left, right), (base, value)) for left, right, base, value in spans]
