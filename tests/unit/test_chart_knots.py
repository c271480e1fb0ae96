"""Lines that share the places of their points: whole through crossings, hidden parts and markers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes as Drawn

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.colours import blend_gap
from critic.reading.chart.description import Area, Line, Series
from critic.reading.chart.knot_heights import Ink, coarse_heights, fitted_heights
from critic.reading.chart.knot_places import clustered, evened, turns
from tests.charts import picture

X = np.arange(1990, 2008, 2)
ROWS = {
    "#4c78a8": (32, 25, 93, 26, 49, 24, 13, 57, 69),
    "#f58518": (32, 93, 25, 77, 11, 41, 56, 70, 94),
    "#54a24b": (32, 61, 50, 47, 77, 15, 36, 87, 69),
}


def series(**style: object) -> tuple[Series, ...]:
    """What is read of three lines that cross many times and share two points."""

    def draw(ax: Drawn) -> None:
        for colour, values in ROWS.items():
            ax.plot(X, values, color=colour, **style)

    return read_chart(picture(draw, (6, 4)), Reader()).axes[0].series


@pytest.mark.parametrize(
    ("style", "within"),
    [({}, 0.9), ({"marker": "o"}, 0.9), ({"linewidth": 3.0}, 2.0)],  # thick ones hide more of each other
)
def test_lines_that_cross_are_whole(style: dict[str, object], within: float):
    lines = {mark.colour: mark for mark in series(**style) if isinstance(mark, Line)}
    assert set(lines) == set(ROWS)
    for colour, values in ROWS.items():
        assert lines[colour].x == pytest.approx(X, abs=0.2)
        assert lines[colour].y == pytest.approx(values, abs=within)
        assert lines[colour].sampled and not lines[colour].followed


def test_lines_that_cross_are_no_stack():
    assert not [mark for mark in series(marker="o") if isinstance(mark, Area)]


def test_a_line_with_gaps_keeps_them():
    """What was read before stays where straight ways through all places would draw where nothing is."""

    def draw(ax: Drawn) -> None:
        ax.plot(X, ROWS["#4c78a8"], color="#4c78a8")
        ax.plot(X, [50, 60, 55, np.nan, np.nan, 52, 58, 70, 75], color="#f58518")

    lines = read_chart(picture(draw, (6, 4)), Reader()).axes[0].series
    broken = [line for line in lines if isinstance(line, Line) and line.colour == "#f58518"]
    assert len(broken) == 2
    assert not [x for line in broken for x in line.x if 1994.3 < x < 1999.7]


@given(
    rows=st.lists(st.floats(10, 110), min_size=3, max_size=7),
    hidden=st.integers(0, 200),
)
@settings(deadline=None, max_examples=25)
def test_heights_come_back_though_a_part_is_hidden(rows: list[float], hidden: int):
    """A polyline is drawn, twelve columns of it are covered, and its rows are found to a pixel."""
    places = np.linspace(10.0, 230.0, len(rows))
    columns = np.arange(240) + 0.5
    middle = np.interp(columns, places, rows)
    down = np.arange(120)[:, None] + 0.5
    slope = np.hypot(1.0, np.interp(columns, (places[1:] + places[:-1]) / 2, np.diff(rows) / np.diff(places)))
    shares = np.clip(1.5 * slope - np.abs(down - middle) + 0.5, 0, 1)
    shares[:, (columns < places[0]) | (columns > places[-1])] = 0
    other = np.zeros(shares.shape, bool)
    other[:, 14 + hidden : 26 + hidden] = True
    ink = Ink(np.where(other, 0.0, shares), other, 3.0)
    found = fitted_heights(ink, places, coarse_heights(ink, places), 3.0, np.full(len(rows), np.nan))
    assert found == pytest.approx(rows, abs=1.5)


def test_places_of_several_lines_are_one():
    found = clustered([(10.0, 1.0), (12.0, 1.0), (60.0, 0.01), (100.0, 0.5), (101.0, 0.5)])
    assert found == pytest.approx([11.0, 100.5])


def test_places_at_nearly_even_distances_are_put_there():
    even = evened(np.array([20.0, 30.4, 39.8, 50.0, 80.1]), 100)
    assert even == pytest.approx([20, 30, 40, 50, 80], abs=0.4)
    uneven = np.array([20.0, 30.0, 45.0, 51.0])
    assert (evened(uneven, 100) == uneven).all()


def test_the_ends_at_the_rims_are_where_the_others_say():
    assert evened(np.array([0.4, 30.0, 61.5, 93.0, 122.0]), 123) == pytest.approx([-1.5, 30, 61.5, 93, 124.5])
    assert evened(np.array([0.4, 30.0, 50.0, 122.0]), 123) == pytest.approx([-1.5, 30, 50, 124.5])


def test_a_path_turns_where_it_bends():
    assert turns(np.array([[0.0, 0], [10, 0], [20, 10], [30, 20]])) == pytest.approx([1, np.pi / 4, 0, 1])


def test_a_blend_stands_for_its_colour():
    assert blend_gap("#7899bd", "#4c78a8", "#ffffff") < 5
    assert blend_gap("#f7a351", "#4c78a8", "#ffffff") > 60
    assert blend_gap("#f0f0f8", "#4c78a8", "#ffffff") > 50, "hardly anything of it"
