"""A run as a notebook shows it: reference beside best, the rewards by round, the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.report import words
from agent.report.embed import DataPicture, embed
from agent.report.page import environment
from agent.report.run_folder import CandidateRecord, RunFolder, read_run_folder


@dataclass(frozen=True, slots=True)
class Row:
    """The best candidate of a round, beside the best so far."""

    round: int
    reward: float | None
    similarity: float | None
    best: float
    kept: bool


def notebook_html(folder: Path) -> str:
    """A fragment of HTML, without scripts, that stands for a run folder; nothing outside it is read."""
    run = read_run_folder(folder)
    return (
        environment()
        .get_template("notebook.html.j2")
        .render(
            name=run.run.picture,
            result=words.result_of(run),
            reference=_picture(run, run.run.reference),
            best=_picture(run, run.best.render if run.best else None),
            rows=rows(run),
            code=run.best_code,
        )
    )


def rows(run: RunFolder) -> tuple[Row, ...]:
    """A row for each round in which something rendered."""
    found, best = [], 0.0
    for number in sorted({item.round for item in run.candidates}):
        rendered = [item for item in run.candidates if item.round == number and item.rendered]
        if not rendered:
            continue
        top = max(rendered, key=_rank)
        best = max([best, *(item.standing[0] for item in rendered if item.accepted and item.judged)])
        found.append(Row(number, top.reward, top.similarity, best, top.accepted))
    return tuple(found)


def _rank(item: CandidateRecord) -> tuple[bool, float, float]:
    return item.accepted, *item.standing


def _picture(run: RunFolder, name: str | None) -> DataPicture | None:
    image = run.picture(name)
    return None if image is None else embed(image)
