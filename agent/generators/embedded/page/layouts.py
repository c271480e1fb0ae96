"""The ways to write a page: elements that follow each other, or each at its own place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.generators.embedded.page.flow import Fix, measured, write_flow
from agent.generators.embedded.page.html import write
from agent.generators.embedded.types import Bench
from critic.reading.page import Page
from critic.similarity import fit_to, similarity
from graph.types import Action
from renderers.types import Image

Layout = Literal["flow", "absolute"]

_MARGIN = 0.015
"""Similarity that a page may lose by following the flow: code that gives way is worth some pixels.

An application's page with shadows lost 0.0101 and looked right; one that lost 0.0151 had a broken card.
"""


class Drawn(BaseModel):
    """A page and how it is written: what a draft is described by.

    Attributes:
        page: What was read.
        layout: Whether its elements follow each other or stand at their own places.
        mends: Corrections of the gaps between those that follow each other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Page
    layout: Layout = "absolute"
    mends: tuple[Fix, ...] = ()

    @property
    def code(self) -> str:
        """The document."""
        return write_flow(self.page, self.mends) if self.layout == "flow" else write(self.page)

    async def of(self, page: Page, bench: Bench) -> Drawn:
        """Another page in this one's layout; its gaps are measured anew, for it may be another tree."""
        return await self.model_copy(update={"page": page, "mends": ()}).measured(bench)

    async def measured(self, bench: Bench) -> Drawn:
        """The page with its gaps corrected, where it has any."""
        if self.layout != "flow":
            return self
        return self.model_copy(update={"mends": await measured(self.page, bench, self.mends)})


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
    flow, absolute = await Drawn(page=page, layout="flow").measured(bench), Drawn(page=page)
    reached = await _likeness(flow, reference, bench)
    # where no more than the margin is left to gain, the other is not drawn at all
    most = 1.0 if reached + _MARGIN >= 1.0 else await _likeness(absolute, reference, bench)
    lost = most - reached
    if lost <= _MARGIN:
        return Choice(flow, Action(description="laid out as rows and columns that give way"))
    why = f"in rows and columns it came out {lost:.3f} less similar"
    return Choice(absolute, Action(description=f"laid out by fixed places: {why}"))


async def _likeness(drawn: Drawn, reference: Image, bench: Bench) -> float:
    image = await bench.image_of(drawn.code)
    if image is None:
        return 0.0
    return await asyncio.to_thread(lambda: similarity(reference, fit_to(reference, image)))
