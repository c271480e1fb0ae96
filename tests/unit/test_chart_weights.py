"""Bold titles and labels of charts: told by their ink, and written so."""

from __future__ import annotations

import numpy as np
import pytest

from agent.generators.embedded.chart.code import write
from critic.marks.texts import Text
from critic.reading.chart.description import Axes, Chart, LinearScale
from critic.reading.chart.glyphs import ink
from critic.reading.chart.settle import polished
from critic.types import Box
from renderers.types import Image

WORDS = "Date in 2009"


def written(size: float, *, bold: bool, upright: bool = True) -> tuple[Image, Box]:
    """Black words on white, and the box of their ink."""
    letters = 255 - ink(WORDS, size, bold=bold).pixels
    letters = letters if upright else np.rot90(letters)
    high, wide = letters.shape
    image = np.full((high + 20, wide + 20, 3), 255, np.uint8)
    image[10 : 10 + high, 10 : 10 + wide] = letters[..., None]
    return image, Box(10.0, 10.0, 10.0 + wide, 10.0 + high)


@pytest.mark.parametrize("size", [8.0, 10.0, 12.0, 14.0])
@pytest.mark.parametrize("upright", [True, False])
@pytest.mark.parametrize("bold", [True, False])
def test_the_weight_and_size_of_a_text_are_told_by_its_ink(size: float, upright: bool, bold: bool):
    image, box = written(size, bold=bold, upright=upright)
    measured = Text(text=WORDS, box=box, size=size, rotation=0.0 if upright else 90.0)
    found = polished(image, measured, 100.0)
    assert (found.text, found.bold, found.size) == (WORDS, bold, size)


def test_what_a_document_says_is_not_mended():
    image, box = written(14.0, bold=False)
    short = Text(text=WORDS.replace("i", ""), box=box, size=14.0)
    assert polished(image, short, 100.0).text == WORDS
    assert polished(image, short.model_copy(update={"told": True}), 100.0).text == short.text


def test_titles_and_labels_are_written_in_their_weight():
    heavy = Text(text=WORDS, box=Box(100, 200, 180, 210), bold=True)
    light = heavy.model_copy(update={"bold": False})
    axes = Axes(
        box=Box(50, 50, 300, 180), x=LinearScale(), y=LinearScale(), title=light, x_label=heavy, y_label=light
    )
    code = write(Chart(width=320, height=240, axes=(axes,)))
    bold = [line for line in code.splitlines() if 'fontweight="bold"' in line]
    assert len(bold) == 1 and "set_xlabel" in bold[0]
