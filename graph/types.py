"""The loop's own values: candidates, budgets, what a generator is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from critic.types import Critique, Discrepancy
from prompts.usage import Usage as Usage
from renderers.types import Image, Kind, Language, RenderStatus


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StopReason(StrEnum):
    """Why a run ended; running out is a result, never an exception."""

    TARGET = "target"
    PLATEAU = "plateau"
    ROUNDS = "rounds"
    CANDIDATES = "candidates"
    CALLS = "calls"
    TOKENS = "tokens"
    SECONDS = "seconds"
    CANCELLED = "cancelled"
    NO_RENDER = "no_render"


class Action(_Frozen):
    """What a generator did about one discrepancy.

    Attributes:
        discrepancy: Index into the discrepancies that the revision was given; None for an own initiative.
        description: What was done, or why nothing was: one short sentence.
        done: Whether the code was changed for it.
    """

    discrepancy: int | None = None
    description: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A generator's answer: code, and what it wants to remember about it.

    Attributes:
        code: The source text; empty when the generator has nothing (more) to offer.
        description: The generator's own notes for the next revision of this code (the embedded generator
            keeps the typed description as JSON), given back as ``Revision.description``. Opaque to the loop.
        actions: What was done, a revision's by discrepancy.
        usage: What it cost.
        failure: Why there is no code, where something went wrong: no server, refused, budget spent.
    """

    code: str
    description: str = ""
    actions: tuple[Action, ...] = ()
    usage: Usage = field(default_factory=Usage)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """The picture to reproduce and how: the same for every call of one run."""

    kind: Kind
    language: Language
    reference: Image


class Attempt(_Frozen):
    """A revision that was tried on the same parent and did not help."""

    actions: tuple[Action, ...] = ()
    reward: float = 0.0
    similarity: float = 0.0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a revision is made from.

    Attributes:
        task: The run's task.
        code: The parent's code.
        description: The notes that the generator left with the parent.
        render: The parent's pixels, or None where it failed to render.
        status: How the parent's render ended.
        log: The parent's render log; a failed render is revised on it.
        discrepancies: Most severe first, bounded in number.
        attempts: Earlier revisions of the same parent that were rejected.
        round: 1 for the first revision round.
        seed: Different for each revision of one run; the only source of randomness allowed.
    """

    task: Task
    code: str
    description: str
    render: Image | None
    status: RenderStatus
    log: str
    discrepancies: tuple[Discrepancy, ...]
    attempts: tuple[Attempt, ...] = ()
    round: int = 1
    seed: int = 0


class Generator(Protocol):
    """Writes code that draws a picture, and mends it."""

    name: str

    async def draft(self, task: Task, seed: int) -> Draft:
        """First code for the picture; ``seed`` 0, 1, 2, … asks for that many different drafts."""
        ...

    async def revise(self, revision: Revision) -> Draft:
        """Code that has fewer of the discrepancies."""
        ...


class PictureRef(_Frozen):
    """A picture in the run folder, by content address."""

    sha256: str
    width: int
    height: int


class RenderRecord(_Frozen):
    """What the loop remembers of a render; the pixels lie in the run folder."""

    status: RenderStatus
    picture: PictureRef | None = None
    log: str = ""
    seconds: float = 0.0


class Candidate(_Frozen):
    """One piece of code with its parent, round, render, critique, reward and usage."""

    id: int
    parent: int | None = None
    round: int = 0
    seed: int = 0
    code: str = ""
    """Content address of the code in the run folder; empty where the generator had nothing to offer."""
    description: str = ""
    """Content address of the generator's notes."""
    actions: tuple[Action, ...] = ()
    usage: Usage = Usage()
    render: RenderRecord | None = None
    critique: Critique | None = None
    reward: float = Field(default=0.0, ge=0.0, le=2.0)
    accepted: bool = False

    @property
    def similarity(self) -> float:
        """The critique's similarity; 0 where nothing rendered."""
        return self.critique.similarity if self.critique else 0.0


class Budget(_Frozen):
    """What a run may spend; None is no bound."""

    rounds: int = Field(default=3, ge=0)
    candidates: int | None = Field(default=None, ge=1)
    calls: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)
