"""Small flat pictures of a page as drawings: inline SVG that can be recoloured and scaled."""

from __future__ import annotations

import asyncio
import base64
import html
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.svg_code import inline_svg
from agent.generators.embedded.svg_strokes import replaced, strokes_of
from agent.generators.embedded.types import Bench
from critic.deadline import check_deadline
from critic.reading.page import Page, PixelPart
from critic.reading.page.colours import css, distance, rgb
from critic.reading.svg import Drawing, draft_tolerance, read_drawing, taken_apart
from critic.similarity import similarity
from renderers.pictures import load_picture
from renderers.types import Image

_LARGEST = 96
"""CSS pixels that a sign measures at most in either direction: beyond it is a logo or an illustration."""

_MOST_ICONS = 40
"""Different pictures of a page that are read, the smallest first. They are dear: beside other work 14 signs
of SB Admin's cards took 4.9 s of processor, the 18 of Gentelella's pricing 12.6 s."""

_MOST_SHAPES = 8
"""Shapes up to which a picture is flat."""

_ENLARGED = 4
"""Times as large as it was seen that a sign is read. Of 23 signs of two pages 20 came to look like their
pixels that way, and 18 at six times, as small icons are read; of 15 icons of Feather at 16 px 15, and 6."""

_LOOSELY = 2.0
"""How much more loosely a sign's outlines are followed than an icon's: it is shown no larger than it was
seen. 26 signs took 0.57 of the time and 0.94 of the bytes that way, and were 0.002 less similar."""

_EVEN_RIM = 12
"""Channel levels within which the rim of a picture has one colour: then its ground is what it lies on."""

_LEAST_CONTRAST, _STRONGEST = 14.0, 5
"""Channel levels between ground and ink from which a sign is seen, and the pixels that tell its ink."""

_OFF, _OFF_SHARE, _MOST_OFF = 8.0, 0.1, 0.02
"""Channel levels from all mixtures of ground and ink, also as a share of what is between these, from which a
pixel is of another colour, and the share of such pixels that a picture of one ink may have."""

_MIDDLE = 3 * 128
"""Sum of the channels between black and white."""

_LIKE = 0.9
"""Similarity to its pixels from which a drawing takes their place."""

_PEN_LOSS = 0.02
"""Similarity that drawing with a pen may cost: a line is what a person would keep."""

_GAP = 4
"""CSS pixels between the drawings that are tried on one sheet."""


class _Trial(NamedTuple):
    """A way to draw one picture, at its place on the sheet."""

    pixels: Image
    ground: str
    drawing: Drawing
    x: int
    y: int


async def with_drawings(page: Page, bench: Bench) -> Page:
    """The page with its small flat pictures drawn by shapes, where a trial render bears them out.

    All of them are tried on one sheet, in one render.

    Args:
        page: What was read.
        bench: Draws the sheet.
    """
    found = await asyncio.to_thread(_read, page)
    if not found:
        return page
    trials = _laid_out(found, page.width)
    image = await bench.image_of(_sheet([trial for each in trials.values() for trial in each]))
    if image is None:
        return page
    drawings = {data: _best(each, image) for data, each in trials.items()}
    pictures = tuple(p.model_copy(update={"drawing": drawings.get(p.data)}) for p in page.pictures)
    return page.model_copy(update={"pictures": pictures})


def _read(page: Page) -> dict[str, tuple[Image, str, list[Drawing]]]:
    """What may be drawn, by its data: its pixels, the colour around it and the ways to draw it."""
    small = [p for p in page.pictures if max(p.box.width, p.box.height) <= _LARGEST]
    small.sort(key=lambda picture: picture.box.area)
    found: dict[str, tuple[Image, str, list[Drawing]]] = {}
    for picture in small:
        check_deadline()
        if len(found) >= _MOST_ICONS:
            break
        pixels = load_picture(base64.b64decode(picture.data))
        rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        ground = np.median(rim, axis=0).astype(np.float32)
        if picture.data in found or distance(rim, ground).max() > _EVEN_RIM:
            continue
        ways = _ways(pixels, ground)
        if ways and distance(rgb(ways[0].ground), ground) <= _EVEN_RIM:
            found[picture.data] = pixels, css(ground), ways
    return found


def _ways(pixels: Image, ground: NDArray[np.float32]) -> list[Drawing]:
    """The picture by filled shapes, then by lines of a pen where it has some; none where it is not flat."""
    inked = _in_black(pixels, ground)
    if inked is None:
        return _by_shapes(pixels)
    black, ink = inked
    return [_painted(drawing, ink, css(ground)) for drawing in _by_shapes(black)]


def _in_black(pixels: Image, ground: NDArray[np.float32]) -> tuple[Image, str] | None:
    """A picture of one ink as black on white, and the ink; None where it has more.

    Signs of a page are often paler, or on a ground less even, than what drawings are told from.
    """
    away = pixels.astype(np.float32) - ground
    far = np.abs(away).max(axis=2)
    strongest = np.sort(far, axis=None)[-_STRONGEST:]
    if strongest[0] < _LEAST_CONTRAST:
        return None
    axis = away[far >= strongest[0]].mean(axis=0)
    along = (away @ axis) / float(axis @ axis)
    off = np.abs(away - along[..., None] * axis).max(axis=2)
    if (off > max(_OFF, _OFF_SHARE * float(strongest[0]))).mean() > _MOST_OFF:
        return None
    black = np.rint(255 * (1 - np.clip(along, 0.0, 1.0))).astype(np.uint8)
    return np.repeat(black[..., None], 3, axis=2), css(ground + axis)


def _painted(drawing: Drawing, ink: str, ground: str) -> Drawing:
    """A drawing in black in its real colours: what is not of the ink is of the ground."""
    dark = {shape.paint for shape in drawing.shapes if isinstance(shape.paint, str)}
    colours = {paint: ink if int(rgb(paint).sum()) < _MIDDLE else ground for paint in dark}
    shapes = (
        shape.model_copy(update={"paint": colours[shape.paint]})
        for shape in drawing.shapes
        if isinstance(shape.paint, str)
    )
    return drawing.model_copy(update={"shapes": tuple(shapes), "ground": ground})


def _by_shapes(pixels: Image) -> list[Drawing]:
    large = cv2.resize(pixels, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    layers = taken_apart(np.asarray(large, np.uint8))
    if not 0 < len(layers.regions) <= _MOST_SHAPES:
        return []
    tolerance = draft_tolerance(_ENLARGED)
    filled = read_drawing(layers, _LOOSELY * tolerance)
    if not filled.shapes or not all(isinstance(shape.paint, str) for shape in filled.shapes):
        return []
    filled = filled.model_copy(update={"unit": float(_ENLARGED)})
    lines = strokes_of(filled, layers, tolerance)
    return [filled, replaced(filled, lines)] if lines else [filled]


def _laid_out(found: dict[str, tuple[Image, str, list[Drawing]]], width: int) -> dict[str, list[_Trial]]:
    """The drawings in rows on a sheet of a page's width."""
    trials: dict[str, list[_Trial]] = {}
    x = y = high = 0
    for data, (pixels, ground, ways) in found.items():
        for drawing in ways:
            if x + pixels.shape[1] > width:
                x, y, high = 0, y + high + _GAP, 0
            trials.setdefault(data, []).append(_Trial(pixels, ground, drawing, x, y))
            x, high = x + pixels.shape[1] + _GAP, max(high, pixels.shape[0])
    return trials


def _sheet(trials: list[_Trial]) -> str:
    """All trials in one document, each on its ground."""
    places = (
        f'<div style="position: absolute; left: {trial.x}px; top: {trial.y}px; '
        f"width: {trial.pixels.shape[1]}px; height: {trial.pixels.shape[0]}px; "
        f'background: {trial.ground}">{inline_svg(trial.drawing)}</div>'
        for trial in trials
    )
    style = "<style>svg { display: block; width: 100%; height: 100%; }</style>"
    return f"<!DOCTYPE html><html><head>{style}</head><body>{''.join(places)}</body></html>"


def _best(trials: list[_Trial], sheet: Image) -> Drawing | None:
    """The way to draw a picture that is kept; None where none looks like its pixels."""
    reached = []
    for trial in trials:
        height, width = trial.pixels.shape[:2]
        drawn = sheet[trial.y : trial.y + height, trial.x : trial.x + width]
        reached.append(similarity(trial.pixels, drawn) if drawn.shape == trial.pixels.shape else 0.0)
    best = max(reached)
    if best < _LIKE:
        return None
    # the last is by a pen where there is one: what a person would keep
    return trials[-1].drawing if reached[-1] >= best - _PEN_LOSS else trials[0].drawing


def svg_element(picture: PixelPart, attributes: str = "") -> str:
    """A drawn picture as an element of a page.

    Args:
        picture: One with a drawing.
        attributes: Of the element, each with a blank before it.
    """
    assert picture.drawing is not None
    told = f' role="img" aria-label="{html.escape(picture.alt)}"' if picture.alt else ' aria-hidden="true"'
    return inline_svg(picture.drawing, attributes + told)
