"""When a revision counts as better, and which candidate is best.

One rule for every critic: what the pixels say and what the critic says are weighed, each in units of its own
error. Critics err about half of the time (arXiv 2603.13224), and pixels mislead where a correct repair moves
the layout; that both agree is too much to ask. The figures are those of ``benchmarks.acceptance``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from critic.expected import expected_severity
from critic.fate import Fate, fates
from critic.human import HUMAN, told_severity
from critic.odds import odds
from critic.reward import reward, reward_of
from critic.types import Critique
from graph.authors import MERGE
from graph.types import Attempt, Candidate
from renderers.types import RenderStatus

_MARGIN = 0.5
"""Evidence, as the logarithm of odds, that a revision needs where the critic may be wrong by chance."""

_PIXELS = 0.5
"""Weight of the pixels beside a critic that errs, which is asked until it decides: on charts and tables whose
layout is off, the pixels speak against as many repairs as they speak for. With 0.5 whole runs of width 4 left
0.22 of the severity of charts and 0.29 of that of tables (margin 0.5), with 1 0.27 and 0.31 (margin 0.8)."""

_DOUBT = 2.5
"""Evidence, for or against, below which both are judged again by a critic that may answer otherwise."""

_CLOSER = 2.2
"""Evidence in a verdict on both beside each other that holds in either order: a critic that is right three
times in four gives a right one nine times as often as a wrong one."""

_STEP = 0.001
"""What an accepted revision whose reward fell is ahead of its parent, when candidates are ranked."""

_TIE = 0.01
"""Weight of the similarity in the rank: less than the smallest discrepancy's share of the reward, 0.02."""

_PERFECT = reward_of(0.0)
"""The reward of a render that nothing is the matter with."""

_EPSILON = 1e-9


def evidence(candidate: Candidate, parent: Candidate) -> float:
    """How much speaks for a revision: above 0 that it is better than its parent.

    The sum of the pixels' (see ``critic.closeness``; and the share of the similarity that was missing and is
    made up) and of the critic's: what its answers about either name (see ``critic.odds``), and what it says
    of the two beside each other.
    """
    return _pixels(candidate, parent) + _critics(candidate, parent) + _CLOSER * candidate.closer


def _pixels(candidate: Candidate, parent: Candidate) -> float:
    weight = _PIXELS if _errs(candidate) or _errs(parent) else 1.0
    return weight * pixel_evidence(candidate.nearer, parent.standing[1], candidate.standing[1])


def pixel_evidence(found: tuple[float, ...], before: float, after: float) -> float:
    """What the pixels of two renders say, above 0 for the second.

    Args:
        found: What ``critic.closeness`` says of them.
        before: Similarity of the first to the reference.
        after: Of the second.
    """
    return sum(found) + _made_up(before, after, 1.0)


def _made_up(before: float, after: float, most: float) -> float:
    """The share of what was missing that is made up, -1 to 1."""
    missing = 2.0 * most - before - after
    return (after - before) / missing if missing > _EPSILON else 0.0


def _critics(candidate: Candidate, parent: Candidate) -> float:
    if candidate.critique is None or parent.critique is None:
        return 0.0
    return odds(parent.critique, candidate.critique)


def improves(candidate: Candidate, parent: Candidate | None) -> bool:
    """Whether a candidate is accepted.

    A first draft is when it rendered, and so is what a person wrote. What a person said of the parent
    outranks all else: a revision that mends some of it is accepted. Any other is when the evidence for it is
    above the margin, which is 0 where the critic gives the same answer each time; of such a critic a revision
    needs that reward and similarity together do not fall, in shares of what is missing. What was judged is
    not replaced by what was not, or by what is only assumed because the critic's answer could not be read;
    what is only assumed is replaced by what was judged, unless the pixels speak against it.
    """
    if candidate.render is None or candidate.render.status is not RenderStatus.OK:
        return False
    if parent is None or not parent.accepted or candidate.author == HUMAN:
        return True
    if _told(candidate) != _told(parent):
        return _told(candidate) < _told(parent)
    if not candidate.judged or (_assumed(candidate) and not _assumed(parent)):
        return False
    if not parent.judged:
        return True
    if _assumed(parent) and not _assumed(candidate):
        return evidence(candidate, parent) >= 0.0
    if _errs(candidate) or _errs(parent):
        return evidence(candidate, parent) > _MARGIN
    return evidence(candidate, parent) > _EPSILON and _rose(candidate, parent)


def _rose(candidate: Candidate, parent: Candidate) -> bool:
    """Whether reward and similarity together did not lose, each in shares of what was missing.

    Room to shift hides a block set two pixels aside, and a critic is silent about what no eye sees: a page
    whose lines all stood a pixel lower had fewer small findings, and lay five times as far from its picture.
    """
    (before, alike), (after, alike_after) = parent.standing, candidate.standing
    return _made_up(before, after, _PERFECT) + _made_up(alike, alike_after, 1.0) >= 0.0


def doubtful(candidate: Candidate, parent: Candidate | None) -> bool:
    """Whether the critic's errors may have decided: judging both again can turn it round."""
    if parent is None or not (parent.accepted and parent.judged and candidate.judged):
        return False
    if _told(candidate) != _told(parent) or not (_errs(candidate) or _errs(parent)):
        return False
    return _assumed(candidate) or _assumed(parent) or abs(evidence(candidate, parent)) < _DOUBT


def _told(candidate: Candidate) -> int:
    return told_severity(candidate.critique)


def _errs(candidate: Candidate) -> bool:
    return candidate.critique is not None and not candidate.critique.steady


def _assumed(candidate: Candidate) -> bool:
    return candidate.critique is not None and candidate.critique.fallback > 0


def scored(candidate: Candidate, parent: Candidate | None) -> Candidate:
    """The candidate with its score: above its parent's where it was accepted, whatever the critic's mood."""
    score = _own_score(candidate)
    if parent is not None and candidate.accepted and parent.accepted and score <= score_of(parent):
        score = score_of(parent) + _STEP
    return candidate.model_copy(update={"score": score})


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, by id, with the scores that follow from what is known of them and their parents now.

    A revision ranks a step above its parent: where the parent was lucky, and is found out, it must fall, too.
    """
    by_id: dict[int, Candidate] = {}
    for item in sorted(candidates, key=lambda one: one.id):
        parent = by_id.get(item.parent) if item.parent is not None else None
        by_id[item.id] = item if item.score is None else scored(item, parent)
    return tuple(by_id.values())


def rests_on(candidate: Candidate, candidates: Iterable[Candidate]) -> Candidate:
    """The one that a candidate's rank is from: itself, or one that it comes of and ranks a step above."""
    line = line_of(candidate, candidates)
    return next((item for item in line if score_of(item) <= _own_score(item)), line[-1])


def line_of(candidate: Candidate, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidate, and those that it comes of, the latest first."""
    by_id = {item.id: item for item in candidates}
    line = [candidate]
    while line[-1].parent is not None and line[-1].parent in by_id:
        line.append(by_id[line[-1].parent])
    return tuple(line)


def judged_anew(candidate: Candidate, critique: Critique) -> Candidate:
    """The candidate with another critique; its score follows, unless it is its own parent's and a step."""
    own = candidate.score == _own_score(candidate)
    judged = candidate.model_copy(update={"critique": critique, "reward": reward(critique)})
    return judged.model_copy(update={"score": _own_score(judged)}) if own else judged


def chosen(candidate: Candidate, others: Iterable[Candidate]) -> Candidate:
    """The candidate as somebody chose it: if it rendered it is accepted, and ranks above all others."""
    if candidate.render is None or candidate.render.status is not RenderStatus.OK:
        return candidate
    best = best_of(others)
    score = score_of(candidate)
    if best and score <= score_of(best[0]):
        score = score_of(best[0]) + _STEP
    return candidate.model_copy(update={"accepted": True, "score": score})


def score_of(candidate: Candidate) -> float:
    """What candidates are ranked by: reward, of equal ones similarity, never below an accepted parent."""
    return _own_score(candidate) if candidate.score is None else candidate.score


def _own_score(candidate: Candidate) -> float:
    value, similarity = candidate.standing
    if candidate.critique is not None and candidate.judged and candidate.critique.answers > 1:
        value = reward_of(expected_severity(candidate.critique))
    return value + _TIE * similarity


def best_of(candidates: Iterable[Candidate], count: int = 1) -> tuple[Candidate, ...]:
    """The best accepted candidates, best first; the earlier one where two are equal."""
    accepted = [candidate for candidate in candidates if candidate.accepted]
    return tuple(sorted(accepted, key=lambda item: (-score_of(item), item.id))[:count])


def gain(candidate: Candidate, base: Candidate) -> float:
    """Rise in reward plus similarity; at least that in score, for accepted revisions whose reward fell."""
    return max(sum(candidate.standing) - sum(base.standing), score_of(candidate) - score_of(base))


def attempts_before(candidate: Candidate, candidates: Sequence[Candidate]) -> tuple[Attempt, ...]:
    """What was tried on those that a candidate came from and rejected, the oldest first."""
    older = line_of(candidate, candidates)[1:]
    return tuple(attempt for item in reversed(older) for attempt in attempts_on(item, candidates))


def attempts_on(parent: Candidate, candidates: Iterable[Candidate]) -> tuple[Attempt, ...]:
    """What was tried on a parent and rejected, in order; what was merged is told by its parts."""
    return tuple(
        _attempt(candidate, parent)
        for candidate in candidates
        if candidate.parent == parent.id
        and not candidate.accepted
        and candidate.author != MERGE
        and (candidate.code or candidate.actions)
    )


def _attempt(candidate: Candidate, parent: Candidate) -> Attempt:
    compared = fates(parent.discrepancies, candidate.discrepancies)
    became = zip(candidate.discrepancies, compared.after, strict=True)
    return Attempt(
        actions=candidate.actions,
        reward=candidate.reward,
        similarity=candidate.similarity,
        before=parent.similarity,
        added=tuple(item.description for item, fate in became if fate is Fate.NEW),
        fixed=compared.before.count(Fate.FIXED),
        failure=candidate.failure or _render_failure(candidate),
        drawn=bool(candidate.code),
        author=candidate.author,
    )


def _render_failure(candidate: Candidate) -> str:
    failed = candidate.render is not None and candidate.render.status is not RenderStatus.OK
    return candidate.render.log if candidate.render and failed else ""
