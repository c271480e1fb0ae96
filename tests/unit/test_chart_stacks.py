"""Thin stacked layers, hollow markers, and points at the sides of an axes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes as Drawn

from critic.reading import Reader
from critic.reading.chart import Chart, read_chart
from critic.reading.chart.description import Area, Entry, Legend, Line
from critic.reading.chart.missed_points import with_cut_ends, with_missed
from critic.reading.chart.naming import named
from critic.types import Box
from tests.charts import picture


def read(draw: Callable[[Drawn], object]) -> Chart:
    return read_chart(picture(draw), Reader())


COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd")


def test_thin_jagged_layers_are_areas_that_share_their_edges():
    rng = np.random.default_rng(3)
    x = np.arange(60)
    layers = rng.uniform(2.0, 3.0, (5, 60))

    def draw(ax: Drawn) -> None:
        ax.stackplot(x, layers, colors=COLOURS)
        ax.set_xlim(0, 59)
        ax.set_ylim(0, 90)

    areas = [s for s in read(draw).axes[0].series if isinstance(s, Area)]
    assert [area.colour for area in areas] == list(COLOURS)
    for below, above in pairwise(areas):
        assert below.high == above.low
    tops = layers.cumsum(axis=0)
    for area, top in zip(areas, tops, strict=True):
        assert np.interp(x[2:-2], area.x, area.high) == pytest.approx(top[2:-2], abs=0.8)


def test_stacked_bars_are_no_areas():
    heights = np.random.default_rng(4).integers(2, 6, (4, 12))

    def draw(ax: Drawn) -> None:
        for number in range(4):
            ax.bar(range(12), heights[number], 1.0, heights[:number].sum(axis=0), color=COLOURS[number])

    assert not [s for s in read(draw).axes[0].series if isinstance(s, Area)]


@pytest.mark.parametrize("inside", ["white", "#c0d8f0"])
def test_hollow_markers_stay_hollow(inside: str):
    x, y = [0, 1, 2, 3, 4, 5], [2, 5, 3, 4, 1, 3]

    def draw(ax: Drawn) -> None:
        ax.plot(x, y, color="#1f77b4", marker="o", markersize=8, markerfacecolor=inside)

    (line,) = read(draw).axes[0].series
    assert isinstance(line, Line)
    assert line.marker == "o"
    assert np.abs(np.array(line.x) - x).max() < 0.05
    assert np.abs(np.array(line.y) - y).max() < 0.05
    assert line.marker_face in (inside, "#ffffff" if inside == "white" else inside)


def test_filled_markers_are_not_hollow():
    (line,) = read(lambda ax: ax.plot([1, 5, 3, 4], marker="o", markersize=8)).axes[0].series
    assert isinstance(line, Line)
    assert line.marker_face == ""


def stroke(points: list[tuple[float, float]], wide: int = 100) -> np.ndarray:
    import cv2

    mask = np.zeros((100, wide), np.uint8)
    cv2.polylines(mask, [np.array(points, np.int32)], False, 1, thickness=2)
    return mask.astype(bool)


def test_a_line_goes_on_to_the_sides_that_cut_its_markers():
    mask = stroke([(-10, 40), (50, 50), (110, 60)])
    every = with_cut_ends(np.array([[50.0, 50.0]]), mask, 6.0)
    assert every[:, 0] == pytest.approx([-1, 50, 101], abs=0.6)
    assert every[:, 1] == pytest.approx([41.5, 50, 58.5], abs=1.0)


def test_a_bend_without_a_marker_is_a_point():
    points = [(10, 80), (50, 10), (90, 70)]
    every = with_missed(np.array([[10.0, 80.0], [90.0, 70.0]]), stroke(points), 6.0)
    assert every == pytest.approx(np.array(points, float), abs=2.5)


def test_the_nearest_colours_are_named_first():
    marks = [Area(colour=c, x=(0, 1), low=(0, 0), high=(1, 1)) for c in ("#8c6d31", "#224488")]
    entries = (Entry(text="far", colour="#8c6d51"), Entry(text="near", colour="#8c6d31"))
    found = named(marks, [Legend(box=Box(0, 0, 1, 1), entries=entries)])
    assert [mark.label for mark in found] == ["near", ""]
