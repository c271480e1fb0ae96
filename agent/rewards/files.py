"""Scores a file of answers: a line of JSON in, the same line with its score out."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.concurrency import as_stream, bounded
from agent.errors import InputError
from agent.parts import ASK_A_MODEL
from agent.processes import Workplace, spread
from agent.rewards.scorer import Scorer, score_here
from agent.rewards.server import request_of
from agent.rewards.types import Request, Score
from agent.settings import Settings

_AT_A_TIME = 32
"""Answers that a model server is asked about at a time."""

MAX_LINE = 20_000_000


@dataclass(slots=True)
class ScoredFile:
    """What scoring a file came to.

    Attributes:
        rows: Lines with a score.
        bad: Lines without one, each with its reason in the output.
        total: Sum of the scores.
    """

    rows: int = 0
    bad: int = 0
    total: float = 0.0

    @property
    def mean(self) -> float:
        """Of the scores; NaN where there are none."""
        return self.total / self.rows if self.rows else math.nan


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file: what it asks, or why that cannot be known."""

    number: int
    row: dict[str, Any]
    request: Request | None
    reason: str = ""


async def score_file(
    file: Path,
    out: Path,
    settings: Settings,
    *,
    terms: str,
    processes: int,
    tell: Callable[[ScoredFile], None] = lambda done: None,
) -> ScoredFile:
    """Score all lines; they come out in the order in which they are done, with their number.

    Args:
        file: JSON Lines with an answer, a reference and a kind each.
        out: Where the scored lines go.
        settings: Choose the critic.
        terms: See ``agent.rewards.types.TERMS``.
        processes: For a critic that runs here.
        tell: Called after each line.

    Raises:
        InputError: A file cannot be read or written.
    """
    done = ScoredFile()
    try:
        with out.open("w", encoding="utf-8") as lines:
            async for line, score, reason in _scored(_lines(file), settings, terms, processes):
                usable = score is not None and bool(score.usable)
                told = {"line": line.number, **line.row}
                if score is not None:
                    told |= {**score.metrics(), "reason": score.reason}
                else:
                    told |= {"score": None, "usable": 0.0, "reason": reason}
                lines.write(json.dumps(told, ensure_ascii=False) + "\n")
                done.rows += usable
                done.bad += not usable
                done.total += score.score if score is not None and usable else 0.0
                tell(done)
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be used ({error.strerror})") from error
    return done


async def _scored(
    lines: Iterator[_Line], settings: Settings, terms: str, processes: int
) -> AsyncIterator[tuple[_Line, Score | None, str]]:
    if settings.critic.chosen in ASK_A_MODEL:
        async with Scorer(settings, terms) as scorer:

            async def one(line: _Line) -> tuple[_Line, Score | None, str]:
                return line, await scorer.score(line.request) if line.request else None, line.reason

            async for told in bounded(as_stream(lines), one, _AT_A_TIME):
                yield told
        return
    tasks = ((line, terms) for line in lines)
    async for outcome in spread(score_line, tasks, processes, settings):
        line = outcome.task[0]
        yield line, outcome.result, outcome.reason or line.reason


async def score_line(place: Workplace, task: tuple[_Line, str]) -> Score | None:
    """One line's score. Runs in a process of its own."""
    line, terms = task
    return await score_here(place, (line.request, terms)) if line.request is not None else None


def _lines(file: Path) -> Iterator[_Line]:
    with file.open("rb") as lines:
        for number, text in enumerate(lines, 1):
            if text.strip():
                yield _line(number, text, file.parent)


def _line(number: int, text: bytes, folder: Path) -> _Line:
    if len(text) > MAX_LINE:
        return _Line(number, {}, None, f"longer than {MAX_LINE:,} bytes")
    try:
        row = json.loads(text)
        return _Line(number, row, request_of(row, folder))
    except (ValueError, TypeError, RecursionError) as error:
        kept = row if "row" in locals() and isinstance(row, dict) else {}
        return _Line(number, kept, None, str(error))
