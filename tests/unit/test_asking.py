"""``refine --ask``: what is typed becomes an answer."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from rich.console import Console

from agent.commands.asking import TerminalHuman
from critic import Critique, Discrepancy
from critic.types import Box, Cause, Element
from graph import Action, Answer, Asked, Candidate, StopReason
from graph.types import RenderRecord
from renderers.types import Kind, RenderStatus


def typed(*lines: str) -> tuple[Answer | None, str]:
    """What is answered, and what was shown."""
    kept = iter(lines)

    async def read_line() -> str | None:
        return next(kept, None)

    shown = io.StringIO()
    found = Discrepancy(category="text_error", severity=1, description="\x1b]0;owned\x07[red]odd[/red]")
    best = Candidate(
        id=0,
        render=RenderRecord(status=RenderStatus.OK),
        critique=Critique(critic="c", discrepancies=(found,), similarity=0.5),
        accepted=True,
    )
    asked = Asked((best, best.model_copy(update={"id": 1})), best, StopReason.ROUNDS)
    human = TerminalHuman(Kind.CHART, Path("out"), Console(file=shown, highlight=False), read_line)
    return asyncio.run(human(asked)), shown.getvalue()


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ((), None),
        (("",), None),
        (("s",), Answer(stop=True)),
        (("accept",), Answer(stop=True, candidate=0)),
        (("r",), Answer(rejected=(0,))),
        (("b", "1"), Answer(candidate=1)),
        (("?", "b", "9", "w", "", "s"), Answer(stop=True)),
    ],
)
def test_a_key_answers(lines: tuple[str, ...], answer: Answer | None) -> None:
    assert typed(*lines)[0] == answer


def test_what_is_wrong_is_asked_part_by_part() -> None:
    answer, shown = typed("w", "the title is wrong", "3", "3", "10, 20, 110.5, 40", "t", "Sales")
    assert answer is not None
    assert answer.discrepancies == (
        Discrepancy(
            category="text_error",
            severity=3,
            description="the title is wrong",
            box=Box(10, 20, 110.5, 40),
            cause=Cause.TEXT,
            element=Element(kind="text"),
            reference="Sales",
            source="human",
        ),
    )
    assert "it should read" in shown and "would end here: rounds" in shown


def test_words_alone_are_enough() -> None:
    answer, _ = typed("w", "make the header darker")
    assert (
        answer is not None and answer.discrepancies[0].severity == 2 and answer.discrepancies[0].box is None
    )


def test_what_a_critic_says_is_shown_and_not_obeyed() -> None:
    _, shown = typed("s")
    assert "\x1b" not in shown and "[red]odd[/red]" in shown


def test_what_was_not_done_about_what_was_said_is_told() -> None:
    said = Discrepancy(category="text_error", severity=2, description="darker", source="human")
    drawn = RenderRecord(status=RenderStatus.OK)
    critique = Critique(critic="c", discrepancies=(said,), similarity=0.5)
    draft = Candidate(id=0, render=drawn, critique=critique, accepted=True)
    left = Action(discrepancy=0, description="not understood", done=False)
    latest = Candidate(
        id=1, parent=0, round=1, render=drawn, critique=critique, accepted=True, actions=(left,)
    )
    shown = io.StringIO()

    async def nothing() -> str | None:
        return None

    human = TerminalHuman(Kind.CHART, Path("out"), Console(file=shown, highlight=False, width=200), nothing)
    assert asyncio.run(human(Asked((draft, latest), latest, None))) is None
    assert "what you said: not done: not understood" in shown.getvalue()
