"""Whether a model should be told one difference at a time, or all: whole runs on stand-ins, by truth.

    python -m benchmarks.repairs RUNS --write

RUNS as for ``benchmarks.faulty``. The generator is about everything that it is told (``Skill.attends``): it
mends each named fault with ``mends``, and for each it may break another. So a revision that is told more
mends more and breaks more, and the loop takes it or leaves it as a whole.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from statistics import fmean

from agent.testing import Skill
from benchmarks.acceptance_runs import Run, Source, runs, usable
from benchmarks.faulty import Drawn, programs
from benchmarks.results import machine, table, write_section
from graph import Budget, Search
from renderers.service import Renderers
from renderers.types import Kind

TOLD = (1, 3, 20)
BREAKS = (0.25, 0.5)
"""Chance of breaking something with each repair: that of the other benchmarks, and of a poor model."""


async def report(options: argparse.Namespace) -> str:
    """The section's text."""
    sources = usable(programs(options.runs, list(Kind)), options.seed, options.each)
    rows = []
    async with Renderers() as renderers:
        draw = Drawn(renderers.render)
        for told in TOLD:
            cells = [await _cell(sources, draw, told, breaks, options) for breaks in BREAKS]
            rows.append((told, *cells))
            print(rows[-1], flush=True)
    head = [f"S left of first, {breaks:.0%} break (calls)" for breaks in BREAKS]
    return (
        f"`python -m benchmarks.repairs RUNS --each {options.each} --seeds {options.seeds} --write` "
        f"({machine()}), {len(sources)} programs of all kinds, {options.seeds} runs of each, "
        f"{options.rounds} rounds of one revision. Critic and generator are those of "
        f'"Acceptance, by truth", but that the generator is about all that it is told.\n\n'
        f"{table(('differences told', *head), rows)}"
    )


async def _cell(
    sources: list[Source], draw: Drawn, told: int, breaks: float, options: argparse.Namespace
) -> str:
    search = Search(repairs=told, budget=Budget(rounds=options.rounds))
    skill = Skill(attends=max(TOLD), breaks=breaks)
    done: list[Run] = []
    for source in sources:
        done += await runs(source, draw, skill, search, 1, options.seed, options.seeds)
    left = sum(item.last for item in done) / sum(item.first for item in done)
    return f"{left:.2f} ({fmean(item.calls for item in done):.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--each", type=int, default=2, help="programs of each kind")
    parser.add_argument("--seeds", type=int, default=4, help="runs of each program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0, help="of all chance")
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    body = asyncio.run(report(options))
    print(body)
    if options.write:
        write_section("One repair at a time, or all", body)


if __name__ == "__main__":
    main()
