"""Marks drawn by their own code and read from the pixels alone: what comes back is the same."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.base import Mark
from critic.marks.boxes import Boxes
from critic.marks.candles import Candles
from critic.marks.errors import ErrorBars
from critic.marks.line import Line
from critic.marks.planes import Cartesian
from critic.marks.points import Points
from critic.marks.scales import LinearScale
from critic.marks.stems import Stems
from critic.marks.steps import Steps
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from critic.reading.chart.series import read_series
from critic.types import Box

WIDE, HIGH = 400, 300
PLANE = Cartesian(Box(0, 0, WIDE, HIGH), LinearScale(high=10.0), LinearScale(high=10.0, side="left"))
BLUE, ORANGE, GREEN, RED = "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"


def plot_of(*marks: Mark) -> Plot:
    """An area of 10 by 10 units in which the code of marks has drawn them."""
    figure = plt.figure(figsize=(WIDE / 100, HIGH / 100), dpi=100)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.axis("off")
    for mark in marks:
        exec("\n".join(type(mark).code("ax", [mark], PLANE)), {"ax": ax, "np": np})
    ax.set(xlim=(0, 10), ylim=(0, 10))
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    plt.close(figure)
    up, across = Mapping(-10 / HIGH, 10.0), Mapping(10 / WIDE, 0.0)
    return Plot(pixels, np.zeros((HIGH, WIDE), bool), across, up, 0, 0, np.array([255] * 3), 100.0)


def read(*marks: Mark) -> list[Mark]:
    """What is read where marks were drawn."""
    return read_series(plot_of(*marks), [], [])[0]


def single(mark: Mark) -> Mark:
    """The only mark that is read where one was drawn, of its class."""
    (found,) = read(mark)
    assert type(found) is type(mark)
    return found


def near(true: object, share: float = 0.01) -> object:
    """Within a hundredth of the axis."""
    return pytest.approx(true, abs=10 * share)


heights = st.lists(st.floats(0.8, 9.5), min_size=3, max_size=7)
few = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def spread(count: int) -> np.ndarray:
    """Places at even distances, with room for bars at both ends."""
    return np.linspace(1.8, 8.2, count)


@given(heights, st.booleans(), st.floats(0.4, 0.9))
@few
def test_bars(values: list[float], lying: bool, share: float):
    at = spread(len(values))
    bars = Bars(
        colour=BLUE, positions=tuple(at), widths=(share * float(at[1] - at[0]),) * len(at),
        values=tuple(values), bases=(0.0,) * len(at), horizontal=lying,
    )  # fmt: skip
    found = single(bars)
    assert isinstance(found, Bars)
    assert found.horizontal is lying
    order = np.argsort(found.positions)
    assert np.array(found.positions)[order] == near(at)
    assert np.array(found.values)[order] == near(values)
    assert np.array(found.widths) == near(bars.widths)


def test_bars_that_hang_from_a_base_of_their_own():
    bars = Bars(
        colour=GREEN,
        positions=(2.0, 5.0, 8.0),
        widths=(1.5,) * 3,
        values=(3.0, 4.0, 2.0),
        bases=(1.0, 2.0, 5.0),
    )
    found = single(bars)
    assert isinstance(found, Bars)
    assert found.bases == near(bars.bases)
    assert found.values == near(bars.values)


def test_stacked_and_grouped_bars_are_one_mark_for_each_colour():
    lower = Bars(colour=BLUE, positions=(2.0, 5.0), widths=(1.0,) * 2, values=(3.0, 4.0), bases=(0.0,) * 2)
    upper = Bars(colour=ORANGE, positions=(2.0, 5.0), widths=(1.0,) * 2, values=(2.0, 1.0), bases=(3.0, 4.0))
    beside = Bars(colour=GREEN, positions=(3.0, 6.0), widths=(1.0,) * 2, values=(5.0, 2.0), bases=(0.0,) * 2)
    found = {mark.colour: mark for mark in read(lower, upper, beside) if isinstance(mark, Bars)}
    assert set(found) == {BLUE, ORANGE, GREEN}
    for mark in (lower, upper, beside):
        assert found[mark.colour].values == near(mark.values)
        assert found[mark.colour].bases == near(mark.bases)


@given(st.lists(st.floats(0.5, 9.5), min_size=4, max_size=9))
@few
def test_lines(values: list[float]):
    line = Line(colour=RED, x=tuple(spread(len(values))), y=tuple(values))
    found = read(line)
    if np.ptp(values) < 0.5:
        return  # as flat as a rule
    assert [mark.type for mark in found] == ["line"]
    (one,) = found
    assert isinstance(one, Line)
    at = np.linspace(2.0, 8.0, 50)
    off = np.abs(np.interp(at, one.x, one.y) - np.interp(at, line.x, line.y))
    assert np.percentile(off, 90) < 0.12  # steep strokes are a little aside


@pytest.mark.parametrize(
    ("style", "width"),
    [("-", 1.0), ("-", 1.5), ("-", 3.0), ("--", 1.0), ("--", 1.5), ("--", 3.0), (":", 3.0)],
)
def test_widths_and_styles_of_lines(style: str, width: float):
    line = Line(colour=BLUE, x=(1.0, 4.0, 9.0), y=(2.0, 7.0, 3.0), width=width, style=style)
    found = single(line)
    assert isinstance(found, Line)
    assert found.style == style
    assert found.width == pytest.approx(width, abs=0.3)


@pytest.mark.parametrize(("marker", "size"), [("o", 8.0), ("s", 8.0), ("^", 8.0), ("D", 10.0)])
def test_markers_of_lines(marker: str, size: float):
    at = tuple(spread(6))
    line = Line(colour=BLUE, x=at, y=(2.0, 7.0, 3.0, 5.0, 8.0, 4.0), marker=marker, marker_size=size)
    found = single(line)
    assert isinstance(found, Line)
    assert found.marker == marker
    assert found.marker_size == pytest.approx(size, abs=1.0 if marker != "^" else 2.0)
    assert found.x == near(at) and found.y == near(line.y)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=4, max_size=12, unique=True))
@few
def test_points(cells: list[tuple[int, int]]):
    x, y = (tuple(1.0 + cell[axis] for cell in cells) for axis in (0, 1))
    points = Points(colours=(BLUE,) * len(x), x=x, y=y, sizes=(36.0,) * len(x))
    found = [mark for mark in read(points) if isinstance(mark, Points)]
    assert len(found) == 1
    assert sorted(zip(found[0].x, found[0].y, strict=True)) == [
        near(pair) for pair in sorted(zip(x, y, strict=True))
    ]
    assert np.median(found[0].sizes) == pytest.approx(36.0, rel=0.3)


@pytest.mark.parametrize("values", [(2.0, 5.0, 3.0, 8.0), (1.0, 1.5, 4.0, 6.0, 6.5, 4.0), (9.0, 2.0, 9.0)])
def test_areas(values: tuple[float, ...]):
    at = tuple(spread(len(values)))
    area = Area(colour=GREEN, x=at, low=(0.0,) * len(at), high=tuple(values))
    found = read(area)
    assert [mark.type for mark in found] == ["area"]
    (one,) = found
    assert isinstance(one, Area)
    between = np.linspace(2.0, 8.0, 40)
    assert np.interp(between, one.x, one.high) == near(np.interp(between, at, values), 0.015)


def test_steps_open_and_filled():
    for filled in (False, True):
        steps = Steps(
            colour=BLUE,
            edges=(1.0, 3.0, 5.0, 7.0, 9.0),
            values=(4.0, 2.0, 7.0, 5.0),
            bases=(0.0,) * 4,
            filled=filled,
        )
        found = read(steps)
        # Filled ones are bars without gaps, to the pixel.
        assert [mark.type for mark in found] == ["bars" if filled else "steps"]
        assert found[0].values == near(steps.values)  # type: ignore[attr-defined]


def test_error_bars():
    errors = ErrorBars(
        colour=BLUE, x=(2.0, 4.0, 6.0, 8.0), y=(5.0, 6.0, 4.0, 5.0), low=(4.0, 5.0, 2.0, 4.0),
        high=(6.0, 8.0, 5.0, 7.0), cap=4.0,
    )  # fmt: skip
    found = single(errors)
    assert isinstance(found, ErrorBars)
    assert found.cap
    assert found.x == near(errors.x)
    assert found.low == near(errors.low) and found.high == near(errors.high)


def test_stems():
    stems = Stems(colour=BLUE, x=(1.0, 3.0, 5.0, 7.0, 9.0), y=(4.0, 7.0, 2.0, 6.0, 3.0), base=0.5)
    (found,) = [mark for mark in read(stems) if isinstance(mark, Stems)]
    assert found.x == near(stems.x) and found.y == near(stems.y)
    assert found.base == near(0.5)


def test_box_plots():
    boxes = Boxes(
        colour="#000000", positions=(2.0, 5.0, 8.0), width=1.2, q1=(2.0, 3.0, 4.0), medians=(3.0, 4.0, 4.5),
        q3=(4.0, 6.0, 6.0), lows=(1.0, 2.0, 3.0), highs=(6.0, 8.0, 7.0), fliers=((), (9.0,), ()),
    )  # fmt: skip
    (found,) = [mark for mark in read(boxes) if isinstance(mark, Boxes)]
    for name in ("positions", "q1", "medians", "q3", "lows", "highs"):
        assert getattr(found, name) == near(getattr(boxes, name), 0.015)
    assert found.width == near(1.2)


def test_candles():
    opens = (4.0, 5.0, 4.4, 5.6, 6.0, 5.0, 4.2, 4.8)
    closes = (5.2, 4.2, 5.8, 6.2, 4.8, 4.0, 5.0, 6.0)
    candles = Candles(
        rising=GREEN, falling=RED, up=tuple(b >= a for a, b in zip(opens, closes, strict=True)),
        positions=tuple(spread(8)), width=0.5, opens=opens, closes=closes,
        highs=(5.8, 5.3, 6.2, 6.9, 6.3, 5.4, 5.9, 6.4), lows=(3.5, 3.8, 4.1, 5.1, 4.4, 3.6, 3.9, 4.5),
    )  # fmt: skip
    found = single(candles)
    assert isinstance(found, Candles)
    assert found.up == candles.up
    for name in ("positions", "opens", "highs", "lows", "closes"):
        assert getattr(found, name) == near(getattr(candles, name), 0.015)


def test_the_dots_of_a_thick_dotted_line_are_no_candles():
    found = read(Line(colour=BLUE, x=(1.0, 4.0, 9.0), y=(2.0, 7.0, 3.0), width=3.0, style=":"))
    assert [mark.type for mark in found] == ["line"]


def test_lines_bars_and_points_of_one_area_are_told_apart():
    bars = Bars(
        colour=BLUE, positions=(2.0, 5.0, 8.0), widths=(1.0,) * 3, values=(3.0, 4.0, 2.0), bases=(0.0,) * 3
    )
    line = Line(colour=RED, x=(1.0, 5.0, 9.0), y=(6.0, 9.0, 6.5), width=2.0)
    points = Points(
        colours=(GREEN,) * 5, x=(1.0, 3.0, 5.0, 7.0, 9.0), y=(5.0, 5.4, 5.2, 5.6, 5.1), sizes=(36.0,) * 5
    )
    found = read(bars, line, points)
    assert {(mark.type, mark.palette[0]) for mark in found} == {
        ("bars", BLUE),
        ("line", RED),
        ("points", GREEN),
    }
    assert [mark.traits.order for mark in found] == sorted(mark.traits.order for mark in found)


def test_an_empty_area_holds_nothing():
    assert read() == []


def test_what_is_hidden_is_not_read():
    plot = plot_of(Line(colour=RED, x=(1.0, 9.0), y=(6.0, 9.0)))
    plot.hidden[:] = True
    assert read_series(plot, [], []) == ([], [])
