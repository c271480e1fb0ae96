"""Charts are fitted to fractions of a pixel: limits to marks, areas to edges, knobs to their best."""

from __future__ import annotations

import asyncio
import io
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.dots import dot_moves
from agent.generators.embedded.chart.edges import edge_moves
from agent.generators.embedded.chart.evened import evening_moves
from agent.generators.embedded.chart.knobs import stages
from agent.generators.embedded.chart.limits import limit_moves
from agent.generators.embedded.chart.moves import Move
from agent.generators.embedded.chart.tuning import loss_of, tuned
from critic.pixel.chart_marks import compare_lines
from critic.reading.chart.description import Area, Axes, Bars, Chart, Line, Scale, Series, Steps, Text, Tick
from critic.types import Box
from renderers.pictures import load_picture
from renderers.types import Image
from tests.charts import picture

BOX = Box(50.0, 36.0, 360.0, 267.0)
"""Where matplotlib puts the axes of a figure of 400 x 300 pixels."""


def drawn(chart: Chart) -> Image:
    """The picture of a chart's own code."""
    names: dict[str, object] = {}
    with plt.rc_context({"backend": "agg"}):
        exec(write(chart).replace("plt.show()", ""), names)
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
        return Scale(low=low, high=high, ticks=ticks, side=side)

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


def test_knobs_in_different_places_are_turned_in_the_same_renders_and_find_their_own_best() -> None:
    def title(text: str, nudge: tuple[float, float] = (0.0, 0.0)) -> Text:
        return Text(text=text, box=Box(160, 16, 250, 30), size=12, nudge=nudge)

    wanted = chart_of(title=title("A title here", (2.0, 0.0)))
    scale = wanted.axes[0].y.model_copy(update={"pad": 5.0})
    wanted = wanted.model_copy(update={"axes": (wanted.axes[0].model_copy(update={"y": scale}),)})
    chart = chart_of(title=title("A title here"))
    reference = drawn(wanted)
    renders = 0

    async def draw(trial: Chart) -> Image:
        nonlocal renders
        renders += 1
        return drawn(trial)

    async def turn() -> Chart:
        found = chart
        for _ in range(2):
            # Those of places down and across, among them labels' distances.
            for stage in (2, 3):
                loss = loss_of(reference, drawn(found))
                for move in await tuned(found, stages(found)[stage], reference, loss, draw):
                    found = move.change(found)
        return found

    found = asyncio.run(turn())
    before, after = (float(loss_of(reference, drawn(c)).sum()) for c in (chart, found))
    assert after < 0.3 * before
    assert renders <= 24


def test_a_line_behind_others_that_was_read_otherwise_is_no_difference() -> None:
    def draw(ax: PlotAxes) -> None:
        ax.plot([0, 10], [1, 9], color="#1f77b4")
        ax.set(xlim=(0, 10), ylim=(0, 10))

    image = picture(draw)
    ours = Line(colour="#1f77b4", x=(0, 10), y=(1, 9))
    theirs = ours.model_copy(update={"x": (0, 5, 10), "y": (1, 6, 9)})
    axes = chart_of(ours).axes[0]
    assert compare_lines("axes", ours, theirs, axes, axes, BOX, (image, image)) is None

    def elsewhere(ax: PlotAxes) -> None:
        ax.plot([0, 5, 10], [1, 6, 9], color="#1f77b4")
        ax.set(xlim=(0, 10), ylim=(0, 10))

    said = compare_lines("axes", ours, theirs, axes, axes, BOX, (image, picture(elsewhere)))
    assert said is not None
    assert said.category == "data_error"
