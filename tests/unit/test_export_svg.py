"""An answer to learn from obeys the size that its question names."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import etree

from agent.background import BackgroundLoop
from agent.batch.export_svg import in_pixels
from renderers.service import Renderers
from renderers.types import Kind, Language, Size

SHAPES = '<rect x="2" y="3" width="8" height="5" fill="#123456"/><circle cx="17" cy="15" r="4" fill="red"/>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'


@pytest.mark.parametrize(
    "head",
    ['viewBox="0 0 24 24"', 'viewBox="-4 -2 32 28"', 'width="24" height="24"', 'width="24px" height="12"'],
)
def test_it_looks_the_same_and_says_its_pixels(head):
    code = SVG.format(head, SHAPES)
    made = in_pixels(code, Size(96, 96))
    root = etree.fromstring(made)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("96", "96", "0 0 96 96")
    loop = BackgroundLoop()
    try:
        before, after = loop.run(_drawn(code, made))
    finally:
        loop.close()
    assert np.abs(before.astype(int) - after.astype(int)).mean() < 1


async def _drawn(*codes):
    async with Renderers(cache_bytes=0) as renderers:
        drawn = [await renderers.render(Kind.SVG, code, Language.SVG, Size(96, 96)) for code in codes]
    return [render.image for render in drawn]


def test_what_has_the_pixels_already_gets_no_transformation():
    made = in_pixels(SVG.format('viewBox="0 0 96 96"', SHAPES), Size(96, 96))
    assert "transform" not in made and "<g" not in made


@pytest.mark.parametrize("code", ["<svg", "<p/>", "", '<!DOCTYPE svg [<!ENTITY a "b">]><p>&a;</p>'])
def test_what_is_no_drawing_stays_as_it_is(code):
    assert in_pixels(code, Size(96, 96)) == code
