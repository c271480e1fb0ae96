"""What runs in a process of a Ray cluster: an agent of its own, and the items that are sent to it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.api import RefinementAgent
from agent.batch.breaker import Breaker, probing
from agent.batch.events import Event
from agent.batch.growth import grow
from agent.batch.items import Item
from agent.batch.job import Agents
from agent.batch.parcels import pack
from agent.batch.ray_cells import ItemAnswer, Record, Stop, cell, value_of
from agent.batch.refining import Wanted, failed_row, refine_item, run_folder
from agent.batch.rows import Row
from agent.batch.sizing import Jobs, endpoints_of
from agent.errors import BatchError
from agent.settings import Settings

_LOOK_AGAIN = 0.5
_CLOSING = 10.0

_MOST_LOSSES = 3
"""An item that was lost so often, all but the first time with no other lost item beside it, is at fault."""


class Desk:
    """An actor beside the driver: it knows what was begun, lost and ended, and what workers have to tell."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._begun: Counter[str] = Counter()
        self._ended = 0
        self._changed = asyncio.Condition()
        self._news: asyncio.Queue[Event | None] = asyncio.Queue()

    async def begin(self, item: str, *, again: bool = False) -> int:
        """Note that an item is begun; one that was begun before is only noted ``again``.

        Returns:
            How often it was begun before, all of which were lost.
        """
        before = self._begun[item]
        if again or not before:
            self._begun[item] += 1
        return before

    async def end(self, item: str) -> None:
        """Note that an item came to its end."""
        self._begun.pop(item, None)
        async with self._changed:
            self._ended += 1
            self._changed.notify_all()

    async def begin_reading(self) -> None:
        """Count the items from here on."""
        self._ended = 0

    async def wanted(self, number: int, ahead: int) -> None:
        """Wait until no more than ``ahead`` of the items read before an item are still to be refined.

        Args:
            number: How many these are.
            ahead: How far reading may go ahead.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: number - self._ended <= ahead)

    async def tell(self, event: Event | None) -> None:
        """Keep what a worker tells; None is told by each that is ready to refine."""
        self._news.put_nowait(event)

    async def news(self) -> Event | None:
        """What is told next."""
        return await self._news.get()


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker is told.

    Attributes:
        agents: Makes a worker's agent.
        settings: Name the model servers.
        wanted: What is wanted of every item.
        jobs: Items at a time, in one worker.
        out: The batch's folder.
        mark: A file in it: whoever sees it works on the same disk.
        desk: The ``Desk``.
    """

    agents: Agents
    settings: Settings
    wanted: Wanted
    jobs: Jobs
    out: Path
    mark: Path
    desk: Any


class Refiner:
    """A stage of the pipeline, one a process: Ray Data gives it an event loop, which its items share."""

    def __init__(self, work: Any) -> None:
        """Nothing is begun before the first item.

        Args:
            work: A reference to the ``Work``.
        """
        import ray

        self._work: Work = ray.get(work)
        self._in_place = self._work.mark.exists()
        self._starting, self._alone = asyncio.Lock(), asyncio.Lock()
        self._held = AsyncExitStack()
        self._ready: tuple[RefinementAgent, Breaker] | None = None
        self._gate = asyncio.Semaphore(self._work.jobs.first)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tell(None)

    async def __call__(self, record: Record) -> Record:
        """What becomes of an item: an ``ItemAnswer``, or a ``Stop`` where no item can be refined."""
        item: Item | Stop = value_of(record)
        if isinstance(item, Stop):
            return record
        try:
            return cell(await self._answer(item))
        except BatchError as error:
            return cell(Stop(error))

    async def _answer(self, item: Item) -> ItemAnswer:
        async with self._gate:
            before = await self._work.desk.begin.remote(item.id)
            if before:
                answer = await self._once_more(item)
            else:
                answer = await self._refined(item)
            self._work.desk.end.remote(item.id)
        return answer

    async def _once_more(self, item: Item) -> ItemAnswer:
        """An item that was lost: here such items go one after another, so that the one at fault is known."""
        async with self._alone:
            before = await self._work.desk.begin.remote(item.id, again=True)
            if before >= _MOST_LOSSES:
                why = f"the worker process ended {before} times while this item was refined"
                return ItemAnswer(failed_row(item, self._work.wanted, why))
            return await self._refined(item)

    async def _refined(self, item: Item) -> ItemAnswer:
        agent, breaker = await self._started()
        files = b""

        async def attempt() -> Row:
            nonlocal files
            if self._in_place:
                return await self._refined_in_place(agent, item)
            with tempfile.TemporaryDirectory(prefix="lookalike-", ignore_cleanup_errors=True) as name:
                row = await refine_item(agent, item, Path(name), self._work.wanted)
                files = await asyncio.to_thread(pack, Path(name))
                return row

        row = await breaker.run(attempt, partial(failed_row, item, self._work.wanted))
        return ItemAnswer(row, files)

    async def _refined_in_place(self, agent: RefinementAgent, item: Item) -> Row:
        """Refine in the batch's own folder, where a run that another worker was cut off from goes on."""
        folder = run_folder(item, self._work.out, self._work.wanted)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        async with _alone_in(folder):
            return await refine_item(agent, item, self._work.out, self._work.wanted)

    async def _started(self) -> tuple[RefinementAgent, Breaker]:
        async with self._starting:
            if self._ready is None:
                self._loop = asyncio.get_running_loop()
                endpoints = endpoints_of(self._work.settings)
                agent = await self._agent()
                breaker = await self._held.enter_async_context(Breaker(probing(endpoints), self._tell))
                growing = asyncio.create_task(
                    grow(self._work.jobs, endpoints, self._gate.locked, self._let_begin, asyncio.Event())
                )
                self._held.callback(growing.cancel)
                self._ready = agent, breaker
            return self._ready

    async def _agent(self) -> RefinementAgent:
        try:
            return await self._held.enter_async_context(self._work.agents())
        except Exception as error:
            raise BatchError(f"no worker can be started: {str(error) or type(error).__name__}") from error

    def _let_begin(self, more: int) -> None:
        for _ in range(more):
            self._gate.release()

    def _tell(self, event: Event | None) -> None:
        """Tell the driver, without waiting for it; None says that this worker is there."""
        self._work.desk.tell.remote(event)

    def __del__(self) -> None:
        """Release the agent, its browser and its render processes, when Ray Data lets the process go."""
        if self._loop is not None and self._loop.is_running():
            with suppress(Exception):
                asyncio.run_coroutine_threadsafe(self._held.aclose(), self._loop).result(_CLOSING)


@asynccontextmanager
async def _alone_in(folder: Path) -> AsyncIterator[None]:
    """Wait until no other process works in a folder: one that was given up may not have ended yet."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        while not await asyncio.to_thread(_taken, descriptor):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(_LOOK_AGAIN)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # some network disks have no locks
    return True
