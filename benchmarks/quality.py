"""Refines every picture of a folder and measures what came of it.

    python -m benchmarks.quality PICTURES [--kind chart ...] [--rounds 3] [--write]

PICTURES holds one folder a kind (chart, table, svg, page) with pictures and, beside them, the truth that they
were made from (``.json``, ``.html``, ``.svg``). The agent gets the picture alone; the truth is read after it.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from agent import RefinementAgent
from agent.refinement import Refinement
from benchmarks.results import machine, table, write_section
from critic.similarity import similarity
from graph.types import Budget, Candidate, Search
from renderers.pictures import load_picture
from renderers.types import Kind

_TRUTHS = (".json", ".html", ".svg")
_PARTS = ("ocr", "reading", "generate", "render", "critique")


@dataclass(frozen=True)
class Row:
    """What was measured on one picture."""

    picture: str
    kind: Kind
    detected: Kind
    blank: float
    first: Candidate
    best: Candidate
    stop_reason: str
    seconds: float
    timings: Mapping[str, float]
    code_bytes: int
    self_critique: int
    truth_first: Mapping[str, float] = field(default_factory=dict)
    truth_best: Mapping[str, float] = field(default_factory=dict)


async def measure(agent: RefinementAgent, picture: Path, kind: Kind, out: Path) -> Row:
    """Refine one picture and compare first draft and best with the truth."""
    pixels = load_picture(picture)
    detected = await agent.akind(pixels)
    again = await agent.acritique(pixels, pixels.copy(), kind=kind)
    done: Refinement = await agent.arefine(picture, kind=kind, out=out / kind.value / picture.stem)
    if done.result.best is None or done.result.first is None:
        raise SystemExit(f"{picture}: nothing rendered; see {done.report_file}")
    run = json.loads((done.folder / "run.json").read_text())
    truth = next((path for path in (picture.with_suffix(end) for end in _TRUTHS) if path.exists()), None)
    compare = importlib.import_module(f"benchmarks.truth.{kind.value}").measure
    codes = [(done.folder / item.code).read_text() for item in (done.result.first, done.result.best)]
    truths = [compare(code, truth) if truth else {} for code in codes]
    return Row(
        picture=picture.stem,
        kind=kind,
        detected=detected,
        blank=similarity(pixels, np.full_like(pixels, 255)),
        first=done.result.first,
        best=done.result.best,
        stop_reason=done.result.stop_reason.value,
        seconds=done.result.seconds,
        timings=run["timings"],
        code_bytes=len(codes[1].encode()),
        self_critique=len(again.discrepancies),
        truth_first=truths[0],
        truth_best=truths[1],
    )


async def measure_all(pictures: Path, kinds: list[Kind], rounds: int, out: Path) -> list[Row]:
    """All pictures of the kinds, one after the other, each with an agent of its own."""
    rows = []
    for kind in kinds:
        for picture in sorted((pictures / kind.value).glob("*.png")):
            async with RefinementAgent(Search(budget=Budget(rounds=rounds))) as agent:
                row = await measure(agent, picture, kind, out)
            print(_line(row), flush=True)
            rows.append(row)
    return rows


def _line(row: Row) -> str:
    truth = " ".join(
        f"{name} {row.truth_first.get(name, float('nan')):.3f}->{value:.3f}"
        for name, value in row.truth_best.items()
    )
    return (
        f"{row.kind:5s} {row.picture:34s} blank {row.blank:.3f} similarity {row.first.similarity:.4f}->"
        f"{row.best.similarity:.4f} reward {row.first.reward:.2f}->{row.best.reward:.2f} {row.stop_reason} "
        f"{row.seconds:.1f}s {truth}"
    )


def report(rows: list[Row], command: str) -> str:
    """The section for RESULTS.md."""
    right = statistics.mean(row.kind is row.detected for row in rows)
    silent = sum(row.self_critique == 0 for row in rows)
    parts = [f"`{command}` on {machine()}.", _summary(rows), _truths(rows), _times(rows)]
    parts.append(f"Kind detected from the pixels: {right:.3f} of {len(rows)}.")
    parts.append(f"A picture compared with itself gives no discrepancy: {silent} of {len(rows)}.")
    parts.append(_pictures(rows))
    return "\n\n".join(parts)


def _by_kind(rows: list[Row]) -> list[tuple[Kind, list[Row]]]:
    return [(kind, found) for kind in Kind if (found := [row for row in rows if row.kind is kind])]


def _summary(rows: list[Row]) -> str:
    head = (
        "kind",
        "pictures",
        "blank",
        "first draft",
        "best",
        "gained",
        "fell",
        "above blank",
        "reward",
        "seconds",
    )
    lines = []
    for kind, found in _by_kind(rows):
        gains = [row.best.similarity - row.first.similarity for row in found]
        lines.append(
            (
                kind.value,
                len(found),
                statistics.mean(row.blank for row in found),
                statistics.mean(row.first.similarity for row in found),
                statistics.mean(row.best.similarity for row in found),
                sum(gain > 0 for gain in gains),
                sum(gain < 0 for gain in gains),
                sum(row.best.similarity > row.blank for row in found),
                f"{_mean_reward(found, 'first'):.2f} -> {_mean_reward(found, 'best'):.2f}",
                f"{statistics.median(row.seconds for row in found):.1f}",
            )
        )
    return "Similarity is SSIM (means; seconds are medians).\n\n" + table(head, lines)


def _mean_reward(rows: list[Row], which: str) -> float:
    return statistics.mean((row.first if which == "first" else row.best).reward for row in rows)


def _truths(rows: list[Row]) -> str:
    lines = []
    for kind, found in _by_kind(rows):
        names = dict.fromkeys(name for row in found for name in row.truth_best)
        for name in names:
            having = [row for row in found if name in row.truth_best]
            first = [row.truth_first[name] for row in having]
            best = [row.truth_best[name] for row in having]
            fell = sum(after < before - 1e-9 for before, after in zip(first, best, strict=True))
            mean = statistics.mean
            lines.append(
                (kind.value, name, len(having), mean(first), mean(best), statistics.median(best), fell)
            )
    head = ("kind", "measure", "pictures", "first draft", "best", "median", "fell")
    return "Against the truth that the pictures were made from (means):\n\n" + table(head, lines)


def _times(rows: list[Row]) -> str:
    head = ("kind", "whole", *_PARTS)
    lines = [
        (
            kind.value,
            *(
                f"{statistics.median(value):.2f}"
                for value in (
                    [row.seconds for row in found],
                    *([row.timings.get(part, 0.0) for row in found] for part in _PARTS),
                )
            ),
        )
        for kind, found in _by_kind(rows)
    ]
    note = "Median seconds a picture; generate and critique contain the OCR and reading that they caused."
    return note + "\n\n" + table(head, lines)


def _pictures(rows: list[Row]) -> str:
    head = ("picture", "blank", "first draft", "best", "reward", "stop", "seconds", "bytes")
    return table(
        head,
        [
            (
                row.picture,
                row.blank,
                row.first.similarity,
                row.best.similarity,
                f"{row.first.reward:.2f} -> {row.best.reward:.2f}",
                row.stop_reason,
                f"{row.seconds:.1f}",
                row.code_bytes,
            )
            for row in rows
        ],
    )


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, help="keep the run folders here")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    kinds = chosen.kind or list(Kind)
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure_all(chosen.pictures, kinds, chosen.rounds, chosen.out or Path(folder)))
    for kind, found in _by_kind(rows):
        text = report(found, f"python -m benchmarks.quality PICTURES --kind {kind} --rounds {chosen.rounds}")
        print(text)
        if chosen.write:
            write_section(f"The embedded default: {kind}", text)


if __name__ == "__main__":
    main()
