"""The Ray engine: items are refined by the processes of a cluster; reading and writing stay here."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import ray

from agent.batch.breaker import Breaker, probing
from agent.batch.events import Tell
from agent.batch.items import Item
from agent.batch.job import Job, Write
from agent.batch.local import Feed
from agent.batch.parcels import unpack
from agent.batch.ray_pool import Crashed, Pool
from agent.batch.refining import ServerDown, failed_row
from agent.batch.rows import Row
from agent.batch.sizing import endpoints_of
from agent.errors import BatchError
from agent.layout import PACKAGES
from renderers.errors import PictureError
from renderers.pictures import read_file


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
    try:
        _reach(where)
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
    """Fail at once where nothing listens: Ray itself would try for minutes."""
    host, _, port = where.rpartition(":")
    if "//" not in where and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10.0).close()


@dataclass(frozen=True, slots=True)
class RayEngine:
    """An ``Engine``; see ``agent.batch.job``.

    Attributes:
        cores: The cluster's: so many workers, unless fewer items are refined at a time.
    """

    cores: int

    async def __call__(self, job: Job, items: Iterator[Item], write: Write, tell: Tell) -> None:
        """Refine the items on the cluster, and write the row of each as soon as it is finished.

        Raises:
            BatchError: The batch cannot go on.
            InputError: The source cannot be read any further.
        """
        size = min(self.cores, job.jobs.first)
        async with (
            Pool(job.agent, job.wanted, job.jobs, size) as pool,
            Breaker(probing(endpoints_of(job.settings)), tell) as breaker,
        ):

            async def refine(item: Item) -> Row:
                return await _refine(pool, job, item)

            await Feed(job, refine, breaker, write, tell).all(items)


async def _refine(pool: Pool, job: Job, item: Item) -> Row:
    """Send an item with its picture, and keep what comes back."""
    try:
        answer = await pool.refine(await asyncio.to_thread(_with_picture, item))
    except (PictureError, Crashed) as error:
        return failed_row(item, job.wanted, str(error))
    if answer.down:
        raise ServerDown(answer.down)
    if answer.row is None:
        raise BatchError(answer.ended)
    try:
        await asyncio.to_thread(unpack, answer.files, item, job.out)
    except OSError as error:
        raise BatchError(
            f"{job.out}: can no longer be written ({error.strerror}); mend that and start again: "
            "what was finished is on disk and is not done again"
        ) from error
    return answer.row


def _with_picture(item: Item) -> Item:
    """The item with its picture's bytes: a path means nothing on another machine."""
    if not isinstance(item.picture, Path):
        return item
    return replace(item, picture=read_file(item.picture, str(item.picture)))
