"""Which sizes lines of one face are set in."""

from __future__ import annotations

from critic.reading.page.sizes import Told, settled, snapped


def line(size: float, width: float, letters: int = 20, score: float = 0.85) -> Told:
    return Told(size, width, letters, score)


def test_sizes_half_a_pixel_apart_are_two_where_lines_agree_exactly() -> None:
    large = [line(13.0, 110), line(12.98, 120), line(12.99, 90), line(13.01, 135)]
    small = [line(12.5, 265, 48), line(12.51, 230, 40), line(12.49, 148)]
    assert settled([*large, *small]) == [13.0] * 4 + [12.5] * 3


def test_a_short_line_has_the_size_that_is_nearest_to_its_own() -> None:
    others = [line(13.0, 110), line(12.99, 120), line(12.0, 300, 54), line(12.01, 200, 30)]
    assert settled([*others, line(12.12, 20, 3)])[-1] == 12.0
    assert settled([*others, line(12.85, 30, 5)])[-1] == 13.0


def test_lines_of_a_face_that_stands_in_for_another_have_one_size() -> None:
    scattered = [line(14.0, 150, 24), *(line(14.0 + 0.2 * step, 150) for step in (-2, -1, 1, 2))]
    assert len(set(settled(scattered))) == 1


def test_what_is_misread_does_not_tell_the_size() -> None:
    assert settled([line(14.0, 150), line(14.0, 120), line(14.05, 200, 30, score=0.05)])[:2] == [14.0, 14.0]


def test_a_size_is_rounded_as_far_as_its_width_allows() -> None:
    assert snapped(17.97, 58) == 18.0
    assert snapped(12.48, 264) == 12.5
