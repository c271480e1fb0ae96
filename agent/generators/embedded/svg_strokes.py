"""Draws shapes with a pen where that is shorter and looks the same: how line icons are made."""

from __future__ import annotations

import asyncio

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.types import Bench
from critic.reading.svg import Drawing, Layers, Shape, read_as_stroke
from critic.similarity import similarity
from renderers.types import Image

_MAX_TRIALS = 6
_MAX_REGIONS = 60
_LOSS = 0.002


async def with_strokes(drawing: Drawing, layers: Layers, reference: Image, bench: Bench) -> Drawing:
    """The drawing with strokes instead of outlines where a trial render bears them out."""
    if len(drawing.shapes) > _MAX_REGIONS:
        return drawing
    found = await asyncio.to_thread(_strokes, drawing, layers)
    image = await bench.image_of(write_svg(drawing)) if found else None
    if image is None:
        return drawing
    score = similarity(reference, image)
    for stroke in found[:_MAX_TRIALS]:
        trial = _replaced(drawing, stroke)
        if len(write_svg(trial)) > len(write_svg(drawing)):
            continue
        image = await bench.image_of(write_svg(trial))
        if image is not None and (reached := similarity(reference, image)) >= score - _LOSS:
            drawing, score = trial, reached
    return drawing


def _strokes(drawing: Drawing, layers: Layers) -> list[Shape]:
    """The paths that may be strokes, the largest first."""
    regions = {region.zone: region for region in layers.regions}
    paths = [shape for shape in drawing.shapes if shape.geometry.kind == "path"]
    paths.sort(key=lambda shape: -regions[shape.zones[0]].area)
    found = (
        read_as_stroke(layers, regions[shape.zones[0]], shape.tolerance) for shape in paths[: 2 * _MAX_TRIALS]
    )
    return [stroke for stroke in found if stroke is not None]


def _replaced(drawing: Drawing, shape: Shape) -> Drawing:
    shapes = tuple(shape if old.zones == shape.zones else old for old in drawing.shapes)
    return drawing.model_copy(update={"shapes": shapes})
