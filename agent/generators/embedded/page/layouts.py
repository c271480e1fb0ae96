"""The ways to write a page: elements that follow each other, or each at its own place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.generators.embedded.page.flow import Fix, measured, write_flow
from agent.generators.embedded.page.html import write
from agent.generators.embedded.types import Bench
from critic.metrics.reflow import SHARES, reflow
from critic.reading.page import Page
from critic.similarity import fit_to, similarity
from graph.types import Action
from renderers.types import Image

Layout = Literal["flow", "absolute"]

_MARGIN = 0.015
"""Similarity that a page may lose by following the flow: code that gives way is worth some pixels.

An application's page with shadows lost 0.0101 and looked right; one that lost 0.0151 had a broken card.
"""

_STIFF_MARGIN = 0.005
"""The same for a flow that overlaps, is cut or scrolls sideways in a narrower window: it is worth less."""


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
    faults = await _faults(flow, bench)
    margin = _STIFF_MARGIN if faults else _MARGIN
    most = 1.0 if reached + margin >= 1.0 else await _likeness(absolute, reference, bench)
    lost = most - reached
    if lost <= margin:
        given = f"that do not give way everywhere ({faults})" if faults else "that give way"
        return Choice(flow, Action(description=f"laid out as rows and columns {given}"))
    why = f"in rows and columns it came out {lost:.3f} less similar"
    return Choice(
        absolute, Action(description=f"laid out by fixed places: {'; '.join(filter(None, (why, faults)))}")
    )


async def _faults(drawn: Drawn, bench: Bench) -> str:
    """What is wrong with a page in narrower windows; empty where nothing is, or nobody asks."""
    if bench.narrow is None:
        return ""
    whole = (await bench.probe(drawn.code)).layout
    layouts = [(await bench.narrow(drawn.code, share)).layout for share in SHARES]
    narrower = {layout.width: layout for layout in layouts if layout is not None}
    if whole is None:
        return ""
    return ", ".join(item.told() for item in reflow(whole, narrower).narrow if not item.passes)


async def _likeness(drawn: Drawn, reference: Image, bench: Bench) -> float:
    image = await bench.image_of(drawn.code)
    if image is None:
        return 0.0
    return await asyncio.to_thread(lambda: similarity(reference, fit_to(reference, image)))
