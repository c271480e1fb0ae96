"""The Python API: refine, critique and render pictures."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import TypedDict, Unpack

from agent.background import BackgroundLoop
from agent.earlier import Earlier, earlier_run
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
    Policy,
    Result,
    Resumed,
    RunContext,
    RunFolder,
    Search,
    Stopped,
    StopReason,
    Task,
    stream,
)
from graph.checkpoints import checkpointed
from graph.run import result_of
from graph.state import merge
from prompts.allowance import Allowance
from renderers.isolation.levels import Level
from renderers.service import Renderers
from renderers.types import LANGUAGES, Image, Kind, Language, Render, Size


class Options(TypedDict, total=False):
    """How to refine one picture; all of it may be left out.

    Attributes:
        kind: What the picture shows; found out from the pixels by default.
        to: What to write; the kind's first language by default.
        out: The run folder; a temporary folder by default.
        name: What to call the picture in the report.
        search: How to search and what to spend on this picture; the agent's own by default.
        resume: Go on with the run that ``out`` holds, if one began there; it starts anew by default. With a
            larger budget, also a run that had come to its end goes on.
        report: Write ``report.html`` at the end; False where the run folder is not kept.
    """

    kind: Kind | str | None
    to: Language | str | None
    out: Path | str | None
    name: str | None
    search: Search | None
    resume: bool
    report: bool


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
        policy: Policy | None = None,
    ) -> None:
        """Choose how to search and with what.

        Args:
            search: Widths, rounds and budgets; three rounds on one draft by default.
            generator: Writes and mends code; the embedded one by default.
            critic: Compares pictures; the pixel critic by default.
            isolation: Code is refused where the machine isolates it less; None takes the best it can.
            policy: Decides what each round's calls are spent on; by default the one that the search names.
        """
        self.search = search or Search()
        self._renderers = Renderers(isolation)
        self._reader = Reader()
        self._generator = generator or EmbeddedGenerator(self._reader, self._renderers.render)
        self._critic = critic or PixelCritic(self._reader)
        self._policy = policy
        self._background = BackgroundLoop()

    async def stream(self, picture: Picture, **options: Unpack[Options]) -> AsyncIterator[Event | Refinement]:
        """Refine a picture and tell what happens as it happens; the last thing told is the ``Refinement``.

        A run that is ended from outside, by cancelling or by no longer iterating, leaves its best so far and
        its report, and can go on later with ``resume=True``.

        Args:
            picture: The reference.
            options: See ``Options``.

        Raises:
            PictureError: The picture cannot be read.
            InputError: An argument cannot be used.
            GraphError: The folder cannot be written, or nothing could be drafted.
        """
        reference = await asyncio.to_thread(to_pixels, picture)
        out = options.get("out")
        path = Path(out) if out else Path(tempfile.mkdtemp(prefix="lookalike-"))
        earlier = earlier_run(path) if options.get("resume") else None
        kind, language = await self._task(reference, earlier, options)
        folder = RunFolder(path, reference, language, fresh=earlier is None)
        search = options.get("search") or self.search
        name = options.get("name") or name_of(picture)
        record = Record(name, kind, language, self._generator, self._critic.name, search)
        record.write(folder, None, {})
        context = self._context(Task(kind, language, reference), folder, search)
        spent = (self._reader.text.seconds, self._reader.seconds)
        done: tuple[Candidate, ...] = ()
        try:
            async with checkpointed(path, fresh=earlier is None) as graph:
                async for event in stream(context, graph, "run"):
                    done = merge(done, _complete(event))
                    if isinstance(event, Stopped):
                        result = event.result
                        break
                    yield event
        except (asyncio.CancelledError, GeneratorExit):
            self._finish(record, folder, result_of(context, done, StopReason.CANCELLED), spent)
            if options.get("report", True):
                write_report(path)
            raise
        self._finish(record, folder, result, spent)
        if options.get("report", True):
            write_report(path)
        yield Stopped(result)
        yield Refinement(record.picture, kind, language, path, result)

    async def _task(
        self, reference: Image, earlier: Earlier | None, options: Options
    ) -> tuple[Kind, Language]:
        """What to write: as asked for, else as the earlier run did, else as the pixels say."""
        given, to = options.get("kind"), options.get("to")
        kind = Kind(given) if given else earlier.kind if earlier else await self.akind(reference)
        language = earlier.language if earlier and to is None else _language(kind, to)
        if earlier:
            await asyncio.to_thread(earlier.check, reference, kind, language)
        return kind, language

    def _context(self, task: Task, folder: RunFolder, search: Search) -> RunContext:
        context = RunContext(
            task=task,
            generator=self._generator,
            critic=self._critic,
            render=self._renderers.render,
            folder=folder,
            search=search,
            chosen=self._policy,
            allowance=Allowance(calls=search.budget.calls, tokens=search.budget.tokens),
        )
        if search.budget.seconds is not None:
            context.allowance.deadline = context.started + search.budget.seconds
        return context

    def _finish(self, record: Record, folder: RunFolder, result: Result, spent: tuple[float, float]) -> None:
        text, reading = self._reader.text.seconds - spent[0], self._reader.seconds - spent[1]
        record.write(folder, result, {"ocr": text, "reading": reading})

    async def arefine(self, picture: Picture, **options: Unpack[Options]) -> Refinement:
        """Refine a picture; arguments and errors as for ``stream``."""
        async for event in self.stream(picture, **options):
            if isinstance(event, Refinement):
                return event
        raise AssertionError("a stream ends with its refinement")

    def refine(self, picture: Picture, **options: Unpack[Options]) -> Refinement:
        """``arefine`` for callers that cannot await; also works inside a running event loop."""
        return self._background.run(self.arefine(picture, **options))

    async def abest_of_n(self, picture: Picture, n: int, **options: Unpack[Options]) -> Refinement:
        """The best of ``n`` first drafts, without any revision; arguments and errors as for ``stream``."""
        search = options.get("search") or self.search
        options["search"] = search.model_copy(update={"policy": "best_of_n", "width": n})
        return await self.arefine(picture, **options)

    def best_of_n(self, picture: Picture, n: int, **options: Unpack[Options]) -> Refinement:
        """``abest_of_n`` for callers that cannot await."""
        return self._background.run(self.abest_of_n(picture, n, **options))

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


def _complete(event: Event) -> tuple[Candidate, ...]:
    """The candidates that an event tells to be complete."""
    if isinstance(event, Resumed):
        return event.candidates
    return (event.candidate,) if isinstance(event, Critiqued) else ()


def _language(kind: Kind, to: Language | str | None) -> Language:
    known = LANGUAGES[kind]
    if to is None:
        return known[0]
    for language in known:
        if language == to:
            return language
    raise InputError(f"a {kind} cannot be written as {to}; choose {' or '.join(known)}")
