"""Stand-ins for two models on real code: faults with known truth, mended and broken, seen and missed.

A program of any kind gets faults from the taxonomy of ``agent.injection``. The generator mends one named
fault at a time and sometimes breaks another; the critic misses some, invents some, is unsure of severities
and now and then answers what cannot be read. Renders are real, so that all between the two is tried as it is:
acceptance, the memory of what failed, prompts. Imported from ``agent.testing``.
"""

from __future__ import annotations

import asyncio
import importlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from agent.injection.plan import Edit, Plan
from critic.relative import Closer
from critic.similarity import similarity
from critic.types import CATEGORIES, Critique, Discrepancy, Severity, by_severity
from graph.types import Action, Draft, Revision, Task
from prompts.usage import Usage
from renderers.pictures import digest
from renderers.types import Image, Kind, Language, Render, RenderStatus, Size

RenderCode = Callable[[Kind, str, Language, Size | None], Awaitable[Render]]
_TRIES = 200
_SEVERITIES: tuple[Severity, ...] = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be wrong with a program, and what is said of it."""

    category: str
    severity: Severity
    location: str
    description: str


class FaultyProgram:
    """A program, the faults that can be put into it, and its code for each set of them.

    Attributes:
        kind: What it draws.
        faults: All there are, by number.
    """

    def __init__(
        self, kind: Kind, code: str, faults: int, seed: int = 0, vary: Callable[[str], str] = str
    ) -> None:
        """Choose the faults.

        Args:
            kind: What the program draws.
            code: The program as it should be.
            faults: How many to choose; there are fewer where the program has no place for so many.
            seed: Chooses them.
            vary: What else is done to every code, such as another layout: no fault, and never mended.
        """
        self.kind = kind
        self._code, self._vary = code, vary
        self._module = importlib.import_module(f"agent.injection.{kind.value}")
        self._chosen: list[tuple[Edit[Any], str]] = []
        found: list[Fault] = []
        shared, touched = self._module.parse(code), set[Any]()
        chance = random.Random(seed)
        for number in range(_TRIES):
            if len(found) == faults:
                break
            edit, own = chance.choice(self._module.EDITS), f"{seed}/{number}"
            plan: Plan | None = edit.plan(shared, random.Random(own))
            if plan is None or plan.touched & touched:
                continue
            touched |= plan.touched
            self._chosen.append((edit, own))
            found.append(Fault(edit.category, plan.severity, plan.location, plan.description))
        self.faults = tuple(found)
        self._known: dict[str, frozenset[int]] = {}

    def code(self, present: frozenset[int]) -> str:
        """The program with these faults in it."""
        document = self._module.parse(self._code)
        plans = [self._chosen[number] for number in sorted(present)]
        planned = [edit.plan(document, random.Random(own)) for edit, own in plans]
        for plan in sorted(filter(None, planned), key=lambda item: item.moves):
            plan.do()
        return self._vary(str(self._module.write(document)))

    def faults_of(self, code: str) -> frozenset[int]:
        """The faults in code that somebody put together; all there are where no set of them gives it."""
        if not self._known:
            numbers = range(len(self.faults))
            sets = (
                frozenset(some) for count in range(len(numbers) + 1) for some in combinations(numbers, count)
            )
            self._known = {self.code(some): some for some in sets}
        return self._known.get(code, frozenset(range(len(self.faults))))

    def severity(self, present: frozenset[int]) -> int:
        """The true sum of severities."""
        return sum(self.faults[number].severity for number in present)


@dataclass(frozen=True, slots=True)
class Skill:
    """How good the two models are; shares and probabilities.

    Attributes:
        mends: A named fault that is attended to is mended.
        breaks: A revision puts another fault in.
        misses: A fault is not named.
        invents: Faults named that are not there, for each that is, and at least as if there were one.
        misjudges: A severity is one off.
        garbles: An answer of the critic cannot be read.
        confuses: Of two renders beside each other the wrong one is named, each time that they are shown.
        attends: Differences at most that a revision is about, of those that it is told; each may be mended,
            and for each another fault may come in.
    """

    mends: float = 0.8
    breaks: float = 0.25
    misses: float = 0.3
    invents: float = 0.3
    misjudges: float = 0.3
    garbles: float = 0.03
    confuses: float = 0.25
    attends: int = 1


class FaultyWorld:
    """One run's task, generator, critic and renderer; what is true of each code is known.

    Attributes:
        task: The picture to reproduce.
        generator: Mends and breaks.
        critic: Sees and misses.
        judge: Does, too, and compares two renders.
        present: The faults of each code made so far.
    """

    def __init__(
        self,
        program: FaultyProgram,
        reference: Image,
        render: RenderCode,
        *,
        first: frozenset[int],
        skill: Skill | None = None,
        seed: int = 0,
    ) -> None:
        """Set up a run.

        Args:
            program: What is refined.
            reference: The picture of the program as it should be.
            render: Draws code.
            first: The faults of a first draft; drafts after the first have others of the same number.
            skill: How good the models are.
            seed: All chance comes from it.
        """
        self.program, self.skill, self._render = program, skill or Skill(), render
        language = {Kind.CHART: Language.PYTHON, Kind.SVG: Language.SVG}.get(program.kind, Language.HTML)
        self.task = Task(program.kind, language, reference)
        self.present: dict[str, frozenset[int]] = {}
        self.seen: dict[str, frozenset[int]] = {}
        self.generator = FaultyGenerator(self, first, seed)
        self.critic = FaultyCritic(self, seed)
        self.judge = FaultyJudge(self, seed)

    def code(self, present: frozenset[int]) -> str:
        """The code with these faults, remembered."""
        code = self.program.code(present)
        self.present[code] = present
        return code

    def true_severity(self, code: str) -> int:
        """The true sum of severities of a piece of code."""
        return self.program.severity(self.faults(code))

    def faults(self, code: str) -> frozenset[int]:
        """The faults of a piece of code, who made it or not."""
        if code not in self.present:
            self.present[code] = self.program.faults_of(code)
        return self.present[code]

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        """Draw a piece of code."""
        drawn = await self._render(kind, code, language, size)
        if drawn.status is RenderStatus.OK and drawn.image is not None:
            self.seen[digest(drawn.image)] = self.faults(code)
        return drawn


class FaultyGenerator:
    """Mends one named fault at a time, first those that were not tried; sometimes breaks another."""

    name = "faulty"
    samples = True

    def __init__(self, world: FaultyWorld, first: frozenset[int], seed: int) -> None:
        self._world, self._first, self._seed = world, first, seed

    async def draft(self, task: Task, seed: int) -> Draft:
        """The first draft, or one with other faults of the same number."""
        faults = len(self._world.program.faults)
        chosen = random.Random(f"{self._seed} draft {seed}").sample(range(faults), len(self._first))
        present = self._first if seed == 0 else frozenset(chosen)
        return Draft(code=self._world.code(present), usage=Usage(calls=1))

    async def revise(self, revision: Revision) -> Draft:
        """The parent without some of the faults that are named; with findings that are none, as it was."""
        world, chance = self._world, random.Random(f"{self._seed} revision {revision.seed}")
        present = after = world.faults(revision.code)
        places: list[int | None] = [*_untried(revision)[: world.skill.attends]] or [None]
        for place in places:
            named = None if place is None else revision.discrepancies[place].description
            after = frozenset(
                number
                for number in after
                if world.program.faults[number].description != named or chance.random() >= world.skill.mends
            )
            sound = sorted(set(range(len(world.program.faults))) - present - after)
            if sound and chance.random() < world.skill.breaks:
                after |= {chance.choice(sound)}
        actions = tuple(_action(revision, place, after != present) for place in places)
        if after == present:
            return Draft(code="", actions=actions, usage=Usage(calls=1))
        return Draft(code=world.code(after), actions=actions, usage=Usage(calls=1))


def _action(revision: Revision, place: int | None, done: bool) -> Action:
    named = None if place is None else revision.discrepancies[place].description
    return Action(discrepancy=place, description=f"changed: {named}", done=done)


def _untried(revision: Revision) -> list[int]:
    """The discrepancies, those first that no rejected attempt was about; then the least often tried ones."""
    tried = [action.description for attempt in revision.attempts for action in attempt.actions]
    return sorted(
        range(len(revision.discrepancies)),
        key=lambda place: tried.count(f"changed: {revision.discrepancies[place].description}"),
    )


class FaultyCritic:
    """Names what it sees of the faults that a render's code has; asked again, it answers anew."""

    name = "faulty"
    varies = True

    def __init__(self, world: FaultyWorld, seed: int) -> None:
        self._world, self._chance = world, random.Random(f"{seed} critic")
        self._likeness: dict[str, float] = {}

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """One answer."""
        skill, chance = self._world.skill, self._chance
        address = digest(render)
        if address not in self._likeness:
            self._likeness[address] = await asyncio.to_thread(similarity, reference, render)
        likeness = self._likeness[address]
        critique = Critique(critic=self.name, similarity=likeness, usage=Usage(calls=1))
        if chance.random() < skill.garbles:
            return critique.model_copy(update={"failure": "unreadable", "fallback": 25})
        present = self._world.seen[address]
        named = [self._world.program.faults[number] for number in sorted(present)]
        found = [self._said(fault) for fault in named if chance.random() >= skill.misses]
        found += [
            _invented(kind, chance) for _ in range(max(1, len(named))) if chance.random() < skill.invents
        ]
        return critique.model_copy(update={"discrepancies": by_severity(found)})

    def _said(self, fault: Fault) -> Discrepancy:
        off = self._chance.choice((-1, 1)) if self._chance.random() < self._world.skill.misjudges else 0
        return Discrepancy(
            category=fault.category,
            severity=_SEVERITIES[min(max(0, fault.severity + off - 1), 2)],
            location=fault.location,
            description=fault.description,
        )


class FaultyJudge(FaultyCritic):
    """The same, and it judges two renders beside each other, now and then wrongly."""

    async def closer(self, kind: Kind, reference: Image, first: Image, second: Image) -> Closer:
        """The one with the smaller true severity, as it seems in both orders."""
        worse, better = (
            self._world.program.severity(self._world.seen[digest(item)]) for item in (first, second)
        )
        truth = (worse > better) - (worse < better)
        forth, back = (truth if self._chance.random() >= self._world.skill.confuses else -truth for _ in "12")
        return Closer(forth if forth == back else 0, Usage(calls=2))


def _invented(kind: Kind, chance: random.Random) -> Discrepancy:
    number = chance.randrange(1_000)
    return Discrepancy(
        category=chance.choice(CATEGORIES[kind]),
        severity=chance.choice((1, 1, 2, 2, 3)),
        location=f"part {number}",
        description=f"part {number} seems to differ",
    )


__all__ = ["Fault", "FaultyProgram", "FaultyWorld", "Skill"]
