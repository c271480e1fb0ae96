"""Numbers of tick labels with separators, currencies, units and factors are read and written as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.reading.chart.tick_format import TickFormat, format_of


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (["0", "5,000", "10,000", "15,000"], [0, 5000, 10000, 15000]),
        (["0%", "20%", "40%"], [0, 20, 40]),
        (["0", "20k", "40k"], [0, 20_000, 40_000]),
        (["$0", "$500", "$1,000"], [0, 500, 1000]),
        (["0.5", "1.0", "1.5"], [0.5, 1, 1.5]),
        (["−10", "0", "10"], [-10, 0, 10]),
        (["1.5M", "2.0M"], [1.5e6, 2e6]),
    ],
)
def test_labels_are_read_and_written_as_they_are(labels: list[str], values: list[float]):
    written = format_of(labels)
    assert [written.number(label) for label in labels] == pytest.approx(values)
    assert [written.text(value) for value in values] == labels


@pytest.mark.parametrize("names", [["Q1", "Q2", "Q3"], ["1st", "2nd", "3rd"], ["Jan 1", "Jan 8"]])
def test_names_with_numbers_in_them_are_none(names: list[str]):
    written = format_of(names)
    assert [written.number(name) for name in names] == [None] * len(names)


@given(
    st.floats(-1e6, 1e6),
    st.sampled_from(["", "%", "k", "M"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_what_is_written_is_read_back(value: float, behind: str, grouped: bool, decimals: int):
    written = TickFormat(behind=behind, grouped=grouped, decimals=decimals)
    exact = round(value / written.factor, decimals) * written.factor
    assert written.number(written.text(exact)) == pytest.approx(exact, abs=1e-6)
