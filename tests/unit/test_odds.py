"""Which of two renders a critic's answers speak for: finding by finding, the more the more of them agree."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from critic.consensus import consensus
from critic.odds import odds, ratio
from critic.types import Critique, Discrepancy


def answer(*names: str, failure: str = "") -> Critique:
    found = tuple(
        Discrepancy(category="text_error", severity=2, location=name, description=f"{name} is wrong")
        for name in names
    )
    return Critique(critic="c", discrepancies=found, similarity=0.5, failure=failure)


def said(*answers: Critique) -> Critique:
    return consensus("c", answers)


NAMES = st.lists(st.sampled_from(["title", "legend", "axis", "grid"]), max_size=4, unique=True)
ANSWERS = st.lists(NAMES, min_size=1, max_size=4).map(
    lambda lists: said(*(answer(*names) for names in lists))
)


@settings(max_examples=100, deadline=None)
@given(ANSWERS, ANSWERS)
def test_what_speaks_for_one_speaks_against_the_other(one: Critique, other: Critique) -> None:
    assert odds(one, other) == pytest.approx(-odds(other, one))
    assert odds(one, one) == 0.0


def test_what_all_answers_named_and_none_names_any_more_was_mended() -> None:
    before = [answer("title", "legend"), answer("title", "axis"), answer("title")]
    once, often = said(*before[:1]), said(*before)
    after = [answer("axis"), answer("grid"), answer("legend")]
    assert 0.0 < odds(once, said(answer("legend"))) < 1.0
    assert odds(often, said(*after)) > 2.0


def test_what_one_answer_of_three_named_counts_little_and_what_both_sides_name_nothing() -> None:
    plain, odd = said(*[answer("title")] * 3), said(answer("title"), answer("title", "grid"), answer("title"))
    assert -1.0 < odds(plain, odd) < 0.0
    assert odds(said(*[answer("title")] * 3), said(answer("title"), answer(), answer())) == 0.0


def test_an_answer_that_could_not_be_read_says_nothing() -> None:
    assert odds(answer("title"), answer(failure="unreadable")) == 0.0


def test_of_a_critic_that_always_says_the_same_the_sums_are_compared_in_units_of_their_error() -> None:
    before, after = (
        answer(*names).model_copy(update={"steady": True}) for names in (("title", "grid"), ("axis",))
    )
    assert odds(before, after) == pytest.approx(2.0 / math.sqrt(1.0 + before.severity + after.severity))


@pytest.mark.parametrize(("times", "answers"), [(1, 1), (2, 3), (3, 3)])
def test_silence_of_more_answers_says_more(times: int, answers: int) -> None:
    ratios = [ratio(times, answers, silent) for silent in range(1, 6)]
    assert ratios == sorted(ratios) and ratios[0] > 1.0
    assert all(map(math.isfinite, ratios))
