"""What the loop itself costs, with models and renders that take no time.

    python -m benchmarks.overhead --write

Generator and critic are scripted; renders are one real chart with two pixels changed, so that each is another
picture. What is left is ours: the graph, its checkpoints, the files, the pictures encoded and hashed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image as PILImage

from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, Step
from benchmarks.processes import held
from benchmarks.results import conclude, table
from graph import Budget, Result, RunContext, RunFolder, Search, Stopped, Task, build, stream
from graph.build import Graph
from graph.checkpoints import FILE, checkpointed
from graph.folder import write_atomically
from graph.types import Draft, Generator, Revision
from renderers.pictures import load_picture
from renderers.types import Image, Kind, Language, Render, Size

PICTURE = Path(__file__).parents[1] / "examples" / "pictures" / "chart" / "grouped_bars.png"
SMALL, LARGE = Size(160, 120), Size(640, 480)
FINDINGS = 10
ROUNDS = 3
CANDIDATES = ROUNDS + 1

Graphs = Callable[[Path], AbstractAsyncContextManager[Graph]]
"""Makes the graph for the run in a folder."""


@asynccontextmanager
async def unkept(folder: Path) -> AsyncIterator[Graph]:
    """A graph without checkpoints."""
    yield build()


def kept(folder: Path) -> AbstractAsyncContextManager[Graph]:
    """A graph with checkpoints in the run's folder, as the agent has it."""
    return checkpointed(folder, fresh=True)


def chart(size: Size) -> Image:
    """The chart that every render is a variation of."""
    picture = PILImage.fromarray(load_picture(PICTURE)).resize((size.width, size.height))
    return np.asarray(picture, dtype=np.uint8)


class InstantRenderer(ScriptedRenderer):
    """Changes two pixels of one picture, for each code others."""

    def __init__(self, base: Image) -> None:
        super().__init__()
        self._base = base

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        """The picture, marked for the code."""
        marks = await super().render(kind, code, language, Size(2, 1))
        image = self._base.copy()
        if marks.image is not None:
            image[0, :2] = marks.image[0]
        return Render(marks.status, image)


class RepeatingRenderer(InstantRenderer):
    """Takes no time at all for a code that it has drawn before: gives the same pixels once more."""

    def __init__(self, base: Image) -> None:
        super().__init__(base)
        self._drawn: dict[str, Render] = {}

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        """The picture, marked for the code."""
        if code not in self._drawn:
            self._drawn[code] = await super().render(kind, code, language, size)
        return self._drawn[code]


class ServedGenerator(ScriptedGenerator):
    """A generator on a simulated server, which answers so many requests at a time, each after ``latency``."""

    def __init__(self, steps: list[Step], latency: float, slots: int) -> None:
        super().__init__(steps)
        self.latency, self.slots = latency, slots
        self.full = asyncio.Event()
        self._room = asyncio.Semaphore(slots)
        self._in_use, self._busy, self._since = 0, 0.0, time.perf_counter()

    async def draft(self, task: Task, seed: int) -> Draft:
        """The step of this seed, once it was served."""
        return await self._served(seed)

    async def revise(self, revision: Revision) -> Draft:
        """The step of this seed, once it was served."""
        return await self._served(revision.seed)

    async def _served(self, seed: int) -> Draft:
        async with self._room:
            self._use(1)
            await asyncio.sleep(self.latency)
            self._use(-1)
        return await self._answer(seed)

    def _use(self, change: int) -> None:
        self.slot_seconds()
        self._in_use += change
        if self._in_use == self.slots:
            self.full.set()

    def slot_seconds(self) -> float:
        """Seconds that slots were in use, summed over the slots, until now."""
        now = time.perf_counter()
        self._busy += self._in_use * (now - self._since)
        self._since = now
        return self._busy


class HeldGenerator(ScriptedGenerator):
    """A generator whose revisions are never answered."""

    def __init__(self, steps: list[Step], expected: int) -> None:
        super().__init__(steps)
        self.waiting: list[Revision] = []
        self.all_wait = asyncio.Event()
        self._expected = expected

    async def revise(self, revision: Revision) -> Draft:
        """Hold on to what was asked."""
        self.waiting.append(revision)
        if len(self.waiting) == self._expected:
            self.all_wait.set()
        return await asyncio.Future[Draft]()


def improving(candidates: int) -> list[Step]:
    """Steps that are all accepted: ever the same discrepancies, and ever more of the pixels right."""
    return [Step(3 * FINDINGS, 0.1 + 0.8 * number / candidates) for number in range(candidates)]


@dataclass(slots=True)
class Bench:
    """Refines one picture over and over, each time in a new folder.

    Attributes:
        folder: Where the run folders go.
        size: Of reference and renders.
        graphs: With or without checkpoints.
        rounds: Revision rounds, each with one revision.
        apart: Whether each refinement has pictures of its own, where it counts what they hold; making them
            takes time that is not the loop's.
    """

    folder: Path
    size: Size
    graphs: Graphs
    rounds: int = ROUNDS
    apart: bool = False
    numbers: count[int] = field(default_factory=count)
    base: Image = field(init=False)
    renderer: InstantRenderer = field(init=False)

    def __post_init__(self) -> None:
        self.base = chart(self.size)
        self.renderer = (InstantRenderer if self.apart else RepeatingRenderer)(self.base)

    async def refine(self, generator: Generator | None = None) -> tuple[Result, Path]:
        """One refinement, in a folder of its own."""
        folder = self.folder / str(next(self.numbers))
        reference = self.base.copy() if self.apart else self.base
        context = RunContext(
            task=Task(Kind.CHART, Language.PYTHON, reference),
            generator=generator or ScriptedGenerator(improving(self.rounds + 1)),
            critic=ScriptedCritic(),
            render=self.renderer.render,
            folder=RunFolder(folder, reference, Language.PYTHON),
            search=Search(policy="reflect", patience=self.rounds + 1, budget=Budget(rounds=self.rounds)),
        )
        async with self.graphs(folder) as graph:
            async for event in stream(context, graph, "run"):
                if isinstance(event, Stopped):
                    return event.result, folder
        raise AssertionError("a stream ends with Stopped")


async def own_time(folder: Path, size: Size, graphs: Graphs, runs: int) -> tuple[float, ...]:
    """Milliseconds a candidate: of processor and of clock, median and quickest of so many runs."""
    bench = Bench(folder, size, graphs)
    await bench.refine()
    taken = []
    for _ in range(runs):
        clock, processor = time.perf_counter(), time.process_time()
        result, _ = await bench.refine()
        assert len(result.candidates) == CANDIDATES
        taken.append((time.process_time() - processor, time.perf_counter() - clock))
    processors, clocks = (
        [1000 * value / CANDIDATES for value in column] for column in zip(*taken, strict=True)
    )
    return median(processors), min(processors), median(clocks), min(clocks)


def file_cost(folder: Path, count: int = 200) -> float:
    """Milliseconds of processor that a small file in a folder takes to be written, median."""
    folder.mkdir()
    taken = []
    for number in range(count):
        started = time.process_time()
        write_atomically(folder / str(number), b"code")
        taken.append(time.process_time() - started)
    return 1000 * median(taken)


async def busy_share(bench: Bench, at_once: int, generator: ServedGenerator, seconds: float) -> float:
    """The share of the server's slots in use, from when it was full for the first time on."""

    async def work() -> None:
        while True:
            await bench.refine(generator)

    workers = [asyncio.create_task(work()) for _ in range(at_once)]
    await generator.full.wait()
    started, before = time.perf_counter(), generator.slot_seconds()
    await asyncio.sleep(max(seconds, 2 * generator.latency))
    passed, used = time.perf_counter() - started, generator.slot_seconds() - before
    await _cancel(workers)
    return used / (generator.slots * passed)


async def memory_each(bench: Bench, at_once: int) -> float:
    """Megabytes for each refinement that waits for its first revision."""
    await bench.refine()
    gc.collect()
    before = held(os.getpid()).parent
    generator = HeldGenerator(improving(2), at_once)
    waiting = [asyncio.create_task(bench.refine(generator)) for _ in range(at_once)]
    await generator.all_wait.wait()
    gc.collect()
    grown = held(os.getpid()).parent - before
    await _cancel(waiting)
    return grown / at_once


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def checkpoint_size(folder: Path, rounds: int) -> float:
    """Kilobytes of the checkpoints that so many rounds leave."""
    _, run = await Bench(folder, SMALL, kept, rounds).refine()
    return sum(path.stat().st_size for path in run.glob(f"{FILE}*")) / 1000


def _text(size: Size) -> str:
    return f"{size.width} x {size.height}"


async def measure(runs: int, at_once: int, seconds: float) -> str:
    """The whole section."""
    ways: dict[str, Graphs] = {"none": unkept, "SQLite": kept}
    with tempfile.TemporaryDirectory() as name:
        folders = (Path(name) / str(number) for number in count())
        # first of all, while nothing that was freed lies about to be used again
        memory = await memory_each(Bench(next(folders), LARGE, kept, apart=True), at_once)
        print(memory, flush=True)
        times, file = [], file_cost(next(folders))
        for size in (SMALL, LARGE):
            for label, graphs in ways.items():
                taken = await own_time(next(folders), size, graphs, runs)
                times.append((_text(size), label, *(f"{value:.2f}" for value in taken)))
                print(times[-1], flush=True)
        busy = []
        for slots, latency in ((64, 2.0), (128, 4.0), (128, 8.0), (at_once, 16.0)):
            generator = ServedGenerator(improving(CANDIDATES), latency, slots)
            bench = Bench(next(folders), LARGE, kept)
            share = await busy_share(bench, at_once, generator, seconds)
            busy.append((slots, f"{latency:.0f}", f"{slots / latency:.1f}", f"{100 * share:.1f}%"))
            print(busy[-1], flush=True)
        sizes = [(rounds, f"{await checkpoint_size(next(folders), rounds):.0f}") for rounds in (10, 100)]
    return "\n\n".join(
        [
            f"Refinements of {CANDIDATES} candidates, one after the other; all of one process and its "
            f"threads, run folder included; of {runs} runs the median, and the quickest, which other work on "
            "the machine disturbed least. Milliseconds a candidate; the bar is 5. A candidate writes four "
            f"files; a file took {file:.2f} ms where these were, in {tempfile.gettempdir()}.",
            table(
                ("pictures", "checkpoints", "processor, median", "quickest", "clock, median", "quickest"),
                times,
            ),
            f"{at_once} refinements at once on one event loop, with checkpoints, {_text(LARGE)}, on a "
            f"simulated server; looked at for {seconds:.0f} s, or twice its latency, from when it was full. "
            "The bar is 95%. Where the server has a slot for each refinement, none ever waits for it, so "
            "each slot is empty while we work on what it answered.",
            table(("server's slots", "latency, s", "candidates a second, at most", "slots busy"), busy),
            f"Memory: {memory:.2f} MB for each of {at_once} refinements in flight, {_text(LARGE)}, two "
            "pictures of which, reference and render, are 0.92 MB each.",
            f"Checkpoints, {FINDINGS} discrepancies a candidate:",
            table(("rounds", "kB"), sizes),
        ]
    )


def main() -> None:
    """Measure, and write ``RESULTS.md`` where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=20.0, help="to look at the server for")
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    body = asyncio.run(measure(options.runs, options.at_once, options.seconds))
    command = f"overhead --runs {options.runs} --at-once {options.at_once} --seconds {options.seconds:g}"
    conclude("Overhead of the loop", command, load, body, write=options.write)


if __name__ == "__main__":
    main()
