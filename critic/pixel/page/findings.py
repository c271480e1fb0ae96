"""What a check found, before equal findings are gathered into one discrepancy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from critic.reading.page import LaidLine
from critic.types import Box, Cause, Discrepancy, Element, Severity, Value, difference
from renderers.types import Image


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference at one place.

    Attributes:
        category: Its category.
        severity: How bad it is.
        cause: What is the matter: what a revision acts on.
        element: With what.
        box: Where, in the reference's pixels.
        reference: What was measured in the reference.
        render: What was measured in the render.
        aside: What else a person should know; it is in the words alone.
        places: Where it shows, in the render too, if not in the box alone.
        key: Findings of one key are one discrepancy; None stands alone.
    """

    category: str
    severity: Severity
    cause: Cause
    element: Element
    box: Box
    reference: Value | None = None
    render: Value | None = None
    aside: str = ""
    places: tuple[Box, ...] = ()
    key: Hashable | None = None


def gathered(findings: list[Finding]) -> list[Discrepancy]:
    """Discrepancies: those of one key as one, in the order of first sight."""
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for index, finding in enumerate(findings):
        groups[finding.key if finding.key is not None else ("alone", index)].append(finding)
    return [item for item in map(_joined, groups.values()) if item is not None]


def _joined(group: list[Finding]) -> Discrepancy | None:
    """One discrepancy; None where its values are equal as printed."""
    first = group[0]
    more = f"and {len(group) - 1} more like it" if len(group) > 1 else ""
    found = difference(
        first.category,
        max(finding.severity for finding in group),
        first.cause,
        first.element,
        around([finding.box for finding in group]),
        reference=first.reference,
        render=first.render,
        aside="; ".join(filter(None, (first.aside, more))),
    )
    places = tuple(place for finding in group for place in finding.places or (finding.box,))
    return None if found is None else found.model_copy(update={"places": places})


_STEP = 4
"""Pixels within which two things have moved by as much: a paragraph's lines are rounded to the grid."""


def moved(category: str, element: Element, was: Box, now: Box) -> Finding:
    """A thing in another place; those that moved as far are one discrepancy."""
    step = round((now.x0 - was.x0) / _STEP), round((now.y0 - was.y0) / _STEP)
    places, key = (was, now), ("shift", *step)
    return Finding(category, 2, Cause.MOVED, element, was, tuple(was), tuple(now), places=places, key=key)


def around(boxes: list[Box]) -> Box:
    """The smallest box that holds all."""
    return Box(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
    )


def grown(box: Box, across: float, down: float | None = None) -> Box:
    """The box with a margin."""
    down = across if down is None else down
    return Box(box.x0 - across, box.y0 - down, box.x1 + across, box.y1 + down)


def overlap(first: Box, second: Box) -> float:
    """Area that two boxes share."""
    wide = min(first.x1, second.x1) - max(first.x0, second.x0)
    high = min(first.y1, second.y1) - max(first.y0, second.y0)
    return max(0.0, wide) * max(0.0, high)


def area(box: Box) -> float:
    """Pixels of a box."""
    return max(0.0, box.width) * max(0.0, box.height)


def weight_of(box: Box, image: Image) -> Severity:
    """How bad it is that so large a thing is gone or new."""
    return 3 if area(box) > _LARGE * image.shape[0] * image.shape[1] else 2


_LARGE = 0.01
"""Share of a page from which a thing is a block of it."""

_LONGEST, _QUOTED = 60, 57
"""Letters of a line that are quoted at most, and those that are left beside three dots of a longer one."""


def text_line(line: LaidLine) -> Element:
    """A line of text, called by what it says."""
    text = line.text if len(line.text) <= _LONGEST else line.text[:_QUOTED] + "..."
    return Element(kind="text", name=text)
