"""The state that LangGraph carries and checkpoints: small, frozen values only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypedDict

from graph.types import Candidate, StopReason, Work


def merge(old: tuple[Candidate, ...], new: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates of both, by id; the new one where both have it. The order of arrival does not matter."""
    by_id = {candidate.id: candidate for candidate in (*old, *new)}
    return tuple(by_id[key] for key in sorted(by_id))


class SearchState(TypedDict, total=False):
    """State of a whole run."""

    candidates: Annotated[tuple[Candidate, ...], merge]
    round: int
    stop: StopReason | None


class CandidateState(TypedDict, total=False):
    """State of one candidate on its way through generate, render and critique."""

    work: Work
    candidate: Candidate


class CandidateOutput(TypedDict, total=False):
    """What a finished candidate gives back to the run."""

    candidates: Annotated[tuple[Candidate, ...], merge]
