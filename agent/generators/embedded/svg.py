"""Icons and drawings to SVG, and SVG mended by discrepancy."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.svg_grid import on_grid
from agent.generators.embedded.svg_revise import revise_drawing
from agent.generators.embedded.svg_strokes import with_strokes
from agent.generators.embedded.svg_told import changes
from agent.generators.embedded.svg_trace import trace
from agent.generators.embedded.told import heeded
from agent.generators.embedded.types import Bench
from critic.reading.svg import Drawing, Layers, draft_tolerance, enlarged, read_drawing, taken_apart
from critic.similarity import similarity
from graph.types import Action, Draft, Revision, Task
from renderers.types import Image

_TOLERANCES = (1.0, 0.6, 1.6, 0.8, 1.3, 0.4)
_GOOD = 0.96
_LOSS = 0.002
"""Similarity that drawing with a pen may cost: a line is what a person would keep."""


class SvgGenerator:
    """Reads a picture into shapes and writes them as SVG."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """First code; other seeds follow the outlines more closely or more loosely."""
        layers = await asyncio.to_thread(_layers, task.reference, bench)
        scale = layers.zones.first.shape[1] / task.reference.shape[1]
        tolerance = draft_tolerance(scale) * _TOLERANCES[seed % len(_TOLERANCES)]
        drawing = await asyncio.to_thread(read_drawing, layers, tolerance)
        drawing = await _regular(drawing, layers, task.reference, bench)
        return await _better_traced(_draft(drawing), task.reference, bench)

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """Code that mends the discrepancies, and what else differs."""
        layers = await asyncio.to_thread(_layers, revision.task.reference, bench)
        if not revision.description:
            return Draft(code="")
        drawing = Drawing.model_validate_json(revision.description)
        mended, actions = await revise_drawing(drawing, layers, revision, bench)
        if mended is None:
            return Draft(code="", actions=actions)
        draft = _draft(mended)
        return Draft(code=draft.code, description=draft.description, actions=actions)

    async def heed(self, revision: Revision, bench: Bench) -> Draft:
        """The drawing changed as a person said."""
        drawing = Drawing.model_validate_json(revision.description)
        scale = drawing.width / revision.task.reference.shape[1]
        changed, actions = heeded(drawing, revision, changes(scale))
        return replace(_draft(changed), actions=actions)


async def _regular(drawing: Drawing, layers: Layers, reference: Image, bench: Bench) -> Drawing:
    """The drawing by pens and on a grid, or on a grid alone where pens cost too much."""
    filled = await on_grid(drawing, layers, reference, bench)
    stroked = await with_strokes(drawing, layers, reference, bench)
    if stroked is drawing:
        return filled
    stroked = await on_grid(stroked, layers, reference, bench)
    plain, drawn = [await bench.image_of(write_svg(each)) for each in (filled, stroked)]
    if plain is None or drawn is None:
        return filled
    worse = similarity(reference, drawn) < similarity(reference, plain) - _LOSS
    return filled if worse else stroked


async def _better_traced(draft: Draft, reference: Image, bench: Bench) -> Draft:
    """The draft, or the tracing of a picture that does not come apart into flat shapes."""
    image = await bench.image_of(draft.code)
    score = 0.0 if image is None else similarity(reference, image)
    if score >= _GOOD:
        return draft
    code = await asyncio.to_thread(trace, reference)
    traced = await bench.image_of(code)
    if traced is None or similarity(reference, traced) <= score:
        return draft
    return Draft(code=code, actions=(Action(description="traced: the picture has no flat shapes"),))


def _layers(image: Image, bench: Bench) -> Layers:
    """The reference's layers; those of a small picture in the pixels of its enlargement."""
    large = enlarged(image)
    return bench.reader.remember("svg", large, taken_apart)


def _draft(drawing: Drawing) -> Draft:
    return Draft(code=write_svg(drawing), description=drawing.model_dump_json())


generator = SvgGenerator()
