"""The kind of a picture, from its pixels."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import font_manager
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from critic.reading import Reader
from critic.reading.kind import KindGuess, detect_kind
from renderers.types import Image, Kind

Draw = Callable[[ImageDraw.ImageDraw], None]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), size)


def _drawn(
    width: int, height: int, draw: Callable[[ImageDraw.ImageDraw], None], ground: str = "white"
) -> Image:
    picture = PILImage.new("RGB", (width * 2, height * 2), ground)
    draw(ImageDraw.Draw(picture))
    return np.asarray(picture.resize((width, height), PILImage.Resampling.LANCZOS))


def _figure(draw: Callable[[plt.Axes], None], size: tuple[float, float] = (5.0, 4.0)) -> Image:
    figure, axes = plt.subplots(figsize=size)
    draw(axes)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    plt.close(figure)
    return pixels


def _icon(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((40, 40, 600, 600), fill="#ffcc4d")
    draw.ellipse((200, 200, 260, 300), fill="#664500")
    draw.ellipse((380, 200, 440, 300), fill="#664500")
    draw.arc((180, 240, 460, 500), 20, 160, fill="#664500", width=30)


def _line_icon(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((20, 20, 230, 230), 40, outline="black", width=18)
    draw.line((60, 180, 120, 90, 190, 160), fill="black", width=18)


def _table(draw: ImageDraw.ImageDraw) -> None:
    for row in range(6):
        draw.line((10, 20 + row * 56, 1000, 20 + row * 56), fill="#999", width=2)
        for column in range(4):
            text = ["Name", "Mean", "Low", "High"][column] if row == 0 else f"{row * 7.31 + column:.2f}"
            draw.text((30 + column * 250, 32 + row * 56), text, fill="black", font=_font(28))


def _striped_table(draw: ImageDraw.ImageDraw) -> None:
    """Long texts on several lines, rows told by their fills alone."""
    top = 20
    for row, lines in enumerate((1, 4, 2, 3, 2)):
        draw.rectangle(
            (20, top, 1180, top + 30 + 40 * lines),
            fill=("#2b6cb0", "#ffffff", "#f0f0f0")[row and 1 + row % 2],
        )
        for line in range(lines):
            text = "The setting is read once, when the server starts" if row else "Meaning of the setting"
            draw.text((420, top + 15 + 40 * line), text, fill="black" if row else "white", font=_font(28))
        draw.text((40, top + 15), f"option_{row}" if row else "Name", fill="black", font=_font(28))
        top += 30 + 40 * lines


def _box_plots() -> Image:
    figure, panels = plt.subplots(2, 3, figsize=(6, 6))
    for number, axes in enumerate(panels.flat):
        axes.boxplot([[1, 2, 4 + number], [2, 3, 6], [3, 4, 5]], tick_labels=["A", "B", "C"])
        axes.set_title(f"case {number}")
        axes.set_yticklabels([])
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    plt.close(figure)
    return pixels


def _page(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 1600, 120), fill="#123456")
    draw.text((40, 36), "Home     About     Contact", fill="white", font=_font(36))
    draw.text((40, 180), "Keeping bees in a small garden", fill="black", font=_font(72))
    for line in range(7):
        text = "A hive wants morning sun, shelter from the wind and water close by."
        draw.text((40, 320 + line * 60), text, fill="#333", font=_font(32))


CASES: dict[str, tuple[Callable[[], Image], Kind]] = {
    "a flat emoji": (lambda: _drawn(320, 320, _icon), Kind.SVG),
    "a line icon": (lambda: _drawn(128, 128, _line_icon), Kind.SVG),
    "a tiny icon": (lambda: _drawn(24, 24, _icon), Kind.SVG),
    "an icon on black": (lambda: _drawn(320, 320, _icon, "black"), Kind.SVG),
    "a bar chart": (lambda: _figure(lambda axes: axes.bar(["ash", "oak", "elm"], [3, 5, 2])), Kind.CHART),
    "a line chart": (lambda: _figure(lambda axes: axes.plot([1, 4, 2, 8])), Kind.CHART),
    "a wide chart": (lambda: _figure(lambda axes: axes.scatter(range(9), range(9)), (9, 3)), Kind.CHART),
    "a pie": (
        lambda: _figure(lambda axes: axes.pie([3, 2, 1], labels=["north", "south", "west"], autopct="%d%%")),
        Kind.CHART,
    ),
    "a table": (lambda: _drawn(505, 180, _table), Kind.TABLE),
    "a striped table of long texts": (lambda: _drawn(600, 360, _striped_table), Kind.TABLE),
    "a grid of box plots": (_box_plots, Kind.CHART),
    "a page": (lambda: _drawn(800, 440, _page), Kind.PAGE),
}


@pytest.mark.parametrize("name", CASES)
def test_kind_is_told_from_the_pixels(name: str, reader: Reader) -> None:
    draw, kind = CASES[name]
    guess = detect_kind(draw(), reader)
    assert guess.kind == kind, guess
    assert guess.reason
    assert KindGuess.model_validate_json(guess.model_dump_json()) == guess


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (200, 200)])
def test_an_empty_picture_gives_a_guess(size: tuple[int, int], reader: Reader) -> None:
    guess = detect_kind(np.full((*size, 3), 255, np.uint8), reader)
    assert 0.0 <= guess.confidence <= 1.0
