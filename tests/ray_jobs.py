"""What the tests of the Ray engine run on a cluster; its workers import this module."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.api import RefinementAgent
from agent.testing import ScriptedGenerator, Step, picture
from graph.types import Draft, Task
from renderers.pictures import digest
from renderers.types import Size
from tests.batches import fake_agents

DEADLY = digest(picture(Size(16, 16), 2))
"""The picture of the third item that ``tests.batches.folder_of`` makes."""


@asynccontextmanager
async def slow_agents() -> AsyncIterator[RefinementAgent]:
    """Each item takes at least a second, and no processor."""
    async with fake_agents(
        [Step(severity=30, delay=0.5), Step(severity=3, similarity=0.9, delay=0.5)]
    )() as made:
        yield made


class Deadly(ScriptedGenerator):
    """Over one picture it ends its process, as a fault in a library would."""

    async def draft(self, task: Task, seed: int) -> Draft:
        if digest(task.reference) == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().draft(task, seed)


@asynccontextmanager
async def deadly_agents() -> AsyncIterator[RefinementAgent]:
    async with fake_agents(Deadly([Step(delay=0.2)]))() as made:
        yield made
