"""The places that a revision is shown enlarged, and the findings that are told within others."""

from __future__ import annotations

import numpy as np

from agent.generators.details import details
from agent.generators.findings import folded
from critic import Box, Discrepancy


def test_the_places_that_differ_most_are_shown_enlarged_beside_each_other() -> None:
    reference = np.full((400, 600, 3), 255, np.uint8)
    render = reference.copy()
    render[300:340, 500:540] = 0
    render[20:30, 20:40] = 0
    sheet = details(reference, render)
    assert sheet is not None
    worst, other = sheet.boxes
    assert worst.x0 <= 500 and worst.x1 >= 540 and worst.y0 <= 300 and worst.y1 >= 340
    assert other.overlap(Box(20, 20, 40, 30)) == 200
    assert max(sheet.image.shape) <= 700 and sheet.image.shape[1] <= 456
    left, right = (
        sheet.image[:, : sheet.image.shape[1] // 2 - 4],
        sheet.image[:, sheet.image.shape[1] // 2 + 4 :],
    )
    assert left.min() > 120 and right.min() < 20  # the reference is white, the render is not


def test_nothing_is_shown_where_nothing_differs_or_is_seen_better() -> None:
    reference = np.full((3000, 3000, 3), 255, np.uint8)
    render = reference.copy()
    render[:100, :100] = 0
    assert details(reference, reference) is None
    assert details(reference, render) is None  # as large as it is sent
    assert details(reference, render, 0.1) is not None


def finding(severity: int, box: Box | None) -> Discrepancy:
    return Discrepancy(category="style_error", severity=severity, description=str(box), box=box)


def test_milder_findings_within_the_place_of_another_are_told_within_it() -> None:
    cause, inside = finding(3, Box(0, 0, 100, 100)), finding(1, Box(10, 10, 20, 20))
    equal, away, nowhere = (
        finding(3, Box(10, 10, 20, 20)),
        finding(1, Box(90, 90, 150, 150)),
        finding(1, None),
    )
    assert folded([cause, equal, inside, away, nowhere]) == [
        (cause, [inside]),
        (equal, []),
        (away, []),
        (nowhere, []),
    ]
