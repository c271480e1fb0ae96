"""Who is ahead, and how often the critic is asked about it before one goes on from there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.consensus import consensus
from critic.expected import expected_severity, likely
from critic.reward import reward
from critic.types import Critique, Discrepancy
from graph import Candidate
from graph.acceptance import best_of, ranked, scored
from graph.leading import heard, missing_answers
from graph.types import RenderRecord
from prompts.usage import Usage
from renderers.types import RenderStatus


def answer(*named: str, steady: bool = False) -> Critique:
    found = tuple(Discrepancy(category="data_error", severity=2, description=text) for text in named)
    return Critique(critic="c", discrepancies=found, similarity=0.9, steady=steady, usage=Usage(calls=1))


def candidate(said: Critique, **more: object) -> Candidate:
    render = RenderRecord(status=RenderStatus.OK)
    given = {"id": 0, "render": render, "critique": said, "reward": reward(said), "accepted": True, **more}
    return Candidate.model_validate(given)


REAL = ("the title is missing", "bar 3 is too high", "the legend is red")
ANSWERS = [answer(*REAL, f"phantom {number} of {word}") for number, word in enumerate("abcde")]


@pytest.mark.parametrize("answers", [1, 2, 3, 5])
def test_what_is_expected_does_not_depend_on_how_often_was_asked(answers: int) -> None:
    """As the sum of what half of the answers name does: of two that is all that either names."""
    said = consensus("c", ANSWERS[:answers])
    assert expected_severity(said) == pytest.approx(7, abs=2.5)


def test_of_a_critic_that_does_not_err_the_sum_is_what_is_expected() -> None:
    assert expected_severity(answer(*REAL, steady=True)) == 6


@given(st.integers(1, 5), st.integers(1, 5))
def test_what_more_answers_name_is_likelier_and_what_more_leave_out_is_not(times: int, answers: int) -> None:
    times = min(times, answers)
    assert 0.0 < likely(times, answers + 1) <= likely(times, answers) <= likely(times + 1, answers + 1) <= 1.0


def test_one_that_was_lucky_once_is_not_ahead_of_its_rivals_for_good() -> None:
    lucky, other = candidate(answer("the legend is red")), candidate(answer(*REAL[:2]), id=1)
    assert missing_answers((lucky, other), last=True) == (lucky, 2)
    for more in ANSWERS[1:3]:
        lucky = heard(lucky, more)
    assert lucky.spent.calls == 3
    assert missing_answers((lucky, other), last=True) == (other, 2)
    assert best_of((lucky, other))[0] is other


def test_each_try_that_failed_is_followed_by_another_answer_while_there_are_tries() -> None:
    parent = candidate(ANSWERS[0])
    refused = candidate(ANSWERS[1], id=1, parent=0, accepted=False)
    assert missing_answers((parent,), last=False) is None
    assert missing_answers((parent, refused), last=False) == (parent, 1)
    assert missing_answers((parent, refused), last=True) is None
    many = tuple(refused.model_copy(update={"id": number}) for number in range(1, 9))
    assert missing_answers((parent, *many), last=False) == (parent, 4)


def test_a_revision_is_not_ahead_by_the_luck_of_its_parent() -> None:
    rival, lucky = candidate(answer(*REAL[:2]), id=2), candidate(answer())
    child = scored(candidate(answer(*REAL), id=1, parent=0), lucky)
    asked = (lucky, child, rival)
    assert best_of(asked)[0] is child
    assert missing_answers(asked, last=True) == (lucky, 2)
    for more in ANSWERS[:2]:
        lucky = heard(lucky, more)
    found = ranked((lucky, child, rival))
    assert best_of(found)[0] is rival
    assert [item.id for item in found] == [0, 1, 2] and found[1].accepted


def test_nobody_is_asked_again_who_says_the_same_each_time() -> None:
    rivals = [candidate(answer(*REAL, steady=True), id=number) for number in range(3)]
    assert missing_answers(rivals, last=False) is None
