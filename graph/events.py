"""What happens during a run, as it happens."""

from __future__ import annotations

from dataclasses import dataclass

from graph.types import Candidate, Result


@dataclass(frozen=True, slots=True)
class Drafting:
    """A candidate is being written (a first draft, or a revision of ``parent``)."""

    id: int
    round: int
    parent: Candidate | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """The generator has answered."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Rendered:
    """The code was rendered, or could not be."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Critiqued:
    """The candidate is complete: critique, reward, and whether it was accepted."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run has ended."""

    result: Result


Event = Drafting | Drafted | Rendered | Critiqued | Stopped
