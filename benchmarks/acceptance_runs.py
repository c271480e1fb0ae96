"""Whole runs of the product's graph on stand-ins for two models, by truth; see ``benchmarks.acceptance``."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from zlib import crc32

from agent.injection.pairs import UnusableSourceError
from agent.testing import FaultyProgram, FaultyWorld, Skill
from benchmarks.faulty import FAULTS, FIRST, LAYOUTS, Drawn, laid_out, reference_of
from benchmarks.results import table
from critic.consensus import ConsensusCritic
from critic.types import Critic
from graph import (
    Budget,
    Candidate,
    Critiqued,
    Drafting,
    Rejudged,
    Result,
    RunContext,
    RunFolder,
    Search,
    Stopped,
    build,
    stream,
)
from graph.acceptance import best_of
from renderers.types import Kind

VOTES = (1, 3)
SETTINGS = tuple((width, votes) for width in (1, 4) for votes in VOTES)
"""Width and votes of whole runs."""


def voting(critic: Critic, votes: int) -> Critic:
    return critic if votes == 1 else ConsensusCritic(critic, votes)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to by truth.

    Attributes:
        first: Severity sum of the first draft.
        last: Of the result.
        lost: How often the best after a round was worse than the one before it.
        repairs: True repairs that were made.
        kept: Of them, how many were accepted.
        harms: Revisions that were accepted and are worse than their parents.
        calls: Model calls.
    """

    first: int
    last: int
    lost: int
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
    known: dict[int, Candidate] = {}
    bests: dict[int, Candidate] = {}
    async for event in stream(context, build()):
        match event:
            case Stopped(result):
                pass
            case Critiqued(item) | Rejudged(item):
                known[item.id] = item
            case Drafting(round=round_) if best := best_of(known.values()):
                bests.setdefault(round_, best[0])
    assert result is not None and result.best is not None
    line = [*bests.values(), result.best]
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
        lost=sum(severity[after.id] > severity[before.id] for before, after in pairwise(line)),
        repairs=sum(gain > 0 for _, gain in gains),
        kept=sum(gain > 0 and item.accepted for item, gain in gains),
        harms=sum(gain < 0 and item.accepted for item, gain in gains),
        calls=result.usage.calls,
    )


Source = tuple[str, Kind, str]
Setting = tuple[int, int]
"""Width and votes."""


async def runs_of(
    sources: list[Source], draw: Drawn, skill: Skill, seed: int, each: int, rounds: int
) -> list[str]:
    """True severity after whole runs, by width and votes; then the same for each kind."""
    done: dict[tuple[Setting, Kind], list[Run]] = {}
    for width, votes in SETTINGS:
        search = Search(width=width, budget=Budget(rounds=rounds))
        for name, kind, code in sources:
            found = done.setdefault(((width, votes), kind), [])
            found += await runs((name, kind, code), draw, skill, search, votes, seed, each)
            print(name, width, votes, [(item.first, item.last) for item in found[-each:]], flush=True)
    kinds = list(dict.fromkeys(kind for _, kind, _ in sources))
    by_setting = {setting: [item for kind in kinds for item in done[setting, kind]] for setting in SETTINGS}
    head = (
        "width",
        "votes",
        "runs",
        "true S first",
        f"after {rounds} rounds",
        "share left",
        "worse than first",
        "best lost to a worse one",
    )
    settings = table(
        (*head, "true repairs kept", "harms kept", "calls"),
        [(*setting, *_row(found)) for setting, found in by_setting.items()],
    )
    named = [f"width {width}, votes {votes}" for width, votes in SETTINGS]
    rows = [(kind, *(_short(done[setting, kind]) for setting in SETTINGS)) for kind in kinds]
    by_kind = table((f"true S first, after {rounds} rounds (runs)", *named), rows)
    return [settings, by_kind]


async def runs(
    source: Source,
    draw: Drawn,
    skill: Skill,
    search: Search,
    votes: int,
    seed: int,
    each: int,
    change: Callable[[FaultyWorld, int], None] | None = None,
) -> list[Run]:
    """So many runs of one program, layouts in turn; ``change`` is called with each world and its number."""
    name, kind, code = source
    reference = await reference_of(kind, code, draw)
    done = []
    for number in range(each):
        program, first = _program(kind, code, seed, number), frozenset(range(FIRST))
        chance = crc32(f"{name} {seed + number}".encode())  # or equal runs of all programs would be lucky
        world = FaultyWorld(program, reference, draw, first=first, skill=skill, seed=chance)
        if change is not None:
            change(world, number)
        with tempfile.TemporaryDirectory() as folder:
            done.append(await run(world, search, votes, Path(folder)))
    return done


def usable(sources: Iterable[Source], seed: int, each: int) -> list[Source]:
    """Of each kind the first programs, at most ``each``, that have place for the faults of a first draft."""
    found: list[Source] = []
    for source in sources:
        if sum(item[1] is source[1] for item in found) < each and _has_place(source, seed):
            found.append(source)
    return found


def _has_place(source: Source, seed: int) -> bool:
    _, kind, code = source
    with contextlib.suppress(UnusableSourceError, SyntaxError, ValueError):
        return all(len(_program(kind, code, seed, number).faults) > FIRST for number in range(len(LAYOUTS)))
    return False


@cache
def _program(kind: Kind, code: str, seed: int, number: int) -> FaultyProgram:
    layout = LAYOUTS[number % len(LAYOUTS)]
    return FaultyProgram(kind, code, FAULTS, len(code) + seed, laid_out(kind, layout))


def _row(done: list[Run]) -> tuple[object, ...]:
    return (
        len(done),
        f"{fmean(item.first for item in done):.1f}",
        f"{fmean(item.last for item in done):.1f}",
        f"{sum(item.last for item in done) / sum(item.first for item in done):.2f}",
        sum(item.last > item.first for item in done),
        sum(item.lost for item in done),
        f"{sum(item.kept for item in done)} of {sum(item.repairs for item in done)}",
        sum(item.harms for item in done),
        f"{fmean(item.calls for item in done):.1f}",
    )


def _short(done: list[Run]) -> str:
    first, last = (fmean(getattr(item, name) for item in done) for name in ("first", "last"))
    return f"{first:.1f}, {last:.1f} ({len(done)})"
