"""The loop's own values: candidates, budgets, what a generator is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, field_validator

from critic.human import HUMAN
from critic.reward import RENDERED
from critic.types import Critique, Discrepancy
from graph.choosing import POLICIES
from prompts.usage import Usage as Usage
from renderers.types import Image, Kind, Language, RenderStatus, Size


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
    PERSON = "person"
    ERROR = "error"


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
        author: Who wrote the code, where the generator is several; see ``Candidate.author``.
        failure: Why there is no code, where something went wrong: no server, refused, budget spent.
    """

    code: str
    description: str = ""
    actions: tuple[Action, ...] = ()
    usage: Usage = field(default_factory=Usage)
    failure: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """The picture to reproduce and how: the same for every call of one run.

    Attributes:
        kind: What it shows.
        language: What to write.
        reference: Its pixels.
        scale: How many of them a CSS pixel has across, where a browser draws the code (tables and pages).
        target: Format that a model is to write within the language (React in a page); empty for any.
    """

    kind: Kind
    language: Language
    reference: Image
    scale: float = 1.0
    target: str = ""

    @property
    def size(self) -> Size:
        """What a render must be as large as."""
        from renderers.pictures import size_of  # types alone load no library of pictures

        return size_of(self.reference, self.scale)


class Attempt(_Frozen):
    """A revision that was tried on the same parent and did not help.

    Attributes:
        actions: What was done.
        reward: Of its render.
        similarity: Of its render.
        before: The parent's similarity.
        added: What the critic named that it had not named of the parent.
        fixed: How many discrepancies of the parent it no longer named.
        failure: Why there is no render.
        drawn: Whether it brought code at all.
        author: Who made it; see ``Candidate.author``.
    """

    actions: tuple[Action, ...] = ()
    reward: float | None = 0.0
    similarity: float | None = 0.0
    before: float | None = None
    added: tuple[str, ...] = ()
    fixed: int = 0
    failure: str = ""
    drawn: bool = True
    author: str = ""


class Record(_Frozen):
    """What became of the revisions of one of several generators in a run.

    Attributes:
        author: Who made them; see ``Candidate.author``.
        tried: How many there are.
        kept: How many of them were accepted.
    """

    author: str
    tried: int = 0
    kept: int = 0

    @property
    def rate(self) -> float:
        """Share that is accepted, as far as so many tell: one half before there is any."""
        return (self.kept + 1) / (self.tried + 2)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a revision is made from.

    Attributes:
        task: The run's task.
        code: The parent's code.
        description: The notes that the generator left with the parent.
        render: The parent's pixels, or None where it failed to render.
        status: How the parent's render ended.
        log: The parent's render log; a failed render is revised on it, trimmed.
        discrepancies: Most severe first, bounded in number.
        attempts: Earlier revisions of the same parent that were rejected.
        earlier: Revisions of those that the parent came from, the oldest first, that were rejected.
        records: How each of several generators has done in this run.
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
    earlier: tuple[Attempt, ...] = ()
    records: tuple[Record, ...] = ()
    round: int = 1
    seed: int = 0


class Generator(Protocol):
    """Writes code that draws a picture, and mends it.

    Attributes:
        name: What it is called.
        samples: Whether each seed is a sample of its own, as a model's answers are. Otherwise what is asked
            for twice side by side comes out the same, and first drafts of other seeds are other readings of
            the picture, the likeliest first.
    """

    name: str
    samples: bool

    async def draft(self, task: Task, seed: int) -> Draft:
        """First code for the picture; ``seed`` 0, 1, 2, … asks for that many different drafts."""
        ...

    async def revise(self, revision: Revision) -> Draft:
        """Code that has fewer of the discrepancies."""
        ...


class PictureRef(_Frozen):
    """A picture in the run folder, by content address.

    Attributes:
        sha256: SHA-256 of its PNG file, in hexadecimal. The same pixels make the same file.
        width: In pixels.
        height: In pixels.
    """

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
    """One piece of code with its parent, round, render, critique, reward and usage.

    Attributes:
        id: Number in the order of planning, from 0.
        parent: The candidate it revises; None for a first draft.
        round: 0 for first drafts, then the revision round.
        code: File of the code in the run folder; empty where the generator had nothing to offer.
        description: File of the generator's notes in the run folder; empty for none.
        actions: What the generator did, by discrepancy of the parent.
        usage: What the generator spent.
        render: How it rendered; None where it never came to that.
        critique: What the critic said; None where nothing rendered.
        reward: See ``critic.reward``; 0..2. None where it rendered and nobody could say how good it is.
        accepted: Whether it is better than its parent (a first draft: whether it rendered).
        nearer: Whether its pixels are nearer to the reference than its parent's; see ``critic.closeness``.
        closer: 1 where a critic that saw it beside its parent finds it closer to the reference, -1 where it
            finds the parent closer, 0 where it was not asked or sees no difference.
        score: What it is ranked by; see ``graph.acceptance``. None while that is not decided.
        failure: Why a step could not be done at all (model server gone, time over); empty when all were.
        author: Who wrote the code, if not the generator: ``human``, ``merge``, or one of several generators.
    """

    id: int
    parent: int | None = None
    round: int = 0
    code: str = ""
    description: str = ""
    actions: tuple[Action, ...] = ()
    usage: Usage = Usage()
    render: RenderRecord | None = None
    critique: Critique | None = None
    reward: float | None = Field(default=0.0, ge=0.0, le=2.0)
    accepted: bool = False
    nearer: tuple[float, ...] = ()
    closer: int = Field(default=0, ge=-1, le=1)
    score: float | None = None
    failure: str = ""
    author: str = ""

    @property
    def judged(self) -> bool:
        """Whether it rendered and a critic said how good it is."""
        return self.critique is not None and self.reward is not None

    @property
    def similarity(self) -> float | None:
        """The critique's similarity; 0 where nothing rendered, None where there is no reward either."""
        if self.reward is None:
            return None
        return self.critique.similarity if self.critique else 0.0

    @property
    def standing(self) -> tuple[float, float]:
        """Reward and similarity to rank by: what nobody judged stands below all that was, above no render."""
        if self.reward is None or self.similarity is None:
            return RENDERED, 0.0
        return self.reward, self.similarity

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """The critique's discrepancies; none where nothing rendered."""
        return self.critique.discrepancies if self.critique else ()

    @property
    def spent(self) -> Usage:
        """What generator and critic spent on it."""
        return self.usage + self.critique.usage if self.critique else self.usage


class Work(_Frozen):
    """One candidate to make: a first draft, or a revision of ``parent``.

    Attributes:
        id: Of the candidate.
        round: In which it is made; 0 for the first drafts.
        parent: What it revises; None for a first draft.
        attempts: What was tried on the parent and rejected.
        earlier: What was tried on those that the parent came from, and rejected.
        records: How each of several generators has done so far.
        draft: For a first draft, how many were drafted before it: its seed.
        code: What is drawn in place of the parent's code; the generator is asked where empty.
        author: Who wrote that code.
        actions: What it did.
    """

    id: int
    round: int = 0
    parent: Candidate | None = None
    attempts: tuple[Attempt, ...] = ()
    earlier: tuple[Attempt, ...] = ()
    records: tuple[Record, ...] = ()
    draft: int = 0
    code: str = ""
    author: str = HUMAN
    actions: tuple[Action, ...] = ()


class Budget(_Frozen):
    """What a run may spend; None is no bound.

    Attributes:
        rounds: Revision rounds after the first drafts.
        candidates: Pieces of code, first drafts included.
        calls: Model calls.
        tokens: Prompt and completion tokens together.
        seconds: Wall-clock time.
    """

    rounds: int = Field(default=3, ge=0)
    candidates: int | None = Field(default=None, ge=1)
    calls: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)


class Search(_Frozen):
    """How the budget is spent.

    Attributes:
        policy: Who decides what each round's calls are spent on, by name or path (see ``graph.choosing``);
            by default ``adaptive`` for several drafts and ``beam`` for one (which with one revision a round
            is reflection).
        width: First drafts (best-of-N).
        beam: Best candidates that are revised in each round.
        revisions: Revisions of each of them.
        repairs: Discrepancies that a revision is given, most severe first.
        patience: Rounds without a gain before the run has reached its plateau; of ``adaptive``, revisions
            of one candidate before it is left alone.
        min_gain: Gain in reward plus similarity that counts as one.
        target: Reward at which the run stops.
        budget: What may be spent.
    """

    policy: str | None = None
    width: int = Field(default=1, ge=1)
    beam: int = Field(default=1, ge=1)
    revisions: int = Field(default=1, ge=1)
    repairs: int = Field(default=20, ge=1)
    patience: int = Field(default=2, ge=1)
    min_gain: float = Field(default=0.0005, ge=0.0)
    target: float | None = Field(default=None, ge=0.0, le=2.0)
    budget: Budget = Budget()

    @field_validator("policy")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            POLICIES.check(value)
        return value


class Result(_Frozen):
    """What a run came to.

    Attributes:
        candidates: All of them, by id.
        best: The best so far at the end; None where nothing rendered.
        first: The first draft that the gain is counted from.
        stop_reason: Why it ended.
        rounds: Revision rounds done.
        seconds: Wall-clock time.
        error: Message of the failure that ended the run early; empty for none.
    """

    candidates: tuple[Candidate, ...] = ()
    best: Candidate | None = None
    first: Candidate | None = None
    stop_reason: StopReason
    rounds: int = 0
    seconds: float = 0.0
    error: str = ""

    @property
    def usage(self) -> Usage:
        """What all candidates spent together."""
        return sum((candidate.spent for candidate in self.candidates), Usage())
