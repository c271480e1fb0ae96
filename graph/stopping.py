"""When a run stops whatever its policy: target, budgets, failure; decided between rounds."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from graph.acceptance import best_of
from graph.types import Candidate, Search, StopReason


def stop_reason(
    candidates: Sequence[Candidate], search: Search, exhausted: str | None = None
) -> StopReason | None:
    """Why a run should stop whatever its policy would still do, or None to go on.

    Args:
        candidates: All candidates so far, by id.
        search: Budgets and target.
        exhausted: The bound of the allowance that has been reached, if any.
    """
    return _reached(candidates, search) or spent(candidates, search, exhausted) or _failed(candidates)


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
    identical = best[0].standing[1] >= 1.0 and not best[0].discrepancies
    wanted = search.target is not None and best[0].standing[0] >= search.target
    return StopReason.TARGET if identical or wanted else None


def spent(candidates: Sequence[Candidate], search: Search, exhausted: str | None) -> StopReason | None:
    """The budget that is spent, if one is; arguments as for ``stop_reason``."""
    if exhausted is not None:
        return StopReason(exhausted)
    left = _affordable_by_bound(candidates, search)
    return next((reason for reason, count in left.items() if count <= 0), None)


def _failed(candidates: Sequence[Candidate]) -> StopReason | None:
    last = max((candidate.round for candidate in candidates), default=0)
    latest = [candidate for candidate in candidates if candidate.round == last]
    return StopReason.ERROR if latest and all(candidate.failure for candidate in latest) else None
