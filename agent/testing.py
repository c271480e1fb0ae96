"""Fakes for tests of anything that is built on the loop: a scripted generator, critic and renderer.

They are deterministic, keep no clock, and draw nothing but small pictures, so that many runs are quick.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from agent.testing_answers import Asked, Fault, Reply, Script, scripted
from agent.testing_faults import Fault as CodeFault
from agent.testing_faults import FaultyProgram, FaultyWorld, Skill
from agent.testing_server import ModelServer
from critic.types import Critique, Discrepancy, Severity
from graph.types import Draft, Revision, Task
from prompts.allowance import current_allowance
from prompts.errors import BudgetSpentError
from prompts.usage import Usage
from renderers.types import Image, Kind, Language, Render, RenderStatus, Size

__all__ = [
    "Asked",
    "CodeFault",
    "Fault",
    "FaultyProgram",
    "FaultyWorld",
    "ModelServer",
    "Reply",
    "Script",
    "ScriptedCritic",
    "ScriptedGenerator",
    "ScriptedRenderer",
    "Skill",
    "Step",
    "picture",
    "scripted",
    "spend",
]


_UNSEEN = 24
"""Levels of a colour within which pixels count as alike (see ``critic.closeness``)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one candidate.

    Attributes:
        severity: Sum of the severities that the critic will find.
        similarity: What the critic will measure.
        status: How the render ends.
        code: False for a generator that has nothing to offer.
        usage: What the generator spends.
        delay: Seconds that the generator takes.
        error: Message of an exception that the generator raises; none where empty.
    """

    severity: int = 10
    similarity: float = 0.5
    status: RenderStatus = RenderStatus.OK
    code: bool = True
    usage: Usage = field(default_factory=Usage)
    delay: float = 0.0
    error: str = ""

    def to_code(self, seed: int) -> str:
        """Code that carries the script to the renderer and the critic."""
        return f"{seed}|{self.severity}|{self.similarity}|{self.status.value}"


class ScriptedGenerator:
    """Answers with the steps it was given, by seed; the last one for ever after."""

    name = "scripted"

    def __init__(self, steps: Sequence[Step], *, samples: bool = True) -> None:
        self.samples = samples
        self._steps = list(steps)
        self.revisions: list[Revision] = []

    async def draft(self, task: Task, seed: int) -> Draft:
        """The step of this seed."""
        return await self._answer(seed)

    async def revise(self, revision: Revision) -> Draft:
        """The step of this seed; what was asked is kept in ``revisions``."""
        self.revisions.append(revision)
        return await self._answer(revision.seed)

    async def _answer(self, seed: int) -> Draft:
        step = self._steps[min(seed, len(self._steps) - 1)]
        await asyncio.sleep(step.delay)
        if step.error:
            raise RuntimeError(step.error)
        if step.usage.calls:
            try:
                await spend(step.usage)
            except BudgetSpentError as error:
                return Draft(code="", failure=str(error))
        return Draft(code=step.to_code(seed) if step.code else "", usage=step.usage)


class ScriptedRenderer:
    """Draws a picture that is different for each code, and carries the script in its first pixels."""

    def __init__(self) -> None:
        self.count = 0

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        """Pixels for the code, or the failure that it is scripted for."""
        self.count += 1
        await asyncio.sleep(0)
        _, severity, similarity, status = code.split("|")
        if status != RenderStatus.OK:
            return Render(RenderStatus(status), log=f"scripted {status}")
        image = picture(size or Size(16, 16))
        image[0, 0] = (int(severity), *divmod(round(float(similarity) * 10_000), 256))
        own = np.frombuffer(hashlib.sha256(code.encode()).digest()[:3], dtype=np.uint8)
        image[0, 1] = 100 + own % _UNSEEN  # another picture, and none that is nearer to anything
        return Render(RenderStatus.OK, image)


class ScriptedCritic:
    """Finds what the render is scripted for."""

    name = "scripted"
    varies = False

    def __init__(self) -> None:
        self.count = 0

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """As many severe, medium and minor discrepancies as make up the scripted sum."""
        self.count += 1
        await asyncio.sleep(0)
        severity, high, low = (int(value) for value in render[0, 0])
        severe, rest = divmod(severity, 3)
        found = [_discrepancy(3) for _ in range(severe)]
        if rest:
            found.append(_discrepancy(2 if rest > 1 else 1))
        return Critique(
            critic=self.name, discrepancies=tuple(found), similarity=min(1.0, (high * 256 + low) / 10_000)
        )


async def spend(usage: Usage) -> None:
    """Draw on the run's allowance, as the chat client does; raises ``BudgetSpentError``."""
    allowance = current_allowance()
    granted = await allowance.reserve(usage.tokens, usage.tokens)
    await asyncio.sleep(0)
    allowance.settle(granted, usage)


def _discrepancy(severity: Severity) -> Discrepancy:
    return Discrepancy(category="data_error", severity=severity, description="scripted")


def picture(size: Size, seed: int = 0) -> Image:
    """A small noisy picture; different for each seed."""
    return np.random.default_rng(seed).integers(0, 255, (size.height, size.width, 3)).astype(np.uint8)
