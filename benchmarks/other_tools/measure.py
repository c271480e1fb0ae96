"""How well charts of other tools are read: the marks that each one's code draws are held against the truth.

    python -m benchmarks.other_tools.measure PICTURES RUNS [--only NAME ...] [--write]

PICTURES is what ``benchmarks.other_tools.draw`` leaves; RUNS what ``lookalike refine PICTURES/* -o RUNS``
leaves. For each picture: whether the mark is right, the number of series, the share of values within 2% of
the axis range, the share of texts, and the similarity of the render.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.results import conclude, runs_parser, table
from critic.metrics.images import ssim
from renderers.pictures import load_picture

_NEAR = 0.02
"""Share of the axis range within which a value is right."""
_WHOLE = 360.0
"""Degrees of a pie."""
_PROBE = Path(__file__).with_name("probe.py")


def drawn(code: Path) -> Any:
    """What a program draws; None where it fails."""
    done = subprocess.run(
        [sys.executable, "-I", str(_PROBE), str(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def values_of(found: Any, truth: Any, count: int) -> list[list[float]]:
    """The values of the truth's kind of mark, series by series, at the truth's places along the axis."""
    mark = truth["mark"]
    if mark == "pie":
        total = sum(truth["series"][0])
        return [[angle / _WHOLE * total for angle in found["pie"]]]
    if mark == "heat":
        return [row for rows in found["heat"][:1] for row in rows]
    series = found[mark]
    if mark in ("bar", "barh"):
        return [[value for _, value in one] for one in series]
    at = truth.get("x", list(range(count)))
    if mark == "scatter":
        return [[y for _, y in sorted(one)] for one in series]
    if "x" not in truth:
        # Of dates only the order is known: they lie evenly from end to end.
        at = None
    kept = []
    for one in series:
        x, y = np.array(sorted(one)).T
        kept.append(np.interp(np.linspace(x[0], x[-1], count) if at is None else at, x, y).tolist())
    return kept


def right(read: Sequence[Sequence[float]], truth: Any) -> float:
    """Share of the truth's values that a series has, each series with the one that fits it best."""
    low, high = truth["range"]
    hits, total, left = 0, 0, [list(one) for one in read]
    for wanted in truth["series"]:
        scores = [
            max(
                _hits(turned, one, high - low, log=truth.get("log", False))
                for turned in _turns(wanted, truth)
            )
            for one in left
        ]
        best = int(np.argmax(scores)) if scores else -1
        hits, total = hits + (scores[best] if scores else 0), total + len(wanted)
        left = left[:best] + left[best + 1 :] if scores else left
    return hits / total


def _turns(wanted: Sequence[float], truth: Any) -> list[Sequence[float]]:
    """The values as they may be told: those of a pie from any wedge on, as none of a picture is its first."""
    starts = range(len(wanted)) if truth["mark"] == "pie" else (0,)
    return [[*wanted[start:], *wanted[:start]] for start in starts]


def _hits(wanted: Sequence[float], read: Sequence[float], span: float, *, log: bool) -> int:
    """Values that are right where there are as many as wanted, in either order."""
    one, slack = np.array(wanted, float), _NEAR * span
    if len(read) != len(one):
        return 0
    other = np.array(read, float)
    if log:
        one, other, slack = np.log10(one), np.log10(np.maximum(other, 1e-9)), 2 * _NEAR
    return max(int((np.abs(one - way) <= slack).sum()) for way in (other, other[::-1]))


def main() -> None:
    """Measure, print, and write where asked to."""
    given = runs_parser(__doc__).parse_args()
    load, rows = os.getloadavg()[0], []
    for path in sorted(given.pictures.glob("*.json")):
        run = given.runs / path.stem
        if given.only and path.stem not in given.only:
            continue
        truth = json.loads(path.read_text(encoding="utf-8"))
        picture = next(p for p in given.pictures.glob(f"{path.stem}.*") if p.suffix != ".json")
        found = drawn(run / "best.py") if (run / "best.py").is_file() else None
        if found is None:
            rows.append([path.stem, 0.0, 0.0, 0.0, 0.0, 0.0])
            continue
        read = values_of(found, truth, len(truth["series"][0]))
        texts = [text.strip() for text in found["texts"]]
        has = [text in texts for text in truth["texts"]]
        reference, render = load_picture(picture), load_picture(run / "best.png")
        rows.append(
            [
                path.stem,
                float(bool(read)),
                float(len(read) == len(truth["series"])),
                right(read, truth),
                sum(has) / len(has) if has else 1.0,
                ssim(reference, render) if reference.shape == render.shape else 0.0,
            ]
        )
    head = ["picture", "mark", "series", "values", "texts", "similarity"]
    means = ["**all**", *(float(np.mean([row[i] for row in rows])) for i in range(1, len(head)))]
    body = table(head, [means, *rows])
    command = f"other_tools.measure {given.pictures.name} {given.runs.name}"
    conclude("Charts of other tools", command, load, body, write=given.write)


if __name__ == "__main__":
    main()
