"""The Python API: refine, critique and render pictures."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType

from agent.background import BackgroundLoop
from agent.errors import InputError
from agent.generators.embedded import EmbeddedGenerator
from agent.refinement import Record, Refinement
from agent.report import write_report
from agent.sources import Picture, name_of, to_pixels
from critic import Critic, Critique, PixelCritic
from critic.reading import Reader
from critic.reading.kind import detect_kind
from graph import (
    Candidate,
    Critiqued,
    Event,
    Generator,
    Result,
    RunContext,
    RunFolder,
    Search,
    Stopped,
    StopReason,
    Task,
    stream,
)
from graph.run import result_of
from graph.state import merge
from prompts.allowance import Allowance
from renderers.isolation.levels import Level
from renderers.service import Renderers
from renderers.types import LANGUAGES, Kind, Language, Render, Size


class RefinementAgent:
    """Turns pictures into code and corrects it until the render looks the same.

    Works without a model server on the embedded generator and the pixel critic; others are passed in.
    Use it as a context manager (``with`` or ``async with``), so that its browser and workers end with it.

    Example:
        >>> with RefinementAgent() as agent:  # doctest: +SKIP
        ...     refinement = agent.refine("chart.png")
        ...     print(refinement.code)
    """

    def __init__(
        self,
        search: Search | None = None,
        *,
        generator: Generator | None = None,
        critic: Critic | None = None,
        isolation: Level | None = None,
    ) -> None:
        """Choose how to search and with what.

        Args:
            search: Widths, rounds and budgets; three rounds on one draft by default.
            generator: Writes and mends code; the embedded one by default.
            critic: Compares pictures; the pixel critic by default.
            isolation: Code is refused where the machine isolates it less; None takes the best it can.
        """
        self.search = search or Search()
        self._renderers = Renderers(isolation)
        self._reader = Reader()
        self._generator = generator or EmbeddedGenerator(self._reader, self._renderers.render)
        self._critic = critic or PixelCritic(self._reader)
        self._background = BackgroundLoop()

    async def stream(
        self,
        picture: Picture,
        *,
        kind: Kind | str | None = None,
        to: Language | str | None = None,
        out: Path | str | None = None,
        name: str | None = None,
    ) -> AsyncIterator[Event | Refinement]:
        """Refine a picture and tell what happens as it happens; the last thing told is the ``Refinement``.

        Args:
            picture: The reference.
            kind: What it shows; found out from the pixels by default.
            to: What to write; the kind's first language by default.
            out: The run folder; a temporary folder by default.
            name: What to call the picture in the report.

        Raises:
            PictureError: The picture cannot be read.
            InputError: An argument cannot be used.
            GraphError: The folder cannot be written, or nothing could be drafted.
        """
        reference = await asyncio.to_thread(to_pixels, picture)
        chosen = Kind(kind) if kind else await self.akind(reference)
        language = _language(chosen, to)
        path = Path(out) if out else Path(tempfile.mkdtemp(prefix="lookalike-"))
        folder = RunFolder(path, reference, language)
        record = Record(
            name or name_of(picture), chosen, language, self._generator, self._critic.name, self.search
        )
        record.write(folder, None, {})
        context = self._context(Task(chosen, language, reference), folder)
        spent = (self._reader.text.seconds, self._reader.seconds)
        done: tuple[Candidate, ...] = ()
        try:
            async for event in stream(context):
                if isinstance(event, Critiqued):
                    done = merge(done, (event.candidate,))
                if isinstance(event, Stopped):
                    result = event.result
                    break
                yield event
        except (asyncio.CancelledError, GeneratorExit):
            self._finish(record, folder, result_of(context, done, StopReason.CANCELLED), spent)
            raise
        self._finish(record, folder, result, spent)
        yield Stopped(result)
        yield Refinement(record.picture, chosen, language, path, result)

    def _context(self, task: Task, folder: RunFolder) -> RunContext:
        budget = self.search.budget
        context = RunContext(
            task=task,
            generator=self._generator,
            critic=self._critic,
            render=self._renderers.render,
            folder=folder,
            search=self.search,
            allowance=Allowance(calls=budget.calls, tokens=budget.tokens),
        )
        if budget.seconds is not None:
            context.allowance.deadline = context.started + budget.seconds
        return context

    def _finish(self, record: Record, folder: RunFolder, result: Result, spent: tuple[float, float]) -> None:
        text, reading = self._reader.text.seconds - spent[0], self._reader.seconds - spent[1]
        record.write(folder, result, {"ocr": text, "reading": reading})
        write_report(folder.path)

    async def arefine(
        self,
        picture: Picture,
        *,
        kind: Kind | str | None = None,
        to: Language | str | None = None,
        out: Path | str | None = None,
    ) -> Refinement:
        """Refine a picture; arguments and errors as for ``stream``."""
        async for event in self.stream(picture, kind=kind, to=to, out=out):
            if isinstance(event, Refinement):
                return event
        raise AssertionError("a stream ends with its refinement")

    def refine(
        self,
        picture: Picture,
        *,
        kind: Kind | str | None = None,
        to: Language | str | None = None,
        out: Path | str | None = None,
    ) -> Refinement:
        """``arefine`` for callers that cannot await; also works inside a running event loop."""
        return self._background.run(self.arefine(picture, kind=kind, to=to, out=out))

    async def akind(self, picture: Picture) -> Kind:
        """What a picture shows, from its pixels."""
        pixels = await asyncio.to_thread(to_pixels, picture)
        return (await asyncio.to_thread(detect_kind, pixels, self._reader)).kind

    async def acritique(
        self, reference: Picture, render: Picture, *, kind: Kind | str | None = None
    ) -> Critique:
        """The differences of ``render`` from ``reference``."""
        first, second = await asyncio.gather(
            asyncio.to_thread(to_pixels, reference), asyncio.to_thread(to_pixels, render)
        )
        return await self._critic.critique(Kind(kind) if kind else await self.akind(first), first, second)

    def critique(self, reference: Picture, render: Picture, *, kind: Kind | str | None = None) -> Critique:
        """``acritique`` for callers that cannot await."""
        return self._background.run(self.acritique(reference, render, kind=kind))

    async def arender(
        self, code: str, kind: Kind | str, *, language: Language | str | None = None, size: Size | None = None
    ) -> Render:
        """Make code into pixels; a failure is told in the render's status, not raised."""
        chosen = Kind(kind)
        return await self._renderers.render(chosen, code, _language(chosen, language), size)

    def render(
        self, code: str, kind: Kind | str, *, language: Language | str | None = None, size: Size | None = None
    ) -> Render:
        """``arender`` for callers that cannot await."""
        return self._background.run(self.arender(code, kind, language=language, size=size))

    async def aclose(self) -> None:
        """Release browser and workers. Safe to call twice."""
        await self._renderers.aclose()

    def close(self) -> None:
        """``aclose`` for callers that cannot await."""
        self._background.run(self.aclose())
        self._background.close()

    async def __aenter__(self) -> RefinementAgent:
        """The agent itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release browser and workers."""
        await self.aclose()

    def __enter__(self) -> RefinementAgent:
        """The agent itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release browser and workers."""
        self.close()


def _language(kind: Kind, to: Language | str | None) -> Language:
    known = LANGUAGES[kind]
    if to is None:
        return known[0]
    for language in known:
        if language == to:
            return language
    raise InputError(f"a {kind} cannot be written as {to}; choose {' or '.join(known)}")
