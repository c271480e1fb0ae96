"""How much of what a first draft gets wrong the measured hints tell, and what whole runs come to with them.

    python -m benchmarks.hints RUNS --write

RUNS as for ``benchmarks.faulty``. Each program gets faults from the taxonomy of ``agent.injection``: a
first draft has six of them. The hints are the product's, read from the picture of the sound program. A fault
is told where a value that the program has and the fault takes away stands in them. What a model makes of it
is a stand-in's: of a first draft it takes a hint over with ``TRUSTS``, so that a fault is not made, or, where
the hint is wrong, is made; of the wrong ones it looks up ``CHECKS``. A fault that a wrong hint speaks for is
mended so much more seldom, too.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from agent.generators.hints import Hints
from agent.testing import FaultyProgram, FaultyWorld, Skill
from agent.testing_faults import FaultyGenerator
from benchmarks.acceptance_runs import Run, Source, runs, usable
from benchmarks.faulty import FAULTS, FIRST, Drawn, programs, reference_of
from benchmarks.results import machine, table, write_section
from critic.reading import Reader
from graph import Budget, Search
from graph.types import Draft, Revision, Task
from renderers.service import Renderers
from renderers.types import LANGUAGES, Kind

TRUSTS, CHECKS, WRONG = 0.7, 0.5, 0.3
ARMS = (None, 0.0, WRONG)
"""Without hints, with right ones, with so many of them wrong."""

_TOKEN = re.compile(r"#[0-9a-fA-F]{6}|\w[\w.%-]+\w|\w\w")


@dataclass(frozen=True, slots=True)
class Told:
    """One program: how long its hints are, and which of its faults they tell."""

    letters: int
    told: tuple[bool, ...]


class HintedGenerator(FaultyGenerator):
    """One that is told hints, some of which may be wrong."""

    def __init__(self, world: FaultyWorld, seed: int, told: frozenset[int], wrong: frozenset[int]) -> None:
        super().__init__(world, frozenset(range(FIRST)), seed)
        self._hinted, self._told, self._wrong = world, told, wrong

    async def draft(self, task: Task, seed: int) -> Draft:
        """A draft without the faults that it was kept from, and with those that it was led into."""
        draft, chance = await super().draft(task, seed), random.Random(f"hinted {self._seed} {seed}")
        right = {fault for fault in self._told - self._wrong if chance.random() < TRUSTS}
        led = {fault for fault in self._wrong if chance.random() < TRUSTS * (1.0 - CHECKS)}
        return self._with(draft, (self._hinted.present[draft.code] - right) | led)

    async def revise(self, revision: Revision) -> Draft:
        """The same revision, but for repairs that a wrong hint speaks against."""
        draft, chance = await super().revise(revision), random.Random(f"hinted {self._seed} {revision.seed}")
        if not draft.code:
            return draft
        before, after = (self._hinted.present[code] for code in (revision.code, draft.code))
        kept = {fault for fault in (before - after) & self._wrong if chance.random() >= CHECKS}
        return self._with(draft, after | kept) if after | kept != before else replace(draft, code="")

    def _with(self, draft: Draft, present: frozenset[int]) -> Draft:
        return replace(draft, code=self._hinted.code(frozenset(present)))


async def told(source: Source, draw: Drawn) -> Told:
    """What the hints tell of a program's faults."""
    _, kind, code = source
    reference = await reference_of(kind, code, draw)
    program = FaultyProgram(kind, code, FAULTS, len(code))
    hints = await Hints(Reader()).of(Task(kind, LANGUAGES[kind][0], reference))
    known = set(_TOKEN.findall(hints.casefold()))
    sound = _tokens(program.code(frozenset()))
    lost = [sound - _tokens(program.code(frozenset({number}))) for number in range(len(program.faults))]
    return Told(len(hints), tuple(bool(values & known) for values in lost))


def _tokens(code: str) -> set[str]:
    return set(_TOKEN.findall(code.casefold()))


async def refined(
    source: Source, told: Told, wrong: float | None, draw: Drawn, options: argparse.Namespace
) -> list[Run]:
    """Whole runs of a program, with a share of the hints that is wrong; without hints where that is None."""
    hinted = frozenset(number for number, known in enumerate(told.told) if known)

    def change(world: FaultyWorld, number: int) -> None:
        if wrong is not None:
            chance = random.Random(f"wrong {number}")
            misled = frozenset(fault for fault in sorted(hinted) if chance.random() < wrong)
            world.generator = HintedGenerator(world, number, hinted, misled)

    search = Search(budget=Budget(rounds=options.rounds))
    return await runs(source, draw, Skill(), search, 1, 0, options.seeds, change)


async def report(options: argparse.Namespace) -> str:
    """The section's text."""
    found: list[tuple[Kind, Told, list[list[Run]]]] = []
    async with Renderers() as renderers:
        draw = Drawn(renderers.render)
        for source in usable(programs(options.runs, list(Kind)), 0, options.each):
            known = await told(source, draw)
            done = [await refined(source, known, wrong, draw, options) for wrong in ARMS]
            found.append((source[1], known, done))
            print(source[0], [[(item.first, item.last) for item in arm] for arm in done], flush=True)
    rows = []
    for kind in (*Kind, None):
        here = [item for item in found if kind in (item[0], None)]
        if here:
            faults = [known for _, item, _ in here for known in item.told]
            letters = round(fmean(item.letters for _, item, _ in here))
            rows.append((kind or "all", len(here), letters, f"{sum(faults)} of {len(faults)}", *_arms(here)))
    head = ("kind", "programs", "letters of hints", "faults told", "true S, no hints")
    body = (
        f"`python -m benchmarks.hints RUNS --each {options.each} --seeds {options.seeds} --write` "
        f"({machine()}). A fault is told where a value that it takes out of the program stands in the hints. "
        f"The stand-in takes {TRUSTS:.0%} of the hints over and looks up {CHECKS:.0%} of the wrong ones. "
        f"True severity sums of the first draft and after {options.rounds} rounds, {options.seeds} runs of "
        "each program."
    )
    return f"{body}\n\n{table((*head, 'right hints', f'{WRONG:.0%} of them wrong'), rows)}"


def _arms(here: list[tuple[Kind, Told, list[list[Run]]]]) -> list[str]:
    cells = []
    for number in range(len(ARMS)):
        done = [item for _, _, arms in here for item in arms[number]]
        cells.append(f"{fmean(item.first for item in done):.1f}, {fmean(item.last for item in done):.1f}")
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--each", type=int, default=3, help="programs of each kind")
    parser.add_argument("--seeds", type=int, default=4, help="runs of each program and arm")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    body = asyncio.run(report(options))
    print(body)
    if options.write:
        write_section("Measured hints", body)


if __name__ == "__main__":
    main()
