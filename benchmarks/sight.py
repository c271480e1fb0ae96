"""What the pixel critic sees: on drafts as they come, with parts gone, and where nothing is wrong.

    python -m benchmarks.sight RUNS [--kind table ...] [--most 6] [--write]

RUNS are the run folders that ``benchmarks.quality --out RUNS`` leaves. Measured are, for each kind:

- blind: candidates (first draft and best) with a reward of at least 1.96 though the similarity is below 0.95;
- coverage: share of the visibly different ink that lies within a named box;
- precision: named boxes in which something visibly differs;
- Spearman: rank correlation of S, the sum of severities, with 1 - similarity;
- order: pictures on which the rewards of a blank page, the draft with half of its elements, the draft and the
  reference strictly rise;
- erasures: pictures on which S rises with every further element that is erased (1, 2, 4, ... all), and is at
  least three times as much for all as for one;
- harmless: pairs that no eye tells apart (JPEG, half a pixel, other anti-aliasing) without a finding.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.erased import elements, erasures, without
from benchmarks.harmless import harmless
from benchmarks.results import conclude, table
from critic import PixelCritic
from critic.pixel.layer import ink
from critic.pixel.visible import visible
from critic.reading import Reader
from critic.reward import reward
from critic.similarity import fit_to
from critic.types import Critique
from renderers.pictures import load_picture
from renderers.types import Image, Kind

_NOTHING_WRONG = 1.96
_NOT_ALIKE = 0.95


@dataclass
class Tally:
    """What was counted of one kind."""

    candidates: list[Critique] = field(default_factory=list)
    coverage: list[tuple[int, int]] = field(default_factory=list)
    boxes: list[bool] = field(default_factory=list)
    ordered: list[bool] = field(default_factory=list)
    rising: list[bool] = field(default_factory=list)
    silent: list[bool] = field(default_factory=list)

    def row(self, kind: Kind) -> tuple[object, ...]:
        """The kind's row."""
        drafts = [(item.severity, 1 - item.similarity) for item in self.candidates]
        blind = sum(reward(c) >= _NOTHING_WRONG and c.similarity < _NOT_ALIKE for c in self.candidates)
        named, seen = (sum(counts) for counts in zip(*self.coverage, strict=True))
        rank = float(spearmanr(drafts).statistic) if len(set(drafts)) > 1 else float("nan")
        return (
            kind.value,
            len(self.candidates),
            blind,
            named / seen if seen else 1.0,
            _share(self.boxes),
            rank,
            _share(self.ordered),
            _share(self.rising),
            _share(self.silent),
            statistics.median(item.seconds for item in self.candidates),
        )


_HEAD = (
    "kind", "candidates", "blind", "coverage", "precision", "Spearman", "order", "erasures", "harmless",
    "seconds a critique",
)  # fmt: skip


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


async def measure(kind: Kind, run: Path, tally: Tally) -> None:
    """Everything on one run's picture."""
    critic = PixelCritic(Reader())
    reference = load_picture(run / json.loads((run / "run.json").read_text())["reference"])
    drafts = [fit_to(reference, render) for render in _renders(run)]
    for render in drafts:
        said = await critic.critique(kind, reference, render)
        tally.candidates.append(said)
        _compare_boxes(said, reference, render, tally)
    if drafts:
        tally.ordered.append(await _is_ordered(critic, kind, reference, drafts[0]))
    sums = [
        (await critic.critique(kind, reference, erased)).severity
        for _, count, erased in erasures(reference)
        if count > 1
    ]
    if sums:
        tally.rising.append(all(a < b for a, b in pairwise(sums)) and sums[-1] >= 3 * sums[0])
    for _, other in harmless(reference):
        tally.silent.append(not (await critic.critique(kind, reference, other)).discrepancies)


def _renders(run: Path) -> Iterator[Image]:
    """The first draft's render and the best one's, where they are two."""
    known = json.loads((run / "run.json").read_text())
    lines = [json.loads(line) for line in (run / "trajectory.jsonl").read_text().splitlines()]
    files = {line["id"]: line["render"] for line in lines}
    for name in dict.fromkeys(files.get(known[key]) for key in ("first_id", "best_id")):
        if name:
            yield load_picture(run / name)


def _compare_boxes(said: Critique, reference: Image, render: Image, tally: Tally) -> None:
    seen = visible(reference, render)
    named = np.zeros_like(seen)
    for item in said.discrepancies:
        for box in item.places or ((item.box,) if item.box else ()):
            named[box.grown(2).pixels] = True
        if item.box is not None:
            tally.boxes.append(bool(seen[item.box.grown(2).pixels].any()))
    drawn = seen & (ink(reference) | ink(render))
    tally.coverage.append((int((drawn & named).sum()), int(drawn.sum())))


async def _is_ordered(critic: PixelCritic, kind: Kind, reference: Image, draft: Image) -> bool:
    labels, found = elements(draft)
    steps = [
        np.full_like(reference, 255),
        without(draft, labels, found[: len(found) // 2]),
        draft,
        reference,
    ]
    rewards = [reward(await critic.critique(kind, reference, step)) for step in steps]
    return all(a < b for a, b in pairwise(rewards))


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=Path)
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--most", type=int, help="pictures of each kind, evenly chosen; all by default")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    kinds = chosen.kind or [kind for kind in Kind if (chosen.runs / kind.value).is_dir()]
    rows = []
    for kind in kinds:
        tally = Tally()
        runs = sorted(path.parent for path in (chosen.runs / kind.value).glob("*/trajectory.jsonl"))
        for run in runs[:: -(-len(runs) // chosen.most) if chosen.most else 1]:
            asyncio.run(measure(kind, run, tally))
        rows.append(tally.row(kind))
        print(dict(zip(_HEAD, rows[-1], strict=True)), flush=True)
    names = " ".join(f"--kind {kind}" for kind in kinds)
    most = f" --most {chosen.most}" if chosen.most else ""
    body = table(_HEAD, rows)
    conclude("What the pixel critic sees", f"sight RUNS {names}{most}", load, body, write=chosen.write)


if __name__ == "__main__":
    main()
