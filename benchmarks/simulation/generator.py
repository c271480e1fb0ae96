"""A simulated generator: drafts of uneven quality, revisions that mend, miss and break."""

from __future__ import annotations

import asyncio
import math
import re
import zlib
from dataclasses import dataclass, replace

import numpy as np

from agent.testing import spend
from benchmarks.simulation.artefact import AREAS, COLUMNS, Artefact, Defect, area_at
from critic.types import CATEGORIES, Discrepancy, Severity
from graph.types import Action, Draft, Revision, Task
from prompts.errors import BudgetSpentError
from prompts.usage import Usage
from renderers.types import RenderStatus

_SEVERITIES: tuple[Severity, ...] = (1, 2, 3)
_SHARES = (0.35, 0.4, 0.25)
_NAME = re.compile(r"\b([A-D])([1-6])\b")


@dataclass(frozen=True, slots=True)
class GeneratorSkill:
    """How good a generator is; all but ``effort`` and the spreads are shares or probabilities.

    Attributes:
        fails: A draft does not run.
        wrong: Areas of a draft that are wrong, for the middle picture.
        between: Spread of that from picture to picture, in log-odds.
        within: The same from draft to draft of one picture.
        hard: Defects of a draft that no revision mends.
        lasting: The same of what revisions break, so that damage adds up.
        drift: Sound areas that are drawn a pixel or two off: in one layout few of them, in another most.
        mends: Code that did not run does after a revision.
        effort: Discrepancies that a revision attends to, in the order told, untried ones first.
        fixes: A discrepancy attended to is mended, where there is one and it is not hard.
        harms: A sound area attended to is broken.
        slips: Something else is broken on the way, for each discrepancy attended to and once more.
        breaks: A revision does not run.
        relays: A revision moves everything a little: the drift is drawn anew.
    """

    fails: float = 0.06
    wrong: float = 0.268
    between: float = 0.5
    within: float = 0.4
    hard: float = 0.28
    lasting: float = 0.8
    drift: float = 0.5
    mends: float = 0.85
    effort: int = 6
    fixes: float = 0.88
    harms: float = 0.11
    slips: float = 0.065
    breaks: float = 0.03
    relays: float = 0.3


class SimulatedGenerator:
    """Writes and revises artefacts; the same episode, seed and parent give the same code."""

    name = "simulated"
    samples = True

    def __init__(
        self,
        episode: int,
        skill: GeneratorSkill | None = None,
        *,
        latency: float = 0.0,
        usage: Usage | None = None,
    ) -> None:
        """Draft for one picture.

        Args:
            episode: Which picture; the seed of all that happens.
            skill: How good it is.
            latency: Seconds that an answer takes.
            usage: What an answer costs.
        """
        self._episode = episode
        self._skill = skill or GeneratorSkill()
        self._latency = latency
        self._usage = usage or Usage(calls=1, prompt_tokens=1_800, completion_tokens=900)

    async def draft(self, task: Task, seed: int) -> Draft:
        """A first version, for this seed."""
        return await self._answer(self._first(task, seed), ())

    async def revise(self, revision: Revision) -> Draft:
        """The parent with some of what was told mended, and perhaps something else broken."""
        return await self._answer(*self._revised(revision))

    async def _answer(self, artefact: Artefact, actions: tuple[Action, ...]) -> Draft:
        try:
            await spend(self._usage)
        except BudgetSpentError as error:
            return Draft(code="", failure=str(error))
        await asyncio.sleep(self._latency)
        return Draft(code=artefact.to_code(), actions=actions, usage=self._usage)

    def _first(self, task: Task, seed: int) -> Artefact:
        skill, rng = self._skill, np.random.default_rng([self._episode, 2, seed])
        picture = np.random.default_rng([self._episode, 3]).normal(0.0, skill.between)
        odds = math.log(skill.wrong / (1.0 - skill.wrong)) + picture + rng.normal(0.0, skill.within)
        areas = np.flatnonzero(rng.random(AREAS) < 1.0 / (1.0 + math.exp(-odds)))
        defects = {int(area): _defect(rng, int(area), task, skill.hard) for area in areas}
        return self._artefact(rng, defects, runs=bool(rng.random() >= skill.fails), nonce=seed)

    def _revised(self, revision: Revision) -> tuple[Artefact, tuple[Action, ...]]:
        skill, parent = self._skill, Artefact.from_code(revision.code)
        rng = np.random.default_rng([self._episode, 4, revision.seed, zlib.crc32(revision.code.encode())])
        if revision.status is not RenderStatus.OK:
            runs = bool(rng.random() < skill.mends)
            return replace(parent, runs=runs, nonce=revision.seed), (Action(description="mended on the log"),)
        defects = {defect.area: defect for defect in parent.defects}
        attended = _attended(revision, skill.effort)
        for index in attended:
            told = revision.discrepancies[index]
            area = area_of(told)
            if area is None:
                continue
            found, luck = defects.get(area), rng.random()
            if found is None and luck < skill.harms:
                defects[area] = _defect(rng, area, revision.task, skill.lasting)
            elif found is not None and _mendable(told, found, revision.task) and luck < skill.fixes:
                del defects[area]
        for _ in range(int(rng.binomial(len(attended) + 1, skill.slips))):
            area = int(rng.integers(AREAS))
            defects.setdefault(area, _defect(rng, area, revision.task, skill.lasting))
        runs = bool(rng.random() >= skill.breaks)
        drifted = None if rng.random() < skill.relays else parent.drifted
        actions = tuple(
            Action(
                discrepancy=index,
                description="changed" if index in attended else "left",
                done=index in attended,
            )
            for index in range(len(revision.discrepancies))
        )
        return self._artefact(rng, defects, runs=runs, nonce=revision.seed, drifted=drifted), actions

    def _artefact(
        self,
        rng: np.random.Generator,
        defects: dict[int, Defect],
        *,
        runs: bool,
        nonce: int,
        drifted: tuple[int, ...] | None = None,
    ) -> Artefact:
        if drifted is None:
            drift = rng.beta(self._skill.drift, 1.0 - self._skill.drift)  # nothing, everything or in between
            drifted = tuple(int(area) for area in np.flatnonzero(rng.random(AREAS) < drift))
        return Artefact(
            episode=self._episode,
            runs=runs,
            defects=tuple(defects[area] for area in sorted(defects)),
            drifted=tuple(area for area in drifted if area not in defects),
            nonce=nonce,
        )


def name_of(area: int) -> str:
    """What an area is called, as in a spreadsheet turned on its side: A1 to D6."""
    row, column = divmod(area, COLUMNS)
    return f"{'ABCD'[row]}{column + 1}"


def area_of(told: Discrepancy) -> int | None:
    """The area that a discrepancy is about: by its name, else by its box."""
    if (named := _NAME.search(told.location)) is not None:
        return "ABCD".index(named[1]) * COLUMNS + int(named[2]) - 1
    return area_at(told.box) if told.box else None


def _mendable(told: Discrepancy, found: Defect, task: Task) -> bool:
    """Whether a discrepancy leads to a defect, and the defect can be mended."""
    return told.category == CATEGORIES[task.kind][found.category] and not found.hard


def _attended(revision: Revision, effort: int) -> list[int]:
    """Indices of the discrepancies that a revision attends to: those least often tried in vain come first."""
    tried = [action.discrepancy for attempt in revision.attempts for action in attempt.actions if action.done]
    order = sorted(range(len(revision.discrepancies)), key=tried.count)
    return order[:effort]


def _defect(rng: np.random.Generator, area: int, task: Task, hard: float) -> Defect:
    return Defect(
        area=area,
        category=int(rng.integers(len(CATEGORIES[task.kind]))),
        severity=_SEVERITIES[rng.choice(3, p=_SHARES)],
        trait=int(rng.integers(256)),
        hard=bool(rng.random() < hard),
    )
