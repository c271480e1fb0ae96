"""A candidate as the page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from agent.report import words
from agent.report.code import Diff, Listing, diff, listing
from agent.report.embed import DataPicture, Shows
from agent.report.run_folder import CandidateRecord, RunFolder
from agent.report.story import Story, story
from critic.similarity import fit_to
from renderers.pictures import size_of
from renderers.types import Image, Size

_SHOWN = 0.005
"""Seconds from which a time is more than 0.00 when it is written."""


@dataclass(frozen=True, slots=True)
class Score:
    """A number of a candidate, and how it moved against the parent's: up, down or nothing."""

    text: str
    change: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Everything the template shows of one candidate.

    Attributes:
        verdict: best, kept (on the way to the best), not chosen, rejected, failed or none.
        rendered: The size that the render had, where it is not the reference's.
        judged: Whether a critic said how good it is.
        ink: Share of the visible ink that agrees with the reference; empty where nobody looked.
        notes: What the critic could not look into.
        no_difference: Whether the code is the same as the parent's.
        author: Who wrote the code, where that is not the generator alone.
    """

    id: int
    parent: int | None
    round: int
    verdict: str
    outcome: str
    judged: bool
    ink: str
    notes: tuple[str, ...]
    picture: DataPicture | None
    rendered: Size | None
    reward: Score
    similarity: Score
    story: Story
    log: str
    listing: Listing | None
    diff: Diff | None
    no_difference: bool
    times: str
    author: str


@dataclass(frozen=True, slots=True)
class Round:
    """A round's candidates."""

    number: int
    heading: str
    candidates: tuple[CandidateView, ...]


def rounds(
    folder: RunFolder, reference: Image | None, codes: dict[int, str], shows: Shows
) -> tuple[Round, ...]:
    """All candidates, round by round."""
    numbers = sorted({item.round for item in folder.candidates})
    return tuple(
        Round(
            number,
            _heading(folder, number),
            tuple(
                _view(folder, item, reference, codes, shows)
                for item in folder.candidates
                if item.round == number
            ),
        )
        for number in numbers
    )


def _heading(folder: RunFolder, number: int) -> str:
    if number:
        return f"Round {number}"
    drafts = sum(item.round == 0 for item in folder.candidates)
    return "First draft" if drafts == 1 else "First drafts"


def verdict(folder: RunFolder, candidate: CandidateRecord) -> str:
    """What became of a candidate, in a word."""
    if candidate.idle:
        return "none"
    if not candidate.rendered:
        return "failed"
    if folder.best is not None and candidate.id == folder.best.id:
        return "best"
    if candidate.id in folder.path_to_best:
        return "kept"
    return "not chosen" if candidate.accepted else "rejected"


def fitted(image: Image, reference: Image | None) -> Image:
    """A render at the reference's size, so that both can be laid upon each other."""
    return image if reference is None else fit_to(reference, image)


def _view(
    folder: RunFolder,
    candidate: CandidateRecord,
    reference: Image | None,
    codes: dict[int, str],
    shows: Shows,
) -> CandidateView:
    image = folder.picture(candidate.render)
    shown = None if image is None else fitted(image, reference)
    is_best = folder.best is not None and folder.best.id == candidate.id
    parent = folder.parent(candidate)
    code, earlier = codes.get(candidate.id, ""), codes.get(parent.id, "") if parent else ""
    rescaled = image is not None and shown is not None and image.shape != shown.shape
    frame = size_of(reference) if reference is not None else size_of(shown) if shown is not None else None
    return CandidateView(
        id=candidate.id,
        parent=parent.id if parent else None,
        round=candidate.round,
        verdict=verdict(folder, candidate),
        outcome=words.status(candidate.status),
        judged=candidate.judged,
        ink=words.ink(candidate.ink),
        notes=candidate.notes,
        picture=None if shown is None else shows(shown, candidate.render or "", is_best),
        rendered=size_of(image) if image is not None and rescaled else None,
        reward=_score(words.reward, candidate.reward, parent.reward if parent else None),
        similarity=_score(words.similarity, candidate.similarity, parent.similarity if parent else None),
        story=story(folder, candidate, frame),
        log=candidate.log.strip(),
        listing=listing(code, PurePosixPath(candidate.code_file).suffix) if code else None,
        diff=diff(earlier, code) if code and earlier else None,
        no_difference=bool(parent) and code == earlier,
        times=_times(candidate.seconds),
        author=candidate.author,
    )


def _score(said: Callable[[float | None], str], value: float | None, before: float | None) -> Score:
    if value is None or before is None or said(value) == said(before):
        return Score(said(value))
    change = abs(float(said(value)) - float(said(before)))
    return Score(said(value), said(change), "up" if value > before else "down")


def _times(seconds: dict[str, float]) -> str:
    done = {"generate": "written", "render": "rendered", "critique": "critiqued"}
    parts = [
        f"{word} in {words.duration(seconds[name])}"
        for name, word in done.items()
        if seconds.get(name, 0) >= _SHOWN
    ]
    return ", ".join(parts)
