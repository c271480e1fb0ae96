"""VC-RewardBench's records, rules and figures, against cases worked out by hand."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.errors import CriticError
from critic.rewardbench.records import BadRow, Item, read_items
from critic.rewardbench.rules import match_by_rules
from critic.rewardbench.scores import Counts, PairScore, scores, summarise
from critic.types import Box, Discrepancy
from renderers.types import Kind

RECORD = {
    "id": "7",
    "idx": 3,
    "category": "table",
    "gt_img_path": "a.png",
    "pred_img_path": "b.png",
    "human_errors": [{"type": "text_error", "severity": 2, "description": "row 2 says x"}],
}


def read(tmp_path, *rows, as_list=False):
    file = tmp_path / "pairs.jsonl"
    text = json.dumps(list(rows)) if as_list else "".join(json.dumps(row) + "\n" for row in rows)
    file.write_text(text)
    return list(read_items(file))


def test_both_dialects_are_read(tmp_path):
    other = RECORD | {
        "id": None,
        "human_errors": [
            {"category": "numeric_error", "severity": "3", "location": "row 1", "description": "y"}
        ],
    }
    for as_list in (False, True):
        first, second = read(tmp_path, RECORD, other, as_list=as_list)
        assert (first.id, first.known()[0].type) == ("7", "text_error")
        assert (second.id, second.known()[0].type, second.known()[0].severity) == ("3", "numeric_error", 3)
        assert second.known()[0].location == "row 1"


def test_types_that_the_kind_has_not_are_left_out(tmp_path):
    (item,) = read(tmp_path, RECORD | {"human_errors": [{"type": "shape_error", "severity": 1}]})
    assert item.human_errors and not item.known()


@pytest.mark.parametrize(
    "row",
    [
        RECORD | {"category": "poem"},
        {key: value for key, value in RECORD.items() if key != "gt_img_path"},
        RECORD | {"human_errors": [{"severity": 2}]},
        RECORD | {"human_errors": "none"},
        {**RECORD, "id": None, "idx": None},
        [1, 2],
    ],
)
def test_a_broken_row_costs_itself_and_says_why(tmp_path, row):
    found = read(tmp_path, row, RECORD)
    assert isinstance(found[0], BadRow) and found[0].line == 1 and found[0].reason
    assert isinstance(found[1], Item)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CriticError, match="cannot be read"):
        list(read_items(tmp_path / "none.jsonl"))


def error(category="text_error", box=None, description="says 'b' instead of 'a'", location="title"):
    place = None if box is None else Box(*box)
    return Discrepancy(category=category, severity=2, location=location, description=description, box=place)


PLACE = (100, 100, 140, 120)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (error(box=PLACE), "yes"),
        (error(box=(98, 96, 146, 124)), "yes"),
        (error(box=(98, 96, 146, 124), category="style_error"), "partial"),
        (error(box=(98, 96, 146, 124), category="style_error", description="bold"), None),
        (error(box=(200, 100, 240, 120)), None),
        (error(box=(0, 0, 400, 400), description="some text differs"), "partial"),
        (error(box=(0, 0, 400, 400)), "yes"),
        (error(box=None), "yes"),
        (error(box=None, location="legend", description="an entry is in another colour"), None),
    ],
)
def test_the_rules(said, level):
    matched = match_by_rules([said], [error(box=PLACE)])
    assert [match.level for match in matched.matches] == ([level] if level else [])


def test_guessing_every_category_over_the_whole_picture_hits_nothing():
    known = [error(box=PLACE), error("style_error", (300, 20, 330, 40), "the line is dashed", "line")]
    guess = [
        error(category, (0, 0, 400, 400), "something differs here", "figure")
        for category in ("text_error", "style_error", "data_error", "structure_error")
    ]
    matched = match_by_rules(guess, known)
    assert all(match.level == "partial" for match in matched.matches)
    assert scores([Counts(false=len(matched.unmatched_predicted))]).hard.value == 0.0


def test_matching_is_one_to_one_and_takes_what_is_certain():
    known = [error(box=PLACE), error(box=(100, 140, 140, 160), description="says 'd' instead of 'c'")]
    said = [error(box=(90, 90, 150, 170), description="two texts differ"), error(box=PLACE)]
    matched = match_by_rules(said, known)
    assert sorted(matched.matches) == [(0, 1, "partial"), (1, 0, "yes")]
    assert matched.unmatched_predicted == matched.unmatched_known == ()


BOXES = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 60), st.integers(1, 60))
ERRORS = st.builds(
    lambda box, category: error(category, (box[0], box[1], box[0] + box[2], box[1] + box[3])),
    BOXES,
    st.sampled_from(("text_error", "style_error")),
)


@given(st.lists(ERRORS, max_size=6), st.lists(ERRORS, max_size=6))
def test_every_error_is_matched_once_or_left_over_once(said, known):
    matched = match_by_rules(said, known)
    left = [match.predicted for match in matched.matches] + list(matched.unmatched_predicted)
    right = [match.known for match in matched.matches] + list(matched.unmatched_known)
    assert sorted(left) == list(range(len(said))) and sorted(right) == list(range(len(known)))


@given(st.lists(ERRORS, max_size=6))
def test_what_is_known_word_for_word_is_found_whole(known):
    matched = match_by_rules(known, known)
    assert all(match.level == "yes" for match in matched.matches) and len(matched.matches) == len(known)


def test_the_figures_by_hand():
    # 3 hits, 1 partial, 2 false, 1 missed: hard 2*3/(2*3+3) and soft 2*3.5/(2*3.5+3)
    rows = [
        Counts(hits=2, partial=1, false=1, missed=0, predicted=6, known=5),
        Counts(hits=1, partial=0, false=1, missed=1, predicted=4, known=4),
        Counts(predicted=0, known=1),
    ]
    found = scores(rows)
    assert found.hard.value == pytest.approx(6 / 9) and found.soft.value == pytest.approx(7 / 10)
    assert (found.known, found.predicted) == (5, 6)
    xs, ys = [6, 4, 0], [5, 4, 1]
    mean_x, mean_y = sum(xs) / 3, sum(ys) / 3
    covariance = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = math.sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    assert found.correlation.value == pytest.approx(covariance / spread)
    assert found.hard.low <= found.hard.value <= found.hard.high


def test_nothing_against_nothing_is_perfect_and_constant_severities_correlate_with_nothing():
    found = scores([Counts(), Counts()])
    assert found.hard.value == found.soft.value == 1.0 and found.correlation.value is None


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    import numpy as np

    chance = np.random.default_rng(5)
    held = 0
    for _ in range(100):
        hits = chance.random(60) < 0.6
        interval = scores([Counts(hits=int(hit), missed=int(not hit)) for hit in hits]).hard
        held += interval.low <= 2 * 0.6 / 1.6 <= interval.high
    assert held >= 88


def test_failures_are_counted_and_untouched_pairs_told_apart():
    pairs = [
        PairScore(id="a", kind=Kind.SVG, counts={"style_error": Counts(hits=1)}),
        PairScore(
            id="b", kind=Kind.SVG, counts={"style_error": Counts(missed=1, false=1)}, unjudged="no server"
        ),
        PairScore(id="c", kind=Kind.CHART, counts={}, untouched=True),
        PairScore(
            id="d", kind=Kind.CHART, counts={"text_error": Counts(false=1)}, untouched=True, unparsed="x"
        ),
    ]
    whole, published = summarise(pairs), summarise(pairs, published=True)
    assert (whole.unjudged, whole.unparsed, whole.untouched) == (1, 1, (2, 1))
    assert whole.kinds[Kind.SVG].hard.value == 0.5 and published.kinds[Kind.SVG].hard.value == 1.0
