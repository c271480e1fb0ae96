"""Draws shapes with a pen where that looks the same: how line icons are made."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.types import Bench
from critic.reading.svg import Drawing, Layers, Shape, read_as_stroke
from critic.reading.svg.pens import of_one_pen, pen_lines
from critic.reading.svg.types import Stroke
from critic.similarity import similarity
from renderers.types import Image

_MAX_TRIALS = 12
_MAX_REGIONS = 60
_LOSS = 0.004
"""Similarity that strokes may cost before their numbers are those of a grid: a twentieth of a pixel shows."""


async def with_strokes(drawing: Drawing, layers: Layers, reference: Image, bench: Bench) -> Drawing:
    """The drawing with strokes instead of outlines where a trial render bears them out."""
    if len(drawing.shapes) > _MAX_REGIONS:
        return drawing
    found = await asyncio.to_thread(strokes_of, drawing, layers)
    image = await bench.image_of(write_svg(drawing)) if found else None
    if image is None:
        return drawing
    score = similarity(reference, image)
    together = [found] if len(found) > 1 else []
    for trial in [*together, *([stroke] for stroke in found[:_MAX_TRIALS])]:
        tried = replaced(drawing, trial)
        image = await bench.image_of(write_svg(tried))
        if image is not None and (reached := similarity(reference, image)) >= score - _LOSS:
            drawing, score = tried, reached
            if len(trial) == len(found):
                break
    return await _with_corners(drawing, score, reference, bench)


async def _with_corners(drawing: Drawing, score: float, reference: Image, bench: Bench) -> Drawing:
    """The drawing with pointed corners of its lines, where that is nearer than round ones."""
    pointed = [
        shape.model_copy(update={"geometry": shape.geometry.model_copy(update={"join": "miter"})})
        for shape in drawing.shapes
        if isinstance(shape.geometry, Stroke)
    ]
    if not pointed:
        return drawing
    tried = replaced(drawing, pointed)
    image = await bench.image_of(write_svg(tried))
    return tried if image is not None and similarity(reference, image) > score else drawing


def strokes_of(drawing: Drawing, layers: Layers, tolerance: float | None = None) -> list[Shape]:
    """The shapes that may be strokes, the largest first.

    Args:
        drawing: The filled shapes.
        layers: What they were read from.
        tolerance: How far lines may lie from what is seen; as far as each shape's outline by default.
    """
    regions = {region.zone: region for region in layers.regions}
    drawn = [shape for shape in drawing.shapes if shape.geometry.kind in ("path", "ellipse")]
    drawn.sort(key=lambda shape: -regions[shape.zones[0]].area)
    read = (read_as_stroke(layers, regions[shape.zones[0]], tolerance or shape.tolerance) for shape in drawn)
    strokes = of_one_pen([stroke for stroke in read if stroke is not None])
    return [*strokes, *pen_lines(drawing, strokes)]


def replaced(drawing: Drawing, shapes: Sequence[Shape]) -> Drawing:
    """The drawing with other shapes for the same zones."""
    others = {shape.zones: shape for shape in shapes}
    return drawing.model_copy(update={"shapes": tuple(others.get(old.zones, old) for old in drawing.shapes)})
