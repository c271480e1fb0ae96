"""A flat stroke in the middle of a row is the dash that its width says; others are something else."""

from __future__ import annotations

import pytest

from critic.reading.table.dashes import dash_of, is_in_row
from critic.types import Box

HEIGHT = 10.0


@pytest.mark.parametrize(("wide", "dash"), [(4, "-"), (8, "\u2013"), (14, "\u2014")])
def test_a_flat_stroke_is_a_dash_by_its_width(wide: int, dash: str) -> None:
    assert dash_of(Box(20, 30, 20 + wide, 31.5), HEIGHT) == dash


@pytest.mark.parametrize("box", [Box(20, 30, 22, 32), Box(20, 30, 60, 32), Box(20, 30, 28, 36)])
def test_points_rules_and_squares_are_no_dashes(box: Box) -> None:
    assert dash_of(box, HEIGHT) == ""


def test_a_dash_stands_in_a_row_and_alone() -> None:
    row = [Box(100, 25, 160, 35)]
    assert is_in_row(Box(20, 29, 24, 31), row)
    assert not is_in_row(Box(20, 45, 24, 46), row), "below the row"
    assert not is_in_row(Box(20, 34, 24, 35), row), "at the foot of the row's letters"
    assert not is_in_row(Box(93, 29, 97, 31), row), "beside a word"
