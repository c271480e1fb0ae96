"""The pixel critic: reads both pictures, compares the descriptions, and says where they differ."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import cast

import numpy as np

from critic.reading import Reader
from critic.reading.canvas import Canvas, canvas_of
from critic.similarity import similarity
from critic.types import Critique, Discrepancy, by_severity
from renderers.kinds import KINDS
from renderers.types import Image, Kind

Compare = Callable[[Image, Image, Reader], list[Discrepancy]]


class PixelCritic:
    """A deterministic critic for machines without a GPU, in Visual-ERM's taxonomy and severities."""

    name = "pixel"

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader or Reader()

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The differences of ``render`` from ``reference``; none for equal pixels."""
        return await asyncio.to_thread(self._critique, kind, reference, render)

    def _critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        started = time.perf_counter()
        found: list[Discrepancy] = []
        if not np.array_equal(reference, render):
            canvas = canvas_of(reference, kind, self._reader)
            found = _comparison(kind)(canvas.pixels, canvas.fitted(render), self._reader)
            found = [_in_picture(item, canvas) for item in found]
        return Critique(
            critic=self.name,
            discrepancies=by_severity(found),
            similarity=similarity(reference, render),
            seconds=time.perf_counter() - started,
        )


def _in_picture(item: Discrepancy, canvas: Canvas) -> Discrepancy:
    """A discrepancy with its place in the reference's own pixels."""
    if item.box is None or canvas.scale == 1.0:
        return item
    return item.model_copy(update={"box": canvas.back(item.box)})


def _comparison(kind: Kind) -> Compare:
    """Loaded on first use, so that a chart loads no table reader."""
    return cast(Compare, KINDS[kind].part("comparison"))
