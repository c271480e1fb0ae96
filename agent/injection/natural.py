"""Pairs of what a generator really got wrong: the references and renders of finished runs.

Nobody has said what is wrong with them all; what is known is what the loop itself found out. A discrepancy
that a critic named and that an accepted revision mended, with the pixels in its place nearer to the
reference after it, was an error. Such errors are put down; the pair is marked as not annotated, because
there may be more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from agent.batch.export_runs import Runs
from agent.injection.run import PAIRS, PICTURES, Tally
from agent.report.run_folder import CandidateRecord, RunFolder
from critic.fate import Fate, fates
from critic.similarity import fit_to
from critic.types import Box, Discrepancy
from graph.folder import write_atomically
from renderers.pictures import digest, encode_png
from renderers.types import Image

_NEARER = 0.9
"""Of the difference of pixels in an error's place: what is left after a revision that mended it, at most."""


def natural(runs: Path, out: Path) -> Tally:
    """Write a pair for each accepted step of the runs; those that are there are passed over.

    Args:
        runs: A batch's folder, a folder of runs, or one run.
        out: Where the pairs go.

    Raises:
        InputError: There are no runs.
    """
    (out / PICTURES).mkdir(parents=True, exist_ok=True)
    file, tally = out / PAIRS, Tally()
    there = (
        {json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()} if file.exists() else set()
    )
    with file.open("a", encoding="utf-8") as lines:
        for name, run in Runs(runs):
            for row in _rows(name, run, out):
                if row["id"] in there:
                    tally.there += 1
                    continue
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
                tally.made += 1
    return tally


def _rows(name: str, run: RunFolder, out: Path) -> Iterator[dict[str, Any]]:
    reference = run.reference
    if reference is None:
        return
    path = [run.by_id[number] for number in run.path_to_best]
    for before, after in pairwise(path):
        renders = [run.picture(item.render) for item in (before, after)]
        if renders[0] is None or renders[1] is None:
            continue
        errors = _mended(before, after, reference, renders[0], renders[1])
        yield {
            "id": f"{name}-{before.id}",
            "idx": before.id,
            "category": run.run.kind,
            "gt_img_path": _kept(out, reference),
            "pred_img_path": _kept(out, renders[0]),
            "human_errors": [_error(item) for item in errors],
            "untouched": False,
            "annotated": False,
            "source": name,
            "seed": before.seed,
            "gt_code": "",
            "pred_code": run.code(before),
        }


def _mended(
    before: CandidateRecord, after: CandidateRecord, reference: Image, draft: Image, revised: Image
) -> list[Discrepancy]:
    """What was wrong before and is not after, and shows in the pixels."""
    found = fates(before.discrepancies, after.discrepancies).before
    fixed = [
        item
        for item, fate in zip(before.discrepancies, found, strict=True)
        if fate is Fate.FIXED and item.box
    ]
    first, second = (
        np.abs(reference.astype(np.int16) - fit_to(reference, image)).sum(axis=2)
        for image in (draft, revised)
    )
    return [
        item for item in fixed if item.box and _within(second, item.box) < _NEARER * _within(first, item.box)
    ]


def _within(difference: np.ndarray[Any, Any], box: Box) -> float:
    left, top, right, bottom = (max(0, int(value)) for value in box)
    return float(difference[top:bottom, left:right].sum())


def _error(item: Discrepancy) -> dict[str, Any]:
    return {
        "type": item.category,
        "category": item.category,
        "severity": item.severity,
        "location": item.location,
        "description": item.description,
        "box": [int(value) for value in item.box or ()],
        "change": "natural",
    }


def _kept(out: Path, image: Image) -> str:
    name = f"{PICTURES}/{digest(image)[:32]}.png"
    if not (out / name).exists():
        write_atomically(out / name, encode_png(image))
    return name
