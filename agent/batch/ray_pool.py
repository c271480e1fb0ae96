"""A pool of Ray actors: each item goes to one that is free, and elsewhere when that one is lost."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import ray
from ray import exceptions

from agent.batch.items import Item
from agent.batch.job import Agents
from agent.batch.ray_worker import Answer, Worker
from agent.batch.refining import Wanted
from agent.batch.sizing import Jobs
from agent.errors import BatchError

LOST = (
    exceptions.RayActorError,
    exceptions.NodeDiedError,
    exceptions.WorkerCrashedError,
    exceptions.OutOfMemoryError,
    exceptions.ObjectLostError,
)
"""The process or the machine that had the item is gone, or the answer with it."""

_MOST_CRASHES = 3
"""A process that dies each time an item is refined alone in it: the item is what is wrong."""

_MOST_FALSE_STARTS = 3
_CLOSING = 10.0
_NOTICED = 2.0


class Crashed(Exception):  # noqa: N818 - an outcome that the engine acts on
    """The process of a worker ended over an item, several times."""


@dataclass(slots=True, eq=False)
class _Place:
    """A worker that is ready, and how many items it has."""

    actor: Any
    node: str
    load: int = 0


@dataclass(slots=True)
class Pool:
    """As many workers as there are cores for them; one that is lost is replaced as soon as there is room.

    Use as an async context manager.

    Attributes:
        agents: Makes a worker's agent.
        wanted: What is wanted of every item.
        jobs: Items at a time, in all of them together.
        size: Workers.
    """

    agents: Agents
    wanted: Wanted
    jobs: Jobs
    size: int
    _ready: list[_Place] = field(default_factory=list)
    _free: asyncio.Condition = field(default_factory=asyncio.Condition)
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    _keepers: list[asyncio.Task[None]] = field(default_factory=list)
    _failure: BatchError | None = None

    async def __aenter__(self) -> Self:
        """Begin to start the workers; items wait for the first that is ready."""
        self._keepers = [asyncio.create_task(self._keep_one()) for _ in range(self.size)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers, whatever they are doing."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def refine(self, item: Item) -> Answer:
        """Refine an item somewhere.

        A machine that is lost is not the item's fault. A process that ends while its machine lives may be:
        from then on its items go one after another, so that the one that ends processes is told from its
        neighbours.

        Raises:
            Crashed: The process ended over it time and again.
            BatchError: No worker can be started.
        """
        crashes = 0
        while crashes < _MOST_CRASHES:
            if crashes == 0:
                answer = await self._attempt(item)
            else:
                async with self._alone:
                    answer = await self._attempt(item)
            if isinstance(answer, Answer):
                return answer
            crashes += answer
        raise Crashed(f"the worker process ended {crashes} times while this item was refined")

    async def _attempt(self, item: Item) -> Answer | bool:
        """The answer; else whether the process was lost by itself, its machine being alive."""
        place = await self._taken()
        answering = place.actor.refine.remote(item)
        try:
            answer: Answer = await answering
        except LOST:
            await self._leave(place)
            return await _is_alive(place.node)
        except exceptions.RayError as error:
            raise BatchError(f"the Ray cluster fails: {_reason(error)}") from error
        except asyncio.CancelledError:
            ray.cancel(answering)
            raise
        finally:
            await self._give_back(place)
        return answer

    async def _taken(self) -> _Place:
        """The least busy worker, as soon as one has room."""
        most = math.ceil(self.jobs.most / self.size)
        async with self._free:
            while True:
                if self._failure is not None:
                    raise self._failure
                place = min(self._ready, key=lambda place: place.load, default=None)
                if place is not None and place.load < most:
                    place.load += 1
                    return place
                await self._free.wait()

    async def _give_back(self, place: _Place) -> None:
        async with self._free:
            place.load -= 1
            self._free.notify_all()

    async def _leave(self, place: _Place) -> None:
        """Send nothing more to a worker that is lost; its keeper replaces it."""
        async with self._free:
            if place in self._ready:
                self._ready.remove(place)
                ray.kill(place.actor)

    async def _keep_one(self) -> None:
        """Keep a worker running; a new one waits until the cluster has room for it."""
        false_starts = 0
        while self._failure is None:
            actor = self._actor()
            node = ""
            try:
                node = await actor.start.remote()
                place = _Place(actor, node)
                async with self._free:
                    self._ready.append(place)
                    self._free.notify_all()
                false_starts = 0
                await self._watch(place)
            except LOST as error:
                false_starts += 1
                if false_starts == _MOST_FALSE_STARTS:
                    await self._fail(f"no worker can be started: {error}")
            except exceptions.RayError as error:
                await self._fail(f"no worker can be started: {_reason(error)}")
            finally:
                await _end(actor, started=bool(node))

    def _actor(self) -> Any:
        concurrency = math.ceil(self.jobs.most / self.size) + 2  # its watcher and its end are calls, too
        options = {"num_cpus": 1, "max_concurrency": concurrency, "scheduling_strategy": "SPREAD"}
        return ray.remote(Worker).options(**options).remote(self.agents, self.wanted)

    async def _watch(self, place: _Place) -> None:
        """Return when the worker is lost, even while it has no item."""
        with suppress(*LOST):
            await place.actor.stay.remote()
        await self._leave(place)

    async def _fail(self, reason: str) -> None:
        async with self._free:
            self._failure = BatchError(reason)
            self._free.notify_all()


async def _is_alive(node: str) -> bool:
    """Whether a machine is still part of the cluster, asked once its loss would have been noticed."""
    await asyncio.sleep(_NOTICED)
    return any(known["NodeID"] == node and known["Alive"] for known in await asyncio.to_thread(ray.nodes))


def _reason(error: exceptions.RayError) -> str:
    return str(getattr(error, "cause", None) or error)


async def _end(actor: Any, *, started: bool) -> None:
    """Let a worker release what it holds, then end it; one that is lost already is no trouble."""
    if started:
        with suppress(exceptions.RayError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await actor.close.remote()
    with suppress(exceptions.RayError):
        ray.kill(actor)
