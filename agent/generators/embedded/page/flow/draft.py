"""A page drawn in the flow, measured and corrected until its elements stand where the picture has them."""

from __future__ import annotations

from agent.generators.embedded.page.flow.document import elements_of, write_flow
from agent.generators.embedded.page.flow.mending import Fix, fixes, mended
from agent.generators.embedded.types import Bench
from critic.reading.page import Page

ROUNDS = 3
"""Rounds of measuring: the first corrects what stands first, the next what that moved."""


async def measured(
    page: Page, bench: Bench, mends: tuple[Fix, ...] = (), rounds: int = ROUNDS
) -> tuple[Fix, ...]:
    """The corrections with which the page's elements stand where they were read.

    Args:
        page: What was read.
        bench: Draws trials.
        mends: Corrections to begin with.
        rounds: Trials at most.
    """
    for _ in range(rounds):
        drawn = await bench.probe(write_flow(page, mends, numbered=True))
        if drawn.layout is None:
            return mends
        root, _ = elements_of(page)
        mended(root, mends)
        found = fixes(root, drawn.layout)
        if not found:
            break
        mends = merged(mends, found)
    return mends


def merged(first: tuple[Fix, ...], second: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """Both corrections, added up where they are of one thing."""
    total: dict[tuple[int, str], float] = {}
    for fix in (*first, *second):
        total[fix.number, fix.key] = total.get((fix.number, fix.key), 0.0) + fix.by
    return tuple(Fix(number, key, round(by, 2)) for (number, key), by in total.items())
