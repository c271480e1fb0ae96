"""Whole runs of the product's graph on stand-ins for two models, by truth; see ``benchmarks.acceptance``."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from agent.testing import FaultyProgram, FaultyWorld, Skill
from benchmarks.faulty import FAULTS, FIRST, LAYOUTS, Drawn, laid_out, reference_of
from benchmarks.results import table
from critic.consensus import ConsensusCritic
from critic.types import Critic
from graph import Budget, Result, RunContext, RunFolder, Search, Stopped, build, stream
from renderers.types import Kind

VOTES = (1, 3)


def voting(critic: Critic, votes: int) -> Critic:
    return critic if votes == 1 else ConsensusCritic(critic, votes)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to by truth: severity sums of the first draft and of each round's best."""

    first: int
    last: int
    repairs: int
    kept: int
    harms: int
    calls: int


async def run(world: FaultyWorld, search: Search, votes: int, folder: Path) -> Run:
    """One run of the product's graph on the stand-ins."""
    context = RunContext(
        task=world.task,
        generator=world.generator,
        critic=voting(world.critic, votes),
        render=world.render,
        folder=RunFolder(folder, world.task.reference, world.task.language),
        search=search,
    )
    result: Result | None = None
    async for event in stream(context, build()):
        if isinstance(event, Stopped):
            result = event.result
    assert result is not None and result.best is not None
    severity = {
        item.id: world.true_severity(context.folder.text(item.code))
        for item in result.candidates
        if item.code
    }
    revised = [item for item in result.candidates if item.parent is not None and item.code]
    gains = [(item, severity[item.parent or 0] - severity[item.id]) for item in revised]
    first = min((item for item in result.candidates if item.code), key=lambda item: item.id)
    return Run(
        first=severity[first.id],
        last=severity[result.best.id],
        repairs=sum(gain > 0 for _, gain in gains),
        kept=sum(gain > 0 and item.accepted for item, gain in gains),
        harms=sum(gain < 0 and item.accepted for item, gain in gains),
        calls=result.usage.calls,
    )


async def runs_of(
    sources: list[tuple[str, Kind, str]], draw: Drawn, skill: Skill, seed: int, each: int, rounds: int
) -> str:
    """True severity after whole runs, by width and votes."""
    rows = []
    for width in (1, 4):
        for votes in VOTES:
            search = Search(width=width, budget=Budget(rounds=rounds))
            done = []
            for name, kind, code in sources:
                reference = await reference_of(kind, code, draw)
                for number in range(each):
                    layout = LAYOUTS[number % len(LAYOUTS)]
                    program = FaultyProgram(kind, code, FAULTS, len(code) + seed, laid_out(kind, layout))
                    if len(program.faults) <= FIRST:
                        continue
                    first = frozenset(range(FIRST))
                    world = FaultyWorld(
                        program, reference, draw, first=first, skill=skill, seed=seed + number
                    )
                    with tempfile.TemporaryDirectory() as folder:
                        done.append(await run(world, search, votes, Path(folder)))
                print(name, width, votes, [(item.first, item.last) for item in done[-each:]], flush=True)
            rows.append(
                (
                    width,
                    votes,
                    len(done),
                    f"{fmean(item.first for item in done):.1f}",
                    f"{fmean(item.last for item in done):.1f}",
                    sum(item.last > item.first for item in done),
                    f"{sum(item.kept for item in done)} of {sum(item.repairs for item in done)}",
                    sum(item.harms for item in done),
                    f"{fmean(item.calls for item in done):.1f}",
                )
            )
    head = ("width", "votes", "runs", "true S first", f"after {rounds} rounds", "worse than first")
    return table((*head, "true repairs kept", "harms kept", "calls"), rows)
