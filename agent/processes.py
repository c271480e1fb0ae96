"""Work spread over processes, each with renderers of its own: drawing and comparing keep every core busy."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from multiprocessing.util import Finalize
from typing import Generic, TypeVar

from agent.parts import critic_of
from agent.settings import Settings
from agent.tools import Tools
from critic.reading import Reader
from critic.types import Critic
from renderers.service import Renderers

Task = TypeVar("Task")
Result = TypeVar("Result")

_WAITING = 2
"""Tasks that wait for each process, so that none is idle; results in hand are bounded by it."""

_CLOSING_FIRST = 10
"""Before what multiprocessing itself tidies up."""


class Workplace:
    """What a process works with; each part starts when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        """Work by these settings."""
        self.settings = settings

    @cached_property
    def renderers(self) -> Renderers:
        """Draws code of every kind."""
        return Renderers(self.settings.isolation)

    @cached_property
    def tools(self) -> Tools:
        """What critics are made with."""
        return Tools(self.settings, Reader(), self.renderers.render)

    @cached_property
    def critic(self) -> Critic:
        """Compares pictures, as the settings choose."""
        return critic_of(self.settings.critic.chosen, self.tools)

    async def aclose(self) -> None:
        """Release browsers, workers and connections."""
        if "tools" in vars(self):
            await self.tools.aclose()
        if "renderers" in vars(self):
            await self.renderers.aclose()


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Task, Result]):
    """What became of a task: its result, or why there is none."""

    task: Task
    result: Result | None
    reason: str = ""


Work = Callable[[Workplace, Task], Awaitable[Result]]
"""Does one task; a function of a module, so that other processes find it."""


def default_processes() -> int:
    """As many as there are cores for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def spread(
    work: Work[Task, Result], tasks: Iterable[Task], processes: int, settings: Settings
) -> AsyncIterator[Outcome[Task, Result]]:
    """Do tasks in several processes, and give what became of each, in the order in which they end.

    Tasks are taken only as there is room for them, so that their number does not matter. A task that raises
    costs its own result. A process that dies takes down its like with it: what they were doing is tried once
    more, alone, and what kills its process again is given up.

    Args:
        work: What is done with each.
        tasks: Picklable.
        processes: How many.
        settings: For ``Workplace``.
    """
    waiting = iter(tasks)
    while True:
        broken: list[Task] = []
        async for outcome in _in_pool(work, waiting, processes, settings, broken):
            yield outcome
        for task in broken:
            again: list[Task] = []
            async for outcome in _in_pool(work, iter([task]), 1, settings, again):
                yield outcome
            if again:
                yield Outcome(task, None, "the process that did it died twice")
        if not broken:
            return


@dataclass(slots=True)
class _Flight(Generic[Task, Result]):
    """What is being done."""

    futures: dict[asyncio.Future[Result], Task] = field(default_factory=dict)


async def _in_pool(
    work: Work[Task, Result],
    waiting: Iterator[Task],
    processes: int,
    settings: Settings,
    broken: list[Task],
) -> AsyncIterator[Outcome[Task, Result]]:
    """Do tasks until none is left, or until a process has died; ``broken`` gets what is not done then."""
    pool = _new_pool(processes, settings)
    flight: _Flight[Task, Result] = _Flight()
    try:
        while True:
            room = _WAITING * processes - len(flight.futures)
            for task in islice(waiting, room if not broken else 0):
                future: Future[Result] = pool.submit(_do, work, task)
                flight.futures[asyncio.wrap_future(future)] = task
            if not flight.futures:
                return
            done, _ = await asyncio.wait(flight.futures, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                task = flight.futures.pop(ended)
                error = ended.exception()
                if isinstance(error, BrokenProcessPool):
                    broken.append(task)
                elif error is not None:
                    yield Outcome(task, None, f"{type(error).__name__}: {error}")
                else:
                    yield Outcome(task, ended.result())
    finally:
        for ended in flight.futures:
            ended.cancel()
        await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)


class Processes:
    """Workplaces to hand single tasks to, for as long as they are wanted; safe to use from one event loop."""

    def __init__(self, count: int, settings: Settings) -> None:
        """Nothing starts before the first task."""
        self._count, self._settings = count, settings
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, work: Work[Task, Result], task: Task) -> Result:
        """Do a task; where its process dies, once more in a new one.

        Raises:
            BrokenProcessPool: It died again.
        """
        try:
            return await asyncio.wrap_future(self._started().submit(_do, work, task))
        except BrokenProcessPool:
            await self.aclose()
            return await asyncio.wrap_future(self._started().submit(_do, work, task))

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = _new_pool(self._count, self._settings)
        return self._pool

    async def aclose(self) -> None:
        """End the processes. Safe to call twice."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)


def _new_pool(count: int, settings: Settings) -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, spawn, initializer=_begin, initargs=(settings,))


_runner: asyncio.Runner | None = None
_workplace: Workplace | None = None


def _begin(settings: Settings) -> None:
    """Set a process up: a loop that outlives its tasks, and an orderly end."""
    global _runner, _workplace
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent decides when to end, and says so by the pool
    _runner, _workplace = asyncio.Runner(), Workplace(settings)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    Finalize(None, _end, exitpriority=_CLOSING_FIRST)


def _end_with_parent() -> None:
    """A killed parent says nothing to its pool: what waits for its next task would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _end() -> None:
    if _runner is not None and _workplace is not None:
        _runner.run(_workplace.aclose())
        _runner.close()


def _do(work: Work[Task, Result], task: Task) -> Result:
    if _runner is None or _workplace is None:
        raise RuntimeError("the process was not set up")

    async def one(place: Workplace) -> Result:
        return await work(place, task)

    return _runner.run(one(_workplace))
