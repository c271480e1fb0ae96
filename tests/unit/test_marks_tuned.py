"""What can be tuned of marks: numbers that are turned, values set evenly, courses followed and completed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.generators.embedded.chart.evened import evening_moves
from agent.generators.embedded.chart.knobs import stages
from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.base import Mark
from critic.marks.evening import at_round_values, on_grid
from critic.marks.known import MARKS
from critic.marks.line import Line
from critic.marks.planes import Cartesian
from critic.marks.points import Points
from critic.marks.ring import Ring
from critic.marks.scales import LinearScale, LogScale
from critic.reading.chart.description import Axes, Chart
from critic.types import Box
from renderers.types import Image

BLUE, ORANGE = "#1f77b4", "#ff7f0e"
PLACE = Box(40.0, 20.0, 440.0, 320.0)
PLANE = Cartesian(PLACE, LinearScale(high=10.0), LinearScale(high=10.0, side="left"))
PIXEL = 10.0 / 400


def bars(positions: tuple[float, ...], width: float = 0.8, **fields: object) -> Bars:
    count = len(positions)
    given = {"widths": (width,) * count, "values": (5.0,) * count, "bases": (0.0,) * count, **fields}
    return Bars(colour=BLUE, positions=positions, **given)


def chart(*marks: Mark) -> Chart:
    axes = Axes(box=PLACE, x=PLANE.x, y=PLANE.y, series=marks)
    return Chart(width=460, height=340, axes=(axes,))


def blank() -> Image:
    return np.full((340, 460, 3), 255, np.uint8)


RING = Ring(centre=(240.0, 170.0), radius=90.0, hole=30.0, fractions=(0.3, 0.7), colours=(BLUE, ORANGE))
BARS = bars((1.0, 3.0, 5.0))


@pytest.mark.parametrize("mark", [RING, BARS, BARS.model_copy(update={"horizontal": True})])
@pytest.mark.parametrize("units", [-1.0, -0.25, 0.5, 2.0])
def test_a_dial_turns_its_number_by_so_many_units_and_back(mark: Mark, units: float):
    for dial in mark.dials(PLANE):
        turned = mark.turned(dial, units)
        before, after = (np.atleast_1d(getattr(item, dial.field)) for item in (mark, turned))
        assert after - before == pytest.approx(units * dial.size, abs=0.11 * dial.size)
        back = turned.turned(dial, -units)
        assert np.atleast_1d(getattr(back, dial.field)) == pytest.approx(before, abs=0.21 * dial.size)
        rest = {name for name in type(mark).model_fields if name != dial.field}
        assert all(getattr(turned, name) == getattr(mark, name) for name in rest)


def test_a_pixel_of_a_bar_is_a_pixel_along_its_own_axis():
    across = {dial.field: dial.size for dial in BARS.dials(PLANE)}
    up = {dial.field: dial.size for dial in BARS.model_copy(update={"horizontal": True}).dials(PLANE)}
    assert across == pytest.approx({"widths": PIXEL, "positions": PIXEL})
    assert up == pytest.approx({"widths": 10.0 / 300, "positions": 10.0 / 300})


def test_bars_on_a_logarithmic_axis_are_not_turned():
    assert BARS.dials(Cartesian(PLACE, LogScale(low=1.0, high=100.0), PLANE.y)) == []


def test_a_full_pie_has_no_hole_to_turn():
    assert [dial.field for dial in RING.model_copy(update={"hole": 0.0}).dials(PLANE)] == ["radius", "start"]


def test_bars_side_by_side_are_turned_as_one_and_rings_one_by_one():
    other = bars((2.0, 4.0, 6.0))
    knobs = [knob for stage in stages(chart(BARS, other)) for knob in stage]
    assert [knob.name for knob in knobs] == ["bars of axes 1 wider", "bars of axes 1 moved along"]
    wider = knobs[0].turn(chart(BARS, other), 1.0)
    assert [mark.widths[0] for mark in wider.axes[0].series] == pytest.approx(
        [0.8 + PIXEL] * 2, abs=PIXEL / 9
    )
    knobs = [knob for stage in stages(chart(RING, RING)) for knob in stage]
    assert [knob.name for knob in knobs[:2]] == ["radius of pie 1 of axes 1", "radius of pie 2 of axes 1"]
    (first, second) = knobs[1].turn(chart(RING, RING), 0.7).axes[0].series
    assert (first.radius, second.radius) == (90.0, 90.7)


def test_bars_that_lie_along_both_axes_are_left_alone():
    crossing = BARS.model_copy(update={"horizontal": True})
    assert not [knob for stage in stages(chart(BARS, crossing)) for knob in stage]


@given(st.floats(-3, 3), st.floats(0.5, 3.0), st.lists(st.floats(-1.4, 1.4), min_size=5, max_size=9))
@settings(deadline=None)
def test_what_nearly_lies_on_a_grid_is_put_on_one(start: float, step: float, off: list[float]):
    true = start + step * np.arange(len(off))
    read = true + PIXEL * np.array(off)
    even = on_grid(read, step, PIXEL)
    if even is not None:
        assert np.ptp(np.diff(even)) < 1e-9
        assert np.abs(even - read).max() <= 2.0 * PIXEL
    exact = on_grid(true, step, PIXEL)
    assert exact is not None and exact == pytest.approx(true)


def test_one_value_off_the_grid_keeps_all_from_it():
    assert on_grid(np.array([0.0, 1.0, 2.0, 3.0 + 3 * PIXEL, 4.0, 5.0]), 1.0, PIXEL) is None


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6))
def test_round_values_move_nothing_visibly(values: list[float]):
    assert np.array(at_round_values(np.array(values), PIXEL)) == pytest.approx(
        np.array(values), abs=0.6 * PIXEL
    )


def test_bars_read_a_little_off_are_set_evenly():
    read = bars((0.98, 2.01, 2.99, 4.02, 5.0), widths=(0.79, 0.8, 0.81, 0.8, 0.8))
    even = read.evened(PLANE)
    assert even.positions == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert even.widths == (0.8,) * 5
    (move,) = evening_moves(chart(read), blank())
    assert move.change(chart(read)).axes[0].series == (even,)


def test_bars_of_clearly_different_widths_stay():
    read = bars((1.0, 2.0, 3.0), widths=(0.5, 0.8, 0.8))
    assert read.evened(PLANE) == read


def test_lines_along_the_outlines_of_bars_are_taken_off():
    edged = bars((2.0, 6.0), edge="#000000")
    rim = Line(colour="#000000", x=(1.6, 1.6, 2.4, 2.4), y=(0.0, 5.0, 5.0, 0.0))
    partly = Line(colour="#000000", x=(1.6, 1.6, 1.6, 4.0, 4.5), y=(1.0, 2.0, 3.0, 8.0, 8.0))
    away = Line(colour="#000000", x=(3.0, 4.0), y=(7.0, 9.0))
    marked = rim.model_copy(update={"marker": "o"})
    (move,) = evening_moves(chart(edged, rim, partly, away, marked), blank())
    left = move.change(chart(edged, rim, partly, away, marked)).axes[0].series
    cut = partly.model_copy(update={"x": (1.6, 4.0, 4.5), "y": (3.0, 8.0, 8.0)})
    assert left == (edged, cut, away, marked)


def test_bars_without_edges_take_no_line_off():
    assert BARS.outlined(PLANE) == []
    assert not evening_moves(chart(BARS, Line(colour="#000000", x=(0.6, 0.6), y=(0.0, 5.0))), blank())


@pytest.mark.parametrize("cls", [Line, Area])
def test_a_finer_reading_is_taken_where_it_has_more_points(cls: type[Mark]):
    fields = {"low": (0.0, 0.0), "high": (1.0, 2.0)} if cls is Area else {"y": (1.0, 2.0)}
    more = {name: (*values, values[-1]) for name, values in fields.items()}
    mark = cls(colour=BLUE, x=(0.0, 1.0), label="kept", **fields)
    finer = cls(colour=ORANGE, x=(0.0, 0.5, 1.0), **more)
    assert mark.traits.followed
    better = mark.finer(finer)
    assert better is not None and better.weight == 3
    assert mark.finer(mark) is None and finer.finer(mark) is None
    assert mark.finer(BARS) is None


def test_a_finer_line_keeps_width_and_label():
    line = Line(colour=BLUE, x=(0.0, 1.0), y=(0.0, 1.0), width=2.5, label="kept")
    better = line.finer(Line(colour=BLUE, x=(0.0, 0.5, 1.0), y=(0.0, 0.7, 1.0)))
    assert isinstance(better, Line)
    assert (better.width, better.label) == (2.5, "kept")


@given(st.sets(st.integers(3, 16), min_size=1, max_size=4))
@settings(deadline=None)
def test_hidden_markers_are_put_back_where_their_step_says(hidden: set[int]):
    at = [k for k in range(20) if k not in hidden]
    line = Line(colour=BLUE, x=tuple(0.5 * k for k in at), y=tuple(0.3 * k for k in at), marker="o")
    found = line.completed()
    assert found is not None
    count, whole = found
    assert count == len(hidden)
    assert whole.x == pytest.approx([0.5 * k for k in range(20)])
    assert whole.y == pytest.approx([0.3 * k for k in range(20)], abs=0.02)


@pytest.mark.parametrize(
    "fields", [{"marker": ""}, {"x": (0.0, 1.0, 2.7, 3.1, 5.0, 5.2, 8.0, 9.9, 11.0, 15.0)}]
)
def test_lines_without_markers_or_a_step_hide_nothing(fields: dict[str, object]):
    line = Line(colour=BLUE, x=tuple(map(float, range(10))), y=tuple(map(float, range(10))), marker="o")
    assert line.model_copy(update=fields).completed() is None


def test_other_marks_stay_as_they_are():
    points = Points(colours=(BLUE,), x=(1.0,), y=(2.0,), sizes=(36.0,))
    assert points.evened(PLANE) is points
    assert points.without([PLACE], PLANE) is points
    assert points.finer(points) is None and points.completed() is None and points.dials(PLANE) == []
    assert {cls.traits.noun for cls in MARKS if cls.traits.followed} == {"line", "area"}
