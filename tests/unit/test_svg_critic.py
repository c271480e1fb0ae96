"""The pixel critic on drawings: what differs is named, what only looks smoother is not."""

from __future__ import annotations

import cairosvg
import cv2
import numpy as np
import pytest

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
