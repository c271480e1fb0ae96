"""What the comparisons of all marks have in common: claims, and from where on something is off."""

from __future__ import annotations

import numpy as np

from critic.pixel.claims import Claim, Rank
from critic.pixel.ledger import Mask
from critic.types import Box, Cause, Element, Severity, Value, difference

OFF = 2.5
"""Pixels by which a mark may be off: readings of blended edges differ by up to 2."""
ROUND = 9
"""Pixels across the place round a vertex in which pictures are looked at."""
WIDER = 0.45
"""Points by which line widths must differ: the steps that people use are 0.5."""
MOST, MOSTLY = 3, 0.6
"""More bars than this, and this share of a group, are said together: the group is the cause."""


def claimed(
    category: str,
    severity: Severity,
    cause: Cause,
    element: Element,
    box: Box,
    region: Mask | Box,
    *,
    reference: Value | None = None,
    render: Value | None = None,
    aside: str = "",
    margin: float = 2.0,
) -> list[Claim]:
    """A claim on a mark, or none where the values are equal as printed."""
    said = difference(
        category, severity, cause, element, box, reference=reference, render=render, aside=aside
    )
    rank = Rank.LOST if cause is Cause.MISSING else Rank.MARK
    return [] if said is None else [Claim(said, rank, region, margin)]


def restyled(
    cause: Cause,
    element: Element,
    box: Box,
    region: Mask | Box,
    reference: Value | None = None,
    render: Value | None = None,
) -> list[Claim]:
    """A claim on how a mark looks, where its values are the same."""
    return claimed("style_error", 1, cause, element, box, region, reference=reference, render=render)


def hull(paths: list[np.ndarray]) -> Box:
    """A box around points, with a margin for what is drawn there."""
    x, y = np.concatenate(paths).T
    return Box(x.min() - ROUND, y.min() - ROUND, x.max() + ROUND, y.max() + ROUND)
