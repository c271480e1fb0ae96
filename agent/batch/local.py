"""The local engine: one process, one event loop, a bounded number of items at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from agent.api import RefinementAgent
from agent.batch.breaker import Breaker, probing
from agent.batch.events import Grew, Tell
from agent.batch.items import Item
from agent.batch.job import Job, Write
from agent.batch.refining import failed_row, refine_item
from agent.batch.rows import Row
from agent.batch.sizing import endpoints_of, have_room

_LOOK_EVERY = 5.0
"""Seconds between two looks at whether the servers have room."""

_LATE = 0.25
"""Seconds that the event loop may be late before more items would only wait for this process."""


async def run_local(job: Job, items: Iterator[Item], write: Write, tell: Tell) -> None:
    """Refine the items, some at a time, and write the row of each as soon as it is finished.

    Raises:
        BatchError: The batch cannot go on.
        InputError: The source cannot be read any further.
    """
    async with job.agent() as agent, Breaker(probing(endpoints_of(job.settings)), tell) as breaker:
        refine = partial(_refine, agent, job)
        await Feed(job, refine, breaker, write, tell).all(items)


async def _refine(agent: RefinementAgent, job: Job, item: Item) -> Row:
    return await refine_item(agent, item, job.out, job.wanted)


@dataclass(slots=True)
class Feed:
    """Has items refined, a bounded number at a time, and their rows written.

    Attributes:
        job: What is to be done.
        refine: Refines an item: here, or wherever it is sent.
        breaker: Holds items back while a model server is down.
        write: Keeps a row.
        tell: Is told of growth.
        workers: Items refined at a time.
        queue: Items that were read ahead.
        ended: Set once there is nothing more to begin.
    """

    job: Job
    refine: Callable[[Item], Awaitable[Row]]
    breaker: Breaker
    write: Write
    tell: Tell
    workers: int = 0
    queue: asyncio.Queue[Item | None] = field(init=False)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def all(self, items: Iterator[Item]) -> None:
        """Read no further ahead than one item for each that is refined at first."""
        self.queue = asyncio.Queue(self.job.jobs.first)
        try:
            async with asyncio.TaskGroup() as group:
                self._start(group, self.job.jobs.first)
                group.create_task(self._read(items))
                group.create_task(self._grow(group))
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    def _start(self, group: asyncio.TaskGroup, count: int) -> None:
        for _ in range(count):
            group.create_task(self._work())
        self.workers += count

    async def _read(self, items: Iterator[Item]) -> None:
        """Reading blocks, so it happens in a thread."""
        while (item := await asyncio.to_thread(next, items, None)) is not None:
            await self.queue.put(item)
        await self.queue.put(None)

    async def _work(self) -> None:
        job = self.job
        while (item := await self.queue.get()) is not None:
            attempt = partial(self.refine, item)
            self.write(await self.breaker.run(attempt, partial(failed_row, item, job.wanted)))
        self.ended.set()
        await self.queue.put(None)  # for the next worker

    async def _grow(self, group: asyncio.TaskGroup) -> None:
        """While the servers have nothing waiting, and this process keeps up, refine more items at a time."""
        endpoints = endpoints_of(self.job.settings)
        loop = asyncio.get_running_loop()
        while self.workers < self.job.jobs.most and endpoints:
            due = loop.time() + _LOOK_EVERY
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self.ended.wait()
                return
            keeps_up = loop.time() - due < _LATE and not self.queue.empty() and not self.breaker.is_open
            if keeps_up and await have_room(endpoints, self.workers):
                self._start(group, min(max(1, self.workers // 2), self.job.jobs.most - self.workers))
                self.tell(Grew(self.workers))


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that ended the group; the others of it came of the same cause."""
    found: BaseException = errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
