"""Thin lines, which no pixel shows in their own colour, are found by the colours that the legend names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Line
from renderers.pictures import load_picture
from tests.charts import picture


def test_every_thin_line_of_a_small_picture_is_read_in_its_own_colour() -> None:
    x = np.linspace(0, 5, 40)

    def draw(ax: Axes) -> None:
        for k in range(5):
            ax.plot(x, np.exp(-x * k / 3), linewidth=0.7, label=f"rate {k}")
        ax.legend(loc="center right")

    series = read_chart(picture(draw, (4.5, 3.2)), Reader()).axes[0].series
    lines = {item.label: item for item in series if isinstance(item, Line)}
    assert sorted(lines) == [f"rate {k}" for k in range(5)]
    colours = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"]
    for k, colour in enumerate(colours):
        line = lines[f"rate {k}"]
        assert np.abs(rgb_of(line.colour) - rgb_of(colour)).max() < 24
        assert np.abs(np.interp(line.x, x, np.exp(-x * k / 3)) - line.y).max() < 0.03


def test_a_handle_that_is_blended_names_no_second_line(pictures: Path) -> None:
    series = read_chart(load_picture(pictures / "chart" / "two_lines.png"), Reader()).axes[0].series
    assert sorted(line.label for line in series if isinstance(line, Line)) == ["horse", "pig"]
