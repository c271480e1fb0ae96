"""Several answers of one critic to one question, merged into what most of them say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from statistics import median_low
from typing import NamedTuple, Protocol, runtime_checkable

from critic.errors import CriticError
from critic.fate import likeness, pairs
from critic.types import Critic, Critique, Discrepancy, by_severity
from prompts.usage import Usage
from renderers.types import Image, Kind

_HALF = 0.5
"""Share of the answers that must name a discrepancy for it to count."""


@runtime_checkable
class SamplingCritic(Critic, Protocol):
    """A critic that can be asked for several answers at once."""

    @property
    def together(self) -> bool:
        """Whether that costs less than asking several times."""
        ...

    async def samples(self, kind: Kind, reference: Image, render: Image, count: int) -> tuple[Critique, ...]:
        """Up to ``count`` answers to one question; the first carries what all of them cost."""
        ...


@runtime_checkable
class RepeatableCritic(Critic, Protocol):
    """A critic whose first answer may be its likeliest, so that the next ones must be drawn otherwise."""

    async def again(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """Another answer about a render that it was asked about before."""
        ...


async def another(critic: Critic, kind: Kind, reference: Image, render: Image) -> Critique:
    """Another answer of a critic about a render that it was asked about before."""
    asked = critic.again if isinstance(critic, RepeatableCritic) else critic.critique
    return await asked(kind, reference, render)


def varies(critic: Critic) -> bool:
    """Whether a critic may answer otherwise when it is asked again; one that does not say so may."""
    return bool(getattr(critic, "varies", True))


class ConsensusCritic:
    """Asks a critic several times and keeps what at least half of the answers name."""

    def __init__(self, critic: Critic, votes: int) -> None:
        """Choose whom to ask how often.

        Args:
            critic: Whose answers differ from one time to the next.
            votes: Answers wanted.

        Raises:
            CriticError: Fewer than one vote.
        """
        if votes < 1:
            raise CriticError(f"votes: {votes} is not enough; at least 1 is needed")
        self._critic = critic
        self._votes = votes
        self.name = critic.name if votes == 1 else f"{critic.name}, {votes} votes"

    @property
    def asked(self) -> Critic:
        """Whom it asks."""
        return self._critic

    @property
    def varies(self) -> bool:
        """Whether it may answer otherwise when it is asked again."""
        return varies(self._critic)

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The consensus of those answers that could be had."""
        if self._votes == 1:
            return await self._critic.critique(kind, reference, render)
        return consensus(self.name, await self._samples(kind, reference, render))

    async def again(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The consensus of as many other answers."""
        if self._votes == 1:
            return await another(self._critic, kind, reference, render)
        return consensus(self.name, await self._samples(kind, reference, render))

    async def _samples(self, kind: Kind, reference: Image, render: Image) -> Sequence[Critique]:
        if isinstance(self._critic, SamplingCritic) and self._critic.together:
            return await self._critic.samples(kind, reference, render, self._votes)
        asked = (another(self._critic, kind, reference, render) for _ in range(self._votes))
        return await asyncio.gather(*asked)


def consensus(critic: str, samples: Sequence[Critique]) -> Critique:
    """Merge answers to one question; their order does not matter.

    Answers that failed or could not be read do not vote; one that is itself a consensus votes as often as
    those that it was made of. Where none is left to vote, the consensus is such a failure itself: one that
    could not be read rather than one that could not be had.

    Args:
        critic: Who is said to say so.
        samples: At least one.
    """
    voters = [sample for sample in samples if not sample.failure]
    spent = {
        "critic": critic,
        "usage": sum((sample.usage for sample in samples), Usage()),
        "seconds": max(sample.seconds for sample in samples),
        "evidence": sum(sample.evidence for sample in samples),
    }
    if not voters:
        failed = max(samples, key=lambda sample: (sample.fallback, sample.failure))
        return failed.model_copy(update=spent)
    answers = sum(voter.answers for voter in voters)
    named = _named([((*voter.discrepancies, *voter.doubted), voter.answers) for voter in voters])
    kept = tuple(item for item in named if _by_half(item))
    doubted = tuple(item for item in named if not _by_half(item))
    return voters[0].model_copy(
        update={**spent, "discrepancies": kept, "answers": answers, "doubted": doubted}
    )


def merge(samples: Sequence[Sequence[Discrepancy]]) -> tuple[Discrepancy, ...]:
    """What at least half of the samples name, most severe first.

    Of an even number exactly half is enough: what is dropped is never mended, what is kept wrongly costs a
    revision some effort. Each group of discrepancies that are the same (see ``critic.fate``) becomes the one
    in the middle of it, with the median severity; of two middle ones the lower.
    """
    return tuple(item for item in _named([(sample, 1) for sample in samples]) if _by_half(item))


def times_named(item: Discrepancy, answers: int) -> int:
    """How many of so many answers name a discrepancy; what was not voted on is in all of them."""
    return answers if item.agreement is None else max(1, round(item.agreement * answers))


def _by_half(item: Discrepancy) -> bool:
    return item.agreement is None or item.agreement >= _HALF


def _named(samples: Sequence[tuple[Sequence[Discrepancy], int]]) -> tuple[Discrepancy, ...]:
    """All that any sample names, most severe first, with the share of the answers that do.

    Args:
        samples: What is named, and how many answers that stands for.
    """
    found: list[list[_Named]] = []
    for sample in sorted((sorted(_counted(*sample), key=repr) for sample in samples), key=repr):
        known = [_middle(group) for group in found]
        matched = {later: earlier for earlier, later in pairs(known, [said.item for said in sample])}
        for place, said in enumerate(sample):
            if place in matched:
                found[matched[place]].append(said)
            else:
                found.append([said])
    answers = sum(count for _, count in samples)
    agreed = [_agreed(group, answers) for group in found]
    return by_severity(sorted(agreed, key=lambda item: (-(item.agreement or 0.0), repr(item))))


class _Named(NamedTuple):
    """A discrepancy as a sample names it, and how many of the sample's answers do."""

    item: Discrepancy
    times: int


def _counted(sample: Sequence[Discrepancy], answers: int) -> list[_Named]:
    """Without what other votes came to, so that equal findings are equal."""
    return [
        _Named(item.model_copy(update={"agreement": None}), times_named(item, answers)) for item in sample
    ]


def _agreed(group: Sequence[_Named], answers: int) -> Discrepancy:
    severity = median_low(said.item.severity for said in group for _ in range(said.times))
    agreement = sum(said.times for said in group) / answers
    return _middle(group).model_copy(update={"severity": severity, "agreement": min(1.0, agreement)})


def _middle(group: Sequence[_Named]) -> Discrepancy:
    """The one that is most like the others, of those that tell a box if any does."""
    items = [said.item for said in group]
    placed = [item for item in items if item.box is not None] or items
    return max(placed, key=lambda item: (sum(likeness(item, other) for other in items), repr(item)))
