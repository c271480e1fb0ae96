"""Badges and pieces of code behind the texts of a table, and lines that change colour or are thick."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from critic.reading.table.chips import chips_of
from critic.reading.table.colours import same_colours
from critic.reading.table.description import Cell
from critic.reading.table.surface import read_surface
from critic.types import Box
from renderers.types import Image

WIDTH, HEIGHT = 300, 120
GREEN = (209, 231, 221)
TEXT = Box(120, 48, 160, 66)


def _picture() -> tuple[Pictures.Image, ImageDraw.ImageDraw]:
    picture = Pictures.new("RGB", (WIDTH, HEIGHT), "white")
    return picture, ImageDraw.Draw(picture)


def _word(draw: ImageDraw.ImageDraw, box: Box) -> None:
    """Strokes, as letters have."""
    for x in range(int(box.x0) + 2, int(box.x1) - 2, 5):
        draw.line([(x, box.y0 + 4), (x, box.y1 - 5)], fill=(15, 81, 50), width=2)


def _pixels(picture: Pictures.Image) -> Image:
    return np.asarray(picture, dtype=np.uint8)


def test_a_badge_is_found_with_its_colour_and_its_round_ends():
    picture, draw = _picture()
    draw.rounded_rectangle((112, 48, 168, 66), radius=9, fill=GREEN)
    _word(draw, TEXT)
    (chip,) = chips_of(_pixels(picture), [TEXT])
    assert chip.colour == GREEN
    assert abs(chip.box.x0 - 112) <= 1 and abs(chip.box.x1 - 169) <= 1
    assert 6 <= chip.radius <= 10


def test_text_on_the_ground_and_in_a_ruled_cell_has_no_chip():
    picture, draw = _picture()
    _word(draw, TEXT)
    assert chips_of(_pixels(picture), [TEXT]) == []
    draw.rectangle((108, 40, 172, 74), outline="black")
    assert chips_of(_pixels(picture), [TEXT]) == []


def test_filled_cells_with_gaps_between_them_are_no_chips():
    picture, draw = _picture()
    texts = [Box(20 + 70 * place, 48, 60 + 70 * place, 66) for place in range(3)]
    for text in texts:
        draw.rectangle((text.x0 - 14, 44, text.x1 + 14, 70), fill=GREEN)
        _word(draw, text)
    assert chips_of(_pixels(picture), texts) == []


def test_a_badges_edges_are_no_rules_and_its_fill_is_no_ink():
    picture, draw = _picture()
    draw.rounded_rectangle((112, 48, 168, 66), radius=4, fill=GREEN)
    _word(draw, TEXT)
    surface = read_surface(_pixels(picture), [TEXT])
    assert not surface.horizontals and not surface.horizontal_edges
    assert surface.contrast[57, 114:118].max() == 0


def test_a_line_that_goes_on_in_another_colour_is_two_and_not_dotted():
    picture, draw = _picture()
    draw.line([(0, 60), (99, 60)], fill=(150, 150, 150))
    draw.line([(100, 60), (299, 60)], fill=(212, 212, 212))
    lines = read_surface(_pixels(picture)).horizontals
    assert [(line.start, line.end, line.colour[0], line.dotted) for line in lines] == [
        (0, 100, 150, False),
        (100, 300, 212, False),
    ]


def test_a_band_lower_than_a_line_of_text_is_a_thick_line():
    picture, draw = _picture()
    draw.rectangle((20, 60, 279, 69), fill="black")
    surface = read_surface(_pixels(picture), [TEXT.shifted(0, -30)])
    (line,) = surface.horizontals
    assert (line.thickness, line.colour) == (10, (0, 0, 0))
    assert not surface.horizontal_edges


def _cell(colour: tuple[int, int, int], background: tuple[int, int, int] = (255, 255, 255)) -> Cell:
    return Cell(
        row=0, column=0, lines=("x",), colour=colour, background=background, box=TEXT, ink=TEXT.grown(-4)
    )


def test_the_ink_of_a_badge_does_not_colour_the_other_texts():
    found = same_colours([_cell((33, 37, 41)), _cell((102, 77, 3), (255, 243, 205))], (255, 255, 255))
    assert [cell.colour for cell in found] == [(33, 37, 41), (102, 77, 3)]


def test_thin_text_has_the_colour_of_stronger_text_of_its_hue():
    found = same_colours([_cell((40, 60, 120)), _cell((70, 86, 138))], (255, 255, 255))
    assert [cell.colour for cell in found] == [(40, 60, 120)] * 2


def test_a_dash_alone_is_no_chip():
    picture, draw = _picture()
    draw.rectangle((120, 57, 142, 58), fill="black")
    assert chips_of(_pixels(picture), [Box(120, 57, 143, 59)]) == []


def test_dark_grey_text_beside_black_text_stays_dark_grey():
    found = same_colours([_cell((0, 0, 0)), _cell((51, 51, 51))], (255, 255, 255))
    assert [cell.colour for cell in found] == [(0, 0, 0), (51, 51, 51)]


def test_a_framed_piece_of_code_is_a_chip_and_a_cell_of_a_grid_is_none():
    picture, draw = _picture()
    draw.rounded_rectangle((112, 46, 168, 68), radius=4, fill=(245, 245, 245), outline=(190, 190, 190))
    _word(draw, TEXT)
    draw.line([(0, 40), (299, 40)], fill=(120, 120, 120))
    draw.line([(0, 74), (299, 74)], fill=(120, 120, 120))
    (chip,) = chips_of(_pixels(picture), [TEXT])
    assert chip.frame is not None and abs(chip.frame[0] - 190) < 12
    for y in (46, 68):
        draw.line([(0, y), (299, y)], fill=(190, 190, 190))
    assert chips_of(_pixels(picture), [TEXT]) == []
