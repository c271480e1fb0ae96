"""What models cost: by role and round, and in money."""

from __future__ import annotations

import pytest

from agent.cost import Prices, dollars
from agent.settings import Settings
from critic import Critique
from graph import Candidate
from prompts.price import Price
from prompts.usage import Usage

CALLED = Usage(calls=1, prompt_tokens=1_000_000, cached_tokens=600_000, completion_tokens=500_000)


IDLE = Usage()


def candidate(number: int, round_: int, generator: Usage = IDLE, critic: Usage = IDLE) -> Candidate:
    said = Critique(critic="c", similarity=0.5, usage=critic)
    return Candidate(id=number, round=round_, usage=generator, critique=said)


@pytest.mark.parametrize(("text", "cost"), [("0.2/0.6", 0.5), ("0.2/0.6/0.1", 0.44), ("0/0", 0.0)])
def test_cached_tokens_cost_as_much_as_others_unless_a_price_of_their_own_is_given(
    text: str, cost: float
) -> None:
    assert Price.parse(text).of(CALLED) == pytest.approx(cost)


@pytest.mark.parametrize("text", ["0.15", "a/b", "-1/2", "nan/1", "1/2/3/4", "0.15/0.60 USD"])
def test_what_is_no_price_is_refused_in_a_line_that_says_what_is_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no price; give .* such as 0\.15/0\.60"):
        Price.parse(text)


def test_rounds_have_the_spending_of_each_role_and_its_cost() -> None:
    prices = Prices(generator=Price.parse("1/2"), critic=Price.parse("0.1/0.2"))
    done = [candidate(0, 0, CALLED, CALLED), candidate(1, 0, CALLED), candidate(2, 1, critic=CALLED)]
    first, second = prices.by_round(done)
    assert (first["round"], first["generator"]["calls"], first["critic"]["calls"]) == (0, 2, 1)
    assert (second["round"], second["generator"]["calls"], second["critic"]["cached_tokens"]) == (
        1,
        0,
        600_000,
    )
    assert [first["cost"], second["cost"]] == pytest.approx([4.2, 0.2])
    assert prices.of(done) == pytest.approx(4.4)


def test_a_cost_is_not_told_where_a_price_that_it_takes_is_missing() -> None:
    prices = Prices(generator=Price.parse("1/2"))
    assert prices.of([candidate(0, 0, CALLED)]) == pytest.approx(2.0)
    assert prices.of([candidate(0, 0, CALLED, CALLED)]) is None
    assert Prices().of([candidate(0, 0)]) is None


def test_each_role_has_a_price_in_the_settings() -> None:
    settings = Settings.model_validate({"generator": {"price": "3/15/0.3"}})
    assert Prices.set_in(settings) == Prices(Price(3.0, 15.0, 0.3), None)


@pytest.mark.parametrize(
    ("cost", "words"),
    [(0.0, "$0.0000"), (0.00002, "under $0.0001"), (0.01234, "$0.0123"), (1234.567, "$1,234.57")],
)
def test_sums_are_told_as_finely_as_they_matter(cost: float, words: str) -> None:
    assert dollars(cost) == words
