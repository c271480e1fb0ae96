"""A model and the embedded readers on one picture: either drafts, either mends what the other wrote."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from agent.generators.literals import mend_of
from critic.human import told
from critic.similarity import similarity
from critic.types import Critic
from graph.context import RenderCode
from graph.types import Action, Draft, Generator, Revision, Task, Usage
from renderers.types import RenderStatus

_MOST_TRIES = 6
"""Trial renders of one revision."""


class MixedGenerator:
    """The first draft is measured, the others are a model's; revisions are made by both in turn.

    The embedded generator revises its own code by what it noted of it, and a model's code where a measured
    value stands in it as a literal; where it has nothing to offer, or was refused on the same code before,
    the model is asked. Every draft says whose it is.
    """

    name = "mixed"
    samples = True

    def __init__(self, model: Generator, embedded: Generator, pixels: Critic, render: RenderCode) -> None:
        """Choose who takes turns.

        Args:
            model: Asks a model.
            embedded: Writes and revises by what it reads.
            pixels: Says with measured values what a model's code draws otherwise than the reference.
            render: Draws code for trials.
        """
        self._model, self._embedded = model, embedded
        self._pixels, self._render = pixels, render

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
        """On every second candidate, where it may help: it renders, and no person spoke of it."""
        refused = any(attempt.author == self._embedded.name for attempt in revision.attempts)
        drawn = revision.status is RenderStatus.OK and revision.render is not None
        return drawn and not refused and not told(revision.discrepancies) and revision.seed % 2 == 1

    async def _mended(self, revision: Revision) -> Draft:
        """A model's code with those measured literals that bring its render nearer."""
        started, task = time.perf_counter(), revision.task
        assert revision.render is not None
        seen = await self._pixels.critique(task.kind, task.reference, revision.render)
        code, best, tries = revision.code, seen.similarity, 0
        actions: list[Action] = []
        for item in seen.discrepancies:
            mend = mend_of(code, item)
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

    async def _likeness(self, code: str, task: Task) -> float:
        """How near its render comes; 0 where there is none."""
        drawn = await self._render(task.kind, code, task.language, task.size)
        if drawn.status is not RenderStatus.OK or drawn.image is None:
            return 0.0
        return await asyncio.to_thread(similarity, task.reference, drawn.image)


def _by(generator: Generator, draft: Draft) -> Draft:
    return replace(draft, author=generator.name)
