"""Batches at scale: throughput by concurrency, memory over many items, the start over a finished set.

    python -m benchmarks.batch --write
    python -m benchmarks.batch --ray --write

The model server is simulated: so many answers at a time, each after a fixed time. Critic and renders are
scripted. Reading, the loop with its checkpoints and files, the report and the results are real.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from agent.api import RefinementAgent
from agent.batch.events import Event, Finished
from agent.batch.job import Agents, Job, run_job
from agent.batch.local import run_local
from agent.batch.refining import Wanted
from agent.batch.sizing import Jobs
from agent.batch.sources import open_source
from agent.settings import Settings
from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, picture
from benchmarks.overhead import CANDIDATES, ROUNDS, ServedGenerator, improving
from benchmarks.processes import held
from benchmarks.results import conclude, table
from graph.types import Budget, Generator, Search
from renderers.pictures import encode_png
from renderers.service import Renderers
from renderers.types import Kind, Language, Render, Size

SIZE = Size(64, 48)
SLOTS, LATENCY = 32, 4.0
JOBS = (1, 8, 32, 64, 128)
_DIFFERENT = 64
_WARM = 2.0 * LATENCY
_AT_ONCE = 16


class _ScriptedRenderers(Renderers):
    def __init__(self) -> None:
        super().__init__()
        self._scripted = ScriptedRenderer()

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        return await self._scripted.render(kind, code, language, size)


class _Agent(RefinementAgent):
    def __init__(self, generator: Generator, rounds: int) -> None:
        search = Search(policy="reflect", budget=Budget(rounds=rounds))
        super().__init__(search, generator=generator, critic=ScriptedCritic())
        self._renderers = _ScriptedRenderers()


def agents(generator: Generator, rounds: int) -> Agents:
    """Makes agents that ask ``generator`` and draw what it says."""

    @asynccontextmanager
    async def made() -> AsyncIterator[RefinementAgent]:
        async with _Agent(generator, rounds) as agent:
            yield agent

    return made


def write_source(file: Path, items: int) -> Path:
    """A JSONL file of so many small pictures."""
    uris = []
    for seed in range(_DIFFERENT):
        content = base64.b64encode(encode_png(picture(SIZE, seed))).decode()
        uris.append(f"data:image/png;base64,{content}")
    with file.open("w", encoding="utf-8") as lines:
        for number in range(items):
            line = {"id": f"item-{number:06d}", "image": uris[number % _DIFFERENT], "kind": "chart"}
            lines.write(json.dumps(line) + "\n")
    return file


def job(source: Path, out: Path, made: Agents, jobs: int) -> Job:
    """A lean batch of the source."""
    return Job(
        open_source(str(source)), out, Settings(), made, Jobs.fixed(jobs), Wanted(Kind.CHART, lean=True)
    )


async def throughput(folder: Path, source: Path, jobs: int, seconds: float) -> float:
    """Answers a second that the batch draws from the server, once it is under way."""
    generator = ServedGenerator(improving(CANDIDATES), LATENCY, SLOTS)
    batch = job(source, folder / f"jobs{jobs}", agents(generator, ROUNDS), jobs)
    running = asyncio.create_task(run_job(batch, run_local, lambda event: None))
    await asyncio.sleep(_WARM)
    started, before = time.perf_counter(), generator.slot_seconds()
    await asyncio.sleep(seconds)
    answers = (generator.slot_seconds() - before) / LATENCY / (time.perf_counter() - started)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    return answers


async def memory(folder: Path, items: int, every: int) -> tuple[list[tuple[int, float, float]], Path, Path]:
    """Items done, megabytes held, and items a second since the last look; and source and results."""
    source, out = write_source(folder / "many.jsonl", items), folder / "many"
    looks: list[tuple[int, float, float]] = []
    done, since = 0, time.perf_counter()

    def tell(event: Event) -> None:
        nonlocal done, since
        done += isinstance(event, Finished)
        if isinstance(event, Finished) and done % every == 0:
            now = time.perf_counter()
            looks.append((done, held(os.getpid()).parent, every / (now - since)))
            since = now
            print(looks[-1], flush=True)

    generator = ScriptedGenerator(improving(CANDIDATES))
    await run_job(job(source, out, agents(generator, 0), _AT_ONCE), run_local, tell)
    return looks, source, out


async def restarts(folder: Path, row: str, items: int) -> tuple[float, float]:
    """Seconds of the start that makes table, summary and gallery of a finished set, and of the one after.

    Args:
        folder: For source and batch.
        row: A row of a finished batch, which all items are given.
        items: How many.
    """
    source, out = write_source(folder / "finished.jsonl", items), folder / "finished"
    out.mkdir()
    known = json.loads(row)
    with (out / "results.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(items):
            lines.write(json.dumps(known | {"id": f"item-{number:06d}", "index": number}) + "\n")
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        generator = ScriptedGenerator(improving(CANDIDATES))
        totals = await run_job(
            job(source, out, agents(generator, 0), _AT_ONCE), run_local, lambda event: None
        )
        taken.append(time.perf_counter() - started)
        assert totals.done == items
    return taken[0], taken[1]


async def measure(items: int, finished: int, seconds: float) -> str:
    """The whole section."""
    limit = SLOTS / LATENCY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        looks, _, out = await memory(folder, items, max(1, items // 10))
        with (out / "results.jsonl").open(encoding="utf-8") as lines:
            row = lines.readline()
        first, again = await restarts(folder, row, finished)
        print(first, again, flush=True)
        source = write_source(folder / "endless.jsonl", 10_000)
        rates = []
        for jobs in JOBS:
            answers = await throughput(folder, source, jobs, seconds)
            rates.append((jobs, f"{answers:.2f}", f"{100 * answers / limit:.1f}%"))
            print(rates[-1], flush=True)
    slope = float(np.polyfit([n / 1000 for n, _, _ in looks], [mb for _, mb, _ in looks], 1)[0])
    return "\n\n".join(
        [
            f"Throughput: a simulated server that answers {SLOTS} requests at a time, each in {LATENCY:g} s, "
            f"which is {limit:g} a second at most; {CANDIDATES} requests an item; over {seconds:g} s. "
            "The bar is 95% of the limit.",
            table(("items at a time", "answers a second", "of the server's limit"), rates),
            f"Memory and pace: {items:,} items, {SIZE.width} x {SIZE.height}, one candidate each, "
            f"{_AT_ONCE} at a time, models and renders that take no time.",
            table(
                ("items done", "MB held", "items a second"),
                [(f"{n:,}", f"{mb:.0f}", f"{rate:.1f}") for n, mb, rate in looks],
            ),
            f"A line through the memory rises by {slope:+.2f} MB for each 1,000 items.",
            f"Restart over a finished set of {finished:,} (its results are one real row, given to each "
            f"item, as refining is not what is measured): {again:.1f} s; {first:.1f} s where table, summary "
            "and gallery must be made first.",
        ]
    )


def main() -> None:
    """Measure, and write ``RESULTS.md`` where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=20_000, help="of the batch whose memory is watched")
    parser.add_argument("--finished", type=int, default=20_000, help="of the batch that is started again")
    parser.add_argument("--seconds", type=float, default=20.0, help="to look at each concurrency for")
    parser.add_argument("--ray", action="store_true", help="instead, the Ray engine beside the local one")
    parser.add_argument("--ray-items", type=int, default=1_000, help="of the batch that each refines")
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    if options.ray:
        if find_spec("ray") is None:
            raise SystemExit("--ray is skipped: Ray is not installed (pip install 'lookalike[ray]')")
        from benchmarks.batch_ray import measure as measure_ray

        body = measure_ray(options.ray_items)
        command = f"batch --ray --ray-items {options.ray_items}"
        conclude("Batches on Ray", command, load, body, write=options.write)
        return
    body = asyncio.run(measure(options.items, options.finished, options.seconds))
    command = f"batch --items {options.items} --finished {options.finished} --seconds {options.seconds:g}"
    conclude("Batches at scale", command, load, body, write=options.write)


if __name__ == "__main__":
    main()
