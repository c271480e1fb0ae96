"""The pixel critic's row: what it found of known errors in pictures that it was not built with.

    python -m benchmarks.injected.report JUDGED... [--write]

JUDGED are the ``judged.jsonl`` that ``lookalike rewardbench PAIRS --matcher rules`` leaves, of pairs that
``lookalike corrupt`` and ``benchmarks.injected.other_tools`` made of the sources of ``gather``.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from pathlib import Path

from agent.rewardbench.report import table as figures
from benchmarks.results import conclude, table
from critic.rewardbench.scores import PairScore, summarise


def report(files: list[Path]) -> str:
    """The figures of all pairs, beside the published rows, and what is missed most."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    summary = summarise([PairScore.model_validate(row["score"]) for row in rows])
    known, found = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in rows:
        hits = {index for _, index, level in row["matched"]["matches"] if level == "yes"}
        for index, error in enumerate(row["human_errors"]):
            known[row["category"], error["change"]] += 1
            found[row["category"], error["change"]] += index in hits
    by_edit = [
        (kind, edit, count, found[kind, edit] / count) for (kind, edit), count in sorted(known.items())
    ]
    made = "The pairs are ours, made by injection, and matched by rules: another data set and another matcher"
    return "\n\n".join(
        (
            f"{made} than those of the published rows.",
            figures("pixel", summary).strip(),
            table(("kind", "edit", "errors", "found"), by_edit),
        )
    )


def main() -> None:
    """Print, and write where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    load, body = os.getloadavg()[0], report(given.judged)
    conclude("The pixel critic on injected pairs", "injected.report JUDGED...", load, body, write=given.write)


if __name__ == "__main__":
    main()
