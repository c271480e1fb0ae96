"""What a person sees while a picture is refined."""

from __future__ import annotations

import io

from rich.console import Console

from agent.commands.progress import Progress
from critic import Critique
from graph import Candidate, Critiqued, Resumed
from graph.types import RenderRecord
from renderers.types import RenderStatus


def _candidate(number: int, parent: int | None, round_: int, reward: float, *, accepted: bool) -> Candidate:
    return Candidate(
        id=number,
        parent=parent,
        round=round_,
        code="c.py",
        render=RenderRecord(status=RenderStatus.OK),
        critique=Critique(critic="c", similarity=0.5),
        reward=reward,
        accepted=accepted,
    )


def _told(*events: Critiqued | Resumed) -> list[str]:
    console = Console(file=io.StringIO(), width=200)
    progress = Progress(console)
    for event in events:
        progress.show(event)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_line_a_candidate_says_what_became_of_it() -> None:
    first = _candidate(0, None, 0, 1.5, accepted=True)
    lines = _told(
        Critiqued(first),
        Critiqued(_candidate(1, 0, 1, 1.7, accepted=True)),
        Critiqued(_candidate(2, 0, 1, 1.2, accepted=False)),
        Critiqued(_candidate(3, None, 2, 1.6, accepted=True)),
    )
    assert "first draft" in lines[0] and "1.50" in lines[0]
    assert "1.50 -> 1.70" in lines[1] and lines[1].endswith("kept")
    assert lines[2].endswith("not better")
    assert "round 2, new draft" in lines[3] and "kept" not in lines[3]


def test_a_resumed_run_says_so_and_compares_with_what_it_had() -> None:
    first = _candidate(0, None, 0, 1.5, accepted=True)
    lines = _told(Resumed((first,)), Critiqued(_candidate(1, 0, 1, 1.7, accepted=True)))
    assert "going on after 1 candidate" in lines[0]
    assert "1.50 -> 1.70" in lines[1]
