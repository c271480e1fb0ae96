"""What can be seen of two pictures, and what is said of it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw

from critic.boxes import Box
from critic.elements import Cause
from critic.pixel import PixelCritic
from critic.pixel.folding import folded
from critic.pixel.layer import complete
from critic.pixel.visible import visible, visible_letters
from critic.reward import reward
from critic.types import Critique, Discrepancy
from renderers.types import Image, Kind

SQUARES = [(40 + 70 * column, 90 + 70 * row) for row in range(3) for column in range(5)]


def drawn(
    squares: list[tuple[int, int]] = SQUARES,
    colour: str = "#1f77b4",
    text: str = "Yearly rain, in mm.",
    at: int = 20,
) -> Image:
    """A heading in letters of 20 px, a hair line, a shaded row and squares."""
    picture = PILImage.new("RGB", (420, 320), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((40, at), text, fill="#222", font_size=20)
    pen.line((30, 60, 390, 60), fill="#ccc")
    for x, y in squares:
        pen.rectangle((x, y, x + 39, y + 39), fill=colour)
    return np.array(picture)


def as_jpeg(image: Image, quality: int) -> Image:
    stored = io.BytesIO()
    PILImage.fromarray(image).save(stored, "JPEG", quality=quality)
    return np.array(PILImage.open(stored))


def aside(image: Image, across: float, down: float) -> Image:
    move = np.array([[1, 0, across], [0, 1, down]], np.float32)
    return cv2.warpAffine(image, move, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def softened(image: Image) -> Image:
    """As drawn at twice the size and brought down: another anti-aliasing."""
    large = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return cv2.resize(large, image.shape[1::-1], interpolation=cv2.INTER_AREA)


HARMLESS = {
    "JPEG 70": lambda image: as_jpeg(image, 70),
    "JPEG 95": lambda image: as_jpeg(image, 95),
    "half a pixel": lambda image: aside(image, 0.5, 0.5),
    "anti-aliasing": softened,
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_no_eye_sees_is_no_difference(change) -> None:  # type: ignore[no-untyped-def]
    assert not visible(drawn(), change(drawn())).any()


@pytest.mark.parametrize(
    "other",
    [
        drawn(text="Yearly rain, in mm"),
        drawn(text="Yearly rain, in nm."),
        drawn(text="Yearly rain. in mm."),
        drawn(at=23),
        drawn(colour="#2ca02c"),
        drawn(squares=SQUARES[1:]),
    ],
    ids=["a full stop", "a letter", "a comma", "three pixels", "a colour", "a mark"],
)
def test_what_a_reader_would_see_is_seen(other: Image) -> None:
    assert visible(drawn(), other).any()


def test_a_faint_rule_and_a_faint_fill_are_seen() -> None:
    plain = np.full((100, 200, 3), 255, np.uint8)
    ruled, filled = plain.copy(), plain.copy()
    ruled[50, 20:180] = 221
    filled[40:60] = 242
    assert visible(plain, ruled).any() and visible(plain, filled).any()
    dotted = plain.copy()
    dotted[50, 100] = 242
    assert not visible(plain, dotted).any()


def said(reference: Image, render: Image) -> Critique:
    return asyncio.run(PixelCritic().critique(Kind.SVG, reference, render))


def named(render: Image, said: Sequence[Discrepancy] = ()) -> list[Discrepancy]:
    return complete(Kind.SVG, drawn(), render, visible(drawn(), render), said).discrepancies


def test_a_gradient_stored_as_jpeg_is_the_same_though_its_noise_is_taken_off() -> None:
    ramp = np.linspace(40, 230, 256, dtype=np.uint8)
    picture = np.full((256, 256, 3), 255, np.uint8)
    picture[30:226, 30:226] = np.stack([ramp, ramp[::-1], np.full(256, 120, np.uint8)], axis=1)[None, 30:226]
    assert said(as_jpeg(picture, 80), picture).discrepancies == ()


def test_a_hair_line_half_a_pixel_aside_is_the_same_beside_small_print() -> None:
    picture = PILImage.new("RGB", (300, 120), "white")
    pen = ImageDraw.Draw(picture)
    for y in range(20, 110, 12):
        pen.text((20, y), "mean of 14 samples, see 2.1", fill="black", font_size=8)
    pen.line((10, 2, 290, 2), fill="black")
    ruled = np.array(picture)
    assert not visible(ruled, aside(ruled, 0, 0.5)).any()


def test_lost_marks_are_counted_one_by_one_and_weigh_more_with_each() -> None:
    sums = []
    for lost in (1, 2, 4, 8, 15):
        found = named(drawn(squares=SQUARES[lost:]))
        assert sum(item.cause is Cause.MISSING for item in found) == lost
        sums.append(sum(item.severity for item in found))
    assert sums == sorted(set(sums)) and sums[-1] >= 3 * sums[0]


def test_a_colour_is_named_from_what_it_was_to_what_it_is() -> None:
    (found,) = named(drawn(colour="#2ca02c"))
    assert (found.cause, found.reference, found.render) == (Cause.RECOLOURED, "#1f77b4", "#2ca02c")


def test_what_stands_elsewhere_has_moved_and_is_not_lost() -> None:
    (found,) = named(drawn(squares=[*SQUARES[:-1], (330, 270)]))
    assert found.cause is Cause.MOVED and found.box is not None
    assert found.box.overlap(Box(320, 230, 360, 270)) > 0.9 * 40 * 40


def test_a_reader_is_not_believed_where_the_pixels_agree() -> None:
    claim = Discrepancy(
        category="style_error", severity=2, description="seen by nobody", box=Box(40, 90, 80, 130)
    )
    real = claim.model_copy(update={"box": Box(320, 230, 360, 270)})
    assert named(drawn(squares=SQUARES[:-1]), [claim, real]) == [real]


def _tiny(number: str) -> Image:
    """Rows of tiny print, as a paper's table has them, of which one has another number."""
    picture = PILImage.new("RGB", (200, 120), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(8):
        words = number if row == 4 else "12.7"
        pen.text((20, 8 + 13 * row), f"Dose {words}", fill="#111", font_size=8)
    return np.asarray(picture)


def test_another_digit_of_tiny_print_is_believed_where_a_number_is_read() -> None:
    """The eye's blur hides it, and a person who looks closer sees it."""
    one, other = _tiny("13.7"), _tiny("15.7")
    at = Box(38, 58, 64, 72)
    said = Discrepancy(
        category="numeric_error",
        severity=2,
        cause=Cause.TEXT,
        location="cell (4, 1)",
        description="13.7 is 15.7",
        box=at,
    )
    digits = visible_letters(one, other)
    assert digits[at.pixels].any() and not visible_letters(drawn(), drawn(text="Yearly ram")).any()
    apart = np.zeros(one.shape[:2], bool)
    assert complete(Kind.TABLE, one, other, apart, [said], [at], digits).discrepancies
    assert not complete(Kind.TABLE, one, other, apart, [said], [at], apart).discrepancies
    moved = said.model_copy(update={"cause": Cause.MOVED})
    assert not complete(Kind.TABLE, one, other, apart, [moved], [at], digits).discrepancies


def test_a_text_that_stands_in_both_is_neither_missing_nor_new() -> None:
    heading = Box(38, 18, 227, 46)
    claims = [
        Discrepancy(category="text_error", severity=2, description="misread", box=heading, cause=cause)
        for cause in (Cause.MISSING, Cause.EXTRA)
    ]
    (found,) = named(drawn(at=24), claims)
    assert found.cause is Cause.MOVED
    lost = named(drawn(text=""), claims[:1])
    assert lost == claims[:1]


STRUCTURE = {
    "a rule of a table": ((30, 120, 390, 120), (30, 160, 390, 160)),
    "the end of a rule, as where cells are one": ((30, 120, 390, 120), (30, 160, 210, 160)),
    "the rule between two cells": ((30, 120, 390, 120), (210, 120, 210, 160)),
}


@pytest.mark.parametrize("rules", STRUCTURE.values(), ids=STRUCTURE)
def test_a_rule_that_only_the_reference_has_is_named_whatever_was_read(rules) -> None:  # type: ignore[no-untyped-def]
    pictures = []
    for shown in (rules, rules[:1]):
        picture = PILImage.new("RGB", (420, 200), "white")
        pen = ImageDraw.Draw(picture)
        for row in (130, 170):
            pen.text((40, row), "Rain  12  40", fill="#222", font_size=14)
        for rule in shown:
            pen.line(rule, fill="#999")
        pictures.append(np.array(picture))
    (found,) = complete(Kind.TABLE, *pictures, visible(*pictures), []).discrepancies
    assert found.cause is Cause.MISSING and found.element is not None and found.element.kind == "line"
    assert found.box is not None and Box(*rules[1]).grown(2).overlap(found.box) >= found.box.area


def test_bars_and_numbers_off_their_place_are_named_whatever_was_read() -> None:
    def chart(top: int, at: int) -> Image:
        picture = PILImage.new("RGB", (300, 220), "white")
        pen = ImageDraw.Draw(picture)
        pen.rectangle((60, top, 100, 200), fill="#1f77b4")
        pen.rectangle((140, 90, 180, 200), fill="#1f77b4")
        pen.text((20, at), "120", fill="black", font_size=14)
        pen.text((20, 150), "40", fill="black", font_size=14)
        return np.array(picture)

    reference = chart(60, 50)
    for render, (x, y) in ((chart(57, 50), (80, 58)), (chart(60, 58), (30, 58))):
        (found,) = complete(Kind.CHART, reference, render, visible(reference, render), []).discrepancies
        assert any(place.grown(2).meets(Box(x, y, x + 1, y + 1)) for place in found.places)


def test_a_blank_render_gets_nothing() -> None:
    white = np.full_like(drawn(), 255)
    assert reward(said(drawn(), white)) == 0.0
    assert reward(said(white, np.full_like(white, 200))) > 0.0


def test_the_share_of_ink_that_agrees_falls_with_what_is_lost() -> None:
    shares = [said(drawn(), drawn(squares=SQUARES[lost:])).ink for lost in (0, 1, 8)]
    assert shares[0] == 1.0 and shares == sorted(shares, key=lambda share: -(share or 0.0))


def test_many_findings_of_one_cause_are_told_together_beyond_what_the_share_of_wrong_ink_allows() -> None:
    lost = [
        Discrepancy(
            category="text_error", severity=1, description=f"line {number}", box=Box(0, number, 9, number + 1)
        )
        for number in range(100)
    ]
    sums = [sum(item.severity for item in folded(lost[:count], count / 100)) for count in (1, 16, 50, 100)]
    assert sums == sorted(set(sums)) and sums[-1] <= 50
    told = folded(lost, 0.5)[-1]
    assert told.box == Box.around(told.places) and told.places[-1] == lost[-1].box


def test_a_letter_of_a_chart_s_title_is_told_as_the_whole_title() -> None:
    def chart(title: str) -> Image:
        picture = PILImage.new("RGB", (300, 120), "white")
        ImageDraw.Draw(picture).text((60, 30), title, fill="black", font_size=16)
        return np.array(picture)

    pictures = chart("Water level"), chart("Watcr level")
    (found,) = complete(Kind.CHART, *pictures, visible(*pictures), []).discrepancies
    assert found.category == "text_error"
    assert found.box is not None and found.box.x0 <= 62 and found.box.x1 >= 140
