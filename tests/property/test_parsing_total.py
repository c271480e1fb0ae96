"""The critique parser never raises, whatever a model writes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from critic.parsing import MAX_DISCREPANCIES, parse_critique
from critic.types import CATEGORIES
from renderers.types import Kind

KINDS = st.sampled_from(list(Kind))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELD = st.sampled_from(["category", "type", "severity", "location", "description", "errors", "other"])
ENTRY = st.dictionaries(FIELD, JSON | st.sampled_from(["text_error", "2", "severe", 9, -1]), max_size=6)
ANSWER = st.fixed_dictionaries({"errors": st.lists(ENTRY | JSON, max_size=6)})
NOISE = st.sampled_from(
    ["```json\n", "\n```", "<think>", "</think>", "{", "}", "[", '"errors": [', "\\", "\ud800"]
)


@settings(max_examples=300, deadline=None)
@given(st.text(), KINDS)
def test_arbitrary_text(text, kind):
    parse_critique(text, kind)


@settings(max_examples=300, deadline=None)
@given(st.lists(NOISE | st.text(max_size=5) | JSON.map(json.dumps), max_size=12), KINDS)
def test_pieces_of_json_and_markup(pieces, kind):
    parse_critique("".join(pieces), kind)


@settings(max_examples=300, deadline=None)
@given(ANSWER, KINDS, st.data())
def test_what_is_found_is_well_formed_even_when_cut_off(answer, kind, data):
    text = json.dumps(answer)
    cut = data.draw(st.integers(0, len(text)))
    for part in (text, text[:cut]):
        found = parse_critique(part, kind)
        if found is None:
            continue
        assert len(found) <= MAX_DISCREPANCIES
        assert [item.severity for item in found] == sorted((item.severity for item in found), reverse=True)
        for item in found:
            assert item.severity in (1, 2, 3)
            assert item.unknown_category == (item.category not in CATEGORIES[kind])
            item.model_dump_json()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 12), st.data())
def test_cutting_loses_only_what_was_cut(count, data):
    errors = [
        {"category": "text_error", "severity": 2, "location": f"place {n}", "description": f"wrong {n}"}
        for n in range(count)
    ]
    text = json.dumps({"text_error_count": count, "errors": errors})
    cut = data.draw(st.integers(0, len(text)))
    whole = text[:cut].count("}") if cut < len(text) else count
    found = parse_critique(text[:cut], Kind.CHART)
    assert len(found or ()) == min(whole, count)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"errors": [' + '{"severity": ' + "9" * 10_000 + ', "category": "text_error"}]}',
        '{"errors": [{"severity": Infinity, "category": "text_error"}, {"severity": NaN, "type": "x"}]}',
        '{"errors": [{"severity": 1e999, "description": "\\ud800"}]}',
    ],
)
def test_hostile_json(text):
    parse_critique(text, Kind.CHART)
