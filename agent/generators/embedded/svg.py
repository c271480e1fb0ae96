"""Icons and drawings to SVG, and SVG mended by discrepancy."""

from __future__ import annotations

import asyncio

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.svg_revise import revise_drawing
from agent.generators.embedded.types import Bench
from critic.reading.svg import DRAFT_TOLERANCE, Drawing, Layers, arrange, read_drawing, split
from graph.types import Draft, Revision, Task
from renderers.types import Image

_TOLERANCES = (1.0, 0.6, 1.6)


class SvgGenerator:
    """Reads a picture into shapes and writes them as SVG."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """First code; other seeds follow the outlines more closely or more loosely."""
        layers = await asyncio.to_thread(_layers, task.reference, bench)
        tolerance = DRAFT_TOLERANCE * _TOLERANCES[seed % len(_TOLERANCES)]
        drawing = await asyncio.to_thread(read_drawing, layers, tolerance)
        return _draft(drawing)

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


def _layers(image: Image, bench: Bench) -> Layers:
    return bench.reader.remember("svg", image, lambda picture: arrange(split(picture)))


def _draft(drawing: Drawing) -> Draft:
    return Draft(code=write_svg(drawing), description=drawing.model_dump_json())


generator = SvgGenerator()
