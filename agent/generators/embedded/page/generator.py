"""The page generator: reading, writing, revising."""

from __future__ import annotations

import asyncio

from agent.generators.embedded.page.icons import with_drawings
from agent.generators.embedded.page.layouts import Drawn, chosen
from agent.generators.embedded.page.revise import revise
from agent.generators.embedded.page.told import CHANGES
from agent.generators.embedded.told import heeded
from agent.generators.embedded.types import Bench
from critic.reading.page import MANNERS, read_page
from graph.types import Action, Draft, Revision, Task


class PageGenerator:
    """Writes HTML from what is read in the pixels, and mends it where the render differs."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """First code, from the pixels alone; other seeds read it in other manners."""
        manner = MANNERS[seed % len(MANNERS)]
        page = await asyncio.to_thread(read_page, task.reference, bench.reader, manner)
        counts = f"{len(page.lines)} lines, {len(page.shapes)} boxes, {len(page.pictures)} pictures"
        action = Action(description=f"read {counts}")
        page = await with_drawings(page, bench)
        choice = await chosen(page, task.reference, bench)
        drawn = choice.drawn
        return Draft(code=drawn.code, description=drawn.model_dump_json(), actions=(action, choice.action))

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """Better code, or none where nothing helps."""
        return await revise(revision, bench)

    async def heed(self, revision: Revision, bench: Bench) -> Draft:
        """The page changed as a person said."""
        drawn = Drawn.model_validate_json(revision.description)
        page, actions = heeded(drawn.page, revision, CHANGES)
        changed = await drawn.of(page, bench)
        return Draft(code=changed.code, description=changed.model_dump_json(), actions=actions)


generator = PageGenerator()
