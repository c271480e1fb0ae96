"""Recall and precision of the pixel critic on pairs made by editing code.

    python -m benchmarks.critic RUNS [--kind chart ...] [--write]

RUNS are the run folders that ``benchmarks.quality --out RUNS`` leaves. Each best code is rendered, edited in
one place (a number, a word, a row, a colour, …), rendered again, and the critic compares the two renders. An
edit is found when a discrepancy has its category; every further discrepancy of the pair counts as false.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.results import machine, table, write_section
from critic import PixelCritic
from critic.reading import Reader
from renderers import LANGUAGES, Kind, Renderers
from renderers.pictures import load_picture, size_of


@dataclass(frozen=True)
class Pair:
    """What the critic made of one edit."""

    kind: Kind
    edit: str
    found: bool
    false: int
    seconds: float


async def judge(kind: Kind, run: Path, renderers: Renderers) -> list[Pair]:
    """All edits of one run's best code."""
    language = LANGUAGES[kind][0]
    code = (run / f"best{language.suffix}").read_text(encoding="utf-8")
    size = size_of(load_picture(run / "best.png"))
    before = await renderers.render(kind, code, language, size)
    critic, pairs = PixelCritic(Reader()), []
    for name, category, edited in edits(kind, code):
        after = await renderers.render(kind, edited, language, size)
        if before.image is None or after.image is None or np.array_equal(before.image, after.image):
            print(f"{run.name} {name}: the edit does not show ({after.status})", flush=True)
            continue
        said = await critic.critique(kind, before.image, after.image)
        hits = [item for item in said.discrepancies if item.category == category]
        pairs.append(Pair(kind, name, bool(hits), len(said.discrepancies) - bool(hits), said.seconds))
        print(
            f"{run.name} {name}: {category} {'found' if hits else 'MISSED'}, {pairs[-1].false} false",
            flush=True,
        )
    return pairs


def edits(kind: Kind, code: str) -> Iterator[tuple[str, str, str]]:
    """Name, expected category and edited code of each edit of the taxonomy that the code allows."""
    module = importlib.import_module(f"agent.injection.{kind.value}")
    for edit in module.EDITS:
        document = module.parse(code)
        plan = edit.plan(document, random.Random(f"{edit.name}{len(code)}"))
        if plan is not None:
            plan.do()
            yield edit.name, edit.category, module.write(document)


async def judge_all(runs: Path, kinds: list[Kind]) -> list[Pair]:
    """All edits of all runs of the kinds."""
    pairs = []
    async with Renderers() as renderers:
        for kind in kinds:
            for run in sorted((runs / kind.value).iterdir()):
                if (run / "best.png").exists():
                    pairs += await judge(kind, run, renderers)
    return pairs


def report(pairs: list[Pair], command: str) -> str:
    """The section for RESULTS.md."""
    rows = []
    for kind in Kind:
        found = [pair for pair in pairs if pair.kind is kind]
        if found:
            hits, false = sum(pair.found for pair in found), sum(pair.false for pair in found)
            seconds = float(np.median([pair.seconds for pair in found]))
            rows.append((kind.value, len(found), hits / len(found), hits / max(1, hits + false), seconds))
    missed = Counter(f"{pair.kind.value} {pair.edit}" for pair in pairs if not pair.found)
    notes = ", ".join(f"{name} ({count})" for name, count in missed.most_common(12)) or "none"
    head = ("kind", "pairs", "recall", "precision", "seconds a critique")
    return f"`{command}` on {machine()}.\n\n{table(head, rows)}\n\nMost often missed: {notes}."


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=Path)
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    kinds = chosen.kind or [kind for kind in Kind if (chosen.runs / kind.value).is_dir()]
    for kind in kinds:
        pairs = asyncio.run(judge_all(chosen.runs, [kind]))
        text = report(pairs, f"python -m benchmarks.critic RUNS --kind {kind}")
        print(text)
        if chosen.write:
            write_section(f"The pixel critic on edited code: {kind}", text)


if __name__ == "__main__":
    main()
