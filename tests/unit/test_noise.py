"""Pictures that were stored with losses are read as what they were."""

from __future__ import annotations

import asyncio
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image as PILImage

from critic.pixel import PixelCritic
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.noise import is_noisy, without_noise
from critic.similarity import similarity
from renderers.pictures import load_picture
from renderers.types import Image, Kind


def drawn(line: bool = False) -> Image:
    figure, axes = plt.subplots(figsize=(6, 4), dpi=100)
    if line:
        axes.plot([0, 1, 2, 3], [1, 3, 2, 4], linewidth=2)
        axes.grid(True)
    else:
        axes.bar([0, 1, 2], [12, 30, 21], 0.4)
        axes.bar([0.4, 1.4, 2.4], [18, 9, 26], 0.4)
    axes.set_title("Sales by region")
    file = io.BytesIO()
    figure.savefig(file)
    plt.close(figure)
    return load_picture(file.getvalue())


def stored(image: Image, quality: int) -> Image:
    file = io.BytesIO()
    PILImage.fromarray(image).save(file, "jpeg", quality=quality)
    return load_picture(file.getvalue())


@pytest.mark.parametrize("line", [False, True])
@pytest.mark.parametrize("quality", [60, 85])
def test_a_lossy_picture_comes_nearer_to_what_it_was(line, quality):
    image = drawn(line)
    lossy = stored(image, quality)
    assert is_noisy(lossy)
    assert similarity(image, without_noise(lossy)) > similarity(image, lossy) + 0.003


def test_exact_pictures_stay_as_they_are(pictures):
    for path in [*pictures.glob("chart/*.png"), *pictures.glob("svg/*.png")]:
        image = load_picture(path)
        assert without_noise(image) is image


def test_tinted_lines_on_a_tinted_face_are_no_noise():
    with plt.style.context("Solarize_Light2"):
        image = drawn(line=True)
    assert not is_noisy(image)
    assert is_noisy(stored(image, 95))


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (60, 60)])
def test_any_picture_is_taken(shape):
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3)).astype(np.uint8)
    assert without_noise(noise).shape == noise.shape


@pytest.mark.parametrize("quality", [70, 90])
def test_bars_are_read_through_the_noise(quality):
    reader = Reader()
    (axes,) = read_chart(stored(drawn(), quality), reader).axes
    assert axes.title is not None and axes.title.text == "Sales by region"
    assert [series.type for series in axes.series] == ["bars", "bars"]
    found = sorted(tuple(round(value) for value in series.values) for series in axes.series)
    assert found == [(12, 30, 21), (18, 9, 26)]


def test_noise_is_no_discrepancy():
    image = drawn()
    said = asyncio.run(PixelCritic(Reader()).critique(Kind.CHART, stored(image, 85), image))
    assert [item.description for item in said.discrepancies if item.severity > 1] == []
