"""The ways to write a page: elements that follow each other, or each at its own place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.generators.embedded.page.flow import write_flow
from agent.generators.embedded.page.html import write
from agent.generators.embedded.types import Bench
from critic.reading.page import Page
from critic.similarity import fit_to, similarity
from graph.types import Action
from renderers.types import Image

Layout = Literal["flow", "absolute"]

WRITERS: dict[Layout, Callable[[Page], str]] = {"flow": write_flow, "absolute": write}

_MARGIN = 0.01
"""Similarity that a page may lose by following the flow: code that gives way is worth some pixels."""


class Drawn(BaseModel):
    """A page and how it is written: what a draft is described by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Page
    layout: Layout = "absolute"

    @property
    def code(self) -> str:
        """The document."""
        return WRITERS[self.layout](self.page)


@dataclass(frozen=True, slots=True)
class Choice:
    """The layout that a page is written in, and why."""

    drawn: Drawn
    action: Action


async def chosen(page: Page, reference: Image, bench: Bench) -> Choice:
    """The page in the flow, or where that does not look like the picture, by places.

    Args:
        page: What was read.
        reference: The picture.
        bench: Draws both.
    """
    flow, absolute = (Drawn(page=page, layout=layout) for layout in ("flow", "absolute"))
    likeness = {drawn.layout: await _likeness(drawn, reference, bench) for drawn in (flow, absolute)}
    lost = likeness["absolute"] - likeness["flow"]
    if lost <= _MARGIN:
        return Choice(flow, Action(description="laid out as rows and columns that give way"))
    why = f"in rows and columns it came out {lost:.3f} less similar"
    return Choice(absolute, Action(description=f"laid out by fixed places: {why}"))


async def _likeness(drawn: Drawn, reference: Image, bench: Bench) -> float:
    image = await bench.image_of(drawn.code)
    if image is None:
        return 0.0
    return await asyncio.to_thread(lambda: similarity(reference, fit_to(reference, image)))
