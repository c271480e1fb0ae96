"""An event loop in a thread of its own: a sync face that also works inside a running loop (Jupyter)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from contextlib import ExitStack
from typing import Any, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

T = TypeVar("T")


class BackgroundLoop:
    """Runs coroutines for a caller that cannot await; browsers and pools live on it between calls."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` to its end; an interrupt cancels it, waits for it to tidy up, and is passed on."""
        loop = self._started()
        tasks: list[asyncio.Task[None]] = []
        results: list[T] = []
        errors: list[BaseException] = []
        ended: list[bool] = []
        # A bare lock: an interrupt inside a Future or an Event may leave it locked, and the loop stuck.
        gate = threading.Lock()
        gate.acquire()

        def end() -> None:
            ended.append(True)
            gate.release()

        async def watched() -> None:
            try:
                results.append(await work)
            except asyncio.CancelledError:
                errors.append(CancelledError())
            except BaseException as error:
                errors.append(error)  # raised where the caller waits; here it would end the loop
            finally:
                end()

        def start() -> None:
            tasks.append(loop.create_task(watched()))

        def stop() -> None:  # the loop runs calls in order: no task yet means start() was never handed over
            if tasks:
                loop.call_soon(
                    tasks[0].cancel
                )  # after the task's first step, so that it always ends by itself
            else:
                work.close()
                end()

        def wait() -> None:
            while not ended:
                gate.acquire(timeout=0.05)  # an interrupt_main() does not wake a blocked lock

        try:
            loop.call_soon_threadsafe(start)
            wait()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(stop)
            wait()
            raise
        if errors:
            raise errors[0]
        return results[0]

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._portal is None:
            self._portal = self._stack.enter_context(start_blocking_portal(name="lookalike"))
        if self._loop is None:
            self._loop = self._portal.call(asyncio.get_running_loop)
        return self._loop

    def close(self) -> None:
        """End the loop and its thread. Safe to call twice."""
        self._portal = self._loop = None
        self._stack.close()
