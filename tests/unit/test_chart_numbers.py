"""Numbers as tick labels write them, the line that most of them agree on, and short values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.reading.chart.numbers import Mapping, decimals_of, fit, is_power, number_of, rounded


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0), ("−0.50", -0.5), ("–3", -3.0), ("1,200", 1200.0), ("1 000", 1000.0), ("2.5e6", 2.5e6),
        ("+7", 7.0), (".5", 0.5), ("5.", 5.0), ("1O", 10.0), ("l2", 12.0), ("10²", 100.0), ("10⁻³", 1e-3),
        ("", None), ("Jan", None), ("3 kg", None), ("1-2", None), ("-", None), ("1.2.3", None), ("10⁻", None),
    ],
)  # fmt: skip
def test_labels_are_numbers_or_they_are_not(text: str, value: float | None):
    assert number_of(text) == value


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)))
def test_what_python_writes_is_read_as_the_same_number(value: float):
    assert number_of(f"{value:.3f}") == pytest.approx(value)
    assert number_of(f"{value:.3f}".replace("-", "−")) == pytest.approx(value)


@given(st.integers(-30, 30))
def test_powers_of_ten_are_read_by_their_exponents(exponent: int):
    written = "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert is_power(written)
    assert number_of(written) == pytest.approx(10.0**exponent)
    assert not is_power(str(exponent))


def test_decimals_are_counted_after_the_point():
    assert [decimals_of(text) for text in ("12", "1.5", "0.250", "-3.0")] == [0, 1, 3, 1]


slopes = st.floats(0.01, 100).flatmap(lambda size: st.sampled_from([size, -size]))


@given(slopes, st.floats(-1000, 1000), st.lists(st.integers(0, 80), min_size=2, max_size=9, unique=True))
def test_a_line_is_found_through_labels_that_lie_on_it(slope: float, offset: float, places: list[int]):
    pairs = [(10.0 * place, slope * 10.0 * place + offset) for place in places]
    found = fit(pairs)
    assert found is not None
    assert found.confidence == 1.0
    for pixel, value in pairs:
        assert found.value(pixel) == pytest.approx(value, abs=1e-3 * abs(slope))
        assert found.pixel(found.value(pixel)) == pytest.approx(pixel, abs=1e-3)
    assert found.per_pixel == pytest.approx(abs(slope), rel=1e-6)


@given(st.integers(0, 5), st.floats(30, 1e4))
def test_one_misread_label_is_outvoted(wrong: int, off: float):
    pairs = [(50.0 * k, 2.0 * k) for k in range(6)]
    pairs[wrong] = (pairs[wrong][0], pairs[wrong][1] + off)
    found = fit(pairs)
    assert found is not None
    assert found.value(125.0) == pytest.approx(5.0, abs=0.05)
    assert found.confidence == pytest.approx(5 / 6)


def test_logarithms_are_fitted_where_asked_and_never_below_zero():
    pairs = [(0.0, 1.0), (100.0, 10.0), (200.0, 100.0), (300.0, -5.0)]
    found = fit(pairs, log=True)
    assert found is not None
    assert found.value(150.0) == pytest.approx(10**1.5)
    assert found.pixel(1000.0) == pytest.approx(300.0)
    assert fit([(0.0, -1.0), (50.0, -2.0)], log=True) is None


@pytest.mark.parametrize("pairs", [[], [(0.0, 1.0)], [(0.0, 1.0), (2.0, 5.0)], [(0.0, 1.0), (50.0, 1.0)]])
def test_what_tells_no_slope_is_no_mapping(pairs: list[tuple[float, float]]):
    assert fit(pairs) is None


def test_a_mapping_far_outside_stays_finite():
    assert Mapping(1.0, 0.0, log=True).value(1e6) == 1e300
    assert Mapping(1.0, 0.0, log=True).pixel(-5.0) == -300.0


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e3))
def test_a_rounded_value_is_within_its_slack_and_no_longer_than_it(value: float, slack: float):
    short = rounded(value, slack)
    assert abs(short - value) <= slack * (1 + 1e-9)
    assert len(f"{short:.12g}") <= len(f"{value:.17g}") + 1


@pytest.mark.parametrize(
    ("value", "slack", "short"), [(12.3456, 0.5, 12.0), (12.3456, 0.01, 12.35), (1234.0, 100.0, 1200.0)]
)
def test_values_are_as_short_as_the_slack_allows(value: float, slack: float, short: float):
    assert rounded(value, slack) == short


def test_what_is_no_number_is_zero():
    assert rounded(float("nan"), 1.0) == 0.0
    assert str(rounded(-0.2, 1.0)) == "0.0"
