"""The local engine: one process, one event loop, a bounded number of items at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from agent.api import RefinementAgent
from agent.batch.breaker import Breaker, probing
from agent.batch.events import Grew, Tell
from agent.batch.growth import grow
from agent.batch.items import Item
from agent.batch.job import Job, Write
from agent.batch.pending import Pending
from agent.batch.refining import failed_row, refine_item
from agent.batch.rows import Row
from agent.batch.sizing import endpoints_of


async def run_local(job: Job, pending: Pending, write: Write, tell: Tell) -> None:
    """Refine the items, some at a time, and write the row of each as soon as it is finished.

    Raises:
        BatchError: The batch cannot go on.
        InputError: The source cannot be read any further.
    """
    async with job.agent() as agent, Breaker(probing(endpoints_of(job.settings)), tell) as breaker:
        refine = partial(_refine, agent, job)
        await Feed(job, refine, breaker, write, tell).all(iter(pending))


async def _refine(agent: RefinementAgent, job: Job, item: Item) -> Row:
    return await refine_item(agent, item, job.out, job.wanted)


@dataclass(slots=True)
class Feed:
    """Has items refined, a bounded number at a time, and their rows written.

    Attributes:
        job: What is to be done.
        refine: Refines an item.
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
                group.create_task(
                    grow(
                        self.job.jobs,
                        endpoints_of(self.job.settings),
                        lambda: not self.queue.empty() and not self.breaker.is_open,
                        partial(self._start_more, group),
                        self.ended,
                    )
                )
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    def _start(self, group: asyncio.TaskGroup, count: int) -> None:
        for _ in range(count):
            group.create_task(self._work())
        self.workers += count

    def _start_more(self, group: asyncio.TaskGroup, count: int) -> None:
        self._start(group, count)
        self.tell(Grew(self.workers))

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


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that ended the group; the others of it came of the same cause."""
    found: BaseException = errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
