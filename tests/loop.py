"""Runs the loop on fakes, for the tests of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, Step, picture
from graph import Critiqued, Event, Result, RunContext, RunFolder, Search, Stopped, Task, stream
from graph.build import Graph
from prompts.allowance import Allowance
from renderers.types import Kind, Language, Size

REFERENCE = picture(Size(16, 16), seed=999)


class Loop:
    """One run on fakes, with everything that can be asked of it afterwards."""

    def __init__(
        self, steps: Sequence[Step], folder: Path, search: Search | None = None, *, samples: bool = True
    ) -> None:
        self.generator = ScriptedGenerator(steps, samples=samples)
        self.critic = ScriptedCritic()
        self.renderer = ScriptedRenderer()
        self.folder = folder
        self.search = search or Search()
        self.events: list[Event] = []
        self.first_done = asyncio.Event()
        self.fresh = True

    def context(self, *, asks: bool = False) -> RunContext:
        budget = self.search.budget
        return RunContext(
            task=Task(Kind.CHART, Language.PYTHON, REFERENCE),
            generator=self.generator,
            critic=self.critic,
            render=self.renderer.render,
            folder=RunFolder(self.folder, REFERENCE, Language.PYTHON, fresh=self.fresh),
            search=self.search,
            asks=asks,
            allowance=Allowance(calls=budget.calls, tokens=budget.tokens),
        )

    async def arun(self, graph: Graph | None = None, thread: str | None = None) -> Result:
        async for event in stream(self.context(), graph, thread):
            self.events.append(event)
            if isinstance(event, Critiqued):
                self.first_done.set()
        last = self.events[-1]
        assert isinstance(last, Stopped)
        return last.result

    def run(self) -> Result:
        return asyncio.run(self.arun())
