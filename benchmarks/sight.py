"""What the pixel critic sees: on drafts as they come, with parts gone, and where nothing is wrong.

    python -m benchmarks.sight RUNS [--truth PICTURES] [--kind table ...] [--most 6] [--only order] [--write]

RUNS are run folders, one folder a kind, as ``benchmarks.quality --out RUNS`` leaves them; PICTURES the folder
that they were made from, with the truth beside each picture. What was measured of a picture is kept in
``RUNS/sight.jsonl`` and not measured again: a run that is stopped goes on where it was, and its section says
of how many pictures it speaks. Delete the file to measure anew. Measured are, for each kind:

- drafts: candidates (first draft and best) that are blind (a reward of at least 1.96 though the similarity is
  below 0.95); coverage, the share of the visibly different ink that lies within a named box; precision, the
  named boxes in which something visibly differs; Spearman's rank correlation of S, the sum of severities,
  with 1 - similarity;
- order: pictures on which the rewards of a blank page, the draft with its marks hidden (see
  ``benchmarks.stripped``), with half of them hidden, the draft, and the reference strictly rise. A step that
  is the same picture as another is left out: a chart of one mark has no half;
- erasures: pictures on which S rises with every further element that is erased (1, 2, 4, ... all), and is at
  least three times as much for all as for one;
- harmless: pairs that no eye tells apart (JPEG, half a pixel, other anti-aliasing) without a finding;
- texts: of the texts that a first draft has wrong, worked out from truth and code, those that are named.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from benchmarks.erased import erasures
from benchmarks.harmless import harmless
from benchmarks.results import conclude, table
from benchmarks.stripped import stripped
from benchmarks.truth.texts import wrong_texts
from critic import PixelCritic
from critic.boxes import Box
from critic.pixel.layer import ink
from critic.pixel.visible import visible
from critic.reading import Reader
from critic.reward import reward
from critic.similarity import fit_to
from critic.types import Critique
from renderers import LANGUAGES, Renderers
from renderers.pictures import load_picture, size_of
from renderers.types import Image, Kind

_NOTHING_WRONG = 1.96
_NOT_ALIKE = 0.95

_NEAR = 2
"""Pixels by which a box may miss what it names: readings are to a pixel, edges blurred."""


class Subject:
    """A run, and what is needed to look at it.

    Attributes:
        kind: What its picture shows.
        name: The picture's.
        reference: The picture.
        renders: Those of the first draft and of the best code, where they are two; at the picture's size.
        code: The first draft.
        truth: What the picture was made from, if that is known.
        critic: What is measured; it remembers what it read.
    """

    def __init__(self, kind: Kind, folder: Path, pictures: Path | None, renderers: Renderers) -> None:
        known = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        lines = [json.loads(line) for line in (folder / "trajectory.jsonl").read_text("utf-8").splitlines()]
        drawn = {line["id"]: line for line in lines if line["render"] and line["status"] == "ok"}
        chosen = dict.fromkeys(known[key] for key in ("first_id", "best_id") if known[key] in drawn)
        self.kind, self.name, self.renderers = kind, folder.name, renderers
        self.reference = load_picture(folder / known["reference"])
        self.renders = [
            fit_to(self.reference, load_picture(folder / drawn[number]["render"])) for number in chosen
        ]
        first = drawn[next(iter(chosen))]["code_file"] if chosen else None
        self.code = (folder / first).read_text("utf-8") if first else ""
        truth = pictures / kind.value / f"{folder.name}.json" if pictures else None
        self.truth = truth if truth and truth.exists() else None
        self.critic = PixelCritic(Reader())

    async def said(self, render: Image) -> Critique:
        """The critique of a render of the reference."""
        return await self.critic.critique(self.kind, self.reference, render)

    async def drawn(self, code: str) -> Image | None:
        """What code of the picture's kind draws, at its size."""
        language = LANGUAGES[self.kind][0]
        done = await self.renderers.render(self.kind, code, language, size_of(self.reference))
        return None if done.image is None else fit_to(self.reference, done.image)


async def drafts(subject: Subject) -> list[dict[str, Any]]:
    """Of each candidate: reward, S, similarity, seconds; pixels of ink that are named and seen; boxes."""
    found = []
    for render in subject.renders:
        critique = await subject.said(render)
        seen = visible(subject.reference, render)
        drawn = seen & (ink(subject.reference) | ink(render))
        named = np.zeros_like(seen)
        for box in _places(critique):
            named[box.grown(_NEAR).pixels] = True
        boxes = [item.box for item in critique.discrepancies if item.box is not None]
        found.append(
            {
                "reward": reward(critique),
                "S": critique.severity,
                "similarity": critique.similarity,
                "seconds": critique.seconds,
                "ink": [int((drawn & named).sum()), int(drawn.sum())],
                "boxes": [bool(seen[box.grown(_NEAR).pixels].any()) for box in boxes],
            }
        )
    return found


def _places(critique: Critique) -> Iterator[Box]:
    for item in critique.discrepancies:
        yield from item.places or ((item.box,) if item.box else ())


async def order(subject: Subject) -> dict[str, float]:
    """The reward of each step from a blank page to the reference, in this order."""
    steps: dict[str, Image | None] = {"blank": np.full_like(subject.reference, 255)}
    if subject.renders:
        for name, half in (("no marks", False), ("half", True)):
            code = stripped(subject.kind, subject.code, half=half)
            steps[name] = None if code is None else await subject.drawn(code)
        steps["draft"] = subject.renders[0]
    steps["reference"] = subject.reference
    rewards: dict[str, float] = {}
    before: list[Image] = []
    for name, image in reversed(steps.items()):
        if image is None or any(not visible(other, image).any() for other in before):
            continue
        before.append(image)
        rewards[name] = reward(await subject.said(image))
    return dict(reversed(rewards.items()))


async def erased(subject: Subject) -> list[int]:
    """S with 1, 2, 4, ... all elements of the reference gone; nothing where there is but one."""
    pictures = [image for _, _, image in erasures(subject.reference)]
    return [(await subject.said(image)).severity for image in pictures] if len(pictures) > 1 else []


async def unharmed(subject: Subject) -> dict[str, int]:
    """How many findings each change that no eye sees gets."""
    return {
        name: len((await subject.critic.critique(subject.kind, before, after)).discrepancies)
        for name, before, after in harmless(subject.reference)
    }


async def texts(subject: Subject) -> list[tuple[str, bool]]:
    """The texts that the first draft has wrong and that visibly differ, and whether each is named."""
    if subject.truth is None or not subject.renders or subject.kind is Kind.SVG:
        return []
    wrong = wrong_texts(subject.kind, subject.code, subject.truth)
    seen = visible(subject.reference, subject.renders[0])
    shown = [(text, box) for text, box in wrong if seen[box.pixels].any()]
    named = list(_places(await subject.said(subject.renders[0]))) if shown else []
    return [(text, any(box.meets(place) for place in named)) for text, box in shown]


MEASURES: dict[str, Callable[[Subject], Coroutine[Any, Any, Any]]] = {
    "drafts": drafts,
    "order": order,
    "erasures": erased,
    "harmless": unharmed,
    "texts": texts,
}


def row(kind: Kind, kept: Iterable[dict[str, Any]]) -> tuple[object, ...]:
    """The kind's row; measures that were not taken of any picture are a dash."""
    of = {name: [line["found"] for line in kept if line["measure"] == name] for name in MEASURES}
    candidates = [item for found in of["drafts"] for item in found]
    named, seen = (sum(item["ink"][place] for item in candidates) for place in (0, 1))
    blind = sum(item["reward"] >= _NOTHING_WRONG and item["similarity"] < _NOT_ALIKE for item in candidates)
    apart = [(item["S"], 1 - item["similarity"]) for item in candidates]
    return (
        kind.value,
        len(of["drafts"]),
        len(candidates),
        blind,
        named / seen if seen else "-",
        _share(box for item in candidates for box in item["boxes"]),
        float(spearmanr(apart).statistic) if len(set(apart)) > 1 else "-",
        _share(_rises(list(found.values())) for found in of["order"]),
        _share(_rises(found) and found[-1] >= 3 * found[0] for found in of["erasures"] if found),
        _share(count == 0 for found in of["harmless"] for count in found.values()),
        _share(named for found in of["texts"] for _, named in found),
        statistics.median(item["seconds"] for item in candidates) if candidates else "-",
    )


_HEAD = (
    "kind", "pictures", "candidates", "blind", "coverage", "precision", "Spearman", "order", "erasures",
    "harmless", "texts", "seconds a critique",
)  # fmt: skip


def _rises(values: list[float]) -> bool:
    return all(a < b for a, b in pairwise(values))


def _share(values: Iterable[bool]) -> str:
    known = list(values)
    return f"{sum(known) / len(known):.3f} of {len(known)}" if known else "-"


async def measure_all(
    runs: Path, kinds: list[Kind], most: int | None, pictures: Path | None, names: list[str], seconds: float
) -> None:
    """Measure what is not in ``RUNS/sight.jsonl`` yet, and append it there; begin nothing after the time."""
    end = time.monotonic() + seconds
    file = runs / "sight.jsonl"
    there = {(line["kind"], line["picture"], line["measure"]) for line in _kept(file)}
    async with Renderers() as renderers:
        for kind in kinds:
            for folder in _chosen(runs / kind.value, most):
                wanted = [name for name in names if (kind.value, folder.name, name) not in there]
                timely = wanted and time.monotonic() < end
                subject = Subject(kind, folder, pictures, renderers) if timely else None
                for name in wanted if subject else ():
                    if time.monotonic() >= end:
                        return
                    found = await MEASURES[name](subject)  # type: ignore[arg-type]
                    line = {"kind": kind.value, "picture": folder.name, "measure": name, "found": found}
                    print(json.dumps(line), flush=True)
                    with file.open("a", encoding="utf-8") as lines:
                        lines.write(json.dumps(line) + "\n")


def _chosen(folder: Path, most: int | None) -> list[Path]:
    """The runs that ended, evenly chosen."""
    runs = sorted(path.parent for path in folder.glob("*/trajectory.jsonl"))
    return runs[:: -(-len(runs) // most) if most else 1]


def _kept(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=Path)
    parser.add_argument("--truth", type=Path, help="the pictures' folder, with the truth beside them")
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--most", type=int, help="pictures of each kind, evenly chosen; all by default")
    parser.add_argument("--only", action="append", choices=list(MEASURES), help="all measures by default")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin nothing after so long")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    kinds = chosen.kind or [kind for kind in Kind if (chosen.runs / kind.value).is_dir()]
    only = chosen.only or list(MEASURES)
    asyncio.run(measure_all(chosen.runs, kinds, chosen.most, chosen.truth, only, chosen.seconds))
    kept = _kept(chosen.runs / "sight.jsonl")
    rows = [row(kind, [line for line in kept if line["kind"] == kind.value]) for kind in kinds]
    options = [f"--kind {kind}" for kind in chosen.kind or ()]
    options += [f"--most {chosen.most}"] if chosen.most else []
    options += ["--truth PICTURES"] if chosen.truth else []
    command = " ".join(["sight RUNS", *options])
    conclude("What the pixel critic sees", command, load, table(_HEAD, rows), write=chosen.write)


if __name__ == "__main__":
    main()
