"""Lines become few points, crowded markers are found, and the chart critic names causes, not effects."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from critic.pixel.chart import compare
from critic.pixel.chart_causes import collapsed
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Line
from critic.reading.chart.markers import find_markers
from critic.reading.chart.polylines import simplified
from critic.types import Box, Cause, Discrepancy, Element, Value, difference
from tests.charts import picture

Y_AXIS = Element(kind="y axis")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_straight_stretches_keep_their_ends_only() -> None:
    x = np.arange(0, 200, 1.0)
    gentle = np.stack([x, 10 + 0.03 * x + np.random.default_rng(0).normal(0, 0.05, len(x))], axis=1)
    assert len(simplified(gentle, 2.0)) == 2
    corner = np.stack([x, np.where(x < 80, 0.5 * x, 40 - 0.25 * (x - 80))], axis=1)
    points = simplified(corner, 2.0)
    assert len(points) == 3
    assert points[1] == pytest.approx((80, 40), abs=0.6)


def test_smooth_curves_become_even_samples() -> None:
    x = np.arange(0, 400, 1.0)
    points = simplified(np.stack([x, 60 * np.sin(x / 30)], axis=1), 2.0)
    assert len(points) < 80
    assert np.ptp(np.diff(points[:, 0])) < 1e-6
    assert np.abs(np.interp(x, *points.T) - 60 * np.sin(x / 30)).max() < 1.0


def test_touching_markers_are_counted() -> None:
    mask = np.zeros((60, 240), np.uint8)
    for k in range(20):
        cv2.circle(mask, (12 + round(k * 10.5), 30 + (k % 3) * 4), 4, 1, -1)
    found = find_markers(mask > 0, 1.0, mask > 0)
    assert len(found.centres) == 20


def test_lines_lie_on_each_other_as_drawn(reader: Reader) -> None:
    def draw(ax: PlotAxes) -> None:
        ax.plot([0, 1], [0, 1], color="#0000ff", linewidth=2)
        ax.plot([0, 1], [1, 0], color="#ff0000", linewidth=2)
        ax.plot([0, 1], [0.4, 0.6], color="#00aa00", linewidth=2)

    (axes,) = read_chart(picture(draw), reader).axes
    lines = [series for series in axes.series if isinstance(series, Line)]
    assert [line.colour for line in lines] == ["#0000ff", "#ff0000", "#00aa00"]


def draw_line(ax: PlotAxes, colour: str = "#336699", top: float = 10.0) -> None:
    ax.plot([0, 1, 2, 3], [1, 7, 3, 8], color=colour)
    ax.plot([0, 1, 2, 3], [2, 2.5, 5, 4], color="#cc5500")
    ax.set_ylim(0, top)
    ax.set_title("Depth of water")


def test_another_range_is_one_discrepancy(reader: Reader) -> None:
    found = compare(picture(draw_line), picture(lambda ax: draw_line(ax, top=14.0)), reader)
    assert [item.category for item in found] == ["data_error"]
    assert (found[0].cause, found[0].element) == (Cause.RANGE, Y_AXIS)


def test_a_grid_that_is_gone_is_told_beside_another_range(reader: Reader) -> None:
    def with_grid(ax: PlotAxes) -> None:
        draw_line(ax)
        ax.grid(visible=True)

    found = compare(picture(with_grid), picture(lambda ax: draw_line(ax, top=14.0)), reader)
    assert [(item.cause, item.element and item.element.kind) for item in found] == [
        (Cause.RANGE, "y axis"),
        (Cause.STYLE, "grid lines"),
    ]


def test_a_range_that_grew_with_one_value_follows_from_it(reader: Reader) -> None:
    def draw(ax: PlotAxes, last: float = 4.0) -> None:
        ax.plot([0, 1, 2, 3, 4], [1, 3, 2, last, 3], color="#336699", marker="o")

    found = compare(picture(draw), picture(lambda ax: draw(ax, last=6.0)), reader)
    assert [item.cause for item in found] == [Cause.VALUE]
    assert (found[0].reference, found[0].render) == (pytest.approx(4.0, abs=0.1), pytest.approx(6.0, abs=0.1))


def draw_names(ax: PlotAxes, right: float = 3.5, colour: str = "#336699") -> None:
    ax.plot(["Rye", "Spelt", "Oats", "Barley"], [3, 7, 5, 8], color=colour)
    ax.set_xlim(-0.5, right)
    ax.set_ylim(0, 10)


def test_another_room_beside_the_same_names_is_a_range(reader: Reader) -> None:
    found = compare(picture(draw_names), picture(lambda ax: draw_names(ax, right=5.5)), reader)
    assert [(item.cause, str(item.element)) for item in found] == [(Cause.RANGE, "x axis")]


def test_a_line_in_another_colour_on_another_range_is_not_gone(reader: Reader) -> None:
    render = picture(lambda ax: draw_names(ax, right=5.5, colour="#cc5500"))
    found = compare(picture(draw_names), render, reader)
    assert sorted(str(item.cause) for item in found) == ["range", "recoloured"]


def test_a_power_of_ten_and_the_next_are_a_logarithmic_scale(reader: Reader) -> None:
    def draw(ax: PlotAxes) -> None:
        ax.plot([1, 2, 3, 4], [120, 300, 240, 700])
        ax.set_yscale("log")
        ax.set_ylim(90, 1050)
        ax.set_yticks([100, 1000], ["100", "1000"])
        ax.minorticks_off()

    (axes,) = read_chart(picture(draw), reader).axes
    assert axes.y.kind == "log"
    assert (axes.y.low, axes.y.high) == pytest.approx((90, 1050), rel=0.02)


def test_another_colour_is_a_matter_of_style(reader: Reader) -> None:
    found = compare(picture(draw_line), picture(lambda ax: draw_line(ax, colour="#118833")), reader)
    assert [item.category for item in found] == ["style_error"]


def test_bars_in_the_colour_of_their_ground_are_missing(reader: Reader) -> None:
    def draw(ax: PlotAxes, bars: str, face: str) -> None:
        ax.bar([0, 1, 2], [3, 5, 4], color=bars)
        ax.set_facecolor(face)

    reference = picture(lambda ax: draw(ax, "#636efa", "#e5ecf6"))
    found = compare(reference, picture(lambda ax: draw(ax, "white", "white")), reader)
    lost = [item for item in found if item.element is not None and item.element.kind == "bars"]
    assert [(item.cause, item.severity) for item in lost] == [(Cause.MISSING, 3)]


def said(
    category: str, cause: Cause, element: Element, box: Box | None = None, **values: Value
) -> Discrepancy:
    made = difference(category, 1, cause, element, box, **values)
    assert made is not None
    return made


def test_what_follows_from_a_cause_is_dropped() -> None:
    colours: dict[str, Value] = {"reference": "#000000", "render": "#ffffff"}
    recolour = said("style_error", Cause.RECOLOURED, Element(kind="line"), **colours)
    handle = said("style_error", Cause.RECOLOURED, Element(kind="legend handle"), **colours)
    assert collapsed([recolour, handle]) == [recolour]
    assert collapsed([handle, recolour]) == [recolour]
    assert collapsed([handle]) == [handle]
    scale = said("data_error", Cause.RANGE, Y_AXIS, reference=(0, 1), render=(0, 100))
    label = said(
        "style_error", Cause.MOVED, Element(kind="y label"), reference=(0, 0, 8, 40), render=(8, 0, 16, 40)
    )
    assert collapsed([scale, label]) == [scale]


def test_a_cause_in_one_axes_explains_nothing_in_another() -> None:
    first, second = (Element(kind="axes", index=(k,)) for k in (0, 1))
    boxes: dict[str, Value] = {"reference": (0, 0, 8, 40), "render": (8, 0, 16, 40)}
    label = said("style_error", Cause.MOVED, Element(kind="y label", of=second), **boxes)
    scale = said(
        "data_error", Cause.RANGE, Element(kind="y axis", of=first), reference=(0, 1), render=(0, 100)
    )
    assert collapsed([scale, label]) == [scale, label]


@pytest.mark.parametrize(
    ("limits", "values", "follows"),
    [
        (((0, 4.2), (0, 6.2)), (4, 6), True),
        (((4.2, 0), (6.2, 0)), (4, 6), True),  # an axis that runs downwards
        (((4.2, 0), (6.2, 0)), (3, 4), False),
        (((0, 4.2), (0, 6.2)), (90, 80), False),  # of the other axis
    ],
)
def test_a_range_follows_a_value_that_only_the_other_one_holds(
    limits: tuple[Value, Value], values: tuple[Value, Value], follows: bool
) -> None:
    value = said("data_error", Cause.VALUE, Element(kind="line"), reference=values[0], render=values[1])
    scale = said("data_error", Cause.RANGE, Y_AXIS, reference=limits[0], render=limits[1])
    assert collapsed([value, scale]) == ([value] if follows else [value, scale])


def test_many_unexplained_places_are_said_once() -> None:
    boxes = [Box(10.0 * k, 0.0, 10.0 * k + 5, 5.0) for k in range(4)]
    plot = Element(kind="plot area")
    (one,) = collapsed([said("data_error", Cause.UNEXPLAINED, plot, box) for box in boxes])
    assert one.box == Box(0.0, 0.0, 35.0, 5.0)


def test_three_lost_series_are_three_severe_findings() -> None:
    lost = [said("structure_error", Cause.MISSING, Element(kind="line", index=(k,))) for k in range(5)]
    assert len(collapsed(lost)) == 5
