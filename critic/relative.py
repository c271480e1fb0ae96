"""Which of two renders is closer to the reference, asked of a critic in one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from critic.types import Critic
from prompts.usage import Usage
from renderers.types import Image, Kind


@dataclass(frozen=True, slots=True)
class Closer:
    """What was answered.

    Attributes:
        verdict: 1 where the second render is closer, -1 where the first is, 0 where neither or nobody knows.
        usage: What it cost.
    """

    verdict: int = 0
    usage: Usage = Usage()  # noqa: RUF009 - frozen


@runtime_checkable
class RelativeCritic(Critic, Protocol):
    """A critic that can judge two renders beside each other."""

    async def closer(self, kind: Kind, reference: Image, first: Image, second: Image) -> Closer:
        """Which of two renders is closer to the reference; a failure is no verdict, not an error."""
        ...


def relative(critic: Critic) -> RelativeCritic | None:
    """The critic that can judge two renders beside each other: itself, or the one that it asks."""
    asked: Critic | None = critic
    while asked is not None and not isinstance(asked, RelativeCritic):
        asked = getattr(asked, "asked", None)
    return asked
