"""What a check found, before equal findings are gathered into one discrepancy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from critic.types import Box, Cause, Discrepancy, Element, Severity, Value


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference at one place.

    Attributes:
        category: Its category.
        severity: How bad it is.
        location: Where, in words.
        description: What, in words.
        box: Where, in the reference's pixels.
        key: Findings of one key are one discrepancy; None stands alone.
        cause: What is the matter: what a revision acts on.
        element: With what.
        values: What was measured in the reference and in the render.
    """

    category: str
    severity: Severity
    location: str
    description: str
    box: Box
    key: Hashable | None = None
    cause: Cause | None = None
    element: Element | None = None
    values: tuple[Value, Value] | None = None


def gathered(findings: list[Finding]) -> list[Discrepancy]:
    """Discrepancies: those of one key as one, in the order of first sight."""
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for index, finding in enumerate(findings):
        groups[finding.key if finding.key is not None else ("alone", index)].append(finding)
    return [_joined(group) for group in groups.values()]


def _joined(group: list[Finding]) -> Discrepancy:
    first = group[0]
    more = f" (and {len(group) - 1} more like it)" if len(group) > 1 else ""
    return Discrepancy(
        category=first.category,
        severity=max(finding.severity for finding in group),
        location=first.location + more,
        description=first.description,
        box=around([finding.box for finding in group]),
        places=tuple(finding.box for finding in group) if len(group) > 1 else (),
        cause=first.cause,
        element=first.element,
        reference=first.values[0] if first.values else None,
        render=first.values[1] if first.values else None,
    )


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
    return max(0.0, box.x1 - box.x0) * max(0.0, box.y1 - box.y0)


def place(box: Box) -> str:
    """A box in words."""
    return f"at {box.x0:.0f},{box.y0:.0f}, {box.x1 - box.x0:.0f} x {box.y1 - box.y0:.0f} px"
