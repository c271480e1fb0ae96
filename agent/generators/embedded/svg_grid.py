"""Puts a drawing on the grid it was made on, where it looks the same drawn again."""

from __future__ import annotations

import asyncio

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.types import Bench
from critic.reading.svg import Drawing, Layers, sides_of
from critic.reading.svg.grid import grid_of, snapped
from critic.similarity import similarity
from renderers.types import Image

_MAX_SHAPES = 60
"""Shapes up to which a drawing is an icon that was made on a grid."""

_LOSS = 0.0005
"""Similarity that short numbers may cost."""


async def on_grid(drawing: Drawing, layers: Layers, reference: Image, bench: Bench) -> Drawing:
    """The drawing in units of its grid, its shapes on short numbers; as it is where it stands on none."""
    if drawing.width != drawing.height or not 0 < len(drawing.shapes) <= _MAX_SHAPES:
        return drawing
    tried = await asyncio.to_thread(_snapped, drawing, layers)
    if tried is None:
        return drawing
    before, after = [await bench.image_of(write_svg(each)) for each in (drawing, tried)]
    if before is None or after is None:
        return drawing
    worse = similarity(reference, after) < similarity(reference, before) - _LOSS
    return drawing.model_copy(update={"unit": tried.unit}) if worse else tried


def _snapped(drawing: Drawing, layers: Layers) -> Drawing | None:
    grid = grid_of([shape.geometry for shape in drawing.shapes], float(drawing.width))
    if grid is None:
        return None
    unit = drawing.width / grid
    regions = {region.zone: region for region in layers.regions}
    shapes = []
    for shape in drawing.shapes:
        sides = sides_of(layers, regions[shape.zones[0]])
        geometry = snapped(shape.geometry, sides, unit) if len(sides) else shape.geometry
        shapes.append(shape.model_copy(update={"geometry": geometry}))
    return drawing.model_copy(update={"unit": unit, "shapes": tuple(shapes)})
