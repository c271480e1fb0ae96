"""The pixel critic on drawings: what differs is named, what only looks smoother is not."""

from __future__ import annotations

import asyncio

import cairosvg
import cv2
import numpy as np
import pytest

from critic.pixel import PixelCritic
from critic.pixel.svg import compare
from critic.reading import Reader
from critic.types import CATEGORIES, Cause
from renderers.pictures import load_picture
from renderers.types import Image, Kind

BASE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    '<rect x="8" y="20" width="84" height="60" rx="10" fill="#0072c6"/>'
    '<circle cx="35" cy="50" r="16" fill="#f4d35e"/>'
    '<path d="M60 35h24v30h-24z" fill="#fff"/>'
    '<path d="M64 40l14 20" stroke="#d7263d" stroke-width="3"/></svg>'
)

EDITS = {
    "a colour": ('fill="#f4d35e"', 'fill="#1b998b"', "style_error"),
    "a shape missing": ('<circle cx="35" cy="50" r="16" fill="#f4d35e"/>', "", "structure_error"),
    "a shape too many": ("</svg>", '<circle cx="85" cy="10" r="7"/></svg>', "structure_error"),
    "a line missing": (' stroke="#d7263d"', "", "structure_error"),
    "a shape moved": ('cx="35"', 'cx="40"', "structure_error"),
    "a bolder stroke": ('stroke-width="3"', 'stroke-width="5"', "style_error"),
    "a part too many": ('h24v30h-24z"', 'h24v30h-24zM84 36h6v6h-6z"', "structure_error"),
    "a white shape filled": ('fill="#fff"', 'fill="#44bba4"', "style_error"),
    "a shape smaller": ('r="16"', 'r="13"', "shape_error"),
    "another outline": ("M60 35h24v30h-24z", "M54 35h24v30h-12z", "shape_error"),
    "a letter": (
        "</svg>",
        '<text x="70" y="18" font-family="DejaVu Sans" font-weight="bold" font-size="20">R</text></svg>',
        "text_symbol_error",
    ),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def render(code: str, size: int = 300) -> Image:
    data = cairosvg.svg2png(
        bytestring=code.encode(), output_width=size, output_height=size, background_color="white"
    )
    return load_picture(data)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_named_by_its_category(name: str, reader: Reader) -> None:
    old, new, category = EDITS[name]
    assert old in BASE
    found = compare(render(BASE), render(BASE.replace(old, new)), reader)
    assert [item.category for item in found] == [category], found
    (item,) = found
    assert category in CATEGORIES[Kind.SVG]
    assert item.box is not None
    assert item.location
    assert item.description


def test_findings_say_what_is_the_matter_with_what(reader: Reader) -> None:
    """A revision acts on causes, elements and values, never on words."""
    (moved,) = compare(render(BASE), render(BASE.replace('cx="35"', 'cx="27"')), reader)
    assert moved.cause is Cause.MOVED
    assert moved.element is not None and moved.element.kind == "shape"
    assert moved.reference == pytest.approx((57, 102, 153, 198), abs=3)
    assert moved.render == pytest.approx((33, 102, 129, 198), abs=3)
    (bolder,) = compare(render(BASE), render(BASE.replace('stroke-width="3"', 'stroke-width="5"')), reader)
    assert bolder.cause is Cause.WEIGHT
    assert bolder.render == pytest.approx(5 / 3 * float(str(bolder.reference)), rel=0.2)


def test_the_box_is_where_the_difference_is(reader: Reader) -> None:
    (item,) = compare(
        render(BASE), render(BASE.replace('<circle cx="35" cy="50" r="16" fill="#f4d35e"/>', "")), reader
    )
    assert item.box == pytest.approx((57, 102, 153, 198), abs=2)
    assert "missing" in item.description


def test_equal_pictures_have_no_discrepancy(reader: Reader) -> None:
    assert compare(render(BASE), render(BASE), reader) == []


@pytest.mark.parametrize("size", [230, 500, 600])
def test_other_anti_aliasing_is_no_discrepancy(size: int, reader: Reader) -> None:
    other = cv2.resize(
        render(BASE, size), (300, 300), interpolation=cv2.INTER_AREA if size > 300 else cv2.INTER_CUBIC
    )
    assert compare(render(BASE), np.asarray(other, np.uint8), reader) == []


def test_a_picture_against_nothing_is_all_missing(reader: Reader) -> None:
    found = compare(render(BASE), np.full((300, 300, 3), 255, np.uint8), reader)
    assert found
    assert {item.category for item in found} == {"structure_error"}


def _drawing(*parts: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{"".join(parts)}</svg>'


def test_pieces_of_one_thing_that_is_gone_are_one_finding(reader: Reader) -> None:
    """A wing's feathers are one thing, two eyes are two."""
    feathers = [f'<rect x="{12 + 9 * number}" y="60" width="7" height="25"/>' for number in range(5)]
    eyes = [f'<circle cx="{x}" cy="25" r="8" fill="#d7263d"/>' for x in (30, 70)]
    with_eyes = compare(render(_drawing(*feathers, *eyes)), render(_drawing(*eyes)), reader)
    assert [(item.cause, len(item.places)) for item in with_eyes] == [(Cause.MISSING, 5)]
    blind = compare(render(_drawing(*feathers, *eyes)), render(_drawing(*feathers)), reader)
    assert [item.cause for item in blind] == [Cause.MISSING] * 2


def test_a_white_shape_that_lies_on_others_and_moved_is_one_finding(reader: Reader) -> None:
    """It has the canvas's colour, so all that it uncovers and covers looks like other shapes' change."""
    field = '<rect x="5" y="20" width="90" height="60" fill="#009b48"/>'
    stripe = '<path d="M5 20L95 80" stroke="#d52b1e" stroke-width="12"/>'
    cross = '<path d="M35 25h10v50h-10zM15 45h50v10h-50z" fill="#fff" transform="translate({} {})"/>'
    pictures = [render(_drawing(field, stripe, cross.format(*by))) for by in ((0, 0), (15, 3))]
    (moved,) = compare(*pictures, reader)
    assert moved.cause is Cause.MOVED
    assert moved.reference == pytest.approx((45, 75, 195, 225), abs=3)
    assert moved.render == pytest.approx((90, 84, 240, 234), abs=3)


def test_a_white_letter_in_another_colour_is_no_letter_too_many(reader: Reader) -> None:
    disc = '<circle cx="50" cy="50" r="48" fill="#76a9da"/>'
    letter = (
        '<text x="28" y="75" font-family="DejaVu Sans" font-weight="bold" font-size="{}" '
        'fill="{}" stroke="#fff" stroke-width="2">R</text>'
    )
    white, green = (
        render(_drawing(disc, letter.format(*looks))) for looks in ((64, "#fff"), (60, "#1b998b"))
    )
    assert Cause.TEXT not in {item.cause for item in compare(white, green, reader)}
    assert not any(item.element and item.element.kind == "symbol" for item in compare(white, green, reader))


SIGN = (
    '<g{}><circle cx="35" cy="35" r="14" fill="{}"/>'
    '<path d="M24 82L72 42M32 88L82 52" stroke="#036" stroke-width="5"/></g>'
)


def sign(change: str = "", fill: str = "#c33") -> Image:
    how = f' transform="{change}"' if change else ""
    return render(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{SIGN.format(how, fill)}</svg>'
    )


def told(change: str, fill: str, reader: Reader) -> list[Cause | None]:
    critique = PixelCritic(reader).critique(Kind.SVG, sign(), sign(change, fill))
    return [item.cause for item in asyncio.run(critique).discrepancies]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ("translate(6 -9)", Cause.MOVED),
        ("translate(10 10) scale(.8)", Cause.RESIZED),
        ("scale(1 .7)", Cause.RESIZED),
    ],
)
def test_a_whole_drawing_elsewhere_or_in_another_size_is_one_finding(
    change: str, cause: Cause, reader: Reader
) -> None:
    assert told(change, "#c33", reader) == [cause]


def test_what_else_changed_is_told_beside_a_whole_drawing_that_is_smaller(reader: Reader) -> None:
    assert told("translate(10 10) scale(.8)", "#0a6", reader) == [Cause.RESIZED, Cause.RECOLOURED]
