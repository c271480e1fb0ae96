"""Recall and precision of the pixel critic on pairs made by editing code.

    python -m benchmarks.critic RUNS [--kind chart ...] [--most 6] [--each 4] [--write]

RUNS are the run folders that ``benchmarks.quality --out RUNS`` leaves. Each best code is rendered, edited in
one place (a number, a word, a row, a colour, …), rendered again, and the critic compares the two renders. An
edit is found when a discrepancy has its category; every further discrepancy of the pair counts as false.

What was measured is kept in ``RUNS/edits.jsonl`` and not measured again: a run that is stopped goes on where
it was, and its section says of how many pictures it speaks. Delete the file to measure anew.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import math
import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from agent.injection.pairs import changed_box
from benchmarks.results import conclude, table
from critic import PixelCritic
from critic.reading import Reader
from renderers import LANGUAGES, Kind, Renderers
from renderers.pictures import load_picture, size_of


@dataclass(frozen=True)
class Pair:
    """What the critic made of one edit.

    Attributes:
        kind: What the picture shows.
        picture: The run.
        edit: The edit's name.
        shows: Whether it plainly changes the render; the others are not counted.
        found: Whether a discrepancy has its category.
        false: How many others there are.
        seconds: What the critique took.
    """

    kind: str
    picture: str
    edit: str
    shows: bool = False
    found: bool = False
    false: int = 0
    seconds: float = 0.0


_Edit = tuple[str, str, str]
"""Name, expected category and edited code."""


async def judge(kind: Kind, run: Path, chosen: Sequence[_Edit], renderers: Renderers) -> list[Pair]:
    """Some edits of one run's best code."""
    language = LANGUAGES[kind][0]
    size = size_of(load_picture(run / "best.png"))
    before = await renderers.render(kind, _code(kind, run), language, size)
    critic, pairs = PixelCritic(Reader()), []
    for name, category, edited in chosen:
        after = await renderers.render(kind, edited, language, size)
        if before.image is None or after.image is None or changed_box(before.image, after.image) is None:
            pairs.append(Pair(kind.value, run.name, name))
            continue
        said = await critic.critique(kind, before.image, after.image)
        found = any(item.category == category for item in said.discrepancies)
        false = len(said.discrepancies) - found
        pairs.append(Pair(kind.value, run.name, name, True, found, false, said.seconds))
        print(f"{run.name} {name}: {category} {'found' if found else 'MISSED'}, {false} false", flush=True)
    return pairs


def _code(kind: Kind, run: Path) -> str:
    return (run / f"best{LANGUAGES[kind][0].suffix}").read_text(encoding="utf-8")


def edits(kind: Kind, code: str) -> Iterator[_Edit]:
    """Each edit of the taxonomy that the code allows."""
    module = importlib.import_module(f"agent.injection.{kind.value}")
    for edit in module.EDITS:
        document = module.parse(code)
        plan = edit.plan(document, random.Random(f"{edit.name}{len(code)}"))
        if plan is not None:
            plan.do()
            yield edit.name, edit.category, module.write(document)


async def judge_all(runs: Path, kind: Kind, most: int | None, each: int | None, end: float) -> None:
    """Evenly chosen edits of evenly chosen runs; what is in ``RUNS/edits.jsonl`` is passed over."""
    file = runs / "edits.jsonl"
    there = {(pair.kind, pair.picture, pair.edit) for pair in kept(file)}
    folders = sorted(path.parent for path in (runs / kind.value).glob("*/best.png"))
    async with Renderers() as renderers:
        for number, run in enumerate(folders[:: _step(len(folders), most)]):
            if time.monotonic() >= end:
                return
            found = list(edits(kind, _code(kind, run)))
            step = _step(len(found), each)
            chosen = [e for e in found[number % step :: step] if (kind.value, run.name, e[0]) not in there]
            for pair in await judge(kind, run, chosen, renderers) if chosen else ():
                with file.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(pair)) + "\n")


def _step(count: int, most: int | None) -> int:
    """Of how many one is taken, so that there are no more than ``most``."""
    return max(1, -(-count // most)) if most else 1


def kept(file: Path) -> list[Pair]:
    """What was measured before."""
    return (
        [Pair(**json.loads(line)) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    )


def report(kind: Kind, pairs: Sequence[Pair]) -> str:
    """The section's table for one kind, and what is missed."""
    shown = [pair for pair in pairs if pair.kind == kind and pair.shows]
    hits, false = sum(pair.found for pair in shown), sum(pair.false for pair in shown)
    recall, precision = hits / max(1, len(shown)), hits / max(1, hits + false)
    both = 2 * recall * precision / max(1e-9, recall + precision)
    seconds = float(np.median([pair.seconds for pair in shown])) if shown else 0.0
    pictures = len({pair.picture for pair in shown})
    row = (kind.value, pictures, len(shown), recall, precision, both, seconds)
    head = ("kind", "pictures", "pairs", "recall", "precision", "F1", "seconds a critique")
    missed = Counter(pair.edit for pair in shown if not pair.found)
    notes = ", ".join(f"{name} ({count})" for name, count in missed.most_common(12)) or "none"
    return f"{table(head, [row])}\n\nMost often missed: {notes}."


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=Path)
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--most", type=int, help="pictures of each kind, evenly chosen; all by default")
    parser.add_argument("--each", type=int, help="edits of each picture, evenly chosen; all by default")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no picture after so long")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    load, end = os.getloadavg()[0], time.monotonic() + chosen.seconds
    for kind in chosen.kind or [kind for kind in Kind if (chosen.runs / kind.value).is_dir()]:
        asyncio.run(judge_all(chosen.runs, kind, chosen.most, chosen.each, end))
        options = [f"--{name} {value}" for name in ("most", "each") if (value := getattr(chosen, name))]
        command = " ".join(["critic RUNS", f"--kind {kind}", *options])
        body = report(kind, kept(chosen.runs / "edits.jsonl"))
        conclude(f"The pixel critic on edited code: {kind}", command, load, body, write=chosen.write)


if __name__ == "__main__":
    main()
