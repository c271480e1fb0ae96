"""Photographs are told from drawings, and tables and pages from charts, by how they are made up."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from agent.choices import kind_found
from agent.errors import InputError
from critic.reading import Reader
from critic.reading.kind import KindGuess, detect_kind
from critic.reading.layout import celled, has_sidebar, stacked
from critic.reading.photograph import is_photographic, shaded
from critic.types import Box
from renderers.types import Image, Kind
from tests.charts import picture

WHITE = np.full((300, 480, 3), 255, np.uint8)


def photograph(height: int = 240, width: int = 320) -> Image:
    """Light and shade of all sizes, with the grain of a sensor."""
    rng = np.random.default_rng(5)
    image = np.zeros((height, width, 3), np.float32)
    for cells in (4, 9, 20, 60):
        part = rng.normal(0, 30, (cells, cells, 3)).astype(np.float32)
        image += cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(120 + image + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def ruled(rows: int = 5, columns: int = 4) -> tuple[Image, list[Box]]:
    """A ruled table and the boxes of its texts."""
    image, boxes = WHITE.copy(), []
    for row in range(rows + 1):
        image[30 + 40 * row, 40 : 41 + 90 * columns] = 0
    for column in range(columns + 1):
        image[30 : 31 + 40 * rows, 40 + 90 * column] = 0
    for row in range(rows):
        for column in range(columns):
            x, y = 50 + 90 * column, 55 + 40 * row
            cv2.putText(image, "cell", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
            boxes.append(Box(float(x), y - 11.0, x + 34.0, float(y)))
    return image, boxes


def test_a_photograph_is_of_no_kind() -> None:
    guess = detect_kind(photograph(), Reader())
    assert guess.photo
    with pytest.raises(InputError, match=r"lake\.png: a photograph .* name a kind"):
        kind_found(guess, "lake.png")


def test_a_drawing_is_no_photograph() -> None:
    assert not is_photographic(picture(lambda ax: ax.plot([1, 2, 0])))
    gradient = np.repeat(np.linspace(0, 255, 300).astype(np.uint8)[:, None, None], 300, axis=1)
    assert not is_photographic(np.repeat(gradient, 3, axis=2))


def test_a_kind_that_was_found_is_passed_on() -> None:
    assert kind_found(KindGuess(kind=Kind.TABLE, confidence=0.9, reason="rules"), "a.png") is Kind.TABLE


@pytest.mark.parametrize("degrees", [0.0, 1.0, 1.6])
def test_texts_in_ruled_cells_are_seen_askew_too(degrees: float) -> None:
    image, boxes = ruled()
    turn = cv2.getRotationMatrix2D((240.0, 150.0), degrees, 1.0)
    turned = cv2.warpAffine(image, turn, (480, 300), borderValue=(255, 255, 255))
    middles = [np.array([(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2, 1.0]) for b in boxes]
    there = [Box(x - 15, y - 5, x + 15, y + 5) for x, y in (turn @ middle for middle in middles)]
    assert celled(np.asarray(turned, dtype=np.uint8), there) > 0.9


def test_the_labels_of_a_chart_stand_in_no_cells() -> None:
    image = picture(lambda ax: (ax.plot([1, 2, 0]), ax.grid(True)), (4, 3))
    labels = [Box(20.0, 20.0 + 40 * row, 44.0, 32.0 + 40 * row) for row in range(6)]
    assert celled(image, labels) == 0.0


def test_a_strip_of_another_colour_with_texts_is_a_sidebar() -> None:
    image = WHITE.copy()
    image[:, :100] = (30, 40, 60)
    texts = [Box(10.0, 20.0 + 30 * row, 80.0, 34.0 + 30 * row) for row in range(4)]
    assert has_sidebar(image, texts)
    assert has_sidebar(image[:, ::-1], [Box(480 - b.x1, b.y0, 480 - b.x0, b.y1) for b in texts])
    assert not has_sidebar(image, []) and not has_sidebar(WHITE, texts)


def test_lines_below_each_other_are_stacked() -> None:
    block = [Box(20.0, 20.0 * row, 200.0 + row, 20.0 * row + 12) for row in range(6)]
    ticks = [Box(30.0 + 60 * place, 200.0, 50.0 + 60 * place, 212.0) for place in range(6)]
    assert stacked(block, 12.0) == 1.0
    assert stacked(ticks, 12.0) == 0.0


def test_a_photograph_among_text_is_found() -> None:
    image = WHITE.copy()
    image[48:112, 48:112] = photograph(64, 64)
    assert 0.02 < shaded(image) < 0.06
    assert shaded(WHITE) == 0.0
