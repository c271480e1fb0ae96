"""How severe the differences are that a critic's answers, however many, speak of: to rank renders by.

What at least half of the answers name depends on how many there are: of two it is all that either names, of
three what two agree on, so that their severity sums cannot be compared. This can.
"""

from __future__ import annotations

from critic.consensus import times_named
from critic.human import is_told
from critic.odds import PRECISION, RECALL
from critic.types import Critique, Discrepancy


def expected_severity(critique: Critique) -> float:
    """The severity sum that one answer would be expected to give, by what several named.

    A finding counts by the probability that it is there (see ``likely``); the sum is divided by the share of
    the defects that at least one of so many answers names. Of one answer, of a critic that always says the
    same, and of what is only assumed, it is the sum as it stands.

    Args:
        critique: One answer, or the consensus of several.
    """
    if critique.steady or critique.failure or critique.answers == 1:
        return float(critique.severity)
    missed = (1.0 - RECALL) ** critique.answers
    named = (*critique.discrepancies, *critique.doubted)
    told = sum(item.severity for item in named if is_told(item))
    heard = sum(item.severity * _there(item, critique.answers) for item in named if not is_told(item))
    return told + heard / (1.0 - missed) * RECALL / PRECISION


def _there(item: Discrepancy, answers: int) -> float:
    return likely(times_named(item, answers), answers)


def likely(times: int, answers: int) -> float:
    """The probability that a finding is there.

    Args:
        times: How many answers name it; what is made up is made up once.
        answers: How many there are.
    """
    if times > 1:
        return 1.0
    silent = (1.0 - RECALL) ** (answers - 1)
    return silent / (silent + (1.0 - PRECISION) / PRECISION)
