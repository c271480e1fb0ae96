"""A batch from its beginning to its end, whichever engine refines the items."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agent.batch.events import Began, Counted, Ended, Finished, Gathering, Tell
from agent.batch.finish import finish, is_behind
from agent.batch.items import IdSet
from agent.batch.lock import locked
from agent.batch.manifest import check_manifest, manifest
from agent.batch.pending import Pending
from agent.batch.refining import RUNNING, Wanted
from agent.batch.results import Results
from agent.batch.rows import Row
from agent.batch.selection import Selection
from agent.batch.sizing import Jobs
from agent.batch.sources import Source
from agent.batch.totals import Totals
from agent.errors import InputError
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.api import RefinementAgent

Agents = Callable[[], AbstractAsyncContextManager["RefinementAgent"]]
"""Makes an agent as the settings describe it, and releases it."""


Write = Callable[[Row], None]
"""Keeps a row for good."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done.

    Attributes:
        source: The pictures.
        out: The batch's folder.
        settings: How they are refined.
        agent: Makes the agent that the settings describe.
        jobs: Items refined at a time.
        wanted: What is wanted of every item.
        selection: Which items of the source.
        retry_failed: Refine items again that failed earlier.
    """

    source: Source
    out: Path
    settings: Settings
    agent: Agents
    jobs: Jobs
    wanted: Wanted = field(default_factory=Wanted)
    selection: Selection = field(default_factory=Selection)
    retry_failed: bool = False


Engine = Callable[[Job, Pending, Write, Tell], Awaitable[None]]
"""Refines the items it is given and writes a row for each; ``agent.batch.local.run_local`` is one."""


async def run_job(job: Job, engine: Engine, tell: Tell) -> Totals:
    """Do what is not done yet, then write table, summary and gallery.

    Cancelling leaves what was finished; the same job goes on from there.

    Raises:
        BatchError: The folder is in use, another batch's or cannot be written, or no item can be refined.
        InputError: The source is empty or cannot be read.
    """
    with locked(job.out):
        warnings = check_manifest(job.out, manifest(job.source, job.wanted, job.settings))
        with closing(Results(job.out, retry_failed=job.retry_failed)) as results:
            tell(
                Began(
                    job.source.name,
                    job.source.form,
                    job.jobs.first,
                    results.totals.copy(),
                    results.mended,
                    warnings,
                )
            )
            await _refine(job, engine, results, tell)
            await asyncio.to_thread(results.order)
        if results.appended or is_behind(job.out):
            tell(Gathering())
            await asyncio.to_thread(finish, job.out)
    tell(Ended(results.totals))
    return results.totals


async def _refine(job: Job, engine: Engine, results: Results, tell: Tell) -> None:
    await asyncio.to_thread(shutil.rmtree, job.out / RUNNING, ignore_errors=True)
    stopped = threading.Event()
    counting = asyncio.create_task(_count(job, results.ids.copy(), stopped, tell))

    def write(row: Row) -> None:
        tell(Finished(results.append(row)))

    try:
        await engine(job, Pending(job.source, job.selection, results.ids), write, tell)
    finally:
        stopped.set()
        await asyncio.gather(counting, return_exceptions=True)
        await asyncio.to_thread(shutil.rmtree, job.out / RUNNING, ignore_errors=True)


async def _count(job: Job, done: IdSet, stopped: threading.Event, tell: Tell) -> None:
    """Find out how many items there are, for the time left; reading them tells what is wrong with them."""
    try:
        left = await asyncio.to_thread(job.selection.count, job.source, done, stopped.is_set)
    except InputError:
        return
    if left is not None:
        tell(Counted(len(done) + left))
