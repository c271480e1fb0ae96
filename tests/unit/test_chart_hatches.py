"""Hatched bars are bars with a pattern, not the strokes that it is made of."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Bars, Chart
from tests.charts import picture


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _bars(chart: Chart) -> list[Bars]:
    return [series for series in chart.axes[0].series if isinstance(series, Bars)]


def test_stacked_hatched_bars_keep_values_colours_and_patterns(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        ax.bar([1, 2, 3], [3, 5, 2], hatch="//", color="tab:blue", edgecolor="black")
        ax.bar([1, 2, 3], [2, 1, 3], bottom=[3, 5, 2], hatch="..", color="tab:orange", edgecolor="black")

    chart = read_chart(picture(draw), reader)
    assert len(chart.axes[0].series) == 2
    lower, upper = _bars(chart)
    assert (lower.hatch, lower.colour, lower.edge) == ("//", "#1f77b4", "#000000")
    assert (upper.hatch, upper.colour) == ("..", "#ff7f0e")
    assert lower.values == pytest.approx([3, 5, 2], abs=0.05)
    assert upper.values == pytest.approx([2, 1, 3], abs=0.08)
    assert upper.bases == pytest.approx([3, 5, 2], abs=0.08)
    assert 'hatch="//"' in write(chart)


def test_hollow_bars_side_by_side_are_told_by_their_patterns(reader: Reader) -> None:
    patterns = ["/", "x", "\\", "o"]

    def draw(ax: Axes) -> None:
        for k, hatch in enumerate(patterns):
            ax.bar(np.arange(2) + 0.2 * k, [0.9 - 0.1 * k, 0.5 + 0.1 * k], 0.2, hatch=hatch, fill=False)

    bars = _bars(read_chart(picture(draw, (6, 4)), reader))
    assert [b.hatch for b in bars] == patterns
    assert [len(b.values) for b in bars] == [2, 2, 2, 2]
    for k, own in enumerate(bars):
        assert own.values == pytest.approx([0.9 - 0.1 * k, 0.5 + 0.1 * k], abs=0.02)


def test_labels_in_bars_are_no_patterns(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        drawn = ax.bar([1, 2, 3], [320, 500, 208], edgecolor="black", color="white")
        ax.bar_label(drawn, label_type="center")

    assert not any(b.hatch for b in _bars(read_chart(picture(draw), reader)))
