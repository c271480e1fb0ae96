"""The embedded generator: OCR and classical vision on the CPU, a module a kind."""

from __future__ import annotations

import importlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from agent.generators.embedded.types import Bench, KindGenerator
from critic.reading import Reader
from graph.types import Draft, Revision, Task, Usage
from renderers.pictures import size_of
from renderers.types import Kind, Language, Render, Size

RenderCode = Callable[[Kind, str, Language, Size | None], Awaitable[Render]]


class EmbeddedGenerator:
    """Reads the picture into a typed description, writes code from it, and mends both by discrepancy."""

    name = "embedded"
    samples = False

    def __init__(self, reader: Reader, render: RenderCode) -> None:
        """Share the critic's ``reader``, so that the reference is read once.

        Args:
            reader: The readings of the run.
            render: Renders code, for trial renders while revising.
        """
        self._reader = reader
        self._render = render

    async def draft(self, task: Task, seed: int) -> Draft:
        """First code, from the pixels alone."""
        started = time.perf_counter()
        draft = await _kind_generator(task.kind).draft(task, self._bench(task), seed)
        return _timed(draft, started)

    async def revise(self, revision: Revision) -> Draft:
        """Code that mends the discrepancies, by category and place."""
        started = time.perf_counter()
        task = revision.task
        draft = await _kind_generator(task.kind).revise(revision, self._bench(task))
        return _timed(draft, started)

    def _bench(self, task: Task) -> Bench:
        async def probe(code: str) -> Render:
            return await self._render(task.kind, code, task.language, size_of(task.reference))

        return Bench(reader=self._reader, probe=probe)


def _timed(draft: Draft, started: float) -> Draft:
    return replace(draft, usage=Usage(seconds=time.perf_counter() - started))


def _kind_generator(kind: Kind) -> KindGenerator:
    """Loaded on first use, so that a chart loads no table reader."""
    generator: KindGenerator = importlib.import_module(f"agent.generators.embedded.{kind.value}").generator
    return generator
