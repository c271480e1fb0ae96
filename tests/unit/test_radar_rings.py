"""What lies round the outlines of a radar chart: filled rings, names, and rings that data hide."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from critic.marks.findings import Scene
from critic.marks.polar_scale import is_slanted
from critic.marks.rings import bands_of, standing
from critic.marks.texts import Text
from critic.marks.web import Web, rings_of
from critic.reading.reader import Reader
from critic.types import Box

WEB = Web(x=150.0, y=150.0, radius=100.0, spokes=6, start=90.0)
RINGS = [20.0, 40.0, 60.0, 80.0, 100.0]
SHADES = ((244, 246, 250), (255, 255, 255))
NAMES = ("Speed", "Range", "Cost", "Weight", "Reach", "Power")


def web_picture(*, banded: bool, hidden: float = 0.0) -> Scene:
    """Round rings and spokes on white, with a disc of data over the inner ones."""
    image = np.full((300, 300, 3), 255, np.uint8)
    for index, ring in enumerate(reversed(RINGS)):
        shade = SHADES[index % 2] if banded else SHADES[1]
        cv2.circle(image, (150, 150), round(ring), shade, -1)
        cv2.circle(image, (150, 150), round(ring), (200, 200, 200), 1)
    for x, y in WEB.points([WEB.radius] * WEB.spokes).round().astype(int).tolist():
        cv2.line(image, (150, 150), (x, y), (200, 200, 200), 1)
    if hidden:
        cv2.circle(image, (150, 150), round(hidden), (31, 119, 180), -1)
    return Scene(image, np.array([255] * 3), (), Reader(), 100.0)


@pytest.mark.parametrize("hidden", [0.0, 50.0])
def test_rings_filled_in_turn_are_read_although_data_hide_some(hidden: float):
    shades = bands_of(web_picture(banded=True, hidden=hidden), WEB, RINGS, polygons=False)
    assert shades == ("#f4f6fa", "#ffffff", "#f4f6fa", "#ffffff", "#f4f6fa")
    assert bands_of(web_picture(banded=False, hidden=hidden), WEB, RINGS, polygons=False) == ()


def test_hidden_rings_stand_at_the_step_of_the_others():
    grey = cv2.cvtColor(web_picture(banded=False, hidden=50.0).image, cv2.COLOR_RGB2GRAY).astype(np.int16)
    assert rings_of(grey, WEB, polygons=False) == pytest.approx(RINGS, abs=1.5)


@pytest.mark.parametrize("beside", [True, False])
def test_names_begin_at_the_spokes_or_have_their_middles_there(beside: bool):
    names = []
    for angle, word in zip(WEB.angles().tolist(), NAMES, strict=True):
        x, y = 150 + 115 * np.cos(angle), 150 - 115 * np.sin(angle)
        half = 4.0 * len(word)
        shift = half * round(np.sign(round(np.cos(angle), 6))) if beside else 0.0
        names.append(Text(text=word, box=Box(x + shift - half, y - 5, x + shift + half, y + 5)))
    assert standing(WEB, names, 100.0) == (beside, pytest.approx(15 * 0.72 - 10.5, abs=0.2))


def test_slim_numbers_are_set_at_a_slant():
    assert is_slanted(Text(text="09", box=Box(0, 0, 30, 30)))
    assert not any(
        is_slanted(Text(text=word, box=Box(0, 0, 6 * len(word), 8))) for word in ("8", "20", "0.2")
    )
