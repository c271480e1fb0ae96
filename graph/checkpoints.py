"""Checkpoints of a run in its folder, so that a killed run can go on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graph.build import Graph, build, serializer
from graph.errors import FolderError

FILE = "checkpoints.sqlite"


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
    if fresh:
        forget(folder)
    try:
        async with aiosqlite.connect(path) as connection:
            # A killed process loses nothing that was written; only a power cut could cost the last step.
            await connection.execute("PRAGMA synchronous=NORMAL")
            saver = AsyncSqliteSaver(connection, serde=serializer())
            await saver.setup()
            yield build(saver)
    except aiosqlite.Error as error:
        raise FolderError(f"{path}: cannot be used ({error}); start anew without resuming") from error


def forget(folder: Path) -> None:
    """Remove the checkpoints of a run that need not go on."""
    for ending in ("", "-wal", "-shm"):
        (folder / f"{FILE}{ending}").unlink(missing_ok=True)
