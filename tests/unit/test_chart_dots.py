"""Crowded scatters become as many dots; dotted lines and markers on lines stay lines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Line, Points, Series
from tests.charts import picture


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def series_of(draw: Callable[[PlotAxes], object], reader: Reader) -> tuple[Series, ...]:
    (axes,) = read_chart(picture(draw, (5, 3.75)), reader).axes
    return axes.series


@pytest.mark.parametrize(("size", "count"), [(36, 150), (1, 400)])
def test_a_crowd_is_dots_of_one_size(reader: Reader, size: float, count: int) -> None:
    random = np.random.default_rng(5)
    x, y = random.normal(size=(2, count))
    (points,) = series_of(lambda ax: ax.scatter(x, y, s=size), reader)
    assert isinstance(points, Points)
    assert 0.6 * count < len(points.x) < 1.4 * count
    assert points.sizes[0] == pytest.approx(size, rel=0.35, abs=1)
    # Dots that stand alone on the rim are where they were drawn.
    assert max(points.x) == pytest.approx(max(x), abs=0.05)
    assert min(points.y) == pytest.approx(min(y), abs=0.05)


@pytest.mark.parametrize("edge", ["face", "none"])
@pytest.mark.parametrize("size", [36, 100])
def test_dots_are_as_large_as_they_were_drawn_with_and_without_an_outline(
    reader: Reader, size: float, edge: str
) -> None:
    random = np.random.default_rng(6)
    x, y = random.random((2, 60))
    (points,) = series_of(lambda ax: ax.scatter(x, y, s=size, edgecolors=edge), reader)
    assert isinstance(points, Points)
    assert points.edge == edge
    assert points.sizes[0] == pytest.approx(size, rel=0.05)
    assert min(points.x) == pytest.approx(min(x), abs=0.002)
    assert max(points.y) == pytest.approx(max(y), abs=0.002)


def test_dots_of_many_sizes_are_read_each_with_its_own(reader: Reader) -> None:
    x, y = (v.ravel() for v in np.meshgrid(np.arange(6.0), np.arange(5.0)))
    x, y = x + 0.05 * np.cos(7 * y), y + 0.05 * np.sin(5 * x)
    sizes = np.linspace(30, 300, 30)
    (points,) = series_of(lambda ax: ax.scatter(x, y, s=sizes), reader)
    assert isinstance(points, Points)
    found = [
        int(np.hypot(np.array(points.x) - a, np.array(points.y) - b).argmin())
        for a, b in zip(x, y, strict=True)
    ]
    assert len(set(found)) == 30
    assert np.array(points.sizes)[found] == pytest.approx(sizes, rel=0.08)


def test_a_dotted_line_is_a_line(reader: Reader) -> None:
    series = series_of(lambda ax: ax.plot(np.sin(np.linspace(0, 6, 200)), ":", linewidth=2), reader)
    assert all(isinstance(item, Line) for item in series)


def test_joined_markers_are_a_line(reader: Reader) -> None:
    (line,) = series_of(lambda ax: ax.plot(range(12), np.cos(np.arange(12) / 2), "o-"), reader)
    assert isinstance(line, Line)
    assert line.style == "-"
    assert len(line.x) == 12
