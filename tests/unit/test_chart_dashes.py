"""Broken lines: their widths, their courses and their patterns are those they were drawn with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Line
from tests.charts import picture

_X = np.linspace(0, 10, 200)


def _lines(draw: Callable[[Axes], object], inches: tuple[float, float] = (4, 3)) -> list[Line]:
    chart = read_chart(picture(draw, inches), Reader())
    return [series for series in chart.axes[0].series if isinstance(series, Line)]


@pytest.mark.parametrize(("style", "width"), [("--", 2.5), (":", 1.5), ("-.", 1.5)])
def test_a_steep_broken_curve_has_the_width_and_the_course_it_was_drawn_with(
    style: str, width: float
) -> None:
    def draw(ax: Axes) -> None:
        ax.plot(_X, np.sin(_X), linestyle=style, linewidth=width)

    (line,) = _lines(draw)
    assert line.style == style and not line.dashes
    assert line.width == pytest.approx(width, abs=0.3)
    assert len(line.x) < 90
    assert np.abs(np.interp(line.x, _X, np.sin(_X)) - line.y).max() < 0.03
    assert line.x[0] == pytest.approx(0, abs=0.1) and line.x[-1] == pytest.approx(10, abs=0.1)


def test_broken_curves_that_cross_stay_one_line_each() -> None:
    def draw(ax: Axes) -> None:
        for step, style in enumerate(("-", "--", ":", "-.")):
            ax.plot(_X, np.sin(_X + step / 2) + 0.3 * step, style)

    lines = _lines(draw, (6.4, 4.8))
    assert sorted(line.style for line in lines) == ["-", "--", "-.", ":"]
    for line in lines:
        assert line.x[0] == pytest.approx(0, abs=0.15) and line.x[-1] == pytest.approx(10, abs=0.15)


def test_a_solid_line_that_others_cross_is_not_broken() -> None:
    def draw(ax: Axes) -> None:
        ax.plot(_X, np.exp(_X / 3), color="tab:red")
        ax.plot(_X, 14 + 14 * np.sin(2 * np.pi * _X), color="tab:blue")

    assert {line.style for line in _lines(draw, (6.4, 4.8))} == {"-"}


@pytest.mark.parametrize("dashes", [(5.0, 5.0), (3.0, 5.0, 1.0, 5.0)])
def test_a_pattern_of_its_own_is_written_as_one(dashes: tuple[float, ...]) -> None:
    def draw(ax: Axes) -> None:
        ax.plot([0, 1, 2, 3], [0, 2, 1, 3], linestyle=(0, dashes), linewidth=2)

    image = picture(draw)
    chart = read_chart(image, Reader())
    (line,) = chart.axes[0].series
    assert isinstance(line, Line)
    assert line.dashes == pytest.approx(dashes, abs=0.6)
    assert "linestyle=(0, (" in write(chart)


def test_dashes_that_the_reader_of_texts_takes_for_letters_are_no_texts() -> None:
    def draw(ax: Axes) -> None:
        ax.plot(_X, np.sin(_X), linestyle="--", linewidth=2.5)
        ax.text(4, 0.8, "peak 1")

    chart = read_chart(picture(draw, (6.4, 4.8)), Reader())
    assert [text.text for text in chart.axes[0].texts] == ["peak 1"]
