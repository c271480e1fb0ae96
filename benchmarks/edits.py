"""What a revision costs as edits and as a whole program, and how many repairs arrive.

    python -m benchmarks.edits RUNS --write

RUNS as for ``benchmarks.faulty``. Each program gets faults from the taxonomy of ``agent.injection``; a
repair takes one out. It is written as the edits that the product asks for (fewest lines that stand in the
code once) and as the whole program, and read back by the product's own parser. A model that miscopies a line
of an edit is asked for the whole program, which is counted, too.
"""

from __future__ import annotations

import argparse
import difflib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from agent.generators.edits import apply_edits, read_edits
from agent.generators.extraction import extract_code
from agent.testing import FaultyProgram
from benchmarks.faulty import FAULTS, programs
from benchmarks.results import machine, table, write_section
from renderers.types import LANGUAGES, Kind

_LETTERS_PER_TOKEN = 3.5
"""Of code, in the tokenizers of the current models; the ratio of both ways hardly depends on it."""

MISCOPIED = (0.0, 0.1, 0.3)
REPAIRS = 6


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair, as both answers.

    Attributes:
        edits: Letters of the answer in edits.
        whole: Letters of the answer with the whole program.
        arrived: Whether the edits gave the very program that was meant.
    """

    edits: int
    whole: int
    arrived: bool


def as_edits(before: str, after: str) -> str:
    """SEARCH/REPLACE blocks: changed lines, and as many around them as make the place certain."""
    old, new = before.splitlines(), after.splitlines()
    blocks = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        above = below = 0
        while not _once(old, i - above, j + below) and (i - above > 0 or j + below < len(old)):
            above += i - above > 0
            below += j + below < len(old)
        wanted = [*old[i - above : i], *new[k:m], *old[j : j + below]]
        parts = ("<<<<<<< SEARCH", *old[i - above : j + below], "=======", *wanted, ">>>>>>> REPLACE")
        blocks.append("\n".join(parts))
    return "\n\n".join(blocks)


def _once(lines: list[str], start: int, end: int) -> bool:
    """Whether some lines stand in the code exactly once."""
    wanted, size = lines[start:end], end - start
    return size > 0 and sum(lines[at : at + size] == wanted for at in range(len(lines))) == 1


def repairs(kind: Kind, code: str) -> Iterator[Repair]:
    """Repairs of one program."""
    program = FaultyProgram(kind, code, FAULTS, len(code))
    chance = random.Random(len(code))
    language = LANGUAGES[kind][0]
    for _ in range(REPAIRS if program.faults else 0):
        count = chance.randint(1, min(4, len(program.faults)))
        present = frozenset(chance.sample(range(len(program.faults)), count))
        before, after = program.code(present), program.code(present - {min(present)})
        if before == after:
            continue
        answer, whole = as_edits(before, after), f"```{language}\n{after}\n```"
        assert extract_code(whole, language).strip() == after.strip()
        edited = apply_edits(before, read_edits(answer))
        yield Repair(len(answer), len(whole), edited is not None and edited.strip() == after.strip())


def report(options: argparse.Namespace) -> str:
    """The section's text."""
    found: dict[Kind, list[Repair]] = {}
    for _, kind, code in programs(options.runs, list(Kind), slice(options.each)):
        found.setdefault(kind, []).extend(repairs(kind, code))
    rows = []
    for kind, made in found.items():
        edits, whole = (fmean(values) for values in ([r.edits for r in made], [r.whole for r in made]))
        ratios = [f"{edits / whole + share:.2f}" for share in MISCOPIED]
        tokens = (round(value / _LETTERS_PER_TOKEN) for value in (whole, edits))
        rows.append((kind, len(made), *tokens, f"{sum(r.arrived for r in made)} of {len(made)}", *ratios))
    head = ("kind", "repairs", "tokens whole", "as edits", "arrived")
    shares = [f"cost at {share:.0%} miscopied" for share in MISCOPIED]
    return "\n\n".join(
        [
            f"`python -m benchmarks.edits RUNS --each {options.each} --write` ({machine()}). A repair of one "
            f"fault as the answer has it, in tokens of {_LETTERS_PER_TOKEN} letters; costs are shares of the "
            "whole program's, a second answer with the whole program counted where an edit is miscopied.",
            table((*head, *shares), rows),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--each", type=int, default=8, help="programs of each kind")
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    body = report(options)
    print(body)
    if options.write:
        write_section("Revisions as edits", body)


if __name__ == "__main__":
    main()
