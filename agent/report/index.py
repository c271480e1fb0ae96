"""The index of a batch of runs: one page that lists them, with thumbnails and links to their reports."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from agent.errors import ReportError
from agent.report import words
from agent.report.candidates import fitted
from agent.report.embed import DataPicture, thumbnail
from agent.report.page import render, save
from agent.report.run_folder import RunFolder, is_run_folder, read_run_folder

INDEX = "index.html"

_OURS = "· Lookalike</title>".encode()
_HEAD = 4_000
"""Bytes of a page among which its title stands."""

_KINDS = ("chart", "table", "svg", "page")


@dataclass(frozen=True, slots=True)
class Entry:
    """A run in the index."""

    name: str
    kind: str
    link: str
    reference: DataPicture | None
    best: DataPicture | None
    first: tuple[float, float] | None
    last: tuple[float, float] | None
    stop: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The runs of one kind together; the means are of (reward, similarity)."""

    kind: str
    runs: int
    first: tuple[float, float]
    last: tuple[float, float]


def write_index(out: Path) -> Path:
    """Write ``index.html`` into the folder that holds run folders.

    Raises:
        ReportError: The folder is missing or cannot be written to.
    """
    if not out.is_dir():
        raise ReportError(f"{out}: no such folder; give the folder that holds the runs")
    check_index(out)
    runs = sorted(item for item in out.iterdir() if is_run_folder(item))
    entries = [_entry(read_run_folder(item)) for item in runs]
    entries.sort(key=lambda entry: _order(entry.kind))
    context = {"entries": entries, "summaries": _summaries(entries), "name": out.resolve().name}
    return save(out / INDEX, render("index.html.j2", context, "theme.js"))


def check_index(out: Path) -> None:
    """Make sure that a page of somebody else's is not replaced.

    Raises:
        ReportError: There is one.
    """
    try:
        with (out / INDEX).open("rb") as page:
            ours = _OURS in page.read(_HEAD)
    except OSError:
        return
    if not ours:
        raise ReportError(f"{out / INDEX}: was not made by lookalike and is left as it is; choose another -o")


def _order(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _entry(folder: RunFolder) -> Entry:
    reference = folder.reference
    image = folder.picture(folder.best.render) if folder.best else None
    first, last = words.scores_of(folder)
    has_report = (folder.path / "report.html").is_file()
    return Entry(
        name=folder.run.picture or folder.path.name,
        kind=folder.run.kind,
        link=f"{quote(os.fsencode(folder.path.name))}/report.html" if has_report else "",
        reference=None if reference is None else thumbnail(reference),
        best=None if image is None else thumbnail(fitted(image, reference)),
        first=first,
        last=last,
        stop=words.stop_label(folder.run),
        seconds=folder.run.seconds,
    )


def _summaries(entries: Sequence[Entry]) -> list[Summary]:
    found = []
    for kind in sorted({entry.kind for entry in entries}, key=_order):
        pairs = [(entry.first, entry.last) for entry in entries if entry.kind == kind]
        known = [(first, last) for first, last in pairs if first and last]
        if known:
            found.append(
                Summary(kind, len(known), _mean([one for one, _ in known]), _mean([two for _, two in known]))
            )
    return found


def _mean(values: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(value[0] for value in values) / len(values), sum(value[1] for value in values) / len(values)
