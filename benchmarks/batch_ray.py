"""What Ray costs beside the local engine: the same items, and the same simulated server."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.api import RefinementAgent
from agent.batch.events import Event, Finished
from agent.batch.job import Engine, run_job
from agent.batch.local import run_local
from benchmarks.batch import agents, job, write_source
from benchmarks.overhead import CANDIDATES, ROUNDS, ServedGenerator, improving
from benchmarks.results import table

AT_ONCE = 16
LATENCY = 1.0

Started = Callable[[], AbstractContextManager[tuple[Engine, int]]]
"""Starts an engine; tells it, and of how many processes it is."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a batch went.

    Attributes:
        start: Seconds until the first item was finished.
        rate: Items a second from there to the last one.
    """

    start: float
    rate: float


@asynccontextmanager
async def served(latency: float, slots: int) -> AsyncIterator[RefinementAgent]:
    """An agent on a part of a simulated server."""
    generator = ServedGenerator(improving(CANDIDATES), latency, slots)
    async with agents(generator, ROUNDS if latency else 0)() as agent:
        yield agent


@contextmanager
def local() -> Iterator[tuple[Engine, int]]:
    """The local engine, one process."""
    yield run_local, 1


@contextmanager
def on_ray() -> Iterator[tuple[Engine, int]]:
    """The Ray engine on a cluster of this machine alone."""
    from agent.batch.ray_engine import RayEngine, connected

    with connected(None) as cores:
        yield RayEngine(cores), cores


def pace(engine: Started, source: Path, out: Path, latency: float) -> Pace:
    """Run a batch, from the start of its engine on."""
    began = time.perf_counter()
    finished: list[float] = []

    def tell(event: Event) -> None:
        if isinstance(event, Finished):
            finished.append(time.perf_counter())

    with engine() as (run, processes):
        made = job(source, out, partial(served, latency, AT_ONCE // processes), AT_ONCE)
        asyncio.run(run_job(made, run, tell))
    return Pace(finished[0] - began, (len(finished) - 1) / (finished[-1] - finished[0]))


def measure(items: int) -> str:
    """The whole section.

    Args:
        items: Where the server takes no time; a tenth as many where it does.
    """
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for latency, count in ((0.0, items), (LATENCY, max(AT_ONCE, items // 10))):
            source = write_source(folder / f"{count}.jsonl", count)
            here = pace(local, source, folder / f"local{latency:g}", latency)
            there = pace(on_ray, source, folder / f"ray{latency:g}", latency)
            server = f"{CANDIDATES} answers an item, {latency:g} s each" if latency else "takes no time"
            rows.append(
                (
                    *(server, f"{count:,}", f"{here.start:.1f}", f"{there.start:.1f}"),
                    *(f"{here.rate:.2f}", f"{there.rate:.2f}", f"{there.rate / here.rate:.2f}"),
                )
            )
            print(rows[-1], flush=True)
    return "\n\n".join(
        [
            f"The same items on either engine, lean, {AT_ONCE} at a time; Ray on a cluster of this machine "
            "alone, a worker a core, through Ray Data. Start is from the start of the engine, with Ray's "
            "cluster and its workers, to the first item that is finished; the pace is that from there to the "
            "last. Renders take no time, so where the server takes none either, our own work and Ray's is "
            "what is measured.",
            table(
                (
                    *("server", "items", "start, local, s", "start, Ray, s"),
                    *("items a second, local", "Ray", "Ray to local"),
                ),
                rows,
            ),
        ]
    )
