"""Another typeface is one finding of a chart's texts; one text with other characters is one of that text."""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.chart_faces import compare_faces
from critic.pixel.chart_pixels import differing
from critic.pixel.chart_texts import compare_texts
from critic.pixel.claims import settled
from critic.pixel.ledger import Ledger
from critic.reading.chart.description import Chart, Text
from critic.types import Box, Cause, Discrepancy
from renderers.types import Image

WORDS = ("Japan", "Norway", "Italy", "World War II", "Chad")
PLAIN, SERIF = cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_TRIPLEX


def drawn(words: tuple[str, ...], face: int, *, shift: int = 0) -> tuple[Chart, Image]:
    """Words one below another as a picture, and as a reader that makes no difference reads them."""
    image = np.full((40 * len(words) + 20, 240, 3), 255, np.uint8)
    texts = []
    for row, (word, read) in enumerate(zip(words, WORDS, strict=True)):
        before = image.copy()
        cv2.putText(
            image, word, (20 + shift * (row == 0), 40 * row + 35), face, 0.8, (0, 0, 0), 1, cv2.LINE_AA
        )
        x, y, width, height = cv2.boundingRect((image != before).any(axis=2).astype(np.uint8))
        texts.append(Text(text=read, box=Box(x, y, x + width, y + height), size=14.0))
    return Chart(width=image.shape[1], height=image.shape[0], texts=tuple(texts)), image


def found(ours: tuple[Chart, Image], theirs: tuple[Chart, Image]) -> list[Discrepancy]:
    images = ours[1], theirs[1]
    ledger = Ledger[Discrepancy].of(differing(*images))
    face, labels = compare_faces(ours[0], theirs[0], (), images, ledger)
    return list(settled([*labels, *compare_texts(ours[0], theirs[0], images, ledger, face)], ledger))


def test_another_typeface_is_said_once() -> None:
    (one,) = found(drawn(WORDS, PLAIN), drawn(WORDS, SERIF))
    assert (one.category, one.severity, one.cause) == ("style_error", 1, Cause.FACE)
    assert one.element is not None
    assert one.element.kind == "lettering"


def test_a_word_that_is_drawn_otherwise_among_others_has_other_characters() -> None:
    (one,) = found(drawn(WORDS, PLAIN), drawn(("Japan", "Norway", "Italy", "World War ''", "Chad"), PLAIN))
    assert (one.category, one.severity, one.cause) == ("text_error", 2, Cause.TEXT)
    assert one.element is not None
    assert one.element.name == "World War II"


def test_a_typeface_hides_no_move() -> None:
    said = found(drawn(WORDS, PLAIN), drawn(WORDS, SERIF, shift=30))
    assert sorted(item.cause for item in said if item.cause) == [Cause.FACE, Cause.MOVED]


def test_the_same_texts_in_the_same_typeface_are_no_finding() -> None:
    assert found(drawn(WORDS, PLAIN), drawn(WORDS, PLAIN)) == []
