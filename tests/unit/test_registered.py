"""What pushes the rest of a picture aside is named once, and the rest is compared where it should be."""

from __future__ import annotations

import asyncio

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from critic import PixelCritic
from critic.pixel.page.registered import registered_page
from critic.pixel.registered import gaps, lattice, rows_of
from critic.pixel.sequences import NONE, aligned
from critic.reading import Reader
from critic.types import Box, Cause, Discrepancy
from renderers.types import Image, Kind

WORDS = [
    ["Town", "Price", "Hours"],
    ["Visby", "628", "97.9"],
    ["Ghent", "659", "34.2"],
    ["Malmo", "702", "49.6"],
    ["Riga", "289", "96.5"],
    ["Oslo", "415", "18.3"],
]


CRITIC = PixelCritic()
"""One for all, so that the same reference is read once."""


def drawn(rows: list[list[str]], widths: tuple[int, ...] = (90, 70, 80), high: int = 34) -> Image:
    """A ruled table."""
    image = np.full((high * len(rows) + 25, sum(widths) + 25, 3), 255, np.uint8)
    for index, row in enumerate(rows):
        left, top = 12, 12 + high * index
        for text, wide in zip(row, widths, strict=True):
            cv2.rectangle(image, (left, top), (left + wide, top + high), (120, 120, 120), 1)
            cv2.putText(
                image, text, (left + 10, top + 22), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA
            )
            left += wide
    return image


def found(reference: Image, render: Image) -> list[Discrepancy]:
    return list(asyncio.run(CRITIC.critique(Kind.TABLE, reference, render)).discrepancies)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 40), st.integers(1, 12), st.integers(0, 99))
def test_lines_that_are_gone_are_a_gap_and_the_others_keep_their_mates(
    start: int, count: int, seed: int
) -> None:
    lines = np.random.default_rng(seed).uniform(0, 255, (60, 30)).astype(np.float32)
    kept = np.concatenate([np.arange(start), np.arange(start + count, 60)])
    places = aligned(lines, lines[kept])
    assert (places[kept] == np.arange(len(kept))).all()
    assert (places[start : start + count] == NONE).all()


def test_the_same_picture_is_straight_and_a_wider_one_has_a_gap() -> None:
    one, other = drawn(WORDS), drawn(WORDS, (90, 76, 80))
    assert lattice(one, one).straight
    places = lattice(one, other).columns
    assert sum(end - first for _, first, end in gaps(places, other.shape[1])) == 6


def test_a_row_that_is_gone_is_all_that_is_named() -> None:
    (one,) = found(drawn(WORDS), drawn([*WORDS[:3], *WORDS[4:]]))
    assert (one.cause, str(one.element)) == (Cause.MISSING, "row 4")


def test_columns_that_changed_places_are_named_once_about_both() -> None:
    reference = drawn(WORDS)
    (one,) = found(reference, drawn([[c, a, b] for a, b, c in WORDS], (80, 90, 70)))
    assert one.cause is Cause.ORDER
    assert one.box is not None and one.box.width > 150


def test_a_longer_word_that_widens_its_column_is_the_word_alone() -> None:
    rows = [["Visby and Klintehamn", *row[1:]] if row[0] == "Visby" else row for row in WORDS]
    (one,) = found(drawn(WORDS), drawn(rows, (190, 70, 80)))
    assert one.cause is Cause.TEXT
    assert "'Visby'" in one.description


def test_two_causes_are_two_findings_though_one_moved_the_other() -> None:
    rows = [[row[0], "620" if row[1] == "289" else row[1], row[2]] for row in WORDS if row[0] != "Visby"]
    causes = sorted(str(item.cause) for item in found(drawn(WORDS), drawn(rows)))
    assert causes == ["missing", "text"]


def page(words: list[str], ruled: bool = True) -> Image:
    """Lines of words below each other, with a broad bar between the first two."""
    image, top = np.full((30 * len(words) + 40, 300, 3), 255, np.uint8), 10
    for number, word in enumerate(words):
        if number == 1 and ruled:
            image[top : top + 14, 10:290] = (40, 90, 160)
            top += 24
        cv2.putText(image, word, (12, top + 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
        top += 30
    return image


def test_what_stands_below_a_part_that_is_gone_is_laid_where_it_was() -> None:
    words = ["Ferry", "Bridge", "Lock", "Mill"]
    reference, render = page(words), page(words, ruled=False)
    laid = registered_page(reference, render, Reader())
    assert laid is not None
    assert np.array_equal(laid.image[60:110], reference[60:110])
    (gone,) = laid.found
    assert gone.cause is Cause.MISSING and gone.box is not None and gone.box.meets(Box(10, 40, 290, 54))
    assert laid.told[40:54].all(), "it is told for itself"


def test_a_lone_line_of_text_that_is_gone_is_told_as_that_text() -> None:
    lines = ["Ferry over the lake", "The bridge at the mill", "Lock and weir"]
    laid = registered_page(page(lines, ruled=False), page(lines[::2], ruled=False), Reader())
    assert laid is not None
    (gone,) = laid.found
    assert (gone.category, gone.cause) == ("text_error", Cause.MISSING)
    assert gone.element is not None and gone.element.name == lines[1]


def test_a_part_that_is_new_and_pushes_the_rest_down_is_named() -> None:
    words = ["Ferry", "Bridge", "Lock", "Mill"]
    laid = registered_page(page(words, ruled=False), page(words)[:160], Reader())
    assert laid is not None
    assert [item.cause for item in laid.found] == [Cause.EXTRA]


def test_a_bar_in_another_colour_is_a_bar_in_its_place() -> None:
    render = page(["Ferry", "Bridge", "Lock"])
    reference = render.copy()
    reference[(render == (40, 90, 160)).all(axis=2)] = (200, 60, 40)
    places = rows_of(reference, render)
    assert (places == np.arange(len(places))).all()


def test_parts_that_merely_stand_further_apart_are_compared_as_they_stand() -> None:
    reference = page(["Ferry", "Bridge", "Lock"], ruled=False)
    render = np.concatenate([reference[:38], np.full((12, 300, 3), 255, np.uint8), reference[38:-12]])
    assert registered_page(reference, render, Reader()) is None


def test_a_block_that_stands_aside_is_told_once_and_laid_back() -> None:
    """What is left of it in the render is compared in place, what left the page at its side is not."""
    reference = page(["Ferry", "Bridge", "Lock", "Mill"])
    render = reference.copy()
    render[70:] = 255
    render[70:, 60:] = reference[70:, :-60]
    laid = registered_page(reference, render, Reader())
    assert laid is not None
    (aside,) = laid.found
    assert aside.cause is Cause.MOVED and aside.box is not None
    assert aside.reference == tuple(aside.box)
    assert aside.render == tuple(aside.box.shifted(60, 0))
    assert np.array_equal(laid.image, reference)
    assert not laid.told[:, :-60].any(), "it is all compared but for what is out of the page"


def test_lines_in_other_words_do_not_stand_aside() -> None:
    reference, render = page(["Ferry", "Bridge", "Lock"]), page(["Ferry", "A bridge", "Locks"])
    assert registered_page(reference, render, Reader()) is None


def test_what_is_new_pushes_the_foot_out_of_the_page() -> None:
    """The last lines of the reference are then cut off in the render, and no letters are drawn long."""
    words = ["Ferry", "Bridge", "Lock", "Mill", "Weir"]
    reference = page(words, ruled=False)
    render = page(words)[: len(reference)]
    laid = registered_page(reference, render, Reader())
    assert laid is not None
    assert [item.cause for item in laid.found] == [Cause.EXTRA]
    assert np.array_equal(laid.image, reference)
