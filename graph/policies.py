"""Policies: what each round's calls are spent on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from graph.acceptance import best_of, gain
from graph.authors import MERGE
from graph.types import Candidate, Search, StopReason

Parents = tuple[Candidate | None, ...]
"""What to make next, an entry a call: a revision of that candidate, or a first draft where it is None."""


@dataclass(frozen=True, slots=True)
class View:
    """What a policy decides from.

    Attributes:
        candidates: All that are complete, by id.
        round: The round to plan; 0 for the first drafts.
        search: The run's parameters.
        affordable: How many candidates the budget can still pay for; at least 1.
        samples: Whether the generator answers each seed by a sample of its own; see ``Generator``.
    """

    candidates: tuple[Candidate, ...]
    round: int
    search: Search
    affordable: int
    samples: bool = True

    @property
    def best(self) -> Candidate | None:
        """The best so far; None while nothing rendered."""
        best = best_of(self.candidates)
        return best[0] if best else None

    @property
    def latest(self) -> tuple[Candidate, ...]:
        """The candidates of the round before."""
        return tuple(candidate for candidate in self.candidates if candidate.round == self.round - 1)


class Policy(Protocol):
    """Decides what to spend a round's calls on.

    It is asked once before each round. The answer is cut to what the budget affords, and there are never
    more rounds than ``budget.rounds``. It must decide from the view alone, so that a resumed run goes on as
    an unbroken one would.
    """

    name: str

    def plan(self, view: View) -> Parents | StopReason:
        """The candidates to make side by side in this round, or why the run should stop."""
        ...


class Beam:
    """``width`` drafts, then in each round ``revisions`` of each of the ``beam`` best."""

    def __init__(self, name: str, search: Search) -> None:
        """Choose how wide and deep.

        Args:
            name: What the policy is called.
            search: Gives width, beam, revisions, patience and rounds; the view's own search is not asked.
        """
        self.name = name
        self._search = search

    def plan(self, view: View) -> Parents | StopReason:
        """All drafts at first, then the revisions of the best; of the latest failed ones if none rendered."""
        if view.round == 0:
            return (None,) * self._search.width
        if self._nothing_offered(view) or self._stalled(view):
            return StopReason.PLATEAU
        if view.round > self._search.budget.rounds:
            return StopReason.ROUNDS
        parents = distinct(view.candidates)[: self._search.beam]
        if not parents:
            return unrendered(view, self._search.beam * self._search.revisions)
        return tuple(parent for parent in parents for _ in range(self._search.revisions))

    def _nothing_offered(self, view: View) -> bool:
        return view.round > 1 and all(offers_nothing(candidate, view) for candidate in view.latest)

    def _stalled(self, view: View) -> bool:
        """Whether the best has not gained for ``patience`` rounds."""
        done = view.round - 1
        if done < self._search.patience or view.best is None:
            return False
        if view.samples and not tried_enough(view.best, view, self._search.patience):
            return False
        before = best_of(item for item in view.candidates if item.round <= done - self._search.patience)
        return bool(before) and gain(view.best, before[0]) < self._search.min_gain


def best_of_n(search: Search) -> Beam:
    """Drafts alone."""
    once = search.budget.model_copy(update={"rounds": 0})
    return Beam("best_of_n", search.model_copy(update={"budget": once}))


def reflect(search: Search) -> Beam:
    """One draft, and one revision of the best in each round."""
    return Beam("reflect", search.model_copy(update={"width": 1, "beam": 1, "revisions": 1}))


def beam(search: Search) -> Beam:
    """Drafts, and revisions of the best ones, as many as the search says."""
    return Beam("beam", search)


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The accepted, best first; of those that look the same one, for all would be revised alike."""
    known = tuple(candidates)
    by_look: dict[str, Candidate] = {}
    for item in best_of(known, len(known)):
        picture = item.render.picture if item.render else None
        by_look.setdefault(picture.sha256 if picture else f"{item.id}", item)
    return tuple(by_look.values())


def asked_for(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that a generator was asked for: what is merged of them is no call, and no try of it."""
    return [item for item in candidates if item.author != MERGE]


def tried_enough(best: Candidate, view: View, patience: int) -> bool:
    """Whether what a critic named of the best was tried."""
    return sum(item.parent == best.id for item in asked_for(view.candidates)) >= tries_worth(best, patience)


def tries_worth(candidate: Candidate, patience: int) -> int:
    """How often a candidate is worth revising: part of what was named may not be there, and a try may fail.

    A critic that always says the same is right in what it names or never will be: patience is enough for it.
    """
    if candidate.critique is None or candidate.critique.steady:
        return patience
    return max(patience, len(candidate.discrepancies))


def offers_nothing(candidate: Candidate, view: View) -> bool:
    """Whether the generator had no more to offer; a model without code this time may have some the next."""
    tried = view.samples and bool(candidate.actions)
    return not candidate.code and not tried


def unrendered(view: View, count: int) -> Parents:
    """What to make while nothing rendered: revisions of the latest code on its log, else drafts anew."""
    with_code = [candidate for candidate in view.candidates if candidate.code]
    if not with_code and view.samples:
        return (None,) * count
    return tuple(reversed(with_code[-count:]))
