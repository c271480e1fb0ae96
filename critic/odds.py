"""Which of two renders a critic's answers speak for, finding by finding.

Sums of severities hide what a revision did: those of one critic about one render differ by more than a repair
brings. But most findings are in both lists or come from chance alone; what counts is what several answers
named of the one and none named of the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from critic.consensus import times_named
from critic.fate import pairs
from critic.types import Critique, Discrepancy

RECALL = 0.65
"""Share of the answers that name a defect which is there: Visual-ERM names about half of them
(arXiv 2603.13224), a stand-in 0.7. ``benchmarks.acceptance`` was as good at 0.5 to 0.75."""

PRECISION = 0.75
"""Share of what one answer names that is there. Lower values, as published for hard sets, take more answers
to believe a repair and were no better at telling repairs from harm."""

_MIDDLE = 2.0
"""The severity that counts as one finding."""


def odds(before: Critique, after: Critique) -> float:
    """Logarithm of the odds that ``after`` is of the better render: 0 where nothing speaks for either.

    For each finding that only one side's answers name: how much likelier that is if the defect is on that
    side alone than if it is on both, or if one answer made it up. These ratios, weighted by severity, add up
    to what speaks for a repair and what speaks for harm. A critic that says the same each time misses
    nothing the second time that it saw the first: of its answers, the fall of the severity sum is all there
    is to know, in units of a count's error. How many findings many differences are told as is chance too: a
    table in another face had 12 and, when half of its ink had come right, 13.

    Args:
        before: What is said of one render: one answer, or the consensus of several.
        after: What is said of the other.
    """
    if before.failure or after.failure:
        return 0.0
    if before.steady and after.steady:
        return (before.severity - after.severity) / math.sqrt(1.0 + before.severity + after.severity)
    gone = 1.0 + sum(_weights(before, after))
    new = 1.0 + sum(_weights(after, before))
    return math.log(gone / new)


def _weights(one: Critique, other: Critique) -> Iterator[float]:
    """What speaks for each finding being of ``one`` alone."""
    here, there = _all(one), _all(other)
    shared = {index for index, _ in pairs(here, there)}
    for index, item in enumerate(here):
        if index not in shared:
            times = times_named(item, one.answers)
            yield item.severity / _MIDDLE * (ratio(times, one.answers, other.answers) - 1.0)


def _all(critique: Critique) -> tuple[Discrepancy, ...]:
    return (*critique.discrepancies, *critique.doubted)


def ratio(times: int, answers: int, silent: int) -> float:
    """How much likelier a finding is if its defect is on one side alone than if it is on both.

    Args:
        times: How many answers of the one side name it.
        answers: How many there are.
        silent: Answers about the other side, none of which names it.
    """
    named = RECALL**times * (1.0 - RECALL) ** (answers - times)
    made_up = (1.0 - PRECISION) / PRECISION * RECALL / answers if times == 1 else 0.0
    return (named + made_up) / (named * (1.0 - RECALL) ** silent + made_up)
