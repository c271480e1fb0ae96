"""Grid lines and tick marks that stand halfway between the names of an axis, and sides of grids."""

from __future__ import annotations

import numpy as np
import pytest

from agent.generators.embedded.chart.code import write
from critic.marks.scales import CategoryScale, Tick
from critic.marks.texts import Text
from critic.reading.chart.description import Axes, Chart, GridLines, LinearScale
from critic.reading.chart.frames import Frame
from critic.reading.chart.gridded import gridded_frames
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import lines_of
from critic.reading.chart.scales import _matched, _numeric_ticks
from critic.reading.chart.tick_format import format_of
from critic.reading.chart.tick_marks import tick_look
from critic.types import Box
from renderers.types import Image

WHITE = np.array([255, 255, 255])
PALE, DARKER = 229, 206
COLUMNS, ROWS = (40, 140, 240, 340), (20, 80, 140, 200)


def canvas(*, spines: bool, reach: int) -> Image:
    """A grid as Chart.js draws it: its lines stick out as marks, and spines lie on its first lines."""
    image = np.full((240, 400, 3), 255, np.uint8)
    for column in COLUMNS:
        image[ROWS[0] : ROWS[-1] + reach + 1, column] = PALE
    for row in ROWS:
        image[row, COLUMNS[0] - reach : COLUMNS[-1] + 1] = PALE
    if spines:
        image[ROWS[0] : ROWS[-1], COLUMNS[0]] = DARKER
        image[ROWS[-1], COLUMNS[0] : COLUMNS[-1] + 1] = DARKER
    return image


@pytest.mark.parametrize("spines", [True, False])
def test_sides_are_where_a_line_is_darker_than_the_grid(spines: bool):
    (frame,) = gridded_frames(canvas(spines=spines, reach=8), WHITE)
    assert frame.sides == (spines, False, False, spines)
    assert (frame.left, frame.top) == (COLUMNS[0], ROWS[0])
    assert frame.bottom == ROWS[-1] + (not spines)


@pytest.mark.parametrize("reach", [0, 5, 8])
def test_tick_marks_have_the_length_and_the_colour_that_they_are_drawn_in(reach: int):
    image = canvas(spines=True, reach=reach)
    frame = Frame(COLUMNS[0], ROWS[0], COLUMNS[-1], ROWS[-1], (True, False, False, True), gridded=True)
    look = tick_look(image, frame, "bottom", [float(c) for c in COLUMNS], WHITE, 100.0)
    if not reach:
        assert look is None
    else:
        assert look is not None
        assert look.colour == "#e5e5e5"
        assert look.length == (3.5 if reach == 5 else pytest.approx(reach * 0.72, abs=0.05))


def test_letters_below_the_lines_are_no_tick_marks():
    image = canvas(spines=True, reach=0)
    image[ROWS[-1] + 1 : ROWS[-1] + 9, 36:345] = 90
    frame = Frame(COLUMNS[0], ROWS[0], COLUMNS[-1], ROWS[-1], (True, False, False, True), gridded=True)
    assert tick_look(image, frame, "bottom", [float(c) for c in COLUMNS], WHITE, 100.0) is None


def between() -> CategoryScale:
    ticks = tuple(Tick(pixel=90.0 + 100 * k, value=float(k), label=name) for k, name in enumerate("abc"))
    return CategoryScale(low=-0.5, high=2.5, ticks=ticks, between=(-0.5, 0.5, 1.5, 2.5), mark_length=5.8)


def test_lines_run_between_the_names():
    assert lines_of(between(), 40.0, 340.0) == [40.0, 140.0, 240.0, 340.0]


def test_the_code_draws_marks_and_grid_between_the_names():
    import matplotlib.pyplot as plt

    axes = Axes(box=Box(40, 20, 340, 200), x=between(), y=LinearScale(high=3.0), grid=GridLines(y=False))
    code = write(Chart(width=400, height=240, axes=(axes,))).replace("plt.show()", "")
    space: dict[str, object] = {}
    exec(code, space)
    ax = plt.gcf().axes[0]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "b", "c"]
    assert list(ax.xaxis.get_minorticklocs()) == [-0.5, 0.5, 1.5, 2.5]
    assert all(t.gridline.get_visible() for t in ax.xaxis.get_minor_ticks())
    assert not any(t.gridline.get_visible() for t in ax.xaxis.get_major_ticks())
    plt.close("all")


@pytest.mark.parametrize(("x0", "x1", "mark"), [(41, 66, 40.0), (315, 341, 340.0)])
def test_labels_of_the_ends_may_stand_within_the_axis(x0: int, x1: int, mark: float):
    label = Text(text="2000", box=Box(x0, 210, x1, 219))
    assert _matched([label], [40.0, 140.0, 240.0, 340.0], across=True) == [(mark, label)]


def test_labels_between_marks_belong_to_none():
    label = Text(text="2000", box=Box(142, 210, 167, 219))
    assert _matched([label], [40.0, 140.0, 240.0, 340.0], across=True) == []


def test_a_mark_without_a_label_keeps_its_value_where_labels_are_whole():
    label = Text(text="1", box=Box(98, 210, 102, 219))
    other = Text(text="2", box=Box(198, 210, 202, 219))
    mapping, pairs = Mapping(0.01, 0.0), [(100.0, label), (200.0, other)]
    ticks = _numeric_ticks(mapping, [100.0, 200.0, 234.0], pairs, format_of(["1", "2"]), {234.0})
    assert [(tick.value, tick.label) for tick in ticks] == [(1, "1"), (2, "2"), (pytest.approx(2.34), "")]
