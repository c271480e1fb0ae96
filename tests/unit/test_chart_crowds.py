"""Crowds of overlapping points: their inks, each disc's place and size, and what differs between two."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.crowd.fit import Crowd, fit_crowd
from agent.generators.embedded.chart.crowd.moves import crowd_moves
from critic.pixel.chart import compare
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.crowd.inks import Inks, find_inks
from critic.reading.chart.description import Axes, Chart, Points
from critic.types import Cause
from renderers.pictures import load_picture
from renderers.types import Image

BLUE, ORANGE, GREEN = "#1f77b4", "#ff7f0e", "#2ca02c"
OUTLINE = 100 / 72
"""Pixels of matplotlib's one point."""


@dataclass
class Scatter:
    """A scatter chart and where its points are."""

    colours: tuple[str, ...] = (BLUE, ORANGE)
    count: int = 120
    alpha: float = 0.4
    sizes: tuple[float, float] = (20, 150)
    edge: str = "none"
    face: str = "#ffffff"
    seed: int = 3
    left_out: int = 0
    groups: list[NDArray[np.float64]] = field(default_factory=list)

    def draw(self, ax: Any) -> None:
        """Scatter the groups; what is left out is left out at the end of the first."""
        random = np.random.default_rng(self.seed)
        for index, colour in enumerate(self.colours):
            low, high = self.sizes
            x, y, s = (
                random.random(self.count),
                random.random(self.count),
                random.uniform(low, high, self.count),
            )
            drawn = slice(None, self.count - self.left_out if index == 0 else None)
            size = s[drawn] if high > low else low
            ax.scatter(
                x[drawn],
                y[drawn],
                s=size,
                color=colour,
                alpha=self.alpha,
                edgecolors=self.edge,
                label=f"of {index}",
            )
            self.groups.append(np.stack((x[drawn], y[drawn], s[drawn])))

    def bare(self) -> Image:
        """The points alone, without axes; the groups are then in pixels, with radii."""
        with plt.rc_context({"backend": "agg"}):
            figure = plt.figure(figsize=(4, 3), dpi=100, facecolor=self.face)
            ax = figure.add_axes((0, 0, 1, 1))
            ax.axis("off")
            self.draw(ax)
            figure.canvas.draw()
            for index, (x, y, s) in enumerate(self.groups):
                across, up = ax.transData.transform(np.stack((x, y), axis=1)).T
                self.groups[index] = np.stack((across, 300 - up, np.sqrt(s) / 2 * OUTLINE), axis=1)
            return _saved(figure)

    def chart(self) -> Image:
        """A whole chart with a grid and a legend."""
        with plt.rc_context({"backend": "agg"}):
            figure, ax = plt.subplots(figsize=(5, 4), dpi=100)
            self.draw(ax)
            ax.set(xlim=(-0.1, 1.1), ylim=(-0.1, 1.1), title="Catch by harbour")
            ax.grid(True)
            ax.legend(loc="upper right")
            return _saved(figure)


def _saved(figure: Any) -> Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return load_picture(buffer.getvalue())


def _inks(pixels: Image) -> Inks:
    inks = find_inks(pixels, np.ones(pixels.shape[:2], bool), pixels[0, 0].astype(float))
    assert inks is not None
    return inks


def _found(scatter: Scatter) -> tuple[Crowd, Inks]:
    pixels = scatter.bare()
    inks = _inks(pixels)
    crowd = fit_crowd(pixels, np.ones(pixels.shape[:2], bool), inks, OUTLINE)
    assert crowd is not None
    return crowd, inks


def _recall_and_precision(crowd: Crowd, scatter: Scatter) -> tuple[float, float]:
    """Shares of the points that were found, and of what was found that are points, within half a pixel."""
    found = np.stack((crowd.discs.x, crowd.discs.y, crowd.discs.radius, 20.0 * crowd.discs.group), axis=1)
    true = np.concatenate([np.insert(g, 3, 20.0 * i, axis=1) for i, g in enumerate(scatter.groups)])
    near = cKDTree(found).query(true)[0] < 0.5
    right = cKDTree(true).query(found)[0] < 0.5
    return float(near.mean()), float(right.mean())


@pytest.mark.parametrize(
    "scatter",
    [
        Scatter(),
        Scatter(colours=(BLUE, ORANGE, GREEN), alpha=0.3, seed=4),
        Scatter(edge="face", seed=5),
        Scatter(sizes=(60, 60), seed=6),
        Scatter(colours=("#ffff00", "#00ffff"), face="#000000", alpha=0.5, seed=7),
    ],
    ids=["two colours", "three colours", "outlined", "one size", "on black"],
)
def test_points_are_found_where_they_were_drawn(scatter: Scatter) -> None:
    crowd, inks = _found(scatter)
    recall, precision = _recall_and_precision(crowd, scatter)
    assert recall > 0.96
    assert precision > 0.96
    assert inks.alpha == pytest.approx(scatter.alpha, abs=0.051)
    assert (crowd.discs.stroke > 0) == (scatter.edge == "face")


def test_inks_are_told_with_the_order_in_which_they_lie() -> None:
    for colours in ((BLUE, ORANGE, GREEN), (GREEN, BLUE, ORANGE)):
        inks = _inks(Scatter(colours=colours).bare())
        for own, name in zip(inks.colours, colours, strict=True):
            assert own == pytest.approx([int(name[k : k + 2], 16) for k in (1, 3, 5)], abs=8)


def test_points_of_one_size_are_written_with_one_size() -> None:
    crowd, _ = _found(Scatter(sizes=(80, 80), seed=8))
    assert len(set(crowd.discs.radius)) == 1


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_a_crowded_chart_is_read_as_its_groups(reader: Reader) -> None:
    scatter = Scatter(count=150)
    (axes,) = read_chart(scatter.chart(), reader).axes
    assert [series.type for series in axes.series] == ["points", "points"]
    for series in axes.series:
        assert isinstance(series, Points)
        assert 0.85 * scatter.count < len(series.x) < 1.25 * scatter.count
        assert series.alpha == pytest.approx(scatter.alpha, abs=0.051)


def test_translucent_bars_that_overlap_are_no_crowd(reader: Reader) -> None:
    with plt.rc_context({"backend": "agg"}):
        figure, ax = plt.subplots(figsize=(5, 4), dpi=100)
        random = np.random.default_rng(2)
        for middle in (0, 1):
            ax.hist(random.normal(middle, 1, 500), bins=30, alpha=0.5)
        (axes,) = read_chart(_saved(figure), reader).axes
    assert not any(isinstance(series, Points) for series in axes.series)


def _rough(axes: Axes) -> Axes:
    """An axes with half of its points, moved by two pixels."""
    series = []
    for group in axes.series:
        assert isinstance(group, Points)
        half = slice(None, None, 2)
        moved = tuple(round(x + 0.006, 4) for x in group.x[half])
        fields = {"x": moved, "y": group.y[half], "sizes": group.sizes[half], "colours": group.colours[half]}
        series.append(group.model_copy(update=fields))
    return axes.model_copy(update={"series": tuple(series)})


def test_a_revision_fits_the_points_that_a_draft_lacks(reader: Reader) -> None:
    scatter = Scatter(count=100)
    reference = scatter.chart()
    chart = read_chart(reference, reader)
    rough = chart.model_copy(update={"axes": (_rough(chart.axes[0]),)})
    blank = np.full_like(reference, 255)
    (move,) = crowd_moves(rough, reference, blank, set())
    mended = move.change(rough)
    (axes,) = mended.axes
    for group, true in zip(axes.series, scatter.groups, strict=True):
        assert isinstance(group, Points)
        found = np.stack((group.x, group.y), axis=1)
        # A pixel is 0.003 units of these axes; the legend hides a corner.
        seen = true[:2, (true[0] < 0.8) | (true[1] < 0.75)].T
        assert (cKDTree(found).query(seen)[0] < 0.003).mean() > 0.96
    assert [group.label for group in axes.series if isinstance(group, Points)] == ["of 0", "of 1"]
    assert crowd_moves(rough, reference, blank, {move.reason}) == []
    assert crowd_moves(mended, reference, blank, set()) == []
    code = write(mended)
    assert code.count(".scatter(") == 1
    assert 'edgecolors="none"' in code
    assert "alpha=0.4" in code


def test_code_of_a_crowd_draws_the_crowd(reader: Reader) -> None:
    reference = Scatter(count=100, seed=9).chart()
    chart = read_chart(reference, reader)
    (move,) = crowd_moves(chart, reference, np.full_like(reference, 255), set())
    with plt.rc_context({"backend": "agg"}):
        exec(write(move.change(chart)), {})
        drawn = _saved(plt.gcf())
    assert drawn.shape == reference.shape
    inside = (slice(60, 340), slice(80, 300))
    assert np.abs(drawn[inside].astype(int) - reference[inside]).mean() < 2.0


def test_a_few_points_that_lack_are_told_as_such_and_nothing_else(reader: Reader) -> None:
    reference = Scatter(count=150, seed=10).chart()
    render = Scatter(count=150, seed=10, left_out=6).chart()
    said = compare(reference, render, reader)
    assert "6 of" in said[0].description or "5 of" in said[0].description
    assert "points" in said[0].description
    assert {item.element.of.kind for item in said if item.element and item.element.of} == {"points"}
    assert not any(item.category == "text_error" for item in said)
    assert sum(item.severity for item in said) <= 4


def test_a_group_that_lacks_is_missing(reader: Reader) -> None:
    reference = Scatter(count=150, seed=11).chart()
    render = Scatter(count=150, seed=11, colours=(BLUE,)).chart()
    said = compare(reference, render, reader)
    assert any(item.severity == 3 and item.cause is Cause.MISSING for item in said)


def test_a_crowd_beside_itself_is_silent(reader: Reader) -> None:
    reference = Scatter(count=150, seed=12).chart()
    assert compare(reference, reference.copy(), reader) == []


def test_a_chart_without_a_crowd_is_left_alone() -> None:
    empty = Chart(width=400, height=300)
    assert (
        crowd_moves(empty, np.zeros((300, 400, 3), np.uint8), np.zeros((300, 400, 3), np.uint8), set()) == []
    )
