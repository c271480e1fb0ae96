"""What happens during a run, as it happens."""

from __future__ import annotations

from dataclasses import dataclass

from critic.fate import Fates, fates
from graph.types import Candidate, Result, StopReason


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
class Rejudged:
    """A candidate was judged again, beside a revision of it or by a person."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Critiqued:
    """The candidate is complete: critique, reward, and whether it was accepted."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class _Judged:
    """A complete candidate was compared with its parent.

    Attributes:
        candidate: The candidate.
        parent: What it revises; None for a first draft.
    """

    candidate: Candidate
    parent: Candidate | None

    @property
    def fates(self) -> Fates | None:
        """What became of the parent's discrepancies: fixed, open, or new (a regression).

        None where one of the two has no critique.
        """
        if self.parent is None or self.parent.critique is None or self.candidate.critique is None:
            return None
        return fates(self.parent.discrepancies, self.candidate.discrepancies)


@dataclass(frozen=True, slots=True)
class Accepted(_Judged):
    """A complete candidate is better than its parent, or a first draft that rendered."""


@dataclass(frozen=True, slots=True)
class Rejected(_Judged):
    """A complete candidate is not better than its parent, which stays."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A run goes on that was cut off; these candidates were complete."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A round is over, and whoever is in the loop may say something; see ``graph.Answer``.

    Attributes:
        candidates: All that are complete.
        best: The best of them; None where nothing rendered.
        stopping: Why the run ends now if nothing is said; None while it would go on.
    """

    candidates: tuple[Candidate, ...]
    best: Candidate | None
    stopping: StopReason | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run has ended."""

    result: Result


Event = Resumed | Drafting | Drafted | Rendered | Critiqued | Rejudged | Accepted | Rejected | Asked | Stopped
