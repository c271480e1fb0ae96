"""Charts are fitted to fractions of a pixel: limits to marks, areas to edges, knobs to their best."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.dots import dot_moves
from agent.generators.embedded.chart.edges import edge_moves
from agent.generators.embedded.chart.evened import evening_moves
from agent.generators.embedded.chart.frames import frames_by_labels
from agent.generators.embedded.chart.generator import Notes, generator
from agent.generators.embedded.chart.limits import limit_moves
from agent.generators.embedded.chart.moves import Move, with_series
from agent.generators.embedded.chart.places import laid, placings
from agent.generators.embedded.chart.search import Search
from agent.generators.embedded.chart.shifts import grey, shift_of
from agent.generators.embedded.chart.tuning import Trial, trial_of
from agent.generators.embedded.types import Bench
from critic.deadline import until
from critic.pixel.chart_geometry import box_of
from critic.pixel.chart_pixels import differing
from critic.pixel.chart_view import View
from critic.pixel.ledger import Ledger
from critic.pixel.marks.lines import compare_lines
from critic.reading import Reader
from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    Chart,
    Line,
    LinearScale,
    Scale,
    Series,
    Steps,
    Text,
    Tick,
)
from critic.types import Box
from graph.types import Revision, Task
from renderers.pictures import load_picture
from renderers.types import Image, Kind, Language, Render, RenderStatus
from tests.charts import picture

BOX = Box(50.0, 36.0, 360.0, 267.0)
"""Where matplotlib puts the axes of a figure of 400 x 300 pixels."""


def beside(axes: Axes, reference: Image, render: Image) -> View:
    """An axes beside itself in two pictures."""
    return View(None, axes, axes, (reference, render), Ledger.of(differing(reference, render)))


def drawn(chart: Chart) -> Image:
    """The picture of a chart's own code."""
    return run(write(chart))


def run(code: str) -> Image:
    """The picture that code draws."""
    names: dict[str, object] = {}
    with plt.rc_context({"backend": "agg"}):
        exec(code.replace("plt.show()", ""), names)
        buffer = io.BytesIO()
        names["fig"].savefig(buffer, format="png")  # type: ignore[attr-defined]
        plt.close("all")
    return load_picture(buffer.getvalue())


def chart_of(
    *series: Series,
    x: tuple[float, float] = (0, 10),
    y: tuple[float, float] = (0, 10),
    title: Text | None = None,
) -> Chart:
    def scale(
        limits: tuple[float, float], side: Literal["bottom", "left"], start: float, end: float
    ) -> Scale:
        low, high = limits
        values = [v for v in range(0, 11, 2) if low <= v <= high]
        ticks = tuple(
            Tick(pixel=start + (v - low) / (high - low) * (end - start), value=v, label=str(v))
            for v in values
        )
        return LinearScale(low=low, high=high, ticks=ticks, side=side)

    axes = Axes(
        box=BOX,
        x=scale(x, "bottom", BOX.x0, BOX.x1),
        y=scale(y, "left", BOX.y1, BOX.y0),
        series=series,
        title=title,
    )
    return Chart(width=400, height=300, axes=(axes,))


def only(moves: list[Move]) -> Move:
    assert len(moves) == 1
    return moves[0]


def test_limits_are_set_so_that_all_ticks_fall_on_the_marks() -> None:
    reference = picture(lambda ax: ax.set(xlim=(-0.37, 10.41), ylim=(0, 10)))
    chart = chart_of(x=(-0.33, 10.36))
    move = only(limit_moves(chart, reference))
    axes = move.change(chart).axes[0]
    assert axes.x.low == pytest.approx(-0.37, abs=0.02)
    assert axes.x.high == pytest.approx(10.41, abs=0.02)
    assert "x axis" in move.reason


def test_limits_whose_ticks_lie_right_stay() -> None:
    reference = picture(lambda ax: ax.set(xlim=(0, 10), ylim=(0, 10)))
    assert limit_moves(chart_of(), reference) == []


def test_an_area_is_laid_on_its_edges() -> None:
    def draw(ax: PlotAxes) -> None:
        ax.fill_between([1, 5, 9], [2.03, 6.51, 3.27], color="#ff7f0e", linewidth=0)
        ax.set(xlim=(0, 10), ylim=(0, 10))

    read = Area(colour="#ff7f0e", x=(1.02, 4.97, 8.98), low=(0, 0, 0), high=(1.98, 6.45, 3.22))
    chart = chart_of(read)
    area = only(edge_moves(chart, picture(draw))).change(chart).axes[0].series[0]
    assert isinstance(area, Area)
    assert np.interp([1.1, 3, 7, 8.9], area.x, area.high) == pytest.approx(
        [2.142, 4.27, 4.89, 3.351], abs=0.045
    )
    assert area.x[0] == pytest.approx(1, abs=0.02)
    assert area.x[-1] == pytest.approx(9, abs=0.02)


def test_markers_are_laid_on_the_pixels_that_they_are_drawn_round() -> None:
    x, y = [1.0, 3.0, 5.0, 7.0, 9.0], [2.0, 6.0, 3.0, 8.0, 5.0]

    def draw(ax: PlotAxes) -> None:
        ax.plot(x, y, "o-", color="#1f77b4")
        ax.set(xlim=(0, 10), ylim=(0, 10))

    reference = picture(draw)
    right = Line(colour="#1f77b4", x=tuple(x), y=tuple(y), marker="o")
    assert dot_moves(chart_of(right), reference) == []
    pixel = 10 / 310
    off = right.model_copy(update={"x": tuple(v + 1.2 * pixel for v in x)})
    chart = chart_of(off)
    line = only(dot_moves(chart, reference)).change(chart).axes[0].series[0]
    assert isinstance(line, Line)
    assert line.x == pytest.approx(x, abs=0.6 * pixel)
    assert line.y == pytest.approx(y, abs=0.8 * pixel)


def test_bins_read_unevenly_are_set_where_the_risers_stand() -> None:
    edges, values = [0.5, 1.97, 3.44, 4.91, 6.38, 7.85], [2, 7, 4, 8, 3]

    def draw(ax: PlotAxes) -> None:
        ax.stairs(values, edges, color="#1f77b4")
        ax.set(xlim=(0, 10), ylim=(0, 10))

    read = [v + e for v, e in zip(edges, (0.02, -0.03, 0.03, -0.02, 0.03, 0), strict=True)]
    chart = chart_of(Steps(colour="#1f77b4", edges=tuple(read), values=tuple(values)))
    moves = [m for m in evening_moves(chart, picture(draw)) if m.reason.startswith("bins")]
    steps = only(moves).change(chart).axes[0].series[0]
    assert isinstance(steps, Steps)
    assert np.ptp(np.diff(steps.edges)) < 0.01
    assert steps.edges == pytest.approx(edges, abs=0.025)


def test_outlines_of_bars_that_were_read_as_lines_are_taken_off() -> None:
    bars = Bars(
        colour="#ff7f0e", positions=(2, 6), widths=(2, 2), values=(5, 7), bases=(0, 0), edge="#000000"
    )
    outline = Line(colour="#000000", x=(1, 1, 3, 3), y=(0, 5, 5, 0), width=1)
    beyond = Line(colour="#000000", x=(8, 9.5), y=(3, 9), width=1)
    chart = chart_of(bars, outline, beyond)
    blank = np.full((300, 400, 3), 255, np.uint8)
    move = next(m for m in evening_moves(chart, blank) if "outlines" in m.reason)
    assert move.change(chart).axes[0].series == (bars, beyond)


def test_bars_that_nearly_stand_at_round_values_are_set_there() -> None:
    bars = Bars(colour="#ff7f0e", positions=(1.985, 4.013, 6.01), widths=(0.795, 0.8, 0.81), values=(5, 7, 6),
                bases=(0, 0, 0))  # fmt: skip
    blank = np.full((300, 400, 3), 255, np.uint8)
    chart = chart_of(bars)
    even = only(evening_moves(chart, blank)).change(chart).axes[0].series[0]
    assert isinstance(even, Bars)
    assert even.positions == (2, 4, 6)
    assert even.widths == (0.8, 0.8, 0.8)


def title(text: str, nudge: tuple[float, float] = (0.0, 0.0)) -> Text:
    return Text(text=text, box=Box(160, 16, 250, 30), size=12, nudge=nudge)


@pytest.mark.parametrize("shift", [(0.3, -0.4), (0.0, 0.7), (-3.2, 2.1)])
def test_how_far_a_text_lies_off_is_measured_to_a_fraction_of_a_pixel(shift: tuple[float, float]) -> None:
    reference = drawn(chart_of(title=title("A title here", shift)))
    render = drawn(chart_of(title=title("A title here")))
    place = Box(160 + shift[0], 16 + shift[1], 250 + shift[0], 30 + shift[1])
    off = shift_of(grey(reference), grey(render), [place])
    assert off == pytest.approx(shift, abs=0.15)


def test_what_is_not_there_lies_nowhere() -> None:
    blank = np.full((300, 400, 3), 255, np.uint8)
    render = drawn(chart_of(title=title("A title here")))
    assert shift_of(grey(blank), grey(render), [Box(160, 16, 250, 30)]) is None


def labelled(chart: Chart) -> Chart:
    """The chart with the places of its tick labels."""

    def placed(scale: Scale, name: str) -> Scale:
        ticks = [
            tick.model_copy(update={"box": Box(tick.pixel - 7, BOX.y1 + 8, tick.pixel + 7, BOX.y1 + 18)})
            if name == "x"
            else tick.model_copy(update={"box": Box(BOX.x0 - 22, tick.pixel - 5, BOX.x0 - 8, tick.pixel + 5)})
            for tick in scale.ticks
        ]
        return scale.model_copy(update={"ticks": tuple(ticks)})

    axes = chart.axes[0]
    axes = axes.model_copy(update={"x": placed(axes.x, "x"), "y": placed(axes.y, "y")})
    return chart.model_copy(update={"axes": (axes,)})


def test_all_texts_are_laid_where_they_should_lie_in_two_renders() -> None:
    wanted = chart_of(title=title("A title here", (2.0, -0.6)))
    scale = wanted.axes[0].y.model_copy(update={"pad": 5.0})
    wanted = wanted.model_copy(update={"axes": (wanted.axes[0].model_copy(update={"y": scale}),)})
    chart = labelled(chart_of(title=title("A title here")))
    reference = drawn(wanted)
    renders = 0

    async def draw(trials: Sequence[Chart]) -> list[Trial | None]:
        nonlocal renders
        renders += len(trials)
        return [trial_of(reference, drawn(trial)) for trial in trials]

    before = trial_of(reference, drawn(chart))
    moves = asyncio.run(laid(chart, placings(chart), grey(reference), before, draw))
    for move in moves:
        chart = move.change(chart)
    after = trial_of(reference, drawn(chart))
    assert after.loss.sum() < 0.05 * before.loss.sum()
    assert renders <= 2
    assert [move.reason.split(" moved")[0] for move in moves] == [
        "title 'A title here'",
        "tick labels of the y axis of axes 1",
    ]


def test_a_drawing_that_was_read_off_as_a_whole_is_laid_right() -> None:
    line = Line(colour="#1f77b4", x=(1, 3, 5, 9), y=(2, 7, 4, 8))
    pixel = 10 / 310
    off = line.model_copy(update={"x": tuple(v + 0.4 * pixel for v in line.x)})
    reference, chart = drawn(chart_of(line)), chart_of(off)

    async def draw(trials: Sequence[Chart]) -> list[Trial | None]:
        return [trial_of(reference, drawn(trial)) for trial in trials]

    now = trial_of(reference, drawn(chart))
    move = only(asyncio.run(laid(chart, placings(chart), grey(reference), now, draw)))
    moved = move.change(chart).axes[0].series[0]
    assert isinstance(moved, Line)
    assert moved.x == pytest.approx(line.x, abs=0.15 * pixel)
    assert moved.y == pytest.approx(line.y, abs=0.15 * pixel)


def test_labels_tell_the_limits_to_a_fraction_of_a_pixel() -> None:
    line = Line(colour="#1f77b4", x=(1, 9), y=(2, 8))
    reference = drawn(chart_of(line, x=(-0.015, 10.021)))
    chart = labelled(chart_of(line, x=(-0.005, 10.009)))
    ways = frames_by_labels(chart, reference, drawn(chart))
    limits = [item.move.change(chart).axes[0].x for way in ways for item in way if item.box == BOX]
    assert any(
        x.low == pytest.approx(-0.015, abs=0.003) and x.high == pytest.approx(10.021, abs=0.003)
        for x in limits
    )


def test_labels_that_lie_right_change_no_frame() -> None:
    chart = labelled(chart_of())
    same = drawn(chart)
    assert frames_by_labels(chart, same, same) == [[], [], []]


@pytest.mark.parametrize(
    "series",
    [
        Line(colour="#1f77b4", x=(1, 9), y=(2, 8)),
        Area(colour="#1f77b4", x=(1, 9), low=(0, 1), high=(2, 8)),
        Bars(colour="#1f77b4", positions=(2, 5), widths=(1, 1), values=(5, 7), bases=(0, 0)),
    ],
)
def test_what_stays_in_its_place_gets_other_values(series: Series) -> None:
    before = chart_of(series).axes[0]
    x = before.x.model_copy(update={"low": -0.2, "high": 10.3})
    after = before.model_copy(update={"x": x, "box": BOX._replace(x0=50.4)})
    moved = series.moved(before.plane, after.plane)
    assert moved != series
    assert box_of(moved, after) == pytest.approx(box_of(series, before), abs=0.25)


def search(chart: Chart, reference: Image) -> Search:
    async def probe(code: str) -> Render:
        return Render(RenderStatus.OK, run(code))

    return Search(chart, reference, drawn(chart), Bench(reader=Reader(), probe=probe))


def coloured(index: int, colour: str) -> Move:
    return styled(index, "colour", colour)


def widened(index: int, width: float) -> Move:
    return styled(index, "width", width)


def styled(index: int, field: str, value: object) -> Move:
    def change(chart: Chart) -> Chart:
        line = chart.axes[0].series[index].model_copy(update={field: value})
        return with_series(chart, 0, index, line)

    box = box_of(LINES[index], chart_of(*LINES).axes[0])
    return Move(f"{field} of line {index}: {value}", change, box, ("style_error",))


CHANGES: list[tuple[Callable[[int, Any], Move], object]] = [
    *((coloured, colour) for colour in ("#00ff00", "#ff0000", "#0000ff")),
    *((widened, width) for width in (1.0, 3.0, 5.0)),
]
LINES = (Line(colour="#1f77b4", x=(1, 9), y=(2, 3)), Line(colour="#1f77b4", x=(1, 9), y=(7, 8)))


def test_each_move_is_tried_on_what_those_before_it_led_to() -> None:
    wanted = (
        LINES[0].model_copy(update={"colour": "#ff0000"}),
        LINES[1].model_copy(update={"colour": "#00ff00"}),
    )
    found = search(chart_of(*LINES), drawn(chart_of(*wanted)))
    moves = [coloured(0, "#1f77b4"), coloured(0, "#ff0000"), coloured(0, "#00ffff"), coloured(1, "#00ff00")]
    asyncio.run(found.each(moves))
    assert found.kept == [moves[1], moves[3]]
    assert found.refused == [moves[0], moves[2]]
    assert found.now.similarity == 1


def test_a_slow_machine_comes_to_the_same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one no time passes, on the other a minute between each two looks at a clock: trials are counted."""
    wanted = tuple(line.model_copy(update={"colour": "#ff0000", "width": 3.0}) for line in LINES)
    moves = [change(index, value) for index in (0, 1) for change, value in CHANGES]
    codes = []
    for leap in (1e-6, 60.0):
        for name in ("monotonic", "perf_counter"):
            monkeypatch.setattr(time, name, count(0.0, leap).__next__)
        found = search(chart_of(*LINES), drawn(chart_of(*wanted)))
        with until(1e9):
            asyncio.run(found.each(moves))
        codes.append(write(found.chart))
    assert codes[0] == codes[1] != write(chart_of(*LINES))


def test_of_moves_tried_together_those_stay_that_help_in_their_places() -> None:
    wanted = (LINES[0].model_copy(update={"colour": "#ff0000", "width": 3.0}), LINES[1])
    found = search(chart_of(*LINES), drawn(chart_of(*wanted)))
    moves = [coloured(0, "#ff0000"), widened(0, 3.0), widened(1, 20.0)]
    asyncio.run(found.together(moves))
    assert found.kept == moves[:2]
    assert found.refused == moves[2:]


def test_a_render_that_could_gain_nothing_is_not_revised() -> None:
    async def probe(code: str) -> Render:
        raise AssertionError("nothing is to be drawn")

    chart = chart_of(*LINES)
    reference = drawn(chart)
    revision = Revision(
        task=Task(Kind.CHART, Language.PYTHON, reference),
        code=write(chart),
        description=Notes(chart=chart).model_dump_json(),
        render=reference.copy(),
        status=RenderStatus.OK,
        log="",
        discrepancies=(),
    )
    draft = asyncio.run(generator.revise(revision, Bench(reader=Reader(), probe=probe)))
    assert draft.code == ""


def test_a_line_behind_others_that_was_read_otherwise_is_no_difference() -> None:
    def draw(ax: PlotAxes) -> None:
        ax.plot([0, 10], [1, 9], color="#1f77b4")
        ax.set(xlim=(0, 10), ylim=(0, 10))

    image = picture(draw)
    ours = Line(colour="#1f77b4", x=(0, 10), y=(1, 9))
    theirs = ours.model_copy(update={"x": (0, 5, 10), "y": (1, 6, 9)})
    axes = chart_of(ours).axes[0]
    assert compare_lines(ours, theirs, beside(axes, image, image), BOX) == []

    def elsewhere(ax: PlotAxes) -> None:
        ax.plot([0, 5, 10], [1, 6, 9], color="#1f77b4")
        ax.set(xlim=(0, 10), ylim=(0, 10))

    (said,) = compare_lines(ours, theirs, beside(axes, image, picture(elsewhere)), BOX)
    assert said.finding.category == "data_error"
