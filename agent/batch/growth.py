"""More items at a time while the model servers have room and this process keeps up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from agent.batch.sizing import Jobs, have_room
from prompts.endpoint import Endpoint

_LOOK_EVERY = 5.0
"""Seconds between two looks at whether the servers have room."""

_LATE = 0.25
"""Seconds that the event loop may be late before more items would only wait for this process."""


async def grow(
    jobs: Jobs,
    endpoints: tuple[Endpoint, ...],
    wanted: Callable[[], bool],
    start: Callable[[int], None],
    ended: asyncio.Event,
) -> None:
    """Begin with ``jobs.first`` and let half as many more begin, again and again, up to ``jobs.most``.

    Args:
        jobs: Items at a time.
        endpoints: The model servers; without any nothing grows.
        wanted: Whether more items wait to be begun, and may.
        start: Lets so many more begin.
        ended: Set when nothing more is to be begun.
    """
    count = jobs.first
    loop = asyncio.get_running_loop()
    while count < jobs.most and endpoints:
        due = loop.time() + _LOOK_EVERY
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await ended.wait()
            return
        keeps_up = loop.time() - due < _LATE
        if keeps_up and wanted() and await have_room(endpoints, count):
            more = min(max(1, count // 2), jobs.most - count)
            count += more
            start(more)
