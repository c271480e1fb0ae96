"""Ink that no mark and no axes claims is kept as shapes in place."""

from __future__ import annotations

import numpy as np

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Shape


def test_a_drawing_without_axes_is_kept_as_shapes():
    image = np.full((240, 320, 3), 255, np.uint8)
    for step, (top, inset) in enumerate(((40, 20), (90, 60), (140, 100))):
        image[top : top + 40, inset : 320 - inset] = (30 + 60 * step, 120, 180)
    chart = read_chart(image, Reader())
    shapes = [mark for axes in chart.axes for mark in axes.series if isinstance(mark, Shape)]
    assert {shape.colour for shape in shapes} == {"#1e78b4", "#5a78b4", "#9678b4"}
    assert max(max(shape.x) - min(shape.x) for shape in shapes) == 280
    assert ".fill(" in write(chart)


def test_an_empty_picture_has_no_shapes():
    assert not read_chart(np.full((240, 320, 3), 255, np.uint8), Reader()).axes
