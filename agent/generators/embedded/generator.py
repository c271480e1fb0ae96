"""The embedded generator: OCR and classical vision on the CPU, a module a kind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from agent.generators.embedded.types import Bench, KindGenerator
from critic.reading import Reader
from graph.types import Draft, Revision, Task, Usage
from renderers.errors import LanguageError
from renderers.formats import FORMATS
from renderers.kinds import KINDS
from renderers.pictures import size_of
from renderers.registry import resolve
from renderers.types import Kind, Language, Render, Size

if TYPE_CHECKING:
    from agent.tools import Tools

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

    @classmethod
    def with_tools(cls, tools: Tools) -> EmbeddedGenerator:
        """The generator as an agent makes it, by its name."""
        return cls(tools.reader, tools.render)

    async def draft(self, task: Task, seed: int) -> Draft:
        """First code, from the pixels alone."""
        started = time.perf_counter()
        own, convert = _in_own_language(task)
        draft = await _kind_generator(task.kind).draft(own, self._bench(own), seed)
        if convert is not None:
            # its notes are about code in another language, so that nothing is kept to revise it by
            draft = Draft(code=await asyncio.to_thread(convert, draft.code))
        return _timed(draft, started)

    async def revise(self, revision: Revision) -> Draft:
        """Code that mends the discrepancies, by category and place; none for a format it only converts to."""
        started = time.perf_counter()
        task = revision.task
        if task.language not in KINDS[task.kind].languages:
            return Draft(code="")
        draft = await _kind_generator(task.kind).revise(revision, self._bench(task))
        return _timed(draft, started)

    def _bench(self, task: Task) -> Bench:
        async def probe(code: str) -> Render:
            return await self._render(task.kind, code, task.language, size_of(task.reference))

        return Bench(reader=self._reader, probe=probe)


def _timed(draft: Draft, started: float) -> Draft:
    return replace(draft, usage=Usage(seconds=time.perf_counter() - started))


def _in_own_language(task: Task) -> tuple[Task, Callable[[str], str] | None]:
    """The task in a language that the kind's generator writes, and what makes the wanted format of it.

    Raises:
        LanguageError: There is nothing to make the wanted format with.
    """
    spec = KINDS[task.kind]
    if task.language in spec.languages:
        return task, None
    path = FORMATS[task.language].from_native
    if not path:
        raise LanguageError(f"the embedded generator cannot write a {task.kind} in {task.language}")
    return replace(task, language=Language(spec.languages[0])), resolve(path)


def _kind_generator(kind: Kind) -> KindGenerator:
    """Loaded on first use, so that a chart loads no table reader."""
    return cast(KindGenerator, KINDS[kind].part("writer"))
