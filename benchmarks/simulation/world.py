"""A picture with everything that a run on it needs: reference, generator, critic, renderer."""

from __future__ import annotations

import asyncio

from benchmarks.simulation.artefact import Artefact, draw
from benchmarks.simulation.critic import CriticSkill, SimulatedCritic
from benchmarks.simulation.generator import GeneratorSkill, SimulatedGenerator
from graph.types import Task
from renderers.types import LANGUAGES, Kind, Language, Render, RenderStatus, Size


class SimulatedWorld:
    """One episode of an experiment.

    Its parts go into ``graph.RunContext`` as they are: ``task``, ``generator``, ``critic``, ``render``.

    Attributes:
        episode: Which picture; all chance comes from it and from the seeds that the loop hands out.
        task: The picture to reproduce.
        generator: Writes and revises artefacts.
        critic: Judges their renders.
    """

    def __init__(
        self,
        episode: int,
        *,
        generator: GeneratorSkill | None = None,
        critic: CriticSkill | None = None,
        kind: Kind = Kind.CHART,
        latency: float = 0.0,
    ) -> None:
        """Set up an episode.

        Args:
            episode: Which picture.
            generator: How good the generator is.
            critic: How good the critic is.
            kind: Whose categories the defects have.
            latency: Seconds that generator and critic take for an answer.
        """
        self.episode = episode
        self.task = Task(kind, LANGUAGES[kind][0], draw(Artefact(episode)))
        self.generator = SimulatedGenerator(episode, generator, latency=latency)
        self.critic = SimulatedCritic(episode, critic, latency=latency)

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        """Draw a piece of simulated code."""
        await asyncio.sleep(0)
        artefact = Artefact.from_code(code)
        if not artefact.runs:
            return Render(RenderStatus.ERROR, log="SimulatedError: this code does not run")
        return Render(RenderStatus.OK, draw(artefact))
