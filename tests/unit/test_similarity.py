"""The likeness of two pictures is the SSIM of the literature, however the picture is cut up to compute it."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from critic.similarity import mean_ssim, similarity, ssim_map
from renderers.types import Image


def noise(height: int, width: int) -> Image:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def changed(image: Image, rows: slice, columns: slice) -> Image:
    other = image.copy()
    other[rows, columns] = 255 - other[rows, columns]
    return other


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (slice(0, 2), slice(0, 2)),
        (slice(30, 34), slice(60, 140)),
        (slice(98, 100), slice(3, 4)),
        (slice(None), slice(None)),
    ],
)
def test_ssim_is_what_scikit_image_computes(rows: slice, columns: slice) -> None:
    first = noise(100, 140)
    second = changed(first, rows, columns)
    options = {"channel_axis": 2, "data_range": 255, "full": True}
    expected, values = structural_similarity(first, second, **options)  # type: ignore[no-untyped-call]
    assert ssim_map(first, second)[3:-3, 3:-3] == pytest.approx(values.mean(axis=2)[3:-3, 3:-3], abs=1e-4)
    assert similarity(first, second) == pytest.approx(max(0.0, expected), abs=1e-5)


def test_windows_without_a_difference_are_exactly_alike() -> None:
    first = noise(100, 140)
    values = ssim_map(first, changed(first, slice(50, 51), slice(70, 71)))
    assert (values[47:54, 67:74] < 1).all()
    values[47:54, 67:74] = 1
    assert (values == 1).all()


def test_the_mean_leaves_out_the_rim() -> None:
    values = np.ones((10, 10), np.float32)
    values[:3], values[:, -3:] = 0, 0
    assert mean_ssim(values) == 1
