"""A simulated critic: sees some of what is wrong, and some of what is not."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from agent.testing import spend
from benchmarks.simulation.artefact import AREAS, box_of, cell_of, shown
from benchmarks.simulation.generator import name_of
from critic.similarity import similarity
from critic.types import CATEGORIES, Box, Critique, Discrepancy, Severity, by_severity
from prompts.errors import BudgetSpentError
from prompts.usage import Usage
from renderers.pictures import digest
from renderers.types import Image, Kind

_THINGS = ("bar", "label", "line", "mark", "tick", "legend entry", "frame")
_SAID = (
    "the {what} of the {thing} differs from the reference",
    "the {thing} has another {what} than in the reference",
    "{thing}: wrong {what}",
    "the {thing} does not match, its {what} is off",
)
_USUALLY_WRONG = 0.25
_ALARM_SEVERITIES: tuple[Severity, ...] = (1, 1, 1, 1, 2, 2, 2, 3)


@dataclass(frozen=True, slots=True)
class CriticSkill:
    """How good a critic is; all but the name are shares or probabilities.

    Attributes:
        name: What the critic is called.
        recall: A defect is named, on average.
        alarms: A sound area is said to be wrong, on average.
        steadiness: How much its answers to one question have in common: 0 where each defect is named, or area
            falsely blamed, anew by chance; 1 where it always or never is (an intra-class correlation).
        misnames: A defect is named with a wrong category.
        misjudges: A severity is one off.
        mood: How much its strictness varies from picture to picture, in log-odds.
        impression: How much stricter it is with a render that is wrong all over than with one that is sound
            all over, in log-odds: a vague sense of the whole.
        placed: The place is told as a box, else by name.
        sharp: It never blames an area whose pixels are equal, as a critic that compares pixels.
    """

    name: str = "visual-erm"
    recall: float = 0.52
    alarms: float = 0.17
    steadiness: float = 0.4
    misnames: float = 0.1
    misjudges: float = 0.3
    mood: float = 0.2
    impression: float = 0.5
    placed: float = 0.6
    sharp: bool = False


VISUAL_ERM = CriticSkill()
"""Right about half of the time."""

ITSELF = CriticSkill("itself", recall=0.055, alarms=0.3, impression=3.5)
"""The generator's model as its own critic: it hardly ever sees what is wrong."""

PIXEL = CriticSkill(
    "pixel", recall=0.9, alarms=0.5, steadiness=0.99, mood=0.0, impression=0.0, placed=1.0, sharp=True
)
"""Right as often as this project's pixel critic on edited charts: recall 0.83, precision 0.50."""


class SimulatedCritic:
    """Finds what it finds in the pixels of the two pictures alone; each call draws another answer."""

    def __init__(
        self,
        episode: int,
        skill: CriticSkill | None = None,
        *,
        latency: float = 0.0,
        usage: Usage | None = None,
    ) -> None:
        """Judge renders of one picture.

        Args:
            episode: Which picture; the seed of all chance.
            skill: How good it is.
            latency: Seconds that an answer takes.
            usage: What an answer costs.
        """
        self._episode = episode
        self._skill = skill or CriticSkill()
        self.name = self._skill.name
        self._latency = latency
        self._usage = usage or Usage(calls=1, prompt_tokens=2_600, completion_tokens=350)
        self._asked: Counter[str] = Counter()

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """One answer; asked again about the same render, another one."""
        address = digest(render)
        self._asked[address] += 1
        sample = self._asked[address]
        likeness = similarity(reference, render)
        try:
            await spend(self._usage)
        except BudgetSpentError as error:
            return Critique(critic=self.name, similarity=likeness, failure=str(error))
        await asyncio.sleep(self._latency)
        return Critique(
            critic=self.name,
            discrepancies=self._found(kind, reference, render, f"{address} {sample}"),
            similarity=likeness,
            usage=self._usage,
        )

    def _found(self, kind: Kind, reference: Image, render: Image, question: str) -> tuple[Discrepancy, ...]:
        skill, categories = self._skill, CATEGORIES[kind]
        rng = np.random.default_rng(list(_bytes(f"{self._episode} {skill.name} {question}")))
        truth = [shown(cell_of(render, area)) for area in range(AREAS)]
        named = rng.random(AREAS) < self._chances(reference, render, truth)
        found = []
        for area in map(int, np.flatnonzero(named)):
            category, severity, _ = truth[area] or self._imagined(render, area, len(categories))
            if rng.random() < skill.misnames:
                category = int(rng.integers(len(categories)))
            if rng.random() < skill.misjudges:
                severity = _clamped(severity + int(rng.choice((-1, 1))))
            found.append(
                Discrepancy(
                    category=categories[category % len(categories)],
                    severity=severity,
                    location=name_of(area),
                    description=_words(rng, area, categories[category % len(categories)]),
                    box=_about(rng, box_of(area)) if rng.random() < skill.placed else None,
                )
            )
        return by_severity(found)

    def _chances(
        self, reference: Image, render: Image, truth: list[tuple[int, Severity, int] | None]
    ) -> NDArray[np.float64]:
        """How probably each area is named: a trait of its defect, or of its pixels where it is sound."""
        skill = self._skill
        means = np.array([skill.alarms if item is None else skill.recall for item in truth])
        places = np.array([self._trait(render, area, item) for area, item in enumerate(truth)])
        belief = (1.0 - skill.steadiness) / skill.steadiness
        chances = np.asarray(beta.ppf(places, means * belief, (1.0 - means) * belief))
        odds = np.exp(self._strictness(sum(item is not None for item in truth) / AREAS))
        chances = chances * odds / (1.0 - chances + chances * odds)
        if skill.sharp:
            for area in range(AREAS):
                if np.array_equal(cell_of(reference, area), cell_of(render, area)):
                    chances[area] = 0.0
        return np.asarray(chances, dtype=np.float64)

    def _strictness(self, wrong: float) -> float:
        """How much likelier than usual anything is named, in log-odds, where so much is wrong."""
        mood = np.random.default_rng(list(_bytes(f"{self._episode} {self._skill.name}")))
        return float(mood.normal(0.0, self._skill.mood) + self._skill.impression * (wrong - _USUALLY_WRONG))

    def _trait(self, render: Image, area: int, item: tuple[int, Severity, int] | None) -> float:
        seen = str(item[2]) if item else cell_of(render, area).tobytes().hex()
        return (_bytes(f"{self._skill.name} {area} {seen}")[0] + 0.5) / 256.0

    def _imagined(self, render: Image, area: int, categories: int) -> tuple[int, Severity, int]:
        """What a false alarm is about: the same each time for the same pixels."""
        luck = _bytes(f"imagined {area} {cell_of(render, area).tobytes().hex()}")
        return luck[0] % categories, _ALARM_SEVERITIES[luck[1] % len(_ALARM_SEVERITIES)], 0


def _bytes(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _clamped(severity: int) -> Severity:
    return 1 if severity < 2 else 2 if severity == 2 else 3


def _about(rng: np.random.Generator, box: Box) -> Box:
    """A box as inexact as critics give it."""
    return Box(*(float(edge + rng.integers(-2, 3)) for edge in box))


def _words(rng: np.random.Generator, area: int, category: str) -> str:
    said = _SAID[int(rng.integers(len(_SAID)))]
    return said.format(thing=_THINGS[area % len(_THINGS)], what=category.removesuffix("_error"))
