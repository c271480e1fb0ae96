"""Pictures of finer screens are read, written and drawn in CSS pixels."""

from __future__ import annotations

import asyncio

import cv2
import numpy as np
import pytest

from agent.generators.embedded import EmbeddedGenerator
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from graph.types import Task
from renderers import Renderers
from renderers.types import Image, Kind, Language, Size

TABLE = """<style>body{margin:16px}table{border-collapse:collapse;font:14px Arial,sans-serif}
td,th{padding:6px 12px;border:1px solid #445}</style>
<table><tr><th>Vessel</th><th>Length</th><th>Berth</th></tr><tr><td>Kestrel</td><td>12.5</td><td>A4</td></tr>
<tr><td>Plover</td><td>9.75</td><td>B1</td></tr><tr><td>Curlew</td><td>31.0</td><td>C2</td></tr></table>"""
PAGE = """<!DOCTYPE html><body style="margin:0;font:16px/1.5 Arial,sans-serif;color:#222">
<header style="background:#1f4e79;color:#fff;padding:16px 32px">Harbour Notes</header>
<main style="padding:24px 32px"><h1 style="font-size:28px;margin:0">Tides of the week</h1>
<p>The spring tide is highest on Thursday at noon.</p>
<p>Boats longer than nine metres wait outside of the bar.</p></main>"""
SCALES = {Kind.TABLE: (1.0, 3.0), Kind.PAGE: (1.0, 1.5)}
DRAWN = [(kind, scale) for kind, scales in SCALES.items() for scale in scales]
SIZE = {Kind.TABLE: (270, 168), Kind.PAGE: (600, 270)}
CODE = {Kind.TABLE: TABLE, Kind.PAGE: PAGE}


async def _drawn(renderers: Renderers, kind: Kind, scale: float) -> Image:
    width, height = (round(side * scale) for side in SIZE[kind])
    render = await renderers.render(kind, CODE[kind], Language.HTML, Size(width, height, scale))
    assert render.image is not None, render.log
    assert render.image.shape == (height, width, 3)
    return render.image


@pytest.fixture(scope="module")
def drafts() -> dict[tuple[Kind, float], tuple[str, Image]]:
    """The first draft of each picture at each scale, and the picture at the working resolution."""

    async def draft() -> dict[tuple[Kind, float], tuple[str, Image]]:
        found, reader = {}, Reader()
        async with Renderers() as renderers:
            generator = EmbeddedGenerator(reader, renderers.render)
            for kind, scale in DRAWN:
                image = await _drawn(renderers, kind, scale)
                canvas = canvas_of(image, kind, reader)
                assert canvas.scale == scale
                code = (await generator.draft(Task(kind, Language.HTML, image, scale), 0)).code
                found[kind, scale] = code, canvas.pixels
        return found

    return asyncio.run(draft())


@pytest.mark.parametrize(("kind", "scale"), DRAWN)
def test_a_finer_screen_shows_the_same_page(drafts, kind, scale):
    pixels = drafts[kind, scale][1]
    usual = drafts[kind, 1.0][1]
    assert pixels.shape == usual.shape
    blurred = [cv2.blur(image, (5, 5)).astype(int) for image in (pixels, usual)]
    assert np.abs(blurred[0] - blurred[1]).mean() < 4


@pytest.mark.parametrize(("kind", "scale"), DRAWN)
def test_the_code_has_the_same_texts_in_css_pixels(drafts, kind, scale):
    code = drafts[kind, scale][0]
    words = {
        Kind.TABLE: ("Vessel", "Kestrel", "12.5", "9.75", "Curlew", "31.0", "C2"),
        Kind.PAGE: ("Harbour Notes", "Tides of the week", "highest on Thursday at noon.", "nine metres"),
    }[kind]
    assert [word for word in words if word not in code] == []
