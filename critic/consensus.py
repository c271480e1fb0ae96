"""Several answers of one critic to one question, merged into what most of them say."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Sequence
from statistics import fmean, median_low
from typing import Protocol, runtime_checkable

from critic.errors import CriticError
from critic.fate import likeness, pairs
from critic.types import Critic, Critique, Discrepancy, by_severity
from prompts.usage import Usage
from renderers.types import Image, Kind


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

    async def _samples(self, kind: Kind, reference: Image, render: Image) -> Sequence[Critique]:
        if isinstance(self._critic, SamplingCritic) and self._critic.together:
            return await self._critic.samples(kind, reference, render, self._votes)
        asked = (self._critic.critique(kind, reference, render) for _ in range(self._votes))
        return await asyncio.gather(*asked)


def consensus(critic: str, samples: Sequence[Critique]) -> Critique:
    """Merge answers to one question; their order does not matter.

    Answers that failed or could not be read do not vote. Where none is left to vote, the consensus is such a
    failure itself: one that could not be read rather than one that could not be had.

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
    merged = merge([voter.discrepancies for voter in voters])
    found = voters[0].model_copy(update={**spent, "discrepancies": merged})
    return found.model_copy(update={"spread": _spread(found, voters)})


def _spread(found: Critique, voters: Sequence[Critique]) -> float:
    """Standard error of a consensus' severity sum, from how far its voters are apart.

    Two or three votes may be equal by chance, so that the error of a single answer counts as one vote more.
    """
    sums = [voter.severity for voter in voters]
    centre = fmean(sums)
    variance = (found.severity + 1 + sum((value - centre) ** 2 for value in sums)) / len(sums)
    return math.sqrt(variance / len(sums))


def merge(samples: Sequence[Sequence[Discrepancy]]) -> tuple[Discrepancy, ...]:
    """What at least half of the samples name, most severe first.

    Of an even number exactly half is enough: what is dropped is never mended, what is kept wrongly costs a
    revision some effort. Each group of discrepancies that are the same (see ``critic.fate``) becomes the one
    in the middle of it, with the median severity; of two middle ones the lower.
    """
    found: list[list[Discrepancy]] = []
    for sample in sorted((sorted(sample, key=_key) for sample in samples), key=_keys):
        known = [_middle(group) for group in found]
        matched = {later: earlier for earlier, later in pairs(known, sample)}
        for place, item in enumerate(sample):
            if place in matched:
                found[matched[place]].append(item)
            else:
                found.append([item])
    kept = [_agreed(group, len(samples)) for group in found if 2 * len(group) >= len(samples)]
    return by_severity(sorted(kept, key=lambda item: (-(item.agreement or 0.0), _key(item))))


def _agreed(group: Sequence[Discrepancy], samples: int) -> Discrepancy:
    severity = median_low(item.severity for item in group)
    return _middle(group).model_copy(update={"severity": severity, "agreement": len(group) / samples})


def _middle(group: Sequence[Discrepancy]) -> Discrepancy:
    """The one that is most like the others, of those that tell a box if any does."""
    placed = [item for item in group if item.box is not None] or group
    return max(placed, key=lambda item: (sum(likeness(item, other) for other in group), _key(item)))


def _key(item: Discrepancy) -> str:
    """Orders discrepancies by all that they say, so that nothing depends on the order of the samples."""
    return repr(item)


def _keys(sample: Iterable[Discrepancy]) -> list[str]:
    return [_key(item) for item in sample]
