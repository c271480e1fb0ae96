"""The Ray engine: Ray Data reads, refines and writes on a cluster; the rows are kept here."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"  # read on import; else what outlives us would start a cluster

import ray

from agent.batch.events import Paused, Tell, Waiting, WentOn
from agent.batch.job import Job, Write
from agent.batch.pending import Pending
from agent.batch.ray_cells import Stop
from agent.batch.ray_data import refined
from agent.batch.ray_worker import Desk, Work
from agent.batch.refining import RUNNING
from agent.batch.rows import Row
from agent.errors import AgentError, BatchError
from agent.layout import PACKAGES

_REACHED = 10.0
_SETTINGS = b"\x04"
_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + _SETTINGS + bytes(5)
"""How HTTP/2, which Ray speaks, is begun by both sides: with a frame of settings."""

_MOST_BREAKS = 3
_BREATH = 2.0
_PATIENCE = 2.0
_ROOM_AFTER = 15.0
"""Seconds after which it is said that there is no worker yet."""


@contextmanager
def connected(address: str | None) -> Iterator[int]:
    """A connection to a cluster, to which our packages are sent: its workers run the code that runs here.

    Args:
        address: Of the cluster; by default what ``RAY_ADDRESS`` says, else one is started on this machine.

    Yields:
        The cluster's cores.

    Raises:
        BatchError: There is no such cluster, or it has no core.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anybody
    where = address or os.environ.get("RAY_ADDRESS") or "local"
    modules = [str(Path(str(import_module(name).__file__)).parent) for name in PACKAGES]
    _reach(where)
    try:
        ray.init(
            where,
            runtime_env={"py_modules": modules},
            include_dashboard=False if where == "local" else None,
            log_to_driver=False,
            logging_level="error",
        )
    except Exception as error:  # Ray raises errors of many kinds here, all of which mean the same
        raise BatchError(f"no Ray cluster at {where}: {error}") from error
    try:
        cores = int(ray.cluster_resources().get("CPU", 0))
        if cores < 1:
            raise BatchError(f"the Ray cluster at {where} has no CPU to refine items on")
        yield cores
    finally:
        ray.shutdown()


def _reach(where: str) -> None:
    """Fail at once where no cluster answers: Ray itself would try for minutes.

    Raises:
        BatchError: None does.
    """
    if where in ("auto", "local"):
        return
    if "//" in where:
        raise BatchError(
            f"{where}: a batch does not go through Ray Client; start it on a machine of the cluster, "
            "and give that cluster's HOST:PORT"
        )
    host, _, port = where.rpartition(":")
    if not (host and port.isdecimal()):
        raise BatchError(f"--address {where}: give HOST:PORT of a Ray cluster, or auto for this machine's")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_REACHED) as connection:
            connection.sendall(_HELLO)
            is_ray = connection.recv(4)[3:] == _SETTINGS
    except (OSError, OverflowError) as error:
        raise BatchError(f"no Ray cluster at {where}: nothing answers there ({error})") from error
    if not is_ray and os.environ.get("RAY_USE_TLS") != "1":
        raise BatchError(f"no Ray cluster at {where}: what answers there is something else")


@dataclass(frozen=True, slots=True)
class RayEngine:
    """An ``Engine``; see ``agent.batch.job``.

    Attributes:
        cores: The cluster's: so many workers, unless fewer items are refined at a time.
        in_place: Whether workers that reach the batch's folder write there themselves.
    """

    cores: int
    in_place: bool = True

    async def __call__(self, job: Job, pending: Pending, write: Write, tell: Tell) -> None:
        """Refine the items on the cluster, and write the row of each as soon as it is finished.

        Raises:
            BatchError: The batch cannot go on.
            InputError: The source cannot be read any further.
        """
        workers = min(self.cores, job.jobs.first)
        breaks = 0
        async with self._work(job, workers, tell) as work:
            while True:
                try:
                    await work.desk.begin_reading.remote()
                    async for row in _rows(pending, work, workers):
                        breaks = 0
                        if row.id not in pending.done:
                            write(row)
                    return
                except AgentError:
                    raise
                except Exception as error:  # of many kinds: Ray Data fails as a whole where it must
                    breaks += 1
                    if breaks == _MOST_BREAKS:
                        raise BatchError(f"the Ray cluster fails: {_innermost(error)}") from error
                    await asyncio.sleep(_BREATH)

    @asynccontextmanager
    async def _work(self, job: Job, workers: int, tell: Tell) -> AsyncIterator[Work]:
        """What the workers are told, while one listens to what they tell."""
        out = job.out.absolute()
        mark = out / RUNNING / uuid.uuid4().hex
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        desk = ray.remote(Desk).options(num_cpus=0, label_selector=here).remote()
        if self.in_place:
            await asyncio.to_thread(_touch, mark)
        listening = asyncio.create_task(_listen(desk, tell))
        try:
            yield Work(job.agent, job.settings, job.wanted, job.jobs.shared_by(workers), out, mark, desk)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def _rows(pending: Pending, work: Work, workers: int) -> AsyncIterator[Row]:
    """The rows that the pipeline makes; they are waited for in a thread, which nothing can interrupt."""
    loop = asyncio.get_running_loop()
    said: asyncio.Queue[Row | Stop | BaseException | None] = asyncio.Queue()
    stopped = threading.Event()

    def say(what: Row | Stop | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(said.put_nowait, what)

    def drive() -> None:
        try:
            for row in refined(pending, work, workers):
                if stopped.is_set():
                    return
                say(row)
        except BaseException as error:  # it is raised where it is waited for
            say(error)
        else:
            say(None)

    driving = threading.Thread(target=drive, daemon=True)
    driving.start()
    try:
        while (row := await said.get()) is not None:
            if isinstance(row, BaseException):
                raise row
            if isinstance(row, Stop):
                raise row.error
            yield row
    finally:
        stopped.set()
        await asyncio.to_thread(driving.join, _PATIENCE)  # an item that is just finished lets it end


def _touch(mark: Path) -> None:
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


async def _listen(desk: Any, tell: Tell) -> None:
    """Tell what the workers tell. That a server is down is told once for all of them."""
    first = asyncio.ensure_future(desk.news.remote())
    done, _ = await asyncio.wait([first], timeout=_ROOM_AFTER)
    if not done:
        tell(Waiting(_no_room()))
    await first
    paused = False
    while True:
        event = await desk.news.remote()
        if isinstance(event, Paused | WentOn) and paused is not isinstance(event, Paused):
            paused = not paused
            tell(event)


def _no_room() -> str:
    free = ray.available_resources().get("CPU", 0)
    return f"no worker has started yet: each needs a CPU of the Ray cluster, of which {free:g} are free"


def _innermost(error: BaseException) -> str:
    """What is said by the error that began it all."""
    found = error
    while isinstance(inner := getattr(found, "cause", None) or found.__cause__, BaseException):
        found = inner
    return str(found).strip() or type(found).__name__
