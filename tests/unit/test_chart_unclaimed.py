"""Ink that no mark and no axes claims is kept as shapes in place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Shape
from tests.charts import picture


def test_a_drawing_without_axes_is_kept_as_shapes():
    image = np.full((240, 320, 3), 255, np.uint8)
    for step, (top, inset) in enumerate(((40, 20), (90, 60), (140, 100))):
        image[top : top + 40, inset : 320 - inset] = (30 + 60 * step, 120, 180)
    chart = read_chart(image, Reader())
    shapes = [mark for axes in chart.axes for mark in axes.series if isinstance(mark, Shape)]
    assert {shape.colour for shape in shapes} == {"#1e78b4", "#5a78b4", "#9678b4"}
    assert max(max(shape.x) - min(shape.x) for shape in shapes) == 280
    assert ".fill(" in write(chart)


TILES = {"#505372": (200, 40, 320, 200), "#5070dd": (20, 40, 198, 200), "#ff994d": (322, 40, 400, 200)}


def tiles() -> np.ndarray:
    """Tiles of a treemap, a name on one: none of them is an axes, though one is nearly grey."""
    image = np.full((240, 420, 3), 255, np.uint8)
    for colour, (x0, y0, x1, y1) in TILES.items():
        image[y0:y1, x0:x1] = rgb_of(colour)
    cv2.putText(image, "Rent", (230, 130), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 1, cv2.LINE_AA)
    return image


def test_a_filled_tile_among_others_is_no_axes_and_its_name_leaves_no_hole():
    chart = read_chart(tiles(), Reader())
    (axes,) = chart.axes
    assert axes.loose
    shapes = {mark.colour: mark for mark in axes.series if isinstance(mark, Shape)}
    assert set(shapes) == set(TILES)
    for colour, (x0, _, x1, _) in TILES.items():
        assert (min(shapes[colour].x), max(shapes[colour].x)) == pytest.approx((x0, x1), abs=1.5)
        assert len(shapes[colour].x) <= 6
    assert [text.text for text in chart.texts] == ["Rent"]


def test_a_face_with_a_curve_stays_an_axes():
    def plot(ax: PlotAxes) -> None:
        ax.set_facecolor("#e5e5e5")
        ax.plot([0, 3, 1, 4], color="tab:blue")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)

    (axes,) = read_chart(picture(plot), Reader()).axes
    assert not axes.loose
    assert [mark.type for mark in axes.series] == ["line"]


def test_an_empty_picture_has_no_shapes():
    assert not read_chart(np.full((240, 320, 3), 255, np.uint8), Reader()).axes
