"""Scans and photographs made straight; what a program drew stays as it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from critic.reading.straight import straightened
from renderers.pictures import load_picture

FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
INK = 128


def table(rules: bool = True):
    """A table of five rows as a program draws it."""
    picture = PILImage.new("RGB", (640, 360), "white")
    pen, face = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 15)
    for row in range(6):
        if rules:
            pen.line((40, 40 + 50 * row, 600, 40 + 50 * row), fill="black")
        for column in range(4 if row < 5 else 0):
            pen.text((60 + 140 * column, 56 + 50 * row), f"{row + 1}{column} item", fill="black", font=face)
    return np.asarray(picture)


def turned(picture, degrees: float):
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def scanned(picture):
    """Paper with grain, and a shadow over its right half."""
    light = np.linspace(235, 150, picture.shape[1])[None, :, None]
    grain = np.random.default_rng(1).normal(0, 4, picture.shape)
    return np.clip(picture / 255 * light + grain, 0, 255).astype(np.uint8)


def photographed(sheet):
    """It on a dark desk at a slant, and the corners at which it lies there."""
    corners = np.array([[60, 50], [700, 90], [660, 470], [90, 430]], np.float32)
    there = np.array([[0, 0], [640, 0], [640, 360], [0, 360]], np.float32)
    change = cv2.getPerspectiveTransform(there, corners)
    desk = cv2.warpPerspective(sheet, change, (760, 520), borderValue=(60, 50, 45))
    grain = np.random.default_rng(2).normal(0, 3, desk.shape)
    return np.clip(desk.astype(float) + grain, 0, 255).astype(np.uint8), corners


@pytest.mark.parametrize("rules", [True, False])
@pytest.mark.parametrize("degrees", [-5.0, -1.0, 1.0, 2.5, 5.0])
def test_rows_are_level_again(degrees, rules):
    straight, correction = straightened(turned(table(rules), degrees))
    assert correction is not None and correction.degrees == pytest.approx(-degrees, abs=0.15)
    assert not correction.evened
    rows = (straight.min(axis=2) < INK).any(axis=1)
    assert 5 <= np.count_nonzero(np.diff(rows.astype(int)) == 1) <= 11  # rows of text, with rules between


def test_light_is_evened_and_ink_stays_dark():
    straight, correction = straightened(scanned(table()))
    assert correction is not None and correction.evened and correction.degrees == 0
    paper = straight[:30].mean(), straight[:, 620:].mean()
    assert min(paper) > 250 and straight.min() < 90


def test_a_sheet_seen_at_a_slant_is_a_rectangle():
    picture, corners = photographed(table())
    straight, correction = straightened(picture)
    assert correction is not None and len(correction.corners) == 4
    assert np.abs(np.array(correction.corners) - corners).max() < 6
    assert abs(straight.shape[1] / straight.shape[0] - 640 / 360) < 0.15


def test_what_is_drawn_stays_as_it_is(root):
    for kind in ("chart", "table", "page", "svg"):
        for path in sorted((root / "examples" / "pictures" / kind).glob("*.png"))[:2]:
            picture = load_picture(path)
            straight, correction = straightened(picture)
            assert correction is None and straight is picture, path


def test_a_photograph_of_no_document_stays_as_it_is():
    noise = np.random.default_rng(3).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    picture = cv2.resize(noise, (640, 480), interpolation=cv2.INTER_CUBIC)
    assert straightened(picture)[1] is None
