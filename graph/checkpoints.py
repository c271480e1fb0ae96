"""Checkpoints of a run in its folder, so that a killed run can go on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
)
from langgraph.checkpoint.sqlite import SqliteSaver

from graph.build import Graph, build, serializer
from graph.errors import FolderError
from graph.ownership import mark
from graph.state import CANDIDATES, PLANNED

FILE = "checkpoints.sqlite"


class DirectSaver(SqliteSaver):
    """SQLite checkpoints, written where they arise.

    A write goes into the log that lies in the page cache, and is over sooner than a thread could be asked to
    do it: a tenth of a millisecond, against two for the dozen hops of LangGraph's own asynchronous saver.
    """

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """As ``get_tuple``."""
        return self.get_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As ``put``."""
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """As ``put_writes``, but for what was merely planned: a killed run plans anew, and comes to the same.

        Where a person's word changed candidates it is kept: they are put together from what was written.
        """
        channels = {channel for channel, _ in writes}
        if PLANNED not in channels or CANDIDATES in channels:
            self.put_writes(config, writes, task_id, task_path)

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """As ``get_delta_channel_history``."""
        return self.get_delta_channel_history(config=config, channels=channels)


@asynccontextmanager
async def checkpointed(folder: Path, *, fresh: bool) -> AsyncIterator[Graph]:
    """The search as a graph that keeps its state in a run folder after each step.

    Args:
        folder: The run folder.
        fresh: Whether to forget an earlier run rather than to go on with it.

    Raises:
        FolderError: The checkpoints cannot be written, or what is there is none.
    """
    path = folder / FILE
    try:
        saver = await asyncio.to_thread(_open, folder, fresh)
        try:
            yield build(saver)
        finally:
            await asyncio.to_thread(saver.conn.close)  # the log goes into the file
    except sqlite3.Error as error:
        raise FolderError(f"{path}: cannot be used ({error}); start anew without resuming") from error


def _open(folder: Path, fresh: bool) -> DirectSaver:
    mark(folder)
    if fresh:
        forget(folder)
    connection = sqlite3.connect(folder / FILE, check_same_thread=False)
    try:
        # A killed process loses nothing that was written. After a power cut the file may be unreadable, like
        # all others of a run folder, none of which is forced to the disk: the run then begins anew.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # a run's folder is one run's: no lock a write
        saver = DirectSaver(connection, serde=serializer())
        saver.setup()
    except BaseException:
        connection.close()
        raise
    return saver


def forget(folder: Path) -> None:
    """Remove the checkpoints of a run that need not go on."""
    for ending in ("", "-wal", "-shm"):
        (folder / f"{FILE}{ending}").unlink(missing_ok=True)
