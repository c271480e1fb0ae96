"""The code of each mark draws what the mark says: executed, and its artists asked."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.base import Mark
from critic.marks.boxes import Boxes
from critic.marks.errors import ErrorBars
from critic.marks.heatmap import Grid2D
from critic.marks.line import Line
from critic.marks.literals import call, colour, number, numbers, string, strings
from critic.marks.planes import Cartesian, Plane
from critic.marks.points import Points
from critic.marks.radar import Radar
from critic.marks.ring import Ring
from critic.marks.scales import LinearScale
from critic.marks.shape import Shape
from critic.marks.stems import Stems
from critic.marks.steps import Steps
from critic.types import Box

BLUE, ORANGE = "#1f77b4", "#ff7f0e"
PLACE = Box(40.0, 20.0, 440.0, 320.0)


def plane(high: float = 10.0) -> Plane:
    return Cartesian(PLACE, LinearScale(high=high), LinearScale(high=high, side="left"))


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def draw(ax: plt.Axes, *marks: Mark, where: Plane | None = None) -> dict[str, object]:
    """Executes the code of marks that go together; what it names."""
    space: dict[str, object] = {"ax": ax, "np": np}
    exec("\n".join(type(marks[0]).code("ax", marks, where or plane())), space)
    return space


@pytest.mark.parametrize("lying", [False, True])
def test_bars(ax: plt.Axes, lying: bool):
    bars = Bars(
        colour=BLUE, positions=(1.0, 3.0), widths=(1.0, 0.5), values=(2.0, -1.5), bases=(0.0, 4.0),
        horizontal=lying, edge=ORANGE, hatch="//", label="kept",
    )  # fmt: skip
    draw(ax, bars)
    for patch, (at, width, value, base) in zip(ax.patches, ((1, 1, 2, 0), (3, 0.5, -1.5, 4)), strict=True):
        across, up = (patch.get_y(), patch.get_x()) if lying else (patch.get_x(), patch.get_y())
        wide, long = (
            (patch.get_height(), patch.get_width()) if lying else (patch.get_width(), patch.get_height())
        )
        assert (across, wide, up, long) == pytest.approx((at - width / 2, width, base, value))
        assert (to_hex(patch.get_facecolor()), to_hex(patch.get_edgecolor())) == (BLUE, ORANGE)
        assert patch.get_hatch() == "//"
    assert ax.get_legend_handles_labels()[1] == ["kept"]


def test_bars_as_people_write_them_carry_no_needless_arguments():
    bars = Bars(colour=BLUE, positions=(0.0, 1.0), widths=(0.8, 0.8), values=(2.0, 3.0), bases=(0.0, 0.0))
    assert Bars.code("ax", [bars], plane()) == ['ax.bar([0, 1], [2, 3], color="tab:blue")']


@pytest.mark.parametrize("filled", [False, True])
def test_steps(ax: plt.Axes, filled: bool):
    steps = Steps(
        colour=BLUE, edges=(1.0, 2.0, 4.0), values=(4.0, 2.0), bases=(1.0, 1.0), filled=filled, width=2.0
    )
    draw(ax, steps)
    (patch,) = ax.patches
    values, edges, baseline = patch.get_data()
    assert (values.tolist(), edges.tolist(), np.ravel(baseline).tolist()) == ([4, 2], [1, 2, 4], [1, 1])
    assert patch.get_fill() is filled
    if not filled:
        assert (to_hex(patch.get_edgecolor()), patch.get_linewidth()) == (BLUE, 2.0)


@pytest.mark.parametrize("style", ["-", "--", ":", "-.", ""])
def test_lines(ax: plt.Axes, style: str):
    line = Line(
        colour=ORANGE,
        x=(1.0, 5.0),
        y=(2.0, 8.0),
        width=2.5,
        style=style,
        marker="s",
        marker_size=4.0,
        label="kept",
    )
    draw(ax, line)
    (drawn,) = ax.lines
    assert (list(drawn.get_xdata()), list(drawn.get_ydata())) == ([1, 5], [2, 8])
    assert drawn.get_linestyle() == (style or "None")
    assert (to_hex(drawn.get_color()), drawn.get_marker(), drawn.get_markersize()) == (ORANGE, "s", 4.0)
    assert drawn.get_label() == "kept"
    if style:
        assert drawn.get_linewidth() == 2.5


def test_dashes_of_their_own_lengths(ax: plt.Axes):
    draw(ax, Line(colour=BLUE, x=(1.0, 5.0), y=(2.0, 8.0), width=1.0, style="--", dashes=(6.0, 2.0)))
    (drawn,) = ax.lines
    assert drawn._dash_pattern[1] == [6.0, 2.0]


@pytest.mark.parametrize("lying", [False, True])
def test_error_bars(ax: plt.Axes, lying: bool):
    at = {"x": (5.0, 6.0), "y": (2.0, 4.0)} if lying else {"x": (2.0, 4.0), "y": (5.0, 6.0)}
    draw(ax, ErrorBars(colour=BLUE, low=(4.0, 5.0), high=(6.0, 8.0), cap=3.0, horizontal=lying, **at))
    (strokes,) = ax.collections
    ends = [segment[:, 0 if lying else 1].tolist() for segment in strokes.get_segments()]
    assert ends == [[4.0, 6.0], [5.0, 8.0]]
    assert to_hex(strokes.get_edgecolor()) == BLUE
    assert len(ax.lines) == 2  # the caps


def test_stems(ax: plt.Axes):
    draw(
        ax, Stems(colour=ORANGE, x=(1.0, 2.0), y=(3.0, 4.0), base=1.0, marker="D", marker_size=4.0, width=2.0)
    )
    (strokes,) = ax.collections
    assert [segment.tolist() for segment in strokes.get_segments()] == [[[1, 1], [1, 3]], [[2, 1], [2, 4]]]
    assert strokes.get_linewidth() == [2.0]
    heads = next(line for line in ax.lines if line.get_marker() == "D")
    assert (list(heads.get_ydata()), heads.get_markersize()) == ([3, 4], 4.0)


def test_points(ax: plt.Axes):
    draw(ax, Points(colours=(BLUE, ORANGE), x=(2.0, 6.0), y=(3.0, 7.0), sizes=(36.0, 64.0), alpha=0.5))
    (drawn,) = ax.collections
    assert drawn.get_offsets().tolist() == [[2, 3], [6, 7]]
    assert drawn.get_sizes().tolist() == [36, 64]
    assert [to_hex(c) for c in drawn.get_facecolors()] == [BLUE, ORANGE]
    assert drawn.get_alpha() == 0.5


def test_groups_of_points_that_are_drawn_alike_are_one_loop(ax: plt.Axes):
    groups = [
        Points(colours=(shade,) * 2, x=(at, at + 1), y=(3.0, 7.0), sizes=(36.0,) * 2, label=shade)
        for shade, at in ((BLUE, 1.0), (ORANGE, 5.0))
    ]
    draw(ax, *groups)
    assert "for " in "\n".join(Points.code("ax", groups, plane()))
    assert [c.get_offsets()[:, 0].tolist() for c in ax.collections] == [[1, 2], [5, 6]]
    assert [to_hex(c.get_facecolors()[0]) for c in ax.collections] == [BLUE, ORANGE]


def test_areas(ax: plt.Axes):
    draw(ax, Area(colour=BLUE, x=(1.0, 5.0, 9.0), low=(1.0, 2.0, 1.0), high=(2.0, 8.0, 3.0)))
    (drawn,) = ax.collections
    corners = {tuple(p) for p in drawn.get_paths()[0].vertices.tolist()}
    assert corners >= {(1, 1), (5, 2), (9, 1), (1, 2), (5, 8), (9, 3)}
    assert to_hex(drawn.get_facecolor()[0]) == BLUE


@pytest.mark.parametrize("count", [1, 12])
def test_shapes(ax: plt.Axes, count: int):
    shapes = [Shape(colour=BLUE, x=(1.0 + k, 5.0, 3.0), y=(1.0, 2.0, 6.0), layer=k) for k in range(count)]
    draw(ax, *shapes)
    assert [patch.get_xy()[0].tolist() for patch in ax.patches] == [[1.0 + k, 1.0] for k in range(count)]
    assert ("for " in "\n".join(Shape.code("ax", shapes, plane()))) is (count > 1)


def test_box_plots(ax: plt.Axes):
    boxes = Boxes(
        colour="#000000", positions=(2.0, 5.0), width=1.0, q1=(2.0, 3.0), medians=(3.0, 4.0), q3=(4.0, 6.0),
        lows=(1.0, 2.0), highs=(6.0, 8.0), fliers=((8.0, 9.0), ()), faces=(BLUE, None),
    )  # fmt: skip
    draw(ax, boxes)
    assert [patch.get_path().get_extents().bounds for patch in ax.patches] == [
        pytest.approx((1.5, 2.0, 1.0, 2.0)), pytest.approx((4.5, 3.0, 1.0, 3.0))
    ]  # fmt: skip
    assert to_hex(ax.patches[0].get_facecolor()) == BLUE
    heights = [line.get_ydata() for line in ax.lines]
    assert any(np.array_equal(h, [8.0, 9.0]) for h in heights)  # fliers
    assert any(np.array_equal(h, [3.0, 3.0]) for h in heights)  # the first median


def test_pies(ax: plt.Axes):
    ring = Ring(
        centre=(240.0, 170.0),
        radius=90.0,
        hole=30.0,
        start=20.0,
        fractions=(0.25, 0.75),
        colours=(BLUE, ORANGE),
    )
    draw(ax, ring)
    first, second = ax.patches
    assert (first.theta1, first.theta2, second.theta2) == pytest.approx((20.0, 110.0, 380.0))
    assert (to_hex(first.get_facecolor()), to_hex(second.get_facecolor())) == (BLUE, ORANGE)
    assert first.width / first.r == pytest.approx(60.0 / 90.0, abs=0.01)


def test_heat_maps(ax: plt.Axes):
    grid = Grid2D(
        values=((0.0, 1.0), (2.0, 3.0)), colours=((BLUE,) * 2,) * 2, cmap="magma", low=-1.0, high=3.0,
        texts=(("a", "b"), ("c", "d")), text_colours=(("#ffffff",) * 2,) * 2,
    )  # fmt: skip
    where = Cartesian(PLACE, LinearScale(low=-0.5, high=1.5), LinearScale(low=1.5, high=-0.5))
    draw(ax, grid, where=where)
    (image,) = ax.images
    assert image.get_array().tolist() == [[0, 1], [2, 3]]
    assert (image.get_cmap().name, image.get_clim()) == ("magma", (-1.0, 3.0))
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c", "d"]
    assert [text.get_position() for text in ax.texts] == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_radars():
    figure = plt.figure()
    ax = figure.add_axes((0, 0, 1, 1), projection="polar")
    draw(ax, Radar(colour=BLUE, values=(3.0, 5.0, 4.0), fill=0.25, width=2.0, marker="o", marker_size=4.0))
    (line,) = ax.lines
    assert line.get_ydata() == pytest.approx([3, 5, 4, 3])
    assert line.get_xdata() == pytest.approx(np.linspace(0, 2 * np.pi, 4))
    assert (line.get_linewidth(), line.get_marker(), ax.patches[0].get_alpha()) == (2.0, "o", 0.25)
    plt.close(figure)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_are_written_to_six_figures(value: float):
    assert eval(number(value)) == pytest.approx(value, rel=1e-5, abs=1e-300)
    assert number(float(int(value)) if abs(value) < 1e6 else 3.0).lstrip("-").isdigit()


@given(st.text())
@settings(max_examples=40, deadline=None)
def test_strings_are_written_so_that_they_come_back(text: str):
    assert eval(string(text)) == text
    assert eval(strings([text, "b"])) == [text, "b"]
    if text.isascii() and text.isprintable() and '"' not in text:
        assert string(text).startswith('"')


def test_colours_have_the_names_that_people_use():
    assert (colour(BLUE), colour("#000000"), colour("#123456")) == ('"tab:blue"', '"black"', '"#123456"')


def test_long_calls_are_broken_over_lines():
    short = call("ax.plot", "[1]", "", "[2]")
    assert short == "ax.plot([1], [2])"
    long = call("ax.plot", numbers(range(40)), numbers(range(40)))
    assert long.count("\n") == 3
    assert long.endswith(",\n)")
