"""How much of what a first draft gets wrong the measured hints tell, and what that makes of it.

    python -m benchmarks.hints RUNS --write

RUNS as for ``benchmarks.faulty``. Each program gets faults from the taxonomy of ``agent.injection``: a
first draft has six of them. The hints are the product's, read from the picture of the sound program. A fault
is told where a value that the program has and the fault takes away stands in them. What a model makes of it
is a stand-in's: it takes a hint over with ``TRUSTS``, and of a wrong one it looks up ``CHECKS``.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from agent.generators.hints import Hints
from agent.injection.pairs import UnusableSourceError
from agent.testing import FaultyProgram
from benchmarks.faulty import FAULTS, FIRST, Drawn, programs, reference_of
from benchmarks.results import machine, table, write_section
from critic.reading import Reader
from graph.types import Task
from renderers.service import Renderers
from renderers.types import LANGUAGES, Kind

TRUSTS, CHECKS, WRONG = 0.7, 0.5, 0.3
_TOKEN = re.compile(r"#[0-9a-fA-F]{6}|\w[\w.%-]+\w|\w\w")


@dataclass(frozen=True, slots=True)
class Told:
    """One program: which of its faults the hints tell, and how severe each is."""

    kind: Kind
    letters: int
    told: tuple[bool, ...]
    severities: tuple[int, ...]

    def severity(self, wrong: float | None) -> float:
        """Expected severity of a first draft; ``wrong`` is the share of hints that are, None without any."""
        total = 0.0
        for number, (told, severity) in enumerate(zip(self.told, self.severities, strict=True)):
            believed = TRUSTS if told and wrong is not None else 0.0
            share = wrong or 0.0
            had = 1.0 - believed * (1.0 - share) if number < FIRST else believed * share * (1.0 - CHECKS)
            total += had * severity
        return total


async def told(kind: Kind, code: str, draw: Drawn) -> Told:
    """What the hints tell of a program's faults.

    Raises:
        UnusableSourceError: It has no picture.
    """
    reference = await reference_of(kind, code, draw)
    program = FaultyProgram(kind, code, FAULTS, len(code))
    hints = await Hints(Reader()).of(Task(kind, LANGUAGES[kind][0], reference))
    known = set(_TOKEN.findall(hints.casefold()))
    sound = _tokens(program.code(frozenset()))
    lost = [sound - _tokens(program.code(frozenset({number}))) for number in range(len(program.faults))]
    severities = tuple(fault.severity for fault in program.faults)
    return Told(kind, len(hints), tuple(bool(values & known) for values in lost), severities)


def _tokens(code: str) -> set[str]:
    return set(_TOKEN.findall(code.casefold()))


async def report(options: argparse.Namespace) -> str:
    """The section's text."""
    found: list[Told] = []
    async with Renderers() as renderers:
        draw = Drawn(renderers.render)
        for name, kind, code in programs(options.runs, list(Kind), slice(options.each)):
            try:
                found.append(await told(kind, code, draw))
            except (UnusableSourceError, SyntaxError, ValueError) as error:
                print(f"{name}: {error}", flush=True)
    rows = []
    for kind in (*Kind, None):
        here = [item for item in found if kind in (item.kind, None)]
        if here:
            faults = [known for item in here for known in item.told]
            drafts = [f"{fmean(item.severity(wrong) for item in here):.1f}" for wrong in (None, 0.0, WRONG)]
            letters = round(fmean(item.letters for item in here))
            rows.append((kind or "all", len(here), letters, f"{sum(faults)} of {len(faults)}", *drafts))
    head = ("kind", "programs", "letters of hints", "faults told", "true S of a draft", "with hints")
    body = (
        f"`python -m benchmarks.hints RUNS --each {options.each} --write` ({machine()}). A fault is told "
        "where a value that it takes out of the program stands in the hints. Severities are expected, of a "
        f"stand-in that takes {TRUSTS:.0%} of the hints over and looks up {CHECKS:.0%} of the wrong ones."
    )
    return f"{body}\n\n{table((*head, f'with {WRONG:.0%} of them wrong'), rows)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--each", type=int, default=8, help="programs of each kind")
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    body = asyncio.run(report(options))
    print(body)
    if options.write:
        write_section("Measured hints", body)


if __name__ == "__main__":
    main()
