"""The embedded generator: OCR and classical vision on the CPU, a module a kind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from agent.generators.embedded.told import with_left
from agent.generators.embedded.types import Bench, KindGenerator
from critic.deadline import OutOfTime, seconds_left, within
from critic.human import is_told, told
from critic.reading import Reader
from critic.reading.canvas import Canvas, canvas_of
from graph.types import Action, Draft, Revision, Task, Usage
from renderers.errors import LanguageError
from renderers.formats import FORMATS
from renderers.kinds import KINDS
from renderers.registry import resolve
from renderers.types import LANGUAGES, Kind, Language, Render, Size

if TYPE_CHECKING:
    from agent.tools import Tools

_SHARE = 0.5
"""Of the time that is left the first draft may take so much; the rest is for drawing and comparing it."""

_NOT_OURS = "left as it is: without a model only code with a description of its own can be changed"

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
        canvas = await self._canvas(own)
        small = replace(own, reference=canvas.pixels)
        draft = await self._drafted(small, self._bench(own, canvas), seed)
        if convert is not None:
            # its notes are about code in another language, so that nothing is kept to revise it by
            draft = Draft(code=await asyncio.to_thread(convert, draft.code))
        return _timed(draft, started)

    async def _drafted(self, task: Task, bench: Bench, seed: int) -> Draft:
        """The kind's draft, or a plain one where that takes more than its share of the time that is left."""
        left = seconds_left()
        if left is None:
            return await _kind_generator(task.kind).draft(task, bench, seed)
        try:
            return await within(_SHARE * left, _kind_generator(task.kind).draft(task, bench, seed))
        except OutOfTime:
            from agent.generators.embedded.plain import plain_draft

            return await asyncio.to_thread(plain_draft, task, bench)

    async def revise(self, revision: Revision) -> Draft:
        """Code that mends the discrepancies, by category and place; none for a format it only converts to.

        What a person said comes first and is done as it was said; the rest is mended in the next revision.
        """
        started = time.perf_counter()
        task = revision.task
        if task.language not in KINDS[task.kind].languages:
            return Draft(code="")
        if not revision.description and task.kind in tuple(Kind):  # those of a plug-in may keep none
            return Draft(code="", actions=_not_ours(revision))
        canvas = await self._canvas(task)
        small = await asyncio.to_thread(_at_work, revision, canvas)
        writer, bench = _kind_generator(task.kind), self._bench(task, canvas)
        if told(small.discrepancies):
            heeded = await writer.heed(small, bench)
            if heeded.code.strip() not in ("", small.code.strip()):
                return _timed(heeded, started)
            return _timed(with_left(await writer.revise(small, bench), heeded.actions, small), started)
        return _timed(await writer.revise(small, bench), started)

    async def _canvas(self, task: Task) -> Canvas:
        return await asyncio.to_thread(canvas_of, task.reference, task.kind, self._reader)

    def _bench(self, task: Task, canvas: Canvas) -> Bench:
        language = LANGUAGES[task.kind][0]  # in which all is measured, whatever is written

        async def probe(code: str) -> Render:
            drawn = await self._render(task.kind, code, language, task.size)
            if drawn.image is None or canvas.scale == 1.0:
                return drawn
            return replace(drawn, image=await asyncio.to_thread(canvas.shrunk, drawn.image))

        async def narrow(code: str, share: float) -> Render:
            window = task.size._replace(width=round(share * task.size.width))
            return await self._render(task.kind, code, language, window)

        return Bench(reader=self._reader, probe=probe, scale=canvas.scale, narrow=narrow)


def _at_work(revision: Revision, canvas: Canvas) -> Revision:
    """A revision whose pictures and places are those of the working resolution."""
    if canvas.scale == 1.0:
        return revision
    found = tuple(item.placed(canvas.forth) for item in revision.discrepancies)
    return replace(
        revision,
        task=replace(revision.task, reference=canvas.pixels),
        render=None if revision.render is None else canvas.fitted(revision.render),
        discrepancies=found,
    )


def _not_ours(revision: Revision) -> tuple[Action, ...]:
    """Why code that it did not write, or only traced, is left as it is; said where a person asked."""
    return tuple(
        Action(discrepancy=index, description=_NOT_OURS, done=False)
        for index, item in enumerate(revision.discrepancies)
        if is_told(item)
    )


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
