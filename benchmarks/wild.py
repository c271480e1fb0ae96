"""How many pictures from the wild come out right, by the points that are listed with each.

    python -m benchmarks.wild PICTURES RUNS [--only NAME ...] [--write]

PICTURES holds pictures and an ``index.json`` that says of each its kind, texts that its code holds and how
similar it must be; ``benchmarks.wild_points`` says the rest in numbers. RUNS is what
``lookalike refine PICTURES/*.png -o RUNS`` leaves. A picture is right where every point is met.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from lxml import html as markup

from benchmarks.other_tools.measure import drawn
from benchmarks.results import conclude, runs_parser, table
from benchmarks.wild_points import POINTS, Points, Row
from critic.metrics.images import ssim
from renderers.pictures import load_picture

_NEAR = 0.02
"""Share of the range of the values within which one is right."""
_LONE = 3
"""Values of a mark that is not listed up to which it is an ornament, such as a rule, and no phantom."""


@dataclass(frozen=True)
class Run:
    """What a picture, or a part of it, came to.

    Attributes:
        said: ``run.json``.
        code: The best code; empty where there is none.
        file: Where it is.
    """

    said: dict[str, Any]
    code: str
    file: Path


def runs_of(picture: str, folder: Path) -> list[Run]:
    """A picture's run, or those of its parts where several were found in it."""
    stem = Path(picture).stem
    parts = sorted(path for path in folder.glob(f"{stem}-*") if path.name.removeprefix(f"{stem}-").isdigit())
    return [_run(path) for path in ([folder / stem] if (folder / stem).is_dir() else parts)]


def _run(path: Path) -> Run:
    said = json.loads((path / "run.json").read_text(encoding="utf-8"))
    file = path / (said["best"] or "best")
    return Run(said, file.read_text(encoding="utf-8") if file.is_file() else "", file)


def faults(listed: dict[str, Any], runs: list[Run], points: Points) -> Iterator[str]:
    """What is not right about a picture, in words.

    Args:
        listed: Its entry in the index.
        runs: What it came to.
        points: What else must hold.
    """
    if listed["kind"] == "photo":
        yield from ("code was written" for run in runs if run.code)
        return
    if not runs or not all(run.code for run in runs):
        yield "no code"
        return
    if (kinds := {run.said["kind"] for run in runs}) != {listed["kind"]}:
        yield f"kind {', '.join(sorted(kinds))}"
        return
    code = "\n".join(html.unescape(run.code) for run in runs)
    yield from (f"text {text!r}" for text in listed["texts"] if text not in code)
    if (likeness := similarity_of(runs)) < listed["similarity"]:
        yield f"similarity {likeness:.3f} < {listed['similarity']}"
    yield from (_in_chart(runs[0], points) if listed["kind"] == "chart" else _in_markup(runs, points))


def similarity_of(runs: list[Run]) -> float:
    """The least similarity of a picture's parts; 0 where one has no render."""
    return min((_likeness(run) for run in runs), default=0.0)


def _likeness(run: Run) -> float:
    """As the run says, or measured where the time for that was over."""
    if run.said["similarity"] is not None or not run.said["render"]:
        return run.said["similarity"] or 0.0
    reference, render = (load_picture(run.file.parent / run.said[name]) for name in ("reference", "render"))
    return ssim(reference, render) if reference.shape == render.shape else 0.0


def _in_chart(run: Run, points: Points) -> Iterator[str]:
    if not points.counts:
        return
    found = drawn(run.file)
    if found is None:
        yield "the program fails"
        return
    have = {mark: _flat(mark, series) for mark, series in found.items() if mark != "texts"}
    for mark, count in points.counts.items():
        if len(have[mark]) != count:
            yield f"{len(have[mark])} values of {mark}, not {count}"
    for mark, wanted in points.values.items():
        share = _met(wanted, have[mark], log=points.log)
        if share < 1:
            yield f"{share:.2f} of the values of {mark}"
    if "bar" in points.counts or "barh" in points.counts:
        have["segment"] = []  # the error bars of bars
    for mark, values in have.items():
        if mark not in points.counts and len(values) > _LONE:
            yield f"phantom: {len(values)} values of {mark}"


def _flat(mark: str, series: list[Any]) -> list[float]:
    """The values of a mark: heights of bars and points, angles of wedges as shares of a hundred."""
    if mark == "pie":
        return [angle / 3.6 for angle in series]
    if mark == "heat":
        return [value for rows in series[:1] for row in rows for value in row]
    if mark == "area":
        return [float(len(one)) for one in series]
    return [one[-1] for values in series for one in values]


def _met(wanted: tuple[float, ...], have: list[float], *, log: bool) -> float:
    """The share of values that are there, each once."""
    one, other = np.array(wanted, float), np.array(have, float)
    if log:
        one, other = np.log10(one), np.log10(np.maximum(other, np.finfo(float).tiny))
    slack, left = _NEAR * max(float(np.ptp(one)), float(np.abs(one).max())), list(other)
    met = 0
    for value in one:
        nearest = min(left, key=lambda item: abs(item - value), default=None)
        if nearest is not None and abs(nearest - value) <= slack:
            left.remove(nearest)
            met += 1
    return met / len(one)


def _in_markup(runs: list[Run], points: Points) -> Iterator[str]:
    documents = [markup.document_fromstring(run.code) for run in runs]
    tables = [found for document in documents for found in document.iter("table")]
    if points.tables and len(tables) != points.tables:
        yield f"{len(tables)} tables, not {points.tables}"
    rows = [_cells(row) for found in tables for row in found.iter("tr")]
    yield from (f"row {' | '.join(row)}" for row in points.rows if _plain(row) not in rows)
    tags = [str(item.tag).lower() for document in documents for item in document.iter()]
    for names, count in points.tags.items():
        if (found := sum(tags.count(name) for name in names.lower().split("|"))) < count:
            yield f"{found} of {names}, not {count}"


def _cells(row: markup.HtmlElement) -> Row:
    for item in row.iter("br"):
        item.tail = f" {item.tail or ''}"
    texts = [cell.text_content() for cell in row.iter("td", "th")]
    return _plain(tuple(texts))


def _plain(texts: Row) -> Row:
    return tuple(plain for text in texts if (plain := " ".join(text.split())))


def main() -> None:
    """Judge, print, and write where asked to."""
    given = runs_parser(__doc__).parse_args()
    load, rows, charts = os.getloadavg()[0], [], []
    for listed in json.loads((given.pictures / "index.json").read_text(encoding="utf-8")):
        name = listed["picture"]
        if given.only and Path(name).stem not in given.only:
            continue
        runs = runs_of(name, given.runs)
        wrong = list(faults(listed, runs, POINTS.get(name, Points())))
        likeness = similarity_of(runs)
        if listed["kind"] == "chart":
            charts.append(likeness)
        rows.append((name, listed["kind"], "no" if wrong else "yes", likeness, "; ".join(wrong)))
    right = sum(row[2] == "yes" for row in rows)
    kinds = sum("kind " not in row[4] and "no code" not in row[4] for row in rows)
    phantoms = sum("phantom" in row[4] for row in rows)
    said = (
        f"Right: {right} of {len(rows)}. Kind right: {kinds}. Mean similarity of charts: "
        f"{np.mean(charts) if charts else 0.0:.3f}. With phantoms: {phantoms}."
    )
    body = said + "\n\n" + table(("picture", "kind", "right", "similarity", "what is not"), rows)
    conclude("Pictures from the wild", f"wild {given.pictures.name} RUNS", load, body, write=given.write)


if __name__ == "__main__":
    main()
