"""Tick labels and the labels of axes stand where they are seen, not at matplotlib's distances."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes as Read
from tests.charts import picture


def _read(pad: float, label_pad: float, length: float) -> Read:
    def draw(ax: Axes) -> None:
        ax.bar(["Kiel", "Bonn", "Mainz"], [12, 20, 15])
        ax.tick_params(pad=pad, length=length)
        ax.set_xlabel("Place", labelpad=label_pad)
        ax.set_ylabel("Height", labelpad=label_pad)
        ax.set_position((0.2, 0.25, 0.7, 0.65))

    (axes,) = read_chart(picture(draw, (6, 4)), Reader()).axes
    return axes


def test_distances_are_measured_where_they_are_not_matplotlibs() -> None:
    axes = _read(9, 12, 0)
    assert (axes.x.pad, axes.y.pad) == pytest.approx((9, 9), abs=1.2)
    assert axes.x_label is not None
    assert axes.y_label is not None
    # Eight points more than the usual four, at 100 dots per inch.
    assert axes.x_label.nudge[1] == pytest.approx(8 * 100 / 72, abs=2)
    assert axes.y_label.nudge[0] == pytest.approx(-8 * 100 / 72, abs=2)


def test_matplotlibs_own_distances_are_not_written() -> None:
    axes = _read(3.5, 4, 3.5)
    assert (axes.x.pad, axes.y.pad) == (3.5, 3.5)
    assert axes.x_label is not None
    assert axes.y_label is not None
    assert (axes.x_label.nudge, axes.y_label.nudge) == ((0.0, 0.0), (0.0, 0.0))
