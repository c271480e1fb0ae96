"""Radar charts: found by their spokes, read from their outlines, written as polar axes, compared."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest

from agent.generators.embedded.chart.code import write
from critic.marks.polar import Polar
from critic.marks.radar import Radar
from critic.pixel.chart import compare
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes
from critic.types import Cause
from renderers.pictures import load_picture
from renderers.types import Image
from tests.charts import picture

NAMES = ["Speed", "Power", "Range", "Cost", "Weight", "Comfort"]
FIRST, SECOND = (7.0, 5.0, 8.0, 4.0, 6.0, 9.0), (4.0, 8.0, 3.0, 7.0, 9.0, 5.0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def drawn(*outlines: tuple[float, ...], polygons: bool = False, up: bool = True) -> Image:
    """Outlines round a centre, on rings that are round or polygons."""
    figure = plt.figure(figsize=(6, 5), dpi=100)
    ax = figure.add_axes((0.15, 0.12, 0.7, 0.76), projection="polar")
    if up:
        ax.set_theta_offset(np.pi / 2)  # type: ignore[attr-defined]
        ax.set_theta_direction(-1)  # type: ignore[attr-defined]
    count = len(outlines[0])
    angles = np.linspace(0, 2 * np.pi, count + 1)
    for values, shade in zip(outlines, ("tab:blue", "tab:orange"), strict=False):
        ax.plot(angles, [*values, values[0]], color=shade)
        ax.fill(angles, [*values, values[0]], color=shade, alpha=0.25, linewidth=0)
    ax.set_xticks(angles[:-1], NAMES[:count])
    ax.set_ylim(0, 10)
    if polygons:
        ax.grid(False, axis="y")
        ax.spines["polar"].set_visible(False)
        for ring in (2, 4, 6, 8, 10):
            ax.plot(angles, [ring] * (count + 1), color="#b0b0b0", linewidth=0.8, zorder=0.5)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    return load_picture(file.getvalue())


def radar_in(image: Image, reader: Reader) -> tuple[Axes, list[Radar]]:
    """The only axes and its outlines."""
    (axes,) = read_chart(image, reader).axes
    assert isinstance(axes.projection, Polar)
    assert all(isinstance(mark, Radar) for mark in axes.series)
    return axes, [mark for mark in axes.series if isinstance(mark, Radar)]


@pytest.mark.parametrize(("polygons", "count"), [(True, 6), (False, 5)])
def test_values_are_read_within_a_hundredth_of_the_range(polygons: bool, count: int, reader: Reader):
    axes, marks = radar_in(drawn(FIRST[:count], SECOND[:count], polygons=polygons), reader)
    assert axes.projection.polygons is polygons
    by_colour = {mark.colour: mark for mark in marks}
    for shade, true in (("#1f77b4", FIRST), ("#ff7f0e", SECOND)):
        assert by_colour[shade].values == pytest.approx(true[:count], abs=0.1)
        assert by_colour[shade].fill == pytest.approx(0.25, abs=0.03)
    assert (axes.y.low, axes.y.high) == (0.0, 10.0)
    assert [tick.label for tick in axes.x.ticks].count("") == 0


def test_the_code_draws_polar_axes_that_read_the_same(reader: Reader):
    image = drawn(FIRST)
    chart = read_chart(image, reader)
    code = write(chart)
    assert 'projection="polar"' in code
    space: dict[str, object] = {}
    exec(code.replace("plt.show()", "figure = fig"), space)
    file = io.BytesIO()
    space["figure"].savefig(file, format="png")  # type: ignore[attr-defined]
    plt.close("all")
    _, (again,) = radar_in(load_picture(file.getvalue()), reader)
    assert again.values == pytest.approx(FIRST, abs=0.15)


def test_another_value_is_named_with_both_numbers(reader: Reader):
    found = compare(drawn(FIRST), drawn((7.0, 5.0, 5.0, 4.0, 6.0, 9.0)), reader)
    (said,) = [item for item in found if item.cause is Cause.VALUE]
    assert str(said.element).startswith("value 3 of radar")
    assert said.reference == pytest.approx(8.0, abs=0.1)
    assert said.render == pytest.approx(5.0, abs=0.1)


def test_pies_and_lines_are_no_radars(reader: Reader):
    for image in (
        picture(lambda ax: ax.pie([3, 4, 5])),
        picture(lambda ax: ax.plot([0, 1, 2], [0, 2, 1], "o-")),
    ):
        assert not any(isinstance(axes.projection, Polar) for axes in read_chart(image, reader).axes)


def test_thinner_and_thicker_outlines_are_tried():
    mark = Radar(colour="#1f77b4", values=FIRST, width=1.5)
    assert [variant.width for _, variant in mark.variants()] == [1.0, 2.0]


def test_an_odd_polygon_on_its_side_is_a_web(reader: Reader) -> None:
    _, (mark,) = radar_in(drawn(FIRST[:5], polygons=True, up=False), reader)
    assert sorted(mark.values) == pytest.approx(sorted(FIRST[:5]), abs=0.1)
