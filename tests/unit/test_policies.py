"""What each policy spends a run's calls on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.testing import Step
from critic.types import Critique, Discrepancy
from graph import Budget, Candidate, Policy, Result, Search, StopReason, View
from graph.choosing import policy_of
from graph.policies import Parents, distinct
from graph.types import PictureRef, RenderRecord
from renderers.types import RenderStatus
from tests.loop import Loop

FOUND = Discrepancy(category="data_error", severity=2, description="too high")
BETTER = [Step(30 - 2 * number, 0.4 + number / 50) for number in range(14)]
"""Each candidate is better than the one before."""


def _search(policy: str | None, rounds: int, **more: int) -> Search:
    return Search.model_validate({"policy": policy, "budget": Budget(rounds=rounds), **more})


def _run(steps: list[Step], folder: Path, search: Search) -> Result:
    return Loop(steps, folder, search).run()


def _parents(result: Result) -> list[int | None]:
    return [candidate.parent for candidate in result.candidates]


def test_best_of_n_never_revises(tmp_path: Path) -> None:
    result = _run(BETTER, tmp_path, _search("best_of_n", 5, width=4))
    assert _parents(result) == [None] * 4
    assert result.best is not None and result.best.id == 3
    assert result.stop_reason is StopReason.ROUNDS


def test_reflection_is_one_draft_and_its_revisions(tmp_path: Path) -> None:
    result = _run(BETTER, tmp_path, _search("reflect", 3, width=4, beam=2, revisions=2))
    assert _parents(result) == [None, 0, 1, 2]


def test_a_beam_revises_its_best_each_round(tmp_path: Path) -> None:
    result = _run(BETTER, tmp_path, _search("beam", 2, width=3, beam=2, revisions=1))
    assert _parents(result) == [None, None, None, 2, 1, 4, 3]


def test_adaptive_spends_what_the_beam_would_in_as_many_rounds(tmp_path: Path) -> None:
    for width, rounds in ((1, 3), (4, 3), (8, 2), (5, 0)):
        search = _search("adaptive", rounds, width=width)
        result = _run(BETTER, tmp_path / f"{width}-{rounds}", search)
        assert len(result.candidates) == width + rounds
        assert result.rounds <= rounds


def test_adaptive_revises_while_that_pays(tmp_path: Path) -> None:
    result = _run(BETTER, tmp_path, _search("adaptive", 6))
    assert _parents(result)[1:].count(None) <= 2
    assert result.best is not None and result.best.id == len(result.candidates) - 1


def test_adaptive_revises_what_is_better_than_its_parent_and_not_the_parent() -> None:
    def candidate(number: int, severity: int, **more: object) -> Candidate:
        said = Critique(
            critic="test",
            discrepancies=tuple(
                FOUND.model_copy(update={"location": f"{place}"}) for place in range(severity)
            ),
            similarity=0.8,
        )
        render = RenderRecord(
            status=RenderStatus.OK, picture=PictureRef(sha256=f"{number}", width=9, height=9)
        )
        given = {"id": number, "render": render, "critique": said, "reward": 2 - severity / 25, "code": "x"}
        return Candidate.model_validate({**given, "accepted": True, **more})

    search = _search("adaptive", 6, width=4)
    parent, child = candidate(0, 8), candidate(1, 8, parent=0, round=1)
    planned = policy_of(search).plan(View((parent, child), 2, search, 9))
    assert isinstance(planned, tuple)
    assert {item.id for item in planned if item is not None} == {1}


def test_adaptive_leaves_a_candidate_alone_on_which_revisions_fail(tmp_path: Path) -> None:
    steps = [Step(10, 0.8), *[Step(30, 0.3)] * 12]
    result = _run(steps, tmp_path, _search("adaptive", 9, patience=2))
    assert _parents(result).count(0) <= 2


def test_adaptive_gives_up_when_the_generator_has_no_more_to_offer(tmp_path: Path) -> None:
    result = _run([Step(10, 0.8), Step(code=False)], tmp_path, _search("adaptive", 9, patience=2))
    assert result.stop_reason is StopReason.PLATEAU
    assert len(result.candidates) <= 5


def _readings(steps: list[Step], folder: Path, search: Search) -> Result:
    """A run of a generator that has a few readings to offer rather than samples."""
    return Loop(steps, folder, search, samples=False).run()


def test_adaptive_stays_with_the_likeliest_reading_while_it_gains(tmp_path: Path) -> None:
    result = _readings(BETTER, tmp_path, _search("adaptive", 6))
    assert _parents(result) == [None, 0, 1, 2, 3, 4, 5]


def test_adaptive_tries_another_reading_when_the_first_gains_no_more(tmp_path: Path) -> None:
    steps = [Step(3, 0.95), Step(3, 0.94), *[Step(2, 0.96)] * 9]
    result = _readings(steps, tmp_path, _search("adaptive", 4, patience=1))
    assert _parents(result)[:3] == [None, 0, None]
    assert result.best is not None and result.best.parent == 2


def test_adaptive_never_asks_for_the_same_side_by_side(tmp_path: Path) -> None:
    result = _readings(BETTER, tmp_path, _search("adaptive", 2, width=7))
    revised = [(item.round, item.parent) for item in result.candidates if item.parent is not None]
    assert len(revised) == len(set(revised))


def test_adaptive_spends_all_on_readings_where_there_are_no_rounds(tmp_path: Path) -> None:
    assert _parents(_readings(BETTER, tmp_path, _search("adaptive", 0, width=3))) == [None] * 3


def test_adaptive_revises_failed_drafts_on_their_log(tmp_path: Path) -> None:
    steps = [Step(status=RenderStatus.ERROR), Step(10, 0.5)]
    result = _run(steps, tmp_path, _search("adaptive", 1))
    assert _parents(result) == [None, 0] and result.best is not None


def test_several_drafts_are_adaptive_by_default_and_one_is_reflected_upon() -> None:
    assert policy_of(Search()).name == "beam"
    assert policy_of(Search(width=2)).name == "adaptive"
    assert {policy_of(_search(name, 3)).name for name in ("best_of_n", "reflect", "beam", "adaptive")} == {
        "best_of_n",
        "reflect",
        "beam",
        "adaptive",
    }


class _Worst:
    """Revises the worst: nobody would, so it is seen to be asked."""

    name = "worst"

    def plan(self, view: View) -> Parents | StopReason:
        if view.round == 0:
            return (None, None)
        accepted: list[Candidate] = [item for item in view.candidates if item.accepted]
        return (min(accepted, key=lambda item: item.reward),)


def test_a_policy_of_ones_own_decides(tmp_path: Path) -> None:
    policy: Policy = _Worst()
    loop = Loop(BETTER, tmp_path, _search(None, 2))
    context = loop.context
    loop.context = lambda: replace(context(), chosen=policy)  # type: ignore[method-assign]
    result = loop.run()
    assert _parents(result) == [None, None, 0, 0]
    assert result.stop_reason is StopReason.ROUNDS


@pytest.mark.parametrize("candidates", [1, 3, 6])
def test_no_policy_exceeds_the_candidates(tmp_path: Path, candidates: int) -> None:
    for name in ("best_of_n", "reflect", "beam", "adaptive"):
        budget = Budget(rounds=4, candidates=candidates)
        search = Search.model_validate({"policy": name, "width": 4, "beam": 2, "budget": budget})
        assert len(_run(BETTER, tmp_path / name, search).candidates) <= candidates


def test_of_candidates_that_look_the_same_one_is_revised() -> None:
    def drawn(number: int, look: str, reward: float) -> Candidate:
        picture = PictureRef(sha256=look, width=8, height=8)
        render = RenderRecord(status=RenderStatus.OK, picture=picture)
        said = Critique(critic="c", discrepancies=(FOUND,), similarity=0.5)
        return Candidate(id=number, render=render, critique=said, reward=reward, accepted=True)

    candidates = tuple(drawn(*each) for each in ((0, "a", 1.2), (1, "b", 1.1), (2, "a", 1.3), (3, "a", 1.2)))
    assert [item.id for item in distinct(candidates)] == [2, 1]
    for name in ("beam", "adaptive"):
        search = Search(policy=name, beam=3, revisions=1, budget=Budget(rounds=3))
        planned = policy_of(search).plan(View(candidates, 1, search, affordable=9))
        assert isinstance(planned, tuple) and {item.id for item in planned if item} <= {1, 2}
