"""What runs in a process of a Ray cluster: an agent of its own, and the items that are sent to it."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from agent.api import RefinementAgent
from agent.batch.items import Item
from agent.batch.job import Agents
from agent.batch.parcels import pack
from agent.batch.refining import ServerDown, Wanted, refine_item
from agent.batch.rows import Row
from agent.errors import BatchError


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item; exactly one of ``row``, ``down`` and ``ended`` is set.

    Attributes:
        row: The item's row.
        files: Its files, packed.
        down: Why a model server is taken to be down.
        ended: Why no item can be refined.
    """

    row: Row | None = None
    files: bytes = b""
    down: str = ""
    ended: str = ""


class Worker:
    """An actor: all its items share one event loop, one agent and that agent's renderers."""

    def __init__(self, agents: Agents, wanted: Wanted) -> None:
        """Nothing is begun before ``start``.

        Args:
            agents: Makes the agent.
            wanted: What is wanted of every item.
        """
        self._agents = agents
        self._wanted = wanted
        self._held = AsyncExitStack()
        self._agent: RefinementAgent | None = None

    async def start(self) -> str:
        """Make the agent.

        Returns:
            The node on which this process runs.
        """
        import ray

        self._agent = await self._held.enter_async_context(self._agents())
        return str(ray.get_runtime_context().get_node_id())

    async def refine(self, item: Item) -> Answer:
        """Refine an item in a folder of this machine, which goes when its files are packed."""
        assert self._agent is not None
        with tempfile.TemporaryDirectory(prefix="lookalike-", ignore_cleanup_errors=True) as name:
            out = Path(name)
            try:
                row = await refine_item(self._agent, item, out, self._wanted)
            except ServerDown as error:
                return Answer(down=str(error))
            except BatchError as error:
                return Answer(ended=str(error))
            return Answer(row, await asyncio.to_thread(pack, out))

    async def stay(self) -> None:
        """Go on until the process ends, which whoever waits for this thereby learns."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Release the agent, its browser and its render processes."""
        await self._held.aclose()
