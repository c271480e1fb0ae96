"""Which revisions are accepted, by truth: single repairs, and whole runs with a noisy critic.

    python -m benchmarks.acceptance RUNS --write

RUNS, programs and faults as in ``benchmarks.faulty``. A true repair takes one fault out, a bad revision puts
one more in. ``--seed`` and ``--skill misses=0.5`` try other chance and other models than the figures and
constants of the product come from; ``--odd`` takes every second program that they do not come from.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import fmean

import numpy as np

from agent.testing import FaultyProgram, FaultyWorld, Skill
from benchmarks.acceptance_runs import VOTES, runs_of, usable, voting
from benchmarks.faulty import FAULTS, LAYOUTS, Drawn, laid_out, programs, reference_of
from benchmarks.results import machine, table, write_section
from critic.closeness import nearer
from critic.reward import reward
from critic.similarity import similarity
from critic.types import Critique
from graph import Candidate, RunContext, RunFolder
from graph.acceptance import evidence, improves
from graph.judging import weighed_again
from graph.types import RenderRecord
from renderers.service import Renderers
from renderers.types import Image, Kind, RenderStatus, Size

LEAST = 3
"""Faults that a program must have place for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A parent and a revision of it, and whether that is a true repair."""

    kind: Kind
    layout: str
    repair: bool
    world: FaultyWorld
    parent: Image
    child: Image
    seen: tuple[float, ...]


async def pairs(name: str, kind: Kind, code: str, draw: Drawn, skill: Skill, seed: int) -> list[Pair]:
    """For each layout three repairs and three bad revisions, of parents with two to four faults."""
    reference = await reference_of(kind, code, draw)
    found = []
    for layout in LAYOUTS:
        program = FaultyProgram(kind, code, FAULTS, len(code) + seed, laid_out(kind, layout))
        if len(program.faults) < LEAST:
            continue
        world = FaultyWorld(program, reference, draw, first=frozenset(), skill=skill, seed=seed)
        chance = random.Random(f"{name} {layout} {seed}")
        for _ in range(3):
            order = chance.sample(range(len(program.faults)), len(program.faults))
            present = frozenset(order[: chance.randint(2, min(4, len(order) - 1))])
            for repair in (True, False):
                after = present - {order[0]} if repair else present | {order[-1]}
                images = [await _image(world, faults) for faults in (present, after)]
                before, child = images
                if before is not None and child is not None and not np.array_equal(before, child):
                    seen = nearer(reference, before, child)
                    found.append(Pair(kind, layout, repair, world, before, child, seen))
    return found


async def _image(world: FaultyWorld, present: frozenset[int]) -> Image | None:
    code, task = world.code(present), world.task
    size = Size(task.reference.shape[1], task.reference.shape[0])
    return (await world.render(task.kind, code, task.language, size)).image


@dataclass(frozen=True, slots=True)
class Case:
    """A pair as candidates, as answered once about each, in a context that can ask for more."""

    pair: Pair
    context: RunContext
    parent: Candidate
    child: Candidate

    @property
    def answers(self) -> int:
        """Answers that were paid for."""
        return self.parent.spent.calls + self.child.spent.calls


Rule = Callable[[Case], Awaitable[tuple[bool, int]]]
"""Whether a revision is accepted, and how many answers that took."""


async def cases(pair: Pair, folder: Path) -> AsyncIterator[tuple[int, str, Case]]:
    """The pair as answered once, for each number of votes: by the critic, and by one that judges, too."""
    task = pair.world.task
    kept = RunFolder(folder, task.reference, task.language)
    pictures = [await kept.aput_picture(image) for image in (pair.parent, pair.child)]
    for votes in VOTES:
        for name, critic in (("", pair.world.critic), (BESIDE, pair.world.judge)):
            asked = voting(critic, votes)
            context = RunContext(
                task=task,
                generator=pair.world.generator,
                critic=asked,
                render=pair.world.render,
                folder=kept,
            )
            made = []
            for number, image in enumerate((pair.parent, pair.child)):
                said = await asked.critique(task.kind, task.reference, image)
                made.append(
                    Candidate(
                        id=number,
                        parent=None if number == 0 else 0,
                        render=RenderRecord(status=RenderStatus.OK, picture=pictures[number]),
                        critique=said,
                        reward=reward(said),
                        accepted=True,
                        nearer=() if number == 0 else pair.seen,
                    )
                )
            yield votes, name, Case(pair, context, *made)


async def both_must_rise(case: Case) -> tuple[bool, int]:
    """The first rule: neither reward nor SSIM falls, and one rises."""
    before, after = _critiques(case)
    gains = (reward(after) - reward(before), after.similarity - before.similarity)
    return not after.fallback and min(gains) >= 0.0 and max(gains) > 0.0, case.answers


async def sums(case: Case) -> tuple[bool, int]:
    """Pixels, and the severity sums' difference in units of their error, as answered once."""
    before, after = _critiques(case)
    pixels = evidence(_without_findings(case.child), _without_findings(case.parent))
    error = math.hypot(1.0, *(math.sqrt(said.severity + 1) for said in (before, after)))
    return pixels + (before.severity - after.severity) / error > SUMS_NEED, case.answers


async def findings(case: Case) -> tuple[bool, int]:
    """The product's weights, as answered once."""
    return improves(case.child, case.parent), case.answers


async def until_decided(case: Case) -> tuple[bool, int]:
    """The product's rule: both are asked about while it is in doubt."""
    child, parent = await weighed_again(case.context, case.child, case.parent)
    return improves(child, parent), child.spent.calls + parent.spent.calls


SUMS_NEED = 0.6
"""What the rule before this one needed."""

RULES: dict[str, Rule] = {
    "reward and SSIM both": both_must_rise,
    "severity sums": sums,
    "finding by finding": findings,
    "asked until decided": until_decided,
}
BESIDE = "beside each other first"


def _critiques(case: Case) -> tuple[Critique, Critique]:
    assert case.parent.critique is not None and case.child.critique is not None
    return case.parent.critique, case.child.critique


def _without_findings(candidate: Candidate) -> Candidate:
    assert candidate.critique is not None
    bare = candidate.critique.model_copy(update={"discrepancies": (), "doubted": (), "failure": ""})
    return candidate.model_copy(update={"critique": bare})


Decided = list[tuple[Pair, bool, int]]


async def accepted(found: list[Pair]) -> Iterator[str]:
    """For each number of votes the share of true repairs and of bad revisions that each rule accepts."""
    kept: dict[int, dict[str, Decided]] = {votes: {} for votes in VOTES}
    for pair in found:
        with tempfile.TemporaryDirectory() as folder:
            async for votes, name, case in cases(pair, Path(folder)):
                for rule, accepts in ({name: until_decided} if name else RULES).items():
                    kept[votes].setdefault(rule, []).append((pair, *await accepts(case)))
    return (_acceptance(votes, rules) for votes, rules in kept.items())


def _acceptance(votes: int, rules: dict[str, Decided]) -> str:
    rows = []
    for name, decided in rules.items():
        cells = [_shares([item for item in decided if item[0].layout == layout]) for layout in LAYOUTS]
        rows.append((name, *cells, _shares(decided), f"{fmean(item[2] for item in decided):.1f}"))
    head = f"true repairs / bad revisions accepted, votes {votes}"
    return table((head, *LAYOUTS, "all", "answers"), rows)


def _shares(decided: Decided) -> str:
    shares = [[taken for pair, taken, _ in decided if pair.repair is repair] for repair in (True, False)]
    return " / ".join(f"{fmean(share):.2f}" if share else "-" for share in shares)


def falls(found: list[Pair]) -> str:
    """The share of true repairs on which a measure falls, and of bad revisions on which it rises."""
    rows = []
    for layout in LAYOUTS:
        here = [pair for pair in found if pair.layout == layout]
        measured = [_measures(pair) for pair in here]
        cells = []
        for measure in range(3):
            good = [m[measure] <= 0 for pair, m in zip(here, measured, strict=True) if pair.repair]
            bad = [m[measure] > 0 for pair, m in zip(here, measured, strict=True) if not pair.repair]
            cells.append(" / ".join(f"{fmean(share):.2f}" if share else "-" for share in (good, bad)))
        rows.append((layout, len(here), *cells))
    return table(
        ("repairs not seen / bad seen as better", "pairs", "SSIM", "within 2 px", "within 6 px"), rows
    )


def _measures(pair: Pair) -> tuple[float, ...]:
    reference = pair.world.task.reference
    ssim = similarity(reference, pair.child) - similarity(reference, pair.parent)
    return ssim, *pair.seen


async def report(options: argparse.Namespace) -> str:
    """The section's text."""
    half = slice(int(options.odd), None, 2)
    drawn = programs(options.runs, options.kind or list(Kind), half)
    sources = usable(drawn, options.seed, options.each)
    skill = Skill(**dict(options.skill))
    found: list[Pair] = []
    async with Renderers() as renderers:
        draw = Drawn(renderers.render)
        for name, kind, code in sources:
            more = await pairs(name, kind, code, draw, skill, options.seed)
            found += more
            print(f"{kind} {name}: {len(more)} pairs", flush=True)
        parts = [falls(found), *await accepted(found)]
        print("\n\n".join(parts), flush=True)
        if options.seeds:
            parts += await runs_of(sources, draw, skill, options.seed, options.seeds, options.rounds)
    more = "".join(f" --skill {name}={value}" for name, value in options.skill)
    odd = " --odd" if options.odd else ""
    kinds = "".join(f" --kind {kind}" for kind in options.kind or ())
    command = (
        f"`python -m benchmarks.acceptance RUNS{kinds} --each {options.each} --seeds {options.seeds} "
        f"--seed {options.seed}{odd}{more} --write`"
    )
    return "\n\n".join([f"{command} ({machine()}), {len(sources)} programs. {_noise(skill)}", *parts])


def _noise(skill: Skill) -> str:
    return (
        f"The critic misses {skill.misses:.0%}, invents {skill.invents:.0%}, is one off in "
        f"{skill.misjudges:.0%} of the severities and cannot be read {skill.garbles:.0%} of the time; beside "
        f"each other it names the wrong one {skill.confuses:.0%} of the time, in each order; the "
        f"generator mends a named fault with {skill.mends:.0%} and breaks another with {skill.breaks:.0%}."
    )


def _setting(text: str) -> tuple[str, float]:
    name, value = text.split("=")
    if name not in {item.name for item in fields(Skill)}:
        raise argparse.ArgumentTypeError(f"{name}: not one of Skill's")
    return name, float(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--each", type=int, default=8, help="programs of each kind")
    parser.add_argument("--odd", action="store_true", help="the programs that nothing was chosen on")
    parser.add_argument("--seed", type=int, default=0, help="of all chance")
    parser.add_argument("--skill", action="append", type=_setting, default=[], help="of the stand-ins")
    parser.add_argument("--seeds", type=int, default=4, help="runs of each program; 0 for none")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    body = asyncio.run(report(options))
    print(body)
    if options.write:
        write_section("Acceptance, by truth" + (", unseen" if options.odd else ""), body)


if __name__ == "__main__":
    main()
