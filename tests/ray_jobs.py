"""What the tests of the Ray engine run on a cluster; its workers import this module."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.api import RefinementAgent
from agent.batch.items import Item
from agent.batch.sources import Source
from agent.testing import ScriptedGenerator, Step, picture
from graph.types import Draft, Revision, Task
from renderers.pictures import digest
from renderers.types import Size
from tests.batches import fake_agents

DEADLY = digest(picture(Size(16, 16), 2))
"""The picture of the third item that ``tests.batches.folder_of`` makes."""


class Slow(ScriptedGenerator):
    """Notes what it is asked, as a line with its node and the picture."""

    def __init__(self, log: Path) -> None:
        super().__init__([Step(severity=30, delay=0.5), Step(severity=3, similarity=0.9, delay=0.5)])
        self._log = log

    async def draft(self, task: Task, seed: int) -> Draft:
        self._note(task)
        return await super().draft(task, seed)

    async def revise(self, revision: Revision) -> Draft:
        self._note(revision.task)
        return await super().revise(revision)

    def _note(self, task: Task) -> None:
        import ray

        with self._log.open("a") as lines:
            lines.write(f"{ray.get_runtime_context().get_node_id()} {digest(task.reference)}\n")


@asynccontextmanager
async def slow_agents(log: Path) -> AsyncIterator[RefinementAgent]:
    """Each item takes at least a second, and no processor."""
    async with fake_agents(Slow(log))() as made:
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


class Noting(Source):
    """Notes each item that is read with its picture, in the file that is named as its column."""

    def items(self, *, pictures: bool = True) -> Iterator[Item]:
        for item in Source.items(self, pictures=pictures):
            if pictures:
                with Path(str(self.column)).open("a") as notes:
                    notes.write("read\n")
            yield item


class DeadlyOnce(ScriptedGenerator):
    """Notes each call; over its first revision it ends its process."""

    def __init__(self, log: Path) -> None:
        super().__init__([Step(severity=30), Step(severity=3, similarity=0.9)])
        self._log = log

    async def draft(self, task: Task, seed: int) -> Draft:
        with self._log.open("a") as lines:
            lines.write("draft\n")
        return await super().draft(task, seed)

    async def revise(self, revision: Revision) -> Draft:
        first = "revise" not in self._log.read_text()
        with self._log.open("a") as lines:
            lines.write("revise\n")
        if first:
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().revise(revision)


@asynccontextmanager
async def deadly_once_agents(log: Path) -> AsyncIterator[RefinementAgent]:
    async with fake_agents(DeadlyOnce(log))() as made:
        yield made
