"""An event loop in a thread of its own: a sync face that also works inside a running loop (Jupyter)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import wait
from contextlib import ExitStack
from typing import Any, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

T = TypeVar("T")


class BackgroundLoop:
    """Runs coroutines for a caller that cannot await; browsers and pools live on it between calls."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` to its end; an interrupt cancels it, waits for it to tidy up, and is passed on."""
        if self._portal is None:
            self._portal = self._stack.enter_context(start_blocking_portal(name="lookalike"))
        tasks: list[asyncio.Task[Any]] = []

        async def watched() -> T:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            return await work

        future = self._portal.start_task_soon(watched)
        try:
            return future.result()
        except KeyboardInterrupt:
            # not future.cancel(): that cancels every await of the tidying up, too
            if tasks:
                self._portal.call(tasks[0].cancel)
            else:
                future.cancel()
            wait([future])
            raise

    def close(self) -> None:
        """End the loop and its thread. Safe to call twice."""
        self._portal = None
        self._stack.close()
