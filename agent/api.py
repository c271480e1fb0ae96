"""The Python API: refine, critique and render pictures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Unpack

from agent.background import BackgroundLoop
from agent.choices import check_options, kind_found, kind_named, language_named
from agent.cost import Prices
from agent.documents.region import Region, regions_of, several_on
from agent.human import answer_of
from agent.memory import give_back
from agent.opening import Opening
from agent.options import Options
from agent.parts import checked_part, critic_of, generator_of
from agent.refinement import Refinement
from agent.settings import Settings
from agent.sources import PictureSource, name_of, to_pixels
from agent.tools import Tools
from critic.reading import Reader
from critic.reading.kind import KindGuess
from critic.types import Critic, Critique
from graph import (
    Answer,
    Asked,
    Candidate,
    Critiqued,
    Event,
    Generator,
    Policy,
    Rejudged,
    Resumed,
    Search,
    Stopped,
    stream,
)
from graph.checkpoints import checkpointed
from graph.choosing import POLICIES
from graph.state import merge
from prompts.verm import FoundPrompt
from renderers.isolation.levels import Level
from renderers.service import Renderers
from renderers.types import Kind, Language, Render, Size


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
        generator: Generator | str | None = None,
        critic: Critic | str | None = None,
        isolation: Level | None = None,
        policy: Policy | str | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Choose how to search and with what.

        Generator, critic and policy are objects, or names: ours, those that installed distributions add, or
        a path such as ``my_package:MyCritic``.

        Args:
            search: Widths, rounds and budgets; three rounds on one draft by default.
            generator: Writes and mends code; the embedded one by default.
            critic: Compares pictures; the pixel critic by default.
            isolation: Code is refused where the machine isolates it less; None takes the best it can.
            policy: Decides what each round's calls are spent on; by default the one that the search names.
            settings: What holds where nothing else is given, such as ``load_settings().settings``; by default
                neither a settings file nor the environment is looked at.

        Raises:
            InputError: A part lacks what such a part must have.
            ConfigError: A part needs a setting that is missing.
            ChoiceError: There is no part of that name.
            PluginError: There is one and it cannot be loaded.
        """
        settings = settings or Settings()
        self.search = search or settings.search
        self._policy: Policy | None = None
        if isinstance(policy, str):
            POLICIES.check(policy)
            self.search = self.search.model_copy(update={"policy": policy})
        elif policy is not None:
            self._policy = checked_part("policy", policy)
        self._renderers = Renderers(isolation or settings.isolation)
        self._reader = Reader()
        self.prices = Prices.set_in(settings)
        self._tools = Tools(settings, self._reader, self._renderers.render)
        self._generator = generator_of(generator or settings.generator.chosen, self._tools)
        self._critic = critic_of(critic or settings.critic.chosen, self._tools)
        self.opening = Opening(
            self._generator, self._critic, self._reader, self._renderers, self.prices, self._policy
        )
        self._background = BackgroundLoop()

    @property
    def verm_prompts(self) -> Mapping[str, FoundPrompt]:
        """Visual-ERM's own prompts, by kind, that are used in place of ours."""
        return self._tools.verm_prompts

    async def stream(
        self, picture: PictureSource, **options: Unpack[Options]
    ) -> AsyncGenerator[Event | Refinement, Answer | None]:
        """Refine a picture and tell what happens as it happens; the last thing told is the ``Refinement``.

        A run that is ended from outside, by cancelling or by no longer iterating, leaves its best so far and
        its report, and can go on later with ``resume=True``.

        Args:
            picture: The reference.
            options: See ``Options``.

        Yields:
            What happens. Where ``Asked`` is told (see ``Options.ask``), ``asend`` takes the answer.

        Raises:
            PictureError: The picture cannot be read.
            InputError: An argument cannot be used.
            GraphError: The folder is not ours, in use or cannot be written, nothing could be drafted, or an
                answer cannot be followed.
        """
        check_options(options, Options.__annotations__)
        human = options.get("human")
        done: tuple[Candidate, ...] = ()
        async with self.opening.opened(picture, options, self.search) as run:
            context = replace(run.context, asks=human is not None or options.get("ask", False))
            try:
                async with (
                    checkpointed(run.folder.path, fresh=run.fresh) as graph,
                    aclosing(stream(context, graph, "run")) as events,
                ):
                    answer: Answer | None = None
                    while not isinstance(event := await events.asend(answer), Stopped):
                        done = merge(done, _complete(event))
                        answer = yield event
                        if human is not None and isinstance(event, Asked):
                            answer = await answer_of(human, event)
            except (asyncio.CancelledError, GeneratorExit):
                run.cancelled(done)
                raise
            refinement = await run.ended(event.result)
            await asyncio.to_thread(give_back)
            yield event
            yield refinement

    async def aregions(self, source: str | Path, pages: str | None = None) -> list[Region]:
        """The tables and figures of a PDF, or of a picture that holds several; each can be refined.

        Args:
            source: The file.
            pages: Pages of a PDF, such as ``1-4,7``; all of them by default.

        Raises:
            InputError: It cannot be opened, or has no such pages.
            PictureError: The picture cannot be read.
        """
        return await asyncio.to_thread(lambda: list(regions_of(Path(source), self._reader, pages)))

    async def aseveral(self, source: str | Path) -> list[Region]:
        """The framed tables, or lettered panels, of a picture that is plainly of several; none where of one.

        Raises:
            PictureError: The picture cannot be read.
        """
        return await asyncio.to_thread(several_on, Path(source), self._reader)

    def regions(self, source: str | Path, pages: str | None = None) -> list[Region]:
        """``aregions`` for callers that cannot await."""
        return self._background.run(self.aregions(source, pages))

    async def arefine(self, picture: PictureSource, **options: Unpack[Options]) -> Refinement:
        """Refine a picture; arguments and errors as for ``stream``."""
        async for event in self.stream(picture, **options):
            if isinstance(event, Refinement):
                return event
        raise AssertionError("a stream ends with its refinement")

    def refine(self, picture: PictureSource, **options: Unpack[Options]) -> Refinement:
        """``arefine`` for callers that cannot await; also works inside a running event loop."""
        return self._background.run(self.arefine(picture, **options))

    async def abest_of_n(self, picture: PictureSource, n: int, **options: Unpack[Options]) -> Refinement:
        """The best of ``n`` first drafts, without any revision; arguments and errors as for ``stream``."""
        search = options.get("search") or self.search
        options["search"] = search.model_copy(update={"policy": "best_of_n", "width": n})
        return await self.arefine(picture, **options)

    def best_of_n(self, picture: PictureSource, n: int, **options: Unpack[Options]) -> Refinement:
        """``abest_of_n`` for callers that cannot await."""
        return self._background.run(self.abest_of_n(picture, n, **options))

    async def aguess(self, picture: PictureSource) -> KindGuess:
        """What a picture seems to show, and how sure that is."""
        return await self.opening.guess(picture)

    async def asettled(self, picture: PictureSource) -> KindGuess:
        """``aguess``; where the kind is in doubt, the picture is drafted as both, which decides."""
        return await self.opening.settled(picture)

    async def akind(self, picture: PictureSource) -> Kind:
        """What a picture shows, from its pixels.

        Raises:
            InputError: It is a photograph or the like, which is of no kind.
        """
        return kind_found(await self.aguess(picture), name_of(picture))

    async def acritique(
        self, reference: PictureSource, render: PictureSource, *, kind: Kind | str | None = None
    ) -> Critique:
        """The differences of ``render`` from ``reference``."""
        first, second = await asyncio.gather(
            asyncio.to_thread(to_pixels, reference), asyncio.to_thread(to_pixels, render)
        )
        what = kind_named(kind) if kind else await self.akind(first)
        return await self._critic.critique(what, first, second)

    def critique(
        self, reference: PictureSource, render: PictureSource, *, kind: Kind | str | None = None
    ) -> Critique:
        """``acritique`` for callers that cannot await."""
        return self._background.run(self.acritique(reference, render, kind=kind))

    async def arender(
        self, code: str, kind: Kind | str, *, language: Language | str | None = None, size: Size | None = None
    ) -> Render:
        """Make code into pixels; a failure is told in the render's status, not raised."""
        chosen = kind_named(kind)
        return await self._renderers.render(chosen, code, language_named(chosen, language), size)

    def render(
        self, code: str, kind: Kind | str, *, language: Language | str | None = None, size: Size | None = None
    ) -> Render:
        """``arender`` for callers that cannot await."""
        return self._background.run(self.arender(code, kind, language=language, size=size))

    async def aclose(self) -> None:
        """Release browser, workers and connections. Safe to call twice."""
        await self._tools.aclose()
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
    return (event.candidate,) if isinstance(event, Critiqued | Rejudged) else ()
