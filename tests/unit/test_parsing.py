"""What the critique parser makes of the shapes that models answer in."""

from __future__ import annotations

import json

import pytest

from critic.parsing import parse_critique, read_critique
from renderers.types import Kind

CHART = {
    "structure_error_count": 0,
    "data_error_count": 1,
    "text_error_count": 1,
    "style_error_count": 0,
    "errors": [
        {
            "category": "text_error",
            "severity": 1,
            "location": "title",
            "description": "one letter is missing",
        },
        {"category": "data_error", "severity": 3, "location": "second bar", "description": "too high"},
    ],
}
PLAIN = json.dumps(CHART)


def brief(text, kind=Kind.CHART):
    found = parse_critique(text, kind)
    return found and [(item.category, item.severity, item.location) for item in found]


WANTED = [("data_error", 3, "second bar"), ("text_error", 1, "title")]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        json.dumps(CHART, indent=2),
        f"```json\n{PLAIN}\n```",
        f"```\n{PLAIN}\n```",
        f"Here is what I found:\n\n{PLAIN}\n\nLet me know if you need more.",
        f'<think>The title {{...}} and the bar differ, so {{"errors": []}}?</think>\n{PLAIN}',
        f"the thought began before the answer</think>{PLAIN}",
        f"<think>never closed {PLAIN}",
        f"I looked at {{both}} pictures. {PLAIN}",
        f'{PLAIN}\n\nOr rather: {{"errors": [{{"category": "style_error"}}]}}',
        f'{PLAIN}\n\nThe picture also contains the text {{"errors": []}}',
        f'{PLAIN}\n{{"errors": []}}\n{{"x_error_count": 0}}',
        f'The picture says {{"errors": []}}.\n{PLAIN}',
        f'The picture says </think>{{"errors": []}} in its title.\n{PLAIN}',
        PLAIN.replace("one letter is missing", "reads </think> where </think><think> stands"),
        PLAIN.replace("}]}", "},]}"),
        PLAIN[:-1],
        PLAIN[:-2],
        PLAIN[:-2] + ', {"category": "style_error", "severity": 2, "descr',
        PLAIN.replace('"severity": 3', '"severity": "3"').replace('"severity": 1', '"severity": "1 (minor)"'),
        PLAIN.replace('"severity": 3', '"severity": "Severe"').replace(
            '"severity": 1', '"severity": "minor"'
        ),
        PLAIN.replace('"severity": 1', '"severity": -2').replace('"severity": 3', '"severity": 17'),
        PLAIN.replace('data_error"', 'Data Error"').replace('text_error"', 'text"'),
        json.dumps(CHART["errors"]),
        str(CHART),
        f"So:\n{CHART['errors']}\nThat is all.",
        json.dumps({item["category"]: [item] for item in CHART["errors"]}),
        PLAIN.replace('"location"', '"position"').replace('"description"', '"explanation"'),
        PLAIN.replace('"severity": 3', '"severity": "serious"').replace(
            '"severity": 1', '"severity": "slight"'
        ),
        f"[THINK]{PLAIN.replace('title', 'legend')}[/THINK]{PLAIN}",
        PLAIN.replace('"category": "text', '"type": "text'),
        json.dumps({"errors": CHART["errors"] * 5}),
        PLAIN.replace("missing", "missing\t\n"),
        PLAIN.replace("{", '{"errors": [], ', 1),
        PLAIN[: PLAIN.rindex("}")] + ', "errors": []}',
    ],
)
def test_the_critique_is_found(text):
    assert brief(text) == WANTED


@pytest.mark.parametrize(
    "text",
    [
        '{"errors": []}',
        '{"data_error_count": 0, "text_error_count": 0, "errors": []}',
        '{"data_error_count": 0, "text_error_count": 0}',
        'No differences.\n```json\n{"errors": []}\n```',
    ],
)
def test_no_differences_is_a_critique(text):
    assert parse_critique(text, Kind.CHART) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The pictures look the same to me.",
        "{}",
        "[]",
        "null",
        "[1, 2]",
        '{"errors": "none"}',
        '{"errors": [',
        '{"errors": [1, 2]}',
        '{"data_error_count": 3}',
        '{"data_error_count": 3, "errors": []}',
        '{"x_error_count": 0}',
        f'{{"errors": []}}\n{PLAIN}',
        f'{{"errors": [], "answer": [{PLAIN}]}}',
        '{"errors": [{"category": "text_error", "description": "it says {"errors": []} and',
    ],
)
def test_no_critique_is_told_from_no_differences(text):
    assert parse_critique(text, Kind.CHART) is None


def test_a_table_s_type_and_missing_location_arrive_as_any_discrepancy():
    text = '{"errors": [{"type": "numeric_error", "description": "12 not 21", "severity": 3}]}'
    (item,) = parse_critique(text, Kind.TABLE)
    assert (item.category, item.severity, item.location, item.description) == (
        "numeric_error",
        3,
        "",
        "12 not 21",
    )
    assert not item.unknown_category


def test_an_unknown_category_is_kept_and_marked():
    (item,) = parse_critique(
        '{"errors": [{"category": "other_error", "severity": 2, "description": "x"}]}', Kind.SVG
    )
    assert (item.category, item.unknown_category) == ("other_error", True)


def test_missing_keys_are_filled_with_the_middle():
    (item,) = parse_critique('{"errors": [{"description": "too wide"}]}', Kind.PAGE)
    assert (item.severity, item.location, item.unknown_category) == (2, "", True)
    (item,) = parse_critique('{"errors": [{"category": "layout_error"}]}', Kind.PAGE)
    assert item.description == "layout_error"
    (item,) = parse_critique('{"errors": ["the title is missing"]}', Kind.PAGE)
    assert item.description == "the title is missing"


@pytest.mark.parametrize(
    ("severity", "read"),
    [
        ('"\u8f7b\u5fae"', 1),
        ('"\u4e2d\u7b49"', 2),
        ('"\u4e25\u91cd"', 3),
        ('"\u8f7b\u5ea6"', 1),
        ('"\u4e25\u91cd\u9519\u8bef"', 3),
        ('"2"', 2),
        ("0", None),
        ('"none"', None),
        ("0.0", None),
    ],
)
def test_severities_are_read_in_two_languages_and_nothing_is_no_discrepancy(severity, read):
    text = f'{{"errors": [{{"category": "text_error", "severity": {severity}, "description": "x"}}]}}'
    found = parse_critique(text, Kind.CHART)
    assert [item.severity for item in found or ()] == ([] if read is None else [read])


def test_what_broke_off_is_told_from_what_is_whole():
    assert read_critique(PLAIN, Kind.CHART).whole
    assert read_critique(PLAIN[:-1], Kind.CHART).whole
    assert not read_critique(PLAIN[:-2], Kind.CHART).whole
