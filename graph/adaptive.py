"""The adaptive policy: each call goes where the best code is expected to gain most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from graph.acceptance import gain, line_of, score_of
from graph.policies import Parents, View, asked_for, distinct, offers_nothing, tries_worth, unrendered
from graph.types import Candidate, Search, StopReason

_PERFECT = 3.0
"""Reward plus similarity of a render that is the reference."""

_DRAFTS = 0.3
"""Share of the calls that go to first drafts before anything is known: what a revision cannot mend, another
draft may not have, and a draft that is late has the revisions of the others to beat."""

_SPREAD, _SPREAD_WEIGHT = 0.06, 2.0
"""Standard deviation of first drafts' scores, and how many drafts' worth of belief there is in it."""

_SPREAD_OF_READINGS = 0.01
"""The same where drafts are other readings of the picture, the likeliest first."""

_SUCCESS = (1.5, 1.0)
"""Beta prior of a revision being better than its parent."""

_SHARE, _SHARE_WEIGHT = 0.25, 1.0
"""Share of what is missing that a better revision makes up, and how many revisions' worth of belief."""

_AGAIN = 0.5
"""A revision brings so much less after each that was made of the same parent, or if told of nothing; with a
critic that errs, after as many as are a like share of what it named."""


@dataclass(frozen=True, slots=True)
class Odds:
    """What drafts and revisions are expected to bring, from priors and from what this run has seen.

    Attributes:
        centre: Mean score of first drafts.
        spread: Standard deviation of their scores.
        success: Probability that a revision is better than its parent.
        share: Share of what its parent lacks that a better revision makes up.
    """

    centre: float
    spread: float
    success: float
    share: float

    def of_draft(self, best: float) -> float:
        """Expected improvement of one more draft over ``best`` (closed form for a normal distribution)."""
        if self.spread <= 0.0:
            return 0.0
        normal, reach = NormalDist(), (self.centre - best) / self.spread
        return self.spread * (reach * normal.cdf(reach) + normal.pdf(reach))

    def of_revision(self, score: float, best: float, tries: float) -> float:
        """Expected improvement over ``best`` of one more revision, after ``tries`` of the same parent.

        The share that is made up varies as an exponential distribution does, so that a draft which lies
        behind but was never revised is not given up for certain.
        """
        missing = _PERFECT - score
        if missing <= 0.0:
            return 0.0
        needed = max(0.0, best - score) / missing
        return self.success * math.pow(_AGAIN, tries) * missing * self.share * math.exp(-needed / self.share)


class Adaptive:
    """Spends as many candidates as ``beam`` would, round by round, each where the expected gain is highest.

    A draft is compared with a revision of each candidate by the expected improvement of the best. When
    revisions make up a constant share of what is missing, whatever is left to spend falls out of that
    comparison, so that looking one call ahead is enough. What an accepted revision comes of is not revised
    while the revision is. A candidate that was revised ``patience`` times, or
    with a critic that errs as often as that named something of it, is left alone, and the run ends early once
    nothing is expected to gain ``min_gain``.
    """

    name = "adaptive"

    def __init__(self, search: Search) -> None:
        """Choose how much to spend: ``width`` drafts and ``rounds`` times ``beam`` times ``revisions``."""
        self._search = search
        self._total = search.width + search.budget.rounds * search.beam * search.revisions

    def plan(self, view: View) -> Parents | StopReason:
        """The calls of a round, an even share of those that are left; drafts at first."""
        count = min(self._round_size(view), view.affordable)
        if view.round == 0:
            return (None,) * min(self._first_drafts(view, count), view.affordable)
        if count == 0:
            return StopReason.ROUNDS
        if view.best is None:
            return unrendered(view, count)
        return self._most_promising(view, view.best, count) or StopReason.PLATEAU

    def _first_drafts(self, view: View, count: int) -> int:
        if view.samples or not self._search.budget.rounds:
            return max(count, math.ceil(_DRAFTS * self._total))
        return 1  # the likeliest reading; others once nothing more is gained from it

    def _round_size(self, view: View) -> int:
        left = max(0, self._total - len(asked_for(view.candidates)))
        return math.ceil(left / max(1, self._search.budget.rounds - view.round + 1))

    def _most_promising(self, view: View, best: Candidate, count: int) -> Parents:
        odds, top = _odds(view.candidates, _SPREAD if view.samples else _SPREAD_OF_READINGS), _score(best)
        patience = self._search.patience
        shares = {item.id: patience / tries_worth(item, patience) for item in view.candidates}
        tries = {
            item.id: _tries(item, view.candidates) * shares[item.id]
            for item in view.candidates
            if item.accepted
        }
        if not view.samples:
            tries.update({item.id: float(patience) for item in _used_up(view.candidates)})
        different = distinct(view.candidates)
        if view.samples:
            going = [item for item in view.candidates if tries.get(item.id, patience) < patience]
            different = tuple(
                item for item in different if item.id not in _superseded(going, view.candidates)
            )
        parents: list[Candidate | None] = []
        drafts = 0.0 if _repeats(view) else odds.of_draft(top)
        for _ in range(count):
            gains: list[tuple[float, Candidate | None]] = [(drafts, None)]
            for item in different:
                if tries[item.id] < patience:
                    gains.append((odds.of_revision(_score(item), top, tries[item.id]), item))
            expected, parent = max(gains, key=lambda pair: pair[0])
            if expected < self._search.min_gain:
                break
            parents.append(parent)
            if parent is None:
                drafts *= _AGAIN  # the next one must be better than this one, too
            else:
                # what does not vary would come out the same a second time
                tries[parent.id] += shares[parent.id] if view.samples else patience
        return tuple(parents)


def _score(candidate: Candidate) -> float:
    return score_of(candidate) + candidate.standing[1]


def _odds(candidates: Sequence[Candidate], spread: float) -> Odds:
    scores = [_score(item) for item in candidates if item.parent is None and item.accepted]
    centre = fmean(scores) if scores else 0.0
    variance = _SPREAD_WEIGHT * spread**2 + sum((score - centre) ** 2 for score in scores)
    by_id = {item.id: item for item in candidates}
    revised = [
        (item, by_id[item.parent])
        for item in asked_for(candidates)
        if item.parent is not None and item.code and by_id[item.parent].accepted
    ]
    shares = [gain(item, parent) / (_PERFECT - _score(parent)) for item, parent in revised if item.accepted]
    better, prior = len(shares), sum(_SUCCESS)
    return Odds(
        centre=centre,
        spread=math.sqrt(variance / (_SPREAD_WEIGHT + max(0, len(scores) - 1))),
        success=(_SUCCESS[0] + better) / (prior + len(revised)),
        share=(_SHARE * _SHARE_WEIGHT + sum(shares)) / (_SHARE_WEIGHT + better),
    )


def _tries(candidate: Candidate, candidates: Sequence[Candidate]) -> int:
    """Revisions of a candidate so far; being told of no discrepancy counts as one.

    Those that helped count, too: what they brought is in them, and it is they that are revised next.
    """
    return sum(item.parent == candidate.id for item in asked_for(candidates)) + (not candidate.discrepancies)


def _superseded(going: Sequence[Candidate], candidates: Sequence[Candidate]) -> set[int]:
    """Those that one with tries left comes of: what they have right it has, too, and something is mended."""
    return {older.id for item in going for older in line_of(item, candidates)[1:]}


def _used_up(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that the generator was asked to revise, and had no more to offer on."""
    asked = {item.parent for item in candidates if not item.code and not item.failure}
    return [item for item in candidates if item.id in asked]


def _repeats(view: View) -> bool:
    """Whether the generator has no more different drafts to offer."""
    drafts = [item for item in view.candidates if item.parent is None]
    pictures = [item.render.picture.sha256 for item in drafts if item.render and item.render.picture]
    offered_nothing = any(offers_nothing(item, view) and not item.failure for item in drafts)
    return offered_nothing or len(set(pictures)) < len(pictures)
