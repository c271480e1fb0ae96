"""Which of two renders is nearer, whatever the layout."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from critic.closeness import nearer

SIZE = (320, 200)


def page(title: str, shift: int = 0, scale: float = 1.0, bars: int = 4) -> np.ndarray:
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    draw.text((60 + shift, 10 + shift), title, fill="black", font_size=16 * scale)
    for number in range(bars):
        left = 30 + 60 * number + shift
        draw.rectangle((left, 60 + 20 * number + shift, left + 40, 180 + shift), fill="navy")
    return np.asarray(image)


@pytest.mark.parametrize(
    ("fault", "shift"),
    [
        *(
            (fault, shift)
            for fault in ({"title": ""}, {"bars": 3}, {"bars": 2, "title": "Rain"})
            for shift in (0, 2, 4)
        ),
        ({"title": "Exports"}, 0),
        ({"title": "Exports"}, 2),
    ],
)
def test_a_repair_is_nearer_also_where_everything_lies_elsewhere(fault: dict, shift: int) -> None:
    reference = page("Revenue")
    wrong = page(**{"title": "Revenue", **fault}, shift=shift)
    right = page("Revenue", shift=shift)
    assert sum(nearer(reference, wrong, right)) > 0.3
    assert sum(nearer(reference, right, wrong)) < -0.3


def test_equal_renders_say_nothing_and_a_pixel_says_little() -> None:
    reference, wrong = page("Revenue"), page("Revenue", bars=3)
    assert nearer(reference, wrong, wrong) == (0.0, 0.0)
    speck = reference.copy()
    speck[150, 5] = (255, 0, 0)
    assert -0.1 < sum(nearer(reference, reference, speck)) < 0.0


def test_renders_of_other_sizes_and_large_pictures_are_compared() -> None:
    large = np.repeat(np.repeat(page("Revenue"), 10, 0), 10, 1)
    worse = np.repeat(np.repeat(page("Revenue", bars=2), 5, 0), 5, 1)
    assert sum(nearer(large, worse, large)) > 1.5
