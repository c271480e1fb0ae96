"""The local engine: one process, one event loop, a bounded number of items at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from agent.api import RefinementAgent
from agent.batch.breaker import Breaker, probing
from agent.batch.events import Tell
from agent.batch.items import Item
from agent.batch.job import Job, Write
from agent.batch.refining import failed_row, refine_item
from agent.batch.sizing import endpoints_of


async def run_local(job: Job, items: Iterator[Item], write: Write, tell: Tell) -> None:
    """Refine the items, ``job.jobs`` at a time, and write the row of each as soon as it is finished.

    Raises:
        BatchError: The batch cannot go on.
        InputError: The source cannot be read any further.
    """
    async with job.agent() as agent, Breaker(probing(endpoints_of(job.settings)), tell) as breaker:
        await _Run(job, agent, breaker, write).all(items)


@dataclass(slots=True)
class _Run:
    job: Job
    agent: RefinementAgent
    breaker: Breaker
    write: Write
    queue: asyncio.Queue[Item | None] = field(init=False)

    async def all(self, items: Iterator[Item]) -> None:
        """Read no further ahead than one item for each that is being refined."""
        self.queue = asyncio.Queue(self.job.jobs)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.job.jobs):
                    group.create_task(self._work())
                group.create_task(self._read(items))
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    async def _read(self, items: Iterator[Item]) -> None:
        """Reading blocks, so it happens in a thread."""
        while (item := await asyncio.to_thread(next, items, None)) is not None:
            await self.queue.put(item)
        for _ in range(self.job.jobs):
            await self.queue.put(None)

    async def _work(self) -> None:
        job = self.job
        while (item := await self.queue.get()) is not None:
            attempt = partial(refine_item, self.agent, item, job.out, job.wanted)
            self.write(await self.breaker.run(attempt, partial(failed_row, item, job.wanted)))


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that ended the group; the others of it came of the same cause."""
    found: BaseException = errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
