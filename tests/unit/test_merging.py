"""What was right in the revisions of one parent becomes one more candidate of the round."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from critic.similarity import similarity
from critic.types import Critique, Discrepancy
from graph import Budget, Candidate, Result, RunContext, RunFolder, Search, Stopped, stream
from graph.authors import MERGE
from graph.types import Draft, Revision, Task
from renderers.types import Image, Kind, Language, Render, RenderStatus, Size

_LINES, _SIDE = 10, 24
_RIGHT, _WRONG = (40, 160, 60), (200, 30, 30)


def code(*wrong: int, more: str = "") -> str:
    """A program of a line a block, with these wrong."""
    return "".join(f"block {n} {'wrong' if n in wrong else 'right'}\n" for n in range(_LINES)) + more


async def render(kind: Kind, text: str, language: Language, size: Size | None = None) -> Render:
    """A row of blocks, red where wrong; a half that is opened must be closed."""
    if text.count("open") != text.count("close"):
        return Render(RenderStatus.ERROR, log="open without close")
    image = np.full((_SIDE, _SIDE * _LINES, 3), 255, np.uint8)
    for line in text.splitlines():
        number, state = line.split()[1:3]
        place = int(number) * _SIDE
        image[4:-4, place + 4 : place + _SIDE - 4] = _RIGHT if state.startswith("right") else _WRONG
    return Render(RenderStatus.OK, image)


class Counting:
    """Names every block that is red, the same each time."""

    name = "counting"
    varies = False

    async def critique(self, kind: Kind, reference: Image, image: Image) -> Critique:
        red = [n for n in range(_LINES) if tuple(image[_SIDE // 2, n * _SIDE + _SIDE // 2]) == _WRONG]
        found = tuple(
            Discrepancy(category="data_error", severity=2, description=f"block {n} is red") for n in red
        )
        return Critique(critic=self.name, discrepancies=found, similarity=similarity(reference, image))


@dataclass
class Answers:
    """Gives these codes, in turn."""

    codes: list[str]
    notes: str = ""
    samples: bool = True
    name: str = "answers"
    drafts: list[str] = field(default_factory=list)
    asked: list[Revision] = field(default_factory=list)

    async def draft(self, task: Task, seed: int) -> Draft:
        return Draft(code=self.drafts[seed] if self.drafts else self.codes[0], description=self.notes)

    async def revise(self, revision: Revision) -> Draft:
        self.asked.append(revision)
        return Draft(code=self.codes[min(len(self.asked), len(self.codes) - 1)], description=self.notes)


def run(folder: Path, answers: Answers, rounds: int = 1, budget: int | None = None, beam: int = 1) -> Result:
    async def done() -> Result:
        reference = (await render(Kind.SVG, code(), Language.SVG)).image
        assert reference is not None
        context = RunContext(
            task=Task(Kind.SVG, Language.SVG, reference),
            generator=answers,
            critic=Counting(),
            render=render,
            folder=RunFolder(folder, reference, Language.SVG),
            search=Search(
                policy="beam",
                width=max(1, len(answers.drafts)),
                beam=beam,
                revisions=2 // beam,
                budget=Budget(rounds=rounds, candidates=budget),
            ),
        )
        last = [event async for event in stream(context)][-1]
        assert isinstance(last, Stopped)
        return last.result

    return asyncio.run(done())


def merged(result: Result) -> list[Candidate]:
    return [item for item in result.candidates if item.author == MERGE]


def text(folder: Path, item: Candidate) -> str:
    return (folder / item.code).read_text()


def test_what_siblings_mended_is_put_together(tmp_path: Path) -> None:
    result = run(tmp_path, Answers([code(2, 5, 8), code(5, 8), code(2, 5)]))
    (merge,) = merged(result)
    assert text(tmp_path, merge) == code(5)
    assert (merge.accepted, merge.parent, merge.round, merge.usage.calls) == (True, 1, 1, 0)
    assert result.best == merge
    said = [action.description for action in merge.actions]
    assert said == ["took all of the changes of revision 1", "took all of the changes of revision 2"]


def test_a_refused_revision_keeps_what_it_mended(tmp_path: Path) -> None:
    result = run(tmp_path, Answers([code(2, 5), code(5, 8, 9), code(2, 5, 8)]))
    (merge,) = merged(result)
    assert [item.accepted for item in result.candidates] == [True, False, False, True]
    assert (text(tmp_path, merge), merge.parent) == (code(5), 0)


def test_an_accepted_revision_loses_what_it_broke(tmp_path: Path) -> None:
    result = run(tmp_path, Answers([code(1, 2, 5), code(5, 8), code(1, 2, 5)]))
    (merge,) = merged(result)
    assert (text(tmp_path, merge), merge.parent, merge.accepted) == (code(5), 1, True)


def test_a_merge_is_no_round_and_the_next_revision_is_of_it(tmp_path: Path) -> None:
    codes = [code(2, 5, 8, 9), code(5, 8, 9), code(2, 8, 9), code(8), code(9)]
    answers = Answers(codes)
    result = run(tmp_path, answers, rounds=2)
    assert [item.code for item in answers.asked[2:]] == [code(8, 9)] * 2
    assert [(item.round, item.author) for item in result.candidates][3] == (1, MERGE)
    assert result.rounds == 2
    assert result.best is not None and text(tmp_path, result.best) == code()


@pytest.mark.parametrize(
    "codes",
    [
        [code(2, 5), code(5), code(5)],
        [code(2, 5), code(2, 5, 8), code(2, 5, 9)],
        [code(2, 5), code(), code(2, 5)],
        [code(2, 5), "block 2 right\n", "block 5 right\n"],
    ],
    ids=["the same repair", "harm alone", "two repairs", "another program"],
)
def test_nothing_is_merged_that_is_there_already_or_helps_nobody(tmp_path: Path, codes: list[str]) -> None:
    assert merged(run(tmp_path, Answers(codes))) == []


def test_changes_that_need_each_other_stay_together(tmp_path: Path) -> None:
    halves = code(5, 8).replace("2 right", "2 right open").replace("9 right", "9 right close")
    assert merged(run(tmp_path, Answers([code(2, 5, 9), halves, code(2, 5, 9)]))) == []


def test_code_with_notes_is_not_taken_apart(tmp_path: Path) -> None:
    assert merged(run(tmp_path, Answers([code(2, 5, 8), code(5, 8), code(2, 5)], notes="notes"))) == []
    assert merged(run(tmp_path / "b", Answers([code(2, 5, 8), code(5, 8), code(2, 5)], samples=False))) == []


def test_no_merge_is_more_than_the_budget(tmp_path: Path) -> None:
    result = run(tmp_path, Answers([code(2, 5, 8), code(5, 8), code(2, 5)]), budget=3)
    assert len(result.candidates) == 3


def test_drafts_are_put_together(tmp_path: Path) -> None:
    result = run(tmp_path, Answers([code()], drafts=[code(1, 2, 3), code(2, 3, 4), code(3, 5, 6)]), rounds=0)
    (merge,) = merged(result)
    assert text(tmp_path, merge) == code(3)
    assert (merge.accepted, merge.parent, merge.round, merge.usage.calls) == (True, 0, 0, 0)
    said = [action.description for action in merge.actions]
    assert said == ["took 1 of 2 differences of 2"]  # draft 1 has no more


def test_what_came_of_different_drafts_is_put_together(tmp_path: Path) -> None:
    drafts = [code(1, 3, 5, 7), code(1, 3, 5, 7, 9)]
    result = run(tmp_path, Answers(["", code(3, 5, 7), code(1, 5, 7, 9)], drafts=drafts), beam=2)
    (merge,) = merged(result)
    assert (text(tmp_path, merge), merge.accepted) == (code(5, 7), True)


def test_of_another_program_nothing_is_taken(tmp_path: Path) -> None:
    drafts = [code(1, 2, 3), code(2, 3, 4).replace("\n", "; \n")]
    assert merged(run(tmp_path, Answers([code(1, 2, 3)], drafts=drafts), rounds=0)) == []


def test_cousins_are_put_together_and_what_was_mended_since_stays(tmp_path: Path) -> None:
    codes = [code(1, 3, 5, 7), code(3, 5, 7), code(5, 7), code(1, 3, 7)]
    result = run(tmp_path, Answers(codes), rounds=2, beam=2)
    assert [item.parent for item in result.candidates] == [None, 0, 1, 0, 2]
    (merge,) = merged(result)
    assert (text(tmp_path, merge), merge.accepted) == (code(7), True)


def test_drafts_of_an_embedded_generator_are_not_taken_apart(tmp_path: Path) -> None:
    drafts = [code(1, 2), code(2, 3)]
    assert merged(run(tmp_path, Answers([code()], notes="notes", drafts=drafts), rounds=0)) == []
