"""A model and the embedded readers on one picture: either drafts, either mends what the other wrote."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from agent.generators.literals import Mend, mend_of
from agent.generators.moved_literals import moved_mend
from agent.generators.svg_literals import count, shape_mend
from critic.human import told
from critic.reading import Reader
from critic.reading.svg import read_svg
from critic.similarity import similarity
from critic.types import Critic
from graph.context import RenderCode
from graph.types import Action, Draft, Generator, Record, Revision, Task, Usage
from renderers.types import Language, RenderStatus

_MOST_TRIES = 6
"""Trial renders of one revision."""

Mending = Callable[[str], Mend | None]
"""What puts one thing right in code that may have been mended before."""


class MixedGenerator:
    """The first draft is measured, the others are a model's; revisions are made by both in turn.

    Whoever's revisions were accepted more often in this run has more of the turns. The embedded generator
    revises its own code by what it noted of it, and a model's code where a measured value stands in it as a
    literal; where it has nothing to offer, or was refused on the same code before, the model is asked. Every
    draft says whose it is.
    """

    name = "mixed"
    samples = True

    def __init__(
        self, model: Generator, embedded: Generator, pixels: Critic, render: RenderCode, reader: Reader
    ) -> None:
        """Choose who takes turns.

        Args:
            model: Asks a model.
            embedded: Writes and revises by what it reads.
            pixels: Says with measured values what a model's code draws otherwise than the reference.
            render: Draws code for trials.
            reader: Reads the reference, once for all who ask.
        """
        self._model, self._embedded = model, embedded
        self._pixels, self._render, self._reader = pixels, render, reader

    async def draft(self, task: Task, seed: int) -> Draft:
        """The measured draft for seed 0, a model's for the others and where nothing could be measured."""
        if seed == 0:
            draft = await self._embedded.draft(task, seed)
            if draft.code.strip():
                return _by(self._embedded, draft)
        return _by(self._model, await self._model.draft(task, seed))

    async def revise(self, revision: Revision) -> Draft:
        """Whoever's turn it is; the model where the embedded generator has nothing to offer."""
        usage = Usage()
        if self._embedded_first(revision):
            polish: Callable[[Revision], Awaitable[Draft]] = (
                self._embedded.revise if revision.description else self._mended
            )
            draft = await polish(revision)
            if draft.code.strip():
                return _by(self._embedded, draft)
            usage = draft.usage
        draft = await self._model.revise(revision)
        return _by(self._model, replace(draft, usage=usage + draft.usage))

    def _embedded_first(self, revision: Revision) -> bool:
        """On its turns, where it may help: the candidate renders, and no person spoke of it."""
        refused = any(attempt.author == self._embedded.name for attempt in revision.attempts)
        drawn = revision.status is RenderStatus.OK and revision.render is not None
        possible = drawn and not refused and not told(revision.discrepancies)
        return possible and _spread(revision.seed) >= 1.0 - self._share(revision)

    def _share(self, revision: Revision) -> float:
        """The embedded generator's share of the turns: as its rate of success is to the model's."""
        by_author = {record.author: record for record in revision.records}
        embedded, model = (
            by_author.get(generator.name, Record(author=generator.name)).rate
            for generator in (self._embedded, self._model)
        )
        return embedded / (embedded + model)

    async def _mended(self, revision: Revision) -> Draft:
        """A model's code with those measured literals that bring its render nearer."""
        started, task = time.perf_counter(), revision.task
        assert revision.render is not None
        seen = await self._pixels.critique(task.kind, task.reference, revision.render)
        code, best, tries = revision.code, seen.similarity, 0
        actions: list[Action] = []
        mendings: list[Mending] = [partial(mend_of, found=item) for item in seen.discrepancies]
        places: list[Mending] = [
            partial(moved_mend, found=item, scale=task.scale) for item in seen.discrepancies
        ]
        for mending in [*mendings, *places, *await self._shapes(revision)]:
            mend = mending(code)
            if mend is None:
                continue
            tries += 1
            likeness = await self._likeness(mend.done(code), task)
            if likeness > best:
                code, best = mend.done(code), likeness
                actions.append(Action(description=mend.reason))
            if tries == _MOST_TRIES:
                break
        usage = Usage(seconds=time.perf_counter() - started)
        return Draft(code=code if actions else "", actions=tuple(actions), usage=usage)

    async def _shapes(self, revision: Revision) -> list[Mending]:
        """What may make each shape of an SVG as it was measured."""
        task = revision.task
        shapes = count(revision.code) if task.language is Language.SVG else 0
        if not shapes:
            return []
        drawing = await asyncio.to_thread(read_svg, task.reference, self._reader)
        return [partial(shape_mend, drawing=drawing, number=number) for number in range(shapes)]

    async def _likeness(self, code: str, task: Task) -> float:
        """How near its render comes; 0 where there is none."""
        drawn = await self._render(task.kind, code, task.language, task.size)
        if drawn.status is not RenderStatus.OK or drawn.image is None:
            return 0.0
        return await asyncio.to_thread(similarity, task.reference, drawn.image)


def _spread(number: int) -> float:
    """A place in 0..1 for each number, far from those of the numbers about it (van der Corput's)."""
    place, step = 0.0, 0.5
    while number:
        place += step * (number & 1)
        number, step = number >> 1, step / 2
    return place


def _by(generator: Generator, draft: Draft) -> Draft:
    return replace(draft, author=generator.name)
