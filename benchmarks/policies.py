"""Which policy makes the most of one spend: on a simulated generator and noisy critic, and on real pictures.

    python -m benchmarks.policies --write
    python -m benchmarks.policies --pictures FOLDER --write
    python -m benchmarks.policies --repairs 1 3 6 20 --write

Every policy may make the same number of candidates, one call each for the generator. The simulation is set
to the published figures (see ``benchmarks.simulation``); what is compared is the true quality of the code
that the run ends with, which no critic sees. Episodes are paired: each policy meets the same pictures and
the same generators.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent import RefinementAgent
from benchmarks.results import machine, table, write_section
from benchmarks.simulation import SimulatedWorld, true_quality
from graph import Budget, GraphError, Result, RunContext, RunFolder, Search, Stopped, build, stream
from graph.build import Graph
from renderers.types import Kind, Language

EPISODES = 300
FIRST_EPISODE = 100_000
"""Far from those that the policy's priors were chosen on."""

RESAMPLES = 2_000
AT_A_TIME = 16


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to spend."""

    name: str
    search: Search


def policies(spend: int) -> list[Policy]:
    """Every policy, each with ``spend`` candidates; adaptive in as many rounds as reflection and in few."""
    few = 3
    beam = 2 if spend > 2 * few else 1
    return [
        Policy("best_of_n", _search("best_of_n", spend, width=spend, rounds=0)),
        Policy("reflect", _search("reflect", spend, width=1, rounds=spend - 1)),
        Policy("beam", _search("beam", spend, width=spend - few * beam, beam=beam, rounds=few)),
        Policy(
            "best draft, then reflect", _search("beam", spend, width=spend // 2, rounds=spend - spend // 2)
        ),
        Policy("adaptive", _search("adaptive", spend, width=1, rounds=spend - 1)),
        Policy(f"adaptive, {few} rounds", _search("adaptive", spend, width=spend - few, rounds=few)),
    ]


def _search(policy: str, spend: int, *, width: int, rounds: int, beam: int = 1) -> Search:
    """The fixed policies spend all they may: stopping at a plateau would leave them less."""
    patience = Search().patience if policy == "adaptive" else spend
    budget = Budget(rounds=rounds, candidates=spend)
    return Search(policy=policy, width=width, beam=beam, patience=patience, budget=budget)


async def episode(number: int, search: Search, graph: Graph) -> tuple[float, int]:
    """The true quality that a run ends with, 0..100, and how many candidates it made."""
    world = SimulatedWorld(number)
    with tempfile.TemporaryDirectory() as folder:
        context = RunContext(
            task=world.task,
            generator=world.generator,
            critic=world.critic,
            render=world.render,
            folder=RunFolder(Path(folder), world.task.reference, Language.PYTHON),
            search=search,
        )
        result: Result | None = None
        try:
            async for event in stream(context, graph):
                if isinstance(event, Stopped):
                    result = event.result
        except GraphError:
            return 0.0, 0
        if result is None or result.best is None:
            return 0.0, len(result.candidates) if result else 0
        return true_quality(context.folder.text(result.best.code)), len(result.candidates)


async def run(episodes: range, search: Search) -> NDArray[np.float64]:
    """(quality, candidates) of each episode."""
    graph, gate = build(), asyncio.Semaphore(AT_A_TIME)

    async def one(number: int) -> tuple[float, int]:
        async with gate:
            return await episode(number, search, graph)

    return np.array(await asyncio.gather(*(one(number) for number in episodes)))


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95% bootstrap interval of the mean."""
    chance = np.random.default_rng(1)
    means = values[chance.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def simulated(spend: int, episodes: range) -> str:
    """The table of one spend."""
    found = {policy.name: asyncio.run(run(episodes, policy.search)) for policy in policies(spend)}
    rows = []
    for name, values in found.items():
        low, high = interval(values[:, 0])
        gain = found["adaptive"][:, 0] - values[:, 0]
        least, most = interval(gain)
        paired = "" if name == "adaptive" else f"{gain.mean():+.2f} ({least:+.2f}..{most:+.2f})"
        rows.append(
            (name, f"{values[:, 0].mean():.2f} ({low:.2f}..{high:.2f})", f"{values[:, 1].mean():.1f}", paired)
        )
    head = (f"at most {spend} candidates", "true quality (95%)", "made", "adaptive's lead (95%)")
    return table(head, rows)


def repairs(counts: list[int], spend: int, episodes: range) -> str:
    """How many discrepancies a revision is best told of, most severe first."""
    search = next(policy.search for policy in policies(spend) if policy.name == "adaptive")
    rows = []
    for count in counts:
        values = asyncio.run(run(episodes, search.model_copy(update={"repairs": count})))[:, 0]
        low, high = interval(values)
        rows.append((count, f"{values.mean():.2f} ({low:.2f}..{high:.2f})"))
    return table(("discrepancies told", f"true quality of adaptive, {spend} candidates (95%)"), rows)


async def embedded(folder: Path, spend: int) -> str:
    """The same on real pictures, with the embedded generator and critic: means of what each run ends with."""
    pictures = [(kind, path) for kind in Kind for path in sorted((folder / kind).glob("*.png"))]
    found: dict[str, list[tuple[float, float, int]]] = {}
    async with RefinementAgent() as agent:
        for kind, path in pictures:
            for policy in policies(spend):
                with tempfile.TemporaryDirectory() as out:
                    done = await agent.arefine(path, kind=kind, out=out, search=policy.search)
                best = done.result.best
                score = (best.reward, best.similarity) if best else (0.0, 0.0)
                found.setdefault(policy.name, []).append((*score, len(done.result.candidates)))
            print(path.name, {name: values[-1] for name, values in found.items()}, flush=True)
    rows = []
    for name, values in found.items():
        reward, similarity, made = np.mean(values, axis=0)
        rows.append((name, f"{reward:.4f}", f"{similarity:.4f}", f"{made:.1f}"))
    return table(
        (f"{len(pictures)} pictures, at most {spend} candidates", "reward", "similarity", "made"), rows
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--episodes", type=int, default=EPISODES)
    parser.add_argument("--first", type=int, default=FIRST_EPISODE)
    parser.add_argument("--spend", type=int, nargs="+", default=[4, 8, 12])
    parser.add_argument("--pictures", type=Path, help="a folder with a folder of pictures for each kind")
    parser.add_argument("--repairs", type=int, nargs="+", help="compare these numbers instead of policies")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.pictures:
        body = asyncio.run(embedded(options.pictures, options.spend[0]))
        print(body)
        if options.write:
            command = (
                f"`python -m benchmarks.policies --pictures {options.pictures} --spend {options.spend[0]}"
            )
            write_section("Policies at equal spend, embedded", f"{command} --write` ({machine()}).\n\n{body}")
        return
    episodes = range(options.first, options.first + options.episodes)
    if options.repairs:
        body = repairs(options.repairs, options.spend[-1], episodes)
        print(body)
        if options.write:
            given = " ".join(map(str, options.repairs))
            command = (
                f"`python -m benchmarks.policies --episodes {options.episodes} --repairs {given} "
                f"--spend {options.spend[-1]} --write`"
            )
            write_section("Discrepancies told to a revision", f"{command} ({machine()}).\n\n{body}")
        return
    parts = []
    for spend in options.spend:
        parts.append(simulated(spend, episodes))
        print(parts[-1], flush=True)
    if options.write:
        command = f"`python -m benchmarks.policies --episodes {options.episodes} --write`"
        body = f"{command} ({machine()}), {options.episodes} seeded episodes.\n\n" + "\n\n".join(parts)
        write_section("Policies at equal spend, simulated", body)


if __name__ == "__main__":
    main()
