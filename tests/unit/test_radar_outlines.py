"""Outlines of radar charts, drawn on small arrays: values, widths, markers, fillings and order."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from critic.marks.findings import Scene
from critic.marks.outlines import read_outlines
from critic.marks.radar import Radar
from critic.marks.scales import LinearScale
from critic.marks.web import Web
from critic.reading.chart.colours import rgb_of
from critic.reading.reader import Reader

WEB = Web(x=150.0, y=150.0, radius=120.0, spokes=5, start=90.0)
SCALE = LinearScale(low=0.0, high=12.0)
BLUE, ORANGE = "#1f77b4", "#ff7f0e"
SPIKED, EVEN = (11.0, 5.0, 9.0, 4.0, 7.0), (6.0, 9.0, 5.0, 10.0, 4.0)


FINE = 8
"""Times as large as they are read outlines are drawn, so that their rims are blended as they should be."""


def picture(*outlines: Radar) -> Scene:
    """Outlines drawn over each other on white, the last on top."""
    image = np.full((300 * FINE, 300 * FINE, 3), 255, np.uint8)
    pixels = FINE * 100 / 72
    for outline in outlines:
        corners = WEB.points([10 * value for value in outline.values])
        at = ((corners + 0.5) * FINE).round().astype(np.int32)
        colour = rgb_of(outline.colour).tolist()
        filled = cv2.fillPoly(image.copy(), [at], colour)
        image = cv2.addWeighted(filled, outline.fill, image, 1 - outline.fill, 0)
        cv2.polylines(image, [at], True, colour, round(outline.width * pixels))
        for corner in at.tolist() if outline.marker else ():
            # As matplotlib draws it, with a line of a point round it.
            cv2.circle(image, corner, round((outline.marker_size + 1) * pixels / 2), colour, -1)
    small = cv2.resize(image, (300, 300), interpolation=cv2.INTER_AREA)
    return Scene(np.asarray(small, np.uint8), np.array([255, 255, 255]), (), Reader(), 100.0)


@pytest.mark.parametrize("width", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("fill", [0.0, 0.25, 0.5])
def test_values_and_filling_of_an_outline_are_read(width: float, fill: float):
    (read,) = read_outlines(picture(Radar(colour=BLUE, values=SPIKED, width=width, fill=fill)), WEB, SCALE)
    assert read.values == pytest.approx(SPIKED, abs=0.12)
    assert read.fill == pytest.approx(fill, abs=0.03)
    assert read.width == pytest.approx(width, abs=0.51)
    assert not read.marker


def test_markers_are_told_from_corners():
    marked = Radar(colour=BLUE, values=EVEN, width=1.5, marker="o", marker_size=6.0)
    (read,) = read_outlines(picture(marked), WEB, SCALE)
    assert (read.marker, read.marker_size) == ("o", pytest.approx(6.0, abs=0.8))
    assert read.width == pytest.approx(1.5, abs=0.5)


@pytest.mark.parametrize("fill", [0.25, 0.5])
def test_an_outline_below_a_filling_is_read_and_stays_below(fill: float):
    one, other = (
        Radar(colour=shade, values=values, fill=fill) for shade, values in ((BLUE, SPIKED), (ORANGE, EVEN))
    )
    for below, above in ((one, other), (other, one)):
        read = read_outlines(picture(below, above), WEB, SCALE)
        assert [mark.colour for mark in read] == [below.colour, above.colour]
        for mark, true in zip(read, (below, above), strict=True):
            assert mark.values == pytest.approx(true.values, abs=0.3)
            assert mark.fill == pytest.approx(fill, abs=0.05)


def test_what_does_not_go_all_round_is_no_outline():
    image = picture().image.copy()
    (x, y), (u, v) = WEB.points([90.0] * 5)[:2].round().astype(int).tolist()
    cv2.line(image, (x, y), (u, v), rgb_of(BLUE).tolist(), 2)
    assert read_outlines(Scene(image, np.array([255] * 3), (), Reader(), 100.0), WEB, SCALE) == []
