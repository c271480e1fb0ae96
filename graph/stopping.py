"""When a run stops, decided between rounds from what has happened."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from graph.acceptance import best_of, gain
from graph.types import Candidate, Search, StopReason


def stop_reason(
    candidates: Sequence[Candidate], round_: int, search: Search, exhausted: str | None = None
) -> StopReason | None:
    """Why the run should stop after ``round_``, or None to go on.

    Args:
        candidates: All candidates so far, by id.
        round_: The round just done; 0 after the first drafts.
        search: Budgets and rules.
        exhausted: The bound of the allowance that has been reached, if any.
    """
    return (
        _reached(candidates, search)
        or _spent(candidates, search, exhausted)
        or _failed(candidates, round_)
        or _stalled(candidates, round_, search)
        or _rounds(candidates, round_, search)
    )


def affordable(candidates: Sequence[Candidate], search: Search) -> int:
    """How many more candidates every budget can pay for, judged by the dearest candidate so far."""
    return max(0, min(_affordable_by_bound(candidates, search).values(), default=sys.maxsize))


def _affordable_by_bound(candidates: Sequence[Candidate], search: Search) -> dict[StopReason, int]:
    budget = search.budget
    left = {}
    if budget.candidates is not None:
        left[StopReason.CANDIDATES] = budget.candidates - len(candidates)
    if budget.calls is not None:
        left[StopReason.CALLS] = _more(budget.calls, [candidate.spent.calls for candidate in candidates])
    if budget.tokens is not None:
        left[StopReason.TOKENS] = _more(budget.tokens, [candidate.spent.tokens for candidate in candidates])
    return left


def _more(bound: int, costs: list[int]) -> int:
    return (bound - sum(costs)) // max([1, *costs])


def _reached(candidates: Sequence[Candidate], search: Search) -> StopReason | None:
    best = best_of(candidates)
    if not best:
        return None
    identical = best[0].similarity >= 1.0 and not best[0].discrepancies
    wanted = search.target is not None and best[0].reward >= search.target
    return StopReason.TARGET if identical or wanted else None


def _spent(candidates: Sequence[Candidate], search: Search, exhausted: str | None) -> StopReason | None:
    if exhausted is not None:
        return StopReason(exhausted)
    left = _affordable_by_bound(candidates, search)
    return next((reason for reason, count in left.items() if count <= 0), None)


def _failed(candidates: Sequence[Candidate], round_: int) -> StopReason | None:
    latest = [candidate for candidate in candidates if candidate.round == round_]
    return StopReason.ERROR if latest and all(candidate.failure for candidate in latest) else None


def _rounds(candidates: Sequence[Candidate], round_: int, search: Search) -> StopReason | None:
    if round_ < search.budget.rounds:
        return None
    return StopReason.ROUNDS if best_of(candidates) else StopReason.NO_RENDER


def _stalled(candidates: Sequence[Candidate], round_: int, search: Search) -> StopReason | None:
    """Plateau: nothing more is offered, or the best has not gained for ``patience`` rounds."""
    latest = [candidate for candidate in candidates if candidate.round == round_]
    if round_ > 0 and latest and not any(candidate.code for candidate in latest):
        return StopReason.PLATEAU if best_of(candidates) else StopReason.NO_RENDER
    if round_ < search.patience:
        return None
    now = best_of(candidates)
    before = best_of(candidate for candidate in candidates if candidate.round <= round_ - search.patience)
    if now and before and gain(now[0], before[0]) < search.min_gain:
        return StopReason.PLATEAU
    return None
