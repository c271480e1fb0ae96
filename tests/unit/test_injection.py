"""Errors put into code: each edit parses, differs, says what it touches, and is the same for one seed."""

from __future__ import annotations

import importlib
import random

import pytest

from agent.injection import severity
from agent.injection.sources import kind_of_markup
from agent.injection.words import other_digit, other_sign, other_unit
from critic.types import CATEGORIES
from renderers.types import Kind

CHART = """
import matplotlib.pyplot as plt
fig, (ax, bx) = plt.subplots(1, 2)
names = ["Alpha", "Bravo", "Charlie"]
values = [3, 5, 2.5]
ax.plot([1, 2, 3], [2, 4, 8], label="first line")
ax.plot([1, 2, 3], [8, 4, 2], "r--", label="second line")
ax.legend(loc="upper right")
ax.set_title("Two lines that cross")
ax.set_xlabel("Distance walked")
ax.text(1, 2, "a note here")
ax.set_ylim(0, 9)
ax.grid(True)
bx.bar(names, values, color="tab:green")
bx.set_xticks([0, 1, 2], labels=["Alpha", "Bravo", "Charlie"])
"""
TABLE = """<table><tr><th colspan="2">Region totals</th><th>Share</th></tr>
<tr><td>North</td><td>1,204</td><td>12%</td></tr><tr><td>South</td><td>-88</td><td>7%</td></tr>
<tr><td>Western</td><td>310</td><td>33%</td></tr></table>"""
PLAIN = """<table><tr><th>City</th><th>Year</th><th>Mass</th></tr>
<tr><td>Lisbon</td><td>2001</td><td>5 kg</td></tr>
<tr><td>Oslo</td><td>1999</td><td>7 kg</td></tr></table>"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g">
<stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient></defs>
<rect width="60" height="60" fill="url(#g)"/><circle cx="70" cy="70" r="20" fill="#0a0" stroke="#000"/>
<text x="5" y="90">words</text></svg>"""
PAGE = """<!DOCTYPE html><html><body><header><h1>Welcome home</h1></header><div><h2>First card</h2>
<p>Some words about nothing.</p><button>Buy now</button></div><div><p>Another 12 words, and more of them, so
that no block is nearly all of the page.</p><input type="checkbox"></div></body></html>"""
CODES = {Kind.CHART: [CHART], Kind.TABLE: [TABLE, PLAIN], Kind.SVG: [SVG], Kind.PAGE: [PAGE]}

TAXONOMY = [
    (kind, edit) for kind in Kind for edit in importlib.import_module(f"agent.injection.{kind.value}").EDITS
]


def edited(kind, code, edit, seed):
    """The plan and the code after it; the document is parsed anew each time."""
    module = importlib.import_module(f"agent.injection.{kind.value}")
    document = module.parse(code)
    plan = edit.plan(document, random.Random(seed))
    if plan is None:
        return None, None
    plan.do()
    return plan, module.write(document)


@pytest.mark.parametrize(("kind", "edit"), TAXONOMY, ids=lambda value: getattr(value, "name", str(value)))
def test_every_edit_of_the_taxonomy_finds_a_place_and_writes_code_that_parses(kind, edit):
    module = importlib.import_module(f"agent.injection.{kind.value}")
    found = 0
    for code in CODES[kind]:
        plain = module.write(module.parse(code))
        for seed in range(6):
            plan, after = edited(kind, code, edit, seed)
            if plan is None:
                continue
            found += 1
            assert edit.category in CATEGORIES[kind]
            assert after != plain
            module.parse(after)
            assert plan.location and plan.description and plan.severity in (1, 2, 3) and plan.touched
            assert edited(kind, code, edit, seed)[1] == after, "the same chance gives the same edit"
    assert found


def test_values_in_variables_are_edited_where_they_are_drawn():
    from agent.injection.chart import EDITS

    edit = next(item for item in EDITS if item.name == "value")
    codes = {edited(Kind.CHART, CHART, edit, seed)[1] for seed in range(30)}
    assert all("values = [3, 5, 2.5]" in code for code in codes)
    assert any("enumerate(values)" in code for code in codes)


def test_a_text_that_stands_only_in_a_formula_is_left_alone():
    from agent.injection.chart import EDITS

    edit = next(item for item in EDITS if item.name == "title text")
    code = 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title("$alpha^2$")\n'
    assert edited(Kind.CHART, code, edit, 1) == (None, None)


def test_one_digit_changes_and_no_leading_zero_appears():
    for seed in range(50):
        after, share = other_digit("1,204", random.Random(seed))
        assert sum(a != b for a, b in zip(after, "1,204", strict=True)) == 1
        assert not after.startswith("0") and 0 < share <= 1


def test_signs_and_units_have_others_only_where_there_are_any():
    assert other_sign("12.5") == "-12.5" and other_sign("-3") == "3"
    assert other_sign("0.00") is None and other_sign("Rome") is None
    assert other_unit("5 kg") == "5 t" and other_unit("12%") == "12kg" and other_unit("kgx 5") is None


def test_severity_follows_what_is_lost():
    assert [severity.of_value(share) for share in (0.1, 0.2, -0.5)] == [1, 2, 3]
    assert [severity.of_text(1, 20), severity.of_text(7, 20), severity.of_text(18, 20)] == [1, 2, 3]
    assert [severity.of_loss(0.1), severity.of_loss(0.5)] == [2, 3]


def test_html_is_a_table_where_most_of_its_letters_stand_in_one():
    assert kind_of_markup(TABLE) is Kind.TABLE
    assert kind_of_markup(PAGE) is Kind.PAGE
    assert kind_of_markup(f"<body><p>{'words ' * 40}</p>{PLAIN}</body>") is Kind.PAGE
