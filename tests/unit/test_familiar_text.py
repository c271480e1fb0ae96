"""Text of a picture that is nearly one read before."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from critic.reading import Reader
from renderers.types import Image

_FACE = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
_WORDS = ("Alder", "Birch", "Cedar", "Hazel", "Maple", "Rowan")


def _drawn(words: tuple[str, ...] = _WORDS, *, across: int = 0, stamp: bool = False) -> Image:
    picture = PILImage.new("RGB", (300, 40 + 40 * len(words)), "white")
    draw = ImageDraw.Draw(picture)
    for index, word in enumerate(words):
        place = (30 + across, 30 + 40 * index)
        draw.text(place, word, font=ImageFont.truetype(str(_FACE), 18), fill="black")
    if stamp:
        draw.text((200, 60), "Elder", font=ImageFont.truetype(str(_FACE), 18), fill="black")
    return np.asarray(picture)


@pytest.fixture(scope="module")
def known() -> Reader:
    """A reader that has read the six words."""
    reader = Reader()
    assert _texts(reader, _drawn()) == list(_WORDS)
    return reader


def _texts(reader: Reader, image: Image) -> list[str]:
    return [line.text for line in sorted(reader.lines_again(image), key=lambda line: line.box.y0)]


def test_letters_that_moved_a_little_are_known_and_lie_where_they_are_now(known: Reader) -> None:
    before, spent = known.lines(_drawn()), known.text.seconds
    after = known.lines_again(_drawn(across=2))
    assert known.text.seconds == spent
    assert [line.text for line in after] == [line.text for line in before]
    assert [line.box.x0 for line in after] == pytest.approx([line.box.x0 + 2 for line in before], abs=1)


def test_a_changed_word_is_read(known: Reader) -> None:
    assert _texts(known, _drawn(("Alder", "Birch", "Cedan", *_WORDS[3:]))) == [
        "Alder", "Birch", "Cedan", "Hazel", "Maple", "Rowan",
    ]  # fmt: skip


def test_a_word_that_is_gone_is_not_taken_from_memory(known: Reader) -> None:
    assert _texts(known, _drawn(("Alder", "Birch", "", *_WORDS[3:]))) == [
        "Alder", "Birch", "Hazel", "Maple", "Rowan",
    ]  # fmt: skip


def test_a_word_that_is_added_is_read(known: Reader) -> None:
    assert sorted(_texts(known, _drawn(stamp=True))) == sorted([*_WORDS, "Elder"])
