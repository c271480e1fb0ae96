"""Batches on fakes, and pictures and sources for them, for the tests of batches."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image as PILImage

from agent.api import RefinementAgent
from agent.batch.events import Event
from agent.batch.job import Agents, Job, run_job
from agent.batch.local import run_local
from agent.batch.refining import Wanted
from agent.batch.sizing import Jobs
from agent.batch.sources import open_source
from agent.batch.totals import Totals
from agent.settings import Settings
from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, Step, picture
from critic.types import Critic
from graph.types import Budget, Generator, Search
from renderers.service import Renderers
from renderers.types import Image, Kind, Language, Render, Size

ONE_STEP = (Step(),)
ONE_ROUND = Search(budget=Budget(rounds=1))


class FakeRenderers(Renderers):
    """Draws what the scripted generator says."""

    def __init__(self) -> None:
        super().__init__()
        self._scripted = ScriptedRenderer()

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        return await self._scripted.render(kind, code, language, size)


class FakeAgent(RefinementAgent):
    """An agent on which every part is scripted."""

    def __init__(
        self, generator: Generator, search: Search = ONE_ROUND, critic: Critic | None = None
    ) -> None:
        super().__init__(search, generator=generator, critic=critic or ScriptedCritic())
        self._renderers = FakeRenderers()
        self.opening = replace(self.opening, renderers=self._renderers)


def fake_agents(generator: Generator | Sequence[Step] = ONE_STEP, search: Search = ONE_ROUND) -> Agents:
    """Makes fake agents, as the settings make real ones."""

    @asynccontextmanager
    async def made() -> AsyncIterator[RefinementAgent]:
        chosen = ScriptedGenerator(generator) if isinstance(generator, Sequence) else generator
        async with FakeAgent(chosen, search) as agent:
            yield agent

    return made


def job(source: Path | str, out: Path, agents: Agents | None = None, **changes: Any) -> Job:
    """A job on fakes that takes every picture for a chart."""
    made = Job(
        source=open_source(str(source), without=out),
        out=out,
        settings=Settings(search=ONE_ROUND),
        agent=agents or fake_agents(),
        jobs=Jobs.fixed(2),
        wanted=Wanted(kind=Kind.CHART),
    )
    return replace(made, **changes)


def run(job: Job, tell: Callable[[Event], None] = lambda event: None) -> Totals:
    """Run a job to its end."""
    return asyncio.run(run_job(job, run_local, tell))


def rows(out: Path) -> list[dict[str, Any]]:
    """What a batch has written."""
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def png(seed: int = 0, size: tuple[int, int] = (16, 16)) -> bytes:
    """A small picture as a PNG file."""
    buffer = io.BytesIO()
    PILImage.fromarray(noise(seed, size)).save(buffer, "PNG")
    return buffer.getvalue()


def noise(seed: int = 0, size: tuple[int, int] = (16, 16)) -> Image:
    """A small noisy picture."""
    return picture(Size(*size), seed)


def drawings_of(path: Path, count: int) -> Path:
    """A folder of so many drawings of one coloured bar each, which are quick to look at."""
    path.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        image = PILImage.new("RGB", (32, 32), "white")
        image.paste((200, 5 * number, 0), (2, 2, 12 + number, 20))
        image.save(path / f"{number:04d}.png")
    return path


def folder_of(path: Path, count: int) -> Path:
    """A folder of so many different pictures."""
    path.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (path / f"{number:04d}.png").write_bytes(png(number))
    return path
