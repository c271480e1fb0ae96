"""Scales map values to lengths and back, are written as matplotlib has them, and know their ticks."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from critic.marks.known import PROJECTIONS
from critic.marks.planes import Cartesian, Side
from critic.marks.polar import Polar, Round
from critic.marks.projections import Bare, Rectilinear
from critic.marks.scales import SCALES, CategoryScale, LinearScale, LogScale, Scale, Tick
from critic.reading.chart.description import Axes
from critic.types import Box

BOX = Box(50.0, 20.0, 450.0, 320.0)
values = st.floats(-1e4, 1e4)
linear = st.builds(
    lambda low, span, turned: LinearScale(low=low + span * turned, high=low + span * (not turned)),
    values, st.floats(0.01, 1e4), st.booleans(),
)  # fmt: skip
log = st.builds(
    lambda low, decades: LogScale(low=10.0**low, high=10.0 ** (low + decades)),
    st.floats(-6, 6),
    st.floats(0.5, 9),
)
scales = st.one_of(
    linear, log, st.builds(lambda n: CategoryScale(low=-0.5, high=n - 0.5), st.integers(1, 30))
)


@given(scales, st.floats(0, 1), st.floats(-500, 500), st.floats(10, 900), st.booleans())
@settings(deadline=None)
def test_what_lies_at_a_pixel_lies_there(scale: Scale, share: float, start: float, long: float, turned: bool):
    side = Side(scale, start, start - long if turned else start + long)
    pixel = side.start + share * (side.end - side.start)
    assert side.pixel(side.value(pixel)) == pytest.approx(pixel, abs=1e-3)
    assert side.pixel(scale.low) == pytest.approx(side.start, abs=1e-6)
    assert side.pixel(scale.high) == pytest.approx(side.end, abs=1e-6)


@given(scales, st.floats(0, 1), st.floats(0.1, 3))
@settings(deadline=None)
def test_a_short_value_lies_near_what_it_stands_for(scale: Scale, share: float, within: float):
    side = Side(scale, 0.0, 400.0)
    short = side.short_value(400 * share, within)
    slack = 0.05 if isinstance(scale, LogScale) else 1e-6  # five figures are enough there
    assert side.pixel(short) == pytest.approx(400 * share, abs=within + slack)


@given(scales)
@settings(deadline=None)
def test_a_scale_comes_back_from_json_as_its_class(scale: Scale):
    axes = Axes(box=BOX, x=scale, y=LinearScale())
    again = Axes.model_validate_json(axes.model_dump_json())
    assert again.x == scale
    assert type(again.x) is type(scale)


def ticks(values: list[float], labels: list[str] | None = None) -> tuple[Tick, ...]:
    named = labels or [f"{value:g}" for value in values]
    return tuple(Tick(pixel=0.0, value=v, label=n) for v, n in zip(values, named, strict=True))


def drawn(scale: Scale, name: str = "x", inches: float = 4.0) -> tuple[Figure, plt.Axes]:
    """Axes with this scale, set up by the code that is written for it."""
    figure = plt.figure(figsize=(inches, inches), dpi=100)
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    exec("\n".join(scale.code("ax", name, 0.8 * inches * 72, "#000000")), {"ax": ax})
    figure.canvas.draw()
    return figure, ax


def shown(ax: plt.Axes, name: str) -> list[str]:
    axis = getattr(ax, f"{name}axis")
    low, high = sorted(getattr(ax, f"get_{name}lim")())
    return [
        t.get_text()
        for v, t in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
        if low <= v <= high
    ]


@pytest.mark.parametrize("name", ["x", "y"])
@pytest.mark.parametrize(
    "scale",
    [
        LinearScale(low=0.0, high=10.0, ticks=ticks([0, 2, 4, 6, 8, 10])),
        LinearScale(low=-1.0, high=1.0, ticks=ticks([-1, 0, 1], ["−1", "0", "1"])),
        LinearScale(low=0.0, high=7.0, ticks=ticks([0, 3.5, 7], ["0.0", "3.5", "7.0"])),
        LinearScale(low=0.0, high=3e6, ticks=ticks([0, 1e6, 2e6, 3e6], ["0", "1M", "2M", "3M"])),
        LinearScale(low=10.0, high=0.0, ticks=ticks([0, 5, 10])),
        CategoryScale(low=-0.5, high=2.5, ticks=ticks([0, 1, 2], ["Ada", "Ben", "Cleo"])),
        LogScale(low=1.0, high=1e4, ticks=ticks([1, 100, 1e4], ["1", "100", "10k"])),
    ],
    ids=lambda value: f"{value.kind}-{value.ticks[-1].label}" if isinstance(value, Scale) else value,
)  # fmt: skip
def test_matplotlib_draws_the_limits_and_labels_that_a_scale_has(scale: Scale, name: str):
    figure, ax = drawn(scale, name)
    assert getattr(ax, f"get_{name}lim")() == pytest.approx((scale.low, scale.high))
    assert sorted(shown(ax, name)) == sorted(tick.label for tick in scale.ticks)
    assert getattr(ax, f"get_{name}scale")() == ("log" if scale.kind == "log" else "linear")
    plt.close(figure)


def test_ticks_that_matplotlib_would_set_itself_are_not_written():
    plain = LinearScale(low=0.0, high=10.0, ticks=ticks([0, 2, 4, 6, 8, 10]))
    assert plain.code("ax", "x", 288, "#000000") == ["ax.set_xlim(0, 10)"]
    fewer = plain.model_copy(update={"ticks": ticks([0, 5, 10])})
    assert fewer.code("ax", "x", 288, "#000000")[1:] == ["ax.set_xticks([0, 5, 10])"]


def test_an_axis_without_ticks_gets_none():
    figure, ax = drawn(LinearScale(high=3.0))
    assert len(ax.get_xticks()) == 0
    plt.close(figure)


@pytest.mark.parametrize(
    ("fields", "kind", "value"),
    [
        ({"size": 7.0}, "labelsize", 7),
        ({"pad": 8.0}, "pad", 8),
        ({"marks": False}, "length", 0),
        ({"colour": "#d62728"}, "colors", "tab:red"),
    ],
)  # fmt: skip
def test_styles_of_ticks_are_written_where_they_are_not_the_usual(
    fields: dict[str, object], kind: str, value: object
):
    scale = LinearScale(high=10.0, ticks=ticks([0, 5, 10]))
    assert not any("tick_params" in line for line in scale.code("ax", "x", 288, "#000000"))
    code = scale.model_copy(update=fields).code("ax", "x", 288, "#000000")
    (line,) = [line for line in code if "tick_params" in line]
    assert f"{kind}={value}" in line.replace('"', "")


def test_labels_on_the_other_side_leave_the_usual_one():
    scale = LinearScale(high=10.0, ticks=ticks([0, 5, 10]), side="right")
    figure, ax = drawn(scale, "y")
    assert ax.yaxis.get_ticks_position() == "right"
    plt.close(figure)


@pytest.mark.parametrize("turned", [30.0, 45.0, -30.0])
def test_slanted_labels_end_or_begin_at_their_ticks(turned: float):
    scale = CategoryScale(low=-0.5, high=1.5, ticks=ticks([0, 1], ["first", "second"]), rotation=turned)
    figure, ax = drawn(scale)
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {turned % 360}
    assert {label.get_ha() for label in ax.get_xticklabels()} == {"right" if turned > 0 else "left"}
    plt.close(figure)


@pytest.mark.parametrize("step", [0.2, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0])
def test_minor_ticks_are_those_of_matplotlib(step: float):
    scale = LinearScale(low=0.0, high=4 * step, ticks=ticks([k * step for k in range(5)]), minor=True)
    figure, ax = drawn(scale)
    both = sorted([*ax.get_xticks(), *ax.get_xticks(minor=True)])
    both = [value for value in both if -1e-9 <= value <= 4 * step + 1e-9]
    assert sorted(scale.drawn_values()) == pytest.approx(both)
    plt.close(figure)


@pytest.mark.parametrize(("decades", "minor"), [(2, True), (5, True), (8, False)])
def test_logarithmic_scales_have_minor_ticks_where_there_are_few_decades(decades: int, minor: bool):
    scale = LogScale(low=1.0, high=10.0**decades, ticks=ticks([10.0**k for k in range(decades + 1)]))
    assert (len(scale.drawn_values()) > decades + 1) is minor
    assert 10.0 in scale.drawn_values()


@pytest.mark.parametrize(
    ("low", "high", "tidy"), [(0, 9.9999, 10.0), (-0.3, 1234.567, 1234.57), (0, 1e-7, 1e-7)]
)
def test_limits_are_tidied_to_a_hundredth_of_a_percent(low: float, high: float, tidy: float):
    scale = LinearScale(low=low, high=high)
    assert scale.tidy(high) == pytest.approx(tidy, rel=1e-4)
    assert abs(scale.tidy(high) - high) <= 1e-4 * (high - low)
    assert str(scale.tidy(-1e-12)) == "0.0"


def test_scales_that_nobody_registered_are_refused_by_name():
    assert SCALES.names[:3] == ("linear", "categories", "log")
    with pytest.raises(
        ValueError, match="there is no kind of scale 'dates9'; there are: linear, categories, log"
    ):
        SCALES.read_back({"kind": "dates9"})


@given(
    linear,
    linear,
    st.lists(st.floats(0, 1), min_size=2, max_size=6),
    st.floats(-30, 30),
    st.floats(0.8, 1.25),
)
@settings(deadline=None)
def test_values_moved_to_another_side_stay_in_their_places(
    before: Scale, after: Scale, shares: list[float], by: float, times: float
):
    old, new = Side(before, 50.0, 450.0), Side(after, 50.0 + by, 50.0 + by + 400 * times)
    read = [old.value(50 + 400 * share) for share in shares]
    moved = new.moved_from(old, read)
    assert [new.pixel(v) for v in moved] == pytest.approx([old.pixel(v) for v in read], abs=0.11)


def test_points_lie_up_from_the_bottom_and_across_from_the_left():
    plane = Cartesian(BOX, LinearScale(high=10.0), LinearScale(high=100.0, side="left"))
    assert plane.path([0.0, 5.0, 10.0], [0.0, 50.0, 100.0]).tolist() == [[50, 320], [250, 170], [450, 20]]
    assert plane.span((2.0, 4.0), (0.0, 50.0)) == Box(130.0, 170.0, 210.0, 320.0)
    assert plane.around([], []) == BOX


@pytest.mark.parametrize(("start", "clockwise"), [(90.0, True), (0.0, False), (0.0, True)])
def test_round_planes_are_those_of_matplotlib(start: float, clockwise: bool):
    names = CategoryScale(low=0.0, high=5.0, ticks=ticks([0, 1, 2, 3, 4], list("abcde")))
    radial = LinearScale(low=2.0, high=12.0, ticks=ticks([4, 8, 12]))
    polar = Polar(start=start, clockwise=clockwise)
    square = Box(20.0, 20.0, 380.0, 380.0)
    figure = plt.figure(figsize=(4, 4), dpi=100)
    ax = eval(polar.created([0.05, 0.05, 0.9, 0.9]), {"fig": figure})
    exec("\n".join(polar.code("ax", names, radial, (288, 288), "#000000")), {"ax": ax, "np": np})
    figure.canvas.draw()
    plane = polar.plane(square, names, radial)
    assert isinstance(plane, Round)
    for place, value in ((0, 7.0), (1, 12.0), (3, 4.0)):
        x, y = ax.transData.transform((2 * np.pi * place / 5, value))
        assert plane.path([place], [value])[0] == pytest.approx([x, 400 - y], abs=0.01)
    plt.close(figure)


def test_projections_say_whether_a_frame_is_drawn():
    assert Rectilinear().framed
    assert not Bare().framed and not Polar().framed
    assert Bare().code("ax", LinearScale(), LinearScale(), (1.0, 1.0), "#000000") == []
    assert set(PROJECTIONS.names) >= {"rectilinear", "bare", "polar"}
