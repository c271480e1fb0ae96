"""An icon's other formats."""

from __future__ import annotations

import dataclasses
import gzip
import io
import re
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image as PILImage

from agent.data import component, icon
from agent.data.finished import DataOptions, Finished
from agent.errors import DataError
from renderers.types import Kind, Language

ONE = '<path d="M1 1h8v8z" fill="#123456" stroke-width="2"/>'
TWO = f'{ONE}<g style="fill-opacity:.5;stroke:red" class="a"><text x="1" y="2">a {{{{b}}}} &lt; c</text></g>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">{}</svg>'


def finished(body: str = ONE, **options: int) -> Finished:
    code = SVG.format(body)
    return Finished(
        Path("run"), "cable_car 2.png", Kind.SVG, Language.SVG, code, {}, 1.0, DataOptions(**options)
    )


def test_svgz_unpacks_to_the_code_and_is_the_same_each_time():
    assert gzip.decompress(icon.write_svgz(finished())).decode() == SVG.format(ONE)
    assert icon.write_svgz(finished()) == icon.write_svgz(finished())


def test_png_is_as_large_as_was_asked_for():
    with PILImage.open(io.BytesIO(icon.write_png(finished(pixels=64)))) as picture:
        assert picture.size == (64, 64) and picture.getpixel((45, 20)) == (0x12, 0x34, 0x56)
    with pytest.raises(DataError, match="not drawn"):
        icon.write_png(finished("<g", pixels=64))


def test_react_takes_props_and_the_colour_of_the_text():
    text = component.write_react(finished())
    assert text.startswith("export default function CableCar2(props) {")
    assert 'viewBox="0 0 10 10" {...props}>' in text and ' width="' not in text
    assert '<path d="M1 1h8v8z" fill="currentColor" strokeWidth="2" />' in text


def test_an_icon_is_in_the_colour_of_the_text_where_it_has_one():
    text = icon.write_in_colour_of_text(finished())
    assert 'fill="currentColor"' in text and "#123456" not in text
    black = icon.write_in_colour_of_text(finished('<path d="M1 1h8v8z"/>'))
    assert etree.fromstring(black).get("fill") == "currentColor"
    assert "currentColor" not in icon.write_in_colour_of_text(finished(TWO.replace("<g ", '<g fill="#fff" ')))


def test_what_a_white_icon_was_laid_on_is_no_part_of_it():
    body = '<rect width="100%" height="100%" fill="#202020"/><path d="M1 1h8v8z" fill="#fff"/>'
    assert "#202020" in icon.write_in_colour_of_text(finished(body))
    text = icon.write_in_colour_of_text(dataclasses.replace(finished(body), ground="#202020"))
    assert "rect" not in text and 'fill="currentColor"' in text


def test_react_keeps_several_colours_and_writes_style_and_text_as_javascript():
    text = component.write_react(finished(TWO.replace("<g ", '<g fill="#fff" ')))
    assert 'fill="#123456"' in text and 'fill="#fff"' in text and 'className="a"' in text
    assert 'style={{"fillOpacity": ".5", "stroke": "red"}}' in text
    assert '{"a {{b}} < c"}' in text
    assert not re.search(r"[a-z]-[a-z]+=", text)


def test_vue_is_markup_whose_braces_are_text():
    text = component.write_vue(finished(TWO))
    root = etree.fromstring(text)
    assert root.tag == "template" and root[0].get("viewBox") == "0 0 10 10"
    assert [element.get("v-pre") for element in root.iter("{*}text")] == [""]


@pytest.mark.parametrize("write", [component.write_react, component.write_vue])
def test_nothing_in_a_component_runs(write):
    hostile = '<script>alert(1)</script><path onclick="x()" d="M0 0"/><image href="https://a.example/b.png"/>'
    text = write(finished(hostile))
    assert not re.search("script|onclick|onClick|example", text)
    with pytest.raises(DataError, match="no component"):
        write(finished("<g>" * 200 + "</g>" * 200))
