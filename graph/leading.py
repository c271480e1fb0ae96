"""Which candidate the critic is asked about once more between rounds: the one that is ahead.

Of several drafts that were asked about once, the one that the critic happened to say least of is ahead; and
one list of findings, of which a third may be made up and a third missing, would serve all tries to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence

from critic.types import Critique
from graph.acceptance import best_of, line_of, rests_on
from graph.judging import MOST_ANSWERS, answers_of, with_answer
from graph.types import Candidate

_BESIDE_RIVALS = 3
"""Answers about the one that is ahead of others which it does not come from: with one, whole runs of
``benchmarks.acceptance`` ended with a first draft that had been lucky."""


def missing_answers(candidates: Sequence[Candidate], *, last: bool) -> tuple[Candidate, int] | None:
    """The one that is ahead and how many more answers there should be about it of a critic that errs.

    There should be one more for each try to mend it that failed, and some where it has rivals; of one that is
    ahead because it is better than its parent, the parent must not have been lucky.

    Args:
        candidates: All so far.
        last: Whether nothing is revised any more, so that only their order counts.
    """
    best = best_of(candidates)
    if not best or not best[0].judged or best[0].critique is None or best[0].critique.steady:
        return None
    refused = 0 if last else sum(item.parent == best[0].id and not item.accepted for item in candidates)
    least = _BESIDE_RIVALS if _has_rivals(best[0], candidates) else 1
    for item, wanted in ((rests_on(best[0], candidates), least), (best[0], max(1 + refused, least))):
        missing = min(wanted, MOST_ANSWERS) - answers_of(item)
        if item.judged and missing > 0:
            return item, missing
    return None


def heard(candidate: Candidate, answer: Critique) -> Candidate:
    """The candidate with one more answer about it, whose cost it bears."""
    judged = with_answer(candidate, answer)
    assert judged.critique is not None
    usage = judged.critique.usage + answer.usage
    return judged.model_copy(update={"critique": judged.critique.model_copy(update={"usage": usage})})


def _has_rivals(ahead: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether anything was accepted that it does not come from."""
    line = {item.id for item in line_of(ahead, candidates)}
    return any(item.accepted and item.id not in line for item in candidates)
