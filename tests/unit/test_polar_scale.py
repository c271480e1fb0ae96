"""Values along the spokes of radar charts: told by numbers that stand anywhere beside the rings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from critic.marks.polar import Polar
from critic.marks.polar_scale import radial
from critic.marks.scales import CategoryScale, LinearScale, Tick
from critic.marks.texts import Text
from critic.marks.web import Web
from critic.types import Box

WEB = Web(x=200.0, y=200.0, radius=160.0, spokes=5, start=90.0)
RINGS = [32.0, 64.0, 96.0, 128.0, 160.0]


def numbers(
    angle: float, aside: tuple[float, float] = (0.0, 0.0), step: float = 10.0, low: float = 0.0
) -> list[Text]:
    """What stands at the rings at an angle, moved aside by pixels across and down."""
    found = []
    for index, radius in enumerate(RINGS):
        x = WEB.x + radius * np.cos(np.radians(angle)) + aside[0]
        y = WEB.y - radius * np.sin(np.radians(angle)) + aside[1]
        words = f"{low + step * (index + 1):g}"
        half = 3 * len(words)
        found.append(Text(text=words, box=Box(x - half, y - 4, x + half, y + 4), size=9.0))
    return found


@given(
    st.floats(0, 359),
    st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    st.sampled_from([0.2, 1.0, 10.0, 25.0]),
    st.sampled_from([0, -1, 1]),
)
@settings(max_examples=40, deadline=None)
def test_values_are_read_wherever_the_numbers_stand(
    angle: float, aside: tuple[float, float], step: float, first: int
):
    scale, _ = radial(WEB, RINGS, numbers(angle, aside, step, low=first * step))
    assert scale.low == pytest.approx(first * step, abs=0.05 * step)
    assert scale.high == pytest.approx((first + 5) * step, abs=0.05 * step)
    assert [tick.value for tick in scale.ticks] == pytest.approx(
        [first * step + step * k for k in range(1, 6)], abs=0.05 * step
    )


@pytest.mark.parametrize("wrong", [0, 2, 4])
def test_a_misread_number_changes_nothing(wrong: int):
    texts = numbers(30.0, (8.0, -6.0))
    texts[wrong] = texts[wrong].model_copy(update={"text": "0."})
    scale, _ = radial(WEB, RINGS, texts)
    assert (scale.low, scale.high) == (0.0, 50.0)


def test_without_numbers_values_are_shares_of_the_radius():
    scale, angle = radial(WEB, RINGS, [])
    assert (scale.low, scale.high, angle) == (0.0, 1.0, None)
    assert [tick.value for tick in scale.ticks] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert not any(tick.label for tick in scale.ticks)


def test_numbers_are_written_at_the_angle_where_they_stand():
    scale, angle = radial(WEB, RINGS, numbers(22.5, (7.0, -5.0)))  # as matplotlib puts them
    assert angle == pytest.approx(22.5, abs=1.5)
    names = CategoryScale(low=0.0, high=5.0, ticks=tuple(Tick(pixel=k, value=k, label="n") for k in range(5)))
    for start, clockwise, written in ((0.0, False, 22.5), (90.0, True, 67.5), (0.0, True, 337.5)):
        polar = Polar(start=start, clockwise=clockwise, numbers_at=22.5)
        assert f"ax.set_rlabel_position({written:g})" in polar.code("ax", names, scale, (300, 300), "#000000")


def test_the_rim_has_a_colour_of_its_own():
    polar = Polar(grid="#cccccc", rim="#202020")
    code = "\n".join(polar.code("ax", CategoryScale(), LinearScale(), (300, 300), "#000000"))
    assert 'spines["polar"].set_color("#202020")' in code
    assert 'ax.grid(color="#cccccc"' in code
