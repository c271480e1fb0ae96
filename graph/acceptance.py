"""When a revision counts as better, and which candidate is best."""

from __future__ import annotations

from collections.abc import Iterable

from graph.types import Attempt, Candidate
from renderers.types import RenderStatus

_EPSILON = 1e-9


def improves(candidate: Candidate, parent: Candidate | None) -> bool:
    """Whether a candidate is accepted.

    A first draft is when it rendered. A revision is when neither reward nor similarity falls and one of
    them rises: critics err about half of the time (arXiv 2603.13224), so the pixels must agree. A reward
    that is only assumed, because the critic's answer could not be read, replaces no reward that was measured.
    """
    if candidate.render is None or candidate.render.status is not RenderStatus.OK:
        return False
    if parent is None or not parent.accepted:
        return True
    if _assumed(candidate) and not _assumed(parent):
        return False
    gains = [after - before for after, before in zip(candidate.standing, parent.standing, strict=True)]
    return min(gains) >= -_EPSILON and max(gains) > _EPSILON


def _assumed(candidate: Candidate) -> bool:
    return candidate.critique is not None and candidate.critique.fallback > 0


def best_of(candidates: Iterable[Candidate], count: int = 1) -> tuple[Candidate, ...]:
    """The best accepted candidates, best first; the earlier one where two are equal."""
    accepted = [candidate for candidate in candidates if candidate.accepted]
    return tuple(sorted(accepted, key=_rank)[:count])


def _rank(candidate: Candidate) -> tuple[float, float, int]:
    reward, similarity = candidate.standing
    return -reward, -similarity, candidate.id


def gain(candidate: Candidate, base: Candidate) -> float:
    """Rise in reward plus similarity."""
    return sum(candidate.standing) - sum(base.standing)


def attempts_on(parent: Candidate, candidates: Iterable[Candidate]) -> tuple[Attempt, ...]:
    """What was tried on a parent and rejected, in order."""
    return tuple(
        Attempt(
            actions=candidate.actions,
            reward=candidate.reward,
            similarity=candidate.similarity,
            failure=candidate.failure or _render_failure(candidate),
            drawn=bool(candidate.code),
        )
        for candidate in candidates
        if candidate.parent == parent.id and not candidate.accepted and (candidate.code or candidate.actions)
    )


def _render_failure(candidate: Candidate) -> str:
    failed = candidate.render is not None and candidate.render.status is not RenderStatus.OK
    return candidate.render.log if candidate.render and failed else ""
