"""The data card beside the pairs: what they are, how they were made, and what they are not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from agent.injection.run import PAIRS, REJECTED
from graph.folder import write_atomically

FILE = "README.md"

_HEAD = """---
configs:
- config_name: default
  data_files: {pairs}
task_categories:
- image-to-text
tags:
- visual-reward-model
- error-injection
---
# Pairs with known errors

Each record is a reference picture, a picture to judge, and the errors in it. The fields are
VC-RewardBench's (arXiv 2603.13224): `id`, `idx`, `category` (the kind), `gt_img_path`, `pred_img_path`,
`human_errors` with `type`, `severity` and `description`; beside these each error has `category` (the same
as `type`), `location` in words, `box` in the reference's pixels and `change`, the edit that made it.
`untouched` marks pairs that were made from the same code twice. `annotated` is false where nobody has put
all errors down.

`datasets.load_dataset("json", data_files="{pairs}")` reads it as it is; so does `lookalike rewardbench`.
"""

_MADE = """
## How they were made

Errors were put in by `lookalike corrupt` (seed {seeds}), on the parsed code: the syntax tree of a program,
the elements of a document. Each edit was drawn alone first and kept only where at least a dozen pixels are
plainly others; its box is around what changed, or around the part that was changed where that moved others.
Severity follows one rule: how much of a value, a text, a place or the picture is lost.
"""

_LIMITS = """
## What they are not

The errors are of the taxonomy below and no others. People never looked at them: severities follow the rule,
not a reader. A generator's own errors come in other shares and in company. The pictures' rights are those
of the sources they were made from.
"""


@dataclass(slots=True)
class Shares:
    """What a file of pairs holds, counted in one pass."""

    pairs: Counter[str] = field(default_factory=Counter)
    errors: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    severities: Counter[int] = field(default_factory=Counter)
    untouched: int = 0
    unannotated: int = 0
    sources: set[str] = field(default_factory=set)
    seeds: set[str] = field(default_factory=set)

    def add(self, row: dict[str, object]) -> None:
        """Take in a record."""
        kind = str(row["category"])
        self.pairs[kind] += 1
        self.untouched += bool(row.get("untouched"))
        self.unannotated += row.get("annotated") is False
        self.sources.add(str(row.get("source")))
        self.seeds.add(str(row.get("seed")))
        found = row["human_errors"]
        for error in found if isinstance(found, list) else []:
            self.errors[kind, error["type"], error["change"]] += 1
            self.severities[error["severity"]] += 1


def write_card(out: Path) -> None:
    """Write the card of a folder of pairs from what its file holds."""
    shares = Shares()
    with (out / PAIRS).open(encoding="utf-8") as lines:
        for line in lines:
            shares.add(json.loads(line))
    rejected = _lines(out / REJECTED)
    write_atomically(out / FILE, _card(shares, rejected).encode())


def _card(shares: Shares, rejected: int) -> str:
    made = shares.pairs.total()
    parts = [_HEAD.format(pairs=PAIRS)]
    if shares.unannotated < made:
        parts.append(_MADE.format(seeds=", ".join(sorted(shares.seeds))))
    parts.append(f"\n## What is in them\n\n{made:,} pairs of {len(shares.sources):,} sources; ")
    parts.append(f"{shares.untouched:,} are untouched, {shares.unannotated:,} not annotated; ")
    parts.append(
        f"{rejected:,} could not be made (`{REJECTED}` says why).\n\n| kind | pairs |\n| --- | --- |\n"
    )
    parts += [f"| {kind} | {count:,} |\n" for kind, count in sorted(shares.pairs.items())]
    parts.append("\n| kind | category | edit | errors |\n| --- | --- | --- | --- |\n")
    parts += [f"| {' | '.join(key)} | {count:,} |\n" for key, count in sorted(shares.errors.items())]
    parts.append("\n| severity | errors |\n| --- | --- |\n")
    parts += [f"| {grade} | {count:,} |\n" for grade, count in sorted(shares.severities.items())]
    return "".join([*parts, _LIMITS])


def _lines(file: Path) -> int:
    if not file.exists():
        return 0
    with file.open("rb") as lines:
        return sum(1 for _ in lines)
