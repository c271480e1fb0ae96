"""Numbers of tables, in the locale of the picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.data.numbers import decimal_mark, is_missing, number_in


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234,56", ",", 1234.56),
        ("1,234.56", ".", 1234.56),
        ("1 234", ".", 1234),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,8", ",", 1234567.8),
        ("1'234.50", ".", 1234.5),
        ("(45)", ".", -45),
        ("\N{MINUS SIGN}3.5", ".", -3.5),
        ("12%", ".", 0.12),
        ("12,5 %", ",", 0.125),
        ("3‰", ".", 0.003),
        ("€ 12.50", ".", 12.5),
        ("12,5 €", ",", 12.5),
        ("-$5", ".", -5),
        ("USD 1,200", ".", 1200),
        (".5", ".", 0.5),
        ("1e-3", ".", 0.001),
        ("0", ".", 0),
    ],
)
def test_a_number_in_its_locale(text, decimal, value):
    found = number_in(text, decimal)
    assert found is not None and found.value == value and type(found.value) is type(value)


@pytest.mark.parametrize(
    "text", ["", "007", "3-4", "12 (3)", "1.2.3", "12,34", "(-5)", "1e999", "v2", "10:30"]
)
def test_what_is_no_number_stays_text(text):
    assert number_in(text) is None


@pytest.mark.parametrize("text", ["", "—", "–", "-", "n/a", "N/A", "n.a.", "…", "null"])
def test_what_says_that_there_is_no_value(text):
    assert is_missing(text)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234,56"], ","),
        (["1.234", "12,5"], ","),
        (["0,125"], ","),
        (["1.234.567"], ","),
        (["1,234.5", "7"], "."),
        (["1,234,567"], "."),
        (["1,234", "1.234"], "."),
        (["name", "", "12"], "."),
    ],
)
def test_the_decimal_mark_is_what_the_numbers_tell(texts, mark):
    assert decimal_mark(texts) == mark


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([".", ","]))
def test_what_is_written_in_a_locale_is_read_back(value, decimal):
    other = "," if decimal == "." else "."
    text = f"{value:,.2f}".translate(str.maketrans({".": decimal, ",": other}))
    found = number_in(text, decimal)
    assert found is not None and found.value == float(value)
    assert found.decimals == 2 and found.grouped == (abs(value) >= 1000)


@given(st.text())
def test_any_text_is_a_number_or_none(text):
    found = number_in(text)
    assert found is None or found.value == found.value
    assert decimal_mark([text]) in ".,"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1,120.00", "1120.00"),
        ("41.2%", "0.412"),
        ("0%", "0.00"),
        ("7", "7"),
        ("1e-7", "1e-07"),
        ("(4.50)", "-4.50"),
    ],
)
def test_a_number_is_written_with_the_digits_that_are_shown(text: str, written: str) -> None:
    number = number_in(text)
    assert number is not None and str(number.plain) == written
