"""The state that LangGraph carries and checkpoints: small, frozen values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Annotated, Any, TypedDict

from langgraph.channels.delta import DeltaChannel

from graph.human import Answer
from graph.types import Candidate, StopReason, Work


def merge(old: tuple[Candidate, ...], new: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates of both, by id; where both have it the one of which more was asked, of equal ones the new.

    The order of arrival does not matter: siblings that doubt their parent may ask of it more or less.
    """
    by_id: dict[int, Candidate] = {}
    for candidate in (*old, *new):
        known = by_id.get(candidate.id)
        if known is None or _answers(candidate) >= _answers(known):
            by_id[candidate.id] = candidate
    return tuple(by_id[key] for key in sorted(by_id))


def _answers(candidate: Candidate) -> int:
    return 0 if candidate.critique is None else candidate.critique.answers


def merge_all(
    old: tuple[Candidate, ...], writes: Iterable[Iterable[Candidate | Mapping[str, Any]]]
) -> tuple[Candidate, ...]:
    """``merge`` of several writes at once, which servers that only show a state give as plain values."""
    return merge(tuple(map(_revived, old)), map(_revived, chain.from_iterable(writes)))


def _revived(candidate: Candidate | Mapping[str, Any]) -> Candidate:
    return candidate if isinstance(candidate, Candidate) else Candidate.model_validate(candidate)


Candidates = Annotated[tuple[Candidate, ...], DeltaChannel(merge_all)]
"""Checkpoints keep only what each step added: a run of many rounds would else be stored over and over."""


CANDIDATES = "candidates"
"""Name of the state's part that is put together from all that was written to it."""
PLANNED = "planned"
"""Name of the state's part that only the planning writes."""


class SearchState(TypedDict, total=False):
    """State of a whole run.

    Attributes:
        candidates: All that are complete.
        planned: What is being made.
        seconds: Wall-clock time until ``planned`` was decided, so that a resumed run goes on counting.
        stop: Why the run has ended; None while it goes on.
        stopping: Why it would end now, as whoever is asked is told.
        answer: What a person said since the last round; None before anybody was asked.
    """

    candidates: Candidates
    planned: tuple[Work, ...]
    seconds: float
    stop: StopReason | None
    stopping: StopReason | None
    answer: Answer | None


class CandidateState(TypedDict):
    """What the way of one candidate begins with."""

    work: Work


class CandidateOutput(TypedDict, total=False):
    """What a finished candidate gives back to the run."""

    candidates: Candidates
